"""The page of contributions: the command line's figures; invoices and receipts recorded once."""

from decimal import Decimal
from pathlib import Path

import pytest

from books_for_pages import document, exampleshire_books, run
from pooledfund.access import Actor, Role
from pooledfund.pool import Pool
from pooledfund.reports.calendar_file import calendar_text
from pooledfund.results.contributions import instalment_dates, schedule
from shown import MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q2")


@pytest.fixture
def new_year(tmp_path: Path) -> Path:
    books = tmp_path / "new.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    run(["import-actuals", str(EXAMPLE / "actuals_q1.csv"), "--db", str(books)])
    return books


def test_every_figure_of_a_contribution_is_the_command_lines(half_year: Path) -> None:
    found = document(["contributions", "--quarter", "Q2", "--db", str(half_year), "--json"])
    *rows, total = Shown("contributions", half_year).rows("Contributions")
    found = {name: found[name] for name in ("dfg", "ibcf", "la-add", "nhs-min", "nhs-add")}
    columns = ("due_to_date", "invoiced_to_date", "of_which_cash", "of_which_by_book", "of_which_own_lines",
               "received_to_date", "overdue")  # fmt: skip
    assert [row[0].split()[0] for row in rows] == list(found)
    assert [row[3:] for row in rows] == [[each[column] for column in columns] for each in found.values()]
    sums = [str(sum(Decimal(each[column]) for each in found.values())) for column in columns]
    assert total[3:] == sums


def test_instalments_cast_both_ways(half_year: Path) -> None:
    *rows, total = Shown("contributions", half_year).rows("Instalments as agreed")
    for row in (*rows, total):
        assert sum(map(Decimal, row[1:13])) == Decimal(row[13])
    for column in range(1, 14):
        assert sum(Decimal(row[column]) for row in rows) == Decimal(total[column])


def test_the_pools_cash_is_the_command_lines(half_year: Path) -> None:
    found = document(["cash", "--month", "M6", "--db", str(half_year), "--json"])["months"]
    parts = ("opening", "received", "recharges_paid", "other", "closing")
    rows = Shown("contributions", half_year).rows("The pool&#x27;s cash")
    assert [row[1:] for row in rows] == [[each[part] for part in parts] for each in found]


def test_balances_between_partners_cast_and_say_who_owes_without_a_sign(half_year: Path) -> None:
    found = document(["statements", "--month", "M6", "--db", str(half_year), "--json"])
    *rows, total = Shown("contributions", half_year).rows("Between partners")
    assert [row[0] for row in rows] == ["Exampleshire Council", "NHS Exampleshire ICB"]
    for row in rows:
        assert Decimal(row[2]) - Decimal(row[3]) == Decimal(row[4])
        assert Decimal(row[3]) > 0
        assert row[4] in str(found)
    assert [sum(Decimal(row[column]) for row in rows) for column in range(1, 5)] == [Decimal(x) for x in total[1:]]


def test_invoices_are_issued_once_and_stand_open(new_year: Path) -> None:
    shown = Shown("contributions", new_year, MANAGER)
    assert "No invoice is issued yet" in shown.text
    preview = shown.rows("What would be issued")
    shown.press("Issue invoices")
    assert "What would be issued" not in shown.markup
    found = document(["invoices", "--month", "M3", "--db", str(new_year), "--json"])["invoices"]
    assert found
    assert shown.said == f"Issued {len(found)}: {found[0]['number']} to {found[-1]['number']}."
    *rows, total = shown.rows("Invoices")
    assert sorted(row[3] for row in preview[:-1]) == sorted(row[3] for row in rows)
    assert preview[-1][3] == total[3]
    assert [row[0].split()[0] for row in rows] == [each["number"] for each in found]
    assert [row[5] for row in (*rows, total)] == [row[3] for row in (*rows, total)]
    assert shown.press("Issue invoices").said == "All that fell due is invoiced."


def test_a_receipt_file_is_posted_once(new_year: Path) -> None:
    text = b"received,posted_month,contribution,partner,amount,reference\n2023-04-05,M1,nhs-min,icb,327500.41,BACS-01\n"
    shown = Shown("contributions", new_year, MANAGER)
    shown.field("Receipts").set_value(("receipts.csv", text, "text/csv"))
    shown.press("Record the receipts")
    assert "receipts.csv: posted 1, already there 0." in shown.said
    shown.field("Receipts").set_value(("receipts.csv", text.replace(b"327500.41", b"327500.4x"), "text/csv"))
    before = (new_year).read_bytes()
    shown.press("Record the receipts")
    assert "327500.4x" in shown.said
    assert new_year.read_bytes() == before


def test_the_instalments_go_into_a_diary_each_on_its_day(half_year: Path) -> None:
    pool = Pool.open(half_year, None, Actor("auditor", Role.AUDITOR))
    found = instalment_dates(pool)
    assert len(found) == sum(map(len, schedule(pool).values()))
    text = calendar_text("pool", "title", found, pool.clock())
    assert text.count("BEGIN:VEVENT") == len(found)
    first = min(each.due_on for of in schedule(pool).values() for each in of)
    assert f"DTSTART:{first:%Y%m%d}T160000Z" in text
    assert len(Shown("contributions", half_year).app.get("download_button")) == 1


def test_a_reader_is_offered_nothing_to_press(half_year: Path) -> None:
    assert not Shown("contributions", half_year, READER).buttons
