"""What became of an item that somebody still names: matched or undone meanwhile, by whom and when. Changes nothing."""

from collections.abc import Collection, Mapping

from ledgers.seal import Event
from pooledfund.control.reconciling.runs import BY_HAND, UNDONE, runs_of
from pooledfund.pool import Pool


def what_became(pool: Pool, partner: str, item: str, held: Mapping[str, Collection[str]]) -> str | None:
    """Why a name is no item that can be worked on, in a sentence; None where nothing is known of it.

    ``held`` gives the lines of each match that stands, by the match's item.
    """
    for match, lines in held.items():
        if item in lines:
            return f"{item} is matched already, as {match}, {_by(_maker(pool, partner, match))}"
    gone = [event for event in pool.books.events(kind=UNDONE) if event.payload["item"] == item]
    return f"{item} was undone already, {_by(gone[-1])}: its lines are open again" if gone else None


def _maker(pool: Pool, partner: str, match: str) -> Event:
    """The event that made a match: by hand, or else the newest run."""
    made = [event for event in pool.books.events(kind=BY_HAND) if event.payload["item"] == match]
    return made[-1] if made else runs_of(pool, partner)[-1]


def _by(event: Event) -> str:
    at = event.recorded_at[:16].replace("T", " at ")
    return f"by {event.who} on {at} UTC, event {event.number}"
