"""The race of the pages runs from end to end: small books, few rounds, no time looked at."""

from pathlib import Path

import pytest

from benchmarks.page_clicks import CLICKS
from benchmarks.race_pages import count_of, page_books, race_first_screen, race_pages, same_texts
from benchmarks.racing import AnswersDiffer
from pooledfund.ui.contents import PAGES

pytestmark = pytest.mark.browser
POSTINGS = 300
RACED = {"pools", "quarter", "contributions", "schemes", "journal", "audit", "risk_share", "reconcile"}


def test_each_page_raced_is_a_page_and_none_is_left_out() -> None:
    pages = {name for group in PAGES.values() for name, _ in group}
    assert {each.page for each in CLICKS} == RACED
    assert pages >= RACED


def test_pages_and_their_constants_say_the_same_and_are_named_with_the_true_number_of_postings(
    tmp_path: Path,
) -> None:
    clicks = [each for each in CLICKS if each.page == "contributions" or each.label == "Older entries"]
    results = [*race_first_screen(tmp_path, POSTINGS, 1), *race_pages(tmp_path, POSTINGS, 1, clicks)]
    held = f"{count_of(page_books(tmp_path, POSTINGS)):,} postings"
    told = [each.name for each in results]
    assert told[::2] == [
        f"first screen from a cold start, pools at {held}",
        *(f"{each.name}, {held}" for each in clicks),
    ]
    assert all(each.startswith("- against ") for each in told[1::2])
    assert all(each.ratio > 0 for each in results)


def test_books_kept_from_before_are_raced_again_and_a_broken_filling_is_not(tmp_path: Path) -> None:
    books = page_books(tmp_path, 25)
    filled = books.stat().st_mtime_ns
    assert page_books(tmp_path, 25) == books
    assert books.stat().st_mtime_ns == filled
    (tmp_path / "pages-50-filling").mkdir()
    with pytest.raises(FileExistsError, match="broken off"):
        page_books(tmp_path, 50)


def test_pages_that_say_other_things_are_not_timed() -> None:
    same_texts("pools", ["a", "b"], ["a", "b"])
    with pytest.raises(AnswersDiffer, match="after click 1 'b' is 'c'"):
        same_texts("pools", ["a", "b"], ["a", "c"])
    with pytest.raises(AnswersDiffer, match="changes no text"):
        same_texts("pools", ["a", "a"], ["a", "a"])
