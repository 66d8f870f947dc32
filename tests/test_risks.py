"""The risk register: the agreement's risks, reviews through the year, risks that came up, scores and their words."""

from datetime import date
from pathlib import Path

import pytest

from books_for_pages import run
from pooledfund.access import NotAllowed, Role
from pooledfund.errors import InputRefused
from pooledfund.intake.risk_reviews import RISK_REVIEWS
from pooledfund.intake.told import Taken, take_call, take_file
from pooledfund.pool import Pool
from pooledfund.results.risks import RiskStanding, rating_of, risk_register
from pools import DB, TOWN, as_actor, csv_file, pool_of, state_of

RISKS = """\
risks:
  demand: {description: Demand outgrows the plan, likelihood: 4, impact: 4, owner: Head of commissioning}
  staff: {description: Posts stay empty, rating: High}
"""


def pool_with_risks(folder: Path) -> Pool:
    text = TOWN.replace(
        "area_of_spend: social_care}\nminimums", "area_of_spend: social_care, risks: [demand]}\nminimums"
    )
    return pool_of(folder, text + RISKS)


def review(pool: Pool, period: str, risk: str, likelihood: str, impact: str, **cells: str) -> Taken:
    row = {"period": period, "risk": risk, "likelihood": likelihood, "impact": impact, **cells}
    return take_call(pool, RISK_REVIEWS, row)


def standing(pool: Pool, risk: str, month: int = 12, as_of: int | None = None) -> RiskStanding:
    return next(each for each in risk_register(pool, month, as_of) if each.id == risk)


def test_before_a_review_the_agreements_own_figures_stand_and_unknown_is_said(tmp_path: Path) -> None:
    pool = pool_with_risks(tmp_path)
    demand, staff = standing(pool, "demand"), standing(pool, "staff")
    assert (demand.score, demand.rating, demand.month) == (16, "extreme", None)
    assert demand.lines
    assert (staff.score, staff.rating) == (None, "High")
    assert staff.as_json()["likelihood_in_words"] == "not scored"


def test_a_review_keeps_what_it_leaves_out_and_says_how_the_score_moved(tmp_path: Path) -> None:
    pool = pool_with_risks(tmp_path)
    review(pool, "Q1", "demand", "3", "4", mitigation="Weekly review of packages", review="2023-10-01")
    review(pool, "Q2", "demand", "2", "4")
    demand = standing(pool, "demand")
    assert (demand.score, demand.rating, demand.movement, demand.month) == (8, "high", "down from 12", 6)
    assert demand.mitigation == "Weekly review of packages"
    assert demand.owner == "Head of commissioning"
    assert demand.overdue(date(2023, 10, 2))
    assert not demand.overdue(date(2023, 10, 1))
    assert standing(pool, "demand", month=3).score == 12


def test_a_second_review_of_a_quarter_replaces_the_first_and_still_moves_from_the_quarter_before(
    tmp_path: Path,
) -> None:
    pool = pool_with_risks(tmp_path)
    review(pool, "Q1", "demand", "3", "4")
    review(pool, "Q1", "demand", "5", "5")
    assert standing(pool, "demand").movement == "up from 16"
    assert review(pool, "Q1", "demand", "5", "5") == Taken(0, 1)


def test_a_risk_that_came_up_in_the_year_is_described_once_and_can_be_closed(tmp_path: Path) -> None:
    pool = pool_with_risks(tmp_path)
    with pytest.raises(InputRefused, match="describe it"):
        review(pool, "Q2", "provider", "2", "5")
    review(pool, "Q2", "provider", "2", "5", description="A provider hands back its contract")
    head = pool.books.head().number
    review(pool, "Q3", "provider", "1", "5", description="A provider hands back its contract", status="closed")
    assert not standing(pool, "provider").open
    assert risk_register(pool, 12)[-1].id == "provider"
    assert standing(pool, "provider", as_of=head).open


def test_what_is_wrong_is_told_at_once_and_nothing_is_kept(tmp_path: Path) -> None:
    pool = pool_with_risks(tmp_path)
    before = state_of(pool)
    rows = [["Q1", "demand", "6", "x", "9.9"], ["Q1", "staff", "1", "1", ""]]
    file = csv_file(tmp_path, "risks.csv", (*RISK_REVIEWS.columns, "clause"), *rows)
    with pytest.raises(InputRefused) as refused:
        take_file(pool, RISK_REVIEWS, file)
    assert "likelihood '6' is no score" in str(refused.value)
    assert "impact 'x' is no score" in str(refused.value)
    assert "'9.9' is not a clause" in str(refused.value)
    assert state_of(pool) == before
    with pytest.raises(NotAllowed):
        review(as_actor(pool, Role.AUDITOR), "Q1", "demand", "1", "1")


@pytest.mark.parametrize(("score", "word"), [(1, "low"), (3, "low"), (4, "moderate"), (8, "high"), (15, "extreme")])
def test_a_score_has_the_word_of_the_matrix(score: int, word: str) -> None:
    assert rating_of(score) == word


def test_the_command_prints_the_register_with_words(tmp_path: Path) -> None:
    pool = pool_with_risks(tmp_path)
    review(pool, "Q1", "demand", "2", "2")
    printed = run(["risks", "--quarter", "Q1", "--db", str(tmp_path / DB)])
    assert "2 unlikely" in printed
    assert "down from 16" in printed
    assert "not scored" in printed
