"""One agreement with its books and the person at work in it. What every interface calls; works out no report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ledgers.accounts import PoolSpec
from ledgers.place import Place
from ledgers.seal import Event
from ledgers.store import Books, Ledger
from ledgers.writing import Writing
from pooledfund import chart
from pooledfund.access import Action, Actor, require
from pooledfund.errors import InputRefused

if TYPE_CHECKING:
    from pooledfund.agreement_file import AgreementFile
    from s75_rules.agreement import Agreement

VARIED = "agreement varied"
"""The event by which another text of the agreement comes into force."""

Clock = Callable[[], datetime]


def now() -> datetime:
    """The machine's clock, in UTC: the only place where the application reads it."""
    return datetime.now(UTC)


class WhichPool(InputRefused):
    """The books hold no pool of that name, or several and none was named."""


class Pool:
    """An agreement and its three books, as one person may see and change them."""

    def __init__(self, ledger: Ledger, actor: Actor, clock: Clock = now, as_of: int | None = None) -> None:
        self.actor = actor
        self.clock = clock
        self._ledger = ledger
        self._as_of = as_of
        self._whole: Writing | None = None

    @classmethod
    def create(cls, books: Place, file: "AgreementFile", actor: Actor, clock: Clock = now) -> "Pool":
        """Open the books of an agreement: accounts, budgets, reserves and instalments; makes the database if missing.

        Raises:
            LedgerRefusal: the books already hold this pool, or cannot be written.
            NotAllowed: the person may not open books.
        """
        from pooledfund.opening import opening_entries

        require(actor, Action.POST)
        agreement = file.agreement
        store = Books.create(books)
        spec = PoolSpec(
            id=agreement.id,
            title=agreement.header.title,
            year=agreement.year,
            accounts=chart.chart_of(agreement),
            partners={each.id: each.name for each in agreement.partners.values()},
            contributions={each.id: each.name or each.source for each in agreement.contributions.values()},
            schemes={each.id: each.name for each in agreement.schemes.values()},
        )
        payload = {"agreement": file.text, "digest": file.digest, "file": file.path.name}
        ledger = store.open_pool(
            spec, who=actor.name, at=clock(), payload=payload, entries=opening_entries(agreement, actor.name)
        )
        return cls(ledger, actor, clock)

    @classmethod
    def open(
        cls, books: Place, pool_id: str | None, actor: Actor, clock: Clock = now, as_of: int | None = None
    ) -> "Pool":
        """Open a pool that the books hold; its name may be left out where there is only one.

        Its agreement is the one in force, or with ``as_of`` the one that was in force at that event.

        Raises:
            WhichPool: no pool of that name, or several and none named.
            LedgerRefusal: there are no books at that place.
            NotAllowed: the person may not read them.
        """
        require(actor, Action.READ)
        store = Books.open(books)
        return cls(store.pool(_choose(store.pool_ids(), pool_id, books)), actor, clock, as_of)

    @classmethod
    def open_all(cls, books: Place, actor: Actor, pool_id: str | None = None) -> "tuple[Pool, ...]":
        """Open every pool that the books hold, or the one named; raises as ``open`` does."""
        require(actor, Action.READ)
        named = Books.open(books).pool_ids() if pool_id is None else (pool_id,)
        return tuple(cls.open(books, each, actor) for each in named)

    @cached_property
    def agreement(self) -> "Agreement":
        """The agreement in force, read from the event that brought it when it is first asked for."""
        # Imported here because the model of an agreement takes longer to load than balances take to read.
        from pooledfund.agreement_file import read_agreement_text

        payload = self.agreement_event(self._as_of).payload
        return read_agreement_text(str(payload["agreement"]), str(payload["file"])).agreement

    @cached_property
    def agreement_in_brief(self) -> tuple[str, str]:
        """The status and version of the agreement in force, for reports that do without the rest of it."""
        from pooledfund.agreement_yaml import header_texts

        header = header_texts(str(self.agreement_event(self._as_of).payload["agreement"]))
        return header.get("status", "draft"), header.get("version", "1")

    def at(self, event: int) -> "Pool":
        """The same books for the same person, with the agreement that was in force at an event."""
        return Pool(self._ledger, self.actor, self.clock, event)

    def agreement_event(self, as_of: int | None = None) -> Event:
        """The event that brought the agreement in force, now or at an event: the opening, or the newest variation."""
        varied = self.books.events(kind=VARIED, as_of=as_of)
        return varied[-1] if varied else self.books.events(kind="pool opened")[0]

    def read_agreement_again(self) -> None:
        """Forget the agreement that was read, because a variation has brought another."""
        self.__dict__.pop("agreement", None)
        self.__dict__.pop("agreement_in_brief", None)

    @property
    def books(self) -> Ledger:
        """The pool's books, to read; raises NotAllowed for a person who may not."""
        require(self.actor, Action.READ)
        return self._ledger

    @contextmanager
    def writing(self, action: Action) -> Iterator[Writing]:
        """Write to the books, all or nothing, as this person and now; raises NotAllowed before anything is written.

        In a database others may write to the same pool: this waits for its turn. ``ledgers.database.giving_way``
        says why it then meets no failure of serialisation, and runs a command again that crossed another program.
        """
        require(self.actor, action)
        if self._whole is not None:
            yield self._whole
            return
        with self._ledger.writing(self.actor.name, self.clock()) as writing:
            yield writing

    @contextmanager
    def writing_as_one(self, action: Action) -> Iterator[Writing]:
        """Keep everything that is written inside, by functions that each write for themselves, or nothing of it.

        Each of them still asks for its own right. What is refused inside must be raised again in the end: its
        function may have written a part before it refused.
        """
        with self.writing(action) as writing:
            around, self._whole = self._whole, writing
            try:
                yield writing
            finally:
                self._whole = around

    def rebuild_balances(self) -> None:
        """Drop the kept balances and work them out again from the postings, which nothing changes.

        Raises:
            NotAllowed: the person may not post.
            LedgerRefusal: the books cannot be written.
        """
        require(self.actor, Action.POST)
        self._ledger.rebuild_balances()

    def current_budgets(self, month: int = 12, as_of: int | None = None) -> dict[tuple[str, str], int]:
        """Current budgets by line and contribution in pence: original, changes and virements to a month."""
        balances = self.books.balances(
            "budget", ("scheme", "contribution"), accounts=chart.LINE_BUDGETS, through_month=month, as_of=as_of
        )
        return {(str(scheme), str(contribution)): pence for (scheme, contribution), pence in balances.items()}

    def current_contributions(self, month: int = 12, as_of: int | None = None) -> dict[str, int]:
        """Current contributions in pence: as agreed and as changed in year to a month."""
        balances = self.books.balances(
            "budget", ("contribution",), accounts=(chart.CONTRIBUTION_PLAN,), through_month=month, as_of=as_of
        )
        return {str(contribution): -pence for (contribution,), pence in balances.items()}

    def posting_day(self, day: date) -> tuple[date, str | None]:
        """The effective day of what is dated on a day: the first open day where its month is closed, with a word on it.

        Raises:
            InputRefused: the day is outside the year, or no later month is open.
        """
        year = self.agreement.year
        if day not in year:
            raise InputRefused(f"{day.isoformat()} is not in {year}: this pool's books hold only that year")
        month = year.month_of(day)
        state = self.books.month_states()[month]
        if state == "open":
            return day, None
        closed = "closed" if state == "closed" else "open to adjusting entries only"
        first = self.books.first_open_day(month)
        if first is None:
            raise InputRefused(
                f"{day.isoformat()} falls in M{month}, which is {closed}, and no later month of {year} is open"
            )
        return first, f"dated {day.isoformat()}, M{month} is {closed}: posted to M{year.month_of(first)}"


def _choose(pool_ids: tuple[str, ...], wanted: str | None, books: Place) -> str:
    known = ", ".join(pool_ids) or "none"
    if wanted is not None and wanted not in pool_ids:
        raise WhichPool(f"{books.name} holds no pool '{wanted}': it holds {known}")
    if wanted is None and len(pool_ids) != 1:
        raise WhichPool(f"{books.name} holds these pools: {known}; name one with --pool")
    return wanted if wanted is not None else pool_ids[0]
