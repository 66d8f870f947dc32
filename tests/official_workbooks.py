"""Workbooks that look like official returns, made from a return's file of data. Holds no tests."""

import random
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.pool import Pool
from pooledfund.returns.blocks import FiguresBlock, LinesBlock, NamedBlock, PartsBlock
from pooledfund.returns.export import export_return
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.places import parse_place
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.registry import Variant, variant
from pools import TOWN, imported, pool_of, spent

LINES = 40


def make_official(path: Path, layout: Variant, seed: int, lines: int = LINES) -> Path:
    """A blank, protected workbook of a return, its tables anywhere and its headings in any of their wordings."""
    draw = random.Random(seed)
    assert layout.fingerprint is not None
    with Workbook(str(path)) as book:
        opened = book.add_format({"locked": False})
        pages: dict[str, tuple[Worksheet, int]] = {}
        sheets = dict.fromkeys([*layout.fingerprint.sheets, *_sheets(layout)])
        for number, name in enumerate(sheets, start=1):
            page = book.add_worksheet(f"{number}. {name}"[:31])
            page.protect()
            page.write(draw.randrange(4), draw.randrange(3), draw.choice(layout.fingerprint.titles))
            pages[name] = page, 5 + draw.randrange(4)
        for block in layout.blocks:
            if isinstance(block, NamedBlock):
                _named(book, block, layout, opened)
                continue
            page, row = pages[next(each for each in pages if each in block.sheets)]
            left = draw.randrange(1, 4)
            if isinstance(block, LinesBlock | PartsBlock):
                end = _lines(page, block, draw, opened, row, left, lines)
            else:
                end = _figures(page, block, layout, draw, opened, row, left)
            pages[next(each for each in pages if each in block.sheets)] = page, end + 3
    return path


def _sheets(layout: Variant) -> list[str]:
    return [block.sheets[0] for block in layout.blocks if not isinstance(block, NamedBlock)]


def _named(book: Workbook, block: NamedBlock, layout: Variant, opened: Format) -> None:
    page = book.add_worksheet("Named")
    page.write(0, 0, layout.fingerprint.titles[0] if layout.fingerprint else "")
    page.protect()
    for row, each in enumerate(block.cells):
        page.write_blank(row, 5, None, opened)
        book.define_name(each.name, f"=Named!$F${row + 1}")


def _wording(draw: random.Random, texts: Sequence[str]) -> str:
    text = draw.choice(texts)
    return draw.choice((text, f"{text}:", f" {text} ", text.upper(), text.replace(" ", "\n", 1)))


def _lines(
    page: Worksheet,
    block: LinesBlock | PartsBlock,
    draw: random.Random,
    opened: Format,
    row: int,
    left: int,
    lines: int,
) -> int:
    columns = [column for column in block.columns if not column.optional or draw.random() < 0.5]
    for place, column in enumerate(columns):
        page.write_string(row, left + place, _wording(draw, column.headings))
        for line in range(lines):
            page.write_blank(row + 1 + line, left + place, None, opened)
    return row + lines


def _figures(
    page: Worksheet, block: FiguresBlock, layout: Variant, draw: random.Random, opened: Format, row: int, left: int
) -> int:
    if block.under:
        page.write_string(row, left, _wording(draw, block.under))
        row += 2
    for place, column in enumerate(block.columns, start=1):
        page.write_string(row, left + place, _wording(draw, column.headings))
    placed: dict[str, int] = {}
    sums = {"minimum_subtotal": layout.minimum_sources, "additional_subtotal": layout.additional_sources}
    for each in block.rows:
        row += draw.randrange(1, 3)
        page.write_string(row, left, _wording(draw, each.labels))
        parts = [at for figure, at in placed.items() if figure in sums.get(each.figure, placed)]
        for place in range(1, len(block.columns) + 1):
            if "total" in each.figure and parts:
                added = "+".join(f"N({xl_rowcol_to_cell(part, left + place)})" for part in parts)
                page.write_formula(row, left + place, f"={added}", None, 0)
            else:
                page.write_blank(row, left + place, None, opened)
        placed |= {} if "total" in each.figure else {each.figure: row}
    if block.comment:
        row += 2
        page.write_string(row, left, f"{draw.choice(block.comment)} a figure differs")
        page.write_blank(row, left + 1, None, opened)
    return row


LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"


def town(layout: Variant, text: str = TOWN) -> AgreementFile:
    """The small pool in the first year of a return, its providers named."""
    year = layout.years[0] if layout.years else "2023/24"
    return read_agreement_text(
        text.replace("2023/24", year).replace("lead: icb,", "lead: icb, provider: NHS,"), "town.yaml"
    )


def spent_town(folder: Path) -> Pool:
    """The small pool in books, with spend in two quarters and its instalments due."""
    pool = pool_of(folder)
    care, rehab = spent("A1", "300000.01"), spent("A2", "250000", "rehab", "2023-08-10")
    imported(pool, folder, care, rehab)
    imported(pool, folder, spent("ref-grant", "99999.99", "grant", "2023-06-30"), name="grant.csv")
    return pool


def filled_lookalike(folder: Path) -> Path:
    export_return(
        town(variant("planning-2023-25")), variant("planning-2023-25"), folder / "plan.xlsx", template=LOOKALIKE
    )
    return folder / "plan.xlsx"


def changed(folder: Path, sheet: str, cells: dict[str, Written]) -> ExcelFile:
    """The filled lookalike with some open cells written over."""
    values = {place: value for text, value in cells.items() if (place := parse_place(text))}
    fill(ExcelFile.open(filled_lookalike(folder)), {sheet: values}).save(folder / "changed.xlsx")
    return ExcelFile.open(folder / "changed.xlsx")
