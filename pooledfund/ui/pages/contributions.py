"""The page of contributions: due, invoiced, received, overdue; instalments, invoices, balances, cash."""

from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pooledfund.access import Action
from pooledfund.control.invoicing import issue_invoices
from pooledfund.glossary import help_for
from pooledfund.intake.receipts import receive
from pooledfund.pool import Pool
from pooledfund.reports.calendar_file import calendar_text
from pooledfund.results.between_partners import statements
from pooledfund.results.cash import cash_by_month
from pooledfund.results.contributions import instalment_dates, schedule
from pooledfund.results.explaining import contribution_explained
from pooledfund.results.invoices import invoices_at
from pooledfund.ui import money_section
from pooledfund.ui.books import quarter_results
from pooledfund.ui.contributions_section import contributions_table
from pooledfund.ui.figures import in_millions
from pooledfund.ui.forms import FieldNotFilled, form
from pooledfund.ui.frame import Here, field, given, heading, nothing, page, put
from pooledfund.ui.uploads import as_file, largest
from pooledfund.ui.why_section import show_why

_ISSUE, _RECEIVE = "issue invoices", "record receipts"


def show(here: Here) -> None:
    """What is due of each contribution and what became of it."""
    quarter = quarter_results(here.place, here.pool.pool_id, here.month, here.pool.head.hash, here.actor)
    overdue = sum(each.overdue_pence for each in quarter.contributions.positions)
    late = f"{in_millions(overdue)} is overdue." if overdue else "Nothing is overdue."
    heading(here, "Contributions", late)
    put(contributions_table(quarter, here.unit))
    names = {each.id: f"{each.id}: {each.name or each.source}" for each in here.agreement.contributions.values()}
    show_why(here, "Why this figure: a contribution", names, contribution_explained)
    st.header("Instalments", anchor=False)
    due = here.kept("schedule", schedule)
    if due:
        put(money_section.calendar_table(due, here.agreement, here.unit))
        st.download_button(
            "Instalments for a diary (.ics)",
            lambda: _diary(here),
            file_name=f"{here.pool.pool_id}-instalments.ics",
            mime="text/calendar",
            on_click="ignore",
        )
    else:
        nothing("No contribution has an exact amount yet.", "Its instalments follow when it has one.")
    _invoices(here)
    st.header("Balances between partners", anchor=False, help=help_for("balance between partners", "settlement"))
    found = here.kept(f"statements M{here.month}", lambda pool: statements(pool, here.month))
    put(money_section.balances_table(found, here.agreement, here.unit))
    st.header("The pool's cash", anchor=False)
    put(
        money_section.cash_table(
            here.kept(f"cash M{here.month}", lambda pool: cash_by_month(pool, here.month)), here.unit
        )
    )


def _diary(here: Here) -> bytes:
    pool = here.open()
    title = f"{here.pool.title} instalments"
    return calendar_text(here.pool.pool_id, title, instalment_dates(pool), pool.clock()).encode("utf-8")


def _invoices(here: Here) -> None:
    st.header("Invoices", anchor=False, help=help_for("late payment interest"))
    found = here.kept(f"invoices M{here.month}", lambda pool: invoices_at(pool, here.month))
    if found.positions:
        put(money_section.invoices_table(found, here.agreement, here.unit))
    else:
        nothing("No invoice is issued yet.", "The pooled fund manager issues them from the agreed instalments.")
    left, right = st.columns(2, gap="large")
    if here.may(Action.INVOICE):
        with left:
            if found.not_invoiced_pence:
                put(money_section.waiting_table(found.not_invoiced_pence, here.agreement, here.unit))
            _issue(here, len(found.not_invoiced_pence))
    if here.may(Action.RECEIVE):
        with right:
            _receive()


def _issue(here: Here, waiting: int) -> None:
    month = here.month

    def do(pool: Pool) -> str:
        day = given(_ISSUE, "on")
        made = issue_invoices(pool, month, day if isinstance(day, date) else None)
        if not made:
            return "All that fell due is invoiced."
        return f"Issued {len(made)}: {made[0].number} to {made[-1].number}."

    with form(_ISSUE, "Issue invoices", do):
        st.date_input(
            f"Date of invoices for what falls due to M{month} ({waiting} instalments)",
            value=here.year.first_day, key=field(_ISSUE, "on"), format="DD/MM/YYYY",
        )  # fmt: skip


def _receive() -> None:
    def do(pool: Pool) -> str:
        sent = given(_RECEIVE, "file")
        if not isinstance(sent, UploadedFile):
            raise FieldNotFilled("Receipts: choose a file")
        with as_file(sent) as path:
            found = receive(pool, path)
        return f"{sent.name}: posted {found.new}, already there {found.already_there}."

    with form(_RECEIVE, "Record the receipts", do):
        st.file_uploader(f"Receipts, a CSV file, {largest()}", type=["csv"], key=field(_RECEIVE, "file"))


page("Contributions", show)
