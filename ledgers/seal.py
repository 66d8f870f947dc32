"""The frozen serialisation that events and entries are sealed with, and the hash chain over it. Reads no database."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TypeAlias

from ledgers.journal import Entry

JSON: TypeAlias = bool | int | str | Sequence["JSON"] | Mapping[str, "JSON"] | None

SCHEMA_VERSION = 1
GENESIS = "0" * 64
"""What the first event of a pool names as the hash before it."""

# Frozen: keys sorted by code point, no spaces, UTF-8 without escapes beyond JSON's own. Golden
# vectors in the tests hold it; a change needs a new schema version beside the old one.
encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


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


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that verification found wrong: which check, the row by name, and one sentence."""

    check: str
    row: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class LogRow:
    """An event's row as the database holds it, not yet believed."""

    number: int
    kind: str
    recorded_at: str
    who: str
    content: str
    previous_hash: str
    hash: str

    @property
    def payload(self) -> Mapping[str, JSON]:
        """What the sealed text says happened; empty where the text cannot be read."""
        payload = self._said.get("payload")
        return payload if isinstance(payload, dict) else {}

    @property
    def _said(self) -> Mapping[str, JSON]:
        try:
            said = json.loads(self.content)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def says_what_it_sealed(self, pool_id: str) -> bool:
        """Whether the columns beside the sealed text agree with it."""
        said = self._said
        columns = {
            "pool": pool_id,
            "number": self.number,
            "kind": self.kind,
            "recorded_at": self.recorded_at,
            "who": self.who,
            "previous": self.previous_hash,
        }
        return all(said.get(name) == value for name, value in columns.items())


def canonical(value: JSON) -> str:
    """The one text of a value: JSON with sorted keys and no spaces; raises FloatInEvent."""
    _refuse_floats(value)
    return encode(value)


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise FloatInEvent(f"{value!r} is a float: give money as pence or as text")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            if not isinstance(each, str):
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


ENTRY_FIELDS = (
    "adjusting", "book", "corrects", "document_on", "effective_on", "idempotency_key", "kind", "reverses",
    "source_reference", "who", "why",
)  # fmt: skip
"""The fields of an entry in the order in which they are sealed, beside its number, pool and postings."""


def entry_content(pool_id: str, number: int, entry: Entry) -> str:
    """The text of an entry that is hashed: all its fields and postings in their order."""
    fields = (
        entry.adjusting, entry.book, entry.corrects, entry.document_on.isoformat(), entry.effective_on.isoformat(),
        entry.idempotency_key, entry.kind, entry.reverses, entry.source_reference, entry.who, entry.why,
    )  # fmt: skip
    postings = [(p.account, p.amount_pence, p.scheme, p.contribution, p.partner) for p in entry.postings]
    return entry_text(pool_id, number, fields, postings)


def entry_text(pool_id: str, number: int, fields: Sequence[JSON], postings: Iterable[Sequence[JSON]]) -> str:
    """The text of an entry from its ENTRY_FIELDS as they are kept, so that verification need not believe them.

    It is what ``canonical`` makes of them, laid out here because every entry is sealed, and proved, by it.
    """
    adjusting, book, corrects, document_on, effective_on, key, kind, reverses, reference, who, why = fields
    say = _said_again
    legs = ",".join(
        [
            f"[{say(account)},{_plain(pence)},{say(scheme)},{say(contribution)},{say(partner)}]"
            for account, pence, scheme, contribution, partner in postings
        ]
    )
    return (
        f'{{"adjusting":{say(adjusting)},"book":{say(book)},"corrects":{say(corrects)},'
        f'"document_on":{say(document_on)},"effective_on":{say(effective_on)},"idempotency_key":{_plain(key)},'
        f'"kind":{say(kind)},"number":{number},"pool":{say(pool_id)},"postings":[{legs}],"reverses":{say(reverses)},'
        f'"source_reference":{_plain(reference)},"v":{SCHEMA_VERSION},"who":{say(who)},"why":{say(why)}}}'
    )


def _plain(value: JSON) -> str:
    """The canonical text of one value."""
    if isinstance(value, str):
        return encode_basestring(value)
    return str(value) if type(value) is int else encode(value)


# Accounts, lines and days are the same few again and again. By type, since to Python True is 1.
_said_again = lru_cache(maxsize=1024, typed=True)(_plain)


def source_lines_digest(rows: Iterable[tuple[int, int, int | None, str]]) -> str:
    """The digest of rows kept of files: batch, row of the file, entry made and the cells of each, in that order."""
    return digest(encode([list(row) for row in rows]))


def chain_findings(pool_id: str, log: Iterable[LogRow]) -> Iterator[Finding]:
    """What breaks the chain: events missing, altered, out of order, or with columns that differ from their text."""
    expected, previous = 1, GENESIS
    for row in log:
        name = f"event {row.number}"
        if row.number != expected:
            yield Finding("event missing", f"event {expected}", f"event {expected} is missing from the log")
        if digest(row.content) != row.hash:
            yield Finding(
                "event altered", name, f"{name} was altered: its text does not give the hash it is sealed with"
            )
        if row.previous_hash != previous:
            yield Finding(
                "event out of chain",
                name,
                f"{name} does not name the hash of the event before it: "
                "one of the two was altered, moved, added or taken out",
            )
        if not row.says_what_it_sealed(pool_id):
            yield Finding(
                "event relabelled", name, f"{name} has a kind, time or name beside it that its text does not say"
            )
        expected, previous = row.number + 1, row.hash


SHORTEST_HEAD = 12
"""Characters of a hash that are enough to know it by, copied from a printed page."""


def head_findings(head: str, log: Iterable[LogRow]) -> Iterator[Finding]:
    """Whether the log still holds a head known outside it, given as ``NUMBER:HASH`` or as the hash's first part."""
    number, _, hash_ = head.strip().lower().rpartition(":")
    if len(hash_) < SHORTEST_HEAD:
        sentence = f"head {head} is too short to know: give at least {SHORTEST_HEAD} characters of the hash"
        yield Finding("head", f"head {head}", sentence)
    elif not any(row.hash.startswith(hash_) and number in ("", str(row.number)) for row in log):
        sentence = f"the log does not hold head {head}: its end was cut off, or it was written anew since then"
        yield Finding("head", f"head {head}", sentence)
