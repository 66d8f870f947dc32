"""The commands on the pool's cash and the three statements between partners."""

import argparse

from pooledfund.cli.session import CallRefused, month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.cash_interest import post_cash_interest
from pooledfund.results.between_partners import Row, Statements
from pooledfund.results.between_partners import statements as statements_of
from pooledfund.results.cash import CashMonth, cash_by_month
from pooledfund.results.cash_interest import CashInterest, cash_interest
from pooledfund.results.monitoring import period_label
from s75_rules.agreement import Agreement


def cash(call: argparse.Namespace) -> int:
    """Print the pool's cash month by month, with the interest on it where asked; post that first where asked."""
    pool, month = open_pool(call), month_of(call)
    if call.post_interest and call.as_of is not None:
        raise CallRefused("interest is posted now: leave out --as-of")
    posted = post_cash_interest(pool, month) if call.post_interest else None
    months = cash_by_month(pool, month, call.as_of)
    shown = call.interest or call.post_interest
    interest = cash_interest(pool, month, call.as_of) if shown else ()
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year)}
        more = {"interest": [each.as_json() for each in interest], "entries": list(posted or ())} if shown else {}
        print_report({**document, "months": [each.as_json() for each in months], **more}, pool.agreement)
    else:
        parts = [f"{pool.agreement.header.title}, {pool.agreement.year}", _cash_text(months)]
        parts += [_interest_text(pool.agreement, interest, posted)] if shown else []
        print_text("\n\n".join(parts), pool.agreement)
    return 0


def _interest_text(agreement: Agreement, found: tuple[CashInterest, ...], posted: tuple[int, ...] | None) -> str:
    terms = agreement.pool_interest
    if terms is None:
        return "The agreement has no interest on the pool's cash."
    rows = [
        [f"M{each.of_month.month}", *map(money, (each.of_month.interest_pence, each.posted_pence, each.to_post_pence))]
        for each in found
    ]
    sums = [sum(column) for column in zip(*(_interest_figures(each) for each in found), strict=True)]
    rows.append(["Year", *map(money, sums)])
    caption = f"Interest on it by clause {terms.clause}, £, into reserve {terms.into}"
    parts = [table(caption, "lrrr", ["Month", "Interest", "Posted", "To post"], rows, totals=1)]
    for each in (one.of_month for one in found):
        parts.append("\n".join([each.because, *(f"  {stretch}" for stretch in each.stretches)]))
    if posted is not None:
        parts.append(f"Posted now: entries {posted[0]} to {posted[-1]}." if posted else "Posted now: nothing is new.")
    return "\n\n".join(parts)


def _interest_figures(each: CashInterest) -> tuple[int, int, int]:
    return each.of_month.interest_pence, each.posted_pence, each.to_post_pence


def _cash_text(months: tuple[CashMonth, ...]) -> str:
    moved = [(each.received_pence, each.recharges_paid_pence, each.other_pence) for each in months]
    rows = [
        [f"M{each.month}", money(each.opening_pence), *map(money, amounts), money(each.closing_pence)]
        for each, amounts in zip(months, moved, strict=True)
    ]
    sums = [sum(column) for column in zip(*moved, strict=True)]
    rows.append(["Year", money(months[0].opening_pence), *map(money, sums), money(months[-1].closing_pence)])
    header = ["Month", "Opening", "Received", "Recharges paid", "Other", "Closing"]
    return table("Cash of the pool held by the host, £", "lrrrrr", header, rows, totals=1)


def statements(call: argparse.Namespace) -> int:
    """Print cost share, cash due and balances by partner; status 1 where they do not come to one another."""
    pool, month = open_pool(call), month_of(call)
    found = statements_of(pool, month, call.of, call.as_of)
    differences = [f"{each.partner or 'no partner'}: {what}" for each in found for what in each.differences]
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "month": f"M{month}"}
        print_report({**document, "statements": [each.as_json() for each in found]}, pool.agreement)
    else:
        title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
        hosts = {fund.host for fund in pool.agreement.funds.values()}
        told = [each for each in found if each.partner is not None or any(pence for _, pence in each.bridge)]
        parts = [_statement_text(each, is_host=each.partner in hosts) for each in told]
        end = differences or ["Cost share, cash due and balances come to one another."]
        print_text("\n\n".join([title, *parts, "\n".join(end)]), pool.agreement)
    return 1 if differences else 0


def _statement_text(found: Statements, *, is_host: bool) -> str:
    name = found.partner or "No partner"
    sections: list[tuple[str, tuple[Row, ...], str]] = [
        ("cost share", found.cost_share, "borne, less spent on the pool's behalf"),
        ("cash due to the pool", found.receivable, "due to the pool"),
        ("cash due from the pool", found.payable, "due from the pool"),
        ("balances, gross", found.balances, "if set off (never posted)"),
        ("from cost share to balances", found.bridge, "balances"),
    ]
    parts = []
    for title, rows, total in sections:
        shown = [[what, money(pence)] for what, pence in rows if pence]
        whole = [total, money(sum(pence for _, pence in rows))]
        parts.append(table(f"{name}: {title}, £", "lr", ["What", "Amount"], [*shown, whole], totals=1))
    if found.partner is not None and not is_host and found.balances_pence:
        payer, payee = (name, "the pool") if found.balances_pence > 0 else ("the pool", name)
        parts.append(f"If set off, {payer} would pay {payee} £{money(abs(found.balances_pence))} in one sum.")
    return "\n\n".join(parts)
