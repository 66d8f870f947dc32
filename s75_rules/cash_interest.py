"""Interest on the cash that a host holds for a pool, by the agreement's method, to the penny. Knows no entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Tag

from ledgers.money import pounds, pounds_for_people, short_number
from s75_rules.clock import day_words
from s75_rules.fields import CHOICE_TAG, Day, Frozen, Percent
from s75_rules.payment import DaysInYear


def _rates(value: object) -> object:
    """One yearly rate for the whole year, or rates by the day from which each holds."""
    if value == {}:
        raise ValueError("no rate is named: write rate: 4.0%, or rate: {2023-04-01: 4.25%, 2023-08-03: 5.25%}")
    return value


Rates = Annotated[
    Annotated[Percent, Tag(f"{CHOICE_TAG}one")] | Annotated[dict[Day, Percent], Tag(f"{CHOICE_TAG}dated")],
    Discriminator(lambda value: f"{CHOICE_TAG}{'dated' if isinstance(value, Mapping) else 'one'}"),
    BeforeValidator(_rates),
]


class CashInterestTerms(Frozen):
    """What a host pays on the pool's cash: the rates, how balances are taken, and the reserve that it goes into.

    ``daily`` takes the balance at the end of each day; ``month_end`` that of the month's last day for the whole month.
    Where the host paid out more than it held, ``overdrawn: charged`` sets interest on it off; else it is left out.
    """

    clause: str
    rate: Rates
    into: str
    method: Literal["daily", "month_end"] = "daily"
    overdrawn: Literal["charged", "left_out"] = "left_out"
    days_in_year: DaysInYear = 365

    def percent_on(self, day: date) -> Fraction | None:
        """The yearly rate on a day, in percent; None before the first rate that is named."""
        if isinstance(self.rate, Fraction):
            return self.rate
        started = [each for each in self.rate if each <= day]
        return self.rate[max(started)] if started else None

    @property
    def in_words(self) -> str:
        """The terms in a sentence's words."""
        dated = {} if isinstance(self.rate, Fraction) else self.rate
        rates = [f"{short_number(each)}% a year from {day_words(day)}" for day, each in sorted(dated.items())]
        rate = f"{short_number(self.rate)}% a year" if isinstance(self.rate, Fraction) else " and ".join(rates)
        balance = "the balance at the end of each day" if self.method == "daily" else "the balance at each month's end"
        over = "charged" if self.overdrawn == "charged" else "left out"
        return (
            f"the host pays interest of {rate} on {balance} of the pool's cash, with {self.days_in_year} days to a"
            f" year, into reserve {self.into}; what it paid out beyond what it held is {over}"
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row with one balance and one rate: pence held, and the yearly rate in percent."""

    first: date
    days: int
    balance_pence: int
    percent: Fraction

    def __str__(self) -> str:
        last = self.first + timedelta(days=self.days - 1)
        when = day_words(self.first) if self.days == 1 else f"{day_words(self.first)} to {day_words(last)}"
        count = "1 day" if self.days == 1 else f"{self.days} days"
        return f"{when}: {pounds_for_people(self.balance_pence)} for {count} at {short_number(self.percent)}% a year."


@dataclass(frozen=True, slots=True)
class MonthInterest:
    """Interest of one month in pence, with the stretches of days that it is made of."""

    month: int
    interest_pence: int
    stretches: tuple[Stretch, ...]
    days_in_year: int

    @property
    def because(self) -> str:
        """How it was worked out, in a sentence."""
        return (
            f"M{self.month}: {pounds_for_people(self.interest_pence)}, the sum of balance x days x rate /"
            f" {self.days_in_year} over its days, rounded half up once to the penny."
        )

    def as_json(self) -> dict[str, object]:
        """The month with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "interest": pounds(self.interest_pence),
            "days": [
                {
                    "from": each.first.isoformat(),
                    "days": each.days,
                    "balance": pounds(each.balance_pence),
                    "rate": f"{short_number(each.percent)}%",
                }
                for each in self.stretches
            ],
            "because": self.because,
        }


class RateNotNamed(ValueError):
    """A day on which the agreement names no rate."""


def month_interest(
    terms: CashInterestTerms, month: int, days: Sequence[date], balances_pence: Mapping[date, int], opening_pence: int
) -> MonthInterest:
    """Simple interest of a month: each day's balance at that day's rate; none is charged on interest.

    ``balances_pence`` is the balance at the end of each day that moved it, ``opening_pence`` that before the month.
    """
    held, at_end = opening_pence, dict[date, int]()
    for day in days:
        held = balances_pence.get(day, held)
        at_end[day] = held
    if terms.method == "month_end":
        at_end = dict.fromkeys(days, held)
    if terms.overdrawn == "left_out":
        at_end = {day: max(0, pence) for day, pence in at_end.items()}
    stretches = _stretches(terms, at_end)
    exact = sum((each.percent * each.balance_pence * each.days for each in stretches), Fraction(0))
    exact /= 100 * terms.days_in_year
    pence = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return MonthInterest(month, pence, stretches, terms.days_in_year)


def _stretches(terms: CashInterestTerms, at_end: Mapping[date, int]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for day, pence in at_end.items():
        percent = terms.percent_on(day)
        if percent is None:
            raise RateNotNamed(
                f"no rate is named for {day_words(day)}: name under pool_interest the rate from that day"
            )
        last = found[-1] if found else None
        if last and (last.balance_pence, last.percent) == (pence, percent):
            found[-1] = Stretch(last.first, last.days + 1, pence, percent)
        else:
            found.append(Stretch(day, 1, pence, percent))
    return tuple(each for each in found if each.balance_pence)
