"""What lines are committed to beyond what they have spent: orders and placements, told for a period. Posts nothing."""

from ledgers.money import parse_pounds
from pooledfund.access import Action, require_line
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused, month_told
from pooledfund.pool import Pool


def _commitment(pool: Pool, row: Row) -> Payload:
    scheme = pool.agreement.schemes.get(row["scheme"])
    if scheme is None:
        raise ToldRefused(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    require_line(pool.actor, Action.FORECAST, scheme.id, scheme.lead)
    pence = parse_pounds(row["committed"])
    if pence < 0:
        raise ToldRefused(f"committed {row['committed']} is below nil: write what is ordered and not yet spent")
    return {"month": month_told(row), "scheme": scheme.id, "committed_pence": pence}


COMMITMENTS = Telling(
    "commitments", Action.FORECAST, ("period", "scheme", "committed"), (), ("month", "scheme"), _commitment
)


def commitments_at(pool: Pool, month: int, as_of: int | None = None) -> dict[str, int]:
    """What each line is committed to beyond its spend, in pence, as last told up to a month."""
    latest: dict[str, tuple[int, int]] = {}
    for event in pool.books.events(kind=COMMITMENTS.kind, as_of=as_of):
        scheme, told_for = str(event.payload["scheme"]), int(str(event.payload["month"]))
        if latest.get(scheme, (0, 0))[0] <= told_for <= month:
            latest[scheme] = told_for, int(str(event.payload["committed_pence"]))
    return {scheme: pence for scheme, (_, pence) in latest.items()}
