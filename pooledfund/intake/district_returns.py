"""What each district did with the grant passed on to it, as it returned for a period. Enters no total of the pool."""

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.access import Action, require_line
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused, month_told
from pooledfund.pool import Pool

_AMOUNTS = ("received", "committed", "spent", "slippage")


def _return(pool: Pool, row: Row) -> Payload:
    scheme = pool.agreement.schemes.get(row["scheme"])
    if scheme is None:
        raise ToldRefused(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    require_line(pool.actor, Action.IMPORT, scheme.id, scheme.lead)
    reasons, amounts = list[str](), dict[str, int]()
    if row["district"] not in scheme.recipients:
        known = ", ".join(scheme.recipients) or "none"
        reasons.append(
            f"'{row['district']}' receives nothing of {scheme.id} by the agreement: its recipients are {known}"
        )
    for name in _AMOUNTS:
        try:
            amounts[name] = parse_pounds(row[name] or "0")
        except MoneyNotUnderstood as error:
            reasons.append(f"{name}: {error}")
            continue
        if amounts[name] < 0:
            reasons.append(f"{name} {row[name]} is below nil: a return states what is so to date")
    if len(amounts) == len(_AMOUNTS) and amounts["slippage"] > max(0, amounts["received"] - amounts["spent"]):
        reasons.append("slippage is more than what is unspent: it is the part of it that goes into next year")
    if reasons:
        raise ToldRefused(*reasons)
    payload: Payload = {"month": month_told(row), "scheme": scheme.id, "district": row["district"]}
    return payload | {f"{name}_pence": pence for name, pence in amounts.items()}


DISTRICT_RETURNS = Telling(
    "district return", Action.IMPORT, ("period", "scheme", "district", "received", "committed", "spent"),
    ("slippage",), ("month", "scheme", "district"), _return,
)  # fmt: skip
