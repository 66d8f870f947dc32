"""Every posting of a pool's books written out for others to re-add: CSV, Parquet, and the text of two other ledgers."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from ledgers.accounts import Account
from ledgers.journal import RecordedEntry
from ledgers.money import pounds, pounds_decimal
from ledgers.searching import EntrySearch
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.journal_search import every_found

PostingsFormat = Literal["csv", "parquet", "beancount", "ledger"]

COLUMNS = (
    "entry",
    "book",
    "kind",
    "effective",
    "document_date",
    "month",
    "recorded_at",
    "who",
    "why",
    "reference",
    "key",
    "reverses",
    "account",
    "scheme",
    "contribution",
    "partner",
    "amount",
    "agreement",
)
_ROOTS = {"asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses"}


class PostingsNotWritten(InputRefused):
    """A file of postings that cannot be saved."""


def export_postings(pool: Pool, path: Path, form: PostingsFormat, as_of: int | None = None) -> int:
    """Write every posting of the three books, debit plus, and give how many were written.

    ``ledger`` and ``beancount`` are journals that those programs re-add to our balances; the book comes first in
    the name of an account. CSV and Parquet hold a row each posting, the amount in pounds with two decimals.

    Raises:
        NotAllowed: the person may take no copies.
        PostingsNotWritten: the file cannot be saved.
    """
    require(pool.actor, Action.EXPORT)
    entries = pool.books.entries(as_of=as_of)
    write = _WRITERS[form]
    try:
        write(pool, entries, path)
    except OSError as error:
        raise PostingsNotWritten(f"{path}: cannot be written ({error.strerror}): check the folder") from None
    return sum(len(each.entry.postings) for each in entries)


def export_found(pool: Pool, search: EntrySearch, path: Path, as_of: int | None = None) -> int:
    """Write the entries that meet a search, newest first, a row each posting as in ``export_postings``; how many rows.

    Raises:
        NotAllowed: the person may take no copies.
        PostingsNotWritten: the file cannot be saved.
        EventNotFound: the log has no event ``as_of``.
    """
    require(pool.actor, Action.EXPORT)
    entries = [each.recorded for each in every_found(pool, search, as_of)]
    try:
        _csv(pool, entries, path)
    except OSError as error:
        raise PostingsNotWritten(f"{path}: cannot be written ({error.strerror}): check the folder") from None
    return sum(len(each.entry.postings) for each in entries)


def _rows(entries: list[RecordedEntry]) -> Iterator[tuple[str | int | None, ...]]:
    for recorded in entries:
        entry = recorded.entry
        for posting in entry.postings:
            yield (
                recorded.number,
                entry.book,
                entry.kind,
                entry.effective_on.isoformat(),
                entry.document_on.isoformat(),
                recorded.month,
                recorded.recorded_at,
                entry.who,
                entry.why,
                entry.source_reference,
                entry.idempotency_key,
                entry.reverses,
                posting.account,
                posting.scheme,
                posting.contribution,
                posting.partner,
                posting.amount_pence,
            )


def as_text_cell(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it, so that it stays text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _standing(pool: Pool) -> str:
    """How the agreement stands, for readers of the file: ``signed, version 1``."""
    return ", version ".join(pool.agreement_in_brief)


def _csv(pool: Pool, entries: list[RecordedEntry], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        standing = as_text_cell(_standing(pool))
        for row in _rows(entries):
            *cells, pence = row
            assert isinstance(pence, int)
            texts = (as_text_cell(each) if isinstance(each, str) else each for each in cells)
            writer.writerow([*texts, pounds(pence), standing])


def _parquet(pool: Pool, entries: list[RecordedEntry], path: Path) -> None:
    import pandas as pd  # only this format pays for the library

    standing = _standing(pool)
    rows = [(*cells, pounds_decimal(pence), standing) for *cells, pence in _rows(entries) if isinstance(pence, int)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"reverses": "Int64"})
    frame.to_parquet(path, index=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ledger(pool: Pool, entries: list[RecordedEntry], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f"; {pool.books.pool_id}: agreement {_one_line(_standing(pool))}\n\n")
        for recorded in entries:
            entry = recorded.entry
            file.write(f"{entry.effective_on:%Y/%m/%d} * ({recorded.number}) {_payee(entry.why)}\n")
            for posting in entry.postings:
                dims = {"scheme": posting.scheme, "contribution": posting.contribution, "partner": posting.partner}
                file.write(f"    {entry.book}:{posting.account}  GBP {pounds(posting.amount_pence)}\n")
                file.writelines(f"    ; {name}: {value}\n" for name, value in dims.items() if value)
            file.write("\n")


def _payee(why: str) -> str:
    """A reason on one line without what another program would read as its own mark."""
    return re.sub(r"\s{2,}|[;|]", " ", _one_line(why)).strip() or "entry"


def _beancount(pool: Pool, entries: list[RecordedEntry], path: Path) -> None:
    chart = pool.books.accounts()
    used = sorted({(each.entry.book, posting.account) for each in entries for posting in each.entry.postings})
    first = pool.agreement.year.first_day.isoformat()
    with path.open("w", encoding="utf-8") as file:
        file.write(f"; {pool.books.pool_id}: agreement {_one_line(_standing(pool))}\n")
        file.write('option "operating_currency" "GBP"\n\n')
        for book, code in used:
            file.write(f"{first} open {beancount_account(book, chart[code])} GBP\n")
        for recorded in entries:
            entry = recorded.entry
            why = _one_line(entry.why).replace("\\", "/").replace('"', "'")
            file.write(f'\n{entry.effective_on.isoformat()} * "{why}"\n  entry: {recorded.number}\n')
            for posting in entry.postings:
                dims = {"scheme": posting.scheme, "contribution": posting.contribution, "partner": posting.partner}
                account = beancount_account(entry.book, chart[posting.account])
                file.write(f"  {account}  {pounds(posting.amount_pence)} GBP\n")
                file.writelines(f'    {name}: "{value}"\n' for name, value in dims.items() if value)


def beancount_account(book: str, account: Account) -> str:
    """The name of an account in Beancount's own way: its kind, the book, the code with capitals and dashes."""
    parts = [part.replace("_", "-") for part in account.code.split(":")]
    names = [part[:1].upper() + part[1:] for part in (book, *parts)]
    return ":".join([_ROOTS.get(account.type, "Equity"), *names])


_WRITERS: dict[PostingsFormat, Callable[[Pool, list[RecordedEntry], Path], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "beancount": _beancount,
    "ledger": _ledger,
}
