"""The sheets of a pack on contributions and the memorandum account. Works no figure out."""

from collections.abc import Iterable, Mapping

from pooledfund.reports.cells import Cell, Column, Money, Table, basis_word, pounds_columns, text_columns
from pooledfund.reports.layout import Page, Papers
from pooledfund.reports.pack_figures import PackFigures
from pooledfund.reports.workbook import money_width
from pooledfund.results.contributions import Contributions
from s75_rules.trace import SOURCE_WORDS


def contributions_sheet(book: Papers, figures: PackFigures) -> None:
    """What of each contribution is agreed, due, invoiced, received and overdue."""
    totals = _contribution_totals(figures.contributions)
    width = money_width(pence for pence in totals.values() if isinstance(pence, int))
    sheet = book.sheet("Contributions", "Contributions", [13, 20, 20, 11, *[width] * 8, 11, 11])
    sheet.prose(
        "Received is what met the dues: cash, transfers by book, and what a partner keeps to pay for its own lines. "
        "Overdue fell due before the last day of the period and was not received by it."
    )
    contributions = figures.contributions
    rows: list[tuple[Cell, ...]] = [
        (
            each.contribution,
            figures.partner(each.partner),
            SOURCE_WORDS[figures.pool.agreement.contributions[each.contribution].source],
            each.settled.replace("_", " "),
            Money(each.agreed_pence),
            Money(each.due_pence),
            Money(each.invoiced_pence),
            Money(each.received_pence),
            Money(each.cash_pence),
            Money(each.by_book_pence),
            Money(each.own_lines_pence),
            Money(each.overdue_pence),
            "overdue" if each.overdue_pence else "not overdue",
            figures.contribution_basis(each.contribution),
        )
        for each in contributions.positions
    ]
    columns = (
        *text_columns("Contribution", "Partner", "Source", "Settled"),
        *pounds_columns(
            "Current amount",
            "Due to date",
            "Invoiced to date",
            "Received to date",
            "of which cash",
            "of which by book",
            "of which kept for own lines",
            "Overdue",
        ),
        *text_columns("In words", "Basis"),
    )
    sheet.table(Table("Contributions", columns, rows, totals))
    agreed = figures.pool.agreement.contributions
    not_exact = [each for each in contributions.positions if agreed[each.contribution].amount.exact_pence is None]
    sheet.prose(*(f"{each.contribution} is agreed as {each.agreed}." for each in not_exact))


def _contribution_totals(contributions: Contributions) -> dict[int, int | str]:
    positions = contributions.positions
    return {
        4: sum(each.agreed_pence for each in positions),
        5: sum(each.due_pence for each in positions),
        6: sum(each.invoiced_pence for each in positions),
        7: sum(each.received_pence for each in positions),
        8: sum(each.cash_pence for each in positions),
        9: sum(each.by_book_pence for each in positions),
        10: sum(each.own_lines_pence for each in positions),
        11: sum(each.overdue_pence for each in positions),
    }


def memorandum_sheet(book: Papers, figures: PackFigures) -> None:
    """The memorandum account: funding, expenditure, balance; cost share, cash and balances apart and gross."""
    account = figures.memorandum
    sheet = book.sheet("Memorandum account", "Memorandum account of the pooled budget", [46, 40, 22, 22, 22, 18])
    sheet.prose(
        f"From 1 April to the end of {figures.period}. Cost share, cash and balances between partners are three "
        "statements; balances are shown gross."
    )
    sheet.heading("Funding")
    funding = account.brought_forward_pence + account.funding_pence
    _amounts(sheet, "Funding", ("Funding", "From"), list(_funding(figures)), funding, "Total funding")
    sheet.heading("Expenditure by line")
    spent: list[tuple[Cell, ...]] = [
        (line, figures.line_names()[line], Money(pence), figures.line_basis(line))
        for line, pence in account.spend_by_line_pence.items()
    ]
    whole = account.expenditure_pence
    _amounts(sheet, "ExpenditureByLine", ("Line", "Name"), spent, whole, "Total expenditure by line")
    sheet.heading("Expenditure by the body that spent it")
    by_body = _by_partner(figures, account.spend_by_partner_pence, "spent for the pool")
    _amounts(sheet, "ExpenditureByBody", ("Partner", "What"), by_body, whole, "Total expenditure by body")
    sheet.heading("Closing balance: funding less expenditure")
    closing = list(closing_rows(figures))
    _amounts(sheet, "ClosingBalance", ("Balance", "Held for"), closing, account.closing_pence, "Closing balance")
    _later_statements(sheet, figures)


def _funding(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    account, contributions = figures.memorandum, figures.pool.agreement.contributions
    yield "Brought forward", "the pool", Money(account.brought_forward_pence), figures.basis
    for each, pence in account.contributions_pence.items():
        payer = figures.partner(contributions[each].partner)
        yield f"Contribution {each}", payer, Money(pence), figures.contribution_basis(each)
    for partner, pence in account.risk_share_pence.items():
        yield "Share of overspend", figures.partner(partner), Money(pence), figures.basis
    for partner, pence in account.returned_pence.items():
        yield "Returned", figures.partner(partner), Money(pence), figures.basis
    for partner, pence in account.late_interest_pence.items():
        yield "Interest on late payment", figures.partner(partner), Money(pence), figures.basis
    for partner, pence in account.cash_interest_pence.items():
        yield "Interest on the pool's cash", figures.partner(partner), Money(pence), figures.basis


def closing_rows(figures: PackFigures) -> Iterable[tuple[Cell, ...]]:
    """What the pool holds at the end of the period: reserves, contributions carried forward, what is not settled."""
    account, agreement = figures.memorandum, figures.pool.agreement
    for each, pence in account.reserves_pence.items():
        yield f"Reserve {each}", "held in the pool", Money(pence), basis_word(agreement.reserves[each].basis)
    for each, pence in account.carried_forward_pence.items():
        payer = figures.partner(agreement.contributions[each].partner)
        yield f"Carried forward, {each}", payer, Money(pence), figures.contribution_basis(each)
    if account.unallocated_pence:
        yield "Contributions on no line", "not allocated in the year", Money(account.unallocated_pence), figures.basis
    yield "Not yet settled", "settled when the year is", Money(account.not_yet_settled_pence), figures.basis


def _later_statements(sheet: Page, figures: PackFigures) -> None:
    account = figures.memorandum
    sheet.heading("Revenue and capital")
    sections: list[tuple[Cell, ...]] = [
        (name, what, Money(part.funding_pence), Money(part.expenditure_pence), Money(part.balance_pence), figures.basis)
        for name, what, part in (
            ("Revenue", "all other money", account.revenue),
            ("Capital", "capital grants", account.capital),
        )
    ]
    columns = (*text_columns("Section", "What"), *pounds_columns("Funding", "Expenditure", "Balance"), Column("Basis"))
    totals: dict[int, int | str] = {
        2: account.funding_pence,
        3: account.expenditure_pence,
        4: account.funding_pence - account.expenditure_pence,
    }
    sheet.table(Table("RevenueAndCapital", columns, sections, totals, "Revenue and capital"))
    sheet.heading("Cost by partner")
    costs = _by_partner(figures, account.cost_by_partner_pence, "funding less its part of reserves and carry forward")
    cost = sum(account.cost_by_partner_pence.values())
    _amounts(sheet, "CostByPartner", ("Partner", "What"), costs, cost, "Total cost")
    sheet.heading("Balances between partners, gross")
    balances: list[tuple[Cell, ...]] = [
        (
            figures.partner(each.owed_by),
            f"{each.what}, to {figures.partner(each.owed_to)}",
            Money(each.pence),
            figures.basis,
        )
        for each in account.balances
    ]
    sheet.table(Table("Balances", _amount_columns("Owed by", "For what and to whom"), balances))
    sheet.heading("If the parties settled net instead")
    net = _by_partner(figures, account.net_cash_pence, "would pay the host in the year; minus: would be paid")
    sheet.table(Table("IfNet", _amount_columns("Partner", "What"), net))
    sheet.heading("Beside the account")
    waiting = "spend with a code that no line claims yet, in no line's actual"
    suspense: list[tuple[Cell, ...]] = [("Suspense", waiting, Money(account.suspense_pence), "as recorded")]
    sheet.table(Table("Suspense", _amount_columns("What", "In words"), suspense))


def _by_partner(figures: PackFigures, amounts: Mapping[str, int], what: str) -> list[tuple[Cell, ...]]:
    return [(figures.partner(partner), what, Money(pence), figures.basis) for partner, pence in amounts.items()]


def _amount_columns(*headings: str) -> tuple[Column, ...]:
    return (*text_columns(*headings), *pounds_columns("Amount"), Column("Basis"))


def _amounts(
    sheet: Page, name: str, headings: tuple[str, str], rows: list[tuple[Cell, ...]], total: int, label: str
) -> None:
    sheet.table(Table(name, _amount_columns(*headings), rows, {2: total}, label))
