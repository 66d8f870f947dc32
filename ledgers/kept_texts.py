"""The texts of entries, kept in memory to find a text without reading every row again. Decides nothing.

Entries are numbered from 1 without a gap and never change, so what was kept stays right and only the newest are read.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledgers.database import Connection
from ledgers.place import Place

TEXTS = ("why", "source_reference", "idempotency_key")
"""What of an entry a text is looked for in."""

_FIELD, _ENTRY = "\x1f", "\x1e"
"""What ends a text and what ends an entry; a text that is looked for holds neither."""


@dataclass(slots=True)
class _Texts:
    """One pool's texts in small letters, so many entries to a chunk, and the newest event that they are of."""

    in_chunk: int
    event: int = 0
    hash: str = ""
    entries: int = 0
    chunks: list[bytes] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeptTexts:
    """The texts of the pools that were searched last, each read once and then only what is new.

    So many entries are looked through at once, and of so many pools the texts are kept.
    """

    def __init__(self, in_chunk: int = 4096, most_pools: int = 8) -> None:
        self._in_chunk = in_chunk
        self._most_pools = most_pools
        self._pools: OrderedDict[tuple[Place, str], _Texts] = OrderedDict()
        self._lock = threading.Lock()

    def candidates(self, place: Place, pool_id: str, connection: Connection, text: str) -> Iterator[int] | None:
        """The numbers of the entries whose texts may hold a text, newest first; None where this cannot tell.

        A to Z are taken as small and no other letter, as ``Connection.like`` does. Its row says whether an entry does.
        """
        if _FIELD in text or _ENTRY in text:
            return None
        with self._lock:
            texts = self._pools.setdefault((place, pool_id), _Texts(self._in_chunk))
            self._pools.move_to_end((place, pool_id))
            while len(self._pools) > self._most_pools:
                self._pools.popitem(last=False)
        with texts.lock:
            _read_new(texts, connection, pool_id)
            chunks = tuple(texts.chunks)
        return _found(chunks, self._in_chunk, text.encode().lower())


def _read_new(texts: _Texts, connection: Connection, pool_id: str) -> None:
    """Read what was recorded since; all of it where these are other books than were read."""
    kept = connection.execute(
        "SELECT hash FROM event WHERE pool_id = ? AND number = ?", (pool_id, texts.event)
    ).fetchone()
    if kept is None or kept[0] != texts.hash:
        texts.entries, texts.chunks = 0, []
    number, sealed = connection.execute(
        "SELECT number, hash FROM event WHERE pool_id = ? ORDER BY number DESC LIMIT 1", (pool_id,)
    ).fetchone()
    if (number, sealed) == (texts.event, texts.hash):
        return
    rows = connection.execute(
        f"SELECT {', '.join(TEXTS)} FROM entry WHERE pool_id = ? AND number > ? ORDER BY number",
        (pool_id, texts.entries),
    )
    fresh: list[str] = []
    for row in rows:
        said = _FIELD.join(row)
        if said.count(_FIELD) != len(TEXTS) - 1 or _ENTRY in said:
            said = _FIELD.join(each.replace(_FIELD, " ").replace(_ENTRY, " ") for each in row)
        fresh.append(f"{said}{_ENTRY}")
        if (texts.entries + len(fresh)) % texts.in_chunk == 0:
            _keep(texts, fresh)
    _keep(texts, fresh)
    texts.event, texts.hash = number, sealed


def _keep(texts: _Texts, fresh: list[str]) -> None:
    """Put entries that follow the last ones into the last chunk, or into a new one where that is full."""
    if not fresh:
        return
    said = "".join(fresh).encode().lower()
    if texts.entries % texts.in_chunk:
        texts.chunks[-1] += said
    else:
        texts.chunks.append(said)
    texts.entries += len(fresh)
    fresh.clear()


def _found(chunks: tuple[bytes, ...], in_chunk: int, text: bytes) -> Iterator[int]:
    """The numbers of the entries that hold a text, the newest chunk first."""
    for place in range(len(chunks) - 1, -1, -1):
        chunk, numbers = chunks[place], list[int]()
        at, counted, number = chunk.find(text), 0, place * in_chunk + 1
        while at >= 0:
            number += chunk.count(_ENTRY.encode(), counted, at)
            counted = chunk.index(_ENTRY.encode(), at)
            numbers.append(number)
            at = chunk.find(text, counted)
        yield from reversed(numbers)
