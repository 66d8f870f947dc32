"""The command on payment by results: what was earned, released and shared, and why. Posts nothing."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.agreement_file import read_agreement
from pooledfund.cli.report_texts import figures_said
from pooledfund.cli.session import CallRefused, month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.intake.performance import read_actuals
from pooledfund.results.performance import performance_of
from pooledfund.results.words import figures_basis
from s75_rules.agreement import Agreement
from s75_rules.performance import Actuals, Item
from s75_rules.performance import performance as work_out


def performance(call: argparse.Namespace) -> int:
    """Print each arrangement of the agreement with its steps, from an agreement file or from the books."""
    if call.agreement is None:
        pool = open_pool(call)
        agreement = pool.agreement
        actuals = _actuals(call, agreement)
        if call.underspend is None:
            found = performance_of(pool, actuals, month_of(call), call.as_of)
        else:
            found = work_out(agreement, actuals, _underspend(call))
    else:
        agreement = read_agreement(Path(call.agreement)).agreement
        found = work_out(agreement, _actuals(call, agreement), _underspend(call))
    if not found:
        raise CallRefused(f"{agreement.id} pays nothing by results: add performance to the agreement file")
    if call.json:
        items = [item.as_json() for item in found]
        print_report({"figures": figures_basis(agreement), "items": items}, agreement)
    else:
        print_text(_text(agreement, found), agreement)
    return 0


def _actuals(call: argparse.Namespace, agreement: Agreement) -> Actuals:
    return read_actuals(Path(call.actuals), agreement) if call.actuals else Actuals()


def _underspend(call: argparse.Namespace) -> int:
    try:
        pence = parse_pounds(call.underspend) if call.underspend is not None else 0
    except MoneyNotUnderstood as error:
        raise CallRefused(f"--underspend: {error}") from None
    if pence < 0:
        raise CallRefused("--underspend is below nil: give the underspend as a plus, or leave it out")
    return pence


def _text(agreement: Agreement, found: Sequence[Item]) -> str:
    parts = []
    for item in found:
        rows = [
            [
                step.step,
                step.period or "",
                _name(agreement, step.to),
                money(step.amount_pence if step.is_known else None),
            ]
            for step in item.steps
        ]
        header = ["Step", "Period", "To", "Amount"]
        rows.append(["Total", "", "", money(item.whole_pence if item.is_known else None)])
        caption = (
            f"{item.title} ({item.name}), {agreement.id}, {agreement.year}, £{figures_said(figures_basis(agreement))}"
        )
        parts.append(table(caption, "lllr", header, rows, totals=1))
        parts += dict.fromkeys(f"{step.period}: {step.because}" if step.period else step.because for step in item.steps)
        parts += [item.note] if item.note else []
        parts.append("")
    return "\n".join(parts).rstrip()


def _name(agreement: Agreement, to: str | None) -> str:
    """Where an amount goes: a partner or line by its name, else as the step says."""
    if to in agreement.partners:
        return agreement.partners[to].name
    return f"{to} {agreement.schemes[to].name}" if to in agreement.schemes else to or ""
