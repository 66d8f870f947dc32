"""Proving the recorded rows against the sealed log: what was altered, removed or added. It changes nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from ledgers import reading, registers, signing
from ledgers.calendar import MONTHS, FinancialYear, PeriodNotUnderstood
from ledgers.database import Connection
from ledgers.seal import (
    ENTRY_FIELDS,
    JSON,
    Finding,
    LogRow,
    chain_findings,
    digest,
    entry_text,
    head_findings,
    source_lines_digest,
)
from ledgers.verification_strict import added_findings, canonical_findings
from ledgers.verification_sums import sum_findings
from ledgers.writing import OPENING_REASON, batch_payload

_RECORDING = ("entry recorded", "entries recorded")


def _read_log(connection: Connection, pool_id: str) -> list[LogRow]:
    rows = connection.execute(
        """SELECT number, kind, recorded_at, who, content, previous_hash, hash FROM event
        WHERE pool_id = ? ORDER BY number""",
        (pool_id,),
    )
    return [LogRow(*row) for row in rows]


def _pool_findings(connection: Connection, pool_id: str, log: Sequence[LogRow]) -> Iterator[Finding]:
    """The pool's row and registers against the events that opened and extended them."""
    sealed: dict[str, dict[str, tuple[int, JSON]]] = {name: {} for name in _REGISTERS}
    for row in log:
        said = row.payload.get("registers") if row.kind == "pool opened" else row.payload
        if row.kind in ("pool opened", "registers extended") and isinstance(said, Mapping):
            for name, rows in sealed.items():
                rows.update({id_: (row.number, each) for id_, each in _by_id(said.get(name)).items()})
    kept = registers.read(connection, pool_id).as_json()
    for name, rows in sealed.items():
        carried = dict(connection.execute(_REGISTERS[name], (pool_id,)).fetchall())
        found = {id_: (carried.get(id_), each) for id_, each in _by_id(kept[name]).items()}
        for id_ in sorted(rows.keys() | found.keys()):
            if rows.get(id_) != found.get(id_):
                yield Finding(f"{name} register", f"{name} {id_}", f"{id_} in the {name} is not as the log opened it")
    row_of_pool = connection.execute("SELECT title, year_starts FROM pool WHERE pool_id = ?", (pool_id,)).fetchone()
    opened = next((row.payload for row in log if row.kind == "pool opened"), {})
    if row_of_pool != (opened.get("title"), opened.get("year_starts")):
        yield Finding("pool", f"pool {pool_id}", f"the title or year of pool {pool_id} is not as the log opened it")


_REGISTERS = {
    "accounts": "SELECT code, event FROM account WHERE pool_id = ?",
    "contributions": "SELECT id, event FROM contribution WHERE pool_id = ?",
    "partners": "SELECT id, event FROM partner WHERE pool_id = ?",
    "schemes": "SELECT id, event FROM scheme WHERE pool_id = ?",
}
"""The event that carries each row of each register."""


def _by_id(rows: JSON) -> dict[str, JSON]:
    if isinstance(rows, Mapping):
        return dict(rows)
    listed = rows if isinstance(rows, list) else []
    return {str(each["code"]): each for each in listed if isinstance(each, Mapping) and "code" in each}


def _month_findings(connection: Connection, pool_id: str, log: Sequence[LogRow]) -> Iterator[Finding]:
    """Each month's history against the events, and each entry against the state of its month when it was recorded."""
    sealed: set[tuple[JSON, ...]] = set()
    for row in log:
        if row.kind == "pool opened":
            sealed.update((row.number, month, "open", OPENING_REASON) for month in MONTHS)
        elif row.kind == "month state":
            said = row.payload
            sealed.add((row.number, said.get("month"), said.get("state"), said.get("reason")))
    rows = connection.execute("SELECT event, month, state, reason FROM month_state WHERE pool_id = ?", (pool_id,))
    for event, month, *_ in sorted(sealed.symmetric_difference(rows.fetchall()), key=str):
        name = f"M{month} at event {event}"
        yield Finding("month state", name, f"the state of {name} is not as the log has it")
    late = connection.execute(
        """SELECT number, month FROM entry WHERE pool_id = ? AND coalesce((SELECT state FROM month_state
            WHERE month_state.pool_id = entry.pool_id AND month_state.month = entry.month
            AND month_state.event < entry.event ORDER BY month_state.event DESC LIMIT 1), 'closed')
            NOT IN ('open', CASE adjusting WHEN 1 THEN 'adjusting' ELSE 'open' END) ORDER BY number LIMIT 1""",
        (pool_id,),
    ).fetchone()
    if late:
        yield Finding(
            "closed month", f"entry {late[0]}", f"entry {late[0]} was put into M{late[1]} when it did not take it"
        )


@dataclass(frozen=True, slots=True)
class _KeptEntry:
    """An entry as its rows give it, not yet believed: the text that should be sealed, and the columns beside it."""

    number: int
    text: str
    announcement: tuple[int, str, str]
    month: int
    effective_on: str
    legs: int
    lines: tuple[int, ...]


def _entry_findings(
    connection: Connection, pool_id: str, year: FinancialYear, log: Sequence[LogRow]
) -> Iterator[Finding]:
    """Each entry, with its postings, against the digest that its event sealed."""
    announced = _announced(log)
    for kept in _kept_entries(connection, pool_id):
        name = f"entry {kept.number}"
        announcement = announced.pop(kept.number, None)
        if announcement is None:
            yield Finding("entry added", name, f"{name} was added past the log: no event announces it")
            continue
        if digest(kept.text) != announcement[2]:
            yield Finding("entry altered", name, f"{name} or one of its postings is not what the log sealed")
        own = (announcement, _month(year, kept.effective_on), tuple(range(1, kept.legs + 1)))
        if (kept.announcement, kept.month, kept.lines) != own:
            sentence = f"{name} has a month, count, line, event, time or digest not its own"
            yield Finding("entry relabelled", name, sentence)
    if announced:
        number = min(announced)
        yield Finding("entry missing", f"entry {number}", f"entry {number} is missing: the log announces it")


def _announcement_findings(connection: Connection, pool_id: str, log: Sequence[LogRow]) -> Iterator[Finding]:
    """The entries that an event announces beside its sealed text against those that the text seals."""
    rows = connection.execute("SELECT number, first_entry, last_entry FROM event WHERE pool_id = ?", (pool_id,))
    beside = {number: (first, last) for number, first, last in rows}
    for row in log:
        first, digests = row.payload.get("first"), row.payload.get("digests")
        sealed: tuple[int | None, int | None] = (None, None)
        if row.kind in _RECORDING and isinstance(first, int) and isinstance(digests, list):
            sealed = (first, first + len(digests) - 1)
        if beside.get(row.number) != sealed:
            name = f"event {row.number}"
            yield Finding("event relabelled", name, f"{name} announces other entries than its text seals")


def _announced(log: Sequence[LogRow]) -> dict[int, tuple[int, str, str]]:
    """What the log says of each entry by number: the event that carries it, when it was recorded, its digest."""
    found: dict[int, tuple[int, str, str]] = {}
    for row in log:
        first, digests = row.payload.get("first"), row.payload.get("digests")
        if row.kind in _RECORDING and isinstance(first, int) and isinstance(digests, list):
            for number, sealed in enumerate(digests, start=first):
                found[number] = (row.number, row.recorded_at, str(sealed))
    return found


def _month(year: FinancialYear, day: str) -> int | None:
    try:
        return year.month_of(date.fromisoformat(day))
    except (ValueError, PeriodNotUnderstood):
        return None


# What is neither is left as it is, and is then not what was sealed.
_FLAG: Mapping[JSON, JSON] = {0: False, 1: True}


def _kept_entries(connection: Connection, pool_id: str) -> Iterator[_KeptEntry]:
    # The raw columns, not ledgers.reading: a row that was tampered with need not be a value at all.
    rows = connection.execute(
        f"""SELECT entry.number, entry.event, entry.recorded_at, entry.digest, entry.month, entry.effective_on,
            entry.legs, {", ".join(f"entry.{name}" for name in ENTRY_FIELDS)},
            posting.line, posting.account, posting.amount_pence, posting.scheme, posting.contribution, posting.partner
        FROM entry LEFT JOIN posting ON posting.pool_id = entry.pool_id AND posting.entry = entry.number
        WHERE entry.pool_id = ? ORDER BY entry.number, posting.line""",
        (pool_id,),
    )
    for number, lines in groupby(rows, key=itemgetter(0)):
        all_legs = list(lines)
        _, event, recorded_at, sealed, month, effective_on, said_legs, adjusting, *fields = all_legs[0][:-6]
        legs = [leg for leg in all_legs if leg[-6] is not None]
        text = entry_text(pool_id, number, (_FLAG.get(adjusting, adjusting), *fields), [leg[-5:] for leg in legs])
        numbered = tuple([leg[-6] for leg in legs])
        yield _KeptEntry(number, text, (event, recorded_at, sealed), month, effective_on, said_legs, numbered)


def _file_findings(connection: Connection, pool_id: str, log: Sequence[LogRow]) -> Iterator[Finding]:
    """The files that came in, and the rows kept of them, against their events."""
    sealed = {row.number: row.payload for row in log if row.kind == "batch"}
    kept = {each.event: batch_payload(each.number, each.batch) for each in reading.batches_where(connection, pool_id)}
    for event in sorted(sealed.keys() | kept.keys()):
        if sealed.get(event) != kept.get(event):
            yield Finding(
                "batch", f"batch of event {event}", f"the file that came in at event {event} is not as sealed"
            )
    digests = {row.number: row.payload.get("digest") for row in log if row.kind == "source lines"}
    rows = connection.execute(
        """SELECT event, batch, file_row, entry, cells FROM source_line WHERE pool_id = ?
        ORDER BY event, batch, file_row""",
        (pool_id,),
    )
    found = {
        event: source_lines_digest([tuple(line[1:]) for line in lines])
        for event, lines in groupby(rows, key=lambda row: int(row[0]))
    }
    for event in sorted(digests.keys() | found.keys()):
        if digests.get(event) != found.get(event):
            yield Finding(
                "source lines", f"event {event}", f"the rows of files kept at event {event} are not as sealed"
            )


def _sign_off_findings(connection: Connection, pool_id: str, log: Sequence[LogRow]) -> Iterator[Finding]:
    """The sign-offs against their events."""
    sealed = {
        (row.number, *(str(row.payload.get(name)) for name in ("subject", "part", "body")), row.who)
        for row in log
        if row.kind == signing.EVENT
    }
    rows = connection.execute("SELECT event, subject, part, body, who FROM sign_off WHERE pool_id = ?", (pool_id,))
    for event, subject, *_ in sorted(sealed.symmetric_difference(rows.fetchall()), key=str):
        name = f"sign-off of {subject} at event {event}"
        yield Finding("sign-off", name, f"the {name} is not as the log has it")


@dataclass(frozen=True)
class _Case:
    """One pool's books under proof, with a head known outside them if one was given."""

    connection: Connection
    pool_id: str
    year: FinancialYear
    head: str | None

    @cached_property
    def log(self) -> list[LogRow]:
        """The log, read once for all the checks that ask for it."""
        return _read_log(self.connection, self.pool_id)


def _chained(case: _Case) -> Iterator[Finding]:
    yield from chain_findings(case.pool_id, case.log)
    if case.head is not None:
        yield from head_findings(case.head, case.log)
    yield from _announcement_findings(case.connection, case.pool_id, case.log)


def _sum(name: str) -> Callable[[_Case], Iterator[Finding]]:
    return lambda case: sum_findings(case.connection, case.pool_id, name)


_CHECKS: Mapping[str, Callable[[_Case], Iterable[Finding]]] = {
    "file": lambda case: (Finding(check, "file", text) for check, text in case.connection.faults()),
    "chained": _chained,
    "registers": lambda case: _pool_findings(case.connection, case.pool_id, case.log),
    "months": lambda case: _month_findings(case.connection, case.pool_id, case.log),
    "sealed": lambda case: _entry_findings(case.connection, case.pool_id, case.year, case.log),
    "balanced": _sum("balanced"),
    "gapless": _sum("gapless"),
    "mirrored": _sum("mirrored"),
    "floors": _sum("floors"),
    "kept": _sum("kept"),
    "files": lambda case: _file_findings(case.connection, case.pool_id, case.log),
    "signed": lambda case: _sign_off_findings(case.connection, case.pool_id, case.log),
    "canonical": lambda case: canonical_findings(case.log),
    "re-added": lambda case: added_findings(case.connection, case.pool_id),
}
STRICT = ("canonical", "re-added")
"""The checks that prove the same again by another way, and take as long as all the others."""
ALWAYS = tuple(name for name in _CHECKS if name not in STRICT)
"""The checks that a call which names none runs; together they find every change of a recorded row."""


def verify(
    connection: Connection, pool_id: str, year: FinancialYear, head: str | None, checks: Collection[str] = ALWAYS
) -> list[Finding]:
    """The first finding of each kind, in the order of the checks; an empty list where the books are sound."""
    case = _Case(connection, pool_id, year, head)
    first: dict[str, Finding] = {}
    for name, check in _CHECKS.items():
        for finding in check(case) if name in checks else ():
            first.setdefault(finding.check, finding)
    return list(first.values())
