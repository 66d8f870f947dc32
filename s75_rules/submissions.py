"""When each partner's figures of a month are due, by the agreement. Knows no file that came in and reads no clock."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from ledgers.calendar import FinancialYear
from s75_rules.fields import Frozen
from s75_rules.working_days import working_day_of_month

LONDON = ZoneInfo("Europe/London")
"""A time of day in an agreement is the time that clocks in England show."""

_DUE = re.compile(r"(?P<working>working )?day (?P<number>[1-9]\d?)")
_LATEST = {True: 20, False: 28}
"""The last day of a month that every month has, of working days and of all days."""


def _due(value: object) -> object:
    match = _DUE.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match["number"]) > _LATEST[bool(match["working"])]:
        raise ValueError(f"'{value}' is not a day of the month after: write working day 5 (to 20), or day 10 (to 28)")
    return value


def _time(value: object) -> object:
    if isinstance(value, str):
        if value == "midday":
            return time(12)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError(f"'{value}' is not a time of day: write 12:00, 17:30 or midday")
        return time.fromisoformat(value)
    return value


class SubmissionTerms(Frozen):
    """When a partner's figures of a month are due: a day of the month after it, and the time of that day."""

    due: Annotated[str, BeforeValidator(_due)]
    time: Annotated[time, BeforeValidator(_time)]

    def due_at(self, year: FinancialYear, month: int) -> datetime:
        """The instant in UTC by which the figures of a month M1 to M12 are due."""
        first = year.month_ends(month) + timedelta(days=1)
        day = self._day_after(first)
        return datetime.combine(day, self.time, LONDON).astimezone(UTC)

    def _day_after(self, first_of_month: date) -> date:
        match = _DUE.fullmatch(self.due)
        assert match is not None
        number = int(match["number"])
        if match["working"]:
            return working_day_of_month(first_of_month, number)
        return first_of_month.replace(day=number)
