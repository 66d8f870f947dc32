"""The dated rules of a year from its own file: conditions, minimum tests, sources. The only files the rules read."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, model_validator

from ledgers.calendar import FinancialYear
from s75_rules.agreement import RING_FENCED_SOURCES, AreaOfSpend, Source
from s75_rules.errors import RuleBroken
from s75_rules.fields import AgreedAmount, Certainty, Frozen, Truth

ConditionKind = Literal["tag", "money", "statement"]
MinimumName = Literal["nhs_minimum", "adult_social_care", "nhs_commissioned_out_of_hospital"]
MINIMUM_NAMES: tuple[MinimumName, ...] = ("nhs_minimum", "adult_social_care", "nhs_commissioned_out_of_hospital")
_YEARS = Path(__file__).parent / "years"


class YearNotKnown(RuleBroken):
    """A year for which no file of rules is held."""


class Condition(Frozen):
    """A national condition of one year: a tag on lines, a money test, or a statement about the plan.

    Its number is that of the year's framework, and None where the year's is not known here.
    """

    id: str
    number: Annotated[int, BeforeValidator(int)] | None
    title: str
    kind: ConditionKind
    tests: tuple[MinimumName, ...] = ()
    reference: str
    certainty: Certainty


class MinimumRule(Frozen):
    """A minimum of one year: what it adds up and which figure of the agreement it is held against.

    ``counts`` is whole contributions from the source, or lines by their budget from it; of lines
    those of ``area_of_spend`` or all but ``not_area_of_spend``; ``share`` nhs counts only the part
    of a line that the NHS commissions.
    """

    id: MinimumName
    title: str
    counts: Literal["contributions", "lines"]
    source: Source
    area_of_spend: AreaOfSpend | None = None
    not_area_of_spend: AreaOfSpend | None = None
    share: Literal["whole", "nhs"] = "whole"
    rule: str
    reference: str
    certainty: Certainty


class UnspentRule(Frozen):
    """What becomes of a source's unspent money by its grant or fund conditions: ``as_agreed`` where the clauses say."""

    rule: Literal["carry_forward", "return_to_payer", "as_agreed"]
    reference: str
    certainty: Certainty


class SourceRule(Frozen):
    """A source of money of one year: its ring, its national amount, what becomes of it unspent, and where that stands.

    ``national`` is what all areas have together, where it is known. A year's file never frees a ring.
    """

    id: Source
    title: str
    pooling_required: Truth
    ring_fenced: Truth
    national: AgreedAmount | None = None
    unspent: UnspentRule | None = None
    note: str | None = None
    reference: str
    certainty: Certainty

    @model_validator(mode="after")
    def _ring_of_every_year(self) -> "SourceRule":
        if self.ring_fenced != (self.id in RING_FENCED_SOURCES):
            raise ValueError(f"the ring of {self.id} is the same in every year: write what the agreement model holds")
        return self


class YearRules(Frozen):
    """The rules of one financial year as dated data, each with its reference and how sure it is."""

    year: Annotated[FinancialYear, BeforeValidator(lambda text: FinancialYear.parse(text))]
    conditions: tuple[Condition, ...]
    tests: tuple[MinimumRule, ...]
    sources: tuple[SourceRule, ...]


@cache
def load_year(year: FinancialYear) -> YearRules:
    """The rules of a financial year.

    Raises:
        YearNotKnown: no file of rules is held for the year.
    """
    path = _YEARS / f"{str(year).replace('/', '-')}.yaml"
    if not path.is_file():
        raise YearNotKnown(
            f"the conditions and minimums of {year} are not known here: add a file of rules for the year with its"
            " references, or leave its tests aside"
        )
    # Every value is read as the text written and typed by the model, as in an agreement file.
    return YearRules.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))


def known_years() -> tuple[FinancialYear, ...]:
    """The financial years whose rules are held, earliest first."""
    return tuple(sorted(FinancialYear.parse(path.stem) for path in _YEARS.glob("*-*.yaml")))
