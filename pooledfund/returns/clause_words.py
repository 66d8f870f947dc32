"""The clauses and provisions of an agreement in plain sentences, for the boxes of a return. Works nothing out."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement
from s75_rules.clauses import (
    BasisName,
    CarryForwardStep,
    Clause,
    DecideStep,
    OffsetStep,
    OverspendStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
    UnderspendStep,
)

_BASES: dict[BasisName, str] = {
    "lead": "the partner that leads the line",
    "host": "the host of the fund",
    "equal": "the signatories in equal parts",
    "contribution": "the signatories in proportion to their contributions",
    "budget": "the partners in proportion to what they fund on the line",
}


def contingency_words(agreement: Agreement) -> Iterable[str]:
    """What the agreement says of a shortfall: its risk share clauses, and its reserves and provisions."""
    if not agreement.risk_share:
        yield "The agreement holds no text for this box."
    for clause in agreement.risk_share:
        yield _clause(clause)
    for reserve in agreement.reserves.values():
        where = "held in the pool" if reserve.held == "in_pool" else "held outside the pool, in none of its totals"
        basis = f" ({reserve.basis})" if reserve.basis else ""
        yield f"{reserve.name or reserve.id}: {pounds_for_people(reserve.opening_balance_pence)}{basis}, {where}."


def _clause(clause: Clause) -> str:
    over = ", then ".join(_step(step) for step in clause.overspend)
    under = ", then ".join(_step(step) for step in clause.underspend)
    reference = f" ({clause.reference})" if clause.reference else ""
    return f"{clause.clause}{reference}. Overspend: {over}. Underspend: {under}."


def _step(step: OverspendStep | UnderspendStep) -> str:
    match step:
        case OffsetStep():
            return f"met from underspends of the {step.offset}"
        case ReserveStep():
            return f"met from the reserve '{step.reserve}'"
        case ShareStep():
            capped = ", up to each one's cap" if step.caps else ""
            return f"borne by {_sharing(step.share)}{capped}"
        case DecideStep():
            return "decided by the board"
        case RetainStep():
            return f"kept in the reserve '{step.retain}'"
        case ReturnStep():
            return f"returned to {_sharing(step.give_back)}"
        case CarryForwardStep():
            return "carried forward with the contributions it came from"


def _sharing(sharing: BasisName | Mapping[str, Fraction]) -> str:
    if isinstance(sharing, str):
        return _BASES[sharing]
    parts = ", ".join(f"{each} {float(part):.12g}" for each, part in sharing.items())
    return f"the partners in agreed parts ({parts})"
