"""One test for each rule of who bears an overspend (R1 to R11) and who keeps an underspend (U1 to U8), by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ledgers.money import parse_pounds
from s75_rules.agreement import Agreement
from s75_rules.positions import Breach, position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from small_pool import clause, pool

Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""
BACK: list[Texts] = [{"return": "lead"}]
LEAD: list[Texts] = [{"share": "lead"}]
HALVES: Texts = {"council": "50", "icb": "50"}


def shared(
    file: Texts, *breaches: Breach, months: Mapping[str, tuple[int, ...]] | None = None, **spent: str
) -> RiskShare:
    agreement = Agreement.model_validate(file)
    outturns = {line: parse_pounds(text) for line, text in spent.items()}
    position = position_from_agreement(agreement, outturns, breaches)
    return share_risk(agreement, replace(position, movements=months or {}))


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
