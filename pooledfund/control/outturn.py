"""Stating the outturn at each stage of the year's end: estimate, provisional, accounts, audited. Posts nothing."""

from collections.abc import Mapping
from dataclasses import replace

from ledgers.seal import JSON
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.lines import Line, lines_at
from pooledfund.results.outturn_stages import STATED, Stage
from pooledfund.results.risk_position import risk_position_of
from s75_rules.version import rule_set


class OutturnNotStated(InputRefused):
    """An outturn that cannot be stated at that stage yet."""


def state_outturn(pool: Pool, stage: Stage, estimates: Mapping[str, int] | None = None) -> int:
    """State the outturn of every line with the shares that follow from it, and give the event's number.

    An estimate is made while the books are open, as for the early close of the NHS partner's accounts in April: from
    the forecast at M11, with the estimates given instead where there are any. The other stages are what the books
    say: provisional while M12 is open, the council's accounts while it takes adjustments, audited once it is closed.

    Raises:
        NotAllowed: the person may not close periods.
        OutturnNotStated: the books are not as the stage asks, or estimates are given for a later stage.
    """
    require(pool.actor, Action.CLOSE)
    state = pool.books.month_states()[12]
    asked = {"accounts": ("adjusting", "closed"), "audited": ("closed",)}.get(stage)
    if asked and state not in asked:
        raise OutturnNotStated(
            f"the {stage} outturn is stated once M12 is {' or '.join(asked)}, and it is {state}: close it first"
            f"{', with --adjusting while adjustments come in' if stage == 'accounts' else ''}"
        )
    if estimates is not None and stage != "estimate":
        raise OutturnNotStated(
            f"the {stage} outturn is what the books say: post what is missing, and leave the file out"
        )
    lines = _estimated(lines_at(pool, 11), estimates or {}) if stage == "estimate" else lines_at(pool, 12)
    month = 11 if stage == "estimate" else 12
    share = risk_position_of(pool, month, lines).share
    payload: dict[str, JSON] = {
        "stage": stage,
        "lines_pence": {scheme: line.forecast_pence for scheme, line in lines.items()},
        "borne_pence": dict(share.overspend_pence),
        "returned_pence": dict(share.underspend_pence),
        "unresolved_pence": share.unresolved_overspend_pence + share.unresolved_underspend_pence,
        "rules": rule_set(pool.agreement).as_json(),
        "head": pool.books.head().hash,
    }
    with pool.writing(Action.CLOSE) as writing:
        return writing.event(STATED, payload)


def _estimated(lines: Mapping[str, Line], estimates: Mapping[str, int]) -> dict[str, Line]:
    return {
        scheme: replace(line, forecast_pence=estimates.get(scheme, line.forecast_pence))
        for scheme, line in lines.items()
    }
