"""Amounts as a return shows them: to the penny, a range, or words in their place. Unknown is not nil."""

from collections.abc import Iterable

from ledgers.money import pounds
from pooledfund.reports.cells import Cell, Money
from s75_rules.amounts import Amount, total

Shown = Amount | str
"""An amount as agreed, or why there is none."""

NONE_STATED = "none stated"
NOT_STATED = "not stated"
NOT_BY_SCHEME = "not stated by scheme"
NOT_HELD = "not held here"


def exact_pence(shown: Shown) -> int | None:
    """The amount in pence where it is exact."""
    return shown.exact_pence if isinstance(shown, Amount) else None


def in_words(shown: Shown) -> str:
    """Pounds as text for a program where exact, else the words."""
    pence = exact_pence(shown)
    return str(shown) if pence is None else pounds(pence)


def as_cell(shown: Shown) -> Cell:
    """A number where the amount is exact, else the text as agreed."""
    pence = exact_pence(shown)
    return str(shown) if pence is None else Money(pence)


def total_of(parts: Iterable[Shown]) -> Shown:
    """Add what is shown: exact where all parts are, a range where one is, and in words where a part is not known.

    A part where nothing is stated at all adds nothing; a part that is not known is never taken for nil.
    """
    counted = [part for part in parts if part != NONE_STATED]
    known = [part for part in counted if isinstance(part, Amount) and part.low_pence is not None]
    unknown = [str(part) for part in counted if isinstance(part, str) or part.low_pence is None]
    if not counted:
        return NONE_STATED
    stated = total(known)
    if not unknown:
        return stated
    return f"{unknown[0]} in part; {stated} is stated so far" if stated.high_pence else unknown[0]


def total_cell(shown: Shown) -> int | str:
    """A total in pence, to be a formula; over a range or something unknown its words."""
    pence = exact_pence(shown)
    if pence is not None:
        return pence
    return f"from {shown}" if isinstance(shown, Amount) and shown.wording == "range" else str(shown)
