"""Maps that a pool keeps for the next extract of a partner's ledger: an event each, the newest one counts."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from pooledfund.access import Action, require_partner
from pooledfund.intake.learning import map_text
from pooledfund.intake.maps import LedgerMap, read_map
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


def map_of(pool: Pool, text: str) -> LedgerMap:
    """A map from its text, checked against the agreement; raises MapRefused with every fault."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        path.write_text(text, encoding="utf-8")
        return read_map(path, pool.agreement).map
