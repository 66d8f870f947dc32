"""Forecasts as entered: each stands until replaced, shows its age, gives way to the outturn; movements in the books."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import COLUMNS, ForecastsEntered, enter_forecasts
from pooledfund.pool import Pool
from pooledfund.results.lines import Line, lines_at
from pools import as_actor, csv_file, extract, pool_of, spent, state_of


def entered(pool: Pool, folder: Path, *rows: list[str]) -> ForecastsEntered:
    return enter_forecasts(pool, csv_file(folder, "forecasts.csv", COLUMNS, *rows))


def refused(pool: Pool, folder: Path, *rows: list[str]) -> str:
    before = state_of(pool)
    with pytest.raises(InputRefused) as refusal:
        entered(pool, folder, *rows)
    assert state_of(pool) == before
    return str(refusal.value)


def care_at(pool: Pool, month: int) -> Line:
    return lines_at(pool, month)["care"]


def in_books(pool: Pool, month: int) -> dict[str, int]:
    found = pool.books.balances("forecast", ("scheme",), accounts=("forecast_outturn",), through_month=month)
    return {str(scheme): pence for (scheme,), pence in found.items()}


def test_without_a_forecast_the_rest_of_the_profile_is_added_to_the_actual(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("A", "100")))
    line = care_at(pool, 3)
    assert line.basis == "actual to date plus remaining profile"
    # A month of the 200,000 from la-add is 16,666.66; what rounding leaves is in M12.
    assert line.forecast_pence == 100_00 + 600_000_02


def test_a_forecast_stands_until_it_is_replaced_and_shows_its_age(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    entered(pool, tmp_path, ["Q1", "care", "810000"])
    for month, (pence, age) in {3: (810_000_00, 3), 5: (810_000_00, 3), 8: (810_000_00, 3)}.items():
        assert (care_at(pool, month).forecast_pence, care_at(pool, month).forecast_month) == (pence, age)
    assert care_at(pool, 2).basis == "actual to date plus remaining profile"
    entered(pool, tmp_path, ["Q2", "care", "£790,000.50"])
    assert (care_at(pool, 8).forecast_pence, care_at(pool, 8).forecast_month) == (790_000_50, 6)
    assert care_at(pool, 6).movement_pence == 790_000_50 - 810_000_00
    assert (care_at(pool, 3).forecast_pence, care_at(pool, 3).movement_pence) == (810_000_00, None)


def test_at_the_years_end_the_outturn_replaces_every_forecast(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    entered(pool, tmp_path, ["Q3", "care", "810000"], ["Q4", "care", "820000"])
    import_actuals(pool, extract(tmp_path, spent("A", "100")))
    line = care_at(pool, 12)
    assert (line.basis, line.forecast_pence, line.forecast_month) == ("outturn", 100_00, None)


def test_the_same_forecast_again_changes_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    entered(pool, tmp_path, ["Q1", "care", "810000"])
    before = state_of(pool)
    assert entered(pool, tmp_path, ["Q1", "care", "810,000.00"]) == ForecastsEntered(0, 1)
    assert state_of(pool) == before


def test_a_forecast_may_be_corrected_there_and_back(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    for pounds in ("100", "200", "100"):
        assert entered(pool, tmp_path, ["Q1", "care", pounds]).new == 1
    assert care_at(pool, 3).forecast_pence == in_books(pool, 3)["care"] == 100_00


def test_the_books_take_the_movement_from_the_forecast_before(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    entered(pool, tmp_path, ["Q2", "care", "790000"], ["Q1", "care", "810000"], ["Q2", "beds", "5"])
    amounts = [
        (each.month, each.entry.postings[0].scheme, each.entry.postings[0].amount_pence)
        for each in pool.books.entries(book="forecast")
    ]
    assert amounts == [(3, "care", 810_000_00), (6, "care", -20_000_00), (6, "beds", 500)]


def test_a_forecast_for_an_earlier_quarter_leaves_the_later_one_standing_in_the_books(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    entered(pool, tmp_path, ["Q2", "care", "790000"])
    entered(pool, tmp_path, ["Q1", "care", "810000"])
    assert in_books(pool, 3)["care"] == care_at(pool, 3).forecast_pence == 810_000_00
    assert in_books(pool, 6)["care"] == care_at(pool, 6).forecast_pence == 790_000_00


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    forecasts=st.lists(
        st.tuples(st.integers(1, 11), st.sampled_from(["care", "beds"]), st.integers(0, 10**9)), max_size=8
    )
)
def test_the_books_and_the_report_show_the_same_forecast(tmp_path: Path, forecasts: list[tuple[int, str, int]]) -> None:
    pool = pool_of(tmp_path)
    for month, scheme, pounds in forecasts:
        entered(pool, tmp_path, [f"M{month}", scheme, str(pounds)])
    for month in range(1, 12):
        held = in_books(pool, month)
        for scheme, line in lines_at(pool, month).items():
            if line.basis == "entered":
                assert held.get(scheme, 0) == line.forecast_pence
            else:
                assert held.get(scheme, 0) == 0
    assert pool.books.verify() == []


def test_a_closed_quarter_takes_no_forecast(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    said = refused(pool, tmp_path, ["Q2", "care", "1"], ["Q1", "care", "1"])
    assert said == ("forecasts.csv:3: M3 is closed and its report stands: enter the forecast for a later quarter")


def test_every_fault_is_shown_and_nothing_is_entered(tmp_path: Path) -> None:
    said = refused(
        pool_of(tmp_path),
        tmp_path,
        ["Q1", "care", "1"],
        ["Q1", "nowhere", "1"],
        ["Q5", "care", "1"],
        ["Q2", "care", ""],
        ["Q1", "care", "2"],
    )
    assert [part in said for part in ("'nowhere'", "'Q5'", "''", "two forecasts for care at M3")] == [True] * 4


def test_a_file_without_forecasts_is_refused(tmp_path: Path) -> None:
    assert "holds no forecasts" in refused(pool_of(tmp_path), tmp_path)


def test_each_forecasts_only_their_own_lines(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    icb = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb")
    assert entered(icb, tmp_path, ["Q1", "rehab", "1"]).new == 1
    assert "only of their own partner" in refused(icb, tmp_path, ["Q1", "care", "1"])
    manager = as_actor(pool, Role.SCHEME_MANAGER, schemes=("care",))
    assert entered(manager, tmp_path, ["Q1", "care", "1"]).new == 1
    assert "it is not one of their lines" in refused(manager, tmp_path, ["Q1", "equip", "1"])


def test_who_may_not_forecast_is_told_so_first(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        enter_forecasts(as_actor(pool_of(tmp_path), Role.AUDITOR), tmp_path / "none.csv")
