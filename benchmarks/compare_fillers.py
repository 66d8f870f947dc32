"""Fills the same cell of several workbooks with ours and with libraries, and says what each loses of them.

A library that is not installed is left out with a word. ``--with PYTHON`` names a Python that has others.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

BOOK = "xl/workbook.xml"
MARKS = (b"x14:sparkline", b"x14:dataValidation", b"x14:dataBar", b"<sheetProtection", b"dataValidation ")
COLUMNS = (
    "workbook",
    "filler",
    "parts gone",
    "parts changed",
    "features kept",
    "formulas lost",
    "totals wrong",
    "said",
)


def with_ours(blank: Path, filled: Path, sheet: str, cell: str) -> None:
    """The project's own filler."""
    from pooledfund.returns.official.places import parse_place
    from pooledfund.returns.official.workbook import ExcelFile
    from pooledfund.returns.official.write import fill

    place = parse_place(cell)
    assert place is not None
    fill(ExcelFile.open(blank), {sheet: {place: Decimal("1234.56")}}).save(filled)


_LOADS = """
import sys, warnings
warnings.simplefilter("ignore")
module, blank, filled, sheet, cell = sys.argv[1:]
library = __import__(module)
macros = {"keep_vba": True} if blank.endswith("m") and module == "openpyxl" else {}
if module == "wolfxl":
    macros = {"modify": True}
book = library.load_workbook(blank, **macros)
book[sheet][cell].value = 1234.56
book.save(filled)
"""


def with_library(python: str, module: str) -> Callable[[Path, Path, str, str], None]:
    """A library that loads a workbook and saves it, in a Python of its own."""

    def run(blank: Path, filled: Path, sheet: str, cell: str) -> None:
        command = [python, "-c", _LOADS, module, str(blank), str(filled), sheet, cell]
        subprocess.run(command, check=True, capture_output=True, text=True)

    return run


def lost(before: bytes, after: bytes) -> dict[str, object]:
    """How many parts went, how many others are not the same bytes, which features and formulas stayed."""
    from rich_workbooks import formula_cells, parts_of

    one, two = parts_of(before), parts_of(after)
    changed = [
        name
        for name in one
        if name in two and one[name] != two[name] and name != BOOK and not name.startswith("xl/worksheets/sheet")
    ]
    marks = [mark for mark in MARKS if any(mark in part for part in one.values())]
    still = [mark for mark in marks if any(mark in part for part in two.values())]
    return {
        "parts gone": sum(name not in two for name in one),
        "parts changed": len(changed),
        "features kept": f"{len(still)} of {len(marks)}",
        "formulas lost": max(0, len(formula_cells(one)) - len(formula_cells(two))),
    }


def stale(filled: Path, folder: Path) -> int:
    """How many cells show another number than LibreOffice works out, or none, to a reader that works nothing out."""
    from openpyxl import load_workbook

    from libreoffice import recalculated

    warnings.simplefilter("ignore")  # openpyxl says what it would lose if it saved
    kept, worked_out = load_workbook(filled, data_only=True), recalculated(filled, folder)
    return sum(
        1
        for sheet in worked_out.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
        and not isinstance(cell.value, bool)
        and not _same(kept[sheet.title][cell.coordinate].value, cell.value)
    )


def _same(shown: object, worked_out: float) -> bool:
    return isinstance(shown, int | float) and abs(shown - worked_out) < 1e-9


def hostile() -> dict[str, bytes]:
    """Files that no official workbook is: what each filler makes of them."""
    from hostile_files import bomb, laughing
    from rich_workbooks import LOOKALIKE, parts_of, zipped

    whole = LOOKALIKE.read_bytes()
    parts = parts_of(whole)
    name = "xl/worksheets/sheet4.xml"
    return {
        "a bomb that says it is small": bomb(1000),
        "entities of entities": zipped({**parts, name: laughing(parts[name])}),
        "cut off": whole[: len(whole) // 2],
        "its sheet missing": zipped({part: content for part, content in parts.items() if part != name}),
    }


def main() -> int:
    """Compare and print a table."""
    from pooledfund.errors import InputRefused
    from rich_workbooks import CELLS, KINDS, USUAL

    parser = argparse.ArgumentParser(prog="benchmarks.compare_fillers", description=__doc__)
    parser.add_argument(
        "--with", dest="python", default=sys.executable, metavar="PYTHON", help="a Python that has them"
    )
    parser.add_argument("--json", action="store_true")
    call = parser.parse_args()
    fillers: dict[str, Callable[[Path, Path, str, str], None]] = {"pooledfund": with_ours}
    for module in ("openpyxl", "wolfxl"):
        found = subprocess.run([call.python, "-c", f"import {module}"], capture_output=True, check=False)
        if found.returncode:
            print(f"{module} is not installed: left out")
        else:
            fillers[module] = with_library(call.python, module)
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = {kind: make() for kind, make in KINDS.items()} | hostile()
        for kind, content in given.items():
            suffix = "xlsm" if "macros" in kind else "xlsx"
            blank = folder / f"blank.{suffix}"
            blank.write_bytes(content)
            for filler, run in fillers.items():
                filled = folder / f"{filler}.{suffix}"
                filled.unlink(missing_ok=True)
                try:
                    run(blank, filled, *CELLS.get(kind, USUAL))
                    said = (
                        {**lost(content, filled.read_bytes()), "totals wrong": stale(filled, folder)}
                        if kind in KINDS
                        else {"said": "filled it"}
                    )
                except (InputRefused, OSError) as error:
                    said = {"said": str(error).splitlines()[0][:90]}
                except subprocess.CalledProcessError as error:
                    said = {"said": error.stderr.strip().splitlines()[-1][:90]}
                rows.append({"workbook": kind, "filler": filler, **said})
    if call.json:
        print(json.dumps(rows, indent=1))
        return 0
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for row in rows:
        print("| " + " | ".join(str(row.get(column, "")) for column in COLUMNS) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
