"""The reversals that the books made of accruals by themselves, and which rows of a ledger are the same thing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pooledfund import chart
from pooledfund.intake.spend_rows import SpendRow
from pooledfund.pool import Pool


@dataclass(slots=True)
class _Reversal:
    number: int
    reference: str
    claimed_by: list[Mapping[str, str | None]] = field(default_factory=list)


class OwnReversals:
    """Reversals in the books, by the partner, line and cost by which a ledger's own reversal is known."""

    def __init__(self) -> None:
        self._found: dict[tuple[str | None, str | None, int], list[_Reversal]] = defaultdict(list)

    def add(self, key: tuple[str | None, str | None, int], reversal: _Reversal) -> None:
        """Keep one reversal."""
        self._found[key].append(reversal)

    def claim(self, row: SpendRow) -> int | None:
        """The entry that a ledger's reversal row repeats, or None where the books made no such reversal.

        A row is matched by the accrual's reference (or the same with -R), by having claimed the entry before,
        and else takes the first reversal of that line and cost that no row has claimed.
        """
        candidates = self._found.get((row.partner, row.scheme, row.cost_pence), [])
        for each in candidates:
            if row.reference in (each.reference, f"{each.reference}-R") or row.row.cells in each.claimed_by:
                each.claimed_by.append(row.row.cells)
                return each.number
        for each in candidates:
            if not each.claimed_by:
                each.claimed_by.append(row.row.cells)
                return each.number
        return None


def own_reversals(pool: Pool) -> OwnReversals:
    """Every reversal of an accrual in the books, with the rows of files that were matched to it."""
    found = OwnReversals()
    accruals = [each for each in pool.books.entries(book="actual", kind="accrual") if each.entry.reverses is not None]
    claims: dict[int, list[Mapping[str, str | None]]] = defaultdict(list)
    if accruals:
        numbers = {each.number for each in accruals}
        for line in pool.books.source_lines():
            if line.entry in numbers:
                claims[line.entry].append(line.cells)
    for recorded in accruals:
        costs = [posting for posting in recorded.entry.postings if posting.account == chart.EXPENDITURE]
        key = (costs[0].partner, costs[0].scheme, sum(posting.amount_pence for posting in costs))
        reversal = _Reversal(recorded.number, recorded.entry.source_reference, claims[recorded.number])
        found.add(key, reversal)
    return found
