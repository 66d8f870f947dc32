"""A report as of an event is the same to the byte after ten thousand more entries, whatever else happens meanwhile."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledgers.journal import Entry, Posting
from pooledfund.access import Action, Role
from pooledfund.cli import main
from pooledfund.cli.parser import build_parser
from pooledfund.control.close import close_period
from pooledfund.control.invoicing import issue_invoices, remind
from pooledfund.control.late_interest import post_late_interest
from pooledfund.control.recharges import agree_recharge, pay_recharge
from pooledfund.control.reconciling.balances import agree_balances, stated_figures
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.remarks import undo
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.control.virements import Virement, make_virement
from pooledfund.intake.commitments import Commitment, raise_commitment
from pooledfund.intake.recharges import CLAIMS
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pools import TOWN, as_actor, extract, imported, pool_of, spent

REPORTS: dict[str, list[list[str]]] = {
    "monitor": [["--quarter", "Q1"], ["--month", "M12"]],
    "risk-share": [["--quarter", "Q1"]],
    "conditions": [[]],
    "contributions": [["--month", "M6"]],
    "invoices": [["--month", "M12", "--interest"]],
    "recharges": [["--month", "M12"]],
    "cash": [["--month", "M12"]],
    "statements": [["--month", "M12"], ["--of", "icb", "--month", "M3"]],
    "memorandum": [["--quarter", "Q4"]],
    "partner-statement": [["icb", "--quarter", "Q1"]],
    "narrative": [["--quarter", "Q1"]],
    "minutes": [[]],
    "risks": [["--quarter", "Q1"]],
    "checklist": [["Q1"]],
    "submissions": [["--month", "M1"]],
    "suspense": [[]],
    "journals": [["--take", "500"], ["--text", "care"], ["--account", "expenditure", "--before", "40"]],
    "trial-balance": [["--book", "actual"], ["--book", "budget", "--through", "Q1"], ["--book", "forecast"]],
    "statement": [["expenditure"], ["commitments", "--book", "forecast"]],
    "balances": [["--by", "account,scheme,contribution,partner,month"]],
    "performance": [["--quarter", "Q1"]],
    "reconcile": [
        ["icb", "--month", "M3"],
        ["--contributions", "--month", "M3"],
        ["icb", "--balances", "--month", "M3"],
    ],
    "alerts": [["--quarter", "Q1", "--at", "2023-06-30T12:00"]],
    "returns": [[]],
    "batches": [[]],
    "budget-cycle": [[]],
    "calendar": [["--at", "2023-06-30T12:00"]],
    "dfg": [["--quarter", "Q1"]],
    "explain": [["risk-share", "council", "--quarter", "Q1"], ["line", "care", "--quarter", "Q1"]],
    "next-year": [[]],
    "notices": [["--at", "2023-06-30T12:00"]],
    "outturn": [[]],
}
OF_FILES = {"compare", "simulate", "portfolio", "compare-return"}
"""Commands that report from files given with the call, beside the books."""
FILES = {"export", "pack"}
"""Commands that write a file: postings are compared below, returns and packs byte for byte with their own tests."""
EXPORTS = ("csv", "ledger", "beancount")


BY_RESULTS = f"""{TOWN}
late_payment: {{interest: statutory}}
performance:
  pay_for_performance:
    unit_price: 1490
    share_of_fund: 1_500_000
    contribution: nhs-min
    unearned_to: pilot
    quarters:
      Q1 2023/24: {{baseline: 6_500, plan: 6_300}}
      Q2 2023/24: {{baseline: 6_400, plan: 6_200}}
"""


def with_as_of() -> Iterator[str]:
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                if "--as-of" in command._option_string_actions:
                    yield name


def test_every_report_of_the_books_is_among_those_compared() -> None:
    assert set(with_as_of()) == {*REPORTS, *OF_FILES, *FILES}


def said(pool: Pool, folder: Path, event: int, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What every report says as of an event, in words and as JSON, and every export byte for byte."""
    found = {}
    books = ["--db", str(pool.books.books.path), "--as-of", str(event)]
    for name, calls in REPORTS.items():
        for call in calls:
            for words in (call, [*call, "--json"]):
                status = main([name, *words, *books])
                printed = capsys.readouterr()
                assert status in (0, 1), (name, printed.err)
                found[" ".join([name, *words])] = f"{status} {printed.out}"
    for form in EXPORTS:
        path = folder / f"postings.{form}"
        path.unlink(missing_ok=True)
        assert main(["export", "postings", "--format", form, "-o", str(path), *books]) == 0
        capsys.readouterr()
        found[form] = path.read_text(encoding="utf-8")
    return found


def more(number: int) -> Entry:
    """One of ten thousand entries of spend, some of them dated before the event that is asked about."""
    day = date(2023, 4 + number % 9, 5)
    legs = (
        Posting("expenditure", 100 + number, ("care", "rehab")[number % 2], "nhs-min", "council"),
        Posting("creditors", -100 - number, partner="council"),
    )
    return Entry("actual", "spend", day, day, "later", "more", "", f"more/{number}", legs)


def test_a_report_as_of_an_event_is_the_same_after_ten_thousand_more_entries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path, BY_RESULTS)
    imported(pool, tmp_path, spent("A-1", "20000.05"), spent("A-2", "310.00", "rehab", partner="icb"))
    theirs = [spent(each, pounds, "rehab", partner="icb") for each, pounds in (("A-2", "310.00"), ("A-3", "1.50"))]
    run_ledger(pool, "icb", 3, extract(tmp_path, *theirs, name="theirs.csv"))
    agree_balances(pool, "icb", 3, stated_figures("receivable=310.00,payable=0"))
    raise_commitment(pool, Commitment("care", "PO-1", 5_000_00, date(2023, 5, 2)))
    issue_invoices(pool, 2, date(2023, 4, 1))
    claim = {"claimed_for": "icb", "reference": "R1", "scheme": "rehab", "amount": "200", "claimed_on": "2023-06-30"}
    take_call(pool, CLAIMS, {**claim})
    event = pool.books.head().number
    before = said(pool, tmp_path, event, capsys)
    with pool.writing(Action.POST) as writing:
        writing.record_all([more(number) for number in range(10_000)])
    issue_invoices(pool, 12, date(2023, 4, 1))
    remind(pool, 12)
    post_late_interest(pool, 11)
    agree_recharge(as_actor(pool, Role.POOLED_FUND_MANAGER), "icb", "R1")
    pay_recharge(pool, "icb", "R1", date(2023, 7, 20), "BACS-R1")
    raise_commitment(pool, Commitment("care", "PO-2", 7_000_00, date(2023, 5, 2)))
    make_virement(pool, Virement("care", "equip", "nhs-min", 50_000_00, date(2023, 5, 1), "JCB 5/23"))
    agree_balances(pool, "icb", 3, stated_figures("receivable=311.00"))
    undo(pool, next(each.id for each in position(pool, "icb", 3).of("matched")), "another invoice")
    run_ledger(pool, "icb", 3, extract(tmp_path, theirs[0], name="theirs_again.csv"))
    close_period(pool, "M1")
    with pool.writing(Action.CLOSE) as writing:
        writing.sign_off("close/Q1", "prepared")
    after = said(pool, tmp_path, event, capsys)
    assert [name for name in before if before[name] != after[name]] == []
    # And it is not the books that stood still.
    assert main(["monitor", "--quarter", "Q1", "--db", str(pool.books.books.path)]) == 0
    assert capsys.readouterr().out != before["monitor --quarter Q1"].removeprefix("0 ")
