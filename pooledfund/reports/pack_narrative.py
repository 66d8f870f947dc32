"""The sheets of a pack on commentary, measures and milestones: what stands beside the money. Works nothing out."""

from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.workbook import Book


def narrative_sheets(book: Book, figures: PackFigures) -> None:
    """Commentary on lines with its action, owner and day; measures against targets; milestones. None where none."""
    _commentary(book, figures)
    _measures(book, figures)
    _milestones(book, figures)


def _commentary(book: Book, figures: PackFigures) -> None:
    comments = figures.narrative.comments
    if not comments:
        return
    names = figures.line_names()
    sheet = book.sheet("Commentary", f"Commentary on lines: {figures.period}", [12, 30, 70, 40, 28, 13, 20])
    rows: list[tuple[Cell, ...]] = [
        (
            each.scheme,
            names[each.scheme],
            each.commentary,
            each.action or "none",
            each.owner or "none named",
            each.due or "no day",
            f"event {each.event}",
        )
        for each in comments
    ]
    columns = text_columns("Line", "Name", "Commentary", "Action", "Owner", "By", "Held by")
    sheet.table(Table("Commentary", columns, rows))


def _measures(book: Book, figures: PackFigures) -> None:
    measures = figures.narrative.measures
    if not measures:
        return
    sheet = book.sheet("Measures", f"Measures: {figures.period}", [24, 50, 24, 20, 12, 16, 16, 40])
    sheet.prose("A reading that is not available is not nil. A target is met by the direction that is better.")
    rows: list[tuple[Cell, ...]] = [
        (
            each.measure.id,
            each.name,
            each.target,
            each.reading,
            f"M{each.month}" if each.month else "none",
            each.previous or "none",
            each.result,
            each.note,
        )
        for each in measures
    ]
    columns = text_columns("Measure", "Name", "Target", "Reading", "Read at", "Before", "Result", "Note")
    sheet.table(Table("Measures", columns, rows))


def _milestones(book: Book, figures: PackFigures) -> None:
    milestones = figures.narrative.milestones
    if not milestones:
        return
    sheet = book.sheet("Milestones", f"Milestones: {figures.period}", [28, 60, 13, 28, 14, 40])
    rows: list[tuple[Cell, ...]] = [
        (each.milestone.id, each.milestone.name, each.milestone.due, each.in_words, each.done_on, each.note)
        for each in milestones
    ]
    sheet.table(Table("Milestones", text_columns("Milestone", "Name", "Due", "Status", "Done on", "Note"), rows))
