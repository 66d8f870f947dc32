"""The reversals that the books made of accruals by themselves, and which rows of a ledger are the same thing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ledgers.journal import Entry, RecordedEntry
from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.errors import InputRefused
from pooledfund.intake.map_columns import REVERSALS, SELF_REVERSING
from pooledfund.intake.spend_rows import SpendRow
from pooledfund.pool import Pool


@dataclass(slots=True)
class Reversal:
    """The books' own reversal of an accrual: its entry once it is recorded, and the ledger's rows that repeat it."""

    accrual: str
    cost_pence: int
    number: int | None = None
    claims: Callable[[int], set[str]] = field(default=lambda _: set())
    _claimed_by: set[str] | None = None

    @property
    def claimed_by(self) -> set[str]:
        """The references of the ledger's rows that were matched to it, in earlier files and in this one."""
        if self._claimed_by is None:
            self._claimed_by = self.claims(self.number) if self.number is not None else set()
        return self._claimed_by

    def is_named_by(self, reference: str) -> bool:
        """Whether a ledger's reference says that it reverses this accrual: the accrual's own, or that with -R."""
        return reference in (self.accrual, f"{self.accrual}-R")


_Line = tuple[str | None, str | None]
"""A spending partner and a scheme line."""


class OwnReversals:
    """The reversals of accruals that the books make, and those that a ledger's rows made before the books could."""

    def __init__(self) -> None:
        self._found: dict[_Line, list[Reversal]] = defaultdict(list)
        self._by_ledger: dict[_Line, list[Reversal]] = defaultdict(list)

    def add(self, line: _Line, reversal: Reversal) -> None:
        """Keep a reversal of the books' own."""
        self._found[line].append(reversal)

    def add_of_ledger(self, line: _Line, reversal: Reversal) -> None:
        """Keep a reversal that was posted from a ledger's row, whose accrual was not in the books by then."""
        self._by_ledger[line].append(reversal)

    def claim(self, row: SpendRow) -> Reversal | None:
        """The reversal that a ledger's reversal row repeats, or None where the books made no such reversal.

        A row is matched by the accrual's reference (or the same with -R), by having claimed the entry before,
        and else takes the first reversal of that line and cost that no row has claimed.

        Raises:
            InputRefused: its reference names an accrual that the books reversed by another amount.
        """
        candidates = self._found.get((row.partner, row.scheme), [])
        named = [each for each in candidates if each.is_named_by(row.reference)]
        same = [each for each in candidates if each.cost_pence == row.cost_pence]
        found = next((each for each in named if each in same), None)
        if found is None and named:
            raise InputRefused(
                f"{row.reference} reverses {pounds_for_people(-row.cost_pence)} of accrual {named[0].accrual}, "
                f"which the books reversed themselves by {pounds_for_people(-named[0].cost_pence)}: "
                "correct the row, or post the difference under a reference of its own"
            )
        found = found or next((each for each in same if row.reference in each.claimed_by), None)
        found = found or next((each for each in same if not each.claimed_by), None)
        if found is not None:
            found.claimed_by.add(row.reference)
        return found

    def reversed_by_ledger(self, line: _Line, reference: str, cost_pence: int) -> bool:
        """Whether a ledger's row reversed an accrual before the accrual itself came in."""
        return any(
            each.cost_pence == -cost_pence and Reversal(reference, 0).is_named_by(each.accrual)
            for each in self._by_ledger.get(line, [])
        )


def own_reversals(pool: Pool, reference_columns: Sequence[str]) -> OwnReversals:
    """Every reversal of an accrual in the books, with the rows of files that were matched to it."""
    found = OwnReversals()

    def claims(number: int) -> set[str]:
        lines = pool.books.source_lines(entry=number)
        return {reference_of(line.cells, reference_columns) for line in lines}

    for recorded in _of_kinds(pool, SELF_REVERSING.values()):
        if recorded.entry.reverses is not None:
            line, cost = _cost(recorded.entry)
            found.add(line, Reversal(recorded.entry.source_reference, cost, recorded.number, claims))
    for recorded in _of_kinds(pool, REVERSALS.values()):
        line, cost = _cost(recorded.entry)
        found.add_of_ledger(line, Reversal(recorded.entry.source_reference, cost, recorded.number))
    return found


def _of_kinds(pool: Pool, kinds: Iterable[str]) -> list[RecordedEntry]:
    return [each for kind in kinds for each in pool.books.entries(book="actual", kind=kind)]


def reference_of(cells: Mapping[str, str | None], columns: Sequence[str]) -> str:
    """The reference by which a row of a ledger is known, from the columns that make it up."""
    return "/".join(cells.get(column) or "" for column in columns)


def _cost(entry: Entry) -> tuple[_Line, int]:
    costs = [posting for posting in entry.postings if posting.account == chart.EXPENDITURE]
    return (costs[0].partner, costs[0].scheme), sum(posting.amount_pence for posting in costs)
