"""Next year's contributions by formula with each term, and grants that merge over the years."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from agreement_text import changed, read
from ledgers.calendar import FinancialYear
from pooledfund.agreement_file import read_agreement, read_agreement_text
from pooledfund.cli import main
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_contribution
from pooledfund.reports.next_agreement import draft_agreement
from pooledfund.results.next_year import next_year, recurrent_changes, spend_of_year
from pools import DB, TOWN, imported, pool_of, spent
from s75_rules.lineage import merged_in, mergers, source_in
from s75_rules.next_year import Terms, next_contributions

NONE = Terms({}, {}, {})


def test_each_term_of_the_formula_is_shown(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    july = Approval(date(2023, 7, 1), "JCB 4", "Joint board")
    vary_contribution(pool, ContributionChange("la-add", 20_000_00, {}), july)
    vary_contribution(pool, ContributionChange("nhs-own", 7_000_00, {}, recurrent=False), july)
    assert recurrent_changes(pool) == {"la-add": 20_000_00}
    terms = Terms(
        {None: Fraction(5, 200), "nhs-min": Fraction(566, 10000)}, {"la-add": Fraction(1, 100)}, {"dfg": -1_00}
    )
    found = {each.contribution: each for each in next_year(pool, terms)}
    la_add = found["la-add"]
    assert (la_add.recurrent_pence, la_add.in_year_pence) == (300_000_00, 20_000_00)
    assert (la_add.inflation_pence, la_add.efficiency_pence) == (8_000_00, 3_200_00)
    assert la_add.total_pence == 324_800_00
    assert found["nhs-own"].total_pence == 246_000_00
    # 5.66% of 1,200,000.07 is 67,920.003962.
    assert found["nhs-min"].inflation_pence == 67_920_00
    assert found["dfg"].total_pence == 102_499_00


@pytest.mark.parametrize(
    ("said", "total", "because"),
    [
        ("recurrent: false,", 0, "for one year only"),
        ("ends: 2024-03-31,", 0, "ended on 2024-03-31"),
        ("ends: 2024-04-30,", 300_000_00, "recurrent"),
    ],
)
def test_what_is_not_recurrent_brings_nothing(said: str, total: int, because: str) -> None:
    text = TOWN.replace("source: la_additional, ", f"source: la_additional, {said} ")
    found = {each.contribution: each for each in next_contributions(read_agreement_text(text, "t").agreement, {}, NONE)}
    assert (found["la-add"].total_pence, found["la-add"].because) == (total, because)


def test_what_is_no_number_this_year_cannot_be_told_for_the_next() -> None:
    text = changed(("amount: 400_000\n    ring", "amount: to be confirmed\n    ring"))
    agreement = read(text.replace("ibcf: 400_000", "ibcf: to be confirmed")).agreement
    (found,) = [each for each in next_contributions(agreement, {}, NONE) if each.source == "ibcf"]
    assert found.total_pence is None
    assert found.because == "this year is to be confirmed: cannot tell"


def test_grants_are_followed_through_the_years() -> None:
    followed = [
        ("social_care_capital", 2015, "social_care_capital"), ("social_care_capital", 2016, "dfg"),
        ("winter_pressures", 2019, "winter_pressures"), ("winter_pressures", 2020, "ibcf"),
        ("winter_pressures", 2025, "la_better_care_grant"), ("ibcf", 2024, "ibcf"),
        ("ibcf", 2025, "la_better_care_grant"), ("discharge_la", 2025, "la_better_care_grant"), ("dfg", 2025, "dfg"),
    ]  # fmt: skip
    for source, year, now in followed:
        assert source_in(source, FinancialYear(year)) == now  # type: ignore[arg-type]
    assert all(each.reference for each in mergers())
    assert [each.into for each in merged_in(FinancialYear(2020))] == ["ibcf"]


GRANTS = """\
pooledfund: 1
agreement: {id: hill-2024-25, title: Hill, area: Hill, year: 2024/25, status: signed}
partners: {council: {name: Hill Council, kind: local_authority}, icb: {name: Hill ICB, kind: nhs}}
funds: {bcf: {name: Pool, kind: pooled, host: council}}
contributions:
  ibcf: {partner: council, fund: bcf, source: ibcf, amount: 100.01}
  disc: {partner: council, fund: bcf, source: discharge_la, amount: 50.02}
  nhs: {partner: icb, fund: bcf, source: nhs_minimum, amount: 300}
"""


def test_the_draft_of_next_year_is_an_agreement_in_which_merged_grants_are_one(tmp_path: Path) -> None:
    agreement = read_agreement_text(GRANTS, "hill.yaml").agreement
    found = next_contributions(agreement, {}, Terms({}, {}, {"nhs": 12_00}))
    draft = read_agreement_text(draft_agreement(agreement, found), "draft.yaml").agreement
    assert (draft.id, str(draft.year), draft.header.follows, draft.header.status) == (
        "hill-2025-26", "2025/26", "hill-2024-25", "draft",
    )  # fmt: skip
    assert {each.id: (each.source, each.amount.exact_pence) for each in draft.contributions.values()} == {
        "ibcf": ("la_better_care_grant", 150_03),
        "nhs": ("nhs_minimum", 312_00),
    }


def test_a_grant_that_was_merged_is_pointed_out() -> None:
    file = read_agreement_text(GRANTS.replace("2024/25", "2025/26").replace("2024-25", "2025-26"), "hill.yaml")
    merged = [str(each) for each in file.warnings if each.rule == "GrantMerged"]
    assert len(merged) == 2
    assert "ibcf is part of la_better_care_grant in 2025/26; write la_better_care_grant" in merged[0]


def test_the_command_shows_drafts_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hill.yaml").write_text(GRANTS, encoding="utf-8")
    hill, draft = str(tmp_path / "hill.yaml"), str(tmp_path / "next.yaml")
    assert main(["next-year", hill, "--inflation", "2%", "--json", "-o", draft]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["total"] == "459.03"
    assert document["contributions"][0]["inflation"] == "2.00"
    assert read_agreement(Path(draft)).agreement.header.follows == "hill-2024-25"
    assert main(["next-year", hill]) == 0
    assert "Lineage: from 2025/26 the Local Authority Better Care Grant" in capsys.readouterr().out
    assert main(["versions", hill, draft]) == 0
    assert "Lineage: from 2025/26" in capsys.readouterr().out
    pool_of(tmp_path)
    assert main(["next-year", "--db", str(tmp_path / DB)]) == 0
    for wrong in (["-o", draft], ["--inflation", "much"], ["--planned", "5"], ["--planned", "none=5"]):
        assert main(["next-year", hill, *wrong]) == 2
        assert capsys.readouterr().err.strip()


def test_a_contribution_may_follow_what_the_year_spends_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path)
    july = Approval(date(2023, 7, 1), "JCB 4", "JCB")
    vary_contribution(pool, ContributionChange("nhs-own", 6_000_00, {"beds": 6_000_00}), july)
    days = (("A", "90000", "2023-06-30"), ("B", "60000", "2024-03-01"))
    imported(pool, tmp_path, *(spent(name, pounds, "beds", day, partner="icb") for name, pounds, day in days))
    terms = ["--on-spend", "nhs-own", "--inflation", "2%", "--db", str(tmp_path / DB)]
    assert main(["next-year", *terms, "--json"]) == 0
    found = {each["contribution"]: each for each in json.loads(capsys.readouterr().out)["contributions"]}
    own = found["nhs-own"]
    # 150,000 was spent of it: the variation of July is in that, and 2% of it is 3,000.
    assert (own["recurrent"], own["in_year_change"], own["inflation"]) == ("150000.00", "0.00", "3000.00")
    assert (own["next_year"], own["because"]) == ("153000.00", "what the year spends of it")
    assert (found["la-add"]["recurrent"], found["la-add"]["because"]) == ("300000.00", "recurrent")
    assert main(["next-year", "--on-spend", "nobody", "--db", str(tmp_path / DB)]) == 2
    assert "nobody is not a contribution" in capsys.readouterr().err
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    assert main(["next-year", str(tmp_path / "town.yaml"), "--on-spend", "all"]) == 2
    assert "--on-spend rests on what the books hold" in capsys.readouterr().err


def test_before_the_outturn_it_follows_the_forecast_at_the_last_month_with_spend(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "40000", "beds", "2023-06-30", partner="icb"))
    # Beds have 135,000 in twelve parts of 11,250: 40,000 to June and nine months of profile. Rehabilitation has
    # 100,000 of it with nothing spent to June: 75,000 of its profile is left.
    assert spend_of_year(pool)["nhs-own"] == 40_000_00 + 101_250_00 + 75_000_00
