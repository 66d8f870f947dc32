"""Commentary, measures and milestones: kept with their history, judged by direction, shown beside the money."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from pooledfund.access import NotAllowed, Role
from pooledfund.errors import InputRefused
from pooledfund.intake.narrative import COMMENTARY, MEASURES, MILESTONES
from pooledfund.intake.personal import nhs_number_in
from pooledfund.intake.told import Taken, take_call, take_file
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.results.narrative import narrative_at
from pools import TOWN, as_actor, csv_file, pool_of, state_of
from s75_rules.outcomes import against_target
from s75_rules.plan import Measure

PLAN = """\
measures:
  home: {name: At home after 91 days, unit: "%", direction: higher_is_better, target: "85.9"}
  delays: {name: Delayed transfers, direction: lower_is_better, target: "2.5%", proxy_for: home}
milestones:
  teams: {name: Teams in place, due: Q1}
  hub: {name: Hub open, due: 2023-12-01}
  review: {name: Review, due: ongoing}
"""


def planned(folder: Path) -> Pool:
    text = TOWN.replace(
        "area_of_spend: social_care}\nminimums", "area_of_spend: social_care, measures: [home]}\nminimums"
    )
    return pool_of(folder, text + PLAN)


def told(pool: Pool, period: str, **cells: str) -> Taken:
    telling = {"commentary": COMMENTARY, "measure": MEASURES, "milestone": MILESTONES}
    kind = next(name for name in telling if name in cells)
    return take_call(pool, telling[kind], {"period": period, **cells})


def test_commentary_keeps_its_history_and_stands_by_month(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    told(pool, "Q1", scheme="care", commentary="Agency rates rose", action="Recruit", owner="head of care")
    first = pool.books.head().number
    again = {"scheme": "care", "commentary": "Agency rates rose sharply", "action": "Recruit", "owner": "head of care"}
    assert told(pool, "Q1", **again) == Taken(1, 0)
    assert told(pool, "Q1", **again) == Taken(0, 1)
    (now,) = narrative_at(pool, 3).comments
    assert (now.commentary, now.owner, now.earlier) == ("Agency rates rose sharply", "head of care", (first,))
    (then,) = narrative_at(pool, 3, first).comments
    assert then.commentary == "Agency rates rose"
    assert narrative_at(pool, 6).comments == ()


def test_a_measure_shows_its_last_reading_with_its_age_and_the_one_before(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    told(pool, "Q1", measure="home", value="84%")
    told(pool, "Q2", measure="home", value="86.1")
    home, delays = narrative_at(pool, 9).measures
    assert (home.value, home.month, home.previous, home.result) == ("86.1", 6, "84%", "met")
    assert (delays.value, delays.result, delays.name) == (
        None,
        "not available",
        "Delayed transfers (stands in for home)",
    )
    (home, _) = narrative_at(pool, 3).measures
    assert (home.reading, home.target, home.result) == ("84%", "at least 85.9%", "not met")


@pytest.mark.parametrize(
    ("direction", "target", "value", "result"),
    [
        ("lower_is_better", "2.5%", "2.5", "met"),
        ("lower_is_better", "2.5%", "3.5", "not met"),
        ("lower_is_better", "-1", "-1.2", "met"),
        ("maintain", "1,250", "1250", "met"),
        ("maintain", "7", "8", "not met"),
        (None, "7", "8", "no direction"),
        ("higher_is_better", None, "8", "no target"),
        ("higher_is_better", "most of them", "8", "not a number"),
    ],
)
def test_the_direction_says_what_meets_a_target(
    direction: str | None, target: str | None, value: str, result: str
) -> None:
    assert (
        against_target(
            Measure.model_validate({"id": "m", "name": "m", "direction": direction, "target": target}), value
        )
        == result
    )


def test_a_milestone_is_overdue_when_its_day_has_passed_undone(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    told(pool, "Q1", milestone="teams", status="at risk", note="One post is vacant")
    told(pool, "Q2", milestone="teams", status="done", done_on="2023-08-01")
    assert [each.in_words for each in narrative_at(pool, 3).milestones] == [
        "at risk, overdue",
        "not reported",
        "not reported",
    ]
    assert [each.in_words for each in narrative_at(pool, 9).milestones] == [
        "done", "not reported, its day has passed", "not reported"
    ]  # fmt: skip


NHS = "943 476 5919"


@pytest.mark.parametrize(
    ("period", "cells", "said"),
    [
        ("Q1", {"scheme": "none", "commentary": "x"}, "'none' is not a scheme line"),
        ("Q1", {"scheme": "care", "commentary": f"patient {NHS}"}, "valid NHS number"),
        ("Q1", {"scheme": "care", "commentary": "x", "action": f"{NHS}", "owner": "o"}, "valid NHS"),
        ("Q1", {"scheme": "care", "commentary": "x", "owner": "Mrs Jones"}, "is a person: name the post"),
        ("Q1", {"scheme": "care", "commentary": "x", "owner": "j.jones@town.gov.uk"}, "is a person"),
        ("Q1", {"scheme": "care", "commentary": "x", "action": "do it"}, "an action has an owner"),
        ("Q1", {"scheme": "care", "commentary": "x", "due": "soon"}, "'soon' is not a date"),
        ("Q7", {"scheme": "care", "commentary": "x"}, "'Q7' is not a period"),
        ("Q1", {"scheme": "care", "commentary": "x" * 4001}, "4,001 characters"),
        ("Q1", {"measure": "none", "value": "1"}, "'none' is not a measure"),
        ("Q1", {"milestone": "hub", "status": "nearly"}, "'nearly' is not one of not started"),
        ("Q1", {"milestone": "hub", "status": "on track", "done_on": "2023-05-01"}, "say done"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(tmp_path: Path, period: str, cells: dict[str, str], said: str) -> None:
    pool = planned(tmp_path)
    before = state_of(pool)
    with pytest.raises(InputRefused, match=said):
        told(pool, period, **cells)
    assert state_of(pool) == before


def test_ten_digits_are_refused_only_where_their_check_digit_is_that_of_an_nhs_number() -> None:
    assert nhs_number_in("see 9434765919.")
    assert nhs_number_in("943-476-5919")
    assert not nhs_number_in("order 9434765918 and invoice 94347659190, £1,234,567,890")


def test_every_fault_of_a_file_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    header = (*COMMENTARY.columns, "owner")
    rows = [
        ["Q1", "care", "fine", ""],
        ["Q1", "none", "x", ""],
        ["Q1", "care", "twice", ""],
        ["Q9", "equip", "x", "Dr Who"],
    ]
    before = state_of(pool)
    with pytest.raises(InputRefused) as refusal:
        take_file(pool, COMMENTARY, csv_file(tmp_path, "c.csv", header, *rows))
    assert [sentence.split(": ")[0] for sentence in refusal.value.sentences] == ["c.csv:3", "c.csv:4", "c.csv:5"]
    assert state_of(pool) == before


def test_a_person_comments_on_lines_of_their_own(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    manager = as_actor(pool, Role.SCHEME_MANAGER, "council", ("care",))
    assert told(manager, "Q1", scheme="care", commentary="On budget").new == 1
    with pytest.raises(NotAllowed):
        told(as_actor(pool, Role.AUDITOR), "Q1", scheme="care", commentary="x")
    with pytest.raises(InputRefused, match="not one of their lines"):
        told(manager, "Q1", scheme="equip", commentary="x")
    with pytest.raises(InputRefused, match="not one of their lines"):
        told(manager, "Q1", measure="home", value="1")
    with pytest.raises(InputRefused, match="only of their own partner"):
        told(as_actor(pool, Role.PARTNER_FINANCE, "icb"), "Q1", scheme="care", commentary="x")


def test_the_pack_shows_what_was_told_as_text(tmp_path: Path) -> None:
    pool = planned(tmp_path)
    told(pool, "Q1", scheme="care", commentary="=1+1 more than planned")
    told(pool, "Q1", measure="home", value="84")
    write_pack(pool, 3, tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    cells = {name: [cell for row in book[name].iter_rows() for cell in row if cell.value] for name in book.sheetnames}
    (comment,) = (cell for cell in cells["Commentary"] if cell.value == "=1+1 more than planned")
    assert comment.data_type == "s"
    assert {"84%", "at least 85.9%", "not met"} <= {cell.value for cell in cells["Measures"]}
    assert "not reported, its day has passed" in {cell.value for cell in cells["Milestones"]}
