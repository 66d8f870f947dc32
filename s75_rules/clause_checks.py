"""The rules of the risk share schedule: every line covered, no penny left, decisions that fit. Shares nothing."""

from collections.abc import Iterator
from itertools import pairwise

from ledgers.calendar import MONTHS
from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement, Scheme
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.clauses import (
    CarryForwardStep,
    Clause,
    DecideStep,
    Decision,
    OverspendStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
    UnderspendStep,
)
from s75_rules.standing import clause_in_month

_RISK_SHARE: Path = ("risk_share",)


def clause_faults(agreement: Agreement) -> Iterator[Fault]:
    """What of the clauses and decisions is refused."""
    yield from _repeats(agreement)
    yield from _lines_not_covered(agreement)
    for place, clause in enumerate(agreement.risk_share):
        yield from _leaves_a_penny(clause, place)
        yield from _outside_reserves(agreement, clause, place)
    for place, decision in enumerate(agreement.decisions):
        yield from _decision(agreement, decision, place)


def is_pooled(agreement: Agreement, scheme: Scheme) -> bool:
    """Whether a line stands in a pooled fund; not where its fund is not known."""
    fund = agreement.funds.get(scheme.fund)
    return fund is not None and fund.kind == "pooled"


def covers(agreement: Agreement, clause: Clause, scheme: Scheme) -> bool:
    """Whether a clause covers a line: everything pooled, or by fund, line, or source with any budget above nil."""
    if not is_pooled(agreement, scheme):
        return False
    what = clause.covers
    if what.everything or scheme.fund in (what.funds or ()) or scheme.id in (what.schemes or ()):
        return True
    return bool(what.sources) and any(source in (what.sources or ()) for source in _sources(agreement, scheme))


def _sources(agreement: Agreement, scheme: Scheme) -> set[str]:
    return {
        agreement.contributions[each].source
        for each, amount in scheme.budgets.items()
        if each in agreement.contributions and amount.exact_pence != 0
    }


def clauses_of(agreement: Agreement, scheme: Scheme) -> list[Clause | None]:
    """The clause a line belongs to in each month: the first dated one in force that covers it, else the first undated.

    None for a month in which no clause covers it.
    """
    covering = [clause for clause in agreement.risk_share if covers(agreement, clause, scheme)]
    dated = [clause for clause in covering if clause.is_dated]
    undated = next((clause for clause in covering if not clause.is_dated), None)
    return [clause_in_month(agreement, month, dated, undated) for month in MONTHS]


def lines_of(agreement: Agreement, clause: Clause) -> list[Scheme]:
    """The lines that belong to a clause in any month, in file order."""
    return [
        scheme for scheme in agreement.schemes.values() if any(each is clause for each in clauses_of(agreement, scheme))
    ]


def _repeats(agreement: Agreement) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, clause in enumerate(agreement.risk_share):
        if clause.clause in seen:
            message = f"a clause before this one is also called '{clause.clause}'"
            yield Fault((*_RISK_SHARE, place, "clause"), "ClauseRepeats", message, "give each clause its own reference")
        seen.add(clause.clause)
    decided: set[tuple[str, str]] = set()
    for place, decision in enumerate(agreement.decisions):
        if (decision.clause, decision.side) in decided:
            message = f"the {decision.side} of clause {decision.clause} is decided twice"
            yield Fault(("decisions", place), "DecisionRepeats", message, "keep the decision that stands")
        decided.add((decision.clause, decision.side))


def _lines_not_covered(agreement: Agreement) -> Iterator[Fault]:
    pooled = [scheme for scheme in agreement.schemes.values() if is_pooled(agreement, scheme)]
    if not agreement.risk_share and pooled:
        lines = ", ".join(scheme.id for scheme in pooled)
        remedy = "add a clause to risk_share that covers them, such as covers: everything"
        yield Fault(_RISK_SHARE, "LineNotCovered", f"no clause covers the pooled lines {lines}", remedy)
        return
    if any(_names_unknown_groups(agreement, clause) for clause in agreement.risk_share):
        # Which lines such a clause means cannot be told until its reference is put right.
        return
    for scheme in pooled:
        bare = [month for month, clause in zip(MONTHS, clauses_of(agreement, scheme), strict=True) if clause is None]
        if bare:
            path: Path = ("schemes", scheme.id)
            about = ((*path, "fund"), (*path, "budget"), (*path, "rows"), _RISK_SHARE)
            remedy = "add it to what a clause covers, or add a clause that covers everything"
            some = f" in {', '.join(f'M{month}' for month in bare)}" if len(bare) < len(MONTHS) else ""
            message = f"no clause covers the pooled line {scheme.id}{some}"
            yield Fault(path, "LineNotCovered", message, remedy, about=about)


def _names_unknown_groups(agreement: Agreement, clause: Clause) -> bool:
    sources = {each.source for each in agreement.contributions.values()}
    return any(each not in agreement.funds for each in clause.covers.funds or ()) or any(
        each not in sources for each in clause.covers.sources or ()
    )


def leaves_nothing(step: OverspendStep | UnderspendStep) -> bool:
    """Whether a step takes all that reaches it: decided, or shared, returned, kept or carried without limit or cap."""
    match step:
        case DecideStep():
            return True
        case CarryForwardStep():
            return step.of is None
        case ShareStep():
            return step.up_to is None and not step.caps
        case ReturnStep():
            return step.up_to is None and not step.caps and step.of is None
        case RetainStep():
            return step.up_to is None and step.of is None
    return False


def _leaves_a_penny(clause: Clause, place: int) -> Iterator[Fault]:
    if not leaves_nothing(clause.overspend[-1]):
        yield Fault(
            (*_RISK_SHARE, place, "overspend"),
            "ClauseLeavesPenny",
            f"the last overspend step of clause {clause.clause} can leave an amount that nobody bears",
            "end with a share that has no caps and no up_to, or with decide: board",
        )
    if not leaves_nothing(clause.underspend[-1]):
        yield Fault(
            (*_RISK_SHARE, place, "underspend"),
            "ClauseLeavesPenny",
            f"the last underspend step of clause {clause.clause} can leave an amount that nobody gets",
            "end with return or retain without up_to, caps or of, carry_forward: true, or decide: board",
        )
    for side, steps in (("overspend", clause.overspend), ("underspend", clause.underspend)):
        for number, (before, _) in enumerate(pairwise(steps)):
            if leaves_nothing(before):
                message = f"nothing can reach this {side} step, because the one before takes all"
                path = (*_RISK_SHARE, place, side, number + 1)
                yield warning(path, "StepNeverReached", message, "take it out, or limit the step before")


def _outside_reserves(agreement: Agreement, clause: Clause, place: int) -> Iterator[Fault]:
    steps = [("overspend", number, "reserve", step.reserve) for number, step in _reserve_steps(clause)]
    steps += [("underspend", number, "retain", step.retain) for number, step in _retain_steps(clause)]
    for side, number, key, name in steps:
        reserve = agreement.reserves.get(name)
        if reserve is not None and reserve.held == "outside_pool":
            verb = "drawn on" if key == "reserve" else "fed"
            yield Fault(
                (*_RISK_SHARE, place, side, number, key),
                "ReserveHeldOutside",
                f"reserve {name} is held outside the pool and cannot be {verb}",
                "name a reserve held in_pool, or take the step out",
                about=(("reserves", name, "held"),),
            )


def _reserve_steps(clause: Clause) -> Iterator[tuple[int, ReserveStep]]:
    return ((number, step) for number, step in enumerate(clause.overspend) if isinstance(step, ReserveStep))


def _retain_steps(clause: Clause) -> Iterator[tuple[int, RetainStep]]:
    return ((number, step) for number, step in enumerate(clause.underspend) if isinstance(step, RetainStep))


def _decision(agreement: Agreement, decision: Decision, place: int) -> Iterator[Fault]:
    path: Path = ("decisions", place)
    total = sum(decision.partners.values())
    if total == 0:
        message = f"a decision of {pounds_for_people(0)} decides nothing"
        remedy = "write what each partner bears or gets, or take the decision out"
        yield Fault((*path, "partners"), "DecisionIsNil", message, remedy)
    clause = next((each for each in agreement.risk_share if each.clause == decision.clause), None)
    if clause is not None and not _can_be_unresolved(clause, decision.side):
        yield Fault(
            (*path, "clause"),
            "DecisionNotCalledFor",
            f"clause {clause.clause} leaves no {decision.side} for the board to decide",
            "take the decision out, or end the clause with decide: board",
            about=((*path, "side"), _RISK_SHARE),
        )


def _can_be_unresolved(clause: Clause, side: str) -> bool:
    steps: tuple[OverspendStep | UnderspendStep, ...] = clause.overspend if side == "overspend" else clause.underspend
    open_liability = side == "overspend" and bool(clause.max_liability) and clause.excess_to is None
    return open_liability or any(isinstance(step, DecideStep) for step in steps)
