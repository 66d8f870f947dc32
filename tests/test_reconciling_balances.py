"""Contributions due against received, and agreement of balances: thresholds are dated data, every statement casts."""

import json
from datetime import date
from pathlib import Path

import pytest

from ledgers.calendar import FinancialYear
from ledgers.refusals import LedgerRefusal
from pooledfund.access import NotAllowed, Role
from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pooledfund.cli import main
from pooledfund.control.invoicing import issue_invoices
from pooledfund.control.late_interest import post_late_interest
from pooledfund.control.reconciling.balances import (
    HEADINGS,
    AgreementOfBalances,
    agree_balances,
    balances_agreement,
    stated_figures,
)
from pooledfund.control.reconciling.contributions import due_against_received
from pooledfund.control.reconciling.runs import ReconciliationRefused
from pooledfund.control.reconciling.signing import balances_subject, sign
from pooledfund.errors import InputRefused
from pooledfund.intake.receipts import COLUMNS as RECEIPTS
from pooledfund.intake.receipts import receive
from pooledfund.pool import Pool
from pools import TOWN, as_actor, csv_file, imported, pool_of, spent, state_of
from s75_rules.balance_rules import BalanceTerms, balance_rule

TOWN_2022 = TOWN.replace("2023/24", "2022/23").replace("2023-24", "2022-23")
THRESHOLDS = "agreement_of_balances: {agree: {balances: 100, income_and_expenditure: 1_000}}\n"


def received(pool: Pool, folder: Path, day: str, contribution: str, partner: str, pounds: str, name: str) -> None:
    receive(pool, csv_file(folder, f"{name}.csv", RECEIPTS, [day, contribution, partner, pounds, name]))


def stated(pool: Pool, text: str, month: int = 12) -> AgreementOfBalances:
    agree_balances(pool, "icb", month, stated_figures(text))
    return balances_agreement(pool, "icb", month)


def test_contributions_due_are_led_to_what_was_received(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = pool.books.head().number
    received(pool, tmp_path, "2023-04-20", "nhs-min", "icb", "90000.00", "part")
    found = due_against_received(pool, 3)
    rows = {each.position.contribution: each for each in found.rows}
    assert rows["nhs-min"].late_pence > 0
    assert found.due_pence + sum(pence for _, _, pence in found.steps) == found.received_pence
    assert found.received_pence == sum(each.position.received_pence for each in found.rows)
    then = due_against_received(pool, 3, before)
    assert found.received_pence - then.received_pence == 90_000_00
    assert then.late_pence - found.late_pence == 90_000_00


def test_interest_on_late_payment_is_due_and_late(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + "late_payment: {interest: 4.0%}\n")
    issue_invoices(pool, 1, date(2023, 4, 1))
    before = due_against_received(pool, 3)
    interest = sum(each.amount_pence for each in post_late_interest(pool, 3))
    assert interest > 0
    found = due_against_received(pool, 3)
    assert found.due_pence - before.due_pence == found.late_pence - before.late_pence == interest
    assert found.due_pence + sum(pence for _, _, pence in found.steps) == found.received_pence


def test_what_came_early_or_is_not_late_yet_is_timing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, "2023-04-20", "nhs-min", "icb", "1200000.07", "all of the year")
    found = due_against_received(pool, 1)
    (row,) = [each for each in found.rows if each.position.contribution == "nhs-min"]
    assert (row.late_pence, row.timing_pence) == (0, row.position.due_pence - 120000007)
    assert ("nhs-min", "received before it was due", -row.timing_pence) in found.steps


def test_national_thresholds_are_dated_and_a_year_without_says_so() -> None:
    known = balance_rule(FinancialYear.parse("2022/23"), 12, BalanceTerms())
    assert known is not None
    assert (known.agree.balances, known.agree.income_and_expenditure) == (300_000_00, 3_000_000_00)
    assert (known.statement_from.balances, known.statement_from.income_and_expenditure) == (2_500_00, 2_000_000_00)
    assert known.reference
    assert balance_rule(FinancialYear.parse("2022/23"), 9, BalanceTerms()) is None
    assert balance_rule(FinancialYear.parse("2023/24"), 12, BalanceTerms()) is None


def test_a_difference_within_the_threshold_agrees_and_one_over_it_does_not(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + THRESHOLDS)
    imported(pool, tmp_path, spent("A-1", "5000.00", "rehab", contribution="nhs-min", partner="icb"))
    (row,) = stated(pool, "receivable=4900.00").rows
    assert (row.ours_pence, row.state, row.statement) == (5_000_00, "within the threshold", "yes")
    (row,) = stated(pool, "receivable=4899.99").rows
    assert row.state == "differs"
    assert row.steps == (("not broken down by the partner", 100_01),)
    income = stated(pool, "income=5000").rows[0]
    assert (income.state, income.steps) == ("agrees", ())


def test_an_unknown_threshold_is_not_nil_and_not_endless(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = stated(pool, "receivable=0.01,payable=0")
    assert [each.state for each in found.rows if each.heading == "receivable"] == ["differs, threshold not known here"]
    assert not found.agrees
    assert found.rows[0].statement == "not known here"


def test_a_file_by_item_is_led_item_by_item_to_ours(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN_2022)
    imported(
        pool, tmp_path, spent("A-1", "5000.00", "rehab", "2022-05-10", contribution="nhs-min", partner="icb"),
        spent("A-2", "70.00", "care", "2022-06-10", contribution="nhs-min", partner="icb"),
    )  # fmt: skip
    path = csv_file(
        tmp_path, "stated.csv", ("heading", "item", "amount"),
        ["receivable", "rehab", "4000.00"], ["receivable", "beds", "10.00"], ["expenditure", "nhs-min", "1200000.07"],
    )  # fmt: skip
    found = stated(pool, str(path))
    receivable, expenditure = found.rows
    assert receivable.steps == (("rehab", 1_000_00), ("beds", -10_00), ("care", 70_00))
    assert receivable.theirs_pence + sum(pence for _, pence in receivable.steps) == receivable.ours_pence == 5_070_00
    assert receivable.state == "within the threshold"
    assert dict(expenditure.steps) == {"nhs-own": 240_000_00}
    assert (expenditure.state, expenditure.statement) == ("within the threshold", "no")


def test_stated_balances_are_read_as_of_and_said_twice_are_one_event(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    first = stated(pool, "receivable=0").event
    assert stated(pool, "receivable=0").event == first
    assert stated(pool, "receivable=12").event > first
    imported(pool, tmp_path, spent("A-1", "12.00", "rehab", contribution="nhs-min", partner="icb"))
    assert balances_agreement(pool, "icb", 12, first).agrees
    assert balances_agreement(pool, "icb", 12).agrees


def test_partner_finance_reads_the_balances_of_its_own_partner_alone(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    agree_balances(pool, "icb", 9, {("receivable", ""): 100})
    assert balances_agreement(as_actor(pool, Role.PARTNER_FINANCE, "icb"), "icb", 9).partner == "icb"
    with pytest.raises(NotAllowed, match="only of their own partner"):
        balances_agreement(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council"), "icb", 9)


def test_balances_are_refused_in_one_sentence_each(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    with pytest.raises(ReconciliationRefused) as refusal:
        stated_figures("receivable=x,debts=1,payable=1,payable=2")
    assert len(refusal.value.sentences) == 3
    with pytest.raises(InputRefused, match=r"s\.csv:2: 'debts' is not a heading"):
        stated_figures(str(csv_file(tmp_path, "s.csv", ("heading", "item", "amount"), ["debts", "", "1"])))
    with pytest.raises(ReconciliationRefused, match="stated no balances of M9"):
        balances_agreement(pool, "icb", 9)
    with pytest.raises(ReconciliationRefused, match="not a partner"):
        agree_balances(pool, "nobody", 9, {})
    with pytest.raises(NotAllowed):
        agree_balances(as_actor(pool, Role.PARTNER_FINANCE, "council"), "icb", 9, stated_figures("payable=1"))
    assert state_of(pool) == before
    with pytest.raises(AgreementRefused):
        read_agreement_text(TOWN + "agreement_of_balances: {agree: {balances: 1}}\n", "town.yaml")


def test_two_people_sign_the_balances_as_well(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    stated(pool, "receivable=0", 9)
    subject = balances_subject("icb", 9)
    sign(pool, subject, "icb", "prepared", lambda: balances_agreement(pool, "icb", 9).as_json())
    with pytest.raises(LedgerRefusal, match="was prepared by manager"):
        sign(pool, subject, "icb", "reviewed", lambda: balances_agreement(pool, "icb", 9).as_json())


def test_the_commands_print_statements_and_say_no_where_something_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path)
    books = ["--db", str(pool.books.books.path)]
    assert main(["reconcile", "--contributions", "--month", "M3", *books]) == 1
    assert main(["reconcile", "--contributions", "--month", "M3", "--sign", "prepared", "--user", "ann", *books]) == 0
    assert main(["reconcile", "--contributions", "--month", "M3", "--sign", "reviewed", "--user", "ann", *books]) == 2
    assert main(["reconcile", "--contributions", "--month", "M3", "--sign", "reviewed", "--user", "bob", *books]) == 0
    printed = capsys.readouterr().out
    assert "From what is due to what was received, £" in printed
    all_four = ",".join(f"{each}=0" for each in HEADINGS)
    assert main(["reconcile", "icb", "--balances", "--month", "M9", "--theirs", all_four, *books]) == 1
    printed = capsys.readouterr().out
    assert "not known here" in printed
    assert printed.count("From their") == len(HEADINGS)
    assert main(["reconcile", "icb", "--balances", "--month", "M9", "--json", *books]) == 1
    assert len(json.loads(capsys.readouterr().out)["figures"]) == len(HEADINGS)
    assert main(["reconcile", "icb", "--balances", "--month", "M9", "--sign", "prepared", *books]) == 0
    for wrong in (
        ["--month", "M3"], ["icb", "--contributions", "--month", "M3"],
        ["icb", "--theirs", "payable=1", "--month", "M3"],
        ["icb", "--balances", "--month", "M9", "--theirs", "none.csv"], ["icb", "--balances", "--month", "M12"],
        ["icb", "--balances", "--month", "M9", "--sign", "prepared", "--theirs", "payable=1"],
    ):  # fmt: skip
        state = state_of(pool)
        assert main(["reconcile", *wrong, *books]) == 2, wrong
        assert state_of(pool) == state
