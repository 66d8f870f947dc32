"""Every posting can be taken elsewhere, and another ledger that re-adds them gets our balances."""

import csv
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from ledgers.journal import Book
from ledgers.money import parse_pounds, pounds
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.journals import post_journals
from pooledfund.pool import Pool
from pooledfund.reports.postings import PostingsNotWritten, export_postings
from year_of_exampleshire import EXAMPLE, EXPECTED

BOOKS: tuple[Book, ...] = ("budget", "actual", "forecast")


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    books = tmp_path_factory.mktemp("export") / "books.db"
    manager = Actor("manager", Role.POOLED_FUND_MANAGER)
    made = Pool.create(books, read_agreement(EXAMPLE / "agreement.yaml"), manager)
    import_actuals(made, EXPECTED / "actuals.csv")
    hostile = books.with_name("hostile.csv")
    hostile.write_text(
        "entry,book,effective,why,account,scheme,contribution,partner,amount\n"
        '1,actual,2023-05-01,"=cmd|x!A1 ; ""quoted"" text",expenditure,S4,nhs-min,council,10.01\n'
        '1,actual,2023-05-01,"=cmd|x!A1 ; ""quoted"" text",creditors,S4,,council,-10.01\n',
        encoding="utf-8",
    )
    post_journals(made, hostile)
    return made


def our_balances(pool: Pool) -> dict[str, int]:
    return {
        f"{book}:{account}": pence
        for book in BOOKS
        for (account,), pence in pool.books.balances(book, ("account",)).items()
        if pence
    }


def test_ledger_re_adds_the_journal_to_our_balances(pool: Pool, tmp_path: Path) -> None:
    program = shutil.which("ledger")
    assert program is not None, "this test needs the ledger program: install the Debian package 'ledger'"
    journal = tmp_path / "books.ledger"
    export_postings(pool, journal, "ledger")
    call = [program, "-f", str(journal), "balance", "--flat", "--no-total", "--format", "%A\t%(quantity(T))\n"]
    printed = subprocess.run([*call, "--init-file", "/dev/null"], capture_output=True, text=True, check=True).stdout
    theirs = {line.split("\t")[0]: parse_pounds(line.split("\t")[1]) for line in printed.splitlines()}
    assert theirs == our_balances(pool)


def test_the_csv_file_adds_up_to_our_balances_and_runs_no_formula(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "books.csv"
    written = export_postings(pool, path, "csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    added: dict[str, int] = defaultdict(int)
    for row in rows:
        added[f"{row['book']}:{row['account']}"] += parse_pounds(row["amount"])
    assert {account: pence for account, pence in added.items() if pence} == our_balances(pool)
    assert len(rows) == written
    assert [row["why"] for row in rows if "cmd" in row["why"]] == ['\'=cmd|x!A1 ; "quoted" text'] * 2


def test_the_parquet_file_holds_exact_decimals(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "books.parquet"
    export_postings(pool, path, "parquet")
    frame = pd.read_parquet(path)
    whole: Decimal = sum(frame["amount"], Decimal(0))
    spend = sum(frame.loc[frame["account"] == "expenditure", "amount"], Decimal(0))
    assert whole == 0
    assert f"{spend}" == pounds(our_balances(pool)["actual:expenditure"])


def test_the_beancount_journal_balances_in_every_entry(pool: Pool, tmp_path: Path) -> None:
    path = tmp_path / "books.beancount"
    export_postings(pool, path, "beancount")
    entries = path.read_text(encoding="utf-8").split("\n\n")[2:]
    amounts = [
        [parse_pounds(line.split()[1]) for line in entry.splitlines() if line.endswith(" GBP")] for entry in entries
    ]
    assert len(amounts) == len(pool.books.entries())
    assert all(len(of_entry) >= 2 and sum(of_entry) == 0 for of_entry in amounts)


def test_postings_as_of_an_event_leave_later_ones_out(pool: Pool, tmp_path: Path) -> None:
    opening = len([each for each in pool.books.entries() if each.event <= 2 for _ in each.entry.postings])
    assert export_postings(pool, tmp_path / "then.csv", "csv", as_of=2) == opening


def test_a_board_reader_may_take_no_copy(pool: Pool, tmp_path: Path) -> None:
    reader = Pool.open(pool.books.books.path, None, Actor("member", Role.BOARD_READER))
    with pytest.raises(NotAllowed, match="take copies"):
        export_postings(reader, tmp_path / "copy.csv", "csv")
    assert not (tmp_path / "copy.csv").exists()


def test_a_folder_that_is_not_there_is_said(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(PostingsNotWritten, match="cannot be written"):
        export_postings(pool, tmp_path / "no" / "folder.csv", "csv")
