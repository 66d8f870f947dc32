"""Partners' journals written out as CSV files, one for each partner. Works out no figure."""

import csv
from collections.abc import Sequence
from pathlib import Path

from ledgers.money import pounds_for_people
from pooledfund.access import Action, require_partner
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.postings import as_text_cell
from pooledfund.results.partner_journal import PartnerJournal

COLUMNS = ("date", "line", "name", "code", "scheme", "contribution", "debit", "credit", "reference", "narrative")


class JournalNotWritten(InputRefused):
    """A partner's journal that does not balance or cannot be saved."""


def write_partner_journals(pool: Pool, journals: Sequence[PartnerJournal], folder: Path) -> list[Path]:
    """Write each journal to ``journal-PARTNER.csv`` in a folder, which is made if missing.

    Raises:
        NotAllowed: the person may not take copies of a partner's figures.
        JournalNotWritten: a journal does not balance, or a file cannot be saved.
    """
    for journal in journals:
        require_partner(pool.actor, Action.EXPORT, journal.partner)
        if off := sum(row.pence for row in journal.rows):
            raise JournalNotWritten(
                f"the journal of {journal.partner} is out by {pounds_for_people(off)}: run 'pooledfund verify'"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(journal, folder / f"journal-{journal.partner}.csv") for journal in journals]
    except OSError as error:
        raise JournalNotWritten(f"{folder}: cannot be written ({error.strerror}): check the folder") from None


def _write(journal: PartnerJournal, path: Path) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in journal.rows:
            writer.writerow({name: as_text_cell(cell or "") for name, cell in row.as_json().items()})
    return path
