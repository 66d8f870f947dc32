"""The same thing handed in several times at once, on SQLite and PostgreSQL, is recorded once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ledger_homes import Home
from ledgers.journal import Entry, Posting
from ledgers.refusals import KeyConflict
from pooledfund.access import Action
from pooledfund.agreement_file import read_agreement
from pooledfund.control.virements import Virement, VirementRefused, make_virement
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.pool import Pool
from pools import MANAGER, TOWN, csv_file, extract, spent

PEOPLE = 4


@pytest.fixture
def pool(home: Home, tmp_path: Path) -> Pool:
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    return Pool.create(home.new(), read_agreement(tmp_path / "town.yaml"), MANAGER)


def at_once(pool: Pool, deed: Callable[[Pool, int], object]) -> Counter[str]:
    """What each of several people is answered who do the same at the same moment, each by books of their own."""
    answers: list[str] = []
    together = threading.Barrier(PEOPLE)

    def do(person: int) -> None:
        mine = Pool.open(pool.books.books.place, None, MANAGER)
        together.wait()
        try:
            answers.append(str(deed(mine, person)))
        except (KeyConflict, VirementRefused) as refusal:
            answers.append(type(refusal).__name__)
        mine.books.books.close()

    threads = [threading.Thread(target=do, args=(person,)) for person in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == PEOPLE, "someone met an error that is no answer"
    assert pool.books.verify() == []
    return Counter(answers)


def entry(key: str, pence: int) -> Entry:
    day = date(2023, 5, 3)
    legs = (Posting("expenditure", pence, "care", "nhs-min"), Posting("creditors", -pence, partner="council"))
    return Entry("actual", "spend", day, day, "someone", "visits", "", key, legs)


def test_an_entry(pool: Pool) -> None:
    def record(mine: Pool, person: int) -> str:
        with mine.writing(Action.POST) as writing:
            return writing.record(entry("one", 100 if person else 200)).outcome

    answers = at_once(pool, record)
    assert answers in (
        {"recorded": 1, "already there": PEOPLE - 2, "KeyConflict": 1},
        {"recorded": 1, "KeyConflict": PEOPLE - 1},
    )
    assert len(pool.books.entries(kind="spend")) == 1


def test_a_batch_of_entries(pool: Pool) -> None:
    def record(mine: Pool, _: int) -> list[str]:
        with mine.writing(Action.POST) as writing:
            return [each.outcome for each in writing.record_all([entry(f"{key}", 100 + key) for key in range(20)])]

    assert at_once(pool, record) == {str(["recorded"] * 20): 1, str(["already there"] * 20): PEOPLE - 1}
    assert len(pool.books.entries(kind="spend")) == 20


def test_a_file_of_spend(pool: Pool, tmp_path: Path) -> None:
    path = extract(tmp_path, *(spent(f"A-{number}", "10.00") for number in range(40)))
    answers = at_once(pool, lambda mine, _: import_actuals(mine, path).posted)
    assert answers == {"40": 1, "0": PEOPLE - 1}
    assert (len(pool.books.entries(kind="spend")), len(pool.books.batches())) == (40, 1)


def test_a_file_of_forecasts(pool: Pool, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "forecasts.csv", ("quarter", "scheme", "forecast_outturn"), ("Q1", "care", "810000"))
    assert at_once(pool, lambda mine, _: enter_forecasts(mine, path).new) == {"1": 1, "0": PEOPLE - 1}
    assert len(pool.books.entries(book="forecast")) == 1


def test_virements_that_together_take_more_than_a_line_has(pool: Pool) -> None:
    has = pool.current_budgets()["care", "nhs-min"]

    def vire(mine: Pool, person: int) -> str:
        move = Virement("care", "equip", "nhs-min", has // 2 - 1, date(2023, 7, 1), f"minute {person}")
        return "made" if make_virement(mine, move)[1] else "not made"

    assert at_once(pool, vire) == {"made": 2, "VirementRefused": PEOPLE - 2}
    assert pool.current_budgets()["care", "nhs-min"] == has % 2 + 2
