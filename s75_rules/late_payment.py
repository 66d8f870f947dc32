"""Interest on an invoice paid late: the yearly rate and the sum to the penny. Knows no invoice and posts nothing.

Statutory interest holds by itself for commercial debts; between public bodies it is owed where they agreed it.
"""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator

from s75_rules.fields import Day, Frozen, Percent
from s75_rules.payment import LatePaymentTerms

_FILE = Path(__file__).parent / "interest" / "statutory.yaml"


class StatutoryRates(Frozen):
    """The base rate on each day that fixes statutory interest and what is added to it, in percent a year."""

    reference: Annotated[str, BeforeValidator(str)]
    certainty: Literal["seen", "partly seen", "recalled"]
    above_base: Percent
    base: dict[Day, Percent]


@cache
def statutory_rates() -> StatutoryRates:
    """The dated rates that are held here, with their reference and how sure they are."""
    return StatutoryRates.model_validate(yaml.load(_FILE.read_text(encoding="utf-8"), yaml.BaseLoader))


def statutory_percent(starts_on: date) -> Fraction | None:
    """The statutory rate of interest that starts to run on a day, in percent a year; None where it is not known here.

    It stays for as long as the debt runs. Source: Late Payment of Commercial Debts (Interest) Act 1998, section 6;
    Late Payment of Commercial Debts (Rate of Interest) (No. 3) Order 2002, article 4.
    """
    half_year = date(starts_on.year, 1 if starts_on.month <= 6 else 7, 1)
    rates = statutory_rates()
    base = rates.base.get(half_year - timedelta(days=1))
    return None if base is None else base + rates.above_base


def late_percent(terms: LatePaymentTerms, starts_on: date) -> Fraction | None:
    """The yearly rate by an agreement's terms for interest that starts on a day; None where it is not known here."""
    kind = terms.interest.kind
    return statutory_percent(starts_on) if kind == "statutory" else terms.interest.percent


def interest_pence(percent: Fraction, pence_days: int, days_in_year: int) -> int:
    """Simple interest in pence on pence times days late, rounded half up once for the whole."""
    exact = percent * pence_days / (100 * days_in_year)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
