"""The last sheets of a pack or a partner edition: the casting proof, and what it was made from. Works no figure out."""

from collections.abc import Sequence
from datetime import date

from pooledfund.reports.cells import Cast, Cell, Column, Formula, Money, Table, pounds_columns, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.pack_front import signatures
from pooledfund.reports.workbook import Book, Sheet
from pooledfund.results.casting import Check


def proof_sheet(book: Book, checked: Sequence[Check] = ()) -> None:
    """Every total of the workbook against its parts, and figures that were added up in two ways."""
    sheet = book.sheet("Casting proof", "Casting proof", [40, 50, 9, 24, 24, 12])
    sheet.prose("Every total of this workbook is a formula over its parts; here each is compared with the books.")
    columns = (
        *text_columns("Sheet and cell", "Total", "Parts"),
        *pounds_columns("In the workbook", "Added up from the books"),
        Column("Agrees"),
    )
    casts = tuple(book.casts)
    first = sheet.next_row + 2
    rows = [_cast_row(cast, first + place) for place, cast in enumerate(casts)]
    sheet.table(Table("CastingProof", columns, rows))
    if checked:
        _two_ways(sheet, checked)


def _two_ways(sheet: Sheet, checked: Sequence[Check]) -> None:
    sheet.heading("Figures added up in two ways")
    columns = (
        *text_columns("Figure", "The one and the other", "Parts"),
        *pounds_columns("The one", "The other"),
        Column("Agrees"),
    )
    first = sheet.next_row + 2
    checks: list[tuple[Cell, ...]] = [
        (
            check.what,
            f"{check.left}; {check.right}",
            None,
            Money(check.left_pence),
            Money(check.right_pence),
            _agrees(first + place),
        )
        for place, check in enumerate(checked)
    ]
    sheet.table(Table("TwoWays", columns, checks))


def _cast_row(cast: Cast, row: int) -> tuple[Cell, ...]:
    return (
        f"{cast.sheet}, {cast.cell}",
        cast.what,
        str(cast.parts),
        Formula(f"='{cast.sheet}'!{cast.cell}", cast.pence),
        Money(cast.pence),
        _agrees(row),
    )


def _agrees(row: int) -> Formula:
    """Rounded to a penny, because a spreadsheet adds in binary."""
    return Formula(f'=IF(ROUND(D{row}-E{row},2)=0,"yes","no")', "yes")


def about_sheet(book: Papers, figures: PackFigures, what: str, again: str = "") -> None:
    """What the pack or edition was made from, so that it can be made again and compared, and by which command."""
    again = again or f"pooledfund pack with --as-of {figures.as_of}"
    source = book.provenance
    header = figures.pool.agreement.header
    sheet = book.sheet("About", f"About this {what}", [40, 110])
    illustrative = [row.line.scheme for row in figures.monitoring.lines if row.illustrative]
    illustrative += [each.contribution for each in figures.contributions.positions if each.illustrative]
    rows: list[tuple[Cell, ...]] = [
        ("Pool", source.pool),
        ("Area and period", f"{header.area}, {source.period}"),
        (
            "Agreement",
            f"version {header.version}, {header.status}, starts {_day(header.starts)}, ends {_day(header.ends)}",
        ),
        ("Signatures", signatures(figures)),
        *(("Approval", _approval(each.body, str(each.signed or ""), each.note)) for each in header.approvals.values()),
        ("Agreement file, SHA-256", source.digest),
        ("Event of the books", str(source.event)),
        ("Head of the books, SHA-256", source.head),
        ("As of", f"event {figures.as_of}, recorded {source.stands_at.day} {source.stands_at:%B %Y, %H:%M} UTC"),
        ("Unit and sign", "pounds (£) to the penny; plus is overspend, minus is underspend"),
        ("Illustrative", ", ".join(illustrative) or f"nothing in this {what} is illustrative"),
        ("Source of the agreement", header.source or "not stated"),
        *(("Note", note) for note in header.notes),
        ("To make it again", f"{again} writes this file again, byte for byte"),
        ("To check it", "pooledfund verify --head with the head above finds any change made to the books since"),
    ]
    sheet.table(Table("About", text_columns("What", "Value"), rows))


def _day(day: date | None) -> str:
    return day.isoformat() if day else "on no day that it states"


def _approval(body: str, signed: str, note: str | None) -> str:
    return f"{body}: {'signed ' + signed if signed else 'not signed'}{'. ' + note if note else ''}"
