"""Virements: budget moved between lines of one contribution, its tests re-run first, posted with its approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Recorded
from ledgers.money import pounds, pounds_for_people
from pooledfund import templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.conditions import plan_lines
from pooledfund.templates import Stamp
from s75_rules.conditions import MinimumTest, YearNotKnown, load_year, minimum_tests
from s75_rules.errors import RuleBroken
from s75_rules.risk_share import Position, share_risk


class VirementRefused(InputRefused):
    """A virement that the agreement or the books do not allow, with every reason."""


@dataclass(frozen=True, slots=True)
class Virement:
    """A proposed change of budget: an amount in pence from one line to another within a contribution."""

    from_scheme: str
    to_scheme: str
    contribution: str
    amount_pence: int
    effective_on: date
    minute: str


@dataclass(frozen=True, slots=True)
class VirementEffect:
    """What a virement would do to its lines and to the minimum tests on the plan."""

    virement: Virement
    lines_before_pence: Mapping[str, int]
    lines_after_pence: Mapping[str, int]
    before: tuple[MinimumTest, ...]
    after: tuple[MinimumTest, ...]

    @property
    def breaks(self) -> tuple[MinimumTest, ...]:
        """The tests that would no longer be met."""
        met = {test.id for test in self.before if test.result == "met"}
        return tuple(test for test in self.after if test.id in met and test.result == "not met")

    def as_json(self) -> dict[str, object]:
        """The effect with money in pounds as text."""
        return {
            "from": self.virement.from_scheme,
            "to": self.virement.to_scheme,
            "contribution": self.virement.contribution,
            "amount": pounds(self.virement.amount_pence),
            "effective": self.virement.effective_on.isoformat(),
            "budgets": {
                scheme: {"before": pounds(pence), "after": pounds(self.lines_after_pence[scheme])}
                for scheme, pence in self.lines_before_pence.items()
            },
            "tests_before": [test.as_json() for test in self.before],
            "tests_after": [test.as_json() for test in self.after],
            "allowed": not self.breaks,
        }


def virement_effect(pool: Pool, virement: Virement) -> VirementEffect:
    """Work out a virement without posting it: a dry run with the minimum tests re-run on the plan.

    Raises:
        VirementRefused: with every reason why it cannot be made at all.
    """
    require(pool.actor, Action.READ)
    _check(pool, virement)
    month = pool.agreement.year.month_of(virement.effective_on)
    budgets = pool.current_budgets()
    after = dict(budgets)
    after[virement.from_scheme, virement.contribution] -= virement.amount_pence
    to = (virement.to_scheme, virement.contribution)
    after[to] = after.get(to, 0) + virement.amount_pence
    _check_covered(pool, after)
    schemes = (virement.from_scheme, virement.to_scheme)
    return VirementEffect(
        virement,
        {scheme: _line_total(budgets, scheme) for scheme in schemes},
        {scheme: _line_total(after, scheme) for scheme in schemes},
        _tests(pool, budgets, month),
        _tests(pool, after, month),
    )


def make_virement(pool: Pool, virement: Virement) -> tuple[VirementEffect, Recorded | None]:
    """Post a virement with its minute unless a minimum test that is met would no longer be: then nothing is posted.

    Raises:
        VirementRefused: it cannot be made at all.
        LedgerRefusal: the books refuse it.
    """
    require(pool.actor, Action.VIRE)
    effect = virement_effect(pool, virement)
    if effect.breaks:
        return effect, None
    amount = pounds_for_people(virement.amount_pence)
    stamp = Stamp(
        on=virement.effective_on,
        who=pool.actor.name,
        why=f"virement of {amount} from {virement.from_scheme} to {virement.to_scheme}, {virement.minute}",
        reference=virement.minute,
        key="/".join(
            (
                "virement",
                virement.from_scheme,
                virement.to_scheme,
                virement.contribution,
                virement.effective_on.isoformat(),
                virement.minute,
            )
        ),
    )
    entry = templates.virement(
        stamp, virement.from_scheme, virement.to_scheme, virement.contribution, virement.amount_pence
    )
    with pool.writing(Action.VIRE) as writing:
        return effect, writing.record(entry)


def _check(pool: Pool, virement: Virement) -> None:
    """Every reason why the virement cannot be made, at once."""
    agreement, reasons = pool.agreement, list[str]()
    for scheme in (virement.from_scheme, virement.to_scheme):
        if scheme not in agreement.schemes:
            reasons.append(f"'{scheme}' is not a scheme line of {agreement.id}: name one that check lists")
    if virement.contribution not in agreement.contributions:
        reasons.append(f"'{virement.contribution}' is not a contribution of {agreement.id}: name one that check lists")
    if virement.from_scheme == virement.to_scheme:
        reasons.append("the two lines are the same: name another line to move the budget to")
    if virement.amount_pence <= 0:
        reasons.append("the amount of a virement is above nil: turn the two lines round to move budget back")
    if not virement.minute.strip():
        reasons.append("a virement needs the minute that approved it: give it with --minute")
    if virement.effective_on not in agreement.year:
        reasons.append(f"{virement.effective_on.isoformat()} is not in {agreement.year}: date it in the pool's year")
    if not reasons:
        reasons += _check_money(pool, virement)
    if reasons:
        raise VirementRefused(*reasons)


def _check_money(pool: Pool, virement: Virement) -> list[str]:
    agreement, reasons = pool.agreement, list[str]()
    contribution = agreement.contributions[virement.contribution]
    to = agreement.schemes[virement.to_scheme]
    month = agreement.year.month_of(virement.effective_on)
    if contribution.fund != to.fund:
        reasons.append(
            f"{to.id} is in the fund {to.fund} and {contribution.id} in {contribution.fund}: name a line of its fund"
        )
    if contribution.is_capital and contribution.id not in to.budgets and not to.capital:
        reasons.append(
            f"{contribution.id} is capital grant and {to.id} is a revenue line: capital pays for capital only"
        )
    if pool.books.month_states()[month] == "closed":
        reasons.append(f"M{month} is closed and its report stands: date the virement in an open month")
    has = min(
        pool.current_budgets(through).get((virement.from_scheme, virement.contribution), 0)
        for through in range(month, 13)
    )
    if virement.amount_pence > has:
        reasons.append(
            f"{virement.from_scheme} has {pounds_for_people(has)} from {contribution.id}, "
            f"less than {pounds_for_people(virement.amount_pence)}: lower the amount"
        )
    return reasons


def _check_covered(pool: Pool, budgets: Mapping[tuple[str, str], int]) -> None:
    """See that every line would still be under a clause: one that covers by source may lose a line to a virement."""
    nothing_spent = Position(budgets=budgets, contributions=pool.current_contributions(), outturns={})
    try:
        share_risk(pool.agreement, nothing_spent)
    except RuleBroken as broken:
        raise VirementRefused(f"{broken}; the virement would leave it so") from None


def _line_total(budgets: Mapping[tuple[str, str], int], scheme: str) -> int:
    return sum(pence for (each, _), pence in budgets.items() if each == scheme)


def _tests(pool: Pool, budgets: Mapping[tuple[str, str], int], month: int) -> tuple[MinimumTest, ...]:
    try:
        rules = load_year(pool.agreement.year)
    except YearNotKnown:
        return ()
    return minimum_tests(pool.agreement, rules, plan_lines(budgets), "plan", pool.current_contributions(month))
