"""The Kent example's year through the command line: what its ledgers add up to, once each, and where it all goes."""

import contextlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ledgers.money import parse_pounds
from pooledfund.cli import main
from pooledfund.pool import Pool
from pools import MANAGER

KENT = Path(__file__).resolve().parent.parent / "examples" / "kent_2016_17"
Json = dict[str, Any]

README_TOTALS = {
    "Q1": ("19219445.72", "14205754.62", "0.00"),
    "Q2": ("10219974.90", "14180272.71", "26375.40"),
    "Q3": ("9584262.79", "14671948.94", "-26375.40"),
    "Q4": ("9590805.05", "14853539.83", "0.00"),
}


def told(*arguments: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main(arguments) in (0, 1), arguments
    return printed.getvalue()


class Year:
    """The books of the year, what each import said, and the tables as they stood before each close."""

    def __init__(self, folder: Path) -> None:
        self.db = str(folder / "kent.db")
        self.imports: dict[str, Json] = {}
        self.stood: dict[str, Json] = {}

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - a JSON document is what it is
        return json.loads(told(*arguments, "--db", self.db, "--json"))

    def run(self) -> None:
        told("init", str(KENT / "agreement.yaml"), "--db", self.db)
        for quarter in range(1, 5):
            self._quarter(quarter)
        self.json("settle")
        self.stood["Q4"] = self.json("monitor", "--quarter", "Q4")
        told("close", "Q4", "--db", self.db)

    def _quarter(self, quarter: int) -> None:
        told("receive", str(KENT / f"receipts_q{quarter}.csv"), "--db", self.db)
        files = {f"council_q{quarter}.csv": "council", f"council_q{quarter}_resent.csv": "council",
                 f"ccgs_q{quarter}.xlsx": "ccgs"}  # fmt: skip
        for name, ledger in files.items():
            path = KENT / "ledgers" / name
            if path.exists():
                of_ledger = str(KENT / "maps" / f"{ledger}.yaml")
                self.imports[name] = self.json("import-actuals", str(path), "--map", of_ledger)
        forecasts = KENT / f"forecasts_q{quarter}.csv"
        if forecasts.exists():
            told("forecast", str(forecasts), "--db", self.db)
        if quarter < 4:
            self.stood[f"Q{quarter}"] = self.json("monitor", "--quarter", f"Q{quarter}")
            told("close", f"Q{quarter}", "--db", self.db)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    made = Year(tmp_path_factory.mktemp("kent"))
    made.run()
    return made


@pytest.fixture(scope="module")
def pool(year: Year) -> Pool:
    return Pool.open(Path(year.db), None, MANAGER)


def spend_to(pool: Pool, month: int) -> tuple[int, int, int]:
    """What the council and the CCGs spent on lines, and what waits in suspense, to the end of a month."""
    by_partner = pool.books.balances("actual", ("partner",), accounts=("expenditure",), through_month=month)
    council = by_partner.get(("kcc",), 0)
    waiting = pool.books.balances("actual", (), accounts=("suspense",), through_month=month)
    return council, sum(by_partner.values()) - council, sum(waiting.values())


def test_each_quarter_adds_up_to_what_the_example_says(pool: Pool) -> None:
    before = (0, 0, 0)
    for quarter, (label, wanted) in enumerate(README_TOTALS.items(), start=1):
        now = spend_to(pool, quarter * 3)
        moved = tuple(each - last for each, last in zip(now, before, strict=True))
        assert moved == tuple(parse_pounds(text) for text in wanted), label
        before = now
    assert before == (parse_pounds("48614488.46"), parse_pounds("57911516.10"), 0)


def test_suspense_is_in_sight_and_then_empty(year: Year) -> None:
    assert {quarter: table["suspense_to_date"] for quarter, table in year.stood.items()} == {
        "Q1": "0.00", "Q2": "26375.40", "Q3": "0.00", "Q4": "0.00",
    }  # fmt: skip
    (item,) = year.imports["council_q2.csv"]["suspense"]
    assert "CC4911" in item["code"]


def test_the_duplicated_block_and_the_resent_file_count_once(year: Year) -> None:
    assert any("repeat an earlier one of the file: 23 " in note for note in year.imports["council_q2.csv"]["notes"])
    resent = year.imports["council_q2_resent.csv"]
    assert (resent["posted"], resent["total"]) == (0, "0.00")


def test_the_late_invoice_is_posted_to_july_and_keeps_its_date(year: Year, pool: Pool) -> None:
    late = [
        each.entry
        for each in pool.books.entries(book="actual")
        if "M3 is closed: posted to M4" in each.entry.why and each.entry.postings[0].amount_pence > 0
    ]
    assert [(each.effective_on.isoformat(), each.document_on.isoformat()) for each in late] == [
        ("2016-07-01", "2016-06-14")
    ]
    assert sum(posting.amount_pence for posting in late[0].postings if posting.account == "expenditure") == 8_417_35


def test_every_accrual_is_reversed_once_but_those_of_march(pool: Pool) -> None:
    entries = pool.books.entries(book="actual", kind="accrual")
    accruals = [each for each in entries if each.entry.reverses is None]
    assert sorted(each.entry.reverses or 0 for each in entries if each.entry.reverses is not None) == [
        each.number for each in accruals if each.month < 12
    ]
    assert pool.books.entries(book="actual", kind="accrual reversal") == []
    assert {each.month for each in accruals} <= {3, 6, 9, 12}


def test_tables_that_stood_at_a_close_still_stand(year: Year) -> None:
    for quarter, table in year.stood.items():
        assert year.json("monitor", "--quarter", quarter) == table


def money(amounts: Iterable[str]) -> int:
    return sum(parse_pounds(each) for each in amounts)


def test_what_is_shared_adds_up_to_the_variance(year: Year) -> None:
    for quarter in README_TOTALS:
        share = year.json("risk-share", "--quarter", quarter)
        borne = money(each["overspend"] for each in share["partners"].values())
        back = money(each["underspend"] for each in share["partners"].values())
        reserves = money(share["reserves"].values())
        kept = money(share["carried_forward"].values()) + money(share["returned_to_funder"].values())
        unresolved = money([share["unresolved"]["overspend"]]) - money([share["unresolved"]["underspend"]])
        assert parse_pounds(share["variance"]) == borne - back - reserves - kept + unresolved
        assert share["basis"] == ("outturn" if quarter == "Q4" else "projected")


def test_grant_not_paid_out_is_carried_forward(year: Year) -> None:
    share = year.json("risk-share", "--quarter", "Q4")
    assert share["carried_forward"] == {"dfg": "180193.68"}
    account = year.json("memorandum", "--quarter", "Q4")
    assert account["closing_balance"]["carried_forward"] == {"dfg": "180193.68"}
    # Thanet's contribution has 25,000 on no line: no variance, so no one shares it.
    assert account["closing_balance"]["unallocated"] == "25000.00"
    assert account["closing_balance"]["not_yet_settled"] == "0.00"
    assert account["cost_by_partner"]["total"] == account["expenditure"]["total"]


def test_what_is_held_outside_the_pool_enters_no_total(year: Year, pool: Pool) -> None:
    outside = [each.id for each in pool.agreement.reserves.values() if each.held == "outside_pool"]
    assert outside
    assert year.json("memorandum", "--quarter", "Q4")["closing_balance"]["reserves"] == {}
    assert year.json("risk-share", "--quarter", "Q4")["reserves"] == dict.fromkeys(outside, "0.00")
    assert not [account for account in pool.books.accounts() if account.startswith("reserve") and ":" in account]


def test_contributions_come_to_the_pool_and_are_all_received(year: Year, pool: Pool) -> None:
    found = year.json("contributions", "--quarter", "Q4")
    agreed = sum(each.amount.exact_pence or 0 for each in pool.agreement.contributions.values())
    assert agreed == 106_276_000_00
    assert parse_pounds(found["total"]["due_to_date"]) == agreed
    assert parse_pounds(found["total"]["received_to_date"]) == agreed
    assert found["total"]["overdue"] == "0.00"
    own = [each.id for each in pool.agreement.contributions.values() if each.settled == "net_of_own_lines"]
    for each in own:
        row = found[each]
        parts = ("invoiced_to_date", "of_which_own_lines", "of_which_by_book")
        assert parse_pounds(row["due_to_date"]) == sum(parse_pounds(row[part]) for part in parts)


def test_swales_late_instalment_was_overdue_until_october(year: Year, pool: Pool) -> None:
    (swale,) = [each.id for each in pool.agreement.contributions.values() if each.partner == "swale-ccg"]
    overdue = {month: year.json("contributions", "--month", f"M{month}")[swale]["overdue"] for month in (3, 6, 7)}
    assert (overdue[3], overdue[7]) == ("0.00", "0.00")
    assert parse_pounds(overdue[6]) > 0


def test_the_books_prove_themselves(year: Year) -> None:
    assert year.json("verify")["findings"] == []
    total = year.json("trial-balance")["total"]
    assert total["debit"] == total["credit"]
