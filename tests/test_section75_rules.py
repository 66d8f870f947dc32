"""One test for each rule of who bears an overspend (R1 to R11) and who keeps an underspend (U1 to U8), by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from ledgers.money import parse_pounds
from s75_rules.agreement import Agreement
from s75_rules.clause_words import sentence_of
from s75_rules.positions import Breach, position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from s75_rules.waterfall import ClauseLeavesMoney
from small_pool import clause, pool

Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""
BACK: list[Texts] = [{"return": "lead"}]
LEAD: list[Texts] = [{"share": "lead"}]
HALVES: Texts = {"council": "50", "icb": "50"}


def shared(
    file: Texts,
    *breaches: Breach,
    months: Mapping[str, tuple[int, ...]] | None = None,
    contained: Mapping[str, tuple[int, ...]] | None = None,
    **spent: str,
) -> RiskShare:
    agreement = Agreement.model_validate(file)
    outturns = {line: parse_pounds(text) for line, text in spent.items()}
    position = position_from_agreement(agreement, outturns, breaches)
    return share_risk(agreement, replace(position, movements=months or {}, contained=contained or {}))


def over(steps: list[Texts], **more: object) -> Texts:
    return pool([clause("1", "everything", steps, BACK, **more)])


def under(steps: list[Texts], **more: object) -> Texts:
    return pool([clause("1", "everything", LEAD, steps, **more)])


def borne(found: RiskShare) -> tuple[int, int]:
    return found.overspend_pence["council"], found.overspend_pence["icb"]


def got(found: RiskShare) -> tuple[int, int]:
    return found.underspend_pence["council"], found.underspend_pence["icb"]


def test_r1_each_organisation_bears_the_lines_it_leads() -> None:
    assert borne(shared(over(LEAD), A="2010", B="1530")) == (3000, 1000)


def test_r2_the_variance_is_borne_in_proportion_to_contributions() -> None:
    assert borne(shared(over([{"share": "contribution"}]), A="2040")) == (1000, 3000)  # 1,000 and 3,000 paid in


def test_r3_a_fixed_share_holds_whatever_was_paid_in() -> None:
    assert borne(shared(over([{"share": HALVES}]), A="2040")) == (2000, 2000)


def test_r4_a_fixed_line_is_its_host_s_and_a_variable_line_is_shared() -> None:
    fixed = clause("fixed", {"schemes": ["A"]}, [{"share": "host"}], [{"return": "host"}])
    variable = clause("variable", "everything", [{"share": HALVES}], BACK)
    assert borne(shared(pool([fixed, variable]), A="2010", B="1520")) == (1000 + 1000, 1000)


def test_r5_a_line_is_borne_in_the_proportions_in_which_it_is_commissioned() -> None:
    file = over([{"share": "commissioner"}])
    file["schemes"]["B"]["commissioner"] = {"nhs": "25", "la": "75"}
    assert borne(shared(file, A="2010", B="1540")) == (3000, 1000 + 1000)  # A is the ICB's by its lead


def test_r6_underspends_come_first() -> None:
    found = shared(over([{"offset": "fund"}, *LEAD]), A="2040", B="1470")
    assert borne(found) == (0, 1000)
    assert got(found) == (0, 0)


def test_r7_the_reserve_comes_next() -> None:
    found = shared(over([{"offset": "fund"}, {"reserve": "risk"}, *LEAD]), A="2150", B="1470")
    assert found.reserves_pence == {"risk": -10000}
    assert borne(found) == (0, 2000)


def test_r8_a_cap_limits_a_partner_unless_the_finance_leads_agreed_before_the_spend() -> None:
    step: Texts = {"share": HALVES, "caps": {"council": "10"}, "unless_agreed": "true"}
    file = over([step, {"share": {"icb": "100"}}])
    assert borne(shared(file, A="2100")) == (1000, 9000)
    agreed: Texts = {"clause": "1", "step": "1", "partner": "council", "agreed_by": ["council", "icb"]}
    agreed |= {"agreed": "2016-05-01", "spent_from": "2016-06-01", "reference": "letters", "up_to": "30"}
    found = shared({**file, "agreed_beforehand": [agreed]}, A="2100")
    assert borne(found) == (3000, 7000)
    assert "agreed on 1 May 2016, before the spend from 1 June 2016" in found.trace[0].because
    del agreed["up_to"]
    assert borne(shared({**file, "agreed_beforehand": [agreed]}, A="2100")) == (5000, 5000)


def test_r8_bands_go_by_one_basis_and_then_by_another() -> None:
    bands: list[Texts] = [{"share": "lead", "up_to": "1%"}, {"share": HALVES, "up_to": "100"}, {"decide": "board"}]
    found = shared(over(bands), A="2240")  # 1% of 4,000 is 40
    assert borne(found) == (5000, 4000 + 5000)
    assert found.unresolved_overspend_pence == 10000


def test_r9_a_breach_is_borne_by_the_partner_that_made_it() -> None:
    assert borne(shared(over([{"share": "host"}]), Breach("A", "icb", 3000), A="2040")) == (1000, 3000)


def test_r10_the_board_apportions_as_is_just_and_equitable() -> None:
    file = over([{"decide": "board", "otherwise": HALVES}])
    assert borne(shared(file, A="2010")) == (500, 500)  # until it has
    decision = {"clause": "1", "side": "overspend", "partners": {"icb": "10"}, "minute": "JCB", "decided": "2016-12-06"}
    assert borne(shared({**file, "decisions": [decision]}, A="2010")) == (0, 1000)
    open_file = over([{"decide": "board"}])
    assert shared(open_file, A="2010").unresolved_overspend_pence == 1000


def withdrawn(then: str, **more: object) -> Texts:
    notice = {"partner": "icb", "what": "suspends", "from": "2016-10-01", "then": then, "reference": "letter", **more}
    return {**over([{"share": HALVES}]), "withdrawals": [notice]}


def test_r11_a_risk_share_suspended_from_a_month_on_holds_for_what_arose_before_it() -> None:
    arose = {"A": (0, 0, 4000, 0, 0, 0, 0, 8000, 0, 0, 0, 0)}
    held = shared(withdrawn("disputed"), months=arose, A="2120")
    assert borne(held) == (2000 + 4000, 2000)
    assert held.disputed_overspend_pence == {"icb": 4000}
    assert borne(shared(withdrawn("others"), months=arose, A="2120")) == (2000 + 8000, 2000)
    ended = shared(withdrawn("disputed", to="2016-10-31"), months=arose, A="2120")
    assert borne(ended) == (6000, 6000)


def test_r11_without_months_the_variance_is_taken_to_arise_evenly_and_the_answer_says_so() -> None:
    found = shared(withdrawn("disputed"), A="2120")
    assert found.disputed_overspend_pence == {"icb": 3000}
    assert found.assumed_evenly == ("A",)
    assert found.as_json()["assumed_evenly_over_the_year"] == ["A"]


def test_r11_a_dated_clause_stands_before_the_undated_one_for_what_arose_in_its_months() -> None:
    later = clause(
        "2", "everything", [{"share": {"icb": "100"}}], [{"return": {"icb": "100"}}], **{"from": "2016-10-01"}
    )
    file = pool([clause("1", "everything", LEAD, BACK), later])
    found = shared(file, months={"B": (0, 0, 0, 0, 0, 3000, -1000, 0, 0, 0, 0, 0)}, B="1520")
    assert borne(found) == (3000, 0)
    assert got(found) == (0, 1000)  # the half-year after went under, and is told apart


def test_r11_a_ring_is_measured_over_the_year_where_no_clause_takes_it_in() -> None:
    later = clause("2", "everything", LEAD, BACK, **{"from": "2016-10-01"})
    file = pool([clause("1", "everything", LEAD, BACK), later])
    found = shared(file, months={"D": (3000, *[0] * 10, -4000)}, D="490")
    assert borne(found) == (0, 0)
    assert found.carried_forward_pence == {"dfg": 1000}


def test_u1_an_underspend_is_kept_as_contingency() -> None:
    found = shared(under([{"retain": "risk"}]), A="1990")
    assert (found.reserves_pence, got(found)) == ({"risk": 1000}, (0, 0))


def test_u2_the_lead_keeps_it_unless_the_board_decides_otherwise() -> None:
    file = under([{"decide": "board", "otherwise": "lead"}])
    assert got(shared(file, A="1990")) == (0, 1000)
    decision = {"clause": "1", "side": "underspend", "minute": "HWB 3", "decided": "2017-05-02"}
    assert got(shared({**file, "decisions": [{**decision, "partners": {"council": "10"}}]}, A="1990")) == (1000, 0)


def test_u3_each_partner_has_its_own_contribution_s_underspend() -> None:
    assert got(shared(under([{"return": "budget"}]), B="1470")) == (2000, 1000)
    assert shared(under([{"carry_forward": "true"}]), B="1470").carried_forward_pence == {"min": 1000, "add": 2000}


def test_u4_it_supports_overspends_and_what_is_left_stays_for_new_schemes() -> None:
    file = pool([clause("1", "everything", [{"offset": "agreement"}, *LEAD], [{"retain": "risk"}])])
    found = shared(file, A="2010", B="1470")
    assert borne(found) == (0, 0)
    assert found.reserves_pence == {"risk": 2000}


def test_u5_it_is_kept_for_non_recurrent_use_only() -> None:
    found = shared(under([{"retain": "risk", "non_recurrent": "true"}]), A="1990")
    assert found.reserves_pence == {"risk": 1000}
    assert found.trace[-1].because.endswith("is retained in reserve risk, for non-recurrent use only.")


def test_u6_it_is_returned_as_it_was_paid_in_or_as_a_loss_is_shared() -> None:
    assert got(shared(under([{"return": "contribution"}]), A="1960")) == (1000, 3000)
    same = pool([clause("1", "everything", [{"share": HALVES}], [{"return": "same_as_overspend"}])])
    assert got(shared(same, A="1960")) == (2000, 2000)


def test_u6_one_partner_gains_only_after_the_others_had_their_reduction() -> None:
    file = under([{"return": {"icb": "100"}, "caps": {"icb": "30"}}, {"return": "contribution"}])
    assert got(shared(file, A="1980")) == (0, 2000)
    assert got(shared(file, A="1930")) == (1000, 3000 + 3000)


ACTION = {"of": "management_action"}
LEAD_BY_ACTION: list[Texts] = [{"return": "lead", **ACTION}, {"retain": "risk"}]


def cut(pence: int, month: int = 6) -> tuple[int, ...]:
    """A containment decision of a month, by month."""
    return tuple(pence if each == month else 0 for each in range(1, 13))


def test_u6_what_came_from_management_action_goes_by_one_rule_and_the_windfall_by_another() -> None:
    found = shared(under(LEAD_BY_ACTION), contained={"A": cut(1200), "B": cut(9000)}, A="1980", B="1470")
    # A is 20.00 under, of which 12.00 was cut; B is 30.00 under and its cut of 90.00 counts no further than that.
    assert got(found) == (3000, 1200)
    assert found.reserves_pence == {"risk": 800}
    told, *_, kept = [row.because for row in found.trace]
    assert told == (
        "Clause '1' tells an underspend that came from management action from a windfall. Of the £50.00 left on lines A"
        " £20.00 and B £30.00, the containment decisions recorded on each line count as management action, at most what"
        " is left there: £42.00 on lines A £12.00 and B £30.00. The rest, £8.00, is windfall."
    )
    assert "£12.00 of underspend from management action on line A (Teams)" in found.trace[1].because
    assert "£8.00 of underspend on line A (Teams) is retained" in kept


def test_u6_without_a_containment_decision_all_is_windfall_and_it_says_so() -> None:
    found = shared(under(LEAD_BY_ACTION), A="1980")
    assert (got(found), found.reserves_pence) == ((0, 0), {"risk": 2000})
    assert "all of the £20.00 left is windfall" in found.trace[0].because


def test_u6_a_containment_decision_changes_nothing_where_the_agreement_does_not_ask() -> None:
    plain = under([{"return": "lead"}])
    assert shared(plain, contained={"A": cut(1200)}, A="1980").as_json() == shared(plain, A="1980").as_json()


def test_u6_an_offset_and_a_step_for_all_of_it_use_the_windfall_first() -> None:
    file = pool([clause("1", "everything", [{"offset": "agreement"}, *LEAD], LEAD_BY_ACTION)])
    found = shared(file, contained={"A": cut(1200)}, A="1980", B="1505")  # 5.00 meets B; 3.00 windfall, 12.00 cut
    assert (got(found), found.reserves_pence) == ((0, 1200), {"risk": 300})
    found = shared(file, contained={"A": cut(1200)}, A="1980", B="1515")  # 15.00 meets B; 5.00 of the cut is left
    assert (got(found), found.reserves_pence) == ((0, 500), {"risk": 0})
    steps: list[Texts] = [{"retain": "risk", "up_to": "9"}, {"carry_forward": "true", **ACTION}, {"return": "lead"}]
    found = shared(under(steps), contained={"A": cut(1200)}, A="1980")
    assert (found.reserves_pence, found.carried_forward_pence, got(found)) == ({"risk": 900}, {"min": 1100}, (0, 0))


def test_u6_two_steps_for_management_action_share_what_there_is_of_it() -> None:
    steps: list[Texts] = [
        {"retain": "risk", "up_to": "5", **ACTION},
        {"return": "lead", "caps": {"icb": "4"}, **ACTION},
        {"return": HALVES, **ACTION},
        {"carry_forward": "true"},
    ]
    found = shared(under(steps), contained={"A": cut(1200)}, A="1980")
    assert (found.reserves_pence, got(found)) == ({"risk": 500}, (150, 400 + 150))
    assert found.carried_forward_pence == {"min": 800}


def test_u6_a_containment_decision_counts_for_the_months_after_it() -> None:
    later = clause("2", "everything", LEAD, LEAD_BY_ACTION, **{"from": "2016-10-01"})
    file = pool([clause("1", "everything", LEAD, LEAD_BY_ACTION), later])
    months = {"A": (-200,) * 12}  # 12.00 under in each half of the year
    found = shared(file, months=months, contained={"A": cut(700, 3)}, A="1976")
    assert (got(found), found.reserves_pence) == ((0, 700), {"risk": 1700})
    assert "on line A (Teams)" in found.trace[0].because
    found = shared(file, months=months, contained={"A": cut(1500, 3)}, A="1976")
    assert (got(found), found.reserves_pence) == ((0, 1500), {"risk": 900})  # 12.00, and the 3.00 left of it
    found = shared(file, months=months, contained={"A": cut(1500, 6)}, A="1976")
    assert (got(found), found.reserves_pence) == ((0, 1200), {"risk": 1200})  # the first half was over


def test_u6_the_clause_says_in_words_what_management_action_is_and_cannot_end_with_it() -> None:
    whole = Agreement.model_validate(under(LEAD_BY_ACTION))
    assert sentence_of(whole.risk_share[0]).endswith(
        "Underspend: as far as it came from management action (the containment decisions recorded on each line)"
        " returned to the partner that leads the line, then kept in the reserve 'risk'."
    )
    with pytest.raises(ClauseLeavesMoney, match="last underspend step"):
        shared(under([{"return": "lead", **ACTION}]), A="1980")
    with pytest.raises(ValidationError, match="'windfall' is no part of an underspend: write management_action"):
        Agreement.model_validate(under([{"return": "lead", "of": "windfall"}]))


def test_u7_it_meets_a_shortfall_of_performance_money_first() -> None:
    file = under([{"retain": "earned", "up_to": "15"}, {"return": "lead"}])
    file["reserves"]["earned"] = {"fund": "bcf", "name": "Performance money not earned"}
    found = shared(file, A="1980")
    assert (found.reserves_pence["earned"], got(found)) == (1500, (0, 500))


def test_u8_without_a_rule_what_one_partner_claims_is_in_dispute() -> None:
    file = under([{"return": {"council": "100"}}], disputed="true", reason="the agreement has no rule")
    found = shared(file, A="1990")
    assert got(found) == (0, 0)
    assert found.disputed_underspend_pence == {"council": 1000}
    assert "is in dispute (the agreement has no rule)" in found.trace[-1].because
