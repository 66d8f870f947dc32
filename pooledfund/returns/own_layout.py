"""A return in pooledfund's own layout, where no official workbook is at hand. Works no figure out."""

from decimal import Decimal
from pathlib import Path
from typing import get_args

from xlsxwriter.utility import xl_rowcol_to_cell

from pooledfund.reports.cells import CastingFailed, Cell, Column, Formula, Money, Number, Table, pounds_columns
from pooledfund.reports.workbook import Book, Provenance
from pooledfund.returns.blocks import (
    MONEY,
    FieldColumn,
    FigureColumn,
    FiguresBlock,
    LinesBlock,
    NamedBlock,
    PartsBlock,
    Sum,
)
from pooledfund.returns.figures import Figures
from pooledfund.returns.line_rows import Figure, LineRow
from pooledfund.returns.registry import Variant
from s75_rules.amounts import Amount, total

_WIDE, _NARROW = 30, 18


def write_own_layout(path: Path, layout: Variant, figures: Figures, provenance: Provenance) -> None:
    """Write every table of a return on a sheet of its own, plainly labelled as no official workbook.

    Raises:
        CastingFailed: a total is not the sum of its parts; nothing is written.
        WorkbookNotWritten: the file cannot be saved.
    """
    book = Book(path, provenance, layout.title)
    for block in layout.blocks:
        count = 2 if isinstance(block, NamedBlock) else len(block.columns) + isinstance(block, FiguresBlock)
        sheet = book.sheet(block.title, f"{layout.title}: {block.title}", [_WIDE, *[_NARROW] * (count - 1)])
        sheet.prose(layout.layout_note)
        if layout.unit == "£000":
            sheet.prose("The official workbook is in thousands of pounds (£000); this one is in pounds (£).")
        match block:
            case LinesBlock():
                sheet.table(_lines(block, layout, figures))
                sheet.prose("A scheme paid from several sources, or to several providers, has a row for each.")
            case PartsBlock():
                sheet.table(_lines(block, layout, figures))
            case FiguresBlock():
                sheet.table(_figures(block, layout, figures, sheet.next_row + 1))
            case NamedBlock():
                sheet.table(_named(block, figures))
    book.save()


def _shown(figure: Figure | None) -> Cell:
    """A figure as a cell: pounds where it is exact, else its words."""
    match figure:
        case Amount() if (pence := figure.exact_pence) is not None:
            return Money(pence)
        case Amount():
            return str(figure)
        case Decimal():
            return Number(figure)
        case _:
            return figure


def _lines(block: LinesBlock | PartsBlock, layout: Variant, figures: Figures) -> Table:
    rows: list[tuple[Cell, ...]] = [
        tuple(_cell(column, line, layout) for column in block.columns) for line in figures.rows(block.kind)
    ]
    totals: dict[int, int | str] = {}
    for place, column in enumerate(block.columns):
        if _is_money(column):
            amounts = [line.fields.get(column.field or "") for line in figures.rows(block.kind)]
            known = total([each for each in amounts if isinstance(each, Amount)])
            if any(isinstance(each, str) for each in amounts):
                totals[place] = "not held in part"
            else:
                totals[place] = str(known) if known.exact_pence is None else known.exact_pence
    columns = tuple(
        Column(_in_pounds(column.headings[0]) if _is_money(column) else column.headings[0], _is_money(column))
        for column in block.columns
    )
    return Table(block.id, columns, rows, totals)


def _cell(column: FieldColumn, line: LineRow, layout: Variant) -> Cell:
    figure = line.fields.get(column.field) if column.field else None
    stem = (column.field or "").partition(":")[0]
    if isinstance(figure, str) and stem in layout.words:
        return layout.words_for(stem, figure)[0]
    return _shown(figure)


def _is_money(column: FieldColumn) -> bool:
    return (column.field or "").partition(":")[0] in MONEY


def _in_pounds(heading: str) -> str:
    """A heading with the unit of our layout, whatever the official one is in."""
    bare = heading.replace("(£000)", "").replace("(£)", "").strip()
    return f"{bare} (£)"


def _figures(block: FiguresBlock, layout: Variant, figures: Figures, first: int) -> Table:
    """A table of figures whose first row stands at ``first``, counted from nought; sums in it are formulas."""
    rows: list[tuple[Cell, ...]] = []
    for row in block.rows:
        cells = [
            _sum(block, layout, figures, row.figure, place, first) or _shown(figures.cell(row.figure, column.figure))
            for place, column in enumerate(block.columns)
        ]
        rows.append((row.labels[0], *cells))
    headings = (Column(_figure_heading(each), is_figures=True) for each in block.columns)
    return Table(block.id, (Column(block.title), *headings), rows)


def _named(block: NamedBlock, figures: Figures) -> Table:
    rows: list[tuple[Cell, ...]] = [(each.name, _shown(figures.cell(each.row, each.column))) for each in block.cells]
    return Table(block.id, (Column(block.title), *pounds_columns("Amount")), rows)


def _figure_heading(column: FigureColumn) -> str:
    return column.headings[0] if column.figure == "percent_spent" else _in_pounds(column.headings[0])


def _sum(block: FiguresBlock, layout: Variant, figures: Figures, name: str, column: int, first: int) -> Formula | None:
    """A sum over the sources that stand above it, as a formula; None for what is no sum, or not exact.

    Raises:
        CastingFailed: the sources in the table do not come to it, as where the pool has money from another.
    """
    parts = {
        "minimum_subtotal": layout.minimum_sources,
        "additional_subtotal": layout.additional_sources,
        "total": tuple(each.figure for each in block.rows if each.figure not in get_args(Sum)),
    }.get(name)
    figure = figures.cell(name, block.columns[column].figure)
    if not parts or not isinstance(figure, Amount) or figure.exact_pence is None:
        return None
    shown = [(place, each.figure) for place, each in enumerate(block.rows) if each.figure in parts]
    amounts = [figures.cell(each, block.columns[column].figure) for _, each in shown]
    come_to = total([each for each in amounts if isinstance(each, Amount)])
    if come_to != figure:
        raise CastingFailed(
            f"{layout.id}: {block.columns[column].headings[0]} does not cast: its rows come to {come_to} and the pool "
            f"has {figure}; the return has no row for some source of the pool's money, or some spend has none"
        )
    cells = [xl_rowcol_to_cell(first + place, column + 1) for place, _ in shown]
    return Formula(f"={'+'.join(cells) or '0'}", figure.exact_pence)
