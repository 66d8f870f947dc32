"""The steps of a clause in their order: offset, reserve, share, decide; retain, return, carry forward."""

from collections.abc import Collection

from ledgers.money import apportion, pounds_for_people
from s75_rules.amounts import Limit
from s75_rules.clauses import (
    CarryForwardStep,
    Clause,
    DecideStep,
    OffsetStep,
    ReserveStep,
    RetainStep,
    ReturnStep,
    ShareStep,
)
from s75_rules.errors import RuleBroken
from s75_rules.sharing import beyond_liability, give_back, share
from s75_rules.tally import Offset, Side, Tally, by_lines


class ClauseLeavesMoney(RuleBroken):
    """A clause whose last step does not place everything that is left."""


class ReserveHeldOutside(RuleBroken):
    """A step that draws on or feeds a reserve held outside the pool."""


def run_overspend(tally: Tally, clause: Clause) -> None:
    """Run the overspend steps of a clause on what is left of its lines' overspends.

    Raises:
        ReserveHeldOutside, ClauseLeavesMoney: the clause draws on what is outside the pool, or leaves a penny.
    """
    last = clause.overspend[-1]
    if isinstance(last, OffsetStep | ReserveStep) or (isinstance(last, ShareStep) and (last.caps or last.up_to)):
        raise _leaves_money(clause, "overspend")
    liability = dict(clause.max_liability)
    for step in clause.overspend:
        match step:
            case OffsetStep():
                _offset(tally, clause, step)
            case ReserveStep():
                _draw(tally, clause, step)
            case ShareStep():
                share(tally, clause, step, _size(tally, clause, "overspend", step.up_to), liability)
            case DecideStep():
                _leave_open(tally, clause, "overspend", "which the clause leaves to the board to decide")
    if tally.left(clause, "overspend") and not beyond_liability(tally, clause):
        why = "which is more than the maximum liabilities of the clause allow and is given to nobody"
        _leave_open(tally, clause, "overspend", why)


def run_underspend(tally: Tally, clause: Clause) -> None:
    """Run the underspend steps of a clause on what offsets have left of its lines' underspends.

    Raises:
        ReserveHeldOutside, ClauseLeavesMoney: the clause feeds what is outside the pool, or leaves a penny.
    """
    last = clause.underspend[-1]
    if isinstance(last, RetainStep | ReturnStep) and last.up_to:
        raise _leaves_money(clause, "underspend")
    for step in clause.underspend:
        match step:
            case RetainStep():
                _retain(tally, clause, step)
            case ReturnStep():
                give_back(tally, clause, step, _size(tally, clause, "underspend", step.up_to))
            case CarryForwardStep():
                _carry_forward(tally, clause)
            case DecideStep():
                _leave_open(tally, clause, "underspend", "which the clause leaves to the board to decide")


def _leaves_money(clause: Clause, side: Side) -> ClauseLeavesMoney:
    return ClauseLeavesMoney(
        f"the last {side} step of clause '{clause.clause}' can leave money unplaced:"
        " end with a step without limit or cap, or with decide: board"
    )


def _size(tally: Tally, clause: Clause, side: Side, up_to: Limit | None) -> int:
    """What is left of the clause, or the step's limit where that is less."""
    left = sum(tally.left(clause, side).values())
    if up_to is None:
        return left
    return min(left, up_to.of(sum(tally.position.budget_pence(scheme) for scheme in tally.lines_of(clause))))


def _offset(tally: Tally, clause: Clause, step: OffsetStep) -> None:
    """Relieve overspent lines with underspends that are still unused in the scope; a fund at a time for ``fund``."""
    match step.offset:
        case "clause":
            _relieve(tally, clause, tally.lines_of(clause), "under this clause")
        case "fund":
            for fund in tally.agreement.funds.values():
                within = [scheme for scheme in tally.under if tally.agreement.schemes[scheme].fund == fund.id]
                _relieve(tally, clause, within, f"in the {fund.name}")
        case "agreement":
            _relieve(tally, clause, tally.under.keys(), "anywhere in the agreement's pooled funds")


def _relieve(tally: Tally, clause: Clause, scope: Collection[str], where: str) -> None:
    """Within a scope, set unused underspends against the clause's overspends; capital takes no relief."""
    over = {
        scheme: amount
        for scheme, amount in tally.left(clause, "overspend").items()
        if scheme in scope and not tally.takes_no_relief(scheme)
    }
    under = {scheme: amount for scheme, amount in tally.under.items() if amount and scheme in scope}
    size = min(sum(over.values()), sum(under.values()))
    relief, used = by_lines(size, over), by_lines(size, under)
    tally.take("overspend", relief)
    tally.take("underspend", used)
    if size:
        tally.offsets.append(Offset(relief, used))
    rule = (
        f"Under clause '{clause.clause}' unused underspends {where} come first: {pounds_for_people(size)} of the"
        f" underspend on {tally.wording.amounts(under)} meets as much of the overspend on {tally.wording.amounts(over)}"
    )
    for scheme, amount in relief.items():
        if amount:
            because = f"{rule}; by size of overspend, {scheme} is relieved of {pounds_for_people(amount)}."
            tally.explain(clause.clause, "offset relief", scheme, None, amount, because)
    for scheme, amount in used.items():
        if amount:
            because = f"{rule}; by size of underspend, {scheme} gives {pounds_for_people(amount)}."
            tally.explain(clause.clause, "offset use", scheme, None, amount, because)


def _reserve_in_pool(tally: Tally, clause: Clause, reserve: str) -> None:
    if tally.agreement.reserves[reserve].held == "outside_pool":
        raise ReserveHeldOutside(
            f"clause '{clause.clause}' uses reserve {reserve}, which is held outside the pool:"
            " take the step out, or hold the reserve in the pool"
        )


def _draw(tally: Tally, clause: Clause, step: ReserveStep) -> None:
    """Draw on a reserve, as far as its balance and the step's limit go."""
    _reserve_in_pool(tally, clause, step.reserve)
    balance = max(0, tally.position.reserves.get(step.reserve, 0) + tally.reserves[step.reserve])
    left = tally.left(clause, "overspend")
    size = min(_size(tally, clause, "overspend", step.up_to), balance)
    if not size:
        return
    relief = by_lines(size, left)
    tally.take("overspend", relief)
    tally.reserves[step.reserve] -= size
    tally.explain(
        clause.clause,
        "reserve drawn",
        None,
        None,
        size,
        f"Under clause '{clause.clause}' reserve {step.reserve}, with a balance of {pounds_for_people(balance)}, meets"
        f" {pounds_for_people(size)} of the overspend left on {tally.wording.amounts(left)}; by size of overspend it"
        f" relieves {tally.wording.amounts(relief)}.",
    )


def _retain(tally: Tally, clause: Clause, step: RetainStep) -> None:
    """Keep an underspend in a reserve, up to the step's limit."""
    _reserve_in_pool(tally, clause, step.retain)
    size = _size(tally, clause, "underspend", step.up_to)
    if not size:
        return
    kept = by_lines(size, tally.left(clause, "underspend"))
    tally.take("underspend", kept)
    tally.reserves[step.retain] += size
    tally.explain(
        clause.clause,
        "retained",
        None,
        None,
        size,
        f"Under clause '{clause.clause}' {pounds_for_people(size)} of underspend on {tally.wording.amounts(kept)} is"
        f" retained in reserve {step.retain}.",
    )


def _carry_forward(tally: Tally, clause: Clause) -> None:
    """Carry each line's underspend forward with its un-ringed contributions, by their budgets on the line."""
    contributions, wording = tally.agreement.contributions, tally.wording
    left = tally.left(clause, "underspend")
    tally.take("underspend", left)
    for scheme, amount in left.items():
        budgets = tally.position.line_budgets(scheme)
        funding = [each for each in contributions.values() if each.id in budgets and not each.is_ring_fenced]
        parts = apportion(amount, [budgets[each.id] for each in funding])
        for contribution, part in zip(funding, parts, strict=True):
            if part:
                tally.carried[contribution.id] = tally.carried.get(contribution.id, 0) + part
                because = (
                    f"Under clause '{clause.clause}' the underspend of {pounds_for_people(amount)} on"
                    f" {wording.line(scheme)} is carried forward with the contributions that fund the line, by their"
                    f" budgets on it: {pounds_for_people(part)} with {wording.contribution(contribution.id)}."
                )
                tally.explain(clause.clause, "carried forward", scheme, contribution.partner, part, because)


def _leave_open(tally: Tally, clause: Clause, side: Side, why: str) -> None:
    """Leave what is left of a clause unresolved until a decision is recorded."""
    left = tally.left(clause, side)
    if not left:
        return
    tally.take(side, left)
    tally.open[clause.clause, side] = left
    size = sum(left.values())
    tally.explain(
        clause.clause,
        f"left open: {side}",
        next(iter(left)) if len(left) == 1 else None,
        None,
        size,
        f"Clause '{clause.clause}' leaves {pounds_for_people(size)} of {side} on {tally.wording.amounts(left)}"
        f" unplaced, {why}.",
    )
