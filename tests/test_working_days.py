"""Working days of England, against lists of bank holidays as they were published."""

from datetime import date

import pytest

from s75_rules.working_days import add_working_days, bank_holidays, is_working_day, working_day_of_month

PUBLISHED = {
    2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_were_published(year: int) -> None:
    assert sorted(day.strftime("%m-%d") for day in bank_holidays(year)) == PUBLISHED[year].split()


def test_the_working_days_of_a_month_are_counted_over_weekends_and_bank_holidays() -> None:
    # May 2023 begins with a bank holiday and has another on the 8th.
    assert [working_day_of_month(date(2023, 5, 1), number).day for number in (1, 4, 5, 6)] == [2, 5, 9, 10]


def test_a_day_does_not_count_itself() -> None:
    assert add_working_days(date(2023, 12, 22), 5) == date(2024, 1, 3)
    assert add_working_days(date(2023, 12, 22), 0) == date(2023, 12, 22)
    assert not is_working_day(date(2023, 12, 23))
