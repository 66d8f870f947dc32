"""A year of an agreement that asks for every rule: it casts, proves, and reads alike from both databases."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from everything import EVERYTHING, settled, year_of_everything
from ledger_homes import PostgresHome
from pooledfund.agreement_file import read_agreement_text
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.results.alerts import alerts_of
from pooledfund.results.between_partners import statements
from pooledfund.results.cash import cash_by_month
from pooledfund.results.cash_interest import cash_interest
from pooledfund.results.conditions import conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.exit_statement import exit_statement
from pooledfund.results.explaining import condition_explained, contribution_explained, line_explained, partner_explained
from pooledfund.results.explaining_account import account_explained
from pooledfund.results.invoices import invoices_at
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pooledfund.results.notices import notices_of
from pooledfund.results.partner_statement import partner_statement
from pooledfund.results.risk_position import risk_position


def reports(pool: Pool, folder: Path) -> Mapping[str, bytes]:
    """Every report of each quarter as a program reads it; of the year also every reason, and the pack as its file."""
    folder.mkdir()
    found: dict[str, bytes] = {}
    for month in (3, 6, 9, 12):
        told = {
            "monitor": monitor(pool, month).as_json(),
            "risk share": risk_position(pool, month).as_json(),
            "contributions": contribution_position(pool, month).as_json(),
            "conditions": conditions_report(pool, month).as_json(),
            "memorandum": memorandum_account(pool, month).as_json(),
            "invoices": invoices_at(pool, month).as_json(),
            "cash": [each.as_json() for each in cash_by_month(pool, month)],
            "interest": [each.as_json() for each in cash_interest(pool, month)],
            "statements": [each.as_json() for each in statements(pool, month)],
            "partners": [partner_statement(pool, each, month).as_json() for each in pool.agreement.partners],
            "alerts": [each.as_json() for each in alerts_of(pool, month)],
        }
        found |= {f"{name} M{month}": json.dumps(document).encode() for name, document in told.items()}
    explained = [
        *(partner_explained(pool, each, 12) for each in pool.agreement.partners),
        *(line_explained(pool, each, 12) for each in pool.agreement.schemes),
        *(contribution_explained(pool, each, 12) for each in pool.agreement.contributions),
        *(condition_explained(pool, each, 12) for each in ("carers", "adult_social_care")),
        account_explained(pool, "closing_balance", 12),
    ]
    found["explained"] = json.dumps([each.as_json() for each in explained]).encode()
    found["pack"] = write_pack(pool, 12, folder / "pack.xlsx").path.read_bytes()
    found["notices"] = json.dumps(notices_of(pool).as_json()).encode()
    found["exit"] = json.dumps(exit_statement(pool).as_json()).encode()
    found["log"] = "\n".join(event.content for event in pool.books.events()).encode()
    return found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    folder = tmp_path_factory.mktemp("everything")
    return settled(year_of_everything(folder / "books.db", folder))


def test_the_agreement_has_no_fault_and_uses_every_part_of_the_model() -> None:
    agreement = read_agreement_text(EVERYTHING, "everything.yaml").agreement
    # What the books record as it happens is recorded in them, not written beforehand.
    later = {"decisions", "disputes", "budget_cycle", "agreement_of_balances", "business_cases"}
    assert set(type(agreement).model_fields) - agreement.model_fields_set == later


def test_its_exit_statement_casts_and_names_what_is_of_no_partner(year: Pool) -> None:
    found = exit_statement(year)
    assert found.difference_pence == 0
    assert found.late_interest_pence == sum(memorandum_account(year, 12).late_interest_pence.values()) > 0


def test_its_risk_share_and_account_cast_to_the_penny(year: Pool) -> None:
    share = risk_position(year, 12).share
    placed = sum(share.overspend_pence.values()) - sum(share.underspend_pence.values())
    disputed = sum(share.disputed_overspend_pence.values()) - sum(share.disputed_underspend_pence.values())
    held = sum(share.reserves_pence.values()) + sum(share.carried_forward_pence.values())
    held += sum(share.returned_to_funder_pence.values())
    open_pence = share.unresolved_overspend_pence - share.unresolved_underspend_pence
    assert share.variance_pence == placed + disputed - held + open_pence
    assert share.unresolved_underspend_pence == 0
    for month in (3, 6, 9, 12):
        account = memorandum_account(year, month)
        assert (
            account.closing_pence == account.brought_forward_pence + account.funding_pence - account.expenditure_pence
        )
        assert not [what for each in statements(year, month) for what in each.differences]
    assert year.books.verify() == []


def test_what_it_asks_for_happens(year: Pool) -> None:
    share = risk_position(year, 12).share
    assert share.disputed_overspend_pence or share.disputed_underspend_pence
    assert share.reserves_pence["risk"] < 0
    assert {"4.1", "4.1 winter", "4.3", "4.4"} <= {step.clause for step in share.trace}
    assert {each.rule.clause for each in monitor(year, 6).escalations} == {"6.4", "6.5"}
    assert memorandum_account(year, 12).cash_interest_pence["council"] > 0
    assert memorandum_account(year, 12).late_interest_pence["icb"] > 0
    assert {each.kind for each in alerts_of(year, 6)} >= {"to be escalated", "contribution overdue"}
    assert any(step.step == "progress" for each in notices_of(year).notices for step in each.steps)


def test_a_year_of_it_reads_byte_for_byte_alike_from_both_databases(
    year: Pool, postgres_home: PostgresHome, tmp_path: Path
) -> None:
    other = settled(year_of_everything(postgres_home.new(), tmp_path))
    assert other.books.verify() == []
    ours, theirs = reports(year, tmp_path / "file"), reports(other, tmp_path / "server")
    assert len(ours) == 4 * 11 + 5
    assert [name for name in ours if ours[name] != theirs[name]] == []
