"""Figures as a reader meets them: pence in £000, £m or £, with the word beside the sign. Works out no figure."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from ledgers.calendar import FinancialYear, month_label, quarter_months
from ledgers.money import parse_pounds
from pooledfund.results.words import variance_word

Unit = Literal["£000", "£"]
UNITS: tuple[Unit, ...] = ("£000", "£")
ROUNDING = "Each figure is rounded on its own, so a column in £000 may differ from its total by the last digit."


def in_unit(pence: int, unit: Unit) -> str:
    """An amount in the unit of its table, such as ``1,235`` for £1,234,500 in £000; the unit stands in the caption.

    What is not nil is never printed as nil: it is ``<1``, and the word beside it gives its direction.
    """
    if unit == "£":
        return f"{_sign(pence)}{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    thousands = (abs(pence) + 50_000) // 100_000
    if pence and not thousands:
        return "<1"
    return f"{_sign(pence)}{thousands:,}"


def for_mark(pence: int, unit: Literal["£000", "£m"]) -> float:
    """Where a chart draws a mark, in its unit: the one place where money is a float, and no figure is worked out of it.

    Every figure in words or in a table is laid out from its pence.
    """
    return pence / (1_000_00 if unit == "£000" else 1_000_000_00)


def in_millions(pence: int) -> str:
    """An amount in £m to three places, as board papers have it in text: ``£1.235m``, ``nil``; below £500 in pounds."""
    if not pence:
        return "nil"
    millions = (Decimal(abs(pence)) / 100_000_000).quantize(Decimal("0.001"), ROUND_HALF_UP)
    if not millions:
        return f"{_sign(pence)}£{abs(pence) // 100}.{abs(pence) % 100:02d}"
    return f"{_sign(pence)}£{millions:,}m"


def in_words(pence: int) -> str:
    """A variance in £m as its size and its word: ``£0.063m overspend``, or ``on budget``."""
    return f"{in_millions(abs(pence))} {variance_word(pence)}" if pence else variance_word(0)


def pence_of(figure: object) -> int:
    """The pence of a figure that a result gives as text of pounds."""
    return parse_pounds(str(figure))


def quarter_name(year: FinancialYear, quarter: int) -> str:
    """A quarter with its months and the month it ends in: ``Q2: July to September 2016 (M6)``."""
    first, *_, last = quarter_months(quarter)
    return f"Q{quarter}: {_month(first)} to {_month(last)} {year.month_ends(last).year} (M{last})"


def quarter_choice(quarter: int) -> str:
    """A quarter in the few letters of a list to choose from: ``Q2: Jul to Sep``."""
    first, *_, last = quarter_months(quarter)
    return f"Q{quarter}: {_month(first)[:3]} to {_month(last)[:3]}"


def _month(month: int) -> str:
    """The name alone: ``September`` of ``M6 (September)``."""
    return month_label(month).partition("(")[2].rstrip(")")


def _sign(pence: int) -> str:
    return "-" if pence < 0 else ""
