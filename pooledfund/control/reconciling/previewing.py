"""What a run would match before anything of it is kept: pass by pass, and the matches it would add. Records nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pooledfund.control.matching.lines import Match, Pass, Rules
from pooledfund.control.matching.match import Told, nobody
from pooledfund.control.reconciling.runs import USUAL, Run, item_of, read_ledger, work_out
from pooledfund.control.reconciling.sides import Known
from pooledfund.intake.maps import LedgerMap
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class PassCount:
    """What one pass gives: matches that stood before, matches it would add, and what our lines of them come to."""

    by: Pass
    stood: int
    added: int
    ours_pence: int
    difference_pence: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A run as it would be kept; ``repeats`` is the event of a run that it would only repeat."""

    run: Run
    ours: Mapping[str, Known]
    notes: tuple[str, ...]
    stood: frozenset[str]
    repeats: int | None
    digest: str

    @property
    def added(self) -> tuple[Match, ...]:
        """The matches that did not stand before."""
        return tuple(each for each in self.run.matches if item_of(each) not in self.stood)

    @property
    def passes(self) -> tuple[PassCount, ...]:
        """Every pass with its counts, in the order they are made; what people matched by hand comes last."""
        return tuple(self._count(each) for each in Pass)

    def _count(self, by: Pass) -> PassCount:
        found = [each for each in self.run.matches if each.by is by]
        added = sum(item_of(each) not in self.stood for each in found)
        ours = sum(self.ours[name].line.pence for each in found for name in each.ours)
        return PassCount(by, len(found) - added, added, ours, sum(each.difference_pence for each in found))

    @property
    def open_ours(self) -> tuple[Known, ...]:
        """The lines of the books that no pass would match."""
        taken = {name for each in self.run.matches for name in each.ours}
        return tuple(each for name, each in self.ours.items() if name not in taken)

    @property
    def open_theirs(self) -> tuple[Known, ...]:
        """The lines of the partner's ledger that no pass would match."""
        taken = {name for each in self.run.matches for name in each.theirs}
        return tuple(each for name, each in self.run.theirs.items() if name not in taken)


def preview_ledger(
    pool: Pool,
    partner: str,
    month: int,
    path: Path,
    ledger_map: LedgerMap | None = None,
    rules: Rules = USUAL,
    only: Collection[int] = (),
    *,
    told: Told = nobody,
) -> Preview:
    """What ``run_ledger`` would keep of the same file and rules as the books stand now; raises as it does."""
    ledger = read_ledger(pool, partner, month, path, ledger_map)
    with pool.books.books.snapshot():
        found = work_out(pool, ledger, rules, only, told)
    return Preview(found.run, found.ours, ledger.notes, found.stood, found.repeats, found.digest)
