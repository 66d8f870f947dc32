"""Simulated exposure: reproducible, shared to the penny, with the spread and the correlation that were asked for."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agreement_text import read
from pooledfund.cli import main
from s75_rules.agreement import Agreement
from s75_rules.draws import RUNS_AT_ONCE, Draws, Range, RangeWrong
from s75_rules.positions import Breach, Position, position_from_agreement
from s75_rules.risk_share import share_risk
from s75_rules.simulate import Exposure, Simulation, SimulationRefused, simulate

TEXT = """\
pooledfund: 1
agreement: {id: hill, title: Hill, area: Hill, year: 2019/20}
partners:
  council: {name: Hill Council, kind: local_authority}
  ccg: {name: NHS Hill CCG, kind: nhs}
  trust: {name: Hill Trust, kind: nhs}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: council}
contributions:
  nhs-min: {partner: ccg, fund: bcf, source: nhs_minimum, amount: 1000}
  la-add: {partner: council, fund: bcf, source: la_additional, amount: 500}
reserves:
  risk: {fund: bcf, opening: 20}
schemes:
  A: {name: A, fund: bcf, lead: council, area_of_spend: social_care, budget: {nhs-min: 400}}
  B: {name: B, fund: bcf, lead: ccg, area_of_spend: community_health, budget: {nhs-min: 600}}
  C: {name: C, fund: bcf, lead: trust, area_of_spend: social_care, budget: {la-add: 500}}
risk_share:
  - clause: "1"
    covers: everything
    overspend:
      - offset: clause
      - reserve: risk
      - share: {council: 50, ccg: 30, trust: 20}
        caps: {trust: 5}
      - share: LAST
    underspend: [{return: contribution}]
"""
DISPUTE = """
disputes:
  - {clause: "1", side: overspend, partner: council, reason: not agreed, raised: 2019-09-01}
"""
RANGES = (Range("A", 38000, 40000, 48000), Range("B", 50000, 61000, 70000), Range("C", 45000, 50000, 50000, "uniform"))


def agreement(last: str = "{ccg: 1}") -> Agreement:
    return read(TEXT.replace("LAST", last)).agreement


def simulated(pool: Agreement, **asked: float) -> Simulation:
    position = position_from_agreement(pool, {})
    runs, seed = int(asked.get("runs", 3000)), int(asked.get("seed", 1))
    return simulate(pool, position, RANGES, runs=runs, seed=seed, correlation=asked.get("correlation", 0.0))


@pytest.mark.parametrize("last", ["{ccg: 1}", "lead", "budget"])
def test_exposures_are_those_of_the_plain_rules_run_by_run(last: str) -> None:
    pool, runs = agreement(last), 700
    found = simulated(pool, runs=runs, correlation=0.4)
    draws = Draws(RANGES, 1, 0.4)
    outturns = np.concatenate([draws.chunk(0, RUNS_AT_ONCE), draws.chunk(1, runs - RUNS_AT_ONCE)], axis=1)
    shares = [
        share_risk(pool, position_from_agreement(pool, dict(zip("ABC", map(int, run), strict=True))))
        for run in outturns.T
    ]
    for partner in pool.partners:
        borne = sorted(share.overspend_pence[partner] for share in shares)
        points = [borne[349], borne[559], borne[664], borne[699]]
        assert found.bears[partner] == Exposure(*points)
        net = sorted(share.overspend_pence[partner] - share.underspend_pence[partner] for share in shares)
        assert found.net[partner] == Exposure(net[349], net[559], net[664], net[699])
    emptied = sum(share.reserves_pence["risk"] == -2000 for share in shares)
    assert found.reserves_emptied == {"risk": emptied}
    assert 0 < emptied < runs
    assert found.run_by_run is None


def test_a_cap_is_used_up_in_the_runs_in_which_its_partner_bears_all_of_it() -> None:
    found = simulated(agreement(), runs=2000)
    ((key, reached),) = found.limits_reached.items()
    assert key == ("1", "cap in step 3", "trust")
    assert found.bears["trust"].worst_pence == 500
    # The trust bears under this clause only, up to its cap of five pounds.
    pool = agreement()
    draws = Draws(RANGES, 1, 0.0)
    borne = [
        share_risk(pool, position_from_agreement(pool, dict(zip("ABC", map(int, run), strict=True)))).overspend_pence
        for number in range(4)
        for run in draws.chunk(number, min(RUNS_AT_ONCE, 2000 - number * RUNS_AT_ONCE)).T
    ]
    assert reached == sum(each["trust"] == 500 for each in borne)


def test_the_same_seed_gives_the_same_figures_and_another_gives_others() -> None:
    pool = agreement()
    assert simulated(pool) == simulated(pool)
    assert simulated(pool, seed=2).bears != simulated(pool).bears


def test_more_runs_begin_with_the_same_runs() -> None:
    draws, again = Draws(RANGES, 5, 0.3), Draws(RANGES, 5, 0.3)
    assert draws.chunk(1, 100).tolist() == again.chunk(1, RUNS_AT_ONCE)[:, :100].tolist()


def drawn(ranges: tuple[Range, ...], correlation: float) -> "np.typing.NDArray[np.float64]":
    draws = Draws(ranges, 11, correlation)
    return np.concatenate([draws.chunk(number, RUNS_AT_ONCE) for number in range(80)], axis=1).astype(np.float64)


def test_draws_have_the_mean_and_spread_of_their_distribution() -> None:
    low, likely, high = 100_000, 150_000, 400_000
    ranges = (
        Range("A", low, likely, high),
        Range("B", low, likely, high, "uniform"),
        Range("C", likely, likely, likely),
    )
    triangular, even, fixed = drawn(ranges, 0.0)
    assert triangular.mean() == pytest.approx((low + likely + high) / 3, rel=0.005)
    variance = (low**2 + likely**2 + high**2 - low * likely - low * high - likely * high) / 18
    assert triangular.var() == pytest.approx(variance, rel=0.02)
    assert even.mean() == pytest.approx((low + high) / 2, rel=0.005)
    assert even.var() == pytest.approx((high - low) ** 2 / 12, rel=0.02)
    assert set(fixed) == {likely}
    assert low <= triangular.min()
    assert triangular.max() <= high


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8, 1.0])
def test_lines_of_the_same_shape_correlate_by_what_was_asked(correlation: float) -> None:
    ranges = tuple(Range(name, size, 2 * size, 5 * size) for name, size in (("A", 10_000), ("B", 70_000)))
    found = np.asarray(np.corrcoef(drawn(ranges, correlation)))
    assert found[0, 1] == pytest.approx(correlation, abs=0.02)


def test_lines_that_rise_together_make_the_worst_worse() -> None:
    pool = agreement()
    apart, together = simulated(pool), simulated(pool, correlation=1.0)
    assert together.variance.p95_pence > apart.variance.p95_pence


def test_what_only_the_plain_rules_share_is_shared_run_by_run_and_says_so() -> None:
    pool = agreement()
    weighty = {partner: f"2.{'3' * 14}{digit}" for digit, partner in enumerate(pool.partners, 1)}
    slow = agreement(json.dumps(weighty).replace('"', ""))
    found = simulated(slow, runs=40)
    assert found.run_by_run == "weights of a step have too many decimals to be shared many runs at once"
    assert found.bears["council"].worst_pence > 0


@pytest.mark.parametrize(
    ("ranges", "runs", "seed", "said"),
    [
        ((), 10, 1, "no line has a range"),
        ((Range("Z", 1, 2, 3),), 10, 1, "'Z' is no scheme line of hill"),
        ((RANGES[0], RANGES[0]), 10, 1, "A has two ranges"),
        (RANGES, 0, 1, "0 is not a number of runs"),
        (RANGES, 10, -1, "-1 is not a seed"),
    ],
)
def test_a_simulation_that_cannot_be_run_is_refused(ranges: tuple[Range, ...], runs: int, seed: int, said: str) -> None:
    pool = agreement()
    with pytest.raises(SimulationRefused, match=said):
        simulate(pool, position_from_agreement(pool, {}), ranges, runs=runs, seed=seed)


def test_a_range_below_a_breach_and_a_correlation_beyond_one_are_refused() -> None:
    pool = agreement()
    position: Position = position_from_agreement(pool, {}, [Breach("A", "ccg", 39000)])
    with pytest.raises(SimulationRefused, match=r"begins below its breaches of £390\.00"):
        simulate(pool, position, RANGES, runs=10, seed=1)
    with pytest.raises(RangeWrong, match="outside 0 to 1"):
        simulate(pool, replace(position, breaches=()), RANGES, runs=10, seed=1, correlation=1.5)
    with pytest.raises(RangeWrong, match="does not run upwards"):
        Range("A", 2, 1, 3)


def test_the_command_prints_points_chances_and_how_the_outturns_are_distributed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("LAST", "{ccg: 1}"), encoding="utf-8")
    (tmp_path / "r.csv").write_text(
        "scheme,low,most_likely,high,distribution\nA,380,400,480,\nB,500,610,700,triangular\nC,450,500,500,uniform\n",
        encoding="utf-8",
    )
    call = ["simulate", str(tmp_path / "a.yaml"), "--ranges", str(tmp_path / "r.csv"), "--runs", "3000"]
    assert main([*call, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    wanted = simulated(agreement())
    assert said["partners"]["ccg"]["bears"] == wanted.bears["ccg"].as_json()
    assert said["distributions"] == {"A": "triangular", "B": "triangular", "C": "uniform"}
    assert main(call) == 0
    words = capsys.readouterr().out
    assert "3,000 runs, seed 1, triangular and uniform, correlation 0" in words
    assert "Reserve risk is emptied" in words


def test_every_fault_of_a_file_of_ranges_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("LAST", "{ccg: 1}"), encoding="utf-8")
    (tmp_path / "r.csv").write_text(
        "scheme,low,most_likely,high,distribution\nZ,1,2,3,\nA,3,2,1,\nB,,2,3,normal\n", encoding="utf-8"
    )
    assert main(["simulate", str(tmp_path / "a.yaml"), "--ranges", str(tmp_path / "r.csv")]) == 2
    said = capsys.readouterr().err
    for fault in ("'Z' is not a scheme line", "does not run upwards", "low is blank", "'normal' is not a distribution"):
        assert fault in said


def test_what_is_not_laid_out_for_many_runs_is_named() -> None:
    later = '  - {clause: "2", covers: everything, overspend: [{share: lead}], underspend: [{return: lead}]}\n'
    dated = TEXT.replace('clause: "1"', 'clause: "1"\n    from: 2019-07-01').replace("LAST", "{ccg: 1}") + later
    pool = read(dated).agreement
    found = simulate(pool, position_from_agreement(pool, {}), RANGES, runs=5, seed=1)
    assert found.run_by_run == "clause '1' says from, which is shared run by run"
    asks = TEXT.replace("underspend: [", "underspend: [{return: lead, of: management_action}, ").replace(
        "LAST", "{ccg: 1}"
    )
    pool = read(asks).agreement
    found = simulate(pool, position_from_agreement(pool, {}), RANGES, runs=5, seed=1)
    assert found.run_by_run == "clause '1' says of, which is shared run by run"


def test_what_is_disputed_counts_as_not_resolved_and_is_shared_run_by_run() -> None:
    disputed = read(TEXT.replace("LAST", "{ccg: 1}") + DISPUTE).agreement
    found, clear = simulated(disputed, runs=60), simulated(agreement(), runs=60)
    assert found.run_by_run == "the agreement records disputes, with which each run is shared by itself"
    assert found.bears["council"].worst_pence == 0
    assert found.unresolved == clear.bears["council"]
    assert found.bears["ccg"] == clear.bears["ccg"]


def test_from_the_books_a_line_without_a_range_stands_at_its_forecast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("LAST", "{ccg: 1}"), encoding="utf-8")
    (tmp_path / "r.csv").write_text("scheme,low,most_likely,high\nA,400,400,400\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text("quarter,scheme,forecast_outturn\nQ2,B,640\n", encoding="utf-8")
    db = ["--db", str(tmp_path / "books.db")]
    assert main(["init", str(tmp_path / "a.yaml"), *db]) == 0
    assert main(["forecast", str(tmp_path / "f.csv"), *db]) == 0
    capsys.readouterr()
    assert main(["simulate", *db, "--quarter", "Q2", "--ranges", str(tmp_path / "r.csv"), "--runs", "3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    # Nothing was spent yet, so C is forecast at its 500.00 less six months of 41.66, and B is 40.00 over.
    assert said["variance"]["worst"] == "-209.96"
    assert said["without_range"] == ["B", "C"]
    assert said["figures"] == "as agreed"
    assert said["agreement_status"] == "draft"
