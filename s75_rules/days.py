"""Working days of England and the times of day of its clock: what a deadline is counted in. Reads no clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_PROCLAIMED: dict[int, tuple[tuple[date, ...], tuple[date, ...]]] = {
    2011: ((date(2011, 4, 29),), ()),
    2012: ((date(2012, 6, 4), date(2012, 6, 5)), (date(2012, 5, 28),)),
    2020: ((date(2020, 5, 8),), (date(2020, 5, 4),)),
    2022: ((date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)), (date(2022, 5, 30),)),
    2023: ((date(2023, 5, 8),), ()),
}
"""Days added and taken away by royal proclamation, year by year, as GOV.UK lists them for England and Wales."""


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a calendar year.

    Source: Banking and Financial Dealings Act 1971, schedule 1, with its substitute days and the days proclaimed.
    """
    easter = _easter(year)
    days = {
        _substituted(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
        *_christmas(year),
    }
    added, taken = _PROCLAIMED.get(year, ((), ()))
    return frozenset((days - set(taken)) | set(added))


def is_working_day(day: date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a bank holiday of England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The working day that is so many working days after a day, which itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def at_time(day: date, by: time) -> datetime:
    """A day's time of day by the clock in England, as an instant in UTC."""
    return datetime.combine(day, by, LONDON).astimezone(UTC)


def day_in_england(at: datetime) -> date:
    """The day that an instant falls on by the clock in England."""
    return at.astimezone(LONDON).date()


def time_words(by: time) -> str:
    """A time of day for a reader, such as ``midday`` or ``5.30pm``."""
    if (by.hour, by.minute) in ((0, 0), (12, 0)):
        return "midday" if by.hour else "midnight"
    minutes = f".{by.minute:02d}" if by.minute else ""
    return f"{by.hour % 12 or 12}{minutes}{'am' if by.hour < 12 else 'pm'}"


def day_words(day: date) -> str:
    """A day for a reader, such as ``6 August 2018``."""
    return f"{day.day} {day:%B %Y}"


def _substituted(day: date) -> date:
    """A holiday on a Saturday or Sunday is kept on the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() >= 5 else 0)


def _christmas(year: int) -> set[date]:
    """Christmas and Boxing Day, each kept on the next working day where it falls on a weekend."""
    christmas = date(year, 12, 25)
    if christmas.weekday() == 4:
        return {christmas, date(year, 12, 28)}
    if christmas.weekday() in (5, 6):
        return {date(year, 12, 27), date(year, 12, 28)} if christmas.weekday() == 5 else {
            date(year, 12, 26), date(year, 12, 27)
        }  # fmt: skip
    return {christmas, date(year, 12, 26)}


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Butcher (1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    left = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * left) // 451
    month, day = divmod(h + left - 7 * m + 114, 31)
    return date(year, month, day + 1)
