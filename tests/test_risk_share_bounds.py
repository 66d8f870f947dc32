"""How far a rounding may carry: reordered files, more overspend, and every amount multiplied; on drawn agreements."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import parse_pounds, pounds
from s75_rules.clause_records import SIDES
from s75_rules.risk_share import RiskShare
from shared_twice import shared
from small_pool import clause, pool
from strategies import Case, cases

Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""
drawn = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMITS = ("caps", "up_to", "unless_agreed", "of")


def without_limits(case: Case) -> Case:
    """The same case in which no step and no partner has a limit, so that nothing jumps at a penny."""
    clauses = [
        {
            **{key: value for key, value in each.items() if key not in ("max_liability", "excess_to", "unless_agreed")},
            **{side: [{k: v for k, v in step.items() if k not in LIMITS} for step in each[side]] for side in SIDES},
        }
        for each in case.file["risk_share"]
    ]
    disputes = [{key: value for key, value in each.items() if key != "amount"} for each in case.file["disputes"]]
    return replace(case, file={**case.file, "risk_share": clauses, "agreed_beforehand": [], "disputes": disputes})


def roundings(case: Case) -> int:
    """How many apportionments may each move a penny of one figure: of each line, its contributions and each step."""
    steps = sum(len(each[side]) for each in case.file["risk_share"] for side in SIDES)
    pieces = len(case.file["schemes"]) * (1 + len(case.file["risk_share"]) + len(case.file["withdrawals"]))
    return pieces * (2 + steps)


def figures(found: RiskShare) -> dict[tuple[str, str], int]:
    """Every figure of a risk share by what it is and whose."""
    parts = {
        "bears": found.overspend_pence,
        "gets": found.underspend_pence,
        "reserve": found.reserves_pence,
        "carried": found.carried_forward_pence,
        "returned": found.returned_to_funder_pence,
        "disputed over": found.disputed_overspend_pence,
        "disputed under": found.disputed_underspend_pence,
        "open": {"over": found.unresolved_overspend_pence, "under": found.unresolved_underspend_pence},
    }
    return {(what, name): pence for what, amounts in parts.items() for name, pence in amounts.items()}


def assert_near(found: dict[tuple[str, str], int], wanted: dict[tuple[str, str], int], within: int) -> None:
    for place in {**found, **wanted}:
        assert abs(found.get(place, 0) - wanted.get(place, 0)) <= within, place


@drawn
@given(cases(), st.randoms(use_true_random=False))
def test_a_reordered_file_gives_the_same_up_to_a_penny_a_rounding(case: Case, random: Random) -> None:
    case = without_limits(case)
    file = dict(case.file)
    for section in ("partners", "contributions", "schemes"):
        names = list(file[section])
        random.shuffle(names)
        file[section] = {name: file[section][name] for name in names}
    assert_near(figures(shared(replace(case, file=file))), figures(shared(case)), roundings(case))


@drawn
@given(cases(), st.integers(2, 1_000))
def test_every_amount_multiplied_multiplies_each_result_up_to_as_much_a_rounding(case: Case, k: int) -> None:
    case = without_limits(case)

    def times(text: str) -> str:
        return pounds(parse_pounds(text) * k)

    file = dict(case.file)
    file["contributions"] = {name: {**e, "amount": times(e["amount"])} for name, e in file["contributions"].items()}
    file["reserves"] = {
        name: {
            **each,
            "opening": times(each["opening"]),
            "funded_by": {money: times(text) for money, text in each.get("funded_by", {}).items()},
        }
        for name, each in file["reserves"].items()
    }
    file["schemes"] = {
        name: {**each, "budget": {money: times(text) for money, text in each["budget"].items()}}
        for name, each in file["schemes"].items()
    }
    larger = Case(
        file,
        {name: pence * k for name, pence in case.outturns.items()},
        tuple((line, partner, pence * k) for line, partner, pence in case.breaches),
        {name: tuple(pence * k for pence in months) for name, months in case.months.items()},
    )
    wanted = {place: pence * k for place, pence in figures(shared(case)).items()}
    # Months that are not known are told evenly, the odd pence last: up to eleven pence of each line move with them.
    assert_near(figures(shared(larger)), wanted, k * (roundings(case) + 12 * len(case.file["schemes"])))


weights = st.sampled_from(["1", "50", "33.3", "66.7", "0.5"])


@drawn
@given(st.lists(st.integers(0, 90_000), min_size=3, max_size=3), st.integers(0, 50_000), weights, weights)
def test_for_one_share_by_fixed_weights_more_overspend_costs_no_partner_less_by_more_than_a_penny(
    overspends: list[int], more: int, council: str, icb: str
) -> None:
    file = pool([clause("1", "everything", [{"share": {"council": council, "icb": icb}}], [{"decide": "board"}])])
    budgets = {"A": 2_000_00, "B": 1_500_00, "N": 0}
    file["schemes"]["N"] = {"name": "New", "fund": "bcf", "lead": "icb"}
    spent = {line: budgets[line] + over for line, over in zip(budgets, overspends, strict=True)}
    before = shared(Case(file, spent, ())).overspend_pence
    after = shared(Case(file, {**spent, "B": spent["B"] + more}, ())).overspend_pence
    assert all(after[partner] >= before[partner] - 1 for partner in before)
    assert sum(after.values()) == sum(before.values()) + more
