"""Every kind of event has a posting template and a worked entry that real books take."""

import inspect
from pathlib import Path

from ledgers.journal import Entry
from pooledfund import templates
from pooledfund.access import Action, Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.pool import Pool
from tools.make_postings_docs import EXAMPLE, PAGE, page
from tools.worked_entries import worked_entries

MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)


def test_the_page_of_postings_is_what_the_templates_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make docs"


def test_every_template_has_a_worked_entry() -> None:
    made = {
        name
        for name, function in inspect.getmembers(templates, inspect.isfunction)
        if not name.startswith("_") and inspect.signature(function).return_annotation is Entry
    }
    assert made == {getattr(worked.template, "__name__", "") for worked in worked_entries()}


def test_every_worked_entry_is_taken_by_the_books_and_they_still_prove(tmp_path: Path) -> None:
    pool = Pool.create(tmp_path / "books.db", read_agreement(EXAMPLE), MANAGER)
    # The opening has used up every contribution, so the budget entries of the page need money to draw on.
    more = [
        templates.agreed_contribution(
            templates.Stamp(pool.agreement.year.first_day, "manager", f"more {each}", "test", f"more/{each}"),
            each,
            pool.agreement.contributions[each].partner,
            1_000_000_00,
        )
        for each in pool.agreement.contributions
    ]
    before = len(pool.books.entries())
    entries = [worked.entry for worked in worked_entries()]
    with pool.writing(Action.POST) as writing:
        writing.record_all(more)
        recorded = writing.record_all(entries)
    assert [each.outcome for each in recorded] == ["recorded"] * len(entries)
    assert len(pool.books.entries()) == before + len(more) + len(entries)
    assert pool.books.verify() == []
