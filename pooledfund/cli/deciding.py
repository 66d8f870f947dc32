"""The commands of decisions, disputes and explanations."""

import argparse
import sys
from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds_for_people
from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, day, month_of, open_pool, print_report, print_text
from pooledfund.control.decisions import (
    Containment,
    held_back,
    lift_limit,
    record_decision,
    record_dispute,
    resolve_dispute,
    unsigned_bearers,
)
from pooledfund.control.decisions import contain as contain_line
from pooledfund.intake.outturns import read_outturns
from pooledfund.results.course import last_month_with_spend
from pooledfund.results.explaining import (
    condition_explained,
    condition_of_agreement,
    contribution_explained,
    line_explained,
    partner_explained,
)
from pooledfund.results.explaining_account import FIGURES, account_explained
from s75_rules.agreement import Agreement
from s75_rules.clause_records import AgreedBeforehand, Dispute
from s75_rules.clauses import Decision
from s75_rules.explain import Because, explain_line, explain_partner
from s75_rules.explain_contribution import explain_contribution
from s75_rules.positions import position_from_agreement
from s75_rules.risk_share import share_risk


def decide(call: argparse.Namespace) -> int:
    """Record a board's decision on what a clause left open."""
    pool, shares = open_pool(call), _shares(call.share)
    decided = day(call.date, "--date")
    decision = Decision(clause=call.clause, side=call.side, partners=shares, minute=call.minute, decided=decided)
    event = record_decision(pool, decision, month_of(call))
    total = pounds_for_people(sum(shares.values()))
    for each in unsigned_bearers(pool, decision):
        print(f"warning: {each} bears a part and does not sign the agreement", file=sys.stderr)
    print(f"Event {event}: {total} of {call.side} under clause '{call.clause}' is decided, {call.minute}.")
    return 0


def _shares(texts: list[str]) -> dict[str, int]:
    """What each partner bears or gets, from PARTNER=POUNDS; every fault at once."""
    shares: dict[str, int] = {}
    faults = []
    for text in texts:
        partner, _, amount = text.partition("=")
        if partner in shares:
            faults.append(f"--share: {partner} stands twice: give each partner one amount")
        try:
            shares[partner] = parse_pounds(amount)
        except MoneyNotUnderstood as error:
            faults.append(f"--share {text}: {error}")
            continue
        if shares[partner] < 0:
            faults.append(f"--share {text}: an amount is nil or more")
    if faults:
        raise CallRefused(*faults)
    return shares


def contain(call: argparse.Namespace) -> int:
    """Record a decision to cut what a line has not committed."""
    pool = open_pool(call)
    cut = Containment(
        call.scheme, _pence(call.amount, "--amount"), month_of(call), call.minute, day(call.date, "--date")
    )
    event = contain_line(pool, cut)
    print(
        f"Event {event}: {pounds_for_people(cut.amount_pence)} less is forecast for {cut.scheme} at M{cut.month},"
        f" {cut.minute}."
    )
    return 0


def lift(call: argparse.Namespace) -> int:
    """Record that finance leads lifted a limit before the spend."""
    pool = open_pool(call)
    if call.step is not None and call.step < 1:
        raise CallRefused(f"--step: {call.step} is no step: count the overspend steps of the clause from 1")
    agreed = AgreedBeforehand(
        clause=call.clause,
        step=call.step,
        partner=call.of,
        up_to=None if call.up_to is None else _pence(call.up_to, "--up-to"),
        agreed_by=tuple(call.agreed_by),
        agreed=day(call.date, "--date"),
        spent_from=day(call.spent_from, "--spent-from"),
        reference=call.reference,
    )
    event = lift_limit(pool, agreed)
    limit = "without a limit" if agreed.up_to is None else f"up to {pounds_for_people(agreed.up_to)}"
    print(f"Event {event}: {call.of} may bear {limit} under clause '{call.clause}', {call.reference}.")
    return 0


def dispute(call: argparse.Namespace) -> int:
    """Record a dispute, or that one is resolved."""
    pool, on = open_pool(call), day(call.date, "--date")
    if call.resolve:
        event = resolve_dispute(pool, call.clause, call.side, call.of, call.minute, on)
        print(f"Event {event}: the dispute of {call.of} over {call.side} under clause '{call.clause}' is resolved.")
        return 0
    amount = _pence(call.amount, "--amount") if call.amount is not None else None
    found = Dispute(clause=call.clause, side=call.side, partner=call.of, amount=amount, reason=call.reason, raised=on)
    event = record_dispute(pool, found)
    what = pounds_for_people(amount) if amount is not None else "all"
    month = last_month_with_spend(pool) or 1
    held = held_back(pool, found, month)
    now = f"{pounds_for_people(held)} is held back" if held else "the clause gives it nothing yet"
    print(
        f"Event {event}: {call.of} disputes {what} of its {call.side} under clause '{call.clause}'. It stays visible"
        f" and is not settled until the dispute is resolved; at M{month} {now}."
    )
    return 0


def _pence(text: str, option: str) -> int:
    try:
        pence = parse_pounds(text)
    except MoneyNotUnderstood as error:
        raise CallRefused(f"{option}: {error}") from None
    if pence < 0:
        raise CallRefused(f"{option}: {text} is below nil: give what it is, above nil")
    return pence


WHICH = {
    "risk-share": "name the partner: --partner council",
    "line": "name the line: explain line S5",
    "contribution": "name the contribution: explain contribution nhs-min",
    "condition": "name a condition, minimum or earmark: explain condition adult_social_care",
    "memorandum": f"name the figure: explain memorandum FIGURE, one of {', '.join(FIGURES)}",
}


def explain(call: argparse.Namespace) -> int:
    """Print the tree behind a figure."""
    which = call.id or (call.partner if call.what == "risk-share" else None)
    if not which:
        raise CallRefused(WHICH[call.what])
    agreement, tree = _from_file(call, which) if call.agreement or call.outturn else _from_books(call, which)
    if call.json:
        print_report(tree.as_json(), agreement)
    else:
        print_text("\n".join(tree.in_lines()), agreement)
    return 0


def _from_books(call: argparse.Namespace, which: str) -> tuple[Agreement, Because]:
    pool, month = open_pool(call), month_of(call)
    explained = {
        "risk-share": partner_explained,
        "line": line_explained,
        "contribution": contribution_explained,
        "condition": condition_explained,
        "memorandum": account_explained,
    }[call.what]
    return pool.agreement, explained(pool, which, month, call.as_of)


def _from_file(call: argparse.Namespace, which: str) -> tuple[Agreement, Because]:
    if call.what == "memorandum":
        raise CallRefused("the memorandum account is of the books: name them with --db, without --agreement")
    of_variance = call.what in ("risk-share", "line")
    if not call.agreement or (of_variance and not call.outturn):
        raise CallRefused("without books give both the agreement file and its outturns: --agreement and --outturn")
    agreement = read_agreement(Path(call.agreement)).agreement
    outturns = read_outturns(Path(call.outturn), agreement) if call.outturn else None
    if call.what == "contribution":
        return agreement, explain_contribution(agreement, which)
    if outturns is None or call.what == "condition":
        return agreement, condition_of_agreement(agreement, outturns, which)
    position = position_from_agreement(agreement, outturns.by_scheme, outturns.breaches)
    explained = explain_line if call.what == "line" else explain_partner
    return agreement, explained(agreement, position, share_risk(agreement, position), which)
