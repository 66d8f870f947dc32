"""The commands that say whose figures are in, estimate those that are not, and agree those that are."""

import argparse

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.cli.session import CallRefused, months_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.submissions import agree_submission
from pooledfund.intake.submissions import Estimate, enter_estimate
from pooledfund.results.submissions import SubmissionStatus, caption, shown, submission_status


def submissions(call: argparse.Namespace) -> int:
    """Print where each partner's figures of a month stand; status 1 where any are late."""
    pool = open_pool(call)
    month = _month(call)
    found = submission_status(pool, month, as_of=call.as_of)
    if call.json:
        print_report({"partners": [each.as_json() for each in found]}, pool.agreement)
    else:
        rows = [_row(each) for each in found]
        totals = [sum(each.figure_pence for each in found), sum(each.estimate_pence for each in found)]
        rows.append(["Total", "", "", "", *map(money, totals), ""])
        header = ["Partner", "State", "Due", "Received", "Figure", "Of which estimate", "Agreed by"]
        notes = [f"{each.partner}: {each.note}" for each in found if each.note]
        listed = table(caption(pool, month), "llllrrl", header, rows, totals=1)
        print_text("\n".join([listed, *notes]), pool.agreement)
    return 1 if any(each.state == "late" for each in found) else 0


def _row(each: SubmissionStatus) -> list[str]:
    state = f"{each.state}, came late" if each.came_late else each.state
    amounts = [money(each.figure_pence), money(each.estimate_pence)]
    return [each.partner, state, shown(each.due_at), shown(each.received_at), *amounts, each.agreed_by or ""]


def estimate(call: argparse.Namespace) -> int:
    """Post an estimate of a line's spend in a month."""
    try:
        pence = parse_pounds(call.amount)
    except MoneyNotUnderstood as error:
        raise CallRefused(f"--amount: {error}") from None
    number, done = enter_estimate(open_pool(call), Estimate(call.of, _month(call), call.scheme, pence, call.reason))
    print(f"Entry {number} {done}: estimate of £{money(pence)} on {call.scheme} at {call.month.upper()}, {call.reason}")
    return 0


def agree(call: argparse.Namespace) -> int:
    """Agree a partner's figures of a month."""
    agreed = agree_submission(open_pool(call), call.of, _month(call), nil_return=call.nil)
    print(f"M{agreed.month} of {agreed.partner} agreed at £{money(agreed.figure_pence)} by {agreed.agreed_by}")
    return 0


def _month(call: argparse.Namespace) -> int:
    months = months_of(call.month)
    if len(months) != 1:
        raise CallRefused(f"'{call.month}' is a quarter: figures are handed in by month, such as M{months[-1]}")
    return months[0]
