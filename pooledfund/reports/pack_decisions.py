"""The part of a pack on the board itself: the last meeting, what was decided since, its actions. Decides nothing."""

from collections.abc import Sequence

from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.layout import Page, Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.results.minutes import BoardAction, Minuted
from s75_rules.clock import day_words


def decisions_sheet(book: Papers, figures: PackFigures) -> None:
    """What the last meeting decided, what was decided since, and every action with its age."""
    board = figures.board
    sheet = book.sheet("Decisions", "Decisions and actions since the last meeting", [18, 18, 70, 24, 14, 16, 14])
    if board.last is None:
        sheet.prose("No minutes of a meeting are recorded yet.")
    else:
        names = [figures.partner(each) for each in board.last.present]
        sheet.prose(
            f"The last meeting: {board.last.body}, {day_words(board.last.on)}. Present: {'; '.join(names)}. "
            f"Its minutes are event {board.last.event}."
        )
        minuted_table(sheet, "LastMeeting", board.last.items)
    if board.since:
        sheet.heading("Recorded since, outside the minutes")
        minuted_table(sheet, "Since", board.since)
    sheet.heading("Actions of the board")
    sheet.prose(f"As they stand on {day_words(board.on)}, the day of the newest event of this pack.")
    actions_table(sheet, board.actions, figures)


def minuted_table(sheet: Page, name: str, items: Sequence[Minuted]) -> None:
    """Items of minutes, each with the event that carries it out."""
    rows: list[tuple[Cell, ...]] = [
        (each.ref or "none", each.kind, each.said, str(each.event or "none")) for each in items
    ]
    sheet.table(Table(name, text_columns("Reference", "Kind", "What was decided", "Event"), rows))


def actions_table(sheet: Page, actions: Sequence[BoardAction], figures: PackFigures) -> None:
    """Actions, those that are still to be done first."""
    on = figures.board.on
    rows: list[tuple[Cell, ...]] = [
        (
            each.id,
            each.state(on),
            each.action,
            each.owner,
            each.due.isoformat(),
            f"{each.age_days(on)} days",
            each.how or "not yet",
        )
        for each in sorted(actions, key=lambda each: (each.state(on) == "done", each.due))
    ]
    columns = text_columns("Action", "State", "What is to be done", "Owner", "By", "Age", "What came of it")
    sheet.table(Table("Actions", columns, rows))
