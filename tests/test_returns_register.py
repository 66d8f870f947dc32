"""The register of returns: the same again, what changes since, approvals, who may."""

import re
from datetime import date
from pathlib import Path

import pytest

from official_workbooks import make_official, spent_town
from pooledfund.access import NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import vary_agreement
from pooledfund.pool import Pool
from pooledfund.returns.export import export_return
from pooledfund.returns.register import SubmissionRefused, approve_return, replay, submission, submit_return
from pooledfund.returns.registry import variant
from pools import TOWN, as_actor, imported, spent, state_of
from year_of_exampleshire import ROOT

VARIANTS = ROOT / "pooledfund" / "returns" / "variants"


def sent(folder: Path) -> tuple[Pool, int]:
    pool, layout = spent_town(folder), variant("year-end")
    template = make_official(folder / "official.xlsx", layout, 1)
    export_return(pool, layout, folder / "sent.xlsx", template=template)
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
    pool, _ = sent(tmp_path)
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
