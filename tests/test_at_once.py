"""The same thing handed in several times at once, on SQLite and PostgreSQL, is recorded once."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ledger_homes import Home
from ledgers.journal import Entry, Posting
from ledgers.refusals import KeyConflict, UnknownAccount
from pooledfund.access import Action
from pooledfund.agreement_file import read_agreement
from pooledfund.control.virements import Virement, VirementRefused, make_virement
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.pool import Pool
from pools import MANAGER, TOWN, csv_file, extract, spent

PEOPLE = 4
AT = datetime(2023, 6, 1, 9, 0, tzinfo=UTC)


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


def test_what_one_program_knows_of_the_books_is_asked_again_where_another_wrote_since(pool: Pool) -> None:
    """Two programs by turns: each believes that the books stand where it left them, and the guards know better."""
    other = Pool.open(pool.books.books.place, None, MANAGER)
    turns = ((pool, "a", 100), (pool, "b", 100), (other, "c", 100), (pool, "d", 100), (other, "e", 100))
    numbers: list[tuple[int, str]] = []
    for who, key, pence in (*turns, (pool, "e", 100), (other, "a", 100)):
        with who.books.writing("someone", AT) as writing:
            found = writing.record(entry(key, pence))
            numbers.append((found.number - numbers[0][0] if numbers else found.number, found.outcome))
    assert numbers[1:] == [
        (1, "recorded"), (2, "recorded"), (3, "recorded"), (4, "recorded"), (4, "already there"), (0, "already there"),
    ]  # fmt: skip
    with pytest.raises(KeyConflict, match="another posting"), pool.books.writing("someone", AT) as writing:
        writing.record(entry("e", 200))
    assert pool.books.verify() == []
    other.books.books.close()


def test_what_was_given_up_is_not_believed_to_be_there(pool: Pool) -> None:
    with suppress(KeyError), pool.books.writing("someone", AT) as writing:
        writing.record(entry("given up", 100))
        raise KeyError
    assert pool.books.entry_by_key("given up") is None
    with pool.books.writing("someone", AT) as writing:
        kept = writing.record(entry("kept", 100))
        event = writing.event("something else", {"of": "the pool"})
        next_one = writing.record(entry("next", 100))
        with pytest.raises(UnknownAccount):
            writing.record(replace(entry("wrong", 100), postings=(Posting("nowhere", 1), Posting("creditors", -1))))
        after = writing.record(entry("after", 100))
    assert [each.number - kept.number for each in (next_one, after)] == [1, 2]
    assert pool.books.entry(next_one.number).event == event + 1
    assert pool.books.verify() == []
