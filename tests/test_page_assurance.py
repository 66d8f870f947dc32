"""The pages of conditions, risks, the agreement and audit: figures of the command line, roles, one click."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from books_for_pages import EXAMPLESHIRE, as_json, exampleshire_books, run
from ledgers.place import place_of
from ledgers.store import Books
from pages import again, opened, rows, table, text
from pooledfund.pool import Pool
from pooledfund.results.agreement_texts import agreement_texts
from pools import MANAGER


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


def test_conditions_are_the_command_lines_with_reasons_and_references(books: Path) -> None:
    app = opened("conditions", books)
    report = as_json("conditions", "Q3", books, EXAMPLESHIRE)
    shown = text(app)
    for basis in report["tests"].values():
        for test in basis:
            assert test["because"] in shown
    assert len(rows(table(app, "Minimum spend,"))) == sum(len(basis) for basis in report["tests"].values())
    for condition in report["conditions"]:
        assert condition["title"] in shown
        assert condition["reference"] in shown
    assert "Every minimum test is met" in shown


def test_the_agreement_shows_its_clauses_signatures_and_text(books: Path) -> None:
    app = opened("agreement", books)
    shown = text(app)
    pool = Pool.open(place_of(str(books)), None, MANAGER)
    for clause in pool.agreement.risk_share:
        assert clause.clause in shown
    assert "signed by 2 of 2" in shown
    assert "28/03/2023" in shown
    assert agreement_texts(pool)[-1].text.splitlines()[0] in shown
    assert "The two texts say the same." in shown


def test_two_versions_stand_side_by_side(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    pool = Pool.open(place_of(str(books)), None, MANAGER)
    newer = tmp_path / "newer.yaml"
    newer.write_text(agreement_texts(pool)[0].text.replace("Care Act duties", "Care Act duties and carers"), "utf-8")
    run(["vary", "--agreement", str(newer), "--effective", "2023-07-01", "--minute", "B1", "--body", "Board",
         "--db", str(books)])  # fmt: skip
    app = opened("agreement", books)
    shown = table(app, "What differs: 1 place")
    assert "Care Act duties" in shown
    assert "Care Act duties and carers" in shown
    assert [each.event for each in agreement_texts(pool)] == [1, pool.books.head().number]


def test_the_log_is_filtered_and_an_event_is_shown_whole(books: Path) -> None:
    app = opened("audit", books)
    head = Books.open(place_of(str(books))).pool(EXAMPLESHIRE).head()
    assert f"Rows 1 to {min(50, head.number)} of {head.number}" in text(app)
    app.selectbox(key="event kind").set_value("period closed")
    again(app, books)
    assert len(rows(table(app, "Events, newest first."))) == 3
    app.number_input(key="event of exampleshire-2023-24").set_value(1)
    again(app, books)
    assert "pool opened" in table(app, "Event 1")


def test_the_books_are_proved_and_a_wrong_head_is_found(books: Path) -> None:
    app = opened("audit", books)
    app.button(key="verify").click()
    again(app, books)
    assert "Proved to event" in app.success[0].value
    app.text_input(key="known head").set_value(f"1:{'0' * 64}")
    app.button(key="verify").click()
    again(app, books)
    assert "Broken" in app.error[0].value


@pytest.mark.parametrize("name", ["conditions", "risks", "agreement", "audit", "pools"])
def test_a_role_that_may_not_read_sees_nothing(books: Path, name: str) -> None:
    app: AppTest = opened(name, books, "administrator")
    assert "may not read" in text(app)
    assert not app.html[-1].value.count("<table")
