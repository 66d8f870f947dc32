"""Single rules of the risk share on small pools, each worked by hand; and what is refused."""

from typing import Any

import pytest

from ledgers.money import parse_pounds
from s75_rules import decisions, positions, standing, waterfall
from s75_rules.agreement import Agreement
from s75_rules.errors import RuleBroken
from s75_rules.positions import Breach, Position, position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from small_pool import clause, pool

Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""


LEAD = clause("1", "everything", [{"share": "lead"}], [{"return": "lead"}])


def shared(file: Texts, *breaches: Breach, **outturns: str) -> RiskShare:
    agreement = Agreement.model_validate(file)
    spent = {line: parse_pounds(text) for line, text in outturns.items()}
    return share_risk(agreement, position_from_agreement(agreement, spent, breaches))


def test_a_line_that_is_missing_spent_its_budget_and_is_named() -> None:
    found = shared(pool([LEAD]), A="2010")
    assert found.assumed_at_budget == ("B", "D")
    assert found.variance_pence == 1000


def test_one_penny_of_overspend_on_two_equal_contributions_goes_to_the_first_in_the_file() -> None:
    file = pool([clause("1", "everything", [{"share": "budget"}], [{"decide": "board"}])])
    file["schemes"]["B"]["budget"] = {"add": "700", "min": "700"}  # min stands first under contributions
    found = shared(file, B="1400.01")
    assert found.overspend_pence == {"council": 1, "icb": 0}  # one penny of share: the council stands first


def test_a_ring_fenced_part_joins_only_the_clause_the_line_belongs_to() -> None:
    everything = clause("1", "everything", [{"share": "equal"}], [{"return": "lead"}])
    later = clause("2", {"sources": ["dfg"]}, [{"share": "equal"}], [{"return": "lead"}])
    assert shared(pool([everything, later]), D="510").overspend_pence == {"council": 1000, "icb": 0}
    assert shared(pool([later, everything]), D="510").overspend_pence == {"council": 500, "icb": 500}
    by_line = clause("2", {"schemes": ["D"]}, [{"share": "equal"}], [{"return": "lead"}])
    assert shared(pool([by_line, everything]), D="510").overspend_pence == {"council": 500, "icb": 500}


def test_a_ring_fenced_part_that_joined_counts_in_the_weights_by_budget_and_another_does_not() -> None:
    steps: list[Texts] = [{"share": "budget"}]
    named = clause("2", {"schemes": ["D"]}, steps, [{"return": "budget"}])
    file = pool([named, clause("1", "everything", steps, [{"return": "budget"}])])
    file["schemes"]["D"]["lead"] = "icb"
    file["schemes"]["D"]["budget"] = {"dfg": "100", "min": "300"}
    assert shared(file, D="408").overspend_pence == {"council": 200, "icb": 600}
    assert shared(file, D="392").underspend_pence == {"council": 0, "icb": 600}  # an underspend never joins
    file["risk_share"] = file["risk_share"][1:]
    assert shared(file, D="408").overspend_pence == {"council": 0, "icb": 800}  # 200 to the lead, 600 by budget


def test_a_line_where_capital_joined_is_not_relieved_even_by_a_part_of_nil_pence() -> None:
    steps: list[Texts] = [{"offset": "agreement"}, {"share": "lead"}]
    mixed = clause("2", {"schemes": ["B"]}, steps, [{"return": "lead"}])
    file = pool([mixed, LEAD])
    file["schemes"]["B"]["budget"] = {"add": "1000", "dfg": "1"}
    found = shared(file, A="1990", B="1001.01")  # the penny falls on add, nil pence on dfg
    assert found.overspend_pence["council"] == 1
    assert found.underspend_pence["icb"] == 1000
    file["schemes"]["B"]["budget"] = {"add": "1000"}
    relieved = shared(file, A="1990", B="1000.01")
    assert relieved.overspend_pence["council"] == 0
    assert relieved.underspend_pence["icb"] == 999


def two_funds(scope: str) -> Texts:
    over: list[Texts] = [{"offset": scope}, {"share": "lead"}]
    file = pool(
        [
            clause("first", {"schemes": ["A", "X"]}, over, [{"return": "lead"}]),
            clause("rest", "everything", over, [{"return": "lead"}]),
        ]
    )
    file["funds"]["mh"] = {"name": "Mental health", "kind": "pooled", "host": "icb"}
    file["contributions"]["mh-add"] = {"partner": "icb", "fund": "mh", "source": "nhs_additional", "amount": "2000"}
    file["schemes"]["X"] = {"name": "Crisis", "fund": "mh", "lead": "icb", "budget": {"mh-add": "1000"}}
    file["schemes"]["Y"] = {"name": "Wards", "fund": "mh", "lead": "icb", "budget": {"mh-add": "1000"}}
    return file


@pytest.mark.parametrize(
    ("scope", "icb_bears", "icb_gets", "council_gets"),
    [
        ("clause", "100", "30", "50"),  # A and X are over, and nothing under their clause is unspent
        ("fund", "30", "0", "10"),  # 40 of B's 50 meets A; 30 of Y's 30 meets X, in their own funds
        ("agreement", "20", "0", "0"),  # all 80 unspent meets 80 of the 100
    ],
)
def test_an_offset_uses_the_underspends_of_its_scope(
    scope: str, icb_bears: str, icb_gets: str, council_gets: str
) -> None:
    found = shared(two_funds(scope), A="2040", X="1060", B="1450", Y="970")
    assert found.overspend_pence["icb"] == parse_pounds(icb_bears)
    assert found.underspend_pence == {"council": parse_pounds(council_gets), "icb": parse_pounds(icb_gets)}


def test_offsets_between_lines_never_touch_ring_fenced_money() -> None:
    file = pool([clause("1", "everything", [{"offset": "agreement"}, {"share": "lead"}], [{"return": "lead"}])])
    found = shared(file, A="2040", D="400")
    assert found.overspend_pence["icb"] == 4000
    assert found.carried_forward_pence == {"dfg": 10000}


def test_a_ring_fenced_underspend_goes_back_to_its_payer_where_the_contribution_says_so() -> None:
    file = pool([LEAD])
    file["contributions"]["dfg"]["unspent"] = "return_to_payer"
    found = shared(file, D="400")
    assert (found.carried_forward_pence, found.returned_to_funder_pence) == ({}, {"dfg": 10000})


def test_a_reserve_is_drawn_to_its_balance_or_its_limit_and_fed_by_underspends() -> None:
    steps: list[Texts] = [{"reserve": "risk", "up_to": "1%"}, {"share": "lead"}]
    feeding = clause("1", "everything", steps, [{"retain": "risk"}])
    assert shared(pool([feeding]), A="2500").reserves_pence == {"risk": -4000}  # 1% of 4,000
    assert shared(pool([feeding]), A="1990").reserves_pence == {"risk": 1000}


def test_a_limit_in_percent_is_rounded_half_up_on_the_whole_budget_of_its_lines() -> None:
    steps: list[Texts] = [{"share": "host", "up_to": "0.5%"}, {"decide": "board"}]
    file = pool([clause("2", {"schemes": ["B"]}, steps, [{"decide": "board"}]), LEAD])
    file["schemes"]["B"]["budget"] = {"add": "500", "dfg": "1"}
    found = shared(file, B="600")
    assert found.overspend_pence["council"] == 251  # half of one percent of 501.00 is 2.505


def test_caps_are_used_up_group_by_group_and_the_excess_stays_where_it_was() -> None:
    steps: list[Texts] = [{"share": "budget", "caps": {"icb": "30"}}, {"share": "lead"}]
    found = shared(pool([clause("1", "everything", steps, [{"return": "lead"}])]), A="2020", B="1560")
    # A first: the ICB funds it all and bears 20. B: council two thirds, 40; the ICB's 20 has room for 10.
    assert found.borne_by_line == {("A", "icb"): 2000, ("B", "council"): 5000, ("B", "icb"): 1000}


def test_lines_with_equal_weights_are_shared_as_one_sum() -> None:
    file = pool([clause("1", "everything", [{"share": {"council": "50", "icb": "50"}}], [{"return": "lead"}])])
    found = shared(file, A="2000.01", B="1500.01")
    assert found.overspend_pence == {"council": 1, "icb": 1}  # two pennies halved, not one penny twice


def test_a_maximum_liability_holds_over_all_steps_and_its_excess_goes_where_the_clause_says() -> None:
    steps: list[Texts] = [{"share": "equal", "up_to": "40"}, {"share": "equal"}]
    bound: Texts = {"max_liability": {"icb": "30"}}
    left = shared(pool([clause("1", "everything", steps, [{"return": "lead"}], **bound)]), A="2100")
    assert (left.overspend_pence["icb"], left.unresolved_overspend_pence) == (3000, 2000)
    given = shared(
        pool([clause("1", "everything", steps, [{"return": "lead"}], **bound, excess_to="council")]), A="2100"
    )
    assert given.overspend_pence == {"council": 7000, "icb": 3000}


def test_where_no_partner_has_a_weight_the_line_s_lead_has_them() -> None:
    file = pool([clause("2", {"sources": ["dfg"]}, [{"share": "contribution"}], [{"return": "lead"}]), LEAD])
    file["contributions"] = {"dfg": file["contributions"]["dfg"]}
    file["schemes"] = {"D": file["schemes"]["D"]}
    found = shared(file, D="510")
    assert found.overspend_pence == {"council": 1000, "icb": 0}
    assert "no partner has a weight" in found.trace[-1].because


def test_a_district_shares_only_where_it_signs() -> None:
    file = pool([clause("1", "everything", [{"share": "equal"}], [{"return": "equal"}])])
    file["partners"]["dc"] = {"name": "Hill District Council", "kind": "district"}
    assert shared(file, A="2090").overspend_pence == {"council": 4500, "icb": 4500, "dc": 0}
    file["partners"]["dc"]["signatory"] = "true"
    assert shared(file, A="2090").overspend_pence == {"council": 3000, "icb": 3000, "dc": 3000}


def test_money_that_is_not_pooled_stays_with_those_that_fund_the_line() -> None:
    file = pool([LEAD])
    file["funds"]["own"] = {"name": "Aligned budgets", "kind": "aligned", "host": "council"}
    file["contributions"]["a1"] = {"partner": "icb", "fund": "own", "source": "nhs_additional", "amount": "300"}
    file["contributions"]["a2"] = {"partner": "council", "fund": "own", "source": "ibcf", "amount": "100"}
    file["schemes"]["AL"] = {"name": "Aligned", "fund": "own", "lead": "council", "budget": {"a1": "300", "a2": "100"}}
    file["schemes"]["AN"] = {"name": "No money yet", "fund": "own", "lead": "icb"}
    over = shared(file, Breach("AL", "icb", 4000), AL="480", AN="5")
    assert over.overspend_pence == {"council": 1000, "icb": 4000 + 3000 + 500}
    under = shared(file, AL="360")
    assert (under.underspend_pence, under.carried_forward_pence) == ({"council": 1000, "icb": 3000}, {})


def test_a_line_without_budget_is_overspend_from_its_first_penny_and_a_credit_goes_to_its_lead() -> None:
    file = pool([LEAD])
    file["schemes"]["N"] = {"name": "New", "fund": "bcf", "lead": "icb", "budget": {"min": "0"}}
    assert shared(file, N="7.50").overspend_pence["icb"] == 750
    agreement = Agreement.model_validate(file)
    credit = share_risk(agreement, position_from_agreement(agreement, {"N": -750}))
    assert credit.underspend_pence["icb"] == 750


def test_carried_forward_underspends_follow_the_free_contributions_of_the_line() -> None:
    file = pool([clause("1", "everything", [{"share": "lead"}], [{"carry_forward": "true"}])])
    assert shared(file, B="1497").carried_forward_pence == {"min": 100, "add": 200}


# What is refused


def decided(side: str = "overspend", clause: str = "1", **amounts: str) -> Texts:
    return {"clause": clause, "side": side, "partners": amounts, "minute": "JCB 4", "decided": "2016-12-06"}


OPEN = clause("1", "everything", [{"decide": "board"}], [{"decide": "board"}])


@pytest.mark.parametrize(
    ("recorded", "refusal"),
    [
        ([decided(clause="9", icb="10")], decisions.DecisionOnUnknownClause),
        ([decided(icb="0")], decisions.DecisionIsNil),
        ([decided(icb="9.99")], decisions.DecisionDiffers),
        ([decided(icb="10"), decided(council="10")], decisions.DecisionRepeated),
        ([decided(side="underspend", icb="10")], decisions.DecisionDiffers),
        ([decided(trust="10")], decisions.DecisionForUnknownPartner),
    ],
)
def test_a_decision_that_does_not_settle_what_is_open_is_refused(
    recorded: list[Texts], refusal: type[RuleBroken]
) -> None:
    file = {**pool([OPEN]), "decisions": recorded}
    with pytest.raises(refusal):
        shared(file, A="2010")


def test_a_decision_settles_what_the_clause_left_to_the_board() -> None:
    file = {**pool([OPEN]), "decisions": [decided(icb="4", council="6")]}
    found = shared(file, A="2010")
    assert found.overspend_pence == {"council": 600, "icb": 400}
    assert found.unresolved_overspend_pence == 0
    assert "6 December 2016 (minute JCB 4)" in found.trace[-1].because


@pytest.mark.parametrize(
    ("breach", "refusal"),
    [
        (Breach("A", "icb", 0), positions.BreachAmountWrong),
        (Breach("A", "icb", 201001), positions.BreachAmountWrong),
        (Breach("Z", "icb", 1), positions.UnknownLine),
        (Breach("A", "trust", 1), positions.UnknownBreachPartner),
    ],
)
def test_a_breach_that_cannot_be_is_refused(breach: Breach, refusal: type[RuleBroken]) -> None:
    with pytest.raises(refusal):
        shared(pool([LEAD]), breach, A="2010")


def test_an_outturn_of_an_unknown_line_is_refused() -> None:
    with pytest.raises(positions.UnknownLine, match="'Z' is no scheme line"):
        shared(pool([LEAD]), Z="1")


def test_a_pooled_line_under_no_clause_is_refused() -> None:
    with pytest.raises(standing.LineNotCovered, match="no clause covers line B"):
        shared(pool([clause("1", {"schemes": ["A"]}, [{"share": "lead"}], [{"return": "lead"}])]), A="2010")


def test_a_clause_that_can_leave_a_penny_is_refused_even_when_this_outturn_would_not() -> None:
    steps: list[Texts] = [{"share": "lead", "up_to": "100"}]
    with pytest.raises(waterfall.ClauseLeavesMoney):
        shared(pool([clause("1", "everything", steps, [{"return": "lead"}])]), A="2010")


def test_a_reserve_outside_the_pool_is_neither_drawn_nor_fed() -> None:
    over: list[Texts] = [{"reserve": "risk"}, {"share": "lead"}]
    file = pool([clause("1", "everything", over, [{"return": "lead"}])])
    file["reserves"]["risk"]["held"] = "outside_pool"
    with pytest.raises(waterfall.ReserveHeldOutside):
        shared(file, A="2010")


def test_a_budget_or_contribution_that_is_a_range_is_not_taken_for_nil() -> None:
    file = pool([clause("1", "everything", [{"share": "contribution"}], [{"return": "lead"}])])
    file["schemes"]["A"]["budget"] = {"min": "1_000 to 2_000"}
    with pytest.raises(positions.BudgetNotExact):
        shared(file, A="2010")


def test_what_cannot_be_weighed_waits_unresolved() -> None:
    file = pool([clause("1", "everything", [{"share": "contribution"}], [{"return": "contribution"}])])
    file["contributions"]["min"]["amount"] = "to be confirmed"
    over = shared(file, B="1600")
    assert over.unresolved_overspend_pence == over.variance_pence > 0
    assert any("min is not an exact amount" in each.because for each in over.trace)
    under = shared(file, B="1000")
    assert under.unresolved_underspend_pence == -under.variance_pence > 0


def test_current_budgets_stand_in_for_the_agreed_ones() -> None:
    agreement = Agreement.model_validate(pool([LEAD]))
    moved = {("A", "min"): 190000, ("B", "min"): 60000, ("B", "add"): 100000, ("D", "dfg"): 50000}
    found = share_risk(agreement, Position(moved, {}, {"A": 200000}))
    assert found.overspend_pence["icb"] == 10000
