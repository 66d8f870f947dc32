"""Pence as whole numbers: reading, printing and sharing money exactly. No currency other than sterling."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

MAX_PENCE = 10**15
"""Ten trillion pounds: larger amounts are taken for a slip of the keyboard and refused."""

_POUNDS = re.compile(r"(?P<whole>\d+|\d{1,3}(?:[,_]\d{3})+|\d+(?:_\d+)+)?(?:\.(?P<part>\d+))?", re.ASCII)
_PLAIN = 13
"""Figures of pounds up to which an amount as programs write it needs no closer look."""
_LONGEST = 60
"""Characters; the largest amount with its sign and separators has about thirty."""
_PENNIES = tuple(f".{pence:02d}" for pence in range(100))
"""The two decimals of every number of pence below a pound: a trace prints thousands of amounts."""
_HUNDREDS = tuple(f",{pounds:03d}" for pounds in range(1_000))
"""The last three digits of pounds with their comma, for the same reason."""
_MILLION = 1_000_000_00


class MoneyNotUnderstood(ValueError):
    """A text that is not an exact amount of pounds and pence."""


def parse_pounds(text: str) -> int:
    """Read an exact amount of money in pounds and give it in pence.

    Accepts a pound sign, thousands marked by commas or underscores, a leading minus
    or surrounding brackets for a negative, and at most two decimals that are not nil.

    Raises:
        MoneyNotUnderstood: the text is not one exact amount of pounds and whole pence.
    """
    figures, _, pennies = text.partition(".")
    if len(pennies) == 2 and len(figures) < _PLAIN and text.isascii() and (figures + pennies).isdecimal():
        return int(figures + pennies)
    cleaned = text.strip()
    if len(cleaned) > _LONGEST:
        raise MoneyNotUnderstood(f"'{cleaned[:_LONGEST]}...' is too long for an amount: check the amount and its unit")
    negative = False
    if cleaned.startswith("(") and cleaned.endswith(")"):
        negative, cleaned = True, cleaned[1:-1].strip()
    elif cleaned.startswith(("-", "−")):
        negative, cleaned = True, cleaned[1:].lstrip()
    cleaned = cleaned.removeprefix("£").lstrip()
    match = _POUNDS.fullmatch(cleaned)
    if not cleaned or match is None or (match["whole"] is None and match["part"] is None):
        raise MoneyNotUnderstood(f"'{text}' is not an amount of money: write pounds such as 9000000 or £9,000,000.00")
    part = (match["part"] or "").rstrip("0")
    if len(part) > 2:
        raise MoneyNotUnderstood(f"'{text}' has a part of a penny: write pounds with at most two decimals")
    whole = int((match["whole"] or "0").replace(",", "").replace("_", ""))
    pence = whole * 100 + int(part.ljust(2, "0"))
    if pence > MAX_PENCE:
        raise MoneyNotUnderstood(f"'{text}' is larger than any pool: check the amount and its unit")
    return -pence if negative else pence


def pounds(pence: int) -> str:
    """Give pence as pounds with two decimals for a file or a program, such as ``-1234.50``."""
    if pence < 0:
        return f"-{-pence // 100}{_PENNIES[-pence % 100]}"
    return f"{pence // 100}{_PENNIES[pence % 100]}"


def pounds_decimal(pence: int) -> Decimal:
    """Give pence as an exact decimal number of pounds, for a spreadsheet cell."""
    return Decimal(pence).scaleb(-2)


def pounds_for_people(pence: int) -> str:
    """Give pence as pounds for a reader, such as ``£1,234.50`` or ``-£1,234.50``."""
    if 1_000_00 <= pence < _MILLION:
        return f"£{pence // 1_000_00}{_HUNDREDS[pence // 100 % 1_000]}{_PENNIES[pence % 100]}"
    if pence < 0:
        return f"-£{-pence // 100:,}{_PENNIES[-pence % 100]}"
    return f"£{pence // 100:,}{_PENNIES[pence % 100]}"


def apportion(size_pence: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Share a size that is not negative by weights, to the penny, by largest remainder.

    Each weight first takes the whole pence of its exact share; the pence left go one
    each to the largest remainders, equal remainders in the order given. The parts sum
    to the size.

    Raises:
        ValueError: the size or a weight is negative, or every weight is nil while the size is not.
    """
    if size_pence >= 0 and len(weights) == 1 and weights[0] > 0:
        return [size_pence]
    if size_pence < 0 or (weights and min(weights) < 0):
        raise ValueError("a size or weight to apportion is negative")
    whole = sum(weights)
    if len(weights) == 2 and whole:
        # Two remainders make nil or one whole: the first of two takes the odd penny from half of it on.
        first, over = divmod(size_pence * weights[0], whole)
        first += 2 * over >= whole
        return [first, size_pence - first]
    if whole == 0:
        if size_pence:
            raise ValueError("nothing to apportion by: every weight is nil")
        return [0] * len(weights)
    # A whole share and its remainder in one division each; of a fraction the share is a whole number too.
    shares = [divmod(size_pence * weight, whole) for weight in weights]
    parts = [share for share, _ in shares]
    left = size_pence - sum(parts)
    if left:
        remainders = [remainder for _, remainder in shares]
        # A sort keeps equals in their order, also the other way round.
        for place in sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)[:left]:
            parts[place] += 1
    return parts


def apportion_signed(size_pence: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Apportion the size without its sign, then put the sign back on every part."""
    parts = apportion(abs(size_pence), weights)
    return [-part for part in parts] if size_pence < 0 else parts


def equal_parts(size_pence: int, count: int) -> list[int]:
    """Divide an amount into equal parts rounded down, the remainder pence in the last part; keeps the sign."""
    part, left = divmod(abs(size_pence), count)
    parts = [part] * (count - 1) + [part + left]
    return [-each for each in parts] if size_pence < 0 else parts


def short_number(value: Fraction | Decimal) -> str:
    """A share or rate that is no money, as a person writes it: six figures at most, no superfluous noughts."""
    with localcontext(prec=6):
        number = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else +value
    return format(number.normalize(), "f")


def percent(part_pence: int, whole_pence: int) -> str | None:
    """Give a part as a percentage of a whole to one decimal, half up; None where the whole is nil."""
    if whole_pence == 0:
        return None
    exact = Decimal(part_pence) * 100 / Decimal(whole_pence)
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded)}"
