"""Forecast outturns as entered for a quarter, read from a CSV file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledgers.calendar import PeriodNotUnderstood, parse_period
from ledgers.money import MoneyNotUnderstood, parse_pounds
from ledgers.seal import Event
from ledgers.writing import Writing
from pooledfund import templates
from pooledfund.access import Action, NotAllowed, require, require_line
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.intake.tables import Faults, Row, Table, read_csv
from pooledfund.pool import Pool
from pooledfund.templates import Stamp

COLUMNS = ("quarter", "scheme", "forecast_outturn")


@dataclass(frozen=True, slots=True)
class Forecast:
    """One line's forecast outturn as entered for a month that ends a quarter, in pence."""

    month: int
    scheme: str
    forecast_pence: int


@dataclass(frozen=True, slots=True)
class ForecastsEntered:
    """What became of a file of forecasts."""

    new: int
    already_there: int


def enter_forecasts(pool: Pool, path: Path) -> ForecastsEntered:
    """Enter the forecasts of a file, all or nothing; each stands until it is replaced.

    The books take the movement from the forecast before. The same forecast for the same quarter is left as it is.
    One entered for an earlier quarter than a forecast that stands leaves the later one as it is.

    Raises:
        NotAllowed: the person may not enter forecasts.
        FileRefused: with every fault of the file, such as a line that is not the person's to forecast.
    """
    require(pool.actor, Action.FORECAST)
    return _enter(pool, read_csv(path, COLUMNS))


def enter_forecast(
    pool: Pool, period: str, scheme: str, pounds: str, *, expected_event: int | None = None
) -> ForecastsEntered:
    """Enter one line's forecast, as typed in a form; raises as ``enter_forecasts`` does.

    ``expected_event`` is the newest forecast of that line and quarter that the writer had read, 0 for none.

    Raises:
        ChangedMeanwhile: someone else entered one since.
    """
    require(pool.actor, Action.FORECAST)
    row = Row(0, {"quarter": period, "scheme": scheme, "forecast_outturn": pounds})
    return _enter(pool, Table(Path("form"), "", COLUMNS, (row,)), expected_event)


def _enter(pool: Pool, table: Table, expected_event: int | None = None) -> ForecastsEntered:
    faults = Faults(table.path, has_place=table.is_file)
    forecasts = [each for row in table.rows if (each := _forecast(pool, row, faults)) is not None]
    if not table.rows:
        faults.add(None, "holds no forecasts: add rows under the header")
    seen: set[tuple[int, str]] = set()
    for each in forecasts:
        if (each.month, each.scheme) in seen:
            faults.add(None, f"two forecasts for {each.scheme} at M{each.month}: leave one")
        seen.add((each.month, each.scheme))
    faults.raise_if_any()
    # What stands is read in the transaction that moves it, so that a file handed in twice at once moves it once.
    with pool.writing(Action.FORECAST) as writing:
        standing = _standing(pool)
        new = [each for each in forecasts if standing.get((each.month, each.scheme)) != each.forecast_pence]
        for each in sorted(new, key=lambda each: each.month):
            check_unchanged(_of(pool, each), expected_event, f"the forecast of {each.scheme} at M{each.month}")
            _post(pool, writing, each, standing, table.path.name)
    return ForecastsEntered(len(new), len(forecasts) - len(new))


def forecasts_entered(pool: Pool, month: int) -> dict[str, Event]:
    """The newest forecast that was entered for each line at just this month, with who entered it."""
    return {
        str(event.payload["scheme"]): event
        for event in pool.books.events(kind="forecast entered")
        if event.payload["month"] == month
    }


def set_forecast(pool: Pool, writing: Writing, forecast: Forecast, source: str) -> None:
    """Enter one forecast inside a transaction that does more, such as recording why."""
    _post(pool, writing, forecast, _standing(pool), source)


def forecast_events(pool: Pool, scheme: str, month: int) -> list[Event]:
    """The forecasts that were entered for a line up to a month: the newest of the last month is what it stands at."""
    return [
        event
        for event in pool.books.events(kind="forecast entered")
        if event.payload["scheme"] == scheme and int(str(event.payload["month"])) <= month
    ]


def _standing(pool: Pool) -> dict[tuple[int, str], int]:
    """The forecasts that were entered, in pence, by month and line."""
    return {
        (int(str(event.payload["month"])), str(event.payload["scheme"])): int(str(event.payload["forecast_pence"]))
        for event in pool.books.events(kind="forecast entered")
    }


def _of(pool: Pool, forecast: Forecast) -> Sequence[Event]:
    """The forecasts that were entered for the same line and month."""
    return [
        event
        for event in pool.books.events(kind="forecast entered")
        if (event.payload["month"], event.payload["scheme"]) == (forecast.month, forecast.scheme)
    ]


def _post(pool: Pool, writing: Writing, forecast: Forecast, standing: dict[tuple[int, str], int], source: str) -> None:
    """Enter one forecast: its movement from the one before, taken back at the next later one that stands."""
    event = writing.event("forecast entered", _payload(forecast, source))
    of_line = {month: pence for (month, scheme), pence in standing.items() if scheme == forecast.scheme}
    before = max((month for month in of_line if month <= forecast.month), default=None)
    after = min((month for month in of_line if month > forecast.month), default=None)
    movement = forecast.forecast_pence - (of_line[before] if before is not None else 0)
    standing[forecast.month, forecast.scheme] = forecast.forecast_pence
    moves = [(forecast.month, movement)] + ([(after, -movement)] if after is not None else [])
    for month, pence in moves:
        if pence:
            stamp = Stamp(
                on=pool.agreement.year.month_ends(month),
                who=pool.actor.name,
                why=f"forecast outturn of {forecast.scheme} at M{month}",
                reference=source,
                key=f"forecast/{forecast.scheme}/{event}/M{month}",
            )
            writing.record(templates.forecast(stamp, forecast.scheme, pence))


def _payload(forecast: Forecast, source: str) -> Mapping[str, str | int]:
    return {
        "month": forecast.month,
        "scheme": forecast.scheme,
        "forecast_pence": forecast.forecast_pence,
        "source": source,
    }


def _forecast(pool: Pool, row: Row, faults: Faults) -> Forecast | None:
    scheme = pool.agreement.schemes.get(row["scheme"])
    if scheme is None:
        faults.add(row.number or None, f"'{row['scheme']}' is not a scheme line: use one that the agreement names")
        return None
    try:
        require_line(pool.actor, Action.FORECAST, scheme.id, scheme.lead)
        month = parse_period(row["quarter"])
        pence = parse_pounds(row["forecast_outturn"])
    except (PeriodNotUnderstood, MoneyNotUnderstood, NotAllowed) as error:
        faults.add(row.number or None, str(error))
        return None
    if pool.books.month_states()[month] == "closed":
        faults.add(
            row.number or None, f"M{month} is closed and its report stands: enter the forecast for a later quarter"
        )
        return None
    return Forecast(month, scheme.id, pence)
