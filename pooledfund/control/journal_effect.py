"""What a journal or its reversal would do: balances, budgets of lines, months, and what the books would refuse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledgers.calendar import month_label
from ledgers.journal import Entry, check_entry
from ledgers.money import pounds, pounds_for_people
from ledgers.refusals import EntryRefused
from pooledfund import chart
from pooledfund.access import Action, require
from pooledfund.intake.journal_form import plan_journal
from pooledfund.intake.journal_reversals import plan_reversal
from pooledfund.pool import Pool

Cell = tuple[str, str]
"""An account, and a scheme line of it; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A balance of an account and line in pence, debit plus, and what an entry adds to it."""

    account: str
    scheme: str
    before_pence: int
    change_pence: int

    @property
    def after_pence(self) -> int:
        """The balance with the entry."""
        return self.before_pence + self.change_pence


@dataclass(frozen=True, slots=True)
class JournalEffect:
    """What an entry would do: a dry run, nothing is posted.

    ``warnings`` are what to know before it is posted; ``breaks`` are why the books would refuse it.
    ``already_there`` is the entry that stands under its number with the same content.
    """

    entry: Entry
    month: int
    movements: tuple[Movement, ...]
    warnings: tuple[str, ...]
    breaks: tuple[str, ...]
    already_there: int | None = None

    def as_json(self) -> dict[str, object]:
        """The effect with money in pounds as text."""
        return {
            "key": self.entry.idempotency_key,
            "book": self.entry.book,
            "effective": self.entry.effective_on.isoformat(),
            "month": f"M{self.month}",
            "already_there": self.already_there,
            "balances": [
                {
                    "account": each.account,
                    "scheme": each.scheme or None,
                    "before": pounds(each.before_pence),
                    "change": pounds(each.change_pence),
                    "after": pounds(each.after_pence),
                }
                for each in self.movements
            ],
            "warnings": list(self.warnings),
            "refused_because": list(self.breaks),
        }


def journal_effect(pool: Pool, head: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> JournalEffect:
    """What one journal given by its fields would do; raises as ``plan_journal`` does."""
    planned = plan_journal(pool, head, lines)
    return effect_of(pool, planned.entries[0], planned.notes)


def reversal_effect(
    pool: Pool, number: int, why: str, effective_on: date | None = None, *, adjusting: bool = False
) -> JournalEffect:
    """What the reversal of a journal would do; raises as ``plan_reversal`` does."""
    planned = plan_reversal(pool, number, why, effective_on, adjusting=adjusting)
    return effect_of(pool, planned.entry, () if planned.note is None else (planned.note,))


def effect_of(pool: Pool, entry: Entry, notes: Sequence[str] = ()) -> JournalEffect:
    """What an entry that is not posted yet would do to the balances of its book."""
    require(pool.actor, Action.POST)
    with pool.books.books.snapshot():
        month = pool.agreement.year.month_of(entry.effective_on)
        there = pool.books.entry_by_key(entry.idempotency_key)
        kept = pool.books.balances(entry.book, ("account", "scheme"))
        movements = tuple(
            Movement(account, scheme, kept.get((account, scheme or None), 0), pence)
            for (account, scheme), pence in _changes(entry).items()
        )
        if there is not None:
            return JournalEffect(entry, month, (), (), (), there.number)
        breaks = tuple(_breaks(pool, entry, month))
        warnings = (*notes, *_overspends(pool, entry, movements), *_moved_budgets(entry, movements))
    return JournalEffect(entry, month, movements, warnings, breaks)


def _changes(entry: Entry) -> dict[Cell, int]:
    found: dict[Cell, int] = {}
    for each in entry.postings:
        cell = (each.account, each.scheme or "")
        found[cell] = found.get(cell, 0) + each.amount_pence
    return found


def _breaks(pool: Pool, entry: Entry, month: int) -> Iterator[str]:
    try:
        check_entry(entry)
    except EntryRefused as refusal:
        yield str(refusal)
    state = pool.books.month_states()[month]
    if state == "closed" or (state == "adjusting" and not entry.adjusting):
        word = "closed" if state == "closed" else "open to adjusting entries only"
        yield f"{month_label(month)} is {word}: date the entry in an open month"
    yield from _below_nil(pool, entry)


def _below_nil(pool: Pool, entry: Entry) -> Iterator[str]:
    """What contributions would be put on lines twice: an account with a floor has a balance of each of them."""
    floors = {code for code, account in pool.books.accounts().items() if account.floor != "none"}
    moved: dict[tuple[str, str | None], int] = {}
    for each in entry.postings:
        if each.account in floors:
            cell = (each.account, each.contribution)
            moved[cell] = moved.get(cell, 0) + each.amount_pence
    if not moved:
        return
    kept = pool.books.balances(entry.book, ("account", "contribution"), accounts=sorted(floors))
    for (account, contribution), pence in moved.items():
        before = kept.get((account, contribution), 0)
        if pence < 0 and before + pence < 0:
            yield (
                f"it takes {pounds_for_people(-pence)} from {account} of contribution {contribution}, which has "
                f"{pounds_for_people(before)}: lower the amount, or add to the contribution first"
            )


def _overspends(pool: Pool, entry: Entry, movements: Sequence[Movement]) -> Iterator[str]:
    """Lines whose spend of the year would pass their budget by the entry, or pass it further."""
    spent = [each for each in movements if each.account == chart.EXPENDITURE and each.change_pence > 0 and each.scheme]
    if entry.book != "actual" or not spent:
        return
    budgets = pool.books.balances("budget", ("scheme",), accounts=chart.LINE_BUDGETS)
    for each in spent:
        budget = budgets.get((each.scheme,), 0)
        if each.after_pence > budget:
            yield (
                f"{each.scheme} would have spent {pounds_for_people(each.after_pence)} of a budget of "
                f"{pounds_for_people(budget)}: {pounds_for_people(each.after_pence - budget)} over it"
            )


def _moved_budgets(entry: Entry, movements: Sequence[Movement]) -> Iterator[str]:
    lines = {each.scheme for each in movements if each.account in chart.LINE_BUDGETS and each.change_pence}
    if entry.book == "budget" and len(lines) > 1:
        yield "it moves budget between lines without the tests of a virement: virement runs them first"
