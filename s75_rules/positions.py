"""What a risk share is worked out on: budgets, outturns, breaches, reserves and decisions in pence. Shares nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement
from s75_rules.clause_records import AgreedBeforehand, Dispute
from s75_rules.clauses import Clause, Decision, ReserveStep, RetainStep, ReturnStep, ShareStep
from s75_rules.errors import RuleBroken


class UnknownLine(RuleBroken):
    """An outturn or breach on a scheme line that the agreement does not have."""


class UnknownBreachPartner(RuleBroken):
    """A breach by a partner that the agreement does not have."""


class BreachAmountWrong(RuleBroken):
    """A breach of nil or less, or breaches that come to more than the outturn of their line."""


class MonthsDiffer(RuleBroken):
    """A line's variance by month that does not sum to its variance."""


class BudgetNotExact(RuleBroken):
    """A variance asked for on a line whose agreed budget is a range or is not known."""


class ContributionNotExact(RuleBroken):
    """A share by contribution where a contribution is a range or is not known."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Spend outside authority or not permitted by the agreement: the partner that made it bears it alone."""

    scheme: str
    partner: str
    amount_pence: int
    minute: str | None = None


@dataclass(frozen=True)
class Position:
    """Where the pool stands: current budgets and contributions, outturn, breaches, reserves, in pence.

    ``budgets`` is keyed by scheme and contribution, ``contributions``, ``outturns`` and ``reserves``
    by their ids. A line without an outturn is taken to have spent its budget. ``movements`` says in
    which of the twelve months a line's variance arose, breaches left out; only dated clauses and
    notices ask for it, and a line that is not in it is taken to have arisen evenly. ``contained`` is
    what boards decided not to spend, by line and the month in which they did; only steps for management action
    ask for it.
    """

    budgets: Mapping[tuple[str, str], int]
    contributions: Mapping[str, int]
    outturns: Mapping[str, int]
    breaches: tuple[Breach, ...] = ()
    reserves: Mapping[str, int] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    agreed_beforehand: tuple[AgreedBeforehand, ...] = ()
    movements: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    contained: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def _by_line(self) -> Mapping[str, Mapping[str, int]]:
        lines: dict[str, dict[str, int]] = {}
        for (scheme, contribution), amount in self.budgets.items():
            if amount > 0:
                lines.setdefault(scheme, {})[contribution] = amount
        return lines

    @cached_property
    def _budgets(self) -> Mapping[str, int]:
        return {scheme: sum(budgets.values()) for scheme, budgets in self._by_line.items()}

    def line_budgets(self, scheme: str) -> Mapping[str, int]:
        """A line's budgets above nil by contribution, in pence; empty for a line without budget."""
        return self._by_line.get(scheme, {})

    def budget_pence(self, scheme: str) -> int:
        """The whole current budget of a line, ring-fenced parts included."""
        return self._budgets.get(scheme, 0)

    def variance_pence(self, scheme: str) -> int:
        """The outturn of a line less its breaches, less its budget; above nil is an overspend."""
        budget = self._budgets.get(scheme, 0)
        return self.outturns.get(scheme, budget) - self.breach_pence(scheme) - budget

    def variances(self, schemes: Iterable[str]) -> dict[str, int]:
        """The variance of each of these lines in pence, breaches left out, measured in one pass."""
        if self.breaches:
            return {scheme: self.variance_pence(scheme) for scheme in schemes}
        budgets, outturns = self._budgets, self.outturns
        return {scheme: outturns[scheme] - budgets.get(scheme, 0) if scheme in outturns else 0 for scheme in schemes}

    def outturn_pence(self, scheme: str) -> int:
        """The outturn of a line; its budget where none is given."""
        return self.outturns.get(scheme, self.budget_pence(scheme))

    def breach_pence(self, scheme: str) -> int:
        """The breaches on a line added up."""
        if not self.breaches:
            return 0
        return sum(breach.amount_pence for breach in self.breaches if breach.scheme == scheme)


def position_from_agreement(
    agreement: Agreement, outturns: Mapping[str, int], breaches: Sequence[Breach] = ()
) -> Position:
    """The position with the budgets, contributions, reserves and decisions of the agreement file itself.

    Raises:
        BudgetNotExact: an outturn, or a limit in percent, falls on a line whose budget is not exact.
    """
    inexact = [
        scheme.id
        for scheme in agreement.schemes.values()
        if any(amount.exact_pence is None for amount in scheme.budgets.values())
    ]
    for scheme_id in inexact:
        limited = agreement.is_pooled(agreement.schemes[scheme_id]) and any(map(_has_share_limit, agreement.risk_share))
        if scheme_id in outturns or limited:
            raise BudgetNotExact(
                f"the budget of line {scheme_id} is not an exact amount: agree it before its variance is shared"
            )
    return Position(
        budgets={
            (scheme.id, contribution): agreement.budget_pence(scheme.id, contribution)
            for scheme in agreement.schemes.values()
            for contribution in scheme.budgets
        },
        contributions={
            each.id: each.amount.exact_pence
            for each in agreement.contributions.values()
            if each.amount.exact_pence is not None
        },
        outturns=dict(outturns),
        breaches=tuple(breaches),
        reserves={reserve.id: reserve.opening_balance_pence for reserve in agreement.reserves.values()},
        decisions=agreement.decisions,
        disputes=agreement.disputes,
        agreed_beforehand=agreement.agreed_beforehand,
    )


def _has_share_limit(clause: Clause) -> bool:
    """Whether a step is limited to a percentage of the budget of the clause's lines."""
    limited = (ReserveStep, ShareStep, RetainStep, ReturnStep)
    steps = [*clause.overspend, *clause.underspend]
    return any(isinstance(step, limited) and step.up_to is not None and step.up_to.share is not None for step in steps)


def check_position(agreement: Agreement, position: Position) -> None:
    """Refuse outturns and breaches that do not fit the agreement.

    Raises:
        UnknownLine, UnknownBreachPartner, BreachAmountWrong, MonthsDiffer: as their names say.
    """
    for scheme in [*position.outturns, *(breach.scheme for breach in position.breaches)]:
        if scheme not in agreement.schemes:
            raise UnknownLine(f"'{scheme}' is no scheme line of the agreement: use the id under schemes")
    for breach in position.breaches:
        if breach.partner not in agreement.partners:
            raise UnknownBreachPartner(
                f"the breach on line {breach.scheme} names '{breach.partner}', no partner of the agreement:"
                " use the id under partners"
            )
        if breach.amount_pence <= 0:
            raise BreachAmountWrong(f"a breach on line {breach.scheme} is nil or less: give the amount above nil")
    for scheme in dict.fromkeys(breach.scheme for breach in position.breaches):
        breached, outturn = position.breach_pence(scheme), position.outturn_pence(scheme)
        if breached > outturn:
            raise BreachAmountWrong(
                f"breaches of {pounds_for_people(breached)} on line {scheme} are more than its outturn of"
                f" {pounds_for_people(outturn)}: correct the breach or the outturn"
            )
    for scheme, months in position.movements.items():
        if scheme in agreement.schemes and sum(months) != position.variance_pence(scheme):
            raise MonthsDiffer(
                f"the months of line {scheme} come to {pounds_for_people(sum(months))}, and its variance is"
                f" {pounds_for_people(position.variance_pence(scheme))}: give months that sum to the variance"
            )
