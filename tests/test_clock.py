"""Times of day by the clocks of England, in summer and winter, and as a reader is told them."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

from s75_rules.clock import at_time, day_in_england, time_words


def test_a_time_of_day_is_that_of_the_clocks_in_england() -> None:
    assert at_time(date(2023, 7, 3), time(12)) == datetime(2023, 7, 3, 11, tzinfo=UTC)
    assert at_time(date(2023, 12, 4), time(12)) == datetime(2023, 12, 4, 12, tzinfo=UTC)
    assert day_in_england(datetime(2023, 7, 3, 23, 30, tzinfo=UTC)) == date(2023, 7, 4)


def test_a_time_of_day_is_told_as_people_say_it() -> None:
    told = [time_words(time(*each)) for each in ((12, 0), (0, 0), (17, 0), (17, 30), (0, 5))]
    assert told == ["midday", "midnight", "5pm", "5.30pm", "12.05am"]


def test_no_day_is_written_in_a_way_that_windows_does_not_know() -> None:
    """``%-d`` is a day without its nought on Linux and an error on Windows; ``day_words`` is both."""
    root = Path(__file__).resolve().parent.parent
    code = [
        *root.glob("*.py"),
        *(each for room in ("ledgers", "pooledfund", "s75_rules") for each in (root / room).rglob("*.py")),
    ]
    assert len(code) > 300
    assert [each.name for each in code if re.search(r"%[-#][a-zA-Z]", each.read_text(encoding="utf-8"))] == []
