"""Payment by results: what is earned, released, shared or set by heads, and why. Posts nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ledgers.money import apportion, equal_parts, pounds, pounds_for_people, short_number
from s75_rules.agreement import Agreement
from s75_rules.amounts import total
from s75_rules.errors import RuleBroken
from s75_rules.performance_terms import (
    CapitatedBudget,
    Contingency,
    GainShare,
    Incentive,
    PayForPerformance,
    PeriodPlan,
    Tier,
)


class QuarterMissing(RuleBroken):
    """Admissions of a later quarter without those of an earlier one, though the plan is cumulative."""


@dataclass(frozen=True, slots=True)
class Actuals:
    """What was counted, measured and spent: admissions by name and period, values by incentive, pence by gain share."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    values: Mapping[str, Fraction] = field(default_factory=dict)
    costs_pence: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One amount of payment by results in pence, to whom it goes and why. Amounts of one ``whole`` sum to it."""

    item: str
    step: str
    period: str | None
    to: str | None
    amount_pence: int
    because: str
    is_known: bool = True
    """Whether the amount is known; one that is not stands as nil in sums and is printed as not known."""

    def as_json(self) -> dict[str, str | None]:
        """The step with its amount as text of pounds."""
        return {
            "item": self.item,
            "step": self.step,
            "period": self.period,
            "to": self.to,
            "amount": pounds(self.amount_pence) if self.is_known else None,
            "because": self.because,
        }


@dataclass(frozen=True, slots=True)
class Item:
    """One arrangement worked out: the whole amount it places in pence, and the steps that place it."""

    name: str
    title: str
    whole_pence: int
    steps: tuple[Step, ...]
    note: str | None = None

    def __post_init__(self) -> None:
        assert sum(step.amount_pence for step in self.steps) == self.whole_pence, "every penny of an item is placed"

    @property
    def is_known(self) -> bool:
        """Whether the whole amount is known: no step of it waits for what is not reported."""
        return all(step.is_known for step in self.steps)

    def as_json(self) -> dict[str, object]:
        """The item with money as text of pounds."""
        return {
            "name": self.name,
            "title": self.title,
            "whole": pounds(self.whole_pence) if self.is_known else None,
            "note": self.note,
            "steps": [step.as_json() for step in self.steps],
        }


OUT_OF_HOSPITAL = "NHS-commissioned out-of-hospital services"


def performance(agreement: Agreement, actuals: Actuals, underspend_pence: int = 0) -> tuple[Item, ...]:
    """Work out every arrangement of the agreement on what is known so far.

    ``underspend_pence`` is the pool's underspend, which first meets what pay for performance did not
    earn (Nottingham City's rule). What is not reported yet is shown as open, never as not earned.

    Raises:
        QuarterMissing: a later quarter is reported and an earlier one is not.
    """
    terms = agreement.performance
    found: list[Item] = []
    if terms.pay_for_performance:
        found.append(pay_for_performance(terms.pay_for_performance, actuals.counts, underspend_pence))
    if terms.contingency:
        found.append(contingency(terms.contingency, actuals.counts))
    found += [incentive(name, each, actuals.values.get(name)) for name, each in terms.incentives.items()]
    for name, share in terms.gain_shares.items():
        found.append(gain_share(name, share, actuals.costs_pence.get(name)))
    for name, budget in terms.capitated_budgets.items():
        item = capitated_budget(name, budget)
        found.append(replace(item, note=_against_line(agreement, budget.scheme, item.whole_pence)))
    return tuple(found)


def _against_line(agreement: Agreement, scheme: str | None, whole_pence: int) -> str | None:
    """How the budget that a line has stands to the one worked out by heads."""
    if scheme is None:
        return None
    agreed = total(agreement.schemes[scheme].budgets.values())
    if agreed.exact_pence is None:
        return f"The budget of line {scheme} is {agreed}, so it cannot be held against this."
    gap = agreed.exact_pence - whole_pence
    said = "the same" if not gap else f"{pounds_for_people(abs(gap))} {'more' if gap > 0 else 'less'}"
    return f"The budget of line {scheme} is {agreed}: {said}."


def reported(name: str, quarters: Mapping[str, PeriodPlan], counts: Mapping[tuple[str, str], int]) -> list[str]:
    """The quarters with a count, which have to be the first ones."""
    known = [quarter for quarter in quarters if (name, quarter) in counts]
    if known != list(quarters)[: len(known)]:
        missing = next(quarter for quarter in quarters if quarter not in known)
        raise QuarterMissing(f"{name} has a count for {known[-1]} and none for {missing}: give every quarter before it")
    return known


def pay_for_performance(
    terms: PayForPerformance, counts: Mapping[tuple[str, str], int], underspend_pence: int = 0
) -> Item:
    """Release pay for performance quarter by quarter (2014-16).

    Earned to date is the smaller of the cumulative reduction achieved and the cumulative plan, times
    the unit price, never more than the money at stake; a quarter releases what is earned beyond
    what was paid, and nothing is taken back. At the end what is not earned goes to NHS-commissioned
    out-of-hospital services; the pool's underspend meets that shortfall first.
    Source: the rules of pay for performance 2015/16 as remembered; unearned money to NHS-commissioned
    services as Parliament was told.
    """
    name, price = "pay_for_performance", terms.unit_price
    planned = max(0, sum(each.baseline - each.plan for each in terms.quarters.values())) * price
    whole = planned if terms.share_of_fund is None else terms.share_of_fund
    at_stake = min(planned, whole)
    steps: list[Step] = []
    if whole > at_stake:
        why = f"The plan puts {pounds_for_people(at_stake)} at stake; the rest of the area's share is free of it."
        steps.append(Step(name, "not at stake", None, terms.unearned_to or OUT_OF_HOSPITAL, whole - at_stake, why))
    known = reported(name, terms.quarters, counts)
    paid = fallen = plan = 0
    for quarter in known:
        fallen += terms.quarters[quarter].baseline - counts[name, quarter]
        plan += terms.quarters[quarter].baseline - terms.quarters[quarter].plan
        earned = min(at_stake, max(0, min(fallen, plan)) * price)
        pay = max(0, earned - paid)
        why = (
            f"To the end of {quarter} admissions {_moved(fallen)} against a planned fall of {plan:,}; the smaller, at"
            f" {pounds_for_people(price)} each and within what is at stake, earns {pounds_for_people(earned)}, of which"
            f" {pounds_for_people(paid)} was paid."
        )
        steps.append(Step(name, "released", quarter, "pool", pay, why))
        paid += pay
    left = at_stake - paid
    if len(known) < len(terms.quarters):
        why = f"{len(terms.quarters) - len(known)} of {len(terms.quarters)} quarters are not reported yet."
        steps.append(Step(name, "open", None, None, left, why))
    else:
        steps += _shortfall(name, left, underspend_pence, terms.unearned_to or OUT_OF_HOSPITAL)
    return Item(name, "Pay for performance", whole, tuple(steps))


def _moved(fallen: int) -> str:
    return f"fell by {fallen:,}" if fallen >= 0 else f"rose by {-fallen:,}"


def _shortfall(name: str, left: int, underspend_pence: int, to: str) -> Iterator[Step]:
    """What was not earned leaves the pool for out-of-hospital services; the pool's underspend covers the gap first."""
    met = min(left, max(0, underspend_pence))
    if not left:
        return
    if met:
        why = (
            f"The pool lacks {pounds_for_people(left)} that was not earned; its underspend of"
            f" {pounds_for_people(underspend_pence)} meets {pounds_for_people(met)} of that first, which leaves"
            f" {pounds_for_people(underspend_pence - met)} of underspend."
        )
        yield Step(name, "not earned, met by underspend", None, to, met, why)
    if left - met:
        why = f"{pounds_for_people(left - met)} was not earned and is spent on {OUT_OF_HOSPITAL} as the board agrees."
        yield Step(name, "not earned", None, to, left - met, why)


def contingency(terms: Contingency, counts: Mapping[tuple[str, str], int]) -> Item:
    """Pay for activity above plan from the money held back, quarter by quarter, and release the rest (from 2016/17).

    Each quarter has an equal part of the money, the remainder in the last. It pays for the
    cumulative activity above plan that was not paid for yet, as far as it goes.
    """
    name = "contingency"
    known = reported(name, terms.quarters, counts)
    steps: list[Step] = []
    above = paid = 0
    parts = equal_parts(terms.amount, len(terms.quarters))
    for quarter, part in zip(known, parts, strict=False):
        above += counts[name, quarter] - terms.quarters[quarter].plan
        pay = min(part, max(0, max(0, above) * terms.unit_price - paid))
        paid += pay
        why = (
            f"To the end of {quarter} admissions are {abs(above):,} {'above' if above > 0 else 'at or below'} plan, at"
            f" {pounds_for_people(terms.unit_price)} each; the quarter's part is {pounds_for_people(part)}."
        )
        if pay:
            steps.append(Step(name, "pays for activity", quarter, "acute activity", pay, why))
        if part - pay:
            steps.append(Step(name, "released", quarter, terms.released_to or OUT_OF_HOSPITAL, part - pay, why))
    if rest := sum(parts[len(known) :]):
        steps.append(Step(name, "open", None, None, rest, "The quarters left are not reported yet."))
    return Item(name, "Contingency against admissions", terms.amount, tuple(steps))


def incentive(name: str, terms: Incentive, value: Fraction | None) -> Item:
    """Release a local incentive: all of it at the target or better, or in proportion to the way from the baseline."""
    if value is None:
        step = Step(name, "open", None, None, terms.amount, "The measure is not reported yet.")
        return Item(name, terms.name, terms.amount, (step,))
    way = (value - terms.baseline) / (terms.target - terms.baseline)
    share = min(Fraction(1), max(Fraction(0), way))
    if terms.release == "all_or_nothing":
        share = Fraction(int(way >= 1))
    earned = int(terms.amount * share + Fraction(1, 2))
    why = (
        f"The measure is {_plain(value)}, from a baseline of {_plain(terms.baseline)} towards {_plain(terms.target)};"
        f" {terms.release.replace('_', ' ')}, that earns {pounds_for_people(earned)} of"
        f" {pounds_for_people(terms.amount)}."
    )
    steps = [Step(name, "earned", None, "pool", earned, why)]
    if earned < terms.amount:
        steps.append(Step(name, "not earned", None, terms.payer, terms.amount - earned, "It stays with its payer."))
    return Item(name, terms.name, terms.amount, tuple(steps))


def gain_share(name: str, terms: GainShare, cost_pence: int | None) -> Item:
    """Share a saving against the expected cost, or a loss, tier by tier; a loss is below nil.

    In a tier each partner has its part by contribution or weights, up to the tier's limit; what is
    beyond goes to the next. A first tier for some partners alone is the rule that another's
    contribution does not fall before theirs have.
    """
    if cost_pence is None:
        step = Step(name, "open", None, None, 0, "The cost is not reported yet.", is_known=False)
        return Item(name, terms.name, 0, (step,))
    saving = terms.expected - cost_pence
    word = "saving" if saving >= 0 else "loss"
    tiers = terms.gain if saving >= 0 else terms.loss or terms.gain
    left, sign, steps = abs(saving), 1 if saving >= 0 else -1, list[Step]()
    for number, tier in enumerate(tiers, 1):
        weights = _weights(terms, tier)
        room = left if tier.up_to is None else tier.up_to.of(sum(terms.contributions[each] for each in weights))
        size = min(left, room)
        for partner, part in zip(weights, apportion(size, list(weights.values())), strict=True):
            if part:
                why = (
                    f"Of the {word} of {pounds_for_people(abs(saving))}, tier {number} shares {pounds_for_people(size)}"
                    f" {'in the agreed proportions' if tier.weights else 'by contribution'}."
                )
                steps.append(Step(name, word, f"tier {number}", partner, sign * part, why))
        left -= size
    return Item(name, terms.name, saving, tuple(steps))


def _weights(terms: GainShare, tier: Tier) -> dict[str, int | Fraction]:
    if tier.weights:
        return dict(tier.weights)
    partners: Sequence[str] = tier.partners or tuple(terms.contributions)
    return {partner: terms.contributions[partner] for partner in partners}


def capitated_budget(name: str, terms: CapitatedBudget) -> Item:
    """A budget by heads: each band's population times its rate times its weight, rounded half up to the penny."""
    steps = []
    for band, each in terms.bands.items():
        amount = int(each.population * each.rate * each.weight + Fraction(1, 2))
        weighted = "" if each.weight == 1 else f", weighted {_plain(each.weight)}"
        why = f"{each.population:,} people at {pounds_for_people(each.rate)}{weighted}."
        steps.append(Step(name, "budget", band, terms.scheme, amount, why))
    return Item(name, terms.name, sum(step.amount_pence for step in steps), tuple(steps))


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else short_number(number)
