"""Next year's budget in the making: pressures by line, and the steps taken from October to February. Posts nothing."""

import hashlib
from pathlib import Path

from ledgers.money import parse_pounds
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.personal import personal_data_in
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused
from pooledfund.pool import Pool
from s75_rules.terms import BudgetStep

STEP_TAKEN = "budget step"


class BudgetStepRefused(InputRefused):
    """A step of next year's budget that cannot be recorded."""


def _pressure(pool: Pool, row: Row) -> Payload:
    reasons = []
    if row["scheme"] not in pool.agreement.schemes:
        reasons.append(f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
    if not row["pressure"]:
        reasons.append("has no name of the pressure: write what it is, such as demography")
    reasons += [f"{column} {fault}" for column in ("pressure", "reason") if (fault := personal_data_in(row[column]))]
    if reasons:
        raise ToldRefused(*reasons)
    pence = parse_pounds(row["amount"])
    return {"scheme": row["scheme"], "pressure": row["pressure"], "amount_pence": pence, "reason": row["reason"]}


PRESSURES = Telling(
    "budget pressure", Action.PLAN, ("scheme", "pressure", "amount"), ("reason",), ("scheme", "pressure"), _pressure
)


def take_budget_step(pool: Pool, step: BudgetStep, minute: str, paper: Path | None = None) -> int:
    """Record a step of next year's budget with its minute and the digest of its paper; gives the event's number.

    Raises:
        NotAllowed: the person may not plan next year.
        BudgetStepRefused: no minute, or a paper that cannot be read.
    """
    require(pool.actor, Action.PLAN)
    if not minute.strip():
        raise BudgetStepRefused("a step of the budget has its minute: give its reference")
    payload: Payload = {"step": step, "minute": minute.strip(), "file": None, "digest": None}
    if paper is not None:
        try:
            payload |= {"file": paper.name, "digest": hashlib.sha256(paper.read_bytes()).hexdigest()}
        except OSError as error:
            raise BudgetStepRefused(f"{paper}: cannot be read ({error.strerror}): check the name") from None
    with pool.writing(Action.PLAN) as writing:
        return writing.event(STEP_TAKEN, payload)
