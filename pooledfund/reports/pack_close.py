"""The sheet of a pack on the close of its period: what is done, waived or open, each with its evidence."""

from pooledfund.reports.cells import Cell, Table, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_figures import PackFigures


def close_sheet(book: Papers, figures: PackFigures) -> None:
    """The checklist of the period as it stands at the event of the pack."""
    found = figures.checklist
    sheet = book.sheet("Close", f"Close of {found.period.name}", [32, 16, 16, 90, 24])
    sheet.prose(
        "Every item that the agreement requires is done, or waived with a reason, before the period is closed.",
        f"The figures that people put their names to have the SHA-256 {found.figures}.",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            item.title,
            "required" if item.required else "not asked for",
            item.state,
            "; ".join(item.evidence),
            ", ".join(map(str, item.events)) or "none",
        )
        for item in found.items
    ]
    sheet.table(Table("Close", text_columns("Item", "By the agreement", "State", "Evidence", "Events"), rows))
