"""The reversals that the books made of accruals by themselves, and which rows of a ledger are the same thing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pooledfund import chart
from pooledfund.intake.spend_rows import SpendRow
from pooledfund.pool import Pool


@dataclass(slots=True)
class _Reversal:
    key: str
    reference: str
    claimed_by: list[Mapping[str, str | None]] = field(default_factory=list)


Place = tuple[str | None, str | None, int]
"""Partner, line and cost in pence, by which a ledger's own reversal is known."""


def reversal_key(accrual_key: str) -> str:
    """The key of the entry by which the books reverse the accrual of a key."""
    return f"{accrual_key}/reversal"


class OwnReversals:
    """Reversals that the books made or are about to make, and the number of each entry that is recorded."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._found: dict[Place, list[_Reversal]] = defaultdict(list)

    def keep(self, place: Place, reversal: _Reversal, number: int) -> None:
        """Keep one reversal that is in the books."""
        self._found[place].append(reversal)
        self.numbers[reversal.key] = number

    def expect(self, accrual: SpendRow) -> None:
        """An accrual is about to be posted, and its reversal with it."""
        place = (accrual.partner, accrual.scheme, -accrual.cost_pence)
        self._found[place].append(_Reversal(reversal_key(accrual.key), accrual.reference))

    def claim(self, row: SpendRow) -> str | None:
        """The key of the entry that a ledger's reversal row repeats, or None where the books make no such reversal.

        A row is matched by the accrual's reference (or the same with -R), by having claimed the entry before,
        and else takes the first reversal of that line and cost that no row has claimed.
        """
        candidates = self._found.get((row.partner, row.scheme, row.cost_pence), [])
        for each in candidates:
            if row.reference in (each.reference, f"{each.reference}-R") or row.row.cells in each.claimed_by:
                each.claimed_by.append(row.row.cells)
                return each.key
        for each in candidates:
            if not each.claimed_by:
                each.claimed_by.append(row.row.cells)
                return each.key
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
        reversal = _Reversal(recorded.entry.idempotency_key, recorded.entry.source_reference, claims[recorded.number])
        found.keep(key, reversal, recorded.number)
    return found
