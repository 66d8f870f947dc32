"""Settling within the year, the exit statement, and the journals that partners make: to the penny and cast."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import pounds
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.control.close import close_period
from pooledfund.control.settlement import SettlementRefused, settle
from pooledfund.pool import Pool
from pooledfund.reports.partner_journals import write_partner_journals
from pooledfund.results.exit_statement import ExitRefused, exit_statement
from pooledfund.results.lines import budgets_to_date
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.partner_journal import partner_journals
from pooledfund.results.settlement import settlement_due
from pooledfund.results.to_a_day import budgets_to
from pools import DB, MANAGER, TOWN, as_actor, imported, pool_of, spent, state_of

TO_JUNE = {"care": 199_999_98, "equip": 72_500_01, "rehab": 124_999_98, "beds": 33_750_00, "grant": 24_999_99}
"""The budgets to M3 in pence: a month is the twelfth of each contribution rounded down."""
THE_REST = {"care": 600_000_02, "equip": 217_500_06, "rehab": 375_000_02, "beds": 101_250_00, "grant": 75_000_01}
LEADS = {"care": "council", "equip": "council", "rehab": "icb", "beds": "icb", "grant": "council"}


def quarter(folder: Path, text: str = TOWN, **over: int) -> Pool:
    """A pool whose lines spent their budget to June and these pence more."""
    pool = pool_of(folder, text)
    spend_to(pool, folder, "2023-06-30", {each: pence + over.get(each, 0) for each, pence in TO_JUNE.items()})
    return pool


def the_rest(pool: Pool, folder: Path, **over: int) -> None:
    spend_to(pool, folder, "2024-03-31", {each: pence + over.get(each, 0) for each, pence in THE_REST.items()})


def spend_to(pool: Pool, folder: Path, day: str, pence: dict[str, int]) -> None:
    rows = [spent(f"{each} {day}", pounds(amount), each, day, partner=LEADS[each]) for each, amount in pence.items()]
    imported(pool, folder, *rows, name=f"to {day}.csv")


def balances(pool: Pool) -> dict[object, int]:
    found = pool.books.balances("actual", ("account", "contribution", "partner"))
    return {key: pence for key, pence in found.items() if pence}


def test_a_closed_quarter_settles_its_overspend_to_date_and_leaves_what_is_late(tmp_path: Path) -> None:
    pool = quarter(tmp_path, care=20_000_00, rehab=-35_000_00)
    close_period(pool, "Q1")
    settled = settle(pool, 3)
    # 20,000 over: 16,000 from the reserve, the rest halved. The 35,000 not yet spent on rehab is only late.
    assert settled.due.as_json() == {
        "borne": {"council": "2000.00", "icb": "2000.00"},
        "returned": {},
        "reserves_drawn": {"risk": "16000.00"},
        "carried_forward": {},
        "returned_to_funder": {},
    }
    entry = pool.books.entry(settled.entries[0]).entry
    assert (entry.effective_on, entry.document_on) == (date(2023, 7, 1), date(2023, 6, 30))
    assert settlement_due(pool, 3).nothing


def test_a_quarter_is_trued_up_by_the_outturn_to_what_one_settlement_posts(tmp_path: Path) -> None:
    pools = []
    for name in ("in quarters", "at once"):
        folder = tmp_path / name
        folder.mkdir()
        pool = quarter(folder, care=30_000_01, rehab=-35_000_00)
        close_period(pool, "Q1")
        if name == "in quarters":
            settle(pool, 3)
        the_rest(pool, folder, care=-25_000_00, rehab=30_000_00)
        settle(pool)
        assert memorandum_account(pool, 12).not_yet_settled_pence == 0
        assert pool.books.verify() == []
        pools.append(pool)
    assert balances(pools[0]) == balances(pools[1])


def test_a_quarter_is_settled_on_figures_that_stand(tmp_path: Path) -> None:
    pool = quarter(tmp_path, care=20_000_00)
    before = state_of(pool)
    with pytest.raises(SettlementRefused, match="M1 to M3 are not closed, so spend may still arrive"):
        settle(pool, 3)
    with pytest.raises(SettlementRefused, match=r"nothing is spent after M3 .* spend to date is not the outturn"):
        settle(pool)
    in_may = Pool(pool._ledger, MANAGER, lambda: datetime(2023, 5, 9, tzinfo=UTC))
    for month in (3, 12):
        with pytest.raises(SettlementRefused, match="has not run before"):
            settle(in_may, month)
    assert state_of(pool) == before


def test_a_period_before_one_that_was_settled_is_not_settled(tmp_path: Path) -> None:
    pool = quarter(tmp_path, care=20_000_00)
    close_period(pool, "Q1")
    the_rest(pool, tmp_path)
    settle(pool)
    with pytest.raises(SettlementRefused, match=r"Q4 \(M12\) was settled already"):
        settle(pool, 3)


def test_what_is_unresolved_is_named_with_its_clause_and_remedy(tmp_path: Path) -> None:
    text = TOWN.replace("overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]", "overspend: [{decide: board}]")
    pool = quarter(tmp_path, text, care=20_000_01)
    close_period(pool, "Q1")
    with pytest.raises(SettlementRefused) as refusal:
        settle(pool, 3)
    assert str(refusal.value) == (
        "£20,000.01 of the variance is unresolved (£20,000.01 of overspend under clause '7.2'): "
        "record the board's decision first, with its minute: pooledfund decide"
    )


variances = st.fixed_dictionaries({each: st.integers(-20_000_00, 20_000_00) for each in TO_JUNE})


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=variances, settle_first=st.booleans())
def test_an_exit_statement_casts_to_the_books(tmp_path: Path, moves: dict[str, int], settle_first: bool) -> None:
    pool = quarter(tmp_path, TOWN, **moves)
    close_period(pool, "Q1")
    if settle_first:
        settle(pool, 3)
    for on in (date(2023, 6, 30), date(2023, 7, 31)):
        found = exit_statement(pool, on)
        assert found.difference_pence == 0
        assert found.net_assets_pence == memorandum_account(pool, pool.agreement.year.month_of(on)).closing_pence
        # What partners get in the end is the money there is: what no partner funded and what is open stand apart.
        money = found.assets_pence["cash of the pool held by the host"]
        money += found.assets_pence["transfers from the host's own funds"]
        money += found.assets_pence["brought forward from last year, held by the host"]
        apart = found.reserves_of_no_partner_pence + found.unresolved_pence
        assert sum(each.receives_pence for each in found.partners) == money - apart


def test_an_exit_statement_says_whose_the_money_is(tmp_path: Path) -> None:
    assets = "assets:\n  van: {name: Van, purchaser: council, value: 9_000, reverts: funding_share, " + (
        "funded_by: {nhs-min: 20_000, la-add: 10_000}}\nrisk_share:\n"
    )
    pool = quarter(tmp_path, TOWN.replace("risk_share:\n", assets), care=20_000_00, grant=-5_000_00)
    found = exit_statement(pool, date(2023, 6, 30))
    council = found.as_json()["partners"]["council"]  # type: ignore[index]
    # Grant: 100,000 paid in April, 25,000 of it budgeted to June, 20,000 spent; la-add in arrears: 75,000 due of
    # 300,000, 10,000 to the reserve, 72,500 on lines.
    assert council["contributions_beyond_budget_to_date"] == "67500.03"
    assert council["unspent_carried_forward"] == "5000.00"
    assert council["overspend_still_to_bear"] == "2000.00"
    assert found.as_json()["things"] == [
        {"name": "Van", "value": "£9,000.00", "goes_to": {"icb": "6000.00", "council": "3000.00"}}
    ]


def test_what_is_in_dispute_is_out_of_settlement_and_apart_at_the_exit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TOWN.replace(
        '- clause: "7.2"\n', '- clause: "7.2"\n    disputed: true\n    reason: who asked for the beds\n'
    )
    pool = quarter(tmp_path, text, care=20_000_00)
    close_period(pool, "Q1")
    before = state_of(pool)
    assert main(["settle", "--quarter", "Q1", "--db", str(tmp_path / DB)]) == 2
    refused = capsys.readouterr().err
    assert "£2,000.00 of overspend under clause '7.2', of icb is in dispute: resolve it first" in refused
    assert state_of(pool) == before
    assert main(["settle", "--quarter", "Q1", "--without-disputed", "--db", str(tmp_path / DB)]) == 0
    said = capsys.readouterr().out
    assert (
        "In dispute and not settled: £2,000.00 of overspend under clause '7.2', of council and "
        "£2,000.00 of overspend under clause '7.2', of icb." in said
    )
    assert "borne by" not in said
    found = exit_statement(pool, date(2023, 6, 30))
    assert (found.disputed_pence, found.difference_pence) == (-4_000_00, 0)
    assert {each.disputed_by for each in found.disputed} == {"council", "icb"}
    assert all(each.overspend_pence == 0 for each in found.partners)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=variances, day=st.integers(1, 30), settle_first=st.booleans())
def test_an_exit_on_any_day_casts_to_the_books(
    tmp_path: Path, moves: dict[str, int], day: int, settle_first: bool
) -> None:
    pool = quarter(tmp_path, TOWN, **moves)
    close_period(pool, "Q1")
    if settle_first:
        settle(pool, 3)
    for month in (6, 7):
        found = exit_statement(pool, date(2023, month, day))
        assert found.difference_pence == 0
        assert bool(found.notes) is (day != 30 or month == 7)


def test_an_exit_within_a_month_counts_days_of_budget_and_entries_up_to_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = quarter(tmp_path)
    imported(pool, tmp_path, spent("x", "1000.00", "care", "2023-06-20", partner="council"), name="x.csv")
    before, after = (exit_statement(pool, date(2023, 6, day)) for day in (15, 20))
    spend = "due to partners that spent for the pool"
    assert after.liabilities_pence[spend] - before.liabilities_pence[spend] == 1_000_00
    # June's budget of a line falls by days: half of it by the fifteenth.
    for place, pence in budgets_to_date(pool, 3).items():
        may = budgets_to_date(pool, 2)[place]
        assert abs(2 * (budgets_to(pool, date(2023, 6, 15))[place] - may) - (pence - may)) <= 1
    assert main(["exit", "--on", "2023-06-15", "--db", str(tmp_path / DB)]) == 0
    assert "The month's budget counts by days, up to 15 June 2023" in capsys.readouterr().out


def test_an_exit_needs_a_day_of_the_year(tmp_path: Path) -> None:
    pool = quarter(tmp_path)
    with pytest.raises(ExitRefused, match="is not in 2023/24"):
        exit_statement(pool, date(2024, 4, 1))
    with pytest.raises(ExitRefused, match="give one with --on"):
        exit_statement(pool)


SIXTY_FORTY = """\
pooledfund: 1
agreement: {id: sixty, title: Sixty to forty, area: Town, year: 2023/24, status: signed}
partners:
  council: {name: Town Council, kind: local_authority, accounting: {general_fund: GF-100}}
  icb: {name: NHS Town ICB, kind: nhs, accounting: {contribution: "5216", payable: "2155"}}
funds:
  bcf: {name: Pool, kind: pooled, host: council}
contributions:
  la: {partner: council, fund: bcf, source: la_additional, amount: 60, instalments: annual}
  nhs: {partner: icb, fund: bcf, source: nhs_additional, amount: 40, instalments: annual}
schemes:
  care: {name: Care, fund: bcf, lead: council, accounting: joint_operation, budget: {la: 60, nhs: 40}}
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{share: {council: 60, icb: 40}}]
    underspend: [{return: contribution}]
"""


def legs(path: Path) -> list[tuple[str, str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["line"], row["code"], row["debit"], row["credit"]) for row in csv.DictReader(file)]


def test_sixty_to_forty_with_a_spend_of_110_is_booked_as_the_worked_example(tmp_path: Path) -> None:
    """Council 60, ICB 40, spend 110: the ICB owes 44, the council's general fund bears 6, the pool closes at nil."""
    pool = pool_of(tmp_path, SIXTY_FORTY)
    imported(pool, tmp_path, spent("bill", "110", "care", "2024-03-31"))
    settled = settle(pool)
    journals = partner_journals(pool)
    council, icb = write_partner_journals(pool, journals, tmp_path / "journals")
    assert sorted(legs(icb)) == sorted([
        ("contribution", "5216", "40.00", ""), ("payable", "2155", "", "40.00"),
        ("risk_share", "", "4.00", ""), ("payable", "2155", "", "4.00"),
    ])  # fmt: skip
    # The council's spend of 110 is in its own ledger already: Dr pool spend, Cr creditors.
    assert sorted(legs(council)) == sorted([
        ("receivable", "", "60.00", ""), ("pool_funding", "", "", "60.00"),
        ("service_budget", "", "60.00", ""), ("receivable", "", "", "60.00"),
        ("receivable", "", "40.00", ""), ("pool_funding", "", "", "40.00"),
        ("general_fund", "GF-100", "6.00", ""), ("pool_funding", "", "", "6.00"),
        ("receivable", "", "4.00", ""), ("pool_funding", "", "", "4.00"),
    ])  # fmt: skip
    assert all(sum(row.pence for row in journal.rows) == 0 for journal in journals)
    account = memorandum_account(pool, 12)
    assert (account.funding_pence, account.expenditure_pence, account.closing_pence) == (110_00, 110_00, 0)
    only = partner_journals(pool, numbers=settled.entries)
    assert {each.partner: each.debits_pence for each in only} == {"council": 10_00, "icb": 4_00}


def test_what_a_partner_spends_for_the_pool_is_passed_to_the_host(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("own", "500", "rehab", "2023-06-30", partner="icb", contribution="nhs-min"))
    by_partner = {each.partner: each for each in partner_journals(pool, from_month=3, through_month=3)}
    passed = [(row.line, row.pence) for row in by_partner["icb"].rows if row.scheme == "rehab"]
    assert passed == [("spend_recovered", -500_00), ("receivable", 500_00)]
    taken = [(row.line, row.pence) for row in by_partner["council"].rows if row.scheme == "rehab"]
    assert taken == [("pool_spend", 500_00), ("payable", -500_00)]
    for journal in by_partner.values():
        assert sum(row.pence for row in journal.rows) == 0


def test_a_partner_takes_only_its_own_journal(tmp_path: Path) -> None:
    pool = as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE, "icb")
    with pytest.raises(NotAllowed):
        write_partner_journals(pool, partner_journals(pool), tmp_path / "journals")
    assert not (tmp_path / "journals").exists()


def test_the_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = quarter(tmp_path, care=20_000_00)
    close_period(pool, "Q1")
    books = ("--db", str(tmp_path / DB))
    assert main(["settle", "--quarter", "Q1", "--journals", str(tmp_path / "out"), *books]) == 0
    said = capsys.readouterr().out
    assert "Settlement to Q1 (M3), £" in said
    assert "journal-icb.csv" in said
    assert main(["partner-journal", "--quarter", "Q1", "-o", str(tmp_path / "q1"), *books]) == 0
    assert main(["partner-journal", "--quarter", "Q1", *books]) == 2
    assert main(["exit", "--on", "2023-06-30", *books]) == 0
    assert re.search(r"difference to the books +0\.00", capsys.readouterr().out)
    assert main(["exit", "--on", "30 June", *books]) == 2
