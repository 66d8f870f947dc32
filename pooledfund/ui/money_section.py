"""Money between partners as HTML: instalments, invoices, balances, the pool's cash. Works nothing out."""

from collections.abc import Mapping, Sequence
from datetime import date

from ledgers.calendar import FinancialYear, month_label
from pooledfund.results.between_partners import Statements
from pooledfund.results.cash import CashMonth
from pooledfund.results.invoices import Invoices
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.contributions import Instalment

_SHAPES = {"paid": "Green", "open": "Amber", "overdue": "Red"}


def calendar_table(schedule: Mapping[str, Sequence[Instalment]], agreement: Agreement, unit: Unit) -> Html:
    """What falls due of each contribution in each month, with the totals both ways."""
    year: FinancialYear = agreement.year
    months = range(1, 13)
    rows, sums = [], [0] * 13
    for name, instalments in schedule.items():
        due = [sum(each.due_pence for each in instalments if year.month_of(each.due_on) == month) for month in months]
        whole = sum(due)
        sums = [before + each for before, each in zip(sums, (*due, whole), strict=True)]
        partner = agreement.partners[agreement.contributions[name].partner].name
        cells = (*(html.money(each, unit) for each in due), html.money(whole, unit))
        rows.append(Row(Cell(agreement.contributions[name].name or name, partner), cells))
    rows.append(Row(Cell("All contributions"), tuple(html.money(each, unit) for each in sums), kind="total"))
    columns = (Heading("Contribution", kind="text"), *(Heading(f"M{month}") for month in months), Heading("Year"))
    return html.table(f"Instalments as agreed, by the month they fall due in, {unit}", columns, rows)


def waiting_table(waiting: Mapping[tuple[str, date], int], agreement: Agreement, unit: Unit) -> Html:
    """What would be invoiced, or credited below nil: a preview, nothing is issued yet."""
    rows = [
        Row(
            Cell(agreement.partners[agreement.contributions[name].partner].name, name),
            (Cell(f"{due:%d/%m/%Y}"), Cell("invoice" if pence > 0 else "credit note"), html.money(pence, unit)),
        )
        for (name, due), pence in waiting.items()
    ]
    total = (Cell(""), Cell(""), html.money(sum(waiting.values()), unit))
    columns = (
        Heading("Partner", kind="text"),
        Heading("Falls due", kind="text"),
        Heading("What", kind="text"),
        Heading("Amount"),
    )
    caption = f"What would be issued: a preview, {unit}"
    return html.table(caption, columns, [*rows, Row(Cell("Total"), total, kind="total")])


def invoices_table(found: Invoices, agreement: Agreement, unit: Unit) -> Html:
    """Every invoice with what pays it and how it stands."""
    columns = (
        Heading("Number", kind="text"),
        Heading("Contribution", kind="text"),
        Heading("Pay by", kind="text"),
        Heading("Amount"),
        Heading("Paid"),
        Heading("Open"),
        Heading("State", kind="text"),
    )
    rows = [
        Row(
            Cell(each.document.number, each.document.kind),
            (
                Cell(each.document.contribution, agreement.partners[each.document.partner].name),
                Cell(f"{each.document.due_on:%d/%m/%Y}"),
                html.money(each.document.amount_pence, unit),
                html.money(each.paid_pence, unit),
                html.money(each.open_pence, unit),
                Cell(
                    html.marked(each.state, _SHAPES.get(each.state, "")),
                    f"{each.overdue_days} days late, {each.reminders} reminders" if each.overdue_days else "",
                ),
            ),
        )
        for each in found.positions
    ]
    amounts = [
        sum(each.document.amount_pence for each in found.positions),
        sum(each.paid_pence for each in found.positions),
        sum(each.open_pence for each in found.positions),
    ]
    total = (Cell(""), Cell(""), *(html.money(each, unit) for each in amounts), Cell(""))
    return html.table(f"Invoices, {unit}", columns, [*rows, Row(Cell("Total"), total, kind="total")])


def balances_table(found: Sequence[Statements], agreement: Agreement, unit: Unit) -> Html:
    """Each partner's cost share, what it is to pay and to get, and the balance, shown gross and never netted."""
    columns = (
        Heading("Partner", kind="text"),
        Heading("Cost share"),
        Heading("It owes the pool"),
        Heading("The pool owes it"),
        Heading("Balance: plus it owes, minus the pool owes"),
    )
    rows, sums = [], [0, 0, 0, 0]
    for each in found:
        cells = (
            each.cost_share_pence,
            sum(pence for _, pence in each.receivable),
            -sum(pence for _, pence in each.payable),
            each.balances_pence,
        )
        if each.partner not in agreement.partners and not any(cells):
            continue
        sums = [before + pence for before, pence in zip(sums, cells, strict=True)]
        name = agreement.partners[each.partner].name if each.partner in agreement.partners else "Of no partner"
        rows.append(Row(Cell(name), tuple(html.money(pence, unit) for pence in cells)))
    rows.append(Row(Cell("Total"), tuple(html.money(pence, unit) for pence in sums), kind="total"))
    return html.table(f"Between partners, {unit}", columns, rows)


def cash_table(months: Sequence[CashMonth], unit: Unit) -> Html:
    """The pool's cash month by month: what it opens with, comes in, goes out, and closes with."""
    columns = (
        Heading("Month", kind="text"),
        Heading("Opening"),
        Heading("Received"),
        Heading("Recharges paid"),
        Heading("Other"),
        Heading("Closing"),
    )
    rows = [
        Row(
            Cell(month_label(each.month)),
            tuple(
                html.money(pence, unit)
                for pence in (
                    each.opening_pence,
                    each.received_pence,
                    each.recharges_paid_pence,
                    each.other_pence,
                    each.closing_pence,
                )
            ),
        )
        for each in months
    ]
    return html.table(f"The pool's cash, {unit}", columns, rows)
