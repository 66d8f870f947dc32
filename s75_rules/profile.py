"""How a line's budget falls over the year: evenly, or by the proportions of its months or quarters. Knows no line."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pydantic import model_validator

from ledgers.calendar import MONTHS, QUARTERS, quarter_of
from ledgers.money import apportion_signed, equal_parts, parse_pounds
from s75_rules.fields import Frozen


class Profile(Frozen):
    """How a line's budget falls over the year: evenly, or in the proportions of its months or quarters."""

    months: tuple[int, ...] | None = None
    quarters: tuple[int, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if value == "even":
            return {}
        if isinstance(value, str):
            raise ValueError(f"'{value}' is not a profile: write even, {{Q1: ..}} or {{M1: ..}}")
        if isinstance(value, Mapping) and value and not all(isinstance(part, tuple) for part in value.values()):
            return _profile_parts(value)
        return value

    def spread(self, size_pence: int, from_month: int = 1) -> tuple[int, ...]:
        """Spread an amount in pence over the twelve months, from a month on, to the penny.

        Even: each month the equal part rounded down, what is left in M12. Otherwise in the
        proportions of the profile that are left; a quarter is even within itself.
        """
        count = 13 - from_month
        if self.months is None and self.quarters is None:
            parts = equal_parts(size_pence, count)
        elif self.quarters is not None:
            first = quarter_of(from_month)
            in_quarter = [
                sum(quarter_of(month) == quarter for month in range(from_month, 13)) for quarter in range(first, 5)
            ]
            weights = [Fraction(self.quarters[first - 1 + place] * size, 3) for place, size in enumerate(in_quarter)]
            shares = apportion_signed(size_pence, weights if any(weights) else in_quarter)
            parts = [part for share, size in zip(shares, in_quarter, strict=True) for part in equal_parts(share, size)]
        else:
            assert self.months is not None
            left = self.months[from_month - 1 :]
            parts = apportion_signed(size_pence, left if any(left) else [1] * count)
        return (0,) * (from_month - 1) + tuple(parts)


def _profile_parts(parts: Mapping[Any, Any]) -> dict[str, tuple[int, ...]]:
    """The proportions as whole numbers, by month or by quarter; pounds and percentages are read alike."""
    for key, names in (
        ("months", [f"M{month}" for month in MONTHS]),
        ("quarters", [f"Q{quarter}" for quarter in QUARTERS]),
    ):
        if set(parts) <= set(names):
            weights = tuple(parse_pounds(str(parts.get(name, "0")).removesuffix("%")) for name in names)
            if min(weights) < 0 or sum(weights) == 0:
                raise ValueError(
                    "the parts of a profile are nil or more, and not all nil: write {Q1: 20, Q2: 25, Q3: 25, Q4: 30}"
                )
            return {key: weights}
    raise ValueError("a profile names months M1 to M12, or quarters Q1 to Q4: write {Q1: 20, Q2: 25, Q3: 25, Q4: 30}")
