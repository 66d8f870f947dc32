"""Working days of England: Monday to Friday but for bank holidays. Knows no deadline and reads no clock."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from s75_rules.fields import Day, Frozen

_FILE = Path(__file__).parent / "years" / "bank_holidays.yaml"


class _Exceptions(Frozen):
    """Where a year's bank holidays are not the ordinary ones."""

    reference: str
    certainty: str
    known_from: str
    moved: dict[Day, Day]
    extra: tuple[Day, ...]


@cache
def _exceptions() -> _Exceptions:
    return _Exceptions.model_validate(yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a calendar year, from 2011 on.

    Source: Banking and Financial Dealings Act 1971, schedule 1, and proclamations kept in years/bank_holidays.yaml.
    """
    easter = _easter(year)
    ordinary = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
        _on_weekday(date(year, 1, 1), ()),
    }
    christmas = _on_weekday(date(year, 12, 25), (date(year, 12, 26),))
    boxing = _on_weekday(date(year, 12, 26), (christmas,))
    moved = _exceptions().moved
    days = {moved.get(day, day) for day in ordinary | {christmas, boxing}}
    return frozenset(days | {day for day in _exceptions().extra if day.year == year})


def is_working_day(day: date) -> bool:
    """Whether a day is a Monday to Friday that is no bank holiday in England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_day_of_month(first_of_month: date, number: int) -> date:
    """The nth working day of a month, counted from 1."""
    return add_working_days(first_of_month.replace(day=1) - timedelta(days=1), number)


def add_working_days(day: date, number: int) -> date:
    """The day so many working days after a day, which itself does not count; ``number`` is nil or more."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def _monday(from_day: date) -> date:
    """The first Monday on or after a day."""
    return from_day + timedelta(days=-from_day.weekday() % 7)


def _on_weekday(day: date, taken: tuple[date, ...]) -> date:
    """The day itself, or where it falls on a weekend the next weekday that is not taken."""
    if day.weekday() >= 5:
        while day.weekday() >= 5 or day in taken:
            day += timedelta(days=1)
    return day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar: the anonymous algorithm printed in Nature, 20 April 1876."""
    golden, century = year % 19, year // 100
    leaps, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - shift + 15) % 30
    fours, ones = divmod(year % 100, 4)
    sunday = (32 + 2 * rest + 2 * fours - moon - ones) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
