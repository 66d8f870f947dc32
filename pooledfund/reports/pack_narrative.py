"""The sheets of a pack on commentary, measures and milestones: what stands beside the money. Works nothing out."""

from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures


def narrative_sheets(book: Papers, figures: PackFigures) -> None:
    """Commentary on lines with its action, owner and day; measures against targets; milestones. None where none."""
    commentary_sheet(book, figures)
    measures_sheet(book, figures)
    milestones_sheet(book, figures)


def commentary_sheet(book: Papers, figures: PackFigures) -> None:
    """What was said of lines, with each action, its owner and its day; nothing where nothing was said."""
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


def measures_sheet(book: Papers, figures: PackFigures) -> None:
    """Each measure with its target, its reading and whether the target is met; nothing where none is agreed."""
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


def milestones_sheet(book: Papers, figures: PackFigures) -> None:
    """Each milestone with its day and its status; nothing where none is agreed."""
    milestones = figures.narrative.milestones
    if not milestones:
        return
    sheet = book.sheet("Milestones", f"Milestones: {figures.period}", [28, 60, 13, 28, 14, 40])
    rows: list[tuple[Cell, ...]] = [
        (each.milestone.id, each.milestone.name, each.milestone.due, each.in_words, each.done_on, each.note)
        for each in milestones
    ]
    sheet.table(Table("Milestones", text_columns("Milestone", "Name", "Due", "Status", "Done on", "Note"), rows))
