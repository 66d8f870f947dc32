"""Next year's contributions of a pool: its agreement in force and the recurrent changes that its books recorded."""

from ledgers.money import parse_pounds
from pooledfund.pool import Pool
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


def next_year(pool: Pool, terms: Terms, as_of: int | None = None) -> tuple[NextContribution, ...]:
    """Next year's contributions by formula, from the books."""
    return next_contributions(pool.agreement, recurrent_changes(pool, as_of), terms)
