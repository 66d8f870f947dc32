"""Ledger extracts into the books: each line once, apportioned, accruals reversed, suspense in sight, all or nothing."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import apportion_signed
from pooledfund.access import NotAllowed, Role
from pooledfund.control.virements import Virement, make_virement
from pooledfund.intake.actuals import Imported, import_actuals
from pooledfund.intake.maps import read_map
from pooledfund.intake.spend_rows import PLAIN_COLUMNS
from pooledfund.intake.tables import FileRefused
from pooledfund.pool import Pool
from pooledfund.results.monitoring import monitor
from pools import (
    MANAGER,
    TOWN,
    as_actor,
    csv_file,
    entry_of,
    imported,
    pool_of,
    refused,
    spend_of,
    spent,
    state_of,
    total_of,
)

MAP = """\
map: 1
name: Town ledger
format: csv
header: [Doc, Cost centre]
partner: council
reference: [Doc, Line]
effective: {column: Posted, format: dd/mm/yyyy}
amount: {column: Amount}
description: Text
kind: {column: Type, codes: {ACC: accrual, REV: accrual_reversal}, otherwise: ledger}
lines:
  - {match: {Cost centre: "10*"}, scheme: care}
  - {match: {Cost centre: "20*"}, scheme: equip, contribution: la-add}
ignore:
  - match: {Cost centre: "99*"}
"""
MAPPED = ("Doc", "Line", "Posted", "Cost centre", "Type", "Amount", "Text")


def mapped(pool: Pool, folder: Path, *rows: list[str], name: str = "ledger.csv", text: str = MAP) -> Imported:
    map_file = folder / "map.yaml"
    map_file.write_text(text, encoding="utf-8")
    return import_actuals(pool, csv_file(folder, name, MAPPED, *rows), read_map(map_file, pool.agreement).map)


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    first = imported(pool, tmp_path, spent("A", "100.01"))
    before = state_of(pool)
    again = imported(pool, tmp_path, spent("A", "100.01"), name="copy.csv")
    assert (first.batch, again.repeated_batch, again.posted) == (1, 1, 0)
    assert state_of(pool) == before


def test_an_overlapping_file_adds_only_what_is_new(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"), spent("B", "50"))
    second = imported(pool, tmp_path, spent("B", "50"), spent("C", "7"))
    assert (second.posted, second.already_there, second.total_pence) == (1, 1, 700)
    assert sum(spend_of(pool, "care").values()) == 157_00


def test_rows_lead_back_to_their_file(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100", words="agency"), spent("B", "50"))
    lines = pool.books.source_lines(entry=entry_of(pool, "spend/council/B").number)
    assert [(line.batch, line.file_row, line.cells["reference"]) for line in lines] == [(1, 3, "B")]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (spent("A", "100.02"), "cost"),
        (spent("A", "100", "equip"), "line"),
        (spent("A", "100", day="2023-05-11"), "document date"),
        (spent("A", "100", kind="accrual"), "kind"),
        (spent("A", "100", contribution="la-add"), "contribution"),
    ],
)
def test_the_same_reference_with_other_content_is_refused_and_nothing_is_posted(
    tmp_path: Path, other: list[str], field: str
) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    said = refused(pool, tmp_path, spent("NEW", "5"), other, name="second.csv")
    assert "second.csv:3: reference A is in the books as entry" in said
    assert f"with another {field}:" in said


def test_a_partner_may_use_the_reference_of_another(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = imported(pool, tmp_path, spent("A", "1"), spent("A", "2", "rehab", partner="icb"))
    assert found.posted == 2


def test_a_row_twice_in_a_file_counts_once_and_is_told(tmp_path: Path) -> None:
    found = imported(pool_of(tmp_path), tmp_path, spent("A", "100"), spent("B", "1"), spent("A", "100"))
    assert (found.posted, found.already_there) == (2, 1)
    assert found.notes == (
        "rows that repeat an earlier one of the file: 1 (£100.00, the first on row 4), each counted once",
    )


def test_a_reference_twice_in_a_file_with_other_content_is_refused(tmp_path: Path) -> None:
    said = refused(pool_of(tmp_path), tmp_path, spent("A", "100"), spent("A", "101"))
    assert "actuals.csv:3: reference A stands on row 2 with other content" in said


def test_rows_of_nil_post_nothing_and_are_told(tmp_path: Path) -> None:
    found = imported(pool_of(tmp_path), tmp_path, spent("A", "100"), spent("B", "0.00"))
    assert (found.rows, found.posted) == (1, 1)
    assert found.notes == ("rows of £0.00, which post nothing: 1",)


def test_a_code_that_no_line_claims_waits_in_suspense_in_sight(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = mapped(
        pool,
        tmp_path,
        ["D1", "1", "10/05/2023", "1001", "", "100.00", "home care"],
        ["D1", "2", "10/05/2023", "4911", "", "26.40", "agency, night, shifts"],
        ["D2", "1", "10/05/2023", "9901", "", "5.00", "not the pool's"],
    )
    assert [(each.file_row, each.code, each.reference, each.cost_pence) for each in found.suspense] == [
        (3, "Cost centre 4911", "D1/2", 2640)
    ]
    assert (found.ignored, found.suspense_pence, found.total_pence) == (1, 2640, 12640)
    table = monitor(pool, 2).as_json()
    assert table["suspense_to_date"] == "26.40"
    assert total_of(pool, "suspense") == 2640


def test_a_code_mapped_after_its_row_went_to_suspense_is_not_posted_twice(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    mapped(pool, tmp_path, ["D1", "2", "10/05/2023", "4911", "", "26.40", "agency"])
    later = MAP.replace('"10*"', '"4911"')
    row = ["D1", "2", "10/05/2023", "4911", "", "26.40", "agency"]
    again = mapped(pool, tmp_path, row, ["D3", "1", "10/05/2023", "4911", "", "1", "x"], text=later, name="again.csv")
    assert (again.posted, again.already_there) == (1, 1)
    assert "went to suspense as entry" in again.notes[0]
    assert total_of(pool, "suspense") == 2640


def test_an_accrual_in_suspense_is_not_reversed_by_the_books(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = mapped(pool, tmp_path, ["D1", "1", "30/06/2023", "4911", "ACC", "10.00", "x"])
    assert (found.reversals, total_of(pool, "suspense")) == (0, 1000)


@pytest.mark.parametrize(
    ("net", "vat", "recovered", "cost"),
    [("100", "20", "20", 100_00), ("100", "20", "", 120_00), ("100", "20", "10", 110_00), ("-100", "-20", "", -120_00)],
)
def test_vat_is_a_cost_where_it_is_not_recovered(tmp_path: Path, net: str, vat: str, recovered: str, cost: int) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", net, vat=vat, recovered=recovered))
    assert sum(spend_of(pool, "care").values()) == cost


def test_a_stated_cost_that_differs_from_its_parts_is_refused(tmp_path: Path) -> None:
    row = spent("A", "100", vat="20", recovered="20")
    row[10] = "120.00"
    assert "cost 120.00 is not net + VAT - recoverable VAT, which is 100.00" in refused(
        pool_of(tmp_path), tmp_path, row
    )


def test_spend_is_apportioned_by_current_budget_to_the_penny(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "0.03"), spent("B", "-0.03", "equip"))
    assert spend_of(pool, "care") == {"nhs-min": 2, "la-add": 1}
    assert spend_of(pool, "equip") == {"nhs-min": -2, "la-add": -1}


def test_a_virement_changes_the_shares_from_its_day_on(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    make_virement(pool, Virement("equip", "care", "la-add", 40_000_00, date(2023, 7, 1), "JCB 3"))
    imported(pool, tmp_path, spent("JUNE", "800", day="2023-06-30"), spent("JULY", "840", day="2023-07-01"))
    by_entry = {
        key: [posting.amount_pence for posting in entry_of(pool, f"spend/council/{key}").entry.postings]
        for key in ("JUNE", "JULY")
    }
    assert by_entry == {"JUNE": [600_00, 200_00, -800_00], "JULY": [600_00, 240_00, -840_00]}


def test_spend_on_a_line_without_budget_has_no_contribution(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "10", "pilot"))
    assert spend_of(pool, "pilot") == {None: 1000}


def test_a_row_may_name_its_contribution(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "10", contribution="la-add"))
    assert spend_of(pool, "care") == {"la-add": 1000}
    assert "'dfg' pays for nothing on care" in refused(pool, tmp_path, spent("B", "10", contribution="dfg"))
    assert "'x' is not a contribution" in refused(pool, tmp_path, spent("B", "10", contribution="x"))


def test_a_contribution_that_a_virement_brought_may_be_named(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    make_virement(pool, Virement("care", "pilot", "la-add", 1000_00, date(2023, 5, 1), "JCB 3"))
    imported(pool, tmp_path, spent("A", "10", "pilot", contribution="la-add"))
    assert spend_of(pool, "pilot") == {"la-add": 1000}


def test_every_fault_of_a_file_is_shown_and_nothing_is_changed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    said = refused(
        pool,
        tmp_path,
        spent("GOOD", "1"),
        spent("B", "12.345"),
        spent("C", "1", "nowhere"),
        spent("D", "1", partner="nobody"),
        spent("E", "1", day="10/05/2023"),
        spent("F", "1", kind="gift"),
        spent("", "1"),
        spent("H", "1", day="2024-04-01"),
        spent("I", ""),
    )
    assert len(said.splitlines()) == 8
    for row, part in enumerate(
        ("part of a penny", "'nowhere'", "'nobody'", "10/05/2023", "'gift'", "reference", "2024-04-01", "''"), start=3
    ):
        assert any(line.startswith(f"actuals.csv:{row}: ") and part in line for line in said.splitlines()), (row, said)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_amount_is_not_nil(tmp_path: Path, blank: str) -> None:
    pool = pool_of(tmp_path)
    with pytest.raises(FileRefused, match="Amount blank: unknown is not nil"):
        mapped(pool, tmp_path, ["D1", "1", "10/05/2023", "1001", "", blank, "x"])


def test_a_file_of_nothing_is_refused(tmp_path: Path) -> None:
    assert "holds no spend" in refused(pool_of(tmp_path), tmp_path)


def test_spend_of_a_partner_on_its_own_lines_is_taken_off_what_it_kept(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "500", "rehab", partner="icb"), spent("B", "7", "beds", partner="icb"))
    balances = pool.books.balances("actual", ("account", "contribution"), accounts=("own_lines", "creditors"))
    # A fifth of rehab is paid from nhs-own, which the ICB keeps for its own lines; the rest the pool owes it.
    kept = 4 * 58_750_00
    assert balances["own_lines", "nhs-own"] == kept - 100_00 - 7_00
    assert balances["creditors", None] == -400_00


def test_another_partners_spend_on_those_lines_is_not_taken_off(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = total_of(pool, "own_lines")
    imported(pool, tmp_path, spent("A", "500", "beds", partner="council"))
    assert total_of(pool, "own_lines") == before
    assert total_of(pool, "creditors") == -500_00


def test_partner_finance_imports_only_its_own_partners_rows(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    icb = as_actor(pool, Role.PARTNER_FINANCE, "icb")
    assert imported(icb, tmp_path, spent("A", "1", "rehab", partner="icb")).posted == 1
    said = refused(icb, tmp_path, spent("B", "1", "rehab", partner="icb"), spent("C", "1"), name="both.csv")
    assert "only of their own partner" in said


def test_partner_finance_without_a_partner_is_told_so(tmp_path: Path) -> None:
    nobody = as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE)
    assert "names no partner" in refused(nobody, tmp_path, spent("A", "1"))


def test_who_may_not_import_is_told_so_before_the_file_is_read(tmp_path: Path) -> None:
    auditor = as_actor(pool_of(tmp_path), Role.AUDITOR)
    with pytest.raises(NotAllowed):
        import_actuals(auditor, tmp_path / "no such file.csv")


def test_an_extract_in_the_plain_layout_may_be_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(PLAIN_COLUMNS))
    book.active.append([date(2023, 5, 10), None, None, "care", "council", "ledger", 4711, 0.1 + 0.2, 0, 0, None, "x"])
    book.save(tmp_path / "actuals.xlsx")
    pool = pool_of(tmp_path)
    assert import_actuals(pool, tmp_path / "actuals.xlsx").total_pence == 30
    assert entry_of(pool, "spend/council/4711").entry.effective_on == date(2023, 5, 10)


LINES = {"care": ("nhs-min", "la-add"), "equip": ("nhs-min", "la-add"), "rehab": ("nhs-min", "nhs-own"), "pilot": ()}
rows_of_spend = st.lists(
    st.tuples(
        st.sampled_from(sorted(LINES)),
        st.dates(date(2023, 4, 1), date(2024, 3, 31)),
        st.integers(-(10**9), 10**9).filter(bool),
        st.sampled_from(["ledger", "accrual", "credit_note"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_spend, month=st.integers(1, 12))
def test_monitoring_is_the_sum_of_the_rows_and_the_books_balance(
    tmp_path: Path, rows: list[tuple[str, date, int, str]], month: int
) -> None:
    pool = pool_of(tmp_path)
    lines = [
        spent(f"R{number}", f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}", scheme,
              day.isoformat(), kind=kind)
        for number, (scheme, day, pence, kind) in enumerate(rows)
    ]  # fmt: skip
    imported(pool, tmp_path, *lines)
    in_month = [(scheme, pence, kind, pool.agreement.year.month_of(day)) for scheme, day, pence, kind in rows]
    for row in monitor(pool, month).lines:
        wanted = sum(
            pence
            for scheme, pence, kind, of in in_month
            if scheme == row.line.scheme and (of == month if kind == "accrual" else of <= month)
        )
        assert row.line.actual_pence == wanted
    assert sum(pool.books.balances("actual", ()).values()) == 0
    assert pool.books.verify() == []


@given(pence=st.integers(-(10**9), 10**9).filter(bool))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shares_follow_the_budgets_in_file_order(tmp_path: Path, pence: int) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", f"{'-' * (pence < 0)}{abs(pence) // 100}.{abs(pence) % 100:02d}", "equip"))
    shares = apportion_signed(pence, [200_000_07, 90_000_00])
    wanted = {each: share for each, share in zip(("nhs-min", "la-add"), shares, strict=True) if share}
    assert spend_of(pool, "equip") == wanted


def test_the_manager_of_these_tests_is_named_in_each_entry(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN)
    imported(pool, tmp_path, spent("A", "1"))
    assert entry_of(pool, "spend/council/A").entry.who == MANAGER.name
