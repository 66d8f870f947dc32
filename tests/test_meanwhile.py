"""Two people at once: an edit rests on what was read, a deputy's sign-off says so, and what was typed is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from books_for_pages import EXAMPLESHIRE, run
from ledgers.place import place_of
from pages import again, opened, text
from pooledfund.access import Actor, Role
from pooledfund.control.checklist import checklist
from pooledfund.control.period import explain_suspense, period_of, sign, signed, waive
from pooledfund.control.reconciling.balances import agree_balances
from pooledfund.control.submissions import agree_submission
from pooledfund.intake.forecasts import ForecastsEntered, enter_forecast
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.suspense import assign, open_items
from pooledfund.intake.tables import FileRefused
from pooledfund.intake.told import Taken, take_call
from pooledfund.people import drafts
from pooledfund.people.database import People, people_place
from pooledfund.people.sessions import sign_out
from pooledfund.pool import Pool
from pooledfund.results.narrative import comments_of
from pooledfund.results.submissions import submission_status
from pooledfund.ui.who import TOKEN
from pools import MANAGER, TOWN, as_actor, imported, pool_of, spent, state_of
from test_suspense import ROWS, waiting
from year_of_exampleshire import EXAMPLE

FIRST = "commentary Q1 S1"


def comment(pool: Pool, words: str, read: int | None) -> Taken:
    return take_call(pool, COMMENTARY, {"period": "Q1", "scheme": "care", "commentary": words}, expected_event=read)


def test_a_commentary_that_changed_since_it_was_read_is_not_written_over(tmp_path: Path) -> None:
    kim = pool_of(tmp_path)
    lee = Pool(kim._ledger, Actor("lee", Role.POOLED_FUND_MANAGER))
    assert comment(lee, "Lee's words", 0) == Taken(1, 0)
    first = comments_of(kim, 3)["care"].event
    before = state_of(kim)
    for read in (0, first - 1):
        with pytest.raises(ChangedMeanwhile, match=rf"commentary on M3, care was changed by lee .* event {first}"):
            comment(kim, "Kim's words", read)
    assert state_of(kim) == before
    assert comment(kim, "Lee's words", 0) == Taken(0, 1), "the same words are no conflict"
    assert comment(kim, "Kim's words", first) == Taken(1, 0)
    assert comment(lee, "A file says what it says", None) == Taken(1, 0)


def test_a_forecast_that_changed_since_it_was_read_is_not_written_over(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    assert enter_forecast(pool, "Q1", "care", "900,000", expected_event=0) == ForecastsEntered(1, 0)
    (event,) = pool.books.events(kind="forecast entered")
    before = state_of(pool)
    with pytest.raises(ChangedMeanwhile, match="the forecast of care at M3 was changed by"):
        enter_forecast(pool, "Q1", "care", "950000", expected_event=0)
    with pytest.raises(FileRefused, match="is not a scheme line"):
        enter_forecast(pool, "Q1", "caer", "950000")
    assert state_of(pool) == before
    assert enter_forecast(pool, "Q1", "equip", "1000", expected_event=0).new == 1, "another line is another subject"
    assert enter_forecast(pool, "Q1", "care", "950000", expected_event=event.number).new == 1


def test_figures_are_neither_agreed_nor_signed_unseen(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    lead = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council")
    shown = next(each for each in submission_status(pool, 2) if each.partner == "council").figure_pence
    read = checklist(pool, "Q1").figures
    imported(pool, tmp_path, spent("B", "50"), name="more.csv")
    before = state_of(pool)
    with pytest.raises(ChangedMeanwhile, match=r"M2 of council is £150\.00 now and not £100\.00"):
        agree_submission(lead, "council", 2, expected_pence=shown)
    with pytest.raises(ChangedMeanwhile, match="the figures of Q1 have changed"):
        sign(lead, period_of("Q1"), "agreed", expected_figures=read)
    assert state_of(pool) == before
    assert agree_submission(lead, "council", 2, expected_pence=150_00).state == "agreed"
    sign(lead, period_of("Q1"), "agreed", expected_figures=checklist(pool, "Q1").figures)


def test_a_deputys_name_says_in_whose_place_it_stands(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    lead = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council")
    deputy = Pool(pool._ledger, replace(lead.actor, name="dee", deputy_for="lee"))
    assert agree_submission(deputy, "council", 2).agreed_by == "dee, deputy for lee"
    sign(deputy, period_of("Q1"), "agreed")
    assert [(each.who, each.by) for each in signed(pool, period_of("Q1"))] == [("dee", "dee, deputy for lee")]
    sign(lead, period_of("Q1"), "agreed")
    assert [each.by for each in signed(pool, period_of("Q1"))] == [lead.actor.name]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    books = tmp_path / "exampleshire.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    return books


def manager(books: Path, login: str) -> AppTest:
    app = opened("quarter", books, "pooled_fund_manager", login)
    app.selectbox(key="comment line").set_value("S1")
    return again(app, books)


def field(app: AppTest, part: str) -> str:
    """The key of a field, whatever event it was drawn at."""
    areas = [*app.text_area, *app.text_input]
    return next(str(each.key) for each in areas if str(each.key).startswith(f"{FIRST}:{part} at "))


def test_what_was_typed_is_kept_and_comes_back(books: Path) -> None:
    app = manager(books, "kim")
    app.text_area(key=field(app, "commentary")).set_value("Agency rates ro")
    again(app, books)
    kept = drafts.of(People.at(people_place(books)), "kim", EXAMPLESHIRE)
    assert {each: (draft.text, draft.based_on) for each, draft in kept.items()} == {
        f"{FIRST}: commentary": ("Agency rates ro", 0)
    }
    back = manager(books, "kim")
    assert back.text_area(key=field(back, "commentary")).value == "Agency rates ro"
    assert "Your draft is kept" in text(back)
    assert manager(books, "lee").text_area(key=field(app, "commentary")).value == ""


def test_two_who_write_on_one_line_lose_nothing(books: Path) -> None:
    kim, lee = manager(books, "kim"), manager(books, "lee")
    kim.text_area(key=field(kim, "commentary")).set_value("Kim's words")
    again(kim, books)
    lee.text_area(key=field(lee, "commentary")).set_value("Lee's words")
    lee.button(key=f"{FIRST} record").click()
    again(lee, books)
    assert "is recorded" in str(lee.success[0].value)
    kim.button(key=f"{FIRST} record").click()
    again(kim, books)
    assert "was changed by lee" in str(kim.error[0].value)
    assert "Lee's words" in str(kim.warning[0].value)
    assert kim.text_area(key=field(kim, "commentary")).value == "Kim's words"
    assert written(books) == "Lee's words"
    kim.button(key=f"{FIRST} keep").click()
    again(kim, books)
    assert not kim.warning
    kim.button(key=f"{FIRST} record").click()
    again(kim, books)
    kim.button(key=f"{FIRST} record").click()
    again(kim, books)
    assert "stood already" in str(kim.success[0].value), "a second click writes nothing"
    assert written(books) == "Kim's words"
    assert drafts.of(People.at(people_place(books)), "kim", EXAMPLESHIRE) == {}


def test_a_session_that_ended_keeps_the_draft_and_writes_nothing(books: Path) -> None:
    app = manager(books, "kim")
    app.text_area(key=field(app, "commentary")).set_value("Before it ended")
    again(app, books)
    sign_out(People.at(people_place(books)), str(app.session_state[TOKEN]))
    app.button(key=f"{FIRST} record").click()
    again(app, books)
    assert "You are signed out. Nothing was written since, and your drafts are kept." in " ".join(text(app).split())
    assert app.session_state["refused"] == "You are signed out. Nothing was done: sign in and do it again."
    assert written(books) is None
    assert len(drafts.of(People.at(people_place(books)), "kim", EXAMPLESHIRE)) == 1


def written(books: Path) -> str | None:
    """The commentary that the books hold on the first line."""
    found = comments_of(Pool.open(place_of(str(books)), None, MANAGER), 3).get("S1")
    return found.commentary if found else None


Deed = Callable[[Pool, str, int], int]


def told_once(pool: Pool, do: Deed) -> None:
    """The very same is told once, and nobody replaces what somebody else told since they read."""
    lee, read = Pool(pool._ledger, Actor("lee", Role.POOLED_FUND_MANAGER)), pool.books.head().number
    first = do(lee, "council finance", read)
    assert do(pool, "council finance", read) == first
    before = state_of(pool)
    with pytest.raises(ChangedMeanwhile, match=rf"was changed by lee on .*, event {first}, after you had read it"):
        do(pool, "another word", read)
    assert state_of(pool) == before
    assert do(pool, "another word", first) > first


def test_what_is_said_of_suspense_and_balances_is_told_once_and_not_replaced_unseen(tmp_path: Path) -> None:
    pool, quarter = waiting(tmp_path, ROWS[0]), period_of("Q1")
    (item,) = open_items(pool)
    told_once(pool, lambda one, words, read: explain_suspense(one, quarter, words, expected_event=read))
    told_once(pool, lambda one, words, read: assign(one, item.number, words, expected_event=read))
    told_once(
        pool,
        lambda one, words, read: agree_balances(one, "icb", 9, {("receivable", ""): len(words)}, expected_event=read),
    )


def test_a_waiver_is_told_once_and_not_replaced_unseen(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + "close: {requires: [commentary]}\n")
    told_once(pool, lambda one, words, read: waive(one, period_of("Q1"), "commentary", words, expected_event=read))


def test_suspense_is_not_explained_on_figures_that_were_not_read(tmp_path: Path) -> None:
    pool = waiting(tmp_path, ROWS[0])
    figures = checklist(pool, "Q1").figures
    imported(pool, tmp_path, spent("B", "5"), name="later.csv")
    with pytest.raises(ChangedMeanwhile, match="nothing was explained"):
        explain_suspense(pool, period_of("Q1"), "coding errors", expected_figures=figures)
