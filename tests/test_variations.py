"""Variations from a day: approved, tested first, to the penny, and reports by the agreement in force."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.cli import main
from pooledfund.control.close import close_period
from pooledfund.control.settlement import settle
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import (
    ContributionChange,
    VariationRefused,
    contribution_variation,
    vary_agreement,
    vary_contribution,
)
from pooledfund.control.virements import Virement, make_virement
from pooledfund.pool import Pool
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pools import DB, MANAGER, TOWN, imported, pool_of, spent, state_of
from s75_rules.contributions import instalments, rescheduled
from s75_rules.versions import differences

JULY = Approval(date(2023, 7, 1), "JCB 4", "Joint board")


def town(*changes: tuple[str, str]) -> AgreementFile:
    text = TOWN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_agreement_text(text, "town.yaml")


def dues(pool: Pool, contribution: str) -> dict[date, int]:
    """What falls due by day in pence, changes included."""
    found: dict[date, int] = {}
    for recorded in pool.books.entries(book="actual", kind="contribution due"):
        for posting in recorded.entry.postings:
            if posting.contribution == contribution and posting.account == "contribution_income":
                day = recorded.entry.effective_on
                found[day] = found.get(day, 0) - posting.amount_pence
    return found


def test_a_contribution_rises_with_its_line_and_the_instalments_that_are_left(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = dues(pool, "nhs-min")
    varied = vary_contribution(pool, ContributionChange("nhs-min", 10_000_01, {"care": 9_000_00}), JULY)
    assert pool.current_contributions()["nhs-min"] == 1_210_000_08
    assert pool.current_contributions(3)["nhs-min"] == 1_200_000_07
    assert pool.current_budgets()["care", "nhs-min"] == 609_000_00
    after = dues(pool, "nhs-min")
    assert {day for day in after if after[day] != before[day]} == {day for day in before if day >= JULY.effective_on}
    assert sum(after.values()) == 1_210_000_08
    assert [after[day] for day in sorted(after)[3:]] == [101_111_11] * 8 + [101_111_20]
    assert pool.books.verify() == []
    assert all(JULY.minute in pool.books.entry(number).entry.why for number in varied.entries)
    row = next(each for each in monitor(pool, 12).lines if each.line.scheme == "care").line
    assert (row.original_pence, row.changes_pence) == (800_000_00, 9_000_00)
    with pytest.raises(VariationRefused, match="was made before"):
        vary_contribution(pool, ContributionChange("nhs-min", 10_000_01, {"care": 9_000_00}), JULY)


def test_how_a_change_is_met_follows_the_contribution(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    # The ICB keeps what its own lines get; the council's is met by book; an annual grant falls due that day.
    vary_contribution(pool, ContributionChange("nhs-own", 3_000_00, {"beds": 1_000_00}), JULY)
    vary_contribution(pool, ContributionChange("dfg", 12_000_00, {"grant": 12_000_00}), JULY)
    found = {each.contribution: each for each in contribution_position(pool, 12).positions}
    assert (found["nhs-own"].due_pence, found["nhs-own"].own_lines_pence) == (243_000_00, 236_000_00)
    assert (found["dfg"].due_pence, found["dfg"].by_book_pence) == (112_000_00, 112_000_00)
    assert dues(pool, "dfg") == {date(2023, 4, 1): 100_000_00, JULY.effective_on: 12_000_00}


@pytest.mark.parametrize(
    ("change", "approval", "said"),
    [
        (ContributionChange("nhs-min", 1_00, {}), replace(JULY, minute=" "), "needs the minute"),
        (ContributionChange("nhs-min", 1_00, {}), replace(JULY, body=""), "needs the body"),
        (ContributionChange("nhs-min", 0, {}), JULY, "the change is nil"),
        (ContributionChange("none", 1_00, {}), JULY, "'none' is not a contribution"),
        (ContributionChange("la-add", 1_00, {"none": 1_00}), JULY, "'none' is not a scheme line"),
        (ContributionChange("la-add", -1_00, {}), JULY, "has £0.00 on no line, and the change takes £1.00"),
        (ContributionChange("la-add", -1_00, {"rehab": -1_00}), JULY, "rehab has less than £1.00 from la-add"),
        (ContributionChange("dfg", 1_00, {"care": 1_00}), JULY, "capital pays for capital only"),
        (ContributionChange("la-add", 1_00, {}), replace(JULY, effective_on=date(2024, 4, 1)), "is not in 2023/24"),
        (ContributionChange("la-add", 1_00, {}), replace(JULY, effective_on=date(2023, 4, 9)), "M1 is not open"),
    ],
)
def test_what_cannot_be_varied_is_refused_and_changes_nothing(
    tmp_path: Path, change: ContributionChange, approval: Approval, said: str
) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "M1")
    before = state_of(pool)
    with pytest.raises(VariationRefused, match=said):
        vary_contribution(pool, change, approval)
    assert state_of(pool) == before


def test_a_minimum_that_would_no_longer_be_met_stands_against_it(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    varied = vary_contribution(pool, ContributionChange("nhs-min", -1, {"care": -1}), JULY)
    assert [each.id for each in varied.effect.breaks] == ["nhs_minimum"]
    assert varied.event is None
    assert state_of(pool) == before


@given(
    total=st.integers(0, 5_000_000_00),
    from_month=st.integers(1, 12),
    contribution=st.sampled_from(["nhs-min", "nhs-own", "la-add", "dfg"]),
)
def test_rescheduled_instalments_come_to_the_total_and_leave_what_was_due(
    total: int, from_month: int, contribution: str
) -> None:
    agreement = town().agreement
    each = agreement.contributions[contribution]
    posted = {part.due_on: part.due_pence for part in instalments(agreement, contribution)}
    from_day = agreement.year.month_starts(from_month)
    changes = rescheduled(agreement, each, total, posted, from_day)
    assert sum(posted.values()) + sum(changes.values()) == total
    assert all(day >= from_day for day in changes)
    assert rescheduled(agreement, each, sum(posted.values()), posted, from_day) == {}


NEW = (
    ("status: signed", "status: varied"),
    ("amount: 300_000,", "amount: 320_000,"),
    ("funded_by: {la-add: 10_000,", "funded_by: {la-add: 14_000,"),
    ("nhs-min: 600_000, la-add: 200_000}", "nhs-min: 590_000, la-add: 206_000}"),
    ("  pilot:", "  night: {name: Night care, fund: bcf, lead: council, budget: {nhs-min: 10_000}}\n  pilot:"),
    ("reserves:\n", "  disc: {partner: icb, fund: bcf, source: discharge_nhs, amount: 9_000}\nreserves:\n"),
)  # fmt: skip


PILOT = "  pilot: {name: Falls pilot, fund: bcf, lead: council, area_of_spend: social_care}\n"


def budget_of(pool: Pool) -> Mapping[tuple[str, str], int]:
    return {place: pence for place, pence in pool.current_budgets().items() if pence}


def test_a_new_text_changes_posted_budgets_by_entries_and_then_is_in_force(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    make_virement(pool, Virement("care", "equip", "nhs-min", 1_000_00, date(2023, 5, 1), "JCB 1"))
    opened = pool.books.head().number
    as_it_stood = monitor(pool, 6).as_json()
    file = town(*NEW)
    varied = vary_agreement(pool, file, JULY)
    assert pool.agreement == file.agreement
    # The virement stays on top of what the text says.
    assert budget_of(pool)["care", "nhs-min"] == 589_000_00
    assert budget_of(pool)["care", "la-add"] == 206_000_00
    assert budget_of(pool)["night", "nhs-min"] == 10_000_00
    assert pool.current_contributions() == {
        "nhs-min": 1_200_000_07, "nhs-own": 240_000_00, "la-add": 320_000_00, "dfg": 100_000_00, "disc": 9_000_00,
    }  # fmt: skip
    assert memorandum_account(pool, 12).reserves_pence == {"risk": 20_000_00}
    for each in pool.agreement.contributions.values():
        assert sum(dues(pool, each.id).values()) == each.amount.exact_pence
    assert pool.books.verify() == []
    assert varied.effect.differences == differences(town().agreement, file.agreement)
    imported(pool, tmp_path, spent("night", "12000", "night", "2024-03-01"))
    # As of an event before it, everything reads as it did then.
    path = pool._ledger.books.path
    then = Pool.open(path, None, MANAGER, as_of=opened)
    assert monitor(then, 6, opened).as_json() == as_it_stood
    assert Pool.open(path, None, MANAGER).agreement.header.status == "varied"
    with pytest.raises(VariationRefused, match="in force already"):
        vary_agreement(pool, file, JULY)


def test_a_pool_is_settled_by_the_text_in_force(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    vary_agreement(pool, town(("{share: {council: 50, icb: 50}}", "{share: {council: 75, icb: 25}}")), JULY)
    rows = [
        spent(scheme, pounds, scheme, "2024-03-31", partner=lead)
        for scheme, pounds, lead in (
            ("care", "820000", "council"), ("equip", "290000.07", "council"), ("rehab", "500000", "icb"),
            ("beds", "135000", "icb"), ("grant", "100000", "council"),
        )
    ]  # fmt: skip
    imported(pool, tmp_path, *rows)
    assert settle(pool).due.as_json()["borne"] == {"council": "3000.00", "icb": "1000.00"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("  pilot: {name: Falls pilot, fund: bcf, lead: council, area_of_spend: social_care}\n", ""),
            "schemes, pilot",
        ),
        (("id: town-2023-24", "id: other"), "keep the id"),
        (("year: 2023/24", "year: 2024/25"), "open books of its own with init"),
        (("status: signed", "status: draft"), "have it agreed first"),
        (("source: nhs_additional", "source: nhs_minimum"), "nhs-own, source changes within the year"),
        (("opening: 1_000", "opening: 2_000"), "risk, opening changes"),
    ],
)
def test_a_text_that_cannot_follow_is_refused_with_its_reason(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    with pytest.raises(VariationRefused, match=said):
        vary_agreement(pool, town(change), JULY)
    assert state_of(pool) == before


def test_working_a_variation_out_posts_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    assert contribution_variation(pool, ContributionChange("la-add", 5_00, {}), JULY).entries
    assert state_of(pool) == before


def test_the_commands_show_and_post(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool_of(tmp_path)
    books = ("--db", str(tmp_path / DB), "--effective", "2023-07-01", "--minute", "JCB 4", "--body", "Joint board")
    one = ("vary", "--contribution", "la-add", "--amount", "5000", "--line-changes", "care=4000", *books)
    assert main([*one, "--dry-run"]) == 0
    assert "Dry run: nothing was posted." in capsys.readouterr().out
    assert main([*one]) == 0
    assert "la-add        care  200,000.00  204,000.00  4,000.00" in capsys.readouterr().out
    (tmp_path / "a.yaml").write_text(TOWN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(town(*NEW).text, encoding="utf-8")
    assert main(["versions", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]) == 0
    said = capsys.readouterr().out
    assert "- schemes, night\n    before: not there\n    after:  Night care, £10,000.00" in said
    assert "agreement varied, version 1" in said
    assert "- 7.2: the same" in said
    assert main(["vary", "--agreement", str(tmp_path / "b.yaml"), *books]) == 0
    assert "Agreement varied, version 1" in capsys.readouterr().out
    fall = ["vary", "--contribution", "nhs-min", "--amount", "-1", "--line-changes", "care=-1", *books]
    assert main(fall) == 1
    assert main(["vary", *books]) == 2
    assert main(["vary", "--contribution", "la-add", *books]) == 2


FLOOR = "earmarks:\n  care: {name: Care Act duties, sources: nhs_minimum, schemes: [care], at_least: 595_000}\n"


def test_a_variation_that_would_break_a_kept_earmark_stands_against_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path, TOWN + FLOOR)
    before = state_of(pool)
    move = ContributionChange("nhs-own", 1, {"beds": 1})
    assert vary_contribution(pool, move, JULY).effect.earmarks_broken == ()
    assert state_of(pool) != before
    before = state_of(pool)
    call = ["vary", "--contribution", "nhs-min", "--amount", "0.01", "--line-changes", "care=-5000.01,rehab=5000.02",
            "--effective", "2023-07-01", "--minute", "JCB 5", "--body", "JCB", "--db", str(tmp_path / DB)]  # fmt: skip
    assert main(call) == 1
    told = capsys.readouterr().out
    assert "Care Act duties      at least £595,000.00  600,000.00  594,999.99  not met" in told
    assert "Not posted: earmark Care Act duties would no longer be kept. £594,999.99 is planned" in told
    assert main([*call, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["allowed"], document["event"]) == (False, None)
    assert [each["result"] for each in document["earmarks_after"]] == ["not met"]
    assert state_of(pool) == before
    to_the_penny = ContributionChange("nhs-min", 1, {"care": -5_000_00, "rehab": 5_000_01})
    assert vary_contribution(pool, to_the_penny, JULY).event is not None


def test_a_new_text_is_held_against_its_own_earmarks_and_those_it_leaves_out_do_not_bind(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + FLOOR)
    less = ("nhs-min: 600_000, la-add: 200_000}", "nhs-min: 590_000, la-add: 200_000}")
    text = TOWN.replace(*less)
    stopped = vary_agreement(pool, read_agreement_text(text + FLOOR, "town.yaml"), JULY)
    assert [each.earmark.id for each in stopped.effect.earmarks_broken] == ["care"]
    assert (stopped.event, pool.current_budgets()["care", "nhs-min"]) == (None, 600_000_00)
    varied = vary_agreement(pool, read_agreement_text(text, "town.yaml"), JULY)
    assert varied.event is not None
    assert [each.place for each in varied.effect.differences if each.place.startswith("earmarks")] == ["earmarks, care"]
    lower = read_agreement_text(text + FLOOR.replace("595_000", "596_000"), "town.yaml")
    assert vary_agreement(pool, lower, Approval(date(2023, 8, 1), "JCB 6", "Joint board")).event is not None
