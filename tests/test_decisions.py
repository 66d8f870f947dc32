"""Decisions of boards, disputes and containment in the books: recorded, read as of an event, and refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledgers.money import parse_pounds
from pooledfund import chart
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.control.decisions import (
    Containment,
    ContainmentRefused,
    DecisionRefused,
    DisputeRefused,
    LiftRefused,
    contain,
    lift_limit,
    record_decision,
    record_dispute,
    resolve_dispute,
)
from pooledfund.control.settlement import SettlementRefused, settle
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.commitments import Commitment, raise_commitment
from pooledfund.intake.forecasts import enter_forecast
from pooledfund.pool import Pool
from pooledfund.results.lines import lines_at
from pooledfund.results.minutes import since_last_meeting
from pooledfund.results.risk_position import position_to_date, risk_position
from pools import DB, TOWN, as_actor, extract, pool_of, spent, state_of, total_of
from s75_rules.clause_records import AgreedBeforehand, Dispute
from s75_rules.clauses import Decision
from s75_rules.decisions import DecisionDiffers

OPEN = TOWN.replace("overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]", "overspend: [decide: board]")
CAPPED = TOWN.replace(
    "{share: {council: 50, icb: 50}}",
    "{share: {council: 50, icb: 50}, caps: {icb: 500}, unless_agreed: true}, {share: lead}",
)
LETTERS = AgreedBeforehand(
    clause="7.2",
    step=2,
    partner="icb",
    up_to=1_500_00,
    agreed_by=("council", "icb"),
    agreed=date(2023, 5, 1),
    spent_from=date(2023, 6, 1),
    reference="letters of May",
)
YEAR_END = date(2024, 4, 20)


def overspent(folder: Path, text: str) -> Pool:
    """Every line spends its budget by the year's end, care 20,000.01 more."""
    pool = pool_of(folder, text)
    rows = [
        spent(line, amount, line, "2024-03-31", partner=partner)
        for line, amount, partner in (
            ("care", "820000.01", "council"),
            ("equip", "290000.07", "council"),
            ("rehab", "500000", "icb"),
            ("beds", "135000", "icb"),
            ("grant", "100000", "council"),
        )
    ]
    import_actuals(pool, extract(folder, *rows))
    return pool


def decided(**pounds: str) -> Decision:
    amounts = {name: parse_pounds(text) for name, text in pounds.items()}
    return Decision(clause="7.2", side="overspend", partners=amounts, minute="JCB 4", decided=YEAR_END)


CONTESTED = Dispute(clause="7.2", side="overspend", partner="icb", reason="the packages", raised=YEAR_END)


def test_a_decision_in_the_books_places_what_was_open_and_is_settled(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    assert risk_position(pool, 12).share.unresolved_overspend_pence == 20_000_01
    with pytest.raises(SettlementRefused, match="pooledfund decide"):
        settle(pool)
    before = pool.books.head().number
    record_decision(pool, decided(council="15_000.01", icb="5_000"), 12)
    share = risk_position(pool, 12).share
    assert share.overspend_pence == {"council": 15_000_01, "icb": 5_000_00}
    assert "20 April 2024 (minute JCB 4)" in share.trace[-1].because
    assert risk_position(pool, 12, before).share.unresolved_overspend_pence == 20_000_01
    settle(pool)
    assert total_of(pool, chart.RISK_SHARE_INCOME) == -20_000_01


def test_a_later_decision_on_the_same_side_stands_for_the_earlier_one(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    record_decision(pool, decided(council="20_000.01"), 12)
    record_decision(pool, decided(icb="20_000.01"), 12)
    assert risk_position(pool, 12).share.overspend_pence == {"council": 0, "icb": 20_000_01}


def test_a_decision_on_another_amount_than_is_open_is_refused_and_nothing_is_recorded(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    before = state_of(pool)
    with pytest.raises(DecisionDiffers, match=r"left £20,000.01 unresolved"):
        record_decision(pool, decided(council="20_000"), 12)
    with pytest.raises(DecisionRefused) as refusal:
        record_decision(
            pool, decided(icb="20_000.01").model_copy(update={"minute": " ", "decided": date(2199, 1, 1)}), 12
        )
    assert "minute" in str(refusal.value)
    assert "still to come" in str(refusal.value)
    assert state_of(pool) == before


def test_what_is_in_dispute_is_seen_and_not_settled_until_it_is_resolved(tmp_path: Path) -> None:
    pool = overspent(tmp_path, TOWN)
    share = risk_position(pool, 12).share
    record_dispute(pool, CONTESTED.model_copy(update={"amount": 500_00}))
    disputed = risk_position(pool, 12).share
    assert disputed.disputed_overspend_pence == {"icb": 500_00}
    assert disputed.overspend_pence["icb"] == share.overspend_pence["icb"] - 500_00
    assert disputed.as_json()["disputed"] == {"overspend": {"icb": "500.00"}, "underspend": {}}
    with pytest.raises(SettlementRefused, match="is in dispute: resolve it first"):
        settle(pool)
    settle(pool, without_disputed=True)
    assert total_of(pool, chart.RISK_SHARE_INCOME) == -sum(share.overspend_pence.values()) + 500_00
    resolve_dispute(pool, "7.2", "overspend", "icb", "JCB 9", YEAR_END)
    assert risk_position(pool, 12).share.as_json() == share.as_json()
    settle(pool)
    assert total_of(pool, chart.RISK_SHARE_INCOME) == -sum(share.overspend_pence.values())


def test_a_finance_lead_disputes_for_its_own_partner_only(tmp_path: Path) -> None:
    pool = overspent(tmp_path, TOWN)
    with pytest.raises(NotAllowed, match="only of their own partner"):
        record_dispute(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council"), CONTESTED)
    record_dispute(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb"), CONTESTED)
    assert "some partner_finance_lead" in {event.who for event in pool.books.events(kind="dispute recorded")}


def test_a_dispute_that_says_too_little_is_refused_with_every_reason(tmp_path: Path) -> None:
    pool = overspent(tmp_path, TOWN)
    with pytest.raises(DisputeRefused) as refusal:
        record_dispute(pool, Dispute(clause="9", side="overspend", partner="icb", amount=0, reason="", raised=YEAR_END))
    assert len(str(refusal.value).splitlines()) == 3
    record_dispute(pool, CONTESTED)
    with pytest.raises(DisputeRefused, match="resolve it first"):
        record_dispute(pool, CONTESTED)
    with pytest.raises(DisputeRefused, match="council disputes no overspend"):
        resolve_dispute(pool, "7.2", "overspend", "council", "JCB 9", YEAR_END)


@pytest.mark.parametrize("on", [date(2023, 3, 31), date(2199, 1, 1)])
def test_a_day_outside_what_it_is_about_is_refused(tmp_path: Path, on: date) -> None:
    pool = overspent(tmp_path, OPEN)
    record_dispute(pool, CONTESTED)
    before = state_of(pool)
    with pytest.raises(DecisionRefused, match="the day of the decision"):
        record_decision(pool, decided(icb="20_000.01").model_copy(update={"decided": on}), 12)
    with pytest.raises(DisputeRefused, match="the day the dispute was raised"):
        record_dispute(pool, CONTESTED.model_copy(update={"partner": "council", "raised": on}))
    with pytest.raises(DisputeRefused, match="the day of the resolution"):
        resolve_dispute(pool, "7.2", "overspend", "icb", "JCB 9", on)
    with pytest.raises(ContainmentRefused, match="the day of the containment"):
        contain(pool, Containment("equip", 1_00, 3, "JCB 6", on))
    assert state_of(pool) == before


def test_a_cut_after_the_year_and_a_resolution_before_the_dispute_are_refused(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    record_dispute(pool, CONTESTED)
    with pytest.raises(ContainmentRefused, match="2024-04-01 is after 2023/24"):
        contain(pool, Containment("equip", 1_00, 3, "JCB 6", date(2024, 4, 1)))
    with pytest.raises(DisputeRefused, match="raised on 2024-04-20, after 2024-04-19"):
        resolve_dispute(pool, "7.2", "overspend", "icb", "JCB 9", date(2024, 4, 19))


def test_what_a_dispute_holds_back_and_who_does_not_sign_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hill = "  hill: {name: Hill District Council, kind: district}\nfunds:"
    overspent(tmp_path, OPEN.replace("funds:", hill, 1))
    call = ["--db", str(tmp_path / DB), "--clause", "7.2", "--date", "2024-04-20"]
    assert main(["dispute", *call, "--of", "icb", "--reason", "the packages"]) == 0
    assert "at M12 the clause gives it nothing yet." in capsys.readouterr().out
    assert main(["decide", *call, "--minute", "JCB 4", "--share", "icb=15000", "--share", "hill=5000.01"]) == 0
    assert "hill bears a part and does not sign the agreement" in capsys.readouterr().err
    assert main(["dispute", *call, "--of", "hill", "--reason", "not asked"]) == 0
    assert "at M12 £5,000.01 is held back." in capsys.readouterr().out


def test_a_limit_lifted_before_the_spend_is_lifted_in_the_books(tmp_path: Path) -> None:
    pool = overspent(tmp_path, CAPPED)
    before, opened = risk_position(pool, 12).share, pool.books.head().number
    lift_limit(pool, LETTERS)
    after = risk_position(pool, 12).share
    assert (before.overspend_pence["icb"], after.overspend_pence["icb"]) == (500_00, 1_500_00)
    assert sum(after.overspend_pence.values()) == sum(before.overspend_pence.values())
    assert any("agreed on 1 May 2023, before the spend from 1 June 2023" in step.because for step in after.trace)
    assert risk_position(pool, 12, opened).share.overspend_pence == before.overspend_pence
    lift_limit(pool, LETTERS.model_copy(update={"up_to": 600_00}))
    assert risk_position(pool, 12).share.overspend_pence["icb"] == 600_00
    settle(pool)
    assert -pool.books.balances("actual", ("account", "partner"))[chart.RISK_SHARE_INCOME, "icb"] == 600_00


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agreed": date(2023, 6, 1)}, "the limit stands"),
        ({"agreed_by": ("icb",)}, "the finance lead of council has not agreed"),
        ({"agreed_by": ("icb", "nobody")}, "'nobody' is not a partner"),
        ({"step": 3}, "has no limit in overspend step 3 for icb"),
        ({"step": None}, "has no limit as a maximum liability for icb"),
        ({"up_to": 500_00}, "the new limit is not above the old one"),
        ({"clause": "9"}, "'9' is not a clause"),
        ({"reference": " "}, "give its reference"),
        ({"agreed": date(2199, 1, 1), "spent_from": date(2199, 2, 1)}, "still to come"),
    ],
)
def test_a_limit_that_was_not_lifted_by_the_rules_stands(tmp_path: Path, wrong: dict[str, object], said: str) -> None:
    pool = pool_of(tmp_path, CAPPED)
    before = state_of(pool)
    with pytest.raises(LiftRefused, match=said):
        lift_limit(pool, LETTERS.model_copy(update=wrong))
    assert state_of(pool) == before


def test_a_containment_decision_cuts_the_forecast_that_is_not_yet_spent(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("a", "280000", "equip", "2023-06-30", partner="council")))
    cut = Containment("equip", 5_000_00, 3, "JCB 6", date(2023, 7, 3))
    before = lines_at(pool, 3)["equip"].forecast_pence
    contain(pool, cut)
    line = lines_at(pool, 3)["equip"]
    assert line.forecast_pence == before - 5_000_00
    assert line.basis == "entered"
    (event,) = pool.books.events(kind="containment decided")
    assert event.payload["minute"] == "JCB 6"
    with pytest.raises(ContainmentRefused, match="forecast and not spent"):
        contain(pool, replace(cut, amount_pence=line.forecast_pence))


def test_a_containment_leaves_what_the_line_has_committed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    line = lines_at(pool, 3)["equip"]
    free = line.forecast_pence - line.actual_pence
    raise_commitment(pool, Commitment("equip", "PO-118", free - 1_000_00, date(2023, 4, 5)))
    cut = Containment("equip", 1_000_01, 3, "JCB 6", date(2023, 7, 3))
    before = state_of(pool)
    with pytest.raises(ContainmentRefused, match=r"£1,000\.00 forecast and not spent beside £.* that is committed"):
        contain(pool, cut)
    assert state_of(pool) == before
    contain(pool, replace(cut, amount_pence=1_000_00))
    assert lines_at(pool, 3)["equip"].forecast_pence == line.forecast_pence - 1_000_00


def test_a_containment_goes_by_the_rule_for_management_action_where_the_agreement_has_one(tmp_path: Path) -> None:
    told_apart = "underspend: [{return: lead, of: management_action}, {retain: risk}]"
    pool = pool_of(tmp_path, TOWN.replace("underspend: [{return: contribution}]", told_apart))
    before = pool.books.head().number
    contain(pool, Containment("rehab", 5_000_00, 3, "JCB 6", date(2023, 7, 3)))
    enter_forecast(pool, "M4", "rehab", "493000")
    assert risk_position(pool, 3).share.underspend_pence == {"council": 0, "icb": 5_000_00}
    share = risk_position(pool, 4).share  # 5,000 of the 7,000 on the line was decided; all the rest is windfall
    assert share.underspend_pence == {"council": 0, "icb": 5_000_00}
    ringed = sum(share.carried_forward_pence.values())
    assert share.reserves_pence == {"risk": -share.variance_pence - 5_000_00 - ringed}
    assert risk_position(pool, 2).position.contained == risk_position(pool, 3, before).position.contained == {}
    assert position_to_date(pool, 3).position.contained == {}
    assert sum(position_to_date(pool, 4).position.contained["rehab"]) == 5_000_00


def test_the_commands_record_and_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = overspent(tmp_path, OPEN)
    books = ["--db", str(tmp_path / DB)]
    clause = ["--clause", "7.2", "--date", "2024-04-20"]
    assert main(["decide", *books, *clause, "--share", "council=20000", "--minute", "JCB 4"]) == 2
    assert "decide exactly that amount" in capsys.readouterr().err
    assert main(["decide", *books, *clause, "--share", "council=x", "--share", "icb=-1", "--minute", "JCB 4"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert main(["decide", *books, *clause, "--share", "council=20000.01", "--minute", "JCB 4"]) == 0
    assert main(["dispute", *books, *clause, "--of", "council", "--reason", "the packages"]) == 0
    assert main(["explain", "risk-share", "--partner", "council", *books]) == 0
    told = capsys.readouterr().out
    assert "£20,000.01 is in dispute and not settled" in told
    assert "Clause 7.2, on every pooled line. Overspend: decided by the board." in told
    assert "The board decided on 20 April 2024 (minute JCB 4)" in told
    assert main(["explain", "line", "care", *books, "--json"]) == 0
    assert "Spend to date of £820,000.01 in 1 entry:" in capsys.readouterr().out
    assert main(["explain", "line", "nowhere", *books]) == 2
    assert pool.books.verify() == []


def test_the_command_lifts_a_limit_and_the_minutes_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = pool_of(tmp_path, CAPPED)
    lift = ["lift-limit", "--db", str(tmp_path / DB), "--clause", "7.2", "--step", "2", "--of", "icb"]
    lift += ["--agreed-by", "council", "--agreed-by", "icb", "--spent-from", "2023-06-01", "--reference", "letters"]
    assert main([*lift, "--date", "2023-06-01"]) == 2
    assert "not before the spend from 2023-06-01: the limit stands, unless --date or" in capsys.readouterr().err
    assert main([*lift, "--date", "2023-05-01", "--step", "9"]) == 2
    assert "name with --step and --of a cap that may be lifted" in capsys.readouterr().err
    assert main([*lift, "--date", "2023-05-01", "--step", "0"]) == 2
    assert main([*lift, "--date", "2023-05-01", "--up-to", "-1"]) == 2
    assert main([*lift, "--date", "2023-05-01"]) == 0
    assert "icb may bear without a limit under clause '7.2', letters." in capsys.readouterr().out
    said = [each.said for each in since_last_meeting(pool).since]
    assert said == ["icb may bear without a limit under clause '7.2', agreed before the spend."]
