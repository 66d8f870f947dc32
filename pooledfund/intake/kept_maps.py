"""Maps that a pool keeps for the next extract of a partner's ledger: an event each, the newest one counts."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pooledfund.access import Action, require_partner
from pooledfund.intake.learning import assigned, map_text
from pooledfund.intake.maps import LedgerMap, read_map
from pooledfund.intake.suspense import Clearing, clear, partner_of
from pooledfund.pool import Pool

KEPT = "ledger map kept"


def keep_map(pool: Pool, partner: str, ledger_map: LedgerMap) -> int | None:
    """Keep a map for the next extract of a partner's ledger; gives the event, None where the same map is kept already.

    Raises:
        NotAllowed: the person may not import this partner's figures.
    """
    require_partner(pool.actor, Action.IMPORT, partner)
    text = map_text(ledger_map)
    with pool.writing(Action.IMPORT) as writing:
        if kept_text(pool, partner) == text:
            return None
        digest = hashlib.sha256(text.encode()).hexdigest()
        return writing.event(KEPT, {"partner": partner, "map": text, "digest": digest})


def kept_text(pool: Pool, partner: str, as_of: int | None = None) -> str | None:
    """The text of the map that is kept for a partner's ledger; None where none is."""
    events = [each for each in pool.books.events(kind=KEPT, as_of=as_of) if each.payload["partner"] == partner]
    return str(events[-1].payload["map"]) if events else None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A code that the map kept for a partner's ledger sends to suspense, and the column it stands in."""

    partner: str
    column: str
    code: str


def unplaced_code(pool: Pool, entry: int) -> Unplaced | None:
    """The code of an item in suspense, where the kept map would send it there again; None where it would not.

    Raises:
        NotAllowed: the person may not read the books.
    """
    partner, lines = partner_of(pool.books.entry(entry)), pool.books.source_lines(entry=entry)
    text = kept_text(pool, partner)
    if text is None or not lines:
        return None
    kept, cells = map_of(pool, text), {name: cell or "" for name, cell in lines[0].cells.items()}
    columns = {column: None for line in kept.lines for column in line.match}
    column = next(iter(columns), None)
    if column is None or not columns.keys() <= cells.keys() or any(line.fits(cells) for line in kept.lines):
        return None
    return Unplaced(partner, column, cells[column]) if cells[column] else None


def clear_and_place(pool: Pool, clearing: Clearing) -> int:
    """Clear an item to its line, and have the kept map place its code there from the next extract on; gives the entry.

    Raises as ``clear`` does, and NotAllowed: the person may not import this partner's figures.
    """
    with pool.writing_as_one(Action.POST):
        found = unplaced_code(pool, clearing.entry)
        number = clear(pool, clearing)
        text = kept_text(pool, found.partner) if found else None
        if found and text:
            keep_map(pool, found.partner, assigned(map_of(pool, text), found.column, {found.code: clearing.scheme}))
    return number


def map_of(pool: Pool, text: str) -> LedgerMap:
    """A map from its text, checked against the agreement; raises MapRefused with every fault."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        path.write_text(text, encoding="utf-8")
        return read_map(path, pool.agreement).map
