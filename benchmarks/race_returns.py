"""Races filling and reading official-looking workbooks against openpyxl and calamine. Child and parent."""

import argparse
import json
import random
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from benchmarks.racing import Result, interleaved, module, same_answers, stated
from pooledfund.returns.blocks import FiguresBlock, LinesBlock
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.values import CellValues
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.reading import read_return
from pooledfund.returns.registry import variant

ROUNDS = 3
LINES, FILLED, SHEET = 500, 400, "5. Expenditure"
COLUMNS = (2, 3, 4, 7, 9)
"""Of a line: id, activity, description, provider and amount; 400 lines of five cells are the 2,000 cells."""
RETURN = "planning-2025-26"


def make(path: Path, filled: bool) -> Path:
    """A workbook of some four megabytes: a table of 500 lines, formulas over it, and hidden lists of allocations."""
    draw, layout = random.Random(1), variant(RETURN)
    with Workbook(str(path)) as book:
        opened = book.add_format({"locked": False})
        for name in ("2. Cover", "4. Income", SHEET, "7. National Conditions"):
            book.add_worksheet(name).write(1, 1, "Better Care Fund 2025-26 Planning Template")
        income, lines = book.get_worksheet_by_name("4. Income"), book.get_worksheet_by_name(SHEET)
        assert income is not None
        assert lines is not None
        income.write_row(5, 1, ["Source", "Gross Contribution"])
        figures = next(block for block in layout.blocks if isinstance(block, FiguresBlock))
        for row, each in enumerate(figures.rows, start=6):
            income.write(row, 1, each.labels[0])
            income.write_blank(row, 2, None, opened)
        lines.protect()
        for row in range(6):
            lines.write_formula(10 + row, 4, f"=SUMIF($H$27:$H$526,$B{11 + row},$I$27:$I$526)", None, 0)
        listed = next(block for block in layout.blocks if isinstance(block, LinesBlock))
        for place, column in enumerate(listed.columns, start=1):
            lines.write(25, place, column.headings[0])
        for row in range(26, 26 + LINES):
            values = [f"S{row}", "Other", "Words", "", "Social Care", "NHS", "DFG", row / 4, ""] if filled else [""] * 9
            for place, value in enumerate(values, start=1):
                lines.write(row, place, value or None, opened)
            lines.write_formula(row, 12, f'=IF(I{row + 1}="","",I{row + 1}/SUM(I$27:I$526))', None, "")
        hidden = book.add_worksheet("Allocations")
        hidden.hide()
        for row in range(37_000):
            hidden.write_row(row, 0, [f"E{draw.randrange(10**8):08}", f"Area {draw.randrange(10**6)}"])
            hidden.write_row(row, 2, [draw.randrange(10**9) / 100 for _ in range(10)])
    return path


def _values() -> dict[Place, str | Decimal]:
    return {
        Place(27 + line, column): Decimal(line * 100 + 1) / 4 if column == 9 else f"word {line}"
        for line in range(FILLED)
        for column in COLUMNS
    }


def fill_ours(path: Path, out: Path) -> None:
    """Fill by changing the bytes of the cells, with every check and every formula worked out."""
    fill(ExcelFile.open(path), {SHEET: _values()}).save(out)


def fill_openpyxl(path: Path, out: Path) -> None:
    """Fill by loading everything and saving everything."""
    book = load_workbook(path)
    for place, value in _values().items():
        book[SHEET].cell(*place).value = value
    book.save(out)


def filled_cells(out: Path) -> tuple[object, int]:
    """What the filled cells come to, and how many parts the file has: both contenders have to say the same cells."""
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    with zipfile.ZipFile(out) as archive:
        parts = len(archive.namelist())
    return [rows[place.row - 1][place.column - 1] for place in _values()], parts


def read_ours(path: Path, _: Path) -> object:
    """Read a planning return: find its tables, understand every cell."""
    return len(read_return(CellValues.open(path), variant(RETURN)).lines)


def read_calamine(path: Path, _: Path) -> object:
    """Read every sheet as rows of cells and understand nothing."""
    book = CalamineWorkbook.from_path(str(path))
    rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return sum(1 for row in rows[SHEET][26:] if row[1])


WORK: dict[str, Callable[[Path, Path], object]] = {
    "fill-ours": fill_ours,
    "fill-openpyxl": fill_openpyxl,
    "read-ours": read_ours,
    "read-calamine": read_calamine,
}


def main() -> None:
    """Do one piece of work, as the child process of a race, and print seconds and its answer as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.race_returns", description=__doc__)
    parser.add_argument("work", choices=WORK)
    parser.add_argument("book", type=Path)
    call = parser.parse_args()
    out = call.book.with_name(f"{call.work}.xlsx")
    variant(RETURN)
    started = time.perf_counter()
    answer = WORK[call.work](call.book, out)
    seconds = time.perf_counter() - started
    if answer is None:
        answer, _ = filled_cells(out)
    print(json.dumps({"seconds": seconds, "answer": answer}))


def race_returns(folder: Path) -> list[Result]:
    """Filling 2,000 cells, and reading 500 lines; Python is started and the libraries are loaded."""
    blank, full = make(folder / "blank.xlsx", False), make(folder / "full.xlsx", True)
    fills = interleaved(
        ROUNDS,
        {
            "ours": module("benchmarks.race_returns", "fill-ours", blank),
            "rival": module("benchmarks.race_returns", "fill-openpyxl", blank),
        },
    )
    same_answers(fills)
    reads = interleaved(
        ROUNDS,
        {
            "ours": module("benchmarks.race_returns", "read-ours", full),
            "rival": module("benchmarks.race_returns", "read-calamine", full),
        },
    )
    same_answers(reads)
    lost = filled_cells(folder / "fill-ours.xlsx")[1] - len(ExcelFile.open(blank).package.parts)
    ours, rival = stated(fills["ours"]), stated(fills["rival"])
    mine, bare = stated(reads["ours"]), stated(reads["rival"])
    size = blank.stat().st_size / 2**20
    return [
        Result(
            f"filling 2,000 cells of {size:.1f} MB against openpyxl ({-lost} parts lost)",
            f"{ours:.2f} s", f"{rival:.2f} s", ours / rival, "0.05", ours * 20 <= rival and lost == 0,
        ),
        Result(
            "reading a return of 500 lines against calamine",
            f"{mine:.3f} s", f"{bare:.3f} s", mine / bare, "2", mine <= 2 * bare,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
