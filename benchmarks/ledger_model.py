"""A state machine that posts, reverses, closes, reopens and asks of the past, beside a model that is a plain list."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledgers.accounts import Account, PoolSpec
from ledgers.calendar import FinancialYear
from ledgers.journal import Entry, Posting, reversal_of
from ledgers.reading import MonthState
from ledgers.refusals import AlreadyReversed, BudgetOverdrawn, MonthStateRefused, PeriodClosed, ReversalOfReversal
from ledgers.store import Books

YEAR = FinancialYear(2016)
AT = datetime(2016, 4, 1, 9, 0, tzinfo=UTC)
CHART = (
    Account("expenditure", "Expenditure", "expense", "debit"),
    Account("cash", "Cash", "asset", "debit"),
    Account("unallocated", "Unallocated", "budget", "debit", floor="not_negative_by_contribution"),
)
months = st.integers(1, 12)
Balances = dict[tuple[str | int | None, ...], int]


@dataclass(frozen=True)
class Known:
    """An entry as the model knows it."""

    month: int
    legs: tuple[tuple[str, int], ...]
    reverses: int | None


class LedgerMachine(RuleBasedStateMachine):
    """Each rule does one thing to the books and to the model; both take it or both refuse."""

    books: ClassVar[Books]

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Known] = []
        self.states: dict[int, MonthState] = dict.fromkeys(range(1, 13), "open")
        self.past: list[tuple[int, Balances, int, dict[int, MonthState]]] = []
        self.tries = 0

    @initialize()
    def open_books(self) -> None:
        """A new pool with twelve open months."""
        id_ = f"model-{len(self.books.pool_ids())}"
        spec = PoolSpec(id_, "A pool beside a model", YEAR, CHART, {}, {"nhs": "NHS"}, {})
        self.ledger = self.books.open_pool(spec, who="model", at=AT, payload={})

    def _takes(self, month: int, adjusting: bool) -> bool:
        return self.states[month] == "open" or (self.states[month] == "adjusting" and adjusting)

    def _balance(self, account: str) -> int:
        return sum(pence for entry in self.entries for code, pence in entry.legs if code == account)

    def _key(self) -> str:
        self.tries += 1
        return f"key {self.tries}"

    def _record(self, entry: Entry, known: Known) -> None:
        with self.ledger.writing("model", AT) as writing:
            assert writing.record(entry).number == len(self.entries) + 1
        with self.ledger.writing("model", AT) as writing:
            assert writing.record(entry).outcome == "already there"
        self.entries.append(known)

    @rule(
        month=months,
        pence=st.integers(-1000, 3000).filter(bool),
        account=st.sampled_from(["expenditure", "unallocated"]),
        adjusting=st.booleans(),
    )
    def post(self, month: int, pence: int, account: str, adjusting: bool) -> None:
        """An entry of two legs."""
        day = YEAR.month_starts(month)
        legs = (Posting(account, pence, contribution="nhs"), Posting("cash", -pence))
        entry = Entry("actual", "journal", day, day, "model", "why", "", self._key(), legs, adjusting=adjusting)
        known = Known(month, ((account, pence), ("cash", -pence)), None)
        if not self._takes(month, adjusting):
            self._refused(entry, PeriodClosed)
        elif account == "unallocated" and self._balance(account) + pence < 0:
            self._refused(entry, BudgetOverdrawn)
        else:
            self._record(entry, known)

    def _refused(self, entry: Entry, by: type[Exception]) -> None:
        head = self.ledger.head()
        try:
            with self.ledger.writing("model", AT) as writing:
                writing.record(entry)
        except by:
            assert self.ledger.head() == head
            return
        raise AssertionError(f"the books took what the model refuses: {entry}")

    @rule(place=st.integers(0, 10**6), month=months)
    def reverse(self, place: int, month: int) -> None:
        """The mirror of any entry, in any month."""
        if not self.entries:
            return
        number = place % len(self.entries) + 1
        original = self.entries[number - 1]
        day: date = YEAR.month_starts(month)
        entry = reversal_of(
            self.ledger.entry(number), effective_on=day, who="model", why="wrong", idempotency_key=self._key()
        )
        known = Known(month, tuple((code, -pence) for code, pence in original.legs), number)
        after = self._balance("unallocated") + sum(pence for code, pence in known.legs if code == "unallocated")
        for wrong, refusal in (
            (not self._takes(month, False), PeriodClosed),
            (original.reverses is not None, ReversalOfReversal),
            (any(each.reverses == number for each in self.entries), AlreadyReversed),
            (after < 0, BudgetOverdrawn),
        ):
            if wrong:
                self._refused(entry, (PeriodClosed, ReversalOfReversal, AlreadyReversed, refusal))  # type: ignore[arg-type]
                return
        self._record(entry, known)

    @rule(month=months, state=st.sampled_from(["open", "adjusting", "closed"]))
    def set_month(self, month: int, state: MonthState) -> None:
        """Close, leave to adjustments, or reopen."""
        try:
            with self.ledger.writing("model", AT) as writing:
                writing.set_month(month, state, reason="asked")
        except MonthStateRefused:
            assert self.states[month] == state
            return
        assert self.states[month] != state
        self.states[month] = state

    @rule()
    def remember(self) -> None:
        """Note what the books say now, to be asked as of this event later."""
        head = self.ledger.head().number
        self.past.append((head, self._model_balances(), len(self.entries), dict(self.states)))

    def _model_balances(self) -> Balances:
        found: Counter[tuple[str | int | None, ...]] = Counter()
        for entry in self.entries:
            for account, pence in entry.legs:
                found[account, entry.month] += pence
        return {key: pence for key, pence in found.items() if pence}

    @invariant()
    def books_say_what_the_model_says(self) -> None:
        """Now, and as of every event that was noted."""
        if not hasattr(self, "ledger"):
            return
        now = {key: pence for key, pence in self.ledger.balances("actual", ("account", "month")).items() if pence}
        assert now == self._model_balances()
        assert self.ledger.month_states() == self.states
        for event, balances, entries, states in self.past[-3:]:
            then = self.ledger.balances("actual", ("account", "month"), as_of=event)
            assert {key: pence for key, pence in then.items() if pence} == balances
            assert len(self.ledger.entries(as_of=event)) == entries
            assert self.ledger.month_states(as_of=event) == states

    @rule()
    def verify(self) -> None:
        """The books hold."""
        assert self.ledger.verify(head=str(self.ledger.head())) == []


def machine_on(books: Books) -> type[LedgerMachine]:
    """The machine that opens its pools in these books."""
    return type("LedgerMachine", (LedgerMachine,), {"books": books})
