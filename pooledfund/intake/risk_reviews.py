"""Reviews of the plan's risks, and risks that come up in the year: taken row by row as events. Judges none."""

from pooledfund.access import Action
from pooledfund.intake.narrative import day_faults, word_faults
from pooledfund.intake.personal import person_named_in
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused, month_told
from pooledfund.pool import Pool
from s75_rules.agreement_checks import is_id

_OPTIONAL = ("description", "mitigation", "owner", "review", "clause", "status", "note")
STATUSES = ("open", "closed")


def _review(pool: Pool, row: Row) -> Payload:
    agreement = pool.agreement
    reasons = [*word_faults(row, "description", "mitigation", "owner", "note"), *day_faults(row, "review")]
    reasons += [reason for column in ("likelihood", "impact") for reason in _score_faults(row, column)]
    if row["risk"] not in agreement.risks:
        if not is_id(row["risk"]):
            reasons.append(f"risk '{row['risk'][:40]}' is no id: write a letter, then letters, digits, - and _")
        if not row["description"]:
            reasons.append(f"'{row['risk']}' is not in the agreement: describe it, or use an id that the agreement has")
    if row["owner"] and (reason := person_named_in(row["owner"])):
        reasons.append(f"owner {reason}")
    if row["clause"] and row["clause"] not in {each.clause for each in agreement.risk_share}:
        reasons.append(f"'{row['clause']}' is not a clause of {agreement.id}: name one that the risk would trigger")
    if row["status"] and row["status"] not in STATUSES:
        reasons.append(f"status '{row['status']}' is not one of {', '.join(STATUSES)}")
    if reasons:
        raise ToldRefused(*reasons)
    return {
        "month": month_told(row),
        "risk": row["risk"],
        "likelihood": int(row["likelihood"]),
        "impact": int(row["impact"]),
        **{name: row[name] for name in _OPTIONAL},
    }


def _score_faults(row: Row, column: str) -> list[str]:
    if row[column] in ("1", "2", "3", "4", "5"):
        return []
    return [f"{column} '{row[column]}' is no score: write 1 (lowest) to 5 (highest)"]


RISK_REVIEWS = Telling(
    "risk reviewed", Action.COMMENT, ("period", "risk", "likelihood", "impact"), _OPTIONAL, ("month", "risk"), _review
)
