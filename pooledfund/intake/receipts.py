"""Receipts: cash from partners against their contributions, read from a CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledgers.calendar import PeriodNotUnderstood
from ledgers.journal import Entry, RecordedEntry
from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund import templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.intake.invoices import documents
from pooledfund.intake.tables import Faults, Row, read_csv
from pooledfund.pool import Pool
from pooledfund.templates import Stamp

COLUMNS = ("received", "contribution", "partner", "amount", "reference")
OPTIONAL = ("posted_month", "invoice")


@dataclass(frozen=True, slots=True)
class ReceiptsPosted:
    """What became of a file of receipts; the notes say which were posted to a later month."""

    new: int
    already_there: int
    total_pence: int
    notes: tuple[str, ...]


def receive(pool: Pool, path: Path) -> ReceiptsPosted:
    """Post the receipts of a file, all or nothing: cash of the pool against what the partner owes.

    A receipt is known by its partner and reference, so that the same one is posted once, also when its month
    was closed since.

    Raises:
        NotAllowed: the person may not record receipts.
        FileRefused: with every fault of the file.
        LedgerRefusal: the books refuse an entry.
    """
    require(pool.actor, Action.RECEIVE)
    table = read_csv(path, COLUMNS, OPTIONAL, words="reference")
    faults, notes = Faults(path), list[str]()
    known = pool.books.entries_by_key([_key(row) for row in table.rows])
    _check_invoices(pool, table.rows, faults)
    entries = [
        entry for row in table.rows if (entry := _entry(pool, row, known.get(_key(row)), faults, notes)) is not None
    ]
    if not table.rows:
        faults.add(None, "holds no receipts: add rows under the header")
    faults.raise_if_any()
    with pool.writing(Action.RECEIVE) as writing:
        recorded = writing.record_all(entries)
    new = [entry for entry, each in zip(entries, recorded, strict=True) if each.outcome == "recorded"]
    total = sum(entry.postings[0].amount_pence for entry in new)
    return ReceiptsPosted(len(new), len(entries) - len(new), total, tuple(notes))


def _key(row: Row) -> str:
    return f"receipt/{row['partner']}/{row['reference']}"


def _check_invoices(pool: Pool, rows: Sequence[Row], faults: Faults) -> None:
    """See that each invoice which a row names was issued for its contribution."""
    named = [row for row in rows if row["invoice"]]
    issued = {each.number: each for each in documents(pool)} if named else {}
    for row in named:
        document = issued.get(row["invoice"])
        if document is None or document.contribution != row["contribution"] or document.amount_pence < 0:
            faults.add(
                row.number,
                f"'{row['invoice']}' is no invoice for {row['contribution']}: name one that invoices lists",
            )


def _entry(pool: Pool, row: Row, known: RecordedEntry | None, faults: Faults, notes: list[str]) -> Entry | None:
    contribution = pool.agreement.contributions.get(row["contribution"])
    if contribution is None:
        faults.add(row.number, f"'{row['contribution']}' is not a contribution: use one that the agreement names")
        return None
    if contribution.partner != row["partner"]:
        faults.add(row.number, f"{contribution.id} is {contribution.partner}'s contribution, not '{row['partner']}'s")
        return None
    if not row["reference"]:
        faults.add(row.number, "a receipt has a reference: it is how the same one is known again")
        return None
    try:
        pence = parse_pounds(row["amount"])
        received = date.fromisoformat(row["received"])
        if known is not None and known.entry.document_on == received:
            effective, note = known.entry.effective_on, None
        else:
            effective, note = pool.posting_day(received)
    except (MoneyNotUnderstood, PeriodNotUnderstood, InputRefused) as error:
        faults.add(row.number, str(error))
        return None
    except ValueError:
        faults.add(row.number, f"received '{row['received'][:40]}' is not a date: write it as 2016-04-30")
        return None
    month = f"M{pool.agreement.year.month_of(effective)}"
    if pence == 0:
        faults.add(row.number, "a receipt of nothing: leave the row out")
        return None
    if known is None and note is None and row["posted_month"] not in ("", month):
        faults.add(row.number, f"{received.isoformat()} is in {month}, and the row says {row['posted_month']}")
        return None
    if note:
        notes.append(f"{row['reference']}: {note}")
    named = f" for {row['invoice']}" if row["invoice"] else ""
    why = f"receipt {row['reference']}{named}"
    stamp = Stamp(effective, pool.actor.name, why, row["reference"], _key(row), received)
    return templates.receipt(stamp, contribution.id, contribution.partner, pence)
