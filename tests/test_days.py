"""Working days, bank holidays and times of day in England, against the days that GOV.UK lists."""

from datetime import UTC, date, datetime, time

import pytest

from s75_rules.days import at_time, bank_holidays, day_in_england, is_working_day, time_words, working_days_after

LISTED = {
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
}


@pytest.mark.parametrize("year", LISTED)
def test_bank_holidays_are_those_listed_for_england(year: int) -> None:
    assert sorted(bank_holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in LISTED[year].split()]


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2023-05-04", 5, "2023-05-12"),  # over the coronation's holiday
        ("2023-12-22", 5, "2024-01-03"),  # over Christmas and New Year
        ("2024-03-28", 1, "2024-04-02"),  # over Easter
        ("2023-07-01", 5, "2023-07-07"),  # from a Saturday
        ("2023-07-03", 0, "2023-07-03"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day: str, count: int, due: str) -> None:
    found = working_days_after(date.fromisoformat(day), count)
    assert found == date.fromisoformat(due)
    assert is_working_day(found)


def test_a_time_of_day_is_that_of_the_clock_in_england() -> None:
    assert at_time(date(2023, 7, 3), time(12)) == datetime(2023, 7, 3, 11, tzinfo=UTC)
    assert at_time(date(2023, 12, 4), time(12)) == datetime(2023, 12, 4, 12, tzinfo=UTC)
    assert day_in_england(datetime(2023, 7, 3, 23, 30, tzinfo=UTC)) == date(2023, 7, 4)
    assert [time_words(time(*each)) for each in ((12, 0), (17, 0), (17, 30), (0, 5))] == [
        "midday", "5pm", "5.30pm", "12.05am"
    ]  # fmt: skip
