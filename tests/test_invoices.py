"""Invoices for instalments: numbered, changed, met by receipts, reminded of; and how they cast to the books."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.journal import reversal_of
from pooledfund.access import Action
from pooledfund.cli import main
from pooledfund.control.invoicing import InvoicingRefused, issue_invoices, remind
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_contribution
from pooledfund.errors import InputRefused
from pooledfund.intake.invoices import documents
from pooledfund.intake.receipts import COLUMNS, receive
from pooledfund.pool import Pool
from pooledfund.results.contributions import contribution_position
from pooledfund.results.invoices import InvoicePosition, Invoices, invoices_at
from pools import TOWN, csv_file, pool_of, state_of, total_of

ON_TERMS = TOWN + "payment: {within: 12 working days}\n"
LOWER_MINIMUM = TOWN.replace("minimums: {nhs_minimum: 1_200_000.07", "minimums: {nhs_minimum: 1_000_000")
"""So that nhs-min may fall."""
APRIL = date(2023, 4, 1)


def received(pool: Pool, folder: Path, *rows: list[str]) -> None:
    receive(pool, csv_file(folder, f"receipts {rows[0][4]}.csv", (*COLUMNS, "invoice"), *rows))


def found_at(pool: Pool, month: int) -> Invoices:
    """The invoices of a month, which cast to the debtor account of the books."""
    found = invoices_at(pool, month)
    assert sum(pence for _, pence in found.bridge) == found.debtors_pence
    assert found.debtors_pence == total_of(pool, "debtors", through_month=month)
    return found


def of(found: Invoices, number: str) -> InvoicePosition:
    return next(each for each in found.positions if each.document.number == number)


def test_each_instalment_is_invoiced_once_and_numbered_without_a_gap(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    first = issue_invoices(pool, 3, APRIL)
    assert [(each.number, each.contribution, each.instalment_on.isoformat(), each.amount_pence) for each in first] == [
        ("INV-0001", "nhs-min", "2023-04-01", 100_000_00),
        ("INV-0002", "nhs-own", "2023-04-01", 1_250_00),
        ("INV-0003", "nhs-min", "2023-05-01", 100_000_00),
        ("INV-0004", "nhs-min", "2023-06-01", 100_000_00),
    ]
    assert issue_invoices(pool, 3) == ()
    later = issue_invoices(pool, 12, date(2023, 7, 1))
    assert [each.number for each in documents(pool)] == [f"INV-{place:04d}" for place in range(1, 17)]
    assert sum(each.amount_pence for each in (*first, *later)) == 1_200_000_07 + 5_000_00
    at_q1 = contribution_position(pool, 3).positions
    assert found_at(pool, 3).open_pence == sum(each.invoiced_pence for each in at_q1)


def test_an_invoice_posts_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = len(pool.books.entries())
    issue_invoices(pool, 12)
    assert len(pool.books.entries()) == before
    assert pool.books.verify() == []


def test_it_is_due_by_the_terms_and_overdue_only_after(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, ON_TERMS)
    issue_invoices(pool, 3, APRIL)
    # The 7th and the 10th are Good Friday and Easter Monday, the 1st a Saturday.
    assert of(found_at(pool, 1), "INV-0001").document.due_on == date(2023, 4, 20)
    assert of(found_at(pool, 1), "INV-0001").state == "overdue 10 days"
    assert of(found_at(pool, 3), "INV-0004").document.due_on == date(2023, 6, 19)
    overdue = {each.contribution: each.overdue_pence for each in contribution_position(pool, 1).positions}
    assert (overdue["nhs-min"], overdue["nhs-own"]) == (100_000_00, 1_250_00)
    on_the_day = pool_of(tmp_path, TOWN)
    issue_invoices(on_the_day, 1, APRIL)
    assert of(found_at(on_the_day, 1), "INV-0001").document.due_on == APRIL


def test_what_is_within_its_terms_is_not_overdue(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + "payment: {within: 30 days}\n")
    issue_invoices(pool, 1, APRIL)
    assert of(found_at(pool, 1), "INV-0001").state == "not yet due"
    assert {each.overdue_pence for each in contribution_position(pool, 1).positions} == {0}


def test_a_receipt_pays_the_invoice_it_names_and_else_the_oldest(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 3, APRIL)
    received(
        pool,
        tmp_path,
        ["2023-06-05", "nhs-min", "icb", "100000", "BACS-1", "INV-0003"],
        ["2023-06-06", "nhs-min", "icb", "60000", "BACS-2", ""],
        ["2023-06-07", "nhs-min", "icb", "15000", "BACS-3 for INV-0004", ""],
    )
    found = found_at(pool, 3)
    assert (of(found, "INV-0003").state, of(found, "INV-0001").state) == ("paid", "part paid, overdue 90 days")
    assert [(each.receipt.reference, each.pence) for each in of(found, "INV-0001").parts] == [("BACS-2", 60_000_00)]
    assert of(found, "INV-0004").open_pence == 85_000_00
    assert found.unallocated == ()


def test_what_is_paid_beyond_the_invoices_is_shown_and_pays_the_next(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 1, APRIL)
    received(pool, tmp_path, ["2023-04-05", "nhs-min", "icb", "130000", "A", "INV-0001"])
    found = found_at(pool, 1)
    assert (of(found, "INV-0001").open_pence, found.unallocated_pence) == (0, 30_000_00)
    issue_invoices(pool, 2, date(2023, 5, 1))
    found = found_at(pool, 2)
    assert (of(found, "INV-0003").state, found.unallocated) == ("part paid, overdue 30 days", ())


def test_money_of_one_contribution_pays_no_invoice_of_another(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 1, APRIL)
    received(pool, tmp_path, ["2023-04-05", "nhs-own", "icb", "2000", "A", ""])
    found = found_at(pool, 1)
    assert (of(found, "INV-0001").paid_pence, of(found, "INV-0002").paid_pence) == (0, 1_250_00)
    assert found.unallocated_pence == 750_00


@pytest.mark.parametrize(("change", "kinds"), [(90_000_00, "further invoice"), (-90_000_00, "credit note")])
def test_a_changed_instalment_is_invoiced_or_credited_for_the_difference(
    tmp_path: Path, change: int, kinds: str
) -> None:
    pool = pool_of(tmp_path, LOWER_MINIMUM)
    issue_invoices(pool, 12, APRIL)
    before = len(documents(pool))
    varied = ContributionChange("nhs-min", change, {"care": change})
    vary_contribution(pool, varied, Approval(date(2023, 7, 1), "JCB 1", "Joint board"))
    made = issue_invoices(pool, 12, date(2023, 7, 3))
    assert {each.kind for each in made} == {kinds}
    assert [each.number for each in made] == [f"INV-{place:04d}" for place in range(before + 1, before + 10)]
    assert [each.amount_pence for each in made] == [change // 9] * 9
    found = found_at(pool, 12)
    assert found.open_pence == 1_205_000_07 + change
    assert found.not_invoiced_pence == {}
    if change > 0:
        assert made[0].due_on == date(2023, 7, 3)
    else:
        july = next(each for each in found.positions if each.document.instalment_on == date(2023, 7, 1)
                    and each.document.contribution == "nhs-min")  # fmt: skip
        assert (july.credited_pence, july.open_pence) == (10_000_00, 90_000_00)


def test_a_credit_for_what_was_paid_is_left_open(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, LOWER_MINIMUM)
    issue_invoices(pool, 12, APRIL)
    received(pool, tmp_path, ["2023-04-05", "nhs-min", "icb", "1200000.07", "ALL", ""])
    vary_contribution(
        pool,
        ContributionChange("nhs-min", -90_000_00, {"care": -90_000_00}),
        Approval(date(2023, 7, 1), "JCB 1", "Joint board"),
    )
    issue_invoices(pool, 12, date(2023, 7, 3))
    found = found_at(pool, 12)
    assert found.unallocated_pence == 90_000_00
    assert found.debtors_pence == 5_000_00 - 90_000_00


def test_a_receipt_that_was_reversed_pays_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 1, APRIL)
    received(pool, tmp_path, ["2023-04-05", "nhs-min", "icb", "100000", "A", ""])
    (receipt,) = pool.books.entries(kind="receipt")
    bounced = reversal_of(receipt, effective_on=date(2023, 4, 12), who="bank", why="bounced", idempotency_key="b")
    with pool.writing(Action.POST) as writing:
        writing.record(bounced)
    found = found_at(pool, 1)
    assert (of(found, "INV-0001").paid_pence, found.unallocated) == (0, ())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 300_000_00), st.sampled_from(["", "INV-0001", "INV-0004"])),
        max_size=6,
    )
)
def test_whatever_is_received_invoices_cast_to_the_debtor_account(
    tmp_path: Path, receipts: list[tuple[int, int, str]]
) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 4, APRIL)
    for place, (month, pence, named) in enumerate(receipts):
        amount = f"{pence // 100}.{pence % 100:02d}"
        received(pool, tmp_path, [f"2023-{month + 3:02d}-15", "nhs-min", "icb", amount, f"R{place}", named])
    for month in (1, 4, 8):
        found = found_at(pool, month)
        assert all(0 <= each.paid_pence <= each.document.amount_pence for each in found.positions)
        money = sum(pence for at, pence, _ in receipts if at <= month)
        assert sum(each.paid_pence for each in found.positions) + found.unallocated_pence == money
        assert not found.unallocated or not any(
            each.open_pence for each in found.positions if each.document.contribution == "nhs-min"
        )


def test_reminders_are_recorded_and_counted_once_a_day(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 2, APRIL)
    received(pool, tmp_path, ["2023-04-05", "nhs-min", "icb", "100000", "A", ""])
    made = remind(pool, 2, date(2023, 6, 1))
    assert [(each.number, each.age_days, each.open_pence, each.count, each.new) for each in made] == [
        ("INV-0002", 60, 1_250_00, 1, True),
        ("INV-0003", 30, 100_000_00, 1, True),
    ]
    before = state_of(pool)
    assert [(each.count, each.new) for each in remind(pool, 2, date(2023, 6, 1))] == [(1, False)] * 2
    assert state_of(pool) == before
    assert [each.count for each in remind(pool, 2, date(2023, 6, 8))] == [2, 2]
    assert of(found_at(pool, 2), "INV-0003").reminders == 2
    assert of(found_at(pool, 2), "INV-0001").reminders == 0


def test_nothing_is_dated_in_days_to_come(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    for act in (issue_invoices, remind):
        with pytest.raises(InvoicingRefused, match="2123-04-01 is yet to come"):
            act(pool, 3, date(2123, 4, 1))
        with pytest.raises(InvoicingRefused, match="2022-12-29 is long before 2023/24"):
            act(pool, 3, date(2022, 12, 29))
    assert state_of(pool) == before
    assert issue_invoices(pool, 1, date(2022, 12, 30))


def test_a_receipt_that_names_no_invoice_of_its_contribution_is_refused(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 1, APRIL)
    before = state_of(pool)
    with pytest.raises(InputRefused) as refusal:
        received(
            pool,
            tmp_path,
            ["2023-04-05", "nhs-min", "icb", "1", "A", "INV-0002"],
            ["2023-04-05", "nhs-min", "icb", "1", "B", "INV-0099"],
        )
    assert str(refusal.value).count("is no invoice for nhs-min: name one that invoices lists") == 2
    assert state_of(pool) == before


def test_invoices_stand_as_they_were_at_an_event(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    issue_invoices(pool, 2, APRIL)
    event = pool.books.head().number
    before = invoices_at(pool, 12, event)
    received(pool, tmp_path, ["2023-04-05", "nhs-min", "icb", "100000", "A", ""])
    issue_invoices(pool, 12, APRIL)
    remind(pool, 2)
    assert invoices_at(pool, 12, event) == before
    assert invoices_at(pool, 12) != before


def test_the_call_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books = ["--db", str(pool_of(tmp_path).books.books.path)]
    assert main(["invoices", "--issue", "--as-of", "2", *books]) == 2
    assert main(["invoices", "--on", "2023-04-01", *books]) == 2
    assert capsys.readouterr().err.count("new invoices are issued now") == 2
    assert main(["remind", "--month", "M1", *books]) == 0
    assert "No invoice is late at the end of M1" in capsys.readouterr().out
