"""Two people at once: what someone writes rests on what they had read, and is refused where that has changed since."""

from collections.abc import Iterable, Mapping, Sequence

from ledgers.seal import JSON, Event
from ledgers.writing import Writing
from pooledfund.errors import InputRefused
from s75_rules.clock import instant_words


class ChangedMeanwhile(InputRefused):
    """Someone else changed the same thing after the writer had read it."""


def check_unchanged(events: Iterable[Event], expected_event: int | None, what: str) -> None:
    """Pass while nothing newer was told of something than what the writer had read.

    ``events`` are those on it, read in the transaction that writes; ``expected_event`` is the newest of them that was
    read, or the newest of all the books, 0 where there was none yet, and None where the writer, such as a file, does
    not say what was read.

    Raises:
        ChangedMeanwhile: with who changed it, and when.
    """
    newest = max(events, key=lambda each: each.number, default=None)
    if expected_event is None or newest is None or newest.number <= expected_event:
        return
    at = instant_words(newest.recorded_at)
    raise ChangedMeanwhile(
        f"{what} was changed by {newest.who} on {at}, event {newest.number}, after you had read it: nothing was "
        "changed by you. Read what stands now, then send yours again."
    )


def tell(
    writing: Writing,
    kind: str,
    payload: Mapping[str, JSON],
    told: Sequence[Event],
    what: str,
    expected_event: int | None = None,
) -> int:
    """Record something that stands until it is told otherwise, and give its event: that of before for the very same.

    ``told`` is what was told of it before, the newest last; raises ChangedMeanwhile as ``check_unchanged``.
    """
    if told and told[-1].payload == payload:
        return told[-1].number
    check_unchanged(told, expected_event, what)
    return writing.event(kind, payload)
