"""What each partner books: gross or net by the line's model, and statements that add up to the pool."""

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledgers.money import parse_pounds, pounds
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.control.settlement import settle
from pooledfund.pool import Pool
from pooledfund.reports.partner_statements import StatementNotWritten, write_statement
from pooledfund.results.partner_statement import LedgerLine, PartnerStatement, partner_statement
from pools import DB, TOWN, as_actor, imported, pool_of, spent
from workbooks import pence, table

SPEND = {"care": 820_000_01, "equip": 280_000_00, "rehab": 505_000_00, "beds": 130_000_00, "grant": 88_000_00}
LEADS = {"care": "council", "equip": "council", "rehab": "icb", "beds": "icb", "grant": "council"}
MODELS = TOWN.replace("name: Home care,", "name: Home care, accounting: lead_as_principal,").replace(
    "name: Equipment,", "name: Equipment, accounting: agent,"
).replace("name: Rehabilitation,", "name: Rehabilitation, accounting: joint_operation,")  # fmt: skip


def year(folder: Path, text: str = MODELS) -> Pool:
    pool = pool_of(folder, text)
    rows = [
        spent(scheme, pounds(pence), scheme, "2024-03-31", partner=LEADS[scheme]) for scheme, pence in SPEND.items()
    ]
    imported(pool, folder, *rows)
    return pool


def line(statement: PartnerStatement, scheme: str) -> LedgerLine:
    (found,) = [each for each in statement.ledger if each.scheme == scheme]
    return found


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("month", [6, 12])
def test_the_statements_add_up_to_the_pool(tmp_path: Path, settled: bool, month: int) -> None:
    pool = year(tmp_path)
    if settled:
        settle(pool)
    both = [partner_statement(pool, partner, month) for partner in ("council", "icb")]
    account = both[0].pool
    assert sum(each.funding_pence for each in both) == account.funding_pence
    assert sum(each.total_pence("spend incurred") for each in both) == account.expenditure_pence
    assert sum(each.spent_by_others_pence for each in both) == 0
    for each in both:
        rest = each.total_pence("spend incurred", "between bodies", "closing balance")
        assert each.funding_pence == rest
        for is_capital in (False, True):
            kind_rows = [row for row in each.account if row.capital == is_capital]
            funding = sum(row.pence for row in kind_rows if row.section in ("funding", "risk share"))
            assert 2 * funding == sum(row.pence for row in kind_rows)
        assert ("with what is not yet settled" in each.between_words) == bool(account.not_yet_settled_pence)
    assert sum(row.net_pence for each in both for row in each.ledger) == account.expenditure_pence
    assert {each.partner: each.cost_pence for each in both} == account.cost_by_partner_pence
    of_no_partner = -pool.books.balances("actual", ("account", "partner"), through_month=month)["reserve:risk", None]
    held = sum(each.closing_pence for each in both) + of_no_partner + account.not_yet_settled_pence
    assert held == account.closing_pence
    capital = [row for each in both for row in each.account if row.capital and row.section == "funding"]
    assert sum(row.pence for row in capital) == account.capital.funding_pence


def test_a_line_is_booked_gross_or_net_by_its_model(tmp_path: Path) -> None:
    pool = year(tmp_path)
    council, icb = (partner_statement(pool, partner, 12) for partner in ("council", "icb"))
    # Home care spent 820,000.01 against 600,000 of the ICB's and 200,000 of the council's.
    lead, other = line(council, "care"), line(icb, "care")
    assert (lead.expenditure_pence, lead.income_pence, lead.net_pence) == (820_000_01, -615_000_01, 205_000_00)
    assert (other.expenditure_pence, other.contribution_pence) == (0, 615_000_01)
    assert other.net_pence == -lead.income_pence
    # As agent the council books only its own part, though it paid for all of it.
    assert line(council, "equip").expenditure_pence + line(icb, "equip").expenditure_pence == 280_000_00
    assert line(council, "equip").income_pence == line(icb, "equip").contribution_pence == 0
    assert line(icb, "rehab").expenditure_pence == 505_000_00
    assert [each.scheme for each in council.ledger if each.capital] == ["grant"]


SIXTY = """\
pooledfund: 1
agreement: {id: sixty, title: Sixty to forty, area: Town, year: 2023/24, status: draft}
partners:
  council: {name: Town Council, kind: local_authority}
  icb: {name: NHS Town ICB, kind: nhs}
funds: {bcf: {name: Pool, kind: pooled, host: council}}
contributions:
  la: {partner: council, fund: bcf, source: la_additional, amount: 60}
  nhs: {partner: icb, fund: bcf, source: nhs_additional, amount: 40}
schemes:
  care: {name: Care, fund: bcf, lead: council, accounting: joint_operation, budget: {la: 60, nhs: 40}}
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{share: {council: 60, icb: 40}}]
    underspend: [{return: contribution}]
"""


def test_sixty_to_forty_of_110_costs_66_and_44_and_the_pool_closes_at_nil(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, SIXTY)
    imported(pool, tmp_path, spent("bill", "110", "care", "2024-03-31"))
    settle(pool)
    council, icb = (partner_statement(pool, partner, 12) for partner in ("council", "icb"))
    assert (line(council, "care").net_pence, line(icb, "care").net_pence) == (66_00, 44_00)
    assert (council.cost_pence, icb.cost_pence) == (66_00, 44_00)
    assert council.between_partners_pence == icb.between_partners_pence == 0
    assert council.pool.closing_pence == 0
    assert [(each.owed_by, each.pence) for each in icb.balances] == [("icb", 44_00)]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("unspent_grant: grants_unapplied, ", "unspent dfg is shown as: grants unapplied"),
        ("unspent_grant: receipt_in_advance, ", "unspent dfg is shown as: receipt in advance"),
        ("", "unspent dfg is shown as: not chosen in the agreement"),
    ],
)
def test_unspent_grant_is_shown_as_the_agreement_chooses(tmp_path: Path, said: str, shown: str) -> None:
    pool = year(tmp_path, MODELS.replace("source: dfg, ", f"source: dfg, {said}"))
    settle(pool)
    statement = partner_statement(pool, "council", 12)
    assert shown in statement.notes
    assert [row.pence for row in statement.account if row.what == "dfg carried forward"] == [12_000_00]


def test_vat_is_by_who_contracts_and_says_who_has_not_confirmed(tmp_path: Path) -> None:
    vat = "name: Equipment, vat: {contracts: council, receives: council, recovery: full, confirmed: {icb: 2023-05-01}},"
    notes = partner_statement(pool_of(tmp_path, TOWN.replace("name: Equipment,", vat)), "council", 3).notes
    assert "VAT on equip: council contracts, council receives, recovered in full; not confirmed by council" in notes
    assert any("no tax advice" in note for note in notes)


def test_a_statement_is_written_as_it_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    year(tmp_path)
    books = ("--db", str(tmp_path / DB))
    assert main(["partner-statement", "icb", "--json", *books]) == 0
    document = json.loads(capsys.readouterr().out)
    for name in ("icb.csv", "icb.xlsx"):
        assert main(["partner-statement", "icb", "-o", str(tmp_path / name), *books]) == 0
    capsys.readouterr()
    with (tmp_path / "icb.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    funding = [row["amount"] for row in rows if row["section"] == "funding"]
    assert funding == [row["amount"] for row in document["account"] if row["section"] == "funding"]
    sheet = load_workbook(tmp_path / "icb.xlsx", data_only=True)["Memorandum account"]
    assert [pence(row["Amount (£)"]) for row in table(sheet, "Section")][:-1] == [
        parse_pounds(each) for each in funding
    ]
    assert main(["partner-statement", "nobody", *books]) == 2
    assert "name one of council, icb" in capsys.readouterr().err
    assert main(["partner-statement", "icb", *books]) == 0
    assert "lead as principal" in capsys.readouterr().out


def test_partner_finance_sees_its_own_statement_only(tmp_path: Path) -> None:
    pool = as_actor(pool_of(tmp_path), Role.PARTNER_FINANCE, "icb")
    assert partner_statement(pool, "icb", 3).partner == "icb"
    with pytest.raises(NotAllowed):
        partner_statement(pool, "council", 3)


def test_a_statement_goes_to_a_workbook_or_a_csv_file(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    with pytest.raises(StatementNotWritten, match=r"end in \.xlsx, \.pdf or \.csv"):
        write_statement(pool, partner_statement(pool, "icb", 3), tmp_path / "icb.docx")
