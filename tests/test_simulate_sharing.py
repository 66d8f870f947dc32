"""Many runs shared at once give the very pennies that the plain rules give one at a time, on drawn agreements."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers.money import apportion
from rules_cases import RISK_SHARE_CASES, agreement_of
from s75_rules.agreement import Agreement
from s75_rules.positions import Breach, Position, position_from_agreement
from s75_rules.risk_share import share_risk
from s75_rules.rows import Pence, apportion_rows, whole_weights
from s75_rules.share_plan import lay_out
from s75_rules.share_runs import as_run, share_runs
from strategies import Case, Texts, cases

RUNS = 6
drawn = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_same_pennies(agreement: Agreement, position: Position, outturns: Pence) -> None:
    found = share_runs(lay_out(agreement, position), outturns)
    for run in range(outturns.shape[1]):
        by_line = dict(zip(agreement.schemes, map(int, outturns[:, run]), strict=True))
        assert found.run(run) == as_run(share_risk(agreement, replace(position, outturns=by_line)))


def around(position: Position, agreement: Agreement, seed: int) -> Pence:
    """Outturns near the position's and far from them, at budget, at nil, none below a line's breaches."""
    stream = np.random.default_rng(seed)
    own = np.array([position.outturn_pence(line) for line in agreement.schemes])[:, np.newaxis]
    budget = np.array([position.budget_pence(line) for line in agreement.schemes])[:, np.newaxis]
    least = np.array([position.breach_pence(line) for line in agreement.schemes])[:, np.newaxis]
    ways = [own, own + 1, budget, np.zeros_like(own), own + stream.integers(-4000, 4000, own.shape)]
    ways.append(stream.integers(0, 2 * budget + 500))
    found: Pence = np.maximum(np.concatenate(ways, axis=1), least).astype(np.int64)
    return found


def undated(file: Texts) -> Texts:
    """The agreement without what is shared run by run: dates, notices, disputes, limits lifted, containments."""
    records = ("withdrawals", "agreed_beforehand", "disputes")
    dated = ("from", "to", "disputed", "reason")
    clauses = [{key: each for key, each in clause.items() if key not in dated} for clause in file["risk_share"]]
    for clause in clauses:
        clause["underspend"] = [
            {key: each for key, each in step.items() if key != "of"} for step in clause["underspend"]
        ]
    return {**{key: each for key, each in file.items() if key not in records}, "risk_share": clauses}


@drawn
@given(cases(), st.integers(0, 2**32 - 1))
def test_every_run_of_a_drawn_agreement_is_the_plain_risk_share(case: Case, seed: int) -> None:
    agreement = Agreement.model_validate(undated(case.file))
    position = position_from_agreement(agreement, case.outturns, [Breach(*each) for each in case.breaches])
    assert_same_pennies(agreement, position, around(position, agreement, seed))


def test_every_run_of_the_worked_cases_is_the_plain_risk_share() -> None:
    for case in RISK_SHARE_CASES:
        agreement = agreement_of(case / "agreement.yaml")
        position = replace(position_from_agreement(agreement, {}), decisions=())
        for seed in range(3):
            assert_same_pennies(agreement, position, around(position, agreement, seed))


sizes = st.integers(0, 10**14)


@given(st.lists(st.lists(sizes, min_size=2, max_size=12), min_size=1, max_size=4), st.data())
def test_many_runs_are_apportioned_as_one_is(rows: list[list[int]], data: st.DataObject) -> None:
    width = min(map(len, rows))
    weights = [row[:width] for row in rows]
    wanted = [data.draw(sizes) if sum(row) else 0 for row in weights]
    found = apportion_rows(np.array(wanted), np.array(weights).T)
    assert found.T.tolist() == [apportion(size, row) for size, row in zip(wanted, weights, strict=True)]


@given(st.lists(st.fractions(Fraction(1, 100), 100, max_denominator=100), min_size=2, max_size=9), sizes)
def test_decimal_weights_are_whole_in_the_same_proportion(weights: list[Fraction], size: int) -> None:
    whole = np.array(whole_weights(weights))
    assert apportion_rows(np.array([size]), whole)[:, 0].tolist() == apportion(size, weights)
