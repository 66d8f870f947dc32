"""What a filled return leaves open: blank cells that it asks for, tables without a row. Judges no amount."""

from collections.abc import Iterator
from decimal import Decimal

from pooledfund.returns.blocks import FiguresBlock, LinesBlock, NamedBlock, PartsBlock
from pooledfund.returns.figures import Figures, Key
from pooledfund.returns.filling import is_blank, is_open_question, number_of
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.reading import ReadReturn
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import Remark

_NOT_DUE = "_actual"
"""How the rows of figures end that are filled quarter by quarter: by itself a workbook does not say which are due."""


def gaps(book: ExcelFile, found: ReadReturn, figures: Figures | None) -> Iterator[Remark]:
    """Every required cell of a workbook that is not filled, and every table in which nothing is.

    With figures a cell is asked for where they hold a number that could be filled in, a table where they hold a
    row; without them every open cell is asked for, but not actual figures of quarters that may be still to come.
    """
    for block in found.layout.blocks:
        if isinstance(block, LinesBlock | PartsBlock):
            if not found.rows(block.kind) and (figures is None or figures.rows(block.kind)):
                yield Remark("", f"table '{block.title}' has no row that is filled")
            yield from _of_rows(block, found)
    yield from _of_figures(book, found, figures)


def _of_figures(book: ExcelFile, found: ReadReturn, figures: Figures | None) -> Iterator[Remark]:
    for block in found.layout.blocks:
        if not isinstance(block, FiguresBlock | NamedBlock):
            continue
        cells = {key: (found.cells[key], what) for key, what in _names(block).items() if key in found.cells}
        opened = {key: each for key, each in cells.items() if book.is_open(book.sheet(each[0].sheet), each[0].place)}
        blank = {key: each for key, each in opened.items() if is_open_question(each[0].value)}
        asked = [
            Remark(str(cell), f"{what} is blank")
            for key, (cell, what) in blank.items()
            if _asked(key, found.layout, figures)
        ]
        yield from asked
        if opened and len(blank) == len(opened) and not asked:
            yield Remark("", f"table '{block.title}' has no cell that is filled")


def _asked(key: Key, layout: Variant, figures: Figures | None) -> bool:
    if figures is None:
        return not key[0].endswith(_NOT_DUE)
    return number_of(figures.cell(*key), layout) is not None


def _names(block: FiguresBlock | NamedBlock) -> dict[Key, str]:
    """What the cells of a table of figures are called in the workbook."""
    if isinstance(block, NamedBlock):
        return {(each.row, each.column): each.name for each in block.cells}
    return {
        (row.figure, column.figure): f"{row.labels[0]}, {column.headings[0]}"
        for row in block.rows
        for column in block.columns
    }


def _of_rows(block: LinesBlock | PartsBlock, found: ReadReturn) -> Iterator[Remark]:
    required = [
        column for column in block.columns if not column.optional and column.field not in ("nhs_share", "la_share")
    ]
    needed = [column for column in block.columns if column.needed_when]
    what = block.kind.removesuffix("s")
    for line in found.rows(block.kind):
        for column in needed:
            cell = line.cells.get(column.field or column.headings[0])
            asked = [line.text(field) == words for field, words in column.needed_when]
            if cell is not None and all(asked) and is_blank(cell.value):
                yield Remark(str(cell), f"{column.headings[0]}: this is blank")
        for column in required:
            name = column.field or column.headings[0]
            cell = line.cells.get(name)
            if cell is not None and line.text(name) is None and not isinstance(cell.value, Decimal):
                yield Remark(str(cell), f"{column.headings[0]} of {what} {line.name or line.row} is blank")
