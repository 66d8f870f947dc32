"""What an agreement states beside its money: approvals, conditions, risks, measures, milestones, benefits."""

from typing import Literal

from pydantic import Field, model_validator

from s75_rules.amounts import Limit
from s75_rules.fields import AgreedAmount, Basis, Day, Due, Frozen, Score, Texts, Truth, UpTo


class Approval(Frozen):
    """A body other than a partner, such as the Health and Wellbeing Board, whose approval the agreement shows."""

    body: str
    signed: Day | None = None
    note: str | None = None


class Benefits(Frozen):
    """What a scheme is planned to save, recurrently and once."""

    recurrent: AgreedAmount | None = None
    non_recurrent: AgreedAmount | None = None
    basis: Basis | None = None


class ConditionAnswer(Frozen):
    """The area's own word on a condition: the statement that meets it and where it is written."""

    statement: str | None = None
    met: Truth | None = None
    reference: str | None = None


class Earmark(Frozen):
    """Money of some sources set apart for some lines: at least, or at most, so much of it is theirs.

    A share such as ``2%`` is of what the sources put into pooled funds.
    """

    id: str
    name: str
    sources: Texts = Field(min_length=1)
    schemes: Texts = Field(min_length=1)
    at_least: UpTo | None = None
    at_most: UpTo | None = None
    basis: Basis | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Earmark":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("an earmark is one of at_least and at_most: write exactly one, in pounds or as 2%")
        return self

    @property
    def limit(self) -> Limit:
        """What the earmark holds the lines to, whichever way it goes."""
        limit = self.at_least or self.at_most
        assert limit is not None, "an earmark goes one way"
        return limit


class SubArea(Frozen):
    """A part of the area with its own governance."""

    id: str
    name: str


class Risk(Frozen):
    """A risk of the plan; a missing score is shown as missing."""

    id: str
    description: str
    likelihood: Score | None = None
    impact: Score | None = None
    rating: str | None = None
    mitigation: str | None = None
    owner: str | None = None
    review: Day | None = None
    clause: str | None = None


class MetricValue(Frozen):
    """A measured or planned value with the numbers it is made of, as written."""

    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    as_at: str | None = None


class Measure(Frozen):
    """An outcome that is watched beside the money, with the direction that is better."""

    id: str
    name: str
    kind: Literal["outcome", "metric", "success_measure", "service_level"] = "outcome"
    value: str | None = None
    unit: str | None = None
    direction: Literal["higher_is_better", "lower_is_better", "maintain"] | None = None
    target: str | None = None
    stretch: str | None = None
    proxy_for: str | None = None
    baseline: MetricValue | None = None
    april_2015: MetricValue | None = None
    october_2015: MetricValue | None = None
    planned_savings: AgreedAmount | None = None
    maximum_support: AgreedAmount | None = None
    basis: Basis | None = None
    reference: str | None = None


class Milestone(Frozen):
    """Something to be done by a quarter, a month, a date, or as an ongoing task."""

    id: str
    name: str
    due: Due
    reference: str | None = None
