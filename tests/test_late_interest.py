"""Interest on invoices paid late: the dated rates, each day and penny, and how it is posted and invoiced."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooledfund.cli import main
from pooledfund.control.invoicing import InvoicingRefused, issue_invoices
from pooledfund.control.late_interest import post_late_interest
from pooledfund.intake.receipts import COLUMNS, receive
from pooledfund.pool import Pool
from pooledfund.results.invoices import invoices_at
from pooledfund.results.late_interest import LateInterest, late_interest
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.partner_statement import partner_statement
from pools import TOWN, csv_file, pool_of, state_of, total_of
from s75_rules.late_payment import interest_pence, late_percent, statutory_percent, statutory_rates
from s75_rules.payment import InterestTerms, LatePaymentTerms

APRIL = date(2023, 4, 1)
AT_FOUR = TOWN + "late_payment: {interest: 4.0%}\n"


def received(pool: Pool, folder: Path, day: str, amount: str, reference: str) -> None:
    receive(pool, csv_file(folder, f"{reference}.csv", COLUMNS, [day, "nhs-min", "icb", amount, reference]))


def interest_of(pool: Pool, month: int, number: str) -> LateInterest:
    found = late_interest(pool, invoices_at(pool, month))
    return next(each for each in found if each.position.document.number == number)


@pytest.mark.parametrize(
    ("starts", "percent"),
    [("2023-06-30", "11.5"), ("2023-07-01", "13"), ("2023-12-31", "13"), ("2024-01-01", "13.25"), ("2016-07-01", "8.5"),
     ("2017-01-01", "8.25")],
)  # fmt: skip
def test_statutory_interest_is_eight_above_the_base_rate_of_the_half_year_before(starts: str, percent: str) -> None:
    assert statutory_percent(date.fromisoformat(starts)) == Fraction(percent)


def test_every_rate_that_is_held_fixes_a_half_year_and_none_is_missing_between() -> None:
    days = sorted(statutory_rates().base)
    assert {(day.month, day.day) for day in days} == {(6, 30), (12, 31)}
    assert len(days) == (days[-1].year - days[0].year) * 2 + (days[-1].month - days[0].month) // 6 + 1
    assert statutory_percent(date(days[0].year, 12, 1)) is None
    assert statutory_percent(date(days[-1].year + 2, 1, 1)) is None


def test_an_agreed_rate_holds_on_every_day() -> None:
    terms = LatePaymentTerms(interest=InterestTerms("agreed", Fraction(4)))
    assert late_percent(terms, date(1999, 1, 1)) == late_percent(terms, date(2099, 1, 1)) == 4


@given(st.integers(0, 10**14), st.fractions(0, 100, max_denominator=100), st.sampled_from([360, 365, 366]))
def test_interest_is_the_nearest_penny_and_half_a_penny_goes_up(pence_days: int, percent: Fraction, days: int) -> None:
    exact = percent * pence_days / (100 * days)
    assert Fraction(-1, 2) < interest_pence(percent, pence_days, days) - exact <= Fraction(1, 2)


def test_interest_runs_from_the_day_after_to_each_receipt_and_to_the_months_end(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, AT_FOUR)
    issue_invoices(pool, 1, APRIL)
    received(pool, tmp_path, "2023-04-11", "40000", "A")
    received(pool, tmp_path, "2023-05-01", "10000", "B")
    found = interest_of(pool, 2, "INV-0001")
    # £40,000 for 10 days, £10,000 for 30 and £50,000 for the 60 days to 31 May.
    assert found.pence_days == 40_000_00 * 10 + 10_000_00 * 30 + 50_000_00 * 60
    assert found.interest_pence == 405_48
    # 4% x 370,000,000 / 36,500 is 40,547.945 pence.
    received(pool, tmp_path, "2023-06-01", "50000", "C")
    assert interest_of(pool, 3, "INV-0001").pence_days == found.pence_days + 50_000_00
    assert interest_of(pool, 12, "INV-0001").pence_days == found.pence_days + 50_000_00


def test_what_is_paid_on_the_last_day_bears_none(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, AT_FOUR + "payment: {within: 10 days}\n")
    issue_invoices(pool, 1, APRIL)
    received(pool, tmp_path, "2023-04-11", "100000", "A")
    assert [each.position.document.number for each in late_interest(pool, invoices_at(pool, 1))] == ["INV-0002"]


def test_an_agreement_that_says_nothing_bears_none_and_posts_none(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 12, APRIL)
    before = state_of(pool)
    assert late_interest(pool, invoices_at(pool, 12)) == ()
    with pytest.raises(InvoicingRefused, match="the agreement has no interest on late payment"):
        post_late_interest(pool, 12)
    assert state_of(pool) == before


def test_what_is_posted_is_invoiced_and_is_the_movement_since(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, AT_FOUR)
    issue_invoices(pool, 1, APRIL)
    (first, second) = post_late_interest(pool, 1)
    # 29 days at 4% on £100,000.00 and on £1,250.00.
    assert [(each.number, each.kind, each.amount_pence) for each in (first, second)] == [
        ("INV-0003", "interest", 317_81), ("INV-0004", "interest", 3_97),
    ]  # fmt: skip
    assert post_late_interest(pool, 1) == ()
    assert total_of(pool, "late_interest") == -(317_81 + 3_97)
    (third, _) = post_late_interest(pool, 2)
    assert third.amount_pence == interest_pence(Fraction(4), 100_000_00 * 60, 365) - 317_81
    found = invoices_at(pool, 2)
    assert sum(pence for _, pence in found.bridge) == found.debtors_pence == total_of(pool, "debtors", through_month=2)
    assert {each.document.kind for each in found.positions} == {"invoice", "interest"}
    assert pool.books.verify() == []


def test_a_receipt_found_later_takes_interest_back_as_a_credit(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, AT_FOUR)
    issue_invoices(pool, 1, APRIL)
    post_late_interest(pool, 2)
    received(pool, tmp_path, "2023-04-01", "100000", "FOUND")
    made = [each for each in post_late_interest(pool, 2) if each.contribution == "nhs-min"]
    assert [each.amount_pence for each in made] == [-interest_pence(Fraction(4), 100_000_00 * 60, 365)]
    assert total_of(pool, "late_interest") == -interest_pence(Fraction(4), 1_250_00 * 60, 365)


def test_a_rate_that_is_not_known_is_said_and_not_taken_for_nil(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = (TOWN + "late_payment: {interest: statutory}\n").replace("2023/24", "2033/34").replace("2023-24", "2033-34")
    pool = pool_of(tmp_path, later)
    issue_invoices(pool, 1)
    before = state_of(pool)
    with pytest.raises(InvoicingRefused, match="the statutory rate for INV-0001, INV-0002 is not known here"):
        post_late_interest(pool, 1)
    assert state_of(pool) == before
    assert main(["invoices", "--month", "M1", "--interest", "--db", str(pool.books.books.path)]) == 0
    said = capsys.readouterr().out
    assert "not known here" in said
    assert "base rates recalled" in said


def test_interest_is_in_every_account_of_the_pool_and_its_partner(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, AT_FOUR)
    before = memorandum_account(pool, 1)
    issue_invoices(pool, 1, APRIL)
    made = sum(each.amount_pence for each in post_late_interest(pool, 1))
    after = memorandum_account(pool, 1)
    assert after.funding_pence - before.funding_pence == made == sum(after.late_interest_pence.values())
    assert (
        sum(partner_statement(pool, each, 1).funding_pence for each in pool.agreement.partners) == after.funding_pence
    )
