"""Financial years from April to March, their months M1 to M12 and quarters Q1 to Q4. The clock is never read here."""

import calendar as _calendar
import re
from dataclasses import dataclass
from datetime import date

MONTHS = range(1, 13)
QUARTERS = range(1, 5)


class YearNotUnderstood(ValueError):
    """A text that names no financial year."""


class PeriodNotUnderstood(ValueError):
    """A text that names no month M1 to M12 or quarter Q1 to Q4."""


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """A year of account from 1 April to 31 March, named by the calendar year it starts in."""

    starts: int

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """Read ``2016/17``, ``2016-17``, ``2016/2017`` or ``1617``; raises YearNotUnderstood."""
        cleaned = text.strip()
        if match := re.fullmatch(r"((?:19|20)[0-9]{2})[/-]([0-9]{2}|[0-9]{4})", cleaned):
            starts, ends = int(match[1]), match[2]
        elif match := re.fullmatch(r"([0-9]{2})[/-]?([0-9]{2})", cleaned):
            starts, ends = 2000 + int(match[1]), match[2]
        else:
            raise YearNotUnderstood(f"'{text}' is not a financial year: write it as 2016/17")
        if ends not in (f"{starts + 1}", f"{(starts + 1) % 100:02d}"):
            raise YearNotUnderstood(
                f"'{text}' is not one April-to-March year: write it as {starts}/{(starts + 1) % 100:02d}"
            )
        return cls(starts)

    def __str__(self) -> str:
        return f"{self.starts}/{(self.starts + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        """The 1st of April on which the year starts."""
        return date(self.starts, 4, 1)

    @property
    def last_day(self) -> date:
        """The 31st of March on which the year ends."""
        return date(self.starts + 1, 3, 31)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first_day <= day <= self.last_day

    def month_of(self, day: date) -> int:
        """The month of account, 1 for April to 12 for March; raises PeriodNotUnderstood outside the year."""
        if day not in self:
            raise PeriodNotUnderstood(f"{day.isoformat()} is not in {self}")
        return (day.month - 4) % 12 + 1

    def month_starts(self, month: int) -> date:
        """The first day of month M1 to M12."""
        return date(self.starts + (month > 9), (month + 2) % 12 + 1, 1)

    def month_ends(self, month: int) -> date:
        """The last day of month M1 to M12."""
        first = self.month_starts(month)
        return first.replace(day=_calendar.monthrange(first.year, first.month)[1])


def parse_period(text: str) -> int:
    """Read ``M5`` or ``Q2`` and give the month that it ends in, 1 to 12; raises PeriodNotUnderstood."""
    match = re.fullmatch(r"([MQ])(\d{1,2})", text.strip().upper())
    number = int(match[2]) if match else 0
    if match and match[1] == "M" and number in MONTHS:
        return number
    if match and match[1] == "Q" and number in QUARTERS:
        return number * 3
    raise PeriodNotUnderstood(f"'{text}' is not a period: write a month M1 to M12 or a quarter Q1 to Q4")


def quarter_of(month: int) -> int:
    """The quarter, 1 to 4, that a month of account falls in."""
    return (month - 1) // 3 + 1


def quarter_months(quarter: int) -> range:
    """The three months of account of a quarter."""
    return range(quarter * 3 - 2, quarter * 3 + 1)


def month_label(month: int) -> str:
    """A month for a reader, such as ``M6 (September)``."""
    return f"M{month} ({_calendar.month_name[(month + 2) % 12 + 1]})"
