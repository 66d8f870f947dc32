"""The register of returns: the same again, what changes since, approvals, who may."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from official_workbooks import make_official, spent_town
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import vary_agreement
from pooledfund.pool import Pool
from pooledfund.returns.due import returns_due
from pooledfund.returns.export import export_return
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.reading import read_return
from pooledfund.returns.register import (
    SubmissionRefused,
    approve_return,
    replay,
    submission,
    submissions,
    submit_return,
)
from pooledfund.returns.registry import variant
from pooledfund.returns.replaying import fill_again
from pools import TOWN, as_actor, imported, pool_of, spent, state_of
from s75_rules.clock import day_in_england
from year_of_exampleshire import ROOT

VARIANTS = ROOT / "pooledfund" / "returns" / "variants"


def written(folder: Path) -> Pool:
    """A pool, the blank workbook of its year-end return, and the same filled."""
    pool, layout = spent_town(folder), variant("year-end")
    template = make_official(folder / "official.xlsx", layout, 1)
    export_return(pool, layout, folder / "sent.xlsx", template=template)
    return pool


def sent(folder: Path) -> tuple[Pool, int]:
    pool = written(folder)
    return pool, submit_return(pool, "year-end", folder / "sent.xlsx", 12, {"council": date(2024, 5, 20)}).event


def test_a_sent_return_is_the_same_again_and_shows_what_later_postings_change(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    assert replay(pool, event).differs == replay(pool, event).since == ()
    imported(pool, tmp_path, spent("ref-care", "0.01", "care", "2024-03-31"), name="late.csv")
    again = replay(pool, event)
    assert again.differs == ()
    assert [each.what for each in again.since] == ["total actual_expenditure"]
    books = again.submission.books_event
    template = tmp_path / "official.xlsx"
    export_return(pool, variant("year-end"), tmp_path / "again.xlsx", template=template, as_of=books)
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sent.xlsx").read_bytes()


def test_a_later_text_of_the_agreement_changes_nothing_that_was_sent_and_is_shown(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    newer = read_agreement_text(TOWN.replace("la-add: 200_000}}", "la-add: 150_000}}"), "newer.yaml")
    vary_agreement(pool, newer, Approval(date(2023, 10, 1), "JCB 9", "Board"))
    again = replay(pool, event)
    assert again.differs == ()
    assert {each.what for each in again.since} == {"total planned_expenditure"}


def test_what_newer_rules_make_of_a_sent_return_is_shown_figure_by_figure(tmp_path: Path) -> None:
    rules = tmp_path / "our-year-end.yaml"
    text = (VARIANTS / "year-end.yaml").read_text(encoding="utf-8")
    assert "minimum_sources: [" in text
    rules.write_text(text, encoding="utf-8")
    pool, layout = spent_town(tmp_path), variant(str(rules))
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    export_return(pool, layout, tmp_path / "sent.xlsx", template=template)
    event = submit_return(pool, str(rules), tmp_path / "sent.xlsx", 12, {}).event
    assert replay(pool, event).differs == ()
    # A later release counts the grant for adaptations among the additional money.
    rules.write_text(re.sub(r"minimum_sources: \[dfg, ", "minimum_sources: [", text), encoding="utf-8")
    variant.cache_clear()
    again = replay(pool, event)
    changed = {each.what for each in again.differs}
    assert changed == {"minimum_subtotal planned_income", "minimum_subtotal actual_income"}
    assert all(each.then != each.now for each in again.differs)
    assert again.since == ()


def test_an_approval_may_come_later(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    before = pool.books.head().number
    approve_return(pool, event, "Health and Wellbeing Board", date(2024, 7, 1), "item 7")
    assert [each.body for each in submission(pool, event).approvals] == ["Health and Wellbeing Board"]
    assert submission(pool, event, before).approvals == ()


def test_a_workbook_with_other_figures_is_registered_only_with_a_reason(tmp_path: Path) -> None:
    pool = written(tmp_path)
    imported(pool, tmp_path, spent("ref-care", "10", "care", "2024-03-31"), name="late.csv")
    before = state_of(pool)
    with pytest.raises(SubmissionRefused, match="does not show the figures of the books"):
        submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {})
    assert state_of(pool) == before
    kept = submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {}, "sent before the late invoice")
    assert kept.differs
    assert kept.because == "sent before the late invoice"


def test_only_the_manager_registers_a_return(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    for role in set(Role) - {Role.POOLED_FUND_MANAGER}:
        other = as_actor(pool, role, "icb")
        with pytest.raises(NotAllowed):
            submit_return(other, "year-end", tmp_path / "sent.xlsx", 12, {})
        with pytest.raises(NotAllowed):
            approve_return(other, event, "Health and Wellbeing Board", date(2024, 7, 1), "item 7")


def test_the_very_file_is_registered_once_for_a_month(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    before = state_of(pool)
    with pytest.raises(SubmissionRefused, match=f"registered as year-end for M12 already, by manager as event {event}"):
        submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {})
    assert state_of(pool) == before


def test_two_people_who_register_the_very_file_at_once_register_it_once(tmp_path: Path) -> None:
    pool = written(tmp_path)
    books, both = pool.books.books.path, Barrier(2)

    def register(name: str) -> int | None:
        own = Pool.open(books, None, Actor(name, Role.POOLED_FUND_MANAGER))
        both.wait()
        try:
            return submit_return(own, "year-end", tmp_path / "sent.xlsx", 12, {}).event
        except SubmissionRefused:
            return None

    with ThreadPoolExecutor(2) as two:
        events = list(two.map(register, ("ann", "bob")))
    assert [each.event for each in submissions(pool)] == [each for each in events if each]
    assert events.count(None) == 1


def test_a_day_that_is_still_to_come_is_refused(tmp_path: Path) -> None:
    pool = written(tmp_path)
    later = day_in_england(pool.clock()) + timedelta(days=1)
    with pytest.raises(SubmissionRefused, match="the day on which the return was sent is given as"):
        submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {}, sent_on=later)
    with pytest.raises(SubmissionRefused, match="the day on which council signed is given as"):
        submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {"council": later})


DATED = (
    TOWN
    + """\
reporting:
  returns:
    - {return: quarterly-2023-25, period: Q2, due: 2023-10-31, by: midday}
    - {return: year-end, due: 2024-05-23, by: midday}
"""
)


def test_what_is_due_is_told_from_the_register(tmp_path: Path) -> None:
    pool, layout = pool_of(tmp_path, DATED), variant("year-end")

    def states(day: datetime) -> dict[str, str]:
        return {each.return_id: each.state for each in returns_due(pool, day)}

    quarterly, year_end = "quarterly-2023-25", "year-end"
    noon = datetime(2023, 10, 31, 12, tzinfo=UTC)
    assert states(noon) == {quarterly: "not begun", year_end: "not begun"}
    assert states(noon + timedelta(seconds=1)) == {quarterly: "late", year_end: "not begun"}
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    for day, state in ((date(2024, 5, 24), "submitted late"), (date(2024, 5, 23), "submitted")):
        imported(pool, tmp_path, spent(f"ref-{day}", "10", "care", f"2024-03-{day.day}"), name=f"{day}.csv")
        export_return(pool, layout, tmp_path / "sent.xlsx", template=template)
        submit_return(pool, year_end, tmp_path / "sent.xlsx", 12, {}, sent_on=day)
        assert states(noon) == {quarterly: "not begun", year_end: state}
    # A return of another quarter is not the one that was due.
    template = make_official(tmp_path / "quarter.xlsx", variant(quarterly), 1)
    for month, state in ((3, "not begun"), (6, "submitted")):
        export_return(pool, variant(quarterly), tmp_path / "q.xlsx", template=template, month=month)
        submit_return(pool, quarterly, tmp_path / "q.xlsx", month, {}, sent_on=date(2023, 10, 31))
        assert states(noon)[quarterly] == state


def test_a_return_filled_again_is_the_very_file_or_its_cells_are_named(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    newer = read_agreement_text(TOWN.replace("source: dfg, amount: 100_000", "source: dfg, amount: 120_000"), "n.yaml")
    vary_agreement(pool, newer, Approval(date(2023, 10, 1), "JCB 9", "Board"))
    imported(pool, tmp_path, spent("ref-care", "0.01", "care", "2024-03-31"), name="late.csv")
    again = fill_again(pool, event, tmp_path / "again.xlsx", tmp_path / "official.xlsx", tmp_path / "sent.xlsx")
    assert again.same
    assert again.unlike == ()
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sent.xlsx").read_bytes()
    with pytest.raises(SubmissionRefused, match=r"official\.xlsx is not the file that was registered at event"):
        fill_again(pool, event, tmp_path / "x.xlsx", None, tmp_path / "official.xlsx")
    assert not fill_again(pool, event, tmp_path / "own.xlsx").same


def test_a_cell_that_a_person_wrote_before_sending_is_named_when_it_is_filled_again(tmp_path: Path) -> None:
    pool, layout = written(tmp_path), variant("year-end")
    book = ExcelFile.open(tmp_path / "sent.xlsx")
    key = ("dfg", "actual_income")
    cell = read_return(book, layout).cells[key]
    fill(book, {cell.sheet: {cell.place: Decimal(7)}}).save(tmp_path / "by-hand.xlsx")
    event = submit_return(pool, "year-end", tmp_path / "by-hand.xlsx", 12, {}, "counted at the bank").event
    again = fill_again(pool, event, tmp_path / "again.xlsx", tmp_path / "official.xlsx", tmp_path / "by-hand.xlsx")
    assert not again.same
    assert again.unlike is not None
    assert f"{cell}: 7 was sent, 100,000 is filled again" in [str(each) for each in again.unlike]


def test_only_who_may_take_copies_fills_a_return_again(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    for role in (Role.BOARD_READER, Role.SCHEME_MANAGER):
        with pytest.raises(NotAllowed):
            fill_again(as_actor(pool, role), event, tmp_path / "again.xlsx", tmp_path / "official.xlsx")
    assert not (tmp_path / "again.xlsx").exists()
    assert fill_again(as_actor(pool, Role.AUDITOR), event, tmp_path / "x.xlsx", tmp_path / "official.xlsx").same
