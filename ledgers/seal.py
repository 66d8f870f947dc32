"""The frozen serialisation that events and entries are sealed with, and the hash chain over it. Reads no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ledgers.journal import Entry

JSON: TypeAlias = bool | int | str | Sequence["JSON"] | Mapping[str, "JSON"] | None

SCHEMA_VERSION = 1
GENESIS = "0" * 64
"""What the first event of a pool names as the hash before it."""

# Frozen: keys sorted by code point, no spaces, UTF-8 without escapes beyond JSON's own. Golden
# vectors in the tests hold it; a change needs a new schema version beside the old one.
_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class FloatInEvent(TypeError):
    """A binary fraction in something to be sealed: money is pence or text, never a float."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a log: its number and hash. Printed on everything that leaves the pool."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a pool's log, with the exact text whose UTF-8 bytes were hashed."""

    number: int
    kind: str
    payload: Mapping[str, JSON]
    recorded_at: str
    who: str
    previous_hash: str
    hash: str
    content: str


def canonical(value: JSON) -> str:
    """The one text of a value: JSON with sorted keys and no spaces; raises FloatInEvent."""
    _refuse_floats(value)
    return _ENCODE(value)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise FloatInEvent(f"{value!r} is a float: give money as pence or as text")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _refuse_floats(each)


def digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def event_content(
    pool_id: str, number: int, kind: str, recorded_at: str, who: str, previous_hash: str, payload: Mapping[str, JSON]
) -> str:
    """The text of an event that is hashed: everything the log says of it, the hash before it included."""
    return canonical(
        {
            "kind": kind,
            "number": number,
            "payload": payload,
            "pool": pool_id,
            "previous": previous_hash,
            "recorded_at": recorded_at,
            "v": SCHEMA_VERSION,
            "who": who,
        }
    )


def entry_content(pool_id: str, number: int, entry: Entry) -> str:
    """The text of an entry that is hashed: all its fields and postings in their order."""
    return _ENCODE(
        {
            "adjusting": entry.adjusting,
            "book": entry.book,
            "corrects": entry.corrects,
            "document_on": entry.document_on.isoformat(),
            "effective_on": entry.effective_on.isoformat(),
            "idempotency_key": entry.idempotency_key,
            "kind": entry.kind,
            "number": number,
            "pool": pool_id,
            "postings": [[p.account, p.amount_pence, p.scheme, p.contribution, p.partner] for p in entry.postings],
            "reverses": entry.reverses,
            "source_reference": entry.source_reference,
            "v": SCHEMA_VERSION,
            "who": entry.who,
            "why": entry.why,
        }
    )


def source_lines_digest(rows: Iterable[tuple[int, int, int | None, str]]) -> str:
    """The digest of rows kept of files: batch, row of the file, entry made and the cells of each, in that order."""
    return digest(_ENCODE([list(row) for row in rows]))
