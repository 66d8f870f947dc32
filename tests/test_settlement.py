"""Settling the outturn: balanced entries, trued up after a correction, refused while something is open."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooledfund.control.close import close_period
from pooledfund.control.settlement import SettlementRefused, settle
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.pool import Pool
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pooledfund.results.risk_position import risk_position
from pooledfund.results.settlement import settlement_due
from pools import TOWN, csv_file, extract, pool_of, spent, state_of, total_of
from s75_rules.version import rule_set

BUDGETS = {"care": 800_000_00, "equip": 290_000_07, "rehab": 500_000_00, "beds": 135_000_00, "grant": 100_000_00}
LEADS = {"care": "council", "equip": "council", "rehab": "icb", "beds": "icb", "grant": "council", "pilot": "council"}


def spend_year(pool: Pool, folder: Path, variances: dict[str, int], name: str) -> None:
    """Every line spends its budget and these variances in pence."""
    rows = []
    for scheme, lead in LEADS.items():
        pence = (BUDGETS.get(scheme, 0) if name == "year" else 0) + variances.get(scheme, 0)
        if pence:
            text = f"{'-' * (pence < 0)}{abs(pence) // 100}.{abs(pence) % 100:02d}"
            rows.append(spent(f"{name}-{scheme}", text, scheme, "2024-03-31", partner=lead))
    if rows:
        import_actuals(pool, extract(folder, *rows, name=f"{name}.csv"))


def year_of(folder: Path, variances: dict[str, int], text: str = TOWN) -> Pool:
    pool = pool_of(folder, text)
    spend_year(pool, folder, variances, "year")
    return pool


def balances(pool: Pool) -> dict[object, int]:
    found = pool.books.balances("actual", ("account", "contribution", "partner"))
    return {key: pence for key, pence in found.items() if pence}


def test_an_overspend_draws_the_reserve_by_who_funded_it_and_is_shared(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_01})
    settled = settle(pool)
    # The reserve held 16,000: 1,000 brought forward, 10,000 from la-add, 5,000 from nhs-own.
    assert settled.due.as_json() == {
        "borne": {"council": "2000.01", "icb": "2000.00"},
        "returned": {},
        "reserves_drawn": {"risk": "16000.00"},
        "carried_forward": {},
        "returned_to_funder": {},
    }
    drawn = pool.books.entries(kind="reserve draw")[0].entry.postings
    assert [(each.contribution, each.amount_pence) for each in drawn if each.account == "reserve:risk"] == [
(None, 1_000_00), ("nhs-own", 5_000_00), ("la-add", 10_000_00),
    ]  # fmt: skip
    assert total_of(pool, "reserve:risk") == 0
    assert memorandum_account(pool, 12).not_yet_settled_pence == 0


def test_an_underspend_is_returned_and_grant_is_carried_forward(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"rehab": -5_000_00, "grant": -12_000_00})
    due = settle(pool).due.as_json()
    assert due["carried_forward"] == {"dfg": "12000.00"}
    assert sum(float(each) for each in due["returned"].values()) == 5000
    assert total_of(pool, "carried_forward") == -12_000_00
    assert memorandum_account(pool, 12).not_yet_settled_pence == 0


def test_settling_again_posts_nothing(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_01})
    settle(pool)
    before = state_of(pool)
    assert settle(pool).entries == ()
    assert state_of(pool) == before


def test_the_risk_share_reads_the_same_before_and_after_it_is_settled(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_01, "grant": -1})
    before = risk_position(pool, 12).as_json(), monitor(pool, 12).as_json()
    settle(pool)
    assert (risk_position(pool, 12).as_json(), monitor(pool, 12).as_json()) == before


variances = st.dictionaries(st.sampled_from(sorted(LEADS)), st.integers(-30_000_00, 30_000_00), max_size=4)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=variances.map(lambda found: found | {"pilot": abs(found.get("pilot", 0))}), corrections=variances)
def test_a_settlement_trued_up_leaves_what_one_settlement_of_it_all_would(
    tmp_path: Path, first: dict[str, int], corrections: dict[str, int]
) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    for folder in (once, twice):
        folder.mkdir(exist_ok=True)
    trued_up, direct = year_of(twice, first), year_of(once, first)
    settle(trued_up)
    for pool, folder in ((trued_up, twice), (direct, once)):
        spend_year(pool, folder, corrections, "late")
        settle(pool)
        assert sum(pool.books.balances("actual", ()).values()) == 0
        assert memorandum_account(pool, 12).not_yet_settled_pence == 0
        assert settlement_due(pool).nothing
        assert pool.books.verify() == []
    assert balances(trued_up) == balances(direct)
    assert memorandum_account(trued_up, 12).as_json() == memorandum_account(direct, 12).as_json()


def test_a_breach_that_was_charged_is_not_charged_again(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_00})
    header = (*JOURNALS, "kind", "reference")
    rows = [["1", "actual", "2024-03-31", "breach", account, "care", "", "icb", amount, "breach", "JCB 4"]
            for account, amount in (("debtors", "3000"), ("breach_income", "-3000"))]  # fmt: skip
    post_journals(pool, csv_file(tmp_path, "b.csv", header, *rows))
    due = settle(pool).due.as_json()
    assert due["borne"] == {"council": "500.00", "icb": "500.00"}
    assert risk_position(pool, 12).as_json()["partners"]["icb"]["overspend"] == "3500.00"  # type: ignore[index]
    assert memorandum_account(pool, 12).not_yet_settled_pence == 0


def test_what_waits_in_suspense_is_posted_first(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {})
    rows = [["1", "actual", "2024-03-31", "unknown", "suspense", "", "", "council", "26.40"],
            ["1", "actual", "2024-03-31", "unknown", "creditors", "", "", "council", "-26.40"]]  # fmt: skip
    post_journals(pool, csv_file(tmp_path, "j.csv", JOURNALS, *rows))
    before = state_of(pool)
    with pytest.raises(SettlementRefused, match=r"£26\.40 waits in suspense"):
        settle(pool)
    assert state_of(pool) == before


DECIDES = TOWN.replace("overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]", "overspend: [{decide: board}]")
DECIDED = (
    DECIDES
    + """\
decisions:
  - {clause: "7.2", side: overspend, partners: {council: 20_000}, minute: "JCB 12 item 4", decided: 2024-03-20}
"""
)


def test_what_the_board_has_not_decided_is_not_settled(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_00}, DECIDES)
    before = state_of(pool)
    with pytest.raises(SettlementRefused, match=r"£20,000\.00 of the variance is unresolved"):
        settle(pool)
    assert state_of(pool) == before


def test_a_decision_is_settled_and_stops_no_other_months_report(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_00}, DECIDED)
    for month in (1, 6):
        assert monitor(pool, month).risk.share.unresolved_overspend_pence == 0
    assert settle(pool).due.as_json()["borne"] == {"council": "20000.00"}


def test_a_decision_on_another_amount_leaves_it_unresolved(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_01}, DECIDED)
    assert monitor(pool, 12).risk.share.unresolved_overspend_pence == 20_000_01
    with pytest.raises(SettlementRefused):
        settle(pool)


def test_a_closed_year_is_not_settled(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_00})
    close_period(pool, "Q4")
    before = state_of(pool)
    with pytest.raises(InputRefused, match="M12, which is closed"):
        settle(pool)
    assert state_of(pool) == before


def test_the_event_of_a_settlement_keeps_the_result_and_the_rule_set(tmp_path: Path) -> None:
    pool = year_of(tmp_path, {"care": 20_000_01})
    result = risk_position(pool, 12).as_json()
    settle(pool)
    (event,) = pool.books.events(kind="settlement")
    assert json.loads(str(event.payload["risk_share"])) == result
    assert event.payload["rule_set"] == rule_set(pool.agreement).as_json()
