"""What an agreement says of payment by results, gain share and budgets by heads, as values.

Works out no payment. Counts are whole numbers of admissions or people.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from s75_rules.fields import Basis, Frozen, NotNegative, UpTo, Weight, exact_number


def read_count(text: str) -> int:
    """A whole number of admissions or people, thousands marked or not; raises ValueError."""
    cleaned = text.strip()
    if not re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}([,_][0-9]{3}){1,3}", cleaned):
        raise ValueError(f"'{text}' is not a count: write a whole number such as 10000")
    return int(re.sub("[,_]", "", cleaned))


def read_number(text: str) -> Fraction:
    """A measured value, exact, below nil too; raises ValueError."""
    cleaned = text.strip()
    number = exact_number(cleaned.removeprefix("-"))
    if number is None:
        raise ValueError(f"'{text}' is not a number: write it as 91.5")
    return -number if cleaned.startswith("-") else number


def _text_by(read: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


Count = Annotated[int, _text_by(read_count), Field(ge=0)]
Number = Annotated[Fraction, _text_by(read_number)]


class PeriodPlan(Frozen):
    """The admissions of one quarter: as they were in the year before, and as planned."""

    baseline: Count
    plan: Count


Periods = Annotated[dict[str, PeriodPlan], Field(min_length=1)]


class PayForPerformance(Frozen):
    """2014-16: part of the NHS minimum is released by quarters as admissions fall.

    ``share_of_fund`` is the area's share of the money that hangs on performance nationally; what
    the plan does not put at stake goes to NHS-commissioned out-of-hospital services from the start,
    and what is not earned goes there afterwards.
    """

    unit_price: NotNegative
    quarters: Periods
    share_of_fund: NotNegative | None = None
    contribution: str | None = None
    unearned_to: str | None = None
    basis: Basis | None = None
    reference: str | None = None


class Contingency(Frozen):
    """From 2016/17: money held back against a stretching plan of admissions.

    By quarters it pays for the activity above plan as far as it goes, and what is not needed for
    that is released to NHS-commissioned out-of-hospital services.
    """

    amount: NotNegative
    unit_price: NotNegative
    quarters: Periods
    contribution: str | None = None
    released_to: str | None = None
    basis: Basis | None = None
    reference: str | None = None


class Incentive(Frozen):
    """A local incentive: an amount that is earned when a measure moves from its baseline to its target."""

    name: str
    amount: NotNegative
    baseline: Number
    target: Number
    release: Literal["all_or_nothing", "in_proportion"] = "all_or_nothing"
    payer: str
    measure: str | None = None
    basis: Basis | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _moves(self) -> "Incentive":
        if self.baseline == self.target:
            raise ValueError("the target of an incentive is its baseline: write a target that is better")
        return self


class Tier(Frozen):
    """A slice of a saving or loss: who shares it, by contribution unless weights are given, and up to what."""

    partners: tuple[str, ...] | None = None
    weights: dict[str, Weight] = Field(default_factory=dict)
    up_to: UpTo | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Tier":
        if self.weights and self.partners is not None:
            raise ValueError("a tier names partners or weights: write only one of them")
        return self


def _without_limit(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    if tiers and tiers[-1].up_to is not None:
        raise ValueError("the last tier can leave money unplaced: take its up_to out")
    return tiers


Tiers = Annotated[tuple[Tier, ...], Field(min_length=1)]


class GainShare(Frozen):
    """How a saving against the expected cost is shared, tier by tier; a loss by the same tiers unless it has its own.

    A tier's ``up_to`` in percent is that share of the contributions of the partners in the tier.
    """

    name: str
    expected: NotNegative
    contributions: Annotated[dict[str, NotNegative], Field(min_length=1)]
    gain: Tiers
    loss: Tiers | None = None
    basis: Basis | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "GainShare":
        _without_limit(self.gain)
        _without_limit(self.loss or ())
        sharing = [
            each for tier in (*self.gain, *(self.loss or ())) for each in (*(tier.partners or ()), *tier.weights)
        ]
        if strangers := [each for each in sharing if each not in self.contributions]:
            raise ValueError(f"{strangers[0]} shares and has no contribution here: add it to contributions")
        if not sum(self.contributions.values()):
            raise ValueError("the contributions of a gain share are all nil: write what each partner pays")
        return self


class Band(Frozen):
    """People of one band, the rate for each in pounds, and a weight for their need."""

    population: Count
    rate: NotNegative
    weight: Weight = Fraction(1)


class CapitatedBudget(Frozen):
    """A budget as population by band times rate, weighted for need; ``scheme`` is the line that it sets."""

    name: str
    bands: Annotated[dict[str, Band], Field(min_length=1)]
    scheme: str | None = None
    basis: Basis | None = None
    reference: str | None = None


class Performance(Frozen):
    """Everything of an agreement that is paid by results or worked out by heads."""

    pay_for_performance: PayForPerformance | None = None
    contingency: Contingency | None = None
    incentives: dict[str, Incentive] = Field(default_factory=dict)
    gain_shares: dict[str, GainShare] = Field(default_factory=dict)
    capitated_budgets: dict[str, CapitatedBudget] = Field(default_factory=dict)

    def periods(self) -> Mapping[str, tuple[str, ...]]:
        """The periods in which counts are due, by what they are counted for."""
        return {
            name: tuple(each.quarters)
            for name, each in (("pay_for_performance", self.pay_for_performance), ("contingency", self.contingency))
            if each is not None
        }
