"""The front end's states and figures, run as Streamlit runs it but without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import pages
from books_for_pages import EXAMPLESHIRE, KENT, as_json, exampleshire_books, run, why_printed
from ledgers.money import parse_pounds, pounds
from ledgers.store import Books
from pages import again, exact, markup, table, text
from pooledfund.ui.figures import in_millions, in_unit
from pooledfund.ui.serve import LOCAL, free_port
from pooledfund.ui.server import options
from year_of_exampleshire import ROOT


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q3")


def opened(books: Path, role: str = "auditor") -> AppTest:
    return pages.opened("quarter", books, role)


def row(markup: str, heading: str) -> str:
    return next(part for part in markup.split("<tr>")[1:] if f'<th scope="row">{heading}' in part)


def test_without_books_the_page_says_what_to_run(tmp_path: Path) -> None:
    shown = text(opened(tmp_path / "none.db"))
    assert "There are no books at none.db yet." in shown
    assert "pooledfund demo" in shown
    assert "pooledfund init" in shown


def test_books_without_a_pool_say_how_to_add_one(tmp_path: Path) -> None:
    Books.create(tmp_path / "empty.db")
    shown = text(opened(tmp_path / "empty.db"))
    assert "hold no pool yet" in shown
    assert "pooledfund init" in shown


def test_a_file_that_is_no_books_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear treasurer", encoding="utf-8")
    shown = text(opened(tmp_path / "letter.db"))
    assert "The books cannot be shown." in shown
    assert "letter.db" in shown


def test_a_role_that_may_not_read_sees_no_figure(books: Path) -> None:
    app = opened(books, "administrator")
    assert "may not read" in text(app)
    assert not exact(markup(app))


def test_a_board_reader_reads_but_takes_no_copies(books: Path) -> None:
    app = opened(books, "board_reader")
    assert exact(markup(app))
    assert not app.get("download_button")
    assert any("may not take copies" in box.value for box in app.info)


def test_the_page_opens_at_the_last_quarter_with_spend(books: Path) -> None:
    app = opened(books)
    assert app.selectbox(key="quarter").value == 3
    assert [title.value for title in app.title] == ["Q3: October to December 2023 (M9)"]
    assert len(app.get("download_button")) == 3


def test_every_money_figure_of_the_monitoring_table_is_the_command_lines(books: Path) -> None:
    figures = as_json("monitor", "Q3", books, EXAMPLESHIRE)
    shown = table(opened(books), "Monitoring by scheme line")
    money = (
        "original_budget",
        "contribution_changes",
        "virements",
        "current_budget",
        "budget_to_date",
        "actual_to_date",
        "variance_to_date",
        "forecast_outturn",
        "forecast_variance",
        "movement_since_last_quarter",
    )
    for line in (*figures["lines"], figures["total"]):
        heading = "Total of the pool" if line["scheme"] == "total" else f"{line['scheme']} "
        of_row = row(shown, heading)
        assert exact(of_row) == [line[key] for key in money]
        assert f"{line['forecast_variance_percent']}%" in of_row
        assert f"<small>{line['forecast_variance_in_words']}</small>" in of_row
    assert all(line["rag"] in row(shown, f"{line['scheme']} ") for line in figures["lines"])


def test_who_bears_what_is_the_command_lines_with_every_sentence(books: Path) -> None:
    share = as_json("risk-share", "Q3", books, EXAMPLESHIRE)
    app = opened(books)
    shown = table(app, "Who bears what, projected")
    for name, partner in (("Exampleshire Council", "council"), ("NHS Exampleshire ICB", "icb")):
        assert exact(row(shown, name)) == list(share["partners"][partner].values())
    assert exact(row(table(app, "Reserves, projected"), "risk")) == [share["reserves"]["risk"]]
    why = why_printed("Q3", books, EXAMPLESHIRE)
    # A step of several lines is said once, with each line's part under it: no fewer parts than rows of the trace.
    assert len(why) >= len(share["trace"])
    for sentence in why:
        assert sentence in text(app)


def test_what_meets_the_variance_adds_up_to_it(books: Path) -> None:
    rows = table(opened(books), "How the variance is met")
    *parts, variance = [parse_pounds(figure) for figure in exact(rows)]
    assert len(parts) >= 2
    assert sum(parts) == variance


def test_another_quarter_shows_its_own_figures(books: Path) -> None:
    app = opened(books)
    app.selectbox(key="quarter").set_value(1)
    again(app, books)
    total = as_json("monitor", "Q1", books, EXAMPLESHIRE)["total"]
    assert exact(row(table(app, "Monitoring by scheme line"), "Total of the pool"))[5] == total["actual_to_date"]
    assert "first report of the year" in text(app)


def test_the_chart_of_the_year_ends_in_the_tables_figures(books: Path) -> None:
    total = as_json("monitor", "Q3", books, EXAMPLESHIRE)["total"]
    shown = table(opened(books), "Budget, actual and forecast")
    assert exact(row(shown, "M9"))[:2] == [total["budget_to_date"], total["actual_to_date"]]
    assert exact(row(shown, "M12")) == [total["current_budget"], total["forecast_outturn"]]


def test_contributions_and_tests_are_the_command_lines(books: Path) -> None:
    app = opened(books)
    due = as_json("contributions", "Q3", books, EXAMPLESHIRE)["total"]
    assert exact(row(table(app, "Contributions to the end of M9"), "All contributions"))[-2:] == [
        due["received_to_date"],
        due["overdue"],
    ]
    tests = as_json("conditions", "Q3", books, EXAMPLESHIRE)["tests"]
    shown = table(app, "Minimum spend")
    assert exact(shown)[1::3] == [test["planned"] for basis in tests.values() for test in basis]


def test_pounds_to_the_penny_are_shown_on_request(books: Path) -> None:
    app = opened(books)
    app.selectbox(key="unit").set_value("£")
    again(app, books)
    total = as_json("monitor", "Q3", books, EXAMPLESHIRE)["total"]
    shown = table(app, "Monitoring by scheme line at the end of Q3 (M9), £")
    assert f">{in_unit(parse_pounds(total['actual_to_date']), '£')}</data>" in shown


def test_books_with_two_pools_show_the_one_that_is_chosen(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "two.db", through="Q1")
    run(["init", str(KENT / "agreement.yaml"), "--db", str(books)])
    app = opened(books)
    choice = app.selectbox(key="pool")
    assert len(choice.options) == 2
    choice.set_value("kent-2016-17")
    again(app, books)
    assert [title.value for title in app.title] == ["Q1: April to June 2016 (M3)"]
    assert "Kent Better Care Fund 2016/17" in text(app)
    assert "illustrative" in text(app)


def test_a_new_event_is_seen_without_a_restart(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "moving.db", through="Q1")
    app = opened(books)
    before = re.search(r"Books at event (\d+)", text(app))
    run(["reopen", "M3", "--reason", "late invoice", "--db", str(books)])
    after = re.search(r"Books at event (\d+)", text(again(app, books)))
    assert before
    assert after
    assert int(after[1]) == int(before[1]) + 1


def test_names_from_an_agreement_are_escaped(tmp_path: Path) -> None:
    hostile = (ROOT / "examples" / "exampleshire_2023_24" / "agreement.yaml").read_text(encoding="utf-8")
    hostile = hostile.replace("name: Care Act duties", 'name: "<img src=x onerror=alert(1)>"')
    (tmp_path / "agreement.yaml").write_text(hostile, encoding="utf-8")
    run(["init", str(tmp_path / "agreement.yaml"), "--db", str(tmp_path / "books.db")])
    shown = markup(opened(tmp_path / "books.db"))
    assert "&lt;img src=x" in shown
    assert "<img" not in shown


def test_every_table_has_a_caption_and_scoped_headings(books: Path) -> None:
    for shown in markup(opened(books)).split("<table")[1:]:
        assert "<caption>" in shown
        assert all('scope="' in heading for heading in re.findall(r"<th\b[^>]*>", shown))


@pytest.mark.parametrize(
    ("pence", "thousands", "exactly", "millions"),
    [
        (0, "0", "0.00", "nil"),
        (49_999, "<1", "499.99", "£499.99"),
        (50_000, "1", "500.00", "£0.001m"),
        (-123_456_789, "-1,235", "-1,234,567.89", "-£1.235m"),
    ],
)
def test_a_figure_is_never_rounded_to_nil(pence: int, thousands: str, exactly: str, millions: str) -> None:
    assert in_unit(pence, "£000") == thousands
    assert in_unit(pence, "£") == exactly
    assert in_unit(pence, "£").replace(",", "") == pounds(pence)
    assert in_millions(pence) == millions


def test_the_server_listens_on_this_machine_only_and_sends_nothing_out() -> None:
    told = options(LOCAL, free_port(), open_browser=False)
    assert told["server.address"] == "127.0.0.1"
    assert told["browser.gatherUsageStats"] is False
    assert told["client.showErrorDetails"] == "none"
    assert told["server.enableXsrfProtection"] is True
