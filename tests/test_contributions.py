"""Contributions in the books: instalments by every pattern, how each is met, what is overdue."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import parse_pounds, pounds
from pooledfund.intake.receipts import COLUMNS, receive
from pooledfund.pool import Pool
from pooledfund.results.contributions import contribution_position, schedule
from pools import TOWN, csv_file, pool_of, total_of

NHS = "amount: 1_200_000.07"
EQUAL_PATTERNS = {
    "monthly": ([f"2023-{month:02d}-01" for month in range(4, 13)] + ["2024-01-01", "2024-02-01", "2024-03-01"]),
    "quarterly": ["2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01"],
    "quarterly_in_arrears": ["2023-06-30", "2023-09-30", "2023-12-31", "2024-03-31"],
    "annual": ["2023-04-01"],
}


def dues_of(pool: Pool, contribution: str) -> list[tuple[str, int]]:
    return [
        (each.entry.effective_on.isoformat(), each.entry.postings[0].amount_pence)
        for each in pool.books.entries(book="actual", kind="contribution due")
        if each.entry.postings[0].contribution == contribution
    ]


def position(pool: Pool, contribution: str, month: int) -> dict[str, object]:
    found = contribution_position(pool, month).as_json()[contribution]
    assert isinstance(found, dict)
    return found


def received(pool: Pool, folder: Path, *rows: list[str]) -> None:
    receive(pool, csv_file(folder, f"receipts {rows[0][4]}.csv", COLUMNS, *rows))


@pytest.mark.parametrize("pattern", EQUAL_PATTERNS)
def test_equal_instalments_fall_due_on_their_days_with_the_remainder_in_the_last(tmp_path: Path, pattern: str) -> None:
    pool = pool_of(tmp_path, TOWN.replace(NHS, f"{NHS}, instalments: {pattern}"))
    days = EQUAL_PATTERNS[pattern]
    part, left = divmod(1_200_000_07, len(days))
    assert dues_of(pool, "nhs-min") == [(day, part) for day in days[:-1]] + [(days[-1], part + left)]


def test_dated_instalments_fall_due_as_agreed(tmp_path: Path) -> None:
    dated = f"{NHS}, instalments: {{2023-09-15: 1_000_000.07, 2023-05-02: 200_000}}"
    pool = pool_of(tmp_path, TOWN.replace(NHS, dated))
    assert dues_of(pool, "nhs-min") == [("2023-05-02", 200_000_00), ("2023-09-15", 1_000_000_07)]


@pytest.mark.parametrize("pattern", EQUAL_PATTERNS)
def test_instalments_of_every_contribution_sum_to_it(tmp_path: Path, pattern: str) -> None:
    pool = pool_of(tmp_path, TOWN.replace(NHS, f"{NHS}, instalments: {pattern}"))
    for each in pool.agreement.contributions.values():
        assert sum(pence for _, pence in dues_of(pool, each.id)) == each.amount.exact_pence
        assert sum(part.due_pence for part in schedule(pool)[each.id]) == each.amount.exact_pence
    assert sum(pool.current_contributions().values()) == 1_840_000_07


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extra=st.integers(0, 10**7), pattern=st.sampled_from(sorted(EQUAL_PATTERNS)))
def test_what_is_due_kept_and_invoiced_sums_to_the_pence(tmp_path: Path, extra: int, pattern: str) -> None:
    pence = 240_000_00 + extra
    amount = f"amount: {pence // 100}.{pence % 100:02d}, settled: net_of_own_lines,\n    instalments: {pattern}}}"
    before = "amount: 240_000, settled: net_of_own_lines,\n    instalments: quarterly}"
    assert before in TOWN
    pool = pool_of(tmp_path, TOWN.replace(before, amount))
    found = next(each for each in contribution_position(pool, 12).positions if each.contribution == "nhs-own")
    assert (found.due_pence, found.own_lines_pence) == (pence, 235_000_00)
    assert found.invoiced_pence == extra + 5_000_00
    assert sum(pool.books.balances("actual", ()).values()) == 0


def test_a_cash_contribution_is_invoiced_and_overdue_until_it_is_received(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    at_q1 = position(pool, "nhs-min", 3)
    assert (at_q1["due_to_date"], at_q1["invoiced_to_date"]) == ("300000.00", "300000.00")
    assert (at_q1["received_to_date"], at_q1["overdue"]) == ("0.00", "300000.00")
    received(pool, tmp_path, ["2023-06-30", "nhs-min", "icb", "250000", "A"])
    received(pool, tmp_path, ["2023-07-03", "nhs-min", "icb", "50000", "B"])
    assert position(pool, "nhs-min", 3)["overdue"] == "50000.00"
    assert (position(pool, "nhs-min", 4)["of_which_cash"], position(pool, "nhs-min", 4)["overdue"]) == (
        "300000.00", "100000.00",
    )  # fmt: skip


def test_what_falls_due_on_the_last_day_is_not_yet_overdue_on_it(tmp_path: Path) -> None:
    text = TOWN.replace(NHS, f"{NHS}, instalments: quarterly_in_arrears")
    pool = pool_of(tmp_path, text)
    assert (position(pool, "nhs-min", 3)["due_to_date"], position(pool, "nhs-min", 3)["overdue"]) == (
        "300000.01", "0.00",
    )  # fmt: skip
    assert position(pool, "nhs-min", 4)["overdue"] == "300000.01"


def test_more_than_is_due_is_never_overdue_below_nil(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, ["2023-04-03", "nhs-min", "icb", "500000", "A"])
    assert position(pool, "nhs-min", 1)["overdue"] == "0.00"


def test_the_hosts_own_contribution_is_met_by_book_when_due(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = position(pool, "la-add", 6)
    assert {key: found[key] for key in ("settled", "due_to_date", "invoiced_to_date", "of_which_by_book")} == {
        "settled": "book", "due_to_date": "150000.00", "invoiced_to_date": "0.00", "of_which_by_book": "150000.00",
    }  # fmt: skip
    assert (found["overdue"], position(pool, "la-add", 2)["due_to_date"]) == ("0.00", "0.00")


def test_what_a_partner_keeps_for_its_own_lines_is_not_invoiced(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = position(pool, "nhs-own", 3)
    assert {key: found[key] for key in ("due_to_date", "invoiced_to_date", "of_which_own_lines", "overdue")} == {
        "due_to_date": "60000.00", "invoiced_to_date": "1250.00", "of_which_own_lines": "58750.00",
        "overdue": "1250.00",
    }  # fmt: skip
    received(pool, tmp_path, ["2023-04-20", "nhs-own", "icb", "1250", "A"])
    assert position(pool, "nhs-own", 3)["overdue"] == "0.00"


def test_the_total_is_the_sum_of_the_contributions(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = contribution_position(pool, 7).as_json()
    total = found.pop("total")
    assert isinstance(total, dict)
    for key, text in total.items():
        amounts = [each[key] for each in found.values() if isinstance(each, dict)]
        assert text == pounds(sum(parse_pounds(str(each)) for each in amounts))


def test_an_amount_that_is_not_agreed_falls_due_never_and_says_so(tmp_path: Path) -> None:
    text = TOWN.replace("dfg, amount: 100_000", "dfg, amount: to be confirmed").replace(
        "\n    budget: {dfg: 100_000}}", "\n    budget: {dfg: to be confirmed}}"
    )
    pool = pool_of(tmp_path, text)
    assert dues_of(pool, "dfg") == []
    assert position(pool, "dfg", 12)["agreed"] == "to be confirmed"
    assert position(pool, "dfg", 12)["due_to_date"] == "0.00"


def test_debtors_are_what_was_invoiced_and_not_received(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, ["2023-04-20", "nhs-min", "icb", "1", "A"])
    for month in range(1, 13):
        found = contribution_position(pool, month).positions
        owed = sum(each.invoiced_pence - each.cash_pence for each in found)
        assert total_of(pool, "debtors", through_month=month) == owed
    assert pool.agreement.year.last_day == date(2024, 3, 31)
