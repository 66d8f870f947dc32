"""What of each contribution is due, received and overdue at a quarter's end, as HTML. Works out no position."""

from collections.abc import Mapping

from pooledfund.results.contributions import ContributionPosition, position_figures
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.figures import Unit, pence_of
from pooledfund.ui.html import Cell, Heading, Html, Row

COLUMNS = (
    ("due_to_date", "Due"),
    ("invoiced_to_date", "Invoiced"),
    ("of_which_cash", "In cash"),
    ("of_which_by_book", "By book"),
    ("of_which_own_lines", "Own lines"),
    ("received_to_date", "Received"),
    ("overdue", "Overdue"),
)
_SETTLED = {"cash": "in cash", "net_of_own_lines": "net of own lines", "book": "by book"}


def contributions_table(quarter: Quarter, unit: Unit) -> Html:
    """Every contribution to date, with the total."""
    positions = quarter.contributions.positions
    rows = [_row(quarter, position, unit) for position in positions]
    rows.append(
        Row(Cell("All contributions"), (Cell(""), Cell(""), *_figures(position_figures(positions), unit)), "total")
    )
    columns = (
        Heading("Contribution", kind="text"),
        Heading("Settled", kind="text"),
        Heading("Agreed for the year"),
        *(Heading(heading) for _, heading in COLUMNS),
    )
    groups = (Heading("", 3), Heading("To date", 2), Heading("Met", 4), Heading("", 1))
    return html.table(
        f"Contributions to the end of M{quarter.month}, {unit}", columns, rows, groups=groups, css="pf-wide"
    )


def _row(quarter: Quarter, position: ContributionPosition, unit: Unit) -> Row:
    agreed = quarter.agreement.contributions[position.contribution]
    name, exact = agreed.name or agreed.id, agreed.amount.exact_pence is not None
    mark = " · illustrative" if position.illustrative else ""
    return Row(
        Cell(name, quarter.partner(position.partner) + mark),
        (
            Cell(_SETTLED[position.settled]),
            html.money(position.agreed_pence, unit) if exact else html.number(position.agreed),
            *_figures(position_figures([position]), unit),
        ),
    )


def _figures(figures: Mapping[str, object], unit: Unit) -> tuple[Cell, ...]:
    return tuple(html.money(pence_of(figures[key]), unit) for key, _ in COLUMNS)
