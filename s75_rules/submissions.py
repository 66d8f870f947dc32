"""When each partner's figures of a month are due, by the agreement. Knows no file that came in and reads no clock."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from ledgers.calendar import FinancialYear
from s75_rules.clock import TimeOfDay, at_time
from s75_rules.fields import Frozen
from s75_rules.working_days import working_day_of_month

_DUE = re.compile(r"(?P<working>working )?day (?P<number>[1-9]\d?)")
_LATEST = {True: 20, False: 28}
"""The last day of a month that every month has, of working days and of all days."""


def _due(value: object) -> object:
    match = _DUE.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match["number"]) > _LATEST[bool(match["working"])]:
        raise ValueError(f"'{value}' is not a day of the month after: write working day 5 (to 20), or day 10 (to 28)")
    return value


class SubmissionTerms(Frozen):
    """When a partner's figures of a month are due: a day of the month after it, and the time of that day."""

    due: Annotated[str, BeforeValidator(_due)]
    time: TimeOfDay

    def due_at(self, year: FinancialYear, month: int) -> datetime:
        """The instant in UTC by which the figures of a month M1 to M12 are due."""
        first = year.month_ends(month) + timedelta(days=1)
        day = self._day_after(first)
        return at_time(day, self.time)

    def _day_after(self, first_of_month: date) -> date:
        match = _DUE.fullmatch(self.due)
        assert match is not None
        number = int(match["number"])
        if match["working"]:
            return working_day_of_month(first_of_month, number)
        return first_of_month.replace(day=number)
