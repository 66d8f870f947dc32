"""The page of reconciling: how each stands, a ledger matched and signed, contributions, balances. Works out nothing."""

from collections.abc import Callable

import streamlit as st

from ledgers.calendar import month_label
from pooledfund.access import Action
from pooledfund.control.reconciling.balances import balances_agreement
from pooledfund.control.reconciling.contributions import due_against_received
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.signing import balances_subject, contributions_subject, subject_of
from pooledfund.control.reconciling.workbench import ledgers_seen
from pooledfund.glossary import help_for
from pooledfund.pool import Pool
from pooledfund.reports.reconciliations import write_balances, write_due_against_received, write_reconciliation
from pooledfund.ui import html
from pooledfund.ui import reconcile_section as section
from pooledfund.ui.forms import choose_in_address, choose_month
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.html import Cell, Row
from pooledfund.ui.paging import turn
from pooledfund.ui.reconcile_forms import sign_forms, state_balances, workbook
from pooledfund.ui.reconcile_read import Reconciled, balances_of, covers, digest_shown, due_of, ledger_of, names_of
from pooledfund.ui.reconcile_run import show_run
from pooledfund.ui.reconcile_workbench import show_workbench

_VIEWS = {"ledger": "A partner's ledger", "contributions": "Contributions", "balances": "Agreement of balances"}


def show(here: Here) -> None:
    """How every reconciliation stands, then one of them from nearer."""
    heading(here, "Reconcile", "The books held against each partner's ledger, against receipts, and against balances.")
    partners = ledgers_seen(here.actor, here.agreement.partners)
    which, whose, upto = st.columns((2, 2, 1), vertical_alignment="bottom")
    with which:
        view = choose_in_address("What to reconcile", tuple(_VIEWS), _VIEWS.__getitem__, "reconcile")
    with whose:
        partner = choose_in_address(
            "With which partner", partners, lambda each: here.agreement.partners[each].name, "partner"
        )
    with upto:
        month = choose_month(here, "reconcile month")
    put(section.overview_table(_overview(here, partners, month), month))
    if view == "ledger":
        _ledger(here, partner, month)
    elif view == "contributions":
        _contributions(here, month)
    else:
        _balances(here, partner, month)


def _overview(here: Here, partners: tuple[str, ...], month: int) -> list[Row]:
    rows = []
    for partner in partners:
        name = here.agreement.partners[partner].name
        for found, stands, title, subject in (
            (ledger := ledger_of(here, partner, month), section.stands(ledger), "ledger", subject_of(partner, month)),
            (stated := balances_of(here, partner, month), section.balances_stand(stated), "balances",
             balances_subject(partner, month)),
        ):  # fmt: skip
            names = section.signed_cells(names_of(here, subject), digest_shown(here, subject, found) if found else "")
            rows.append(Row(Cell(f"{name}, {title}"), (stands, *names)))
    due, subject = due_of(here, month), contributions_subject(month)
    names = section.signed_cells(names_of(here, subject), digest_shown(here, subject, due))
    return [*rows, Row(Cell("Contributions due against received"), (section.due_stands(due), *names))]


def _ledger(here: Here, partner: str, month: int) -> None:
    name = here.agreement.partners[partner].name
    found = ledger_of(here, partner, month)
    if found is None:
        nothing(
            f"The ledger of {name} to {month_label(month)} was not given yet.", "Nothing can be matched before it is."
        )
    if covers(here, Action.RECONCILE, partner):
        with st.expander("Bring the ledger in and make the passes", expanded=found is None):
            show_run(here, partner, month)
    if found is None:
        return
    show_workbench(here, found)
    st.header("From their figure to ours", anchor=False, help=help_for("reconcile"))
    left, right = st.columns((3, 2), gap="large")
    with left:
        put(section.outcomes_table(found, here.unit))
    with right:
        put(section.ages_table(found, here.unit))
    where = turn("the statement", len(found.steps), f"statement page {partner} M{month}")
    put(section.statement_table(found, where, here.unit))
    if found.run.not_searched:
        put(html.paragraph(
            f"{found.run.not_searched:,} lines had too many others about them for groups to be searched.", "pf-small"
        ))  # fmt: skip
    with st.expander("Both sides by scheme line and month"):
        put(section.cells_table(found, here.unit))
    workbook(here, f"reconciliation-{partner}-M{month}", lambda pool, path: write_reconciliation(pool, found, path))
    _names(here, subject_of(partner, month), partner, found, lambda pool: position(pool, partner, month))


def _contributions(here: Here, month: int) -> None:
    found = due_of(here, month)
    st.header(
        "Contributions due against received", anchor=False, help=help_for("contribution", "late payment interest")
    )
    put(section.due_table(found, here.agreement, here.unit))
    put(section.due_statement(found, here.unit))
    workbook(here, f"contributions-M{month}", lambda pool, path: write_due_against_received(pool, found, path))
    _names(here, contributions_subject(month), None, found, lambda pool: due_against_received(pool, month))


def _balances(here: Here, partner: str, month: int) -> None:
    name = here.agreement.partners[partner].name
    st.header("Agreement of balances", anchor=False, help=help_for("balance between partners"))
    found = balances_of(here, partner, month)
    if found is None:
        nothing(
            f"{name} has stated no balances at the end of {month_label(month)} yet.", "They are agreed at M9 and M12."
        )
        state_balances(here, partner, month)
        return
    put(section.balances_table(found, here.unit))
    said = f"Thresholds: {found.rule.reference}; {found.rule.certainty}." if found.rule else (
        f"The thresholds of M{month} of this year are not known here: every difference is open."
    )  # fmt: skip
    put(html.paragraph(said, "pf-small"))
    for row in found.rows:
        put(section.balance_statement(row, here.unit))
    workbook(here, f"balances-{partner}-M{month}", lambda pool, path: write_balances(pool, found, path))
    _names(
        here, balances_subject(partner, month), partner, found, lambda pool: balances_agreement(pool, partner, month)
    )
    if covers(here, Action.RECONCILE, partner):
        with st.expander("Newer figures of the partner"):
            state_balances(here, partner, month)


def _names(here: Here, subject: str, partner: str | None, shown: Reconciled, now: Callable[[Pool], Reconciled]) -> None:
    """Who put their name to a reconciliation, and the forms by which one does: to what is shown, while it stands so."""
    st.header("Names put to it", anchor=False)
    sign_forms(here, subject, partner, digest_shown(here, subject, shown), lambda pool: now(pool).as_json())


page("Reconcile", show)
