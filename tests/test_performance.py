"""Payment by results to the penny: pay for performance, contingency, incentives, gain share, budgets by heads."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement_text import faults_of, read
from pooledfund.cli import main
from s75_rules.agreement import Agreement
from s75_rules.performance import (
    Actuals,
    Item,
    QuarterMissing,
    capitated_budget,
    contingency,
    gain_share,
    incentive,
    pay_for_performance,
    performance,
)
from s75_rules.performance_terms import CapitatedBudget, Contingency, GainShare, Incentive, PayForPerformance

TEXT = """\
pooledfund: 1
agreement: {id: hill, title: Hill, area: Hill, year: 2015/16}
partners:
  council: {name: Hill Council, kind: local_authority}
  ccg: {name: NHS Hill CCG, kind: nhs}
  east: {name: NHS East CCG, kind: nhs}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: council}
contributions:
  nhs-min: {partner: ccg, fund: bcf, source: nhs_minimum, amount: 10_000_000}
schemes:
  A: {name: Nursing, fund: bcf, lead: ccg, area_of_spend: community_health, budget: {nhs-min: 400}}
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{share: lead}]
    underspend: [{return: contribution}]
performance:
  pay_for_performance:
    unit_price: 1490
    share_of_fund: 1_500_000
    contribution: nhs-min
    unearned_to: A
    quarters:
      Q4 2014/15: {baseline: 6_500, plan: 6_300}
      Q1 2015/16: {baseline: 6_400, plan: 6_200}
      Q2 2015/16: {baseline: 6_300, plan: 6_100}
      Q3 2015/16: {baseline: 6_600, plan: 6_375}
  contingency:
    amount: 100_000
    unit_price: 1_490
    quarters:
      Q1: {baseline: 1, plan: 100}
      Q2: {baseline: 1, plan: 100}
      Q3: {baseline: 1, plan: 100}
  incentives:
    reablement:
      name: Still at home after 91 days
      amount: 50_000
      baseline: 80
      target: 85.5
      release: in_proportion
      payer: ccg
  gain_shares:
    essex:
      name: Community contract
      expected: 1_000_000
      contributions: {ccg: 500_000, east: 300_000, council: 200_000}
      gain: [{partners: [ccg, east], up_to: 10%}, {}]
  capitated_budgets:
    heads:
      name: Older people
      scheme: A
      bands:
        65 to 74: {population: 10_000, rate: 12.34}
        75 and over: {population: 4_321, rate: 40, weight: 1.15}
"""
QUARTERS = ("Q4 2014/15", "Q1 2015/16", "Q2 2015/16", "Q3 2015/16")


def pool() -> Agreement:
    return read(TEXT).agreement


def plan(**says: object) -> PayForPerformance:
    """Four quarters that each plan 100 fewer admissions than a baseline of 1,000, at 1,490 pounds each."""
    quarters = {quarter: {"baseline": "1000", "plan": "900"} for quarter in QUARTERS}
    return PayForPerformance.model_validate({"unit_price": "1490", "quarters": quarters, **says})


def counted(*admissions: int) -> dict[tuple[str, str], int]:
    return {("pay_for_performance", quarter): count for quarter, count in zip(QUARTERS, admissions, strict=False)}


def steps(item: Item) -> list[tuple[str, int]]:
    return [(step.step, step.amount_pence // 100) for step in item.steps]


def test_the_whole_plan_achieved_releases_the_whole_money_at_stake() -> None:
    found = pay_for_performance(plan(), counted(900, 900, 900, 900))
    assert steps(found) == [("released", 149_000)] * 4
    assert found.whole_pence == 59_600_000


def test_doing_better_than_plan_releases_no_more_than_the_plan() -> None:
    assert steps(pay_for_performance(plan(), counted(700, 900, 900, 900))) == [("released", 149_000)] * 4


def test_a_weak_quarter_is_made_good_by_a_later_one_because_the_plan_is_cumulative() -> None:
    found = pay_for_performance(plan(), counted(1_000, 800, 900, 900))
    assert steps(found) == [("released", 0), ("released", 298_000), ("released", 149_000), ("released", 149_000)]


def test_what_was_released_is_not_taken_back_when_admissions_rise_again() -> None:
    found = pay_for_performance(plan(), counted(900, 1_100, 950, 900))
    assert steps(found) == [
        ("released", 149_000),
        ("released", 0),
        ("released", 0),
        ("released", 74_500),
        ("not earned", 372_500),
    ]


def test_money_that_the_plan_does_not_put_at_stake_goes_out_of_hospital_from_the_start() -> None:
    found = pay_for_performance(plan(share_of_fund="700000"), counted(900, 900, 900, 900))
    assert steps(found)[0] == ("not at stake", 104_000)
    assert found.steps[0].to == "NHS-commissioned out-of-hospital services"
    smaller = pay_for_performance(plan(share_of_fund="500000"), counted(900, 900, 900, 900))
    assert sum(amount for _, amount in steps(smaller)) == 500_000
    assert steps(smaller)[-1] == ("released", 53_000)


def test_quarters_that_are_not_reported_are_open_and_not_unearned() -> None:
    found = pay_for_performance(plan(), counted(900, 900))
    assert steps(found) == [("released", 149_000), ("released", 149_000), ("open", 298_000)]


def test_a_later_quarter_without_an_earlier_one_is_refused() -> None:
    with pytest.raises(QuarterMissing, match="a count for Q1 2015/16 and none for Q4 2014/15"):
        pay_for_performance(plan(), {("pay_for_performance", "Q1 2015/16"): 900})


def test_the_underspend_of_the_pool_meets_unearned_money_first_as_at_nottingham() -> None:
    # An underspend of 2.348m of which 0.514m met the shortfall left 1.834m.
    quarters = {quarter: {"baseline": "1000", "plan": "900"} for quarter in QUARTERS}
    terms = PayForPerformance.model_validate({"unit_price": "1285", "quarters": quarters})
    found = pay_for_performance(terms, counted(1_000, 1_000, 1_000, 1_000), 234_800_000)
    (met,) = [step for step in found.steps if step.step == "not earned, met by underspend"]
    assert met.amount_pence == 51_400_000
    assert "leaves £1,834,000.00 of underspend" in met.because
    short = pay_for_performance(terms, counted(1_000, 1_000, 1_000, 1_000), 10_000_000)
    assert steps(short)[-2:] == [("not earned, met by underspend", 100_000), ("not earned", 414_000)]


admissions = st.integers(0, 3_000)


@given(st.lists(st.tuples(admissions, admissions, admissions), min_size=1, max_size=4), st.integers(0, 10**9))
def test_every_penny_of_the_fund_is_placed_and_no_release_is_below_nil(
    quarters: list[tuple[int, int, int]], share: int
) -> None:
    terms = PayForPerformance.model_validate(
        {
            "unit_price": "1490",
            "share_of_fund": f"{share // 100}.{share % 100:02d}",
            "quarters": {
                name: {"baseline": str(baseline), "plan": str(planned)}
                for name, (baseline, planned, _) in zip(QUARTERS, quarters, strict=False)
            },
        }
    )
    found = pay_for_performance(terms, counted(*(actual for _, _, actual in quarters)))
    assert sum(step.amount_pence for step in found.steps) == share
    assert all(step.amount_pence >= 0 for step in found.steps)


def test_a_contingency_pays_for_activity_above_plan_and_releases_the_rest() -> None:
    terms = Contingency.model_validate(
        {
            "amount": "100000",
            "unit_price": "1000",
            "quarters": {f"Q{number}": {"baseline": "100", "plan": "100"} for number in range(1, 5)},
        }
    )
    counts = {("contingency", f"Q{number}"): count for number, count in enumerate((140, 95, 80, 130), 1)}
    found = contingency(terms, counts)
    # Above plan to date: 40, 35, 15, 45. The first quarter's 25,000 pays for 25, the second's for 10 more that
    # stand above plan by then; in the third nothing is due, in the fourth 10.
    assert steps(found) == [
        ("pays for activity", 25_000),
        ("pays for activity", 10_000),
        ("released", 15_000),
        ("released", 25_000),
        ("pays for activity", 10_000),
        ("released", 15_000),
    ]
    none_yet = contingency(terms, {})
    assert steps(none_yet) == [("open", 100_000)]


@pytest.mark.parametrize(
    ("release", "value", "earned"),
    [
        ("all_or_nothing", "85", 0),
        ("all_or_nothing", "85.5", 5_000_000),
        ("all_or_nothing", "90", 5_000_000),
        ("in_proportion", "83", 2_727_273),
        ("in_proportion", "79", 0),
        ("in_proportion", "99", 5_000_000),
    ],
)
def test_an_incentive_is_released_at_its_target_or_in_proportion(release: str, value: str, earned: int) -> None:
    terms = Incentive.model_validate(
        {"name": "x", "amount": "50000", "baseline": "80", "target": "85.5", "release": release, "payer": "ccg"}
    )
    found = incentive("x", terms, Fraction(value))
    assert found.steps[0].amount_pence == earned
    assert sum(step.amount_pence for step in found.steps) == 5_000_000
    assert incentive("x", terms, None).steps[0].step == "open"


def test_a_measure_that_should_fall_is_earned_by_falling() -> None:
    terms = Incentive.model_validate(
        {"name": "x", "amount": "100", "baseline": "20", "target": "10", "release": "in_proportion", "payer": "ccg"}
    )
    assert incentive("x", terms, Fraction(15)).steps[0].amount_pence == 5_000
    assert incentive("x", terms, Fraction(25)).steps[0].amount_pence == 0


def essex(**says: object) -> GainShare:
    """One commissioner's contribution does not fall before the others have had a reduction of 10%."""
    return GainShare.model_validate(
        {
            "name": "Contract",
            "expected": "1000000",
            "contributions": {"ccg": "500000", "east": "300000", "council": "200000"},
            "gain": [{"partners": ["ccg", "east"], "up_to": "10%"}, {}],
            **says,
        }
    )


def parts(item: Item) -> dict[str, int]:
    found: dict[str, int] = {}
    for step in item.steps:
        found[step.to or ""] = found.get(step.to or "", 0) + step.amount_pence // 100
    return found


def test_a_saving_goes_tier_by_tier() -> None:
    assert parts(gain_share("x", essex(), 95_000_000)) == {"ccg": 31_250, "east": 18_750}
    assert parts(gain_share("x", essex(), 85_000_000)) == {"ccg": 85_000, "east": 51_000, "council": 14_000}


def test_a_loss_goes_by_the_same_tiers_or_by_its_own() -> None:
    loss = gain_share("x", essex(), 110_000_000)
    assert loss.whole_pence == -10_000_000
    assert parts(loss) == {"ccg": -60_000, "east": -36_000, "council": -4_000}
    own = gain_share("x", essex(loss=[{"weights": {"council": "1", "ccg": "3"}}]), 110_000_000)
    assert parts(own) == {"council": -25_000, "ccg": -75_000}


@given(st.integers(0, 3 * 10**8))
def test_every_penny_of_a_saving_or_loss_is_shared(cost: int) -> None:
    found = gain_share("x", essex(), cost)
    assert sum(step.amount_pence for step in found.steps) == 10**8 - cost


def test_a_budget_by_heads_is_population_by_band_times_rate() -> None:
    terms = CapitatedBudget.model_validate(
        {
            "name": "x",
            "bands": {
                "65 to 74": {"population": "10,000", "rate": "12.34"},
                "75 on": {"population": "333", "rate": "0.01", "weight": "1.5"},
            },
        }
    )
    found = capitated_budget("x", terms)
    assert [step.amount_pence for step in found.steps] == [12_340_000, 500]


def test_an_agreement_is_worked_out_as_a_whole_and_its_line_held_against_the_heads() -> None:
    found = performance(pool(), Actuals())
    assert [item.name for item in found] == ["pay_for_performance", "contingency", "reablement", "essex", "heads"]
    assert found[-1].note == "The budget of line A is £400.00: £321,766.00 less."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unearned_to: A", "unearned_to: Z", "'Z' is not a scheme line"),
        ("payer: ccg", "payer: nobody", "'nobody' is not a partner"),
        ("baseline: 6_500", "baseline: 6.5", "'6.5' is not a count"),
        ("target: 85.5", "target: 80", "the target of an incentive is its baseline"),
        ("up_to: 10%}, {}]", "up_to: 10%}]", "the last tier can leave money unplaced"),
        ("partners: [ccg, east]", "partners: [ccg, west]", "west shares and has no contribution here"),
        ("scheme: A", "scheme: B", "'B' is not a scheme line"),
    ],
)
def test_terms_that_cannot_be_are_refused_where_they_stand(old: str, new: str, said: str) -> None:
    assert old in TEXT
    assert said in str(faults_of(TEXT.replace(old, new))[0])


def write(folder: Path, actuals: str) -> list[str]:
    (folder / "p.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "a.csv").write_text(actuals, encoding="utf-8")
    return ["performance", str(folder / "p.yaml"), "--actuals", str(folder / "a.csv")]


def test_the_command_says_what_was_earned_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"pay_for_performance,{quarter},6400\n" for quarter in QUARTERS)
    call = write(tmp_path, f"name,period,actual\n{rows}reablement,,83\nessex,,850000\n")
    assert main([*call, "--underspend", "100", "--json"]) == 0
    items = {item["name"]: item for item in json.loads(capsys.readouterr().out)["items"]}
    assert items["pay_for_performance"]["whole"] == "1500000.00"
    assert items["essex"]["whole"] == "150000.00"
    assert items["reablement"]["steps"][0]["amount"] == "27272.73"
    assert main(call) == 0
    said = capsys.readouterr().out
    assert "To the end of Q3 2015/16 admissions fell by 200 against a planned fall of 825" in said


def test_every_fault_of_a_file_of_actuals_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "pay_for_performance,Q9,1\nnothing,,1\nreablement,Q1,1\nessex,,many\n"
    rows += "contingency,Q1,\nreablement,,1\nreablement,,1\n"
    assert main(write(tmp_path, f"name,period,actual\n{rows}")) == 2
    said = capsys.readouterr().err
    for fault in (
        "'Q9' is no period of pay_for_performance",
        "'nothing' is nothing that hill pays by results",
        "reablement has no periods",
        "'many' is not an amount of money",
        "actual is blank",
        "reablement  stands twice",
    ):
        assert fault in said, said


def test_from_the_books_the_underspend_is_the_pools_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"pay_for_performance,{quarter},6600\n" for quarter in QUARTERS)
    call = write(tmp_path, f"name,period,actual\n{rows}")
    db = ["--db", str(tmp_path / "books.db")]
    assert main(["init", call[1], *db]) == 0
    capsys.readouterr()
    assert main(["performance", "--actuals", call[3], *db, "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    steps = {step["step"]: step["amount"] for step in items[0]["steps"]}
    # Nothing was spent of the line's 400.00 by the year's end.
    assert steps["not earned, met by underspend"] == "400.00"


def test_an_agreement_that_pays_nothing_by_results_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    kent = Path(__file__).parent.parent / "examples" / "kent_2016_17" / "agreement.yaml"
    assert main(["performance", str(kent)]) == 2
    assert "pays nothing by results" in capsys.readouterr().err


def test_a_cost_that_is_not_reported_is_no_saving_of_nil() -> None:
    found = gain_share("x", essex(), None)
    assert (found.is_known, found.as_json()["whole"]) == (False, None)
    assert [step.as_json()["amount"] for step in found.steps] == [None]
    assert gain_share("x", essex(), 100_000_000).is_known
