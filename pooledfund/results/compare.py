"""The pool's outturn under another agreement: its clauses on the books' figures. Posts nothing."""

from dataclasses import replace

from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.risk_position import risk_position
from pooledfund.results.variance_months import variance_by_month
from s75_rules.agreement import Agreement
from s75_rules.compare import Comparison, Side
from s75_rules.risk_share import share_risk


class NotComparable(InputRefused):
    """Another agreement that does not fit the pool's books."""


def compare_with(pool: Pool, other: Agreement, month: int, as_of: int | None = None) -> Comparison:
    """Share the pool's variance at a month by its own agreement and by another's clauses, on the same figures.

    Budgets, contributions, outturns, breaches and reserves are the books'; a reserve that only the
    other agreement has stands at its opening balance. Board decisions stay with the agreement they
    were made under.

    Raises:
        NotComparable: the other agreement has other lines or contributions, so the books do not fit it.
    """
    own = pool.agreement
    for what, ours, theirs in (
        ("lines", own.schemes, other.schemes),
        ("contributions", own.contributions, other.contributions),
    ):
        if set(ours) != set(theirs):
            apart = ", ".join(sorted(set(ours) ^ set(theirs)))
            raise NotComparable(
                f"{other.id} and the books of {own.id} do not have the same {what} ({apart}):"
                " give both agreement files and the outturns with --outturn"
            )
    position = risk_position(pool, month, as_of)
    reserves = {each.id: each.opening_balance_pence for each in other.reserves.values()}
    theirs_position = replace(
        position.position,
        reserves=reserves | dict(position.position.reserves),
        decisions=(),
        disputes=(),
        agreed_beforehand=other.agreed_beforehand,
        movements=variance_by_month(pool, other, position.position, month, as_of),
    )
    return Comparison(Side(own, position.share), Side(other, share_risk(other, theirs_position)))
