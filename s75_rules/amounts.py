"""Amounts as agreements state them: exact, a range, to be confirmed or not quantified. Unknown is not zero."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people, short_number

Wording = Literal["exact", "range", "to be confirmed", "not quantified"]

_RANGE = re.compile(r"(?P<low>[£\d][£\d,._ ]*?)\s*(?:to|-|–|—)\s*(?P<high>[£\d][£\d,._ ]*)", re.ASCII)
_LONGEST = 100
"""Characters; two amounts with their signs and separators have far fewer."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as agreed: both ends in pence, equal when exact, absent when not known."""

    low_pence: int | None
    high_pence: int | None
    wording: Wording

    @classmethod
    def exact(cls, pence: int) -> "Amount":
        """An amount known to the penny."""
        return cls(pence, pence, "exact")

    @classmethod
    def parse(cls, text: str) -> "Amount":
        """Read an exact amount, a range from a lower to a higher one, ``to be confirmed`` or ``not quantified``.

        Raises:
            MoneyNotUnderstood: the text is none of these, or the range runs downwards.
        """
        words = " ".join(text.lower().split())
        if words in ("to be confirmed", "tbc"):
            return cls(None, None, "to be confirmed")
        if words == "not quantified":
            return cls(None, None, "not quantified")
        if len(words) <= _LONGEST and (match := _RANGE.fullmatch(words)):
            low, high = parse_pounds(match["low"]), parse_pounds(match["high"])
            if low > high:
                raise MoneyNotUnderstood(f"'{text}' is a range that runs downwards: write the lower amount first")
            return cls(low, high, "range")
        return cls.exact(parse_pounds(text))

    @property
    def exact_pence(self) -> int | None:
        """The amount in pence if it is exact, else None."""
        return self.low_pence if self.wording == "exact" else None

    def __str__(self) -> str:
        if self.low_pence is None or self.high_pence is None:
            return self.wording
        if self.wording == "exact":
            return pounds_for_people(self.low_pence)
        return f"{pounds_for_people(self.low_pence)} to {pounds_for_people(self.high_pence)}"


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts as agreed: a range where any is one, and not known where any is not known."""
    low = high = 0
    wording: Wording = "exact"
    for amount in amounts:
        if amount.low_pence is None or amount.high_pence is None:
            return amount
        low, high = low + amount.low_pence, high + amount.high_pence
        if amount.wording == "range":
            wording = "range"
    return Amount(low, high, wording)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a step of a clause may place: an amount, or a share of the budget of the clause's lines."""

    pence: int | None = None
    share: Fraction | None = None

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read pounds, or a percentage such as ``2%``; raises MoneyNotUnderstood."""
        if match := re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*%", text.strip()):
            return cls(share=Fraction(match[1]) / 100)
        pence = parse_pounds(text)
        if pence < 0:
            raise MoneyNotUnderstood(f"'{text}' is below nil: write nil or more")
        return cls(pence=pence)

    def __str__(self) -> str:
        """The limit for a reader, such as ``£50,000.00`` or ``2%``."""
        return f"{short_number(self.share * 100)}%" if self.share is not None else pounds_for_people(self.pence or 0)

    def of(self, budget_pence: int) -> int:
        """The limit in pence for lines with this budget; a share is rounded half up to a penny."""
        if self.pence is not None:
            return self.pence
        assert self.share is not None
        return int((self.share * budget_pence * 2 + 1) // 2)
