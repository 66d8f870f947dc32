"""The tree behind a contribution, a condition, a minimum, an earmark and each figure of the memorandum account."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from ledgers.money import parse_pounds
from pooledfund.cli import main
from pooledfund.control.settlement import settle
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_contribution
from pooledfund.pool import Pool
from pooledfund.results.explaining import condition_explained, contribution_explained
from pooledfund.results.explaining_account import FIGURES, account_explained
from pooledfund.results.memorandum import memorandum_account
from pools import DB, TOWN, imported, pool_of, spent
from s75_rules.explain import Because, NothingToExplain

EARMARK = """\
earmarks:
  rehab: {name: Reablement, sources: nhs_minimum, schemes: [rehab], at_least: 350_000, reference: "Schedule 2, 5"}
"""


@pytest.fixture
def year(tmp_path: Path) -> Pool:
    """A year of the town: a variation, spend over and under, settled."""
    pool = pool_of(tmp_path, TOWN + EARMARK)
    july = Approval(date(2023, 7, 1), "JCB 4", "JCB")
    vary_contribution(pool, ContributionChange("nhs-min", 10_000_00, {"care": 10_000_00}), july)
    rows = [
        spent(f"{scheme}{month}", pounds, scheme, f"2023-{month:02d}-15" if month < 13 else "2024-03-15", partner=lead)
        for scheme, pounds, lead in (
            ("care", "91000.11", "council"), ("equip", "36000.01", "council"), ("rehab", "62000", "icb"),
            ("beds", "16000", "icb"), ("grant", "12500", "council"),
        )
        for month in range(6, 14)
    ]  # fmt: skip
    imported(pool, tmp_path, *rows)
    settle(pool)
    return pool


def sentences(tree: Because) -> list[str]:
    return [line.strip() for line in tree.in_lines()]


def said(tree: Because, word: str) -> Because:
    return next(each for each in tree.because if each.says.startswith(word))


def has(tree: Because, word: str) -> bool:
    return any(each.says.startswith(word) for each in tree.because)


def pence(text: str) -> list[int]:
    return [parse_pounds(each) for each in re.findall(r"-?£[\d,]+\.\d\d", text)]


def casts(tree: Because) -> None:
    """Where a sentence says a total in entries, they add up to it."""
    for each in tree.because:
        casts(each)
    if re.search(r" in \d+ entr", tree.says) and len(tree.because) <= 20:
        assert pence(tree.says)[0] == sum(pence(each.says)[0] for each in tree.because)


def test_a_contribution_leads_to_what_it_pays_for_what_changed_it_and_what_was_met(year: Pool) -> None:
    tree = contribution_explained(year, "nhs-min", 12)
    assert tree.says.startswith(
        "Contribution nhs-min (NHS minimum, NHS Town ICB) brings £1,200,000.07 into the Better Care Fund in 2023/24"
    )
    agreed_for = said(tree, "It was agreed for:")
    assert sum(pence(each.says)[0] for each in agreed_for.because) == 1_200_000_07
    in_books = said(tree, "In the books it is £1,210,000.07")
    assert any("JCB 4" in each for each in sentences(in_books))
    due = said(tree, "Due to date: £1,210,000.07")
    assert sum(pence(each.says)[0] for each in due.because) == 1_210_000_07
    assert has(tree, "Overdue: £1,210,000.07")  # nothing was paid
    casts(tree)


def test_how_it_is_settled_and_ring_fenced_is_said(year: Pool) -> None:
    own = sentences(contribution_explained(year, "nhs-own", 12))
    assert any("of which" in each and "is kept for own lines" in each for each in own)
    assert any(each.startswith("£5,000.00 in reserve risk") for each in own)
    ring = sentences(contribution_explained(year, "dfg", 12))
    assert any(each.startswith("It is capital grant, ring-fenced by its source (") for each in ring)
    assert "It is a transfer within the host's own books" in " ".join(ring)


def test_a_minimum_leads_to_its_rule_the_figure_required_and_each_line_that_counts(year: Pool) -> None:
    tree = condition_explained(year, "adult_social_care", 12)
    assert tree.says.startswith("Adult social care from NHS minimum, 2023/24: met on the plan and met on the outturn.")
    assert has(tree, "The rule: Lines with area of spend social care")
    assert has(tree, "At least £700,000.00 is required, by the agreement itself.")
    plan = said(tree, "On the plan:")
    assert [pence(each.says)[0] for each in plan.because] == [610_000_00, 200_000_07]
    assert (
        said(plan, "Line care (Home care)")
        .because[0]
        .says.startswith("Budget of £610,000.00 from contribution nhs-min")
    )


def test_a_national_condition_leads_to_its_minimums_and_an_earmark_to_its_lines(year: Pool) -> None:
    condition = condition_explained(year, "maintain-social-care-and-out-of-hospital", 12)
    assert condition.says.startswith("National condition 4 of 2023/24")
    assert len([each for each in condition.because if each.says.startswith(("Adult social", "NHS-commissioned"))]) == 2
    tree = condition_explained(year, "rehab", 12)
    (rule, plan, outturn, _) = tree.because
    assert rule.says == (
        "By the agreement at least £350,000.00 of the NHS minimum is for line rehab (Rehabilitation) (Schedule 2, 5). "
        "A floor counts what the lines spend within their budgets."
    )
    assert "400,000.00" in plan.says
    assert outturn.because[0].says.startswith("Line rehab (Rehabilitation) brings £")


def test_every_figure_of_the_account_is_the_sum_of_what_it_leads_to(year: Pool) -> None:
    account = memorandum_account(year, 12)
    wanted = {
        "brought_forward": account.brought_forward_pence,
        "funding": account.funding_pence,
        "expenditure": account.expenditure_pence,
        "closing_balance": account.closing_pence,
        "suspense": 0,
        **{f"funding/{each}": account.funding_by_partner_pence[each] for each in ("council", "icb")},
        **{f"expenditure/{each}": account.spend_by_line_pence[each] for each in ("care", "beds")},
        **{f"cost/{each}": account.cost_by_partner_pence[each] for each in ("council", "icb")},
        "revenue": account.revenue.funding_pence,
        "capital": account.capital.funding_pence,
    }
    assert {each.partition("/")[0] for each in wanted} == {each.partition("/")[0] for each in FIGURES}
    trees = {figure: account_explained(year, figure, 12) for figure in wanted}
    assert {figure: pence(tree.says)[0] for figure, tree in trees.items()} == wanted
    for tree in trees.values():
        casts(tree)
    for figure in ("funding", "expenditure", "funding/council", "funding/icb", "expenditure/care"):
        amounts = [each for each in trees[figure].because[:-1] if not each.says.startswith("By the clauses")]
        assert sum(pence(each.says)[0] for each in amounts) == wanted[figure]
    clauses = said(trees["funding/icb"], "By the clauses, on the spend to date: NHS Town ICB bears £").because
    assert any(each.says.startswith("Clause 7.2, on every pooled line.") for each in clauses)
    held = said(trees["closing_balance"], "It is held as:")
    assert sum(pence(each.says)[0] for each in held.because) == wanted["closing_balance"]
    for partner in ("council", "icb"):
        kept = said(trees[f"cost/{partner}"], "Held for it")
        held_for_it = sum(pence(each.says)[0] for each in kept.because)
        assert wanted[f"funding/{partner}"] - wanted[f"cost/{partner}"] == held_for_it


@pytest.mark.parametrize("figure", ["profit", "funding/nobody", "expenditure/nowhere", "suspense/council", "cost"])
def test_what_the_account_has_not_is_not_explained(year: Pool, figure: str) -> None:
    with pytest.raises(NothingToExplain, match=r"name one of brought_forward, funding"):
        account_explained(year, figure, 12)


def test_the_command_explains_each_kind_and_says_what_it_needs(
    year: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = ["--db", str(tmp_path / DB)]
    assert main(["explain", "contribution", "dfg", "--month", "M9", *db]) == 0
    assert "At Q3 (M9) of 2023/24" in capsys.readouterr().out
    assert main(["explain", "condition", "rehab", *db, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["says"].startswith("Earmark Reablement, 2023/24: met")
    assert main(["explain", "memorandum", "cost/icb", *db]) == 0
    assert capsys.readouterr().out.startswith("NHS Town ICB bears a cost of £")
    for call, words in (
        (["contribution"], "name the contribution: explain contribution nhs-min"),
        (["contribution", "nothing"], "'nothing' is not a contribution of town-2023-24: name one of nhs-min"),
        (["condition", "nothing"], "is no condition, minimum or earmark of town-2023-24"),
        (["memorandum"], "name the figure"),
    ):
        assert main(["explain", *call, *db]) == 2
        assert words in capsys.readouterr().err


def test_without_books_an_agreement_explains_its_contributions_and_conditions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(TOWN + EARMARK, encoding="utf-8")
    (tmp_path / "o.csv").write_text("scheme,outturn\nrehab,300000\n", encoding="utf-8")
    file = ["--agreement", str(tmp_path / "a.yaml")]
    assert main(["explain", "contribution", "la-add", *file]) == 0
    assert "£200,000.00 on line care (Home care)." in capsys.readouterr().out
    assert main(["explain", "condition", "rehab", *file, "--outturn", str(tmp_path / "o.csv")]) == 0
    told = capsys.readouterr().out
    assert "not met on the outturn" in told
    assert "£110,000.00 short" in told  # 400,000 of the line's 500,000: 300,000 x 4/5 = 240,000
    assert main(["explain", "memorandum", "funding", *file]) == 2
    assert "the memorandum account is of the books" in capsys.readouterr().err
