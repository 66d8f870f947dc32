"""How the books and a partner's ledger stand to each other: items by outcome, ages, and the statement that casts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledgers.money import pounds, pounds_for_people
from pooledfund.access import Action, require_partner
from pooledfund.control.matching.lines import Match
from pooledfund.control.reconciling.remarks import Remark, remarks
from pooledfund.control.reconciling.runs import (
    ReconciliationRefused,
    Run,
    item_of,
    known_partner,
    last_run,
    live_matches,
)
from pooledfund.control.reconciling.sides import SPEND, Known, our_lines, total
from pooledfund.pool import Pool

Outcome = Literal["matched", "matched within tolerance", "amount differs", "only ours", "only theirs", "disputed"]
OUTCOMES: tuple[Outcome, ...] = (
    "matched", "matched within tolerance", "amount differs", "only ours", "only theirs", "disputed",
)  # fmt: skip
SETTLED = frozenset({"matched", "matched within tolerance"})
BANDS = ((30, "0 to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"))
OLDEST = "over 90 days"


class DoesNotCast(ReconciliationRefused):
    """A statement whose lines do not lead from their figure to ours."""


class NothingReconciled(ReconciliationRefused):
    """A month for which nobody has given the partner's ledger, or its figures, yet."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a reconciliation: lines of both sides or of one, what came of it, and what people say of it.

    Amounts are pence; the age is counted from the day of its oldest line to the end of the month reconciled.
    """

    id: str
    outcome: Outcome
    by: str | None
    ours: tuple[Known, ...]
    theirs: tuple[Known, ...]
    age_days: int
    remark: Remark

    @property
    def ours_pence(self) -> int:
        """What the books hold of it."""
        return sum(each.line.pence for each in self.ours)

    @property
    def theirs_pence(self) -> int:
        """What the partner's ledger holds of it."""
        return sum(each.line.pence for each in self.theirs)

    @property
    def difference_pence(self) -> int:
        """What leads from their figure to ours."""
        return self.ours_pence - self.theirs_pence

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look into it."""
        return self.outcome not in SETTLED

    @property
    def band(self) -> str:
        """Its age in words."""
        return next((words for days, words in BANDS if self.age_days <= days), OLDEST)

    @property
    def first(self) -> Known:
        """The line that names the item: ours where there is one."""
        return (*self.ours, *self.theirs)[0]

    def as_json(self) -> dict[str, object]:
        """The item with money in pounds as text."""
        line = self.first.line
        return {
            "item": self.id,
            "outcome": self.outcome,
            "pass": self.by,
            "entries": [each.place for each in self.ours],
            "rows": [each.place for each in self.theirs],
            "reference": line.reference,
            "line": line.scheme,
            "day": line.on.isoformat(),
            "ours": pounds(self.ours_pence),
            "theirs": pounds(self.theirs_pence),
            "difference": pounds(self.difference_pence),
            "age_days": self.age_days,
            "age": self.band,
            **self.remark.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """One scheme line and month: what the books and the partner's ledger hold, in pence; no line is suspense."""

    scheme: str | None
    month: int
    ours_pence: int
    theirs_pence: int

    @property
    def difference_pence(self) -> int:
        """Ours less theirs."""
        return self.ours_pence - self.theirs_pence


@dataclass(frozen=True, slots=True)
class Position:
    """The reconciliation of a partner's ledger to the end of a month, as the books stand or stood."""

    partner: str
    month: int
    run: Run
    items: tuple[Item, ...]
    cells: tuple[Cell, ...]
    theirs_pence: int
    ours_pence: int

    def of(self, outcome: Outcome) -> tuple[Item, ...]:
        """The items of one outcome, the oldest first."""
        return tuple(each for each in self.items if each.outcome == outcome)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What is not matched, or disputed, or has two amounts."""
        return tuple(each for each in self.items if each.is_open)

    @property
    def steps(self) -> tuple[Item, ...]:
        """The items that lead from their figure to ours: every one with a difference."""
        return tuple(each for each in self.items if each.difference_pence)

    def ages(self) -> dict[str, list[Item]]:
        """The open items by how old they are."""
        found: dict[str, list[Item]] = {words: [] for words in (*(words for _, words in BANDS), OLDEST)}
        for each in self.open_items:
            found[each.band].append(each)
        return found

    def as_json(self) -> dict[str, object]:
        """The reconciliation with money in pounds as text; matched items are counted, all others listed."""
        return {
            "partner": self.partner,
            "month": f"M{self.month}",
            "run_event": self.run.event,
            "file": self.run.file,
            "agrees": not self.open_items,
            "outcomes": {
                each: {
                    "items": len(found := self.of(each)),
                    "ours": pounds(sum(item.ours_pence for item in found)),
                    "theirs": pounds(sum(item.theirs_pence for item in found)),
                }
                for each in OUTCOMES
            },
            "groups_not_searched": self.run.not_searched,
            "ages": {
                words: {"items": len(items), "difference": pounds(sum(each.difference_pence for each in items))}
                for words, items in self.ages().items()
            },
            "by_line_and_month": [
                {
                    "line": each.scheme,
                    "month": f"M{each.month}",
                    "ours": pounds(each.ours_pence),
                    "theirs": pounds(each.theirs_pence),
                    "difference": pounds(each.difference_pence),
                }
                for each in self.cells
            ],
            "statement": {
                "their_figure": pounds(self.theirs_pence),
                "steps": [each.as_json() for each in self.steps],
                "our_figure": pounds(self.ours_pence),
            },
            "open": [each.as_json() for each in self.open_items],
        }


def position(pool: Pool, partner: str, month: int, as_of: int | None = None) -> Position:
    """The newest reconciliation of a month held against the books as they stand, or stood at an event.

    What came into the books since the run is open; a match whose lines are no longer all there is open again.

    Raises:
        NotAllowed: the person may not read the books, or acts for another partner.
        ReconciliationRefused, DoesNotCast: as ``standing_position``.
    """
    require_partner(pool.actor, Action.READ, partner)
    return standing_position(pool, partner, month, as_of)


def standing_position(pool: Pool, partner: str, month: int, as_of: int | None = None) -> Position:
    """The same for what tells a reader no more of it than whether it is settled, such as the checklist of a close.

    Raises:
        ReconciliationRefused: no such partner; NothingReconciled: no run of that month.
        DoesNotCast: the items do not lead from their figure to the balance of the books.
    """
    known_partner(pool, partner)
    run = last_run(pool, partner, month, as_of)
    if run is None:
        raise NothingReconciled(f"{partner} M{month} is not reconciled: give the partner's ledger")
    ours = our_lines(pool, partner, month, as_of)
    live = live_matches(pool, run, ours, as_of)
    said = remarks(pool, as_of)
    items = _items(ours, run.theirs, live.values(), said, pool.agreement.year.month_ends(month))
    found = Position(
        partner, month, run, items, _cells(ours, run.theirs), total(run.theirs), _balance(pool, partner, month, as_of)
    )
    _must_cast(found)
    return found


def _items(
    ours: Mapping[str, Known],
    theirs: Mapping[str, Known],
    live: Iterable[Match],
    said: Mapping[str, Remark],
    last_day: date,
) -> tuple[Item, ...]:
    items, taken = list[Item](), set[str]()

    def add(name: str, outcome: Outcome, by: str | None, ours: tuple[Known, ...], theirs: tuple[Known, ...]) -> None:
        remark = said.get(name, Remark())
        oldest = min(each.line.on for each in (*ours, *theirs))
        state: Outcome = "disputed" if remark.disputed else outcome
        items.append(Item(name, state, by, ours, theirs, max(0, (last_day - oldest).days), remark))

    for match in live:
        taken.update(match.ours, match.theirs)
        add(
            item_of(match),
            match.outcome,
            match.by.value,
            tuple(ours[name] for name in match.ours),
            tuple(theirs[name] for name in match.theirs),
        )
    for name, each in ours.items():
        if name not in taken:
            add(name, "only ours", None, (each,), ())
    for name, each in theirs.items():
        if name not in taken:
            add(name, "only theirs", None, (), (each,))
    return tuple(sorted(items, key=lambda each: (OUTCOMES.index(each.outcome), -each.age_days, each.id)))


def _cells(ours: Mapping[str, Known], theirs: Mapping[str, Known]) -> tuple[Cell, ...]:
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for side, lines in enumerate((ours, theirs)):
        for each in lines.values():
            sums[each.line.scheme or "", each.month][side] += each.line.pence
    return tuple(Cell(scheme or None, month, *sums[scheme, month]) for scheme, month in sorted(sums))


def _balance(pool: Pool, partner: str, month: int, as_of: int | None) -> int:
    """The partner's spend as the balances of the books have it: asked for apart from the lines."""
    found = pool.books.balances("actual", ("partner",), accounts=SPEND, through_month=month, as_of=as_of)
    return found.get((partner,), 0)


def _must_cast(found: Position) -> None:
    reached = found.theirs_pence + sum(each.difference_pence for each in found.steps)
    cells = (sum(each.ours_pence for each in found.cells), sum(each.theirs_pence for each in found.cells))
    if reached != found.ours_pence or cells != (found.ours_pence, found.theirs_pence):
        raise DoesNotCast(
            f"{found.partner} M{found.month}: the items lead from {pounds_for_people(found.theirs_pence)} to "
            f"{pounds_for_people(reached)} and the books hold {pounds_for_people(found.ours_pence)}: run verify"
        )
