"""The items that people match by hand: open ones of each side, filtered and in an order, and what a choice comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from ledgers.money import pounds_for_people
from pooledfund.access import OWN_PARTNER, Action, Actor, require
from pooledfund.control.reconciling.position import Item, Position

Order = Literal["oldest first", "newest first", "largest first", "smallest first", "by reference"]
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items a person wants to see: by words, amounts without their sign in pence, days; all unless it says."""

    words: str = ""
    least_pence: int | None = None
    most_pence: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    order: Order = "oldest first"

    def covers(self, item: Item) -> bool:
        """Whether one line of an item has the words, one its day within the days, and the item such an amount."""
        lines = [each.line for each in (*item.ours, *item.theirs)]
        size = abs(amount_of(item))
        said = " ".join((item.id, *(f"{each.reference} {each.scheme or 'suspense'} {each.words}" for each in lines)))
        return (
            self.words.strip().casefold() in said.casefold()
            and (self.least_pence is None or size >= self.least_pence)
            and (self.most_pence is None or size <= self.most_pence)
            and any(
                (self.first_on is None or each.on >= self.first_on)
                and (self.last_on is None or each.on <= self.last_on)
                for each in lines
            )
        )

    def _in_days(self, day: date) -> bool:
        return (self.first_on is None or day >= self.first_on) and (self.last_on is None or day <= self.last_on)


def amount_of(item: Item) -> int:
    """What an item is shown at in pence: what the books hold of it, or the ledger where the books hold nothing."""
    return item.ours_pence if item.ours else item.theirs_pence


def ledgers_seen(actor: Actor, partners: Iterable[str]) -> tuple[str, ...]:
    """The partners whose ledgers a person may look into: partner finance its own alone, other readers every one.

    Raises:
        NotAllowed: the person may not read.
    """
    require(actor, Action.READ)
    return tuple(each for each in partners if actor.role not in OWN_PARTNER or each == actor.partner)


def of_books(found: Position) -> tuple[Item, ...]:
    """Entries of the books that no line of the ledger is matched with."""
    return tuple(each for each in found.items if each.by is None and each.ours)


def of_ledger(found: Position) -> tuple[Item, ...]:
    """Lines of the partner's ledger that no entry of the books is matched with."""
    return tuple(each for each in found.items if each.by is None and each.theirs)


def joined(found: Position) -> tuple[Item, ...]:
    """Items that a pass or a person made one of several lines, those whose amounts differ among them."""
    return tuple(each for each in found.items if each.by is not None)


def listed(items: Iterable[Item], wanted: Wanted) -> list[Item]:
    """The items that are wanted, in the order that is wanted; equal ones by their names."""
    found = sorted((each for each in items if wanted.covers(each)), key=lambda each: each.id)
    if wanted.order == "by reference":
        return sorted(found, key=lambda each: each.first.line.reference.casefold())
    if wanted.order in ("oldest first", "newest first"):
        return sorted(found, key=lambda each: each.first.line.on, reverse=wanted.order == "newest first")
    return sorted(found, key=lambda each: abs(amount_of(each)), reverse=wanted.order == "largest first")


@dataclass(frozen=True, slots=True)
class Selection:
    """The items that a person has chosen, in the order they chose them."""

    items: tuple[Item, ...]

    @classmethod
    def of(cls, found: Position, chosen: Sequence[str]) -> "Selection":
        """The chosen items that are still there."""
        there = {each.id: each for each in found.items}
        return cls(tuple(there[each] for each in chosen if each in there))

    @property
    def ours_pence(self) -> int:
        """What the books hold of them."""
        return sum(each.ours_pence for each in self.items)

    @property
    def theirs_pence(self) -> int:
        """What the partner's ledger holds of them."""
        return sum(each.theirs_pence for each in self.items)

    @property
    def in_words(self) -> str:
        """How the two sides of the choice stand to each other, in a sentence."""
        if not self.items:
            return "Nothing is selected."
        if self.ours_pence == self.theirs_pence:
            return f"The selection agrees: {pounds_for_people(self.ours_pence)} on both sides."
        more = "the ledger has more" if self.theirs_pence > self.ours_pence else "the books have more"
        return f"The selection differs by {pounds_for_people(abs(self.ours_pence - self.theirs_pence))}: {more}."
