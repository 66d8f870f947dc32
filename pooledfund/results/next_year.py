"""Next year's contributions of a pool: its agreement in force and the recurrent changes that its books recorded."""

from ledgers.money import parse_pounds
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.conditions import met_lines
from s75_rules.next_year import NextContribution, Terms, next_contributions

CONTRIBUTION_VARIED = "contribution varied"
"""The event of a contribution's change in year."""


def recurrent_changes(pool: Pool, as_of: int | None = None) -> dict[str, int]:
    """The recurrent changes of contributions in pence since the text in force, which states those before it."""
    since = pool.agreement_event(as_of).number
    found: dict[str, int] = {}
    for event in pool.books.events(kind=CONTRIBUTION_VARIED, as_of=as_of):
        if event.number > since and event.payload["recurrent"]:
            contribution = str(event.payload["contribution"])
            found[contribution] = found.get(contribution, 0) + parse_pounds(str(event.payload["amount"]))
    return found


def spend_of_year(pool: Pool, as_of: int | None = None) -> dict[str, int]:
    """What the year spends of each contribution in pence: the outturn, or before it the forecast at the last spend.

    A forecast is apportioned over a line's contributions by their current budgets, as a minimum test does.
    """
    spent = pool.books.balances("actual", ("month",), accounts=(chart.EXPENDITURE,), as_of=as_of)
    month = max((int(each) for (each,), pence in spent.items() if each is not None and pence > 0), default=0)
    found = dict.fromkeys(pool.agreement.contributions, 0)
    if month:
        for line in met_lines(pool, month, as_of):
            found[line.contribution] += line.amount_pence
    return found


def next_year(pool: Pool, terms: Terms, as_of: int | None = None) -> tuple[NextContribution, ...]:
    """Next year's contributions by formula, from the books."""
    return next_contributions(pool.agreement, recurrent_changes(pool, as_of), terms)
