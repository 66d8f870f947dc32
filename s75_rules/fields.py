"""The kinds of value an agreement holds, each typed from the text that was written. Holds no keys of the agreement."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from ledgers.calendar import FinancialYear
from ledgers.money import parse_pounds
from s75_rules.amounts import Amount, Limit

CHOICE_TAG = "choice:"
"""Stands before what was chosen in the place of a fault, so that it is not taken for a key of the file."""


class Frozen(BaseModel):
    """A value of the agreement file: unknown keys are refused and nothing changes after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _money(value: object) -> object:
    return parse_pounds(value) if isinstance(value, str) else value


def _money_not_negative(value: object) -> object:
    pence = _money(value)
    if isinstance(pence, int) and pence < 0:
        raise ValueError(f"{value} is below nil: write nil or more")
    return pence


def _limit(value: object) -> Limit:
    if isinstance(value, str):
        return Limit.parse(value)
    if isinstance(value, Limit):
        return value
    raise ValueError("a limit is one amount or one percentage: write pounds such as 200000, or 2%")


def _amount(value: object) -> Amount:
    amount = Amount.parse(value) if isinstance(value, str) else value
    if not isinstance(amount, Amount):
        raise ValueError("an amount is one text: write pounds, a range, to be confirmed or not quantified")
    if amount.low_pence is not None and amount.low_pence < 0:
        raise ValueError(f"{amount} is below nil: write nil or more")
    return amount


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError(f"'{value}' is not a date: write it as 2016-04-01")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is no day of the calendar: check the month and the day") from None
    return value


def _truth(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"'{value}' is not true or false: write true or false")
        return value == "true"
    return value


def _year(value: object) -> FinancialYear:
    if isinstance(value, str):
        return FinancialYear.parse(value)
    if isinstance(value, FinancialYear):
        return value
    raise ValueError("a year is one text: write it as 2016/17")


def _texts(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def exact_number(text: str) -> Fraction | None:
    """A whole or decimal number as an exact fraction; None where the text is something else."""
    cleaned = text.strip()
    return Fraction(cleaned) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", cleaned) else None


def _weight(value: object) -> object:
    if isinstance(value, str):
        weight = exact_number(value)
        if weight is None:
            raise ValueError(f"'{value}' is not a weight: write a number above nil such as 50 or 33.3")
        if weight == 0:
            raise ValueError("a weight is above nil: leave out a partner that bears nothing")
        return weight
    return value


def _percent(value: object) -> object:
    if isinstance(value, str):
        share = exact_number(value.removesuffix("%"))
        if share is None:
            raise ValueError(f"'{value}' is not a share in percent: write a number such as 60")
        return share
    return value


def _score(value: object) -> object:
    if isinstance(value, str):
        if value not in ("1", "2", "3", "4", "5"):
            raise ValueError(f"'{value}' is not a score: write 1 to 5, or leave it out")
        return int(value)
    return value


def _step_number(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[1-9][0-9]?", value):
            raise ValueError(f"'{value}' is not the place of a step: write 1 for the first")
        return int(value)
    return value


def _due(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"Q[1-4]|M([1-9]|1[0-2])|ongoing", value):
        try:
            _day(value)
        except ValueError:
            raise ValueError(f"'{value}' is not when a milestone is due: write Q2, M5, a date or ongoing") from None
    return value


def _pattern(value: object) -> object:
    if isinstance(value, str) and value not in PATTERNS:
        raise ValueError(
            f"'{value}' is not a pattern of instalments: write {', '.join(PATTERNS)} or {{2016-04-30: ..}}"
        )
    return value


Money = Annotated[int, BeforeValidator(_money)]
NotNegative = Annotated[int, BeforeValidator(_money_not_negative), Field(ge=0)]
UpTo = Annotated[Limit, BeforeValidator(_limit)]
Weight = Annotated[Fraction, BeforeValidator(_weight), Field(gt=0)]
AgreedAmount = Annotated[Amount, BeforeValidator(_amount)]
Day = Annotated[date, BeforeValidator(_day)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Year = Annotated[FinancialYear, BeforeValidator(_year)]
Percent = Annotated[Fraction, BeforeValidator(_percent)]
Score = Annotated[int, BeforeValidator(_score), Field(ge=1, le=5)]
StepNumber = Annotated[int, BeforeValidator(_step_number), Field(ge=1)]
Due = Annotated[str, BeforeValidator(_due)]
InstalmentPattern = Literal["monthly", "quarterly", "quarterly_in_arrears", "annual"]
PATTERNS: tuple[InstalmentPattern, ...] = ("monthly", "quarterly", "quarterly_in_arrears", "annual")
Instalments = Annotated[
    Annotated[InstalmentPattern, Tag(f"{CHOICE_TAG}pattern")]
    | Annotated[dict[Day, NotNegative], Tag(f"{CHOICE_TAG}dates")],
    Discriminator(lambda value: f"{CHOICE_TAG}{'dates' if isinstance(value, Mapping) else 'pattern'}"),
    BeforeValidator(_pattern),
]
Basis = Literal["illustrative", "published"]
Certainty = Literal["seen", "partly seen", "recalled", "not known here"]
"""Whether a value stands in a source that was read, in part, is remembered and to be checked, or is the area's own."""
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
