"""What always holds of a risk share, on drawn agreements, and that a second implementation finds the same."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings

from plain_terms import Texts
from s75_rules.agreement import Agreement
from s75_rules.agreement_checks import check_agreement
from s75_rules.clause_records import SIDES
from s75_rules.clauses import Decision
from s75_rules.decisions import DecisionDiffers
from s75_rules.positions import Position
from s75_rules.risk_share import share_risk
from shared_twice import assert_same_pennies, position_of, shared, without_otherwise
from strategies import Case, cases

Key = TypeVar("Key")
Value = TypeVar("Value")
drawn = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BORNE = {
    "breach",
    "aligned overspend",
    "in view overspend",
    "ring-fenced overspend",
    "share",
    "excess over liability",
    "decided overspend",
}
GIVEN_BACK = {"aligned underspend", "in view underspend", "credit returned to lead", "return", "decided underspend"}


def model(file: Texts) -> Agreement:
    return Agreement.model_validate(file)


@drawn
@given(cases())
def test_a_drawn_agreement_is_sound(case: Case) -> None:
    assert [fault for fault in check_agreement(model(case.file)) if fault.severity == "fault"] == []


@settings(drawn, max_examples=150)
@given(cases())
def test_a_second_implementation_finds_the_same_pennies(case: Case) -> None:
    assert_same_pennies(case)


@drawn
@given(cases())
def test_what_is_placed_is_exactly_the_variance_and_nothing_is_below_nil(case: Case) -> None:
    found, position = shared(case), position_of(case)
    drawn_on = -sum(change for change in found.reserves_pence.values())
    placed = sum(found.overspend_pence.values()) + drawn_on + found.unresolved_overspend_pence
    placed -= sum(found.underspend_pence.values()) + sum(found.carried_forward_pence.values())
    placed -= sum(found.returned_to_funder_pence.values()) + found.unresolved_underspend_pence
    placed += sum(found.disputed_overspend_pence.values()) - sum(found.disputed_underspend_pence.values())
    assert placed == sum(position.outturn_pence(line) - position.budget_pence(line) for line in case.file["schemes"])
    assert found.variance_pence == placed
    every: list[Mapping[str, int]] = [found.overspend_pence, found.underspend_pence, found.carried_forward_pence]
    assert min(amount for each in every for amount in [0, *each.values()]) == 0
    assert min(found.unresolved_overspend_pence, found.unresolved_underspend_pence) >= 0
    for reserve, change in found.reserves_pence.items():
        assert position.reserves[reserve] + change >= 0


@drawn
@given(cases())
def test_each_partner_s_total_is_the_sum_of_its_rows_in_the_trace_and_of_its_lines(case: Case) -> None:
    found = shared(case)
    for partner, borne in found.overspend_pence.items():
        rows = [row for row in found.trace if row.partner == partner]
        contested = {side: sum(r.amount_pence for r in rows if r.step == f"in dispute: {side}") for side in SIDES}
        over = sum(row.amount_pence for row in rows if row.step in BORNE)
        under = sum(row.amount_pence for row in rows if row.step in GIVEN_BACK)
        assert over - contested["overspend"] == borne
        assert under - contested["underspend"] == found.underspend_pence[partner]
        for side, disputed in ((SIDES[0], found.disputed_overspend_pence), (SIDES[1], found.disputed_underspend_pence)):
            held = sum(row.amount_pence for row in rows if row.step == f"disputed {side}")
            assert contested[side] + held == disputed.get(partner, 0)
        on_lines = sum(amount for (_, bearer), amount in found.borne_by_line.items() if bearer == partner)
        assert on_lines == borne - found.underspend_pence[partner]
        held_on_lines = sum(amount for (_, who), amount in found.disputed_by_line.items() if who == partner)
        disputed_over, disputed_under = found.disputed_overspend_pence, found.disputed_underspend_pence
        assert held_on_lines == disputed_over.get(partner, 0) - disputed_under.get(partner, 0)
    assert all(row.amount_pence >= 0 and row.because.endswith(".") for row in found.trace)


@drawn
@given(cases())
def test_the_order_inside_a_mapping_changes_nothing(case: Case) -> None:
    file = {**case.file, "schemes": {name: turned_within(line) for name, line in case.file["schemes"].items()}}
    file["risk_share"] = [turned_clause(clause) for clause in case.file["risk_share"]]
    other = position_of(Case(file, turned(case.outturns), case.breaches, turned(case.months), turned(case.contained)))
    other = replace(
        other,
        budgets=turned(dict(other.budgets)),
        contributions=turned(dict(other.contributions)),
        reserves=turned(dict(other.reserves)),
    )
    assert share_risk(model(file), other).as_json() == shared(case).as_json()


def turned(mapping: dict[Key, Value]) -> dict[Key, Value]:
    """The same mapping the other way round."""
    return dict(reversed(mapping.items()))


def turned_within(texts: Texts) -> Texts:
    """A mapping and every mapping directly inside it the other way round."""
    return {key: turned(value) if isinstance(value, dict) else value for key, value in turned(texts).items()}


def turned_clause(clause: Texts) -> Texts:
    return {
        **turned_within(clause),
        "overspend": [turned_within(step) for step in clause["overspend"]],
        "underspend": [turned_within(step) for step in clause["underspend"]],
    }


@drawn
@given(cases())
def test_a_decision_settles_exactly_what_was_left_open(case: Case) -> None:
    case = replace(case, file=left_to_the_board(case.file))
    agreement, position, found = model(case.file), position_of(case), shared(case)
    left = [row for row in found.trace if row.step.startswith("left open")]
    partners = list(agreement.partners)
    decisions = tuple(
        decision(
            row.clause or "", row.step.removeprefix("left open: "), {partners[0]: 1, partners[-1]: row.amount_pence - 1}
        )
        for row in left
        if row.amount_pence > 1
    )
    settled = share_risk(agreement, with_decisions(position, decisions))
    small = sum(row.amount_pence for row in left if row.amount_pence == 1)
    assert settled.unresolved_overspend_pence + settled.unresolved_underspend_pence == small
    assert settled.variance_pence == found.variance_pence
    for each in decisions:
        wrong = decision(each.clause, each.side, {partners[0]: 2, partners[-1]: each.partners[partners[-1]]})
        with pytest.raises(DecisionDiffers):
            share_risk(agreement, with_decisions(position, (wrong,)))


def left_to_the_board(file: Texts) -> Texts:
    """The same file, in which nothing is shared otherwise until the board decides: a decision would change the sum."""
    return {**file, "risk_share": [without_otherwise(clause) for clause in file["risk_share"]]}


def decision(clause: str, side: str, amounts: Mapping[str, int]) -> Decision:
    return Decision.model_validate(
        {"clause": clause, "side": side, "partners": dict(amounts), "minute": "JCB item 1", "decided": "2016-12-06"}
    )


def with_decisions(position: Position, decisions: tuple[Decision, ...]) -> Position:
    return replace(position, decisions=decisions)


def test_what_is_borne_and_what_is_in_dispute_may_cancel_out_on_a_line_and_both_are_still_shown() -> None:
    line = {
        "name": "Line 0",
        "fund": "pool",
        "lead": "council",
        "commissioner": {"nhs": "0", "la": "100"},
        "budget": {},
    }
    file: Texts = {
        "pooledfund": "1",
        "agreement": {"id": "drawn", "title": "Drawn", "area": "Nowhere", "year": "2016/17"},
        "partners": {
            "council": {"name": "Council", "kind": "local_authority"},
            "icb": {"name": "Icb", "kind": "nhs"},
        },
        "funds": {"pool": {"name": "Pool fund", "kind": "pooled", "host": "council"}},
        "contributions": {},
        "schemes": {"L0": line},
        "risk_share": [
            {
                "clause": "1.1",
                "covers": "everything",
                "overspend": [{"share": {"council": "100"}, "including_ring_fenced": "true"}],
                "underspend": [{"return": "lead", "including_ring_fenced": "true"}],
            }
        ],
        "disputes": [
            {
                "clause": "1.1",
                "side": "overspend",
                "partner": "council",
                "reason": "read two ways",
                "raised": "2017-02-27",
            }
        ],
        "withdrawals": [
            {"partner": "icb", "what": "suspends", "from": "2017-03-01", "reference": "x", "then": "disputed"}
        ],
    }
    found = shared(Case(file, {"L0": 0}, (), {"L0": (0,) * 10 + (1, -1)}))
    assert (found.disputed_overspend_pence, found.disputed_underspend_pence) == ({"council": 1}, {})
    assert found.underspend_pence["council"] == 1
    assert found.borne_by_line == {("L0", "council"): -1}
    assert found.disputed_by_line == {("L0", "council"): 1}
