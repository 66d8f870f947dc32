"""Times of day as the clocks of England show them, read and told. Reads no clock itself."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

LONDON = ZoneInfo("Europe/London")
"""A time of day in an agreement is the time that clocks in England show."""


def _time(value: object) -> object:
    if isinstance(value, str):
        if value == "midday":
            return time(12)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError(f"'{value}' is not a time of day: write 12:00, 17:30 or midday")
        return time.fromisoformat(value)
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time)]


def at_time(day: date, by: time) -> datetime:
    """A day's time of day in England as an instant in UTC."""
    return datetime.combine(day, by, LONDON).astimezone(UTC)


def day_in_england(at: datetime) -> date:
    """The day that an instant falls on in England."""
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


def instant_words(at: str | datetime) -> str:
    """An instant for a reader, as the clocks of England show it, such as ``6 August 2018, 5.30pm``; text is ISO."""
    there = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(LONDON)
    return f"{day_words(there.date())}, {time_words(there.time())}"
