"""The year of account: April to March, months M1 to M12, quarters Q1 to Q4, however they are written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.calendar import (
    MONTHS,
    FinancialYear,
    PeriodNotUnderstood,
    YearNotUnderstood,
    month_label,
    parse_period,
    quarter_months,
    quarter_of,
)

years = st.integers(2000, 2098).map(FinancialYear)


@pytest.mark.parametrize("text", ["2016/17", "2016-17", "2016/2017", "2016-2017", "1617", "16/17", " 2016/17 "])
def test_a_year_is_read_in_every_way_and_printed_in_one(text: str) -> None:
    assert str(FinancialYear.parse(text)) == "2016/17"


def test_the_turn_of_a_century_is_a_year() -> None:
    assert FinancialYear.parse("1999/00") == FinancialYear.parse("1999-2000") == FinancialYear(1999)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2016", "2016/18", "2015-17", "2016/2117", "2016/2018", "16/18", "2017/16"),
        *("0000/01", "9999/00", "next year", "٢٠١٦/١٧", "2016 17", "2016/017", "161718"),
    ],
)
def test_what_is_not_one_april_to_march_year_is_refused(text: str) -> None:
    with pytest.raises(YearNotUnderstood, match="write it as 20"):
        FinancialYear.parse(text)


@given(years)
def test_every_year_comes_back_from_its_text(year: FinancialYear) -> None:
    assert FinancialYear.parse(str(year)) == year


@given(years)
def test_the_months_of_a_year_follow_each_other_without_a_gap(year: FinancialYear) -> None:
    day = year.first_day
    for month in MONTHS:
        assert year.month_starts(month) == day
        assert year.month_of(year.month_starts(month)) == year.month_of(year.month_ends(month)) == month
        day = year.month_ends(month) + timedelta(days=1)
    assert day == year.last_day + timedelta(days=1) == FinancialYear(year.starts + 1).first_day


@given(years, st.dates(date(1999, 1, 1), date(2101, 1, 1)))
def test_a_day_has_a_month_exactly_where_it_is_in_the_year(year: FinancialYear, day: date) -> None:
    if day in year:
        month = year.month_of(day)
        assert year.month_starts(month) <= day <= year.month_ends(month)
    else:
        with pytest.raises(PeriodNotUnderstood, match=f"{day.isoformat()} is not in {year}"):
            year.month_of(day)


def test_a_leap_year_has_its_day() -> None:
    assert FinancialYear(2023).month_ends(11) == date(2024, 2, 29)
    assert FinancialYear(2022).month_ends(11) == date(2023, 2, 28)


@pytest.mark.parametrize(("text", "month"), [("M1", 1), ("m12", 12), (" M5 ", 5), ("Q1", 3), ("q4", 12)])
def test_a_period_is_the_month_it_ends_in(text: str, month: int) -> None:
    assert parse_period(text) == month


@pytest.mark.parametrize("text", ["", "M", "M0", "M13", "Q0", "Q5", "5", "April", "M-1", "QQ1", "M1Q1"])
def test_what_is_no_month_or_quarter_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood, match="write a month M1 to M12 or a quarter Q1 to Q4"):
        parse_period(text)


def test_each_month_is_in_one_quarter() -> None:
    assert [quarter_of(month) for month in MONTHS] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert [month for quarter in range(1, 5) for month in quarter_months(quarter)] == list(MONTHS)


def test_a_month_is_named_for_a_reader() -> None:
    assert [month_label(month) for month in (1, 6, 9, 10, 12)] == [
        "M1 (April)",
        "M6 (September)",
        "M9 (December)",
        "M10 (January)",
        "M12 (March)",
    ]
