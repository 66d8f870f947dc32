"""References as two ledgers write them: plain form, root without a suffix, patterns, near misses. Knows no line."""

import re
from dataclasses import dataclass

MAX_STARS = 2
LONGEST = 200
"""Characters of a reference that a pattern is held against: each star multiplies the work of reading it."""

_SUFFIX = re.compile(r"[\s/.\-_](?:REVERSAL|REV|RV|R|CR|CN|[A-Z]|\d{1,2})$")


class PatternRefused(ValueError):
    """A pattern of references that keeps nothing, or has too many stars."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What of a reference names the item: ``*`` is any text, ``{ref}`` the part to keep, as in ``PO * INV {ref}``."""

    text: str
    compiled: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """Read a pattern; raises PatternRefused."""
        if text.count("{ref}") != 1:
            raise PatternRefused(f"'{text}' keeps no part of a reference: write {{ref}} once, as in INV-{{ref}} *")
        if text.count("*") > MAX_STARS:
            raise PatternRefused(f"'{text}' has more than {MAX_STARS} stars: leave some out")
        parts = {"*": ".*?", "{ref}": r"(?P<ref>[\w/\-]+?)"}
        written = text.upper().replace("{REF}", "{ref}")
        body = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*|\{ref\})", written))
        return cls(text, re.compile(body))


def plain(reference: str) -> str:
    """A reference as its letters and digits alone, in capitals: ``bacs-09 `` and ``BACS 09`` are the same."""
    return "".join(filter(str.isalnum, reference)).upper()


def root(reference: str, patterns: tuple[Pattern, ...] = ()) -> str:
    """What names the item in a reference: what a pattern keeps, else the reference without the suffix of a part.

    A suffix is what is set off at the end and marks a part, a reversal or a credit (``/1``, ``-R``); it is left on
    where nothing with a digit would remain.
    """
    text = " ".join(reference.upper().split())[:LONGEST]
    for pattern in patterns:
        found = pattern.compiled.fullmatch(text)
        if found:
            return plain(found["ref"])
    cut = _SUFFIX.sub("", text)
    return plain(cut) if any(map(str.isdigit, cut)) else plain(text)


_LONG_ENOUGH = 5


def near(one: str, other: str) -> bool:
    """Whether two plain references may be one: two neighbours swapped, one letter other, or one within the other.

    One digit other is another document, as are two invoices that follow one another.
    """
    if one == other:
        return bool(one)
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return len(short) >= _LONG_ENOUGH and short in long
    differ = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(differ) == 1:
        return len(one) >= _LONG_ENOUGH and not (one[differ[0]].isdigit() and other[differ[0]].isdigit())
    swapped = len(differ) == 2 and differ[1] == differ[0] + 1
    return swapped and one[differ[0]] == other[differ[1]] and one[differ[1]] == other[differ[0]]


def digits_swapped(pence: int, other_pence: int) -> bool:
    """Whether one amount is the other with two neighbouring digits swapped: their difference divides by nine."""
    one, other = str(abs(pence)), str(abs(other_pence))
    if (pence < 0) != (other_pence < 0) or len(one) != len(other) or (pence - other_pence) % 9:
        return False
    differ = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )
