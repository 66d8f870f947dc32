"""The page of all pools: how each stands, alerts with what to do, links that open a pool, totals that cast."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from books_for_pages import EXAMPLESHIRE, KENT, document, exampleshire_books, run
from pooledfund.access import Actor, Role
from pooledfund.pool import Pool
from pooledfund.results.alerts import alerts_of
from pooledfund.ui.pools_section import PAGE_OF_DEADLINE
from pools import TOWN, pool_of
from s75_rules.deadlines import deadlines
from shown import Shown
from year_of_exampleshire import EXAMPLE

AUDITOR = Actor("auditor", Role.AUDITOR)
SUBMISSIONS = "submissions:\n  icb: {due: day 10, time: '17:30'}\n"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pools: one at Q3, its twin of another area without spend, and one of another year."""
    folder = tmp_path_factory.mktemp("books")
    books = exampleshire_books(folder / "three.db", through="Q3")
    other = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8").replace(EXAMPLESHIRE, "otherton-2023-24")
    other = re.sub(r"(?m)^(\s*)area: .*$", r"\1area: Otherton", other).replace("title: ", "title: <b>Other</b> ", 1)
    (folder / "other.yaml").write_text(other, encoding="utf-8")
    for file in (folder / "other.yaml", KENT / "agreement.yaml"):
        run(["init", str(file), "--db", str(books)])
    return books


def test_each_pool_stands_with_its_quarter_its_variance_in_words_and_its_submissions(books: Path) -> None:
    rows = {row[0].split()[-1]: row for row in Shown("pools", books).rows("Pools in these books")}
    assert set(rows) == {EXAMPLESHIRE, "otherton-2023-24", "kent-2016-17"}
    total = document(["monitor", "--quarter", "Q3", "--pool", EXAMPLESHIRE, "--db", str(books), "--json"])["total"]
    row = rows[EXAMPLESHIRE]
    assert row[2] == "Q3: Oct to Dec"
    assert row[3:5] == [total["current_budget"], total["forecast_variance"]]
    assert "Agreement signed, version 1, signed by 2 of 2." in row[1]
    assert row[6].startswith("3 of 6 in")
    assert rows["kent-2016-17"][4:6] == ["not known", "no spend yet"]


def test_what_a_pool_is_called_is_never_markup(books: Path) -> None:
    shown = Shown("pools", books)
    assert "<b>Other</b>" in shown.text
    assert "<b>Other" not in shown.markup


def test_every_alert_says_what_to_do_as_the_command_does(books: Path) -> None:
    found = document(["alerts", "--quarter", "Q3", "--pool", EXAMPLESHIRE, "--db", str(books), "--json"])["alerts"]
    rows = next(
        Shown("pools", books).rows(part.split("</caption>")[0])
        for part in Shown("pools", books).markup.split("<caption>")
        if part.startswith("Alerts of") and f"({EXAMPLESHIRE})" in part.split("</caption>")[0]
    )
    assert [(row[0].split(maxsplit=1)[1], row[1], row[2]) for row in rows] == [
        (each["kind"], each["said"], each["to_do"]) for each in found
    ]
    assert {each["kind"] for each in found} == {"contribution overdue", "reserve exhausted"}


def test_a_link_opens_the_pool_at_its_quarter(books: Path) -> None:
    markup = Shown("pools", books).markup
    links = [unescape(each) for each in re.findall(r'href="([^"]+)"', markup)]
    kent = next(urlsplit(each) for each in links if "kent" in each and each.startswith("contributions?"))
    asked = dict(parse_qsl(kent.query))
    shown = Shown("contributions", books, **asked)
    assert shown.field("Pool").value == "kent-2016-17"
    assert shown.field("Quarter").value == 1


def test_pools_of_one_year_are_added_up_and_cast(books: Path) -> None:
    *pools, whole = Shown("pools", books).rows("Pooled money of 2 pools, 2023/24")
    assert len(pools) == 2
    for column in range(1, 5):
        assert sum(Decimal(row[column]) for row in pools) == Decimal(whole[column])
    assert "Nothing is spent yet in otherton-2023-24" in Shown("pools", books).text


def test_two_versions_of_one_agreement_are_not_added_up(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "twice.db", through="Q1")
    again = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8").replace(EXAMPLESHIRE, "again-2023-24")
    (tmp_path / "again.yaml").write_text(again, encoding="utf-8")
    run(["init", str(tmp_path / "again.yaml"), "--db", str(books)])
    shown = Shown("pools", books)
    assert "no total" in shown.text
    assert "Pooled money of" not in shown.markup


def test_an_administrator_of_all_pools_sees_no_figure(books: Path) -> None:
    shown = Shown("pools", books, "administrator")
    assert "may not read" in shown.text
    assert "<data" not in shown.markup


def alerts(pool: Pool, month: int, at: datetime) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in alerts_of(pool, month, at=at):
        found.setdefault(each.kind, []).append(each.said)
    return found


def test_figures_that_are_not_in_by_their_time_are_late(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + SUBMISSIONS)
    assert "late partner" not in alerts(pool, 1, datetime(2023, 5, 10, 16, 29, tzinfo=UTC))
    (late,) = alerts(pool, 1, datetime(2023, 5, 10, 16, 31, tzinfo=UTC))["late partner"]
    assert pool.agreement.partners["icb"].name in late
    assert "M1" in late


@pytest.mark.parametrize(("day", "told"), [(21, False), (24, True)])
def test_a_deadline_is_told_of_from_the_tenth_working_day_before_it(tmp_path: Path, day: int, told: bool) -> None:
    """10 May 2023 is ten working days after 24 April: 1 and 8 May were bank holidays."""
    pool = pool_of(tmp_path, TOWN + SUBMISSIONS)
    found = alerts(pool, 1, datetime(2023, 4, day, 9, tzinfo=UTC)).get("deadline", [])
    assert any("10 May 2023" in each for each in found) == told


def test_a_return_that_is_due_leads_to_the_page_of_returns(tmp_path: Path) -> None:
    terms = "reporting: {returns: [{return: bcf-q1, due: 2023-05-02}]}\n"
    pool = pool_of(tmp_path, TOWN + terms)
    found = [each for each in alerts_of(pool, 1, at=datetime(2023, 4, 28, 9, tzinfo=UTC)) if each.kind == "deadline"]
    assert [each.deadline for each in found if "bcf-q1" in each.said] == ["national return"]
    assert PAGE_OF_DEADLINE["national return"] == ("returns", "Returns")
    assert {each.kind for each in deadlines(pool.agreement)} <= PAGE_OF_DEADLINE.keys()


def test_what_falls_due_later_is_not_overdue_yet(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN)
    assert "contribution overdue" not in alerts(pool, 3, datetime(2023, 4, 15, 9, tzinfo=UTC))
    assert "contribution overdue" in alerts(pool, 3, datetime(2023, 8, 15, 9, tzinfo=UTC))
