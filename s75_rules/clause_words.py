"""The clauses and provisions of an agreement in plain sentences. Works nothing out."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement
from s75_rules.amounts import Limit
from s75_rules.clauses import (
    AS_A_LOSS,
    BasisName,
    CarryForwardStep,
    Clause,
    DecideStep,
    OffsetStep,
    OfUnderspend,
    OverspendStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
    UnderspendStep,
)
from s75_rules.clock import day_words

_BASES: dict[BasisName, str] = {
    "lead": "the partner that leads the line",
    "host": "the host of the fund",
    "equal": "the signatories in equal parts",
    "contribution": "the signatories in proportion to their contributions",
    "budget": "the partners in proportion to what they fund on the line",
    "commissioner": "the partners in the proportions in which they commission the line",
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
    reference = f" ({clause.reference})" if clause.reference else ""
    return f"{clause.clause}{reference}. {sentence_of(clause)}"


def whole_clause(clause: Clause) -> str:
    """All that a clause says, without its name: the lines it covers, its reference, and what it does."""
    reference = f" ({clause.reference})" if clause.reference else ""
    return f"On {covered_by(clause)}{reference}. {sentence_of(clause)}"


def clauses_in_words(agreement: Agreement) -> tuple[tuple[str, str, str], ...]:
    """Each clause of the risk share in file order: its name, its reference (empty where it has none), its sentences."""
    return tuple(
        (each.clause, each.reference or "", f"On {covered_by(each)}. {sentence_of(each)}")
        for each in agreement.risk_share
    )


def sentence_of(clause: Clause) -> str:
    """What a clause does with an overspend and with an underspend, step by step, with its limits."""
    parts = [f"Overspend: {_in_order(clause.overspend)}.", f"Underspend: {_in_order(clause.underspend)}."]
    if clause.max_liability:
        most = ", ".join(f"{each} {pounds_for_people(pence)}" for each, pence in clause.max_liability.items())
        beyond = f"what is beyond goes to {clause.excess_to}" if clause.excess_to else "what is beyond is left open"
        unless = _UNLESS if clause.unless_agreed else ""
        parts.append(f"At most over all steps: {most}{unless}; {beyond}.")
    if clause.is_dated:
        since = f" from {day_words(clause.from_on)}" if clause.from_on else ""
        until = f" to {day_words(clause.to_on)}" if clause.to_on else ""
        parts.append(f"For the variance that arose{since}{until}.")
    if clause.disputed:
        parts.append(f"In dispute and not settled: {clause.reason}.")
    return " ".join(parts)


def covered_by(clause: Clause) -> str:
    """The lines that a clause covers, in words."""
    covers = clause.covers
    for word, ids in (("the funds", covers.funds), ("the lines", covers.schemes), ("the sources", covers.sources)):
        if ids is not None:
            return f"{word} {', '.join(ids)}"
    return "every pooled line"


def records_beside(agreement: Agreement) -> Iterable[str]:
    """What happened to clauses, a sentence each: withdrawals, limits lifted, decisions and disputes."""
    for each in agreement.withdrawals:
        verb = "withdraws from" if each.what == "withdraws" else "suspends"
        until = f" to {day_words(each.to_on)}" if each.to_on else ""
        where = f"clauses {', '.join(each.clauses)}" if each.clauses else "every clause"
        then = {"disputed": "stays with it, disputed and not settled", "others": "is borne by the others"}
        takes = then.get(each.then, f"goes to {each.then}")
        yield (
            f"{each.partner} {verb} the risk share of {where} from {day_words(each.from_on)}{until}"
            f" ({each.reference}): its part {takes}."
        )
    for agreed in agreement.agreed_beforehand:
        limit = "without limit" if agreed.up_to is None else f"up to {pounds_for_people(agreed.up_to)}"
        step = f"step {agreed.step} of " if agreed.step else ""
        yield (
            f"{agreed.partner} bears {limit} in {step}clause {agreed.clause}, agreed by the finance leads of"
            f" {', '.join(agreed.agreed_by)} on {day_words(agreed.agreed)}, before the spend from"
            f" {day_words(agreed.spent_from)} ({agreed.reference})."
        )
    for decision in agreement.decisions:
        parts = ", ".join(f"{each} {pounds_for_people(pence)}" for each, pence in decision.partners.items())
        yield (
            f"The board decided on the {decision.side} of clause {decision.clause} on {day_words(decision.decided)}"
            f" (minute {decision.minute}): {parts}."
        )
    for dispute in agreement.disputes:
        amount = "all" if dispute.amount is None else pounds_for_people(dispute.amount)
        yield (
            f"{dispute.partner} disputes {amount} of its {dispute.side} under clause {dispute.clause} since"
            f" {day_words(dispute.raised)}: {dispute.reason}. It is not settled."
        )


def _in_order(steps: Sequence[OverspendStep | UnderspendStep]) -> str:
    return ", then ".join(_step(step) for step in steps)


def _step(step: OverspendStep | UnderspendStep) -> str:
    match step:
        case OffsetStep():
            return f"met from underspends of the {step.offset}"
        case ReserveStep():
            return f"met from the reserve '{step.reserve}'{_limit(step.up_to)}"
        case ShareStep():
            rings, caps = _rings(step.including_ring_fenced), _caps(step.caps, step.unless_agreed)
            return f"borne by {_sharing(step.share)}{rings}{_limit(step.up_to)}{caps}"
        case DecideStep():
            until = f", and until it has, shared by {_sharing(step.otherwise)}" if step.otherwise else ""
            return f"decided by the board{until}"
        case RetainStep():
            use = " for non-recurrent use only" if step.non_recurrent else ""
            return f"{_of(step)}kept in the reserve '{step.retain}'{_limit(step.up_to)}{use}"
        case ReturnStep():
            rings, caps = _rings(step.including_ring_fenced), _caps(step.caps, False)
            return f"{_of(step)}returned to {_sharing(step.give_back)}{rings}{_limit(step.up_to)}{caps}"
        case CarryForwardStep():
            return f"{_of(step)}carried forward with the contributions it came from"


def _of(step: OfUnderspend) -> str:
    if step.of is None:
        return ""
    return "as far as it came from management action (the containment decisions recorded on each line) "


_UNLESS = " unless the finance leads agreed otherwise before the spend"


def _caps(caps: Mapping[str, int], unless_agreed: bool) -> str:
    if not caps:
        return ""
    said = ", ".join(f"{each} at most {pounds_for_people(pence)}" for each, pence in caps.items())
    return f" ({said}{_UNLESS if unless_agreed else ''})"


def _rings(counted: bool) -> str:
    return ", ring-fenced ones counted," if counted else ""


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return ""
    if limit.pence is not None:
        return f" up to {pounds_for_people(limit.pence)}"
    return f" up to {_decimal((limit.share or Fraction(0)) * 100)}% of the lines' budget"


def _sharing(sharing: BasisName | Literal["same_as_overspend"] | Mapping[str, Fraction]) -> str:
    if sharing == AS_A_LOSS:
        return "the partners as they share an overspend"
    if isinstance(sharing, str):
        return _BASES[sharing]
    parts = ", ".join(f"{each} {_decimal(part)}" for each, part in sharing.items())
    return f"the partners in agreed parts ({parts})"


def _decimal(number: Fraction) -> str:
    """A weight as it was written, a decimal number without trailing noughts."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"
