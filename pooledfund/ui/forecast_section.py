"""A line's forecast outturn, entered at a quarter's end by those whose line it is. Forecasts nothing itself."""

import streamlit as st

from ledgers.money import pounds, pounds_for_people
from pooledfund.access import Action
from pooledfund.glossary import help_for
from pooledfund.intake.forecasts import enter_forecast, forecasts_entered
from pooledfund.pool import Pool
from pooledfund.ui import html
from pooledfund.ui.books import Quarter
from pooledfund.ui.commentary_section import choose_line, own_lines
from pooledfund.ui.drafted import Drafted
from pooledfund.ui.frame import Here, nothing, perform, put


def show_forecast(here: Here, quarter: Quarter) -> None:
    """The field for a line that is the person's to forecast, with what stands; nothing for others."""
    lines = own_lines(here, Action.FORECAST)
    if not lines:
        return
    st.subheader("Forecast outturn of a line", anchor=False, help=help_for("forecast", "outturn"))
    if here.month == 12:
        nothing("At the end of the year the outturn stands in place of a forecast.")
        return
    line = choose_line(here, "Line to forecast", lines, "forecast line")
    entered = here.kept(f"forecasts M{here.month}", lambda pool: forecasts_entered(pool, here.month)).get(line)
    stands = next(each.line for each in quarter.monitoring.lines if each.line.scheme == line)
    put(html.paragraph(f"{line} stands at {pounds_for_people(stands.forecast_pence)}: {stands.basis}.", "pf-small"))
    form = Drafted(
        f"forecast Q{here.quarter} {line}",
        {"forecast": pounds(stands.forecast_pence) if entered else ""},
        entered.number if entered else 0,
    )
    said = f"{pounds_for_people(stands.forecast_pence)} ({entered.who}, event {entered.number})" if entered else "none"
    form.warn(said)
    form.text("forecast", "Forecast outturn of the year, £")
    st.button(
        "Record the forecast",
        type="primary",
        key=f"{form.name} record",
        on_click=_record,
        args=(form, here.quarter, line),
    )


def _record(form: Drafted, quarter: int, line: str) -> None:
    period, amount, read = f"Q{quarter}", form.given("forecast"), form.read_event

    def do(pool: Pool) -> str:
        entered = enter_forecast(pool, period, line, amount, expected_event=read)
        return f"The forecast of {line} is recorded." if entered.new else "That forecast stood already."

    perform(form.name, do)
