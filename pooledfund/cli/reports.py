"""The reporting commands: monitoring, risk share, conditions, contributions, memorandum account."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.narrative import narrative_text
from pooledfund.cli.report_texts import (
    conditions_text,
    contributions_text,
    figures_said,
    memorandum_text,
    monitoring_text,
    risk_share_text,
)
from pooledfund.cli.session import CallRefused, month_of, open_pool, print_report, print_text
from pooledfund.intake.outturns import read_outturns
from pooledfund.results.conditions import conditions_of_agreement, conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor as monitor_pool
from pooledfund.results.monitoring import period_label
from pooledfund.results.narrative import narrative_at
from pooledfund.results.risk_position import risk_position
from pooledfund.results.words import figures_basis
from s75_rules.risk_share import position_from_agreement, share_risk


def monitor(call: argparse.Namespace) -> int:
    """Print the monitoring table of a period."""
    pool, month = open_pool(call), month_of(call)
    found = monitor_pool(pool, month, call.as_of)
    beside = narrative_at(pool, month, call.as_of)
    if call.json:
        print_report({**found.as_json(), **beside.as_json()}, pool.agreement)
    else:
        text = "\n\n".join(filter(None, (monitoring_text(found), narrative_text(beside.told))))
        print_text(text, pool.agreement)
    return 0


def risk_share(call: argparse.Namespace) -> int:
    """Print who bears what: from the books at a period, or from an agreement file and a file of outturns."""
    if call.agreement is None:
        if call.outturn:
            raise CallRefused("--outturn goes with an agreement file: name the file, or leave --outturn out")
        pool = open_pool(call)
        position = risk_position(pool, month_of(call), call.as_of)
        basis = "projected, on the forecast" if position.projected else "on the outturn"
        title = (
            f"Risk share of {pool.agreement.id}, {period_label(position.month)} of {pool.agreement.year}, "
            f"{basis}{figures_said(position.figures)}"
        )
        if call.json:
            print_report(position.as_json(), pool.agreement)
        else:
            print_text(risk_share_text(title, position.share), pool.agreement)
        _warn(conditions_report(pool, position.month, call.as_of).warnings)
        return 0
    if not call.outturn:
        raise CallRefused("an agreement file needs the outturns: give a CSV file with --outturn")
    agreement = read_agreement(Path(call.agreement)).agreement
    outturns = read_outturns(Path(call.outturn), agreement)
    share = share_risk(agreement, position_from_agreement(agreement, outturns.by_scheme, outturns.breaches))
    if call.json:
        print_report(share.as_json(), agreement)
    else:
        said = figures_said(figures_basis(agreement))
        title = f"Risk share of {agreement.id}, {agreement.year}, on the outturns given{said}"
        print_text(risk_share_text(title, share), agreement)
    _warn(conditions_of_agreement(agreement, outturns).warnings)
    return 0


def _warn(warnings: Sequence[str]) -> None:
    for each in warnings:
        print(f"warning: {each}", file=sys.stderr)


def conditions(call: argparse.Namespace) -> int:
    """Print the year's conditions and minimum tests, from the books or from a file; status 1 where one is not met."""
    if call.agreement is None:
        if call.outturn:
            raise CallRefused("--outturn goes with an agreement file: name the file, or leave --outturn out")
        pool = open_pool(call)
        agreement, report = pool.agreement, conditions_report(pool, month_of(call), call.as_of)
    else:
        agreement = read_agreement(Path(call.agreement)).agreement
        outturns = read_outturns(Path(call.outturn), agreement) if call.outturn else None
        report = conditions_of_agreement(agreement, outturns)
    if call.json:
        print_report(report.as_json(), agreement)
    else:
        print_text(conditions_text(report), agreement)
    _warn(report.warnings)
    return 1 if report.failed or report.earmarks_failed else 0


def contributions(call: argparse.Namespace) -> int:
    """Print what is due, invoiced, received and overdue."""
    pool = open_pool(call)
    found = contribution_position(pool, month_of(call), call.as_of)
    if call.json:
        print_report(found.as_json(), pool.agreement)
    else:
        print_text(contributions_text(found, str(pool.agreement.year)), pool.agreement)
    return 0


def memorandum(call: argparse.Namespace) -> int:
    """Print the memorandum account of the pool."""
    pool = open_pool(call)
    account = memorandum_account(pool, month_of(call), call.as_of)
    if call.json:
        print_report(account.as_json(), pool.agreement)
    else:
        print_text(memorandum_text(account, str(pool.agreement.year)), pool.agreement)
    return 0
