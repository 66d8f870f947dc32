"""The command line: help, JSON, the books it uses, and plain sentences with status 2 for whatever is wrong."""

import argparse
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pooledfund.cli import build_parser, main
from pooledfund.pool import Pool
from pools import DB, MANAGER, TOWN, csv_file, extract, pool_of, spent, state_of

OUTTURN = "scheme,outturn\ncare,810000\n"


@dataclass(frozen=True)
class Said:
    """What a command ended with: its status, and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process and give what it said."""

    def run_command(*arguments: str) -> Said:
        capsys.readouterr()
        try:
            status = main(arguments)
        except SystemExit as left:
            status = int(str(left.code))
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    return run_command


@pytest.fixture
def surroundings() -> Iterator[pytest.MonkeyPatch]:
    """The folder and the environment of a command, put back afterwards."""
    with pytest.MonkeyPatch.context() as kept:
        yield kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, surroundings: pytest.MonkeyPatch) -> Path:
    """A folder with a pool's books and the files of its first quarter, in which the commands are run."""
    pool_of(tmp_path)
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(TOWN.replace("fund: bcf", "fund: none"), encoding="utf-8")
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "outturn.csv").write_text(OUTTURN, encoding="utf-8")
    (tmp_path / "notbooks.db").write_text("not a database", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    extract(tmp_path, spent("A", "100.10"), spent("B", "50", "rehab", partner="icb"), spent("C", "3", "pilot"))
    csv_file(tmp_path, "bad.csv", ("scheme", "outturn"), ["nowhere", "1"], ["care", "-1"], ["equip", ""])
    surroundings.chdir(tmp_path)
    for name in ("DB", "USER", "ROLE", "PARTNER"):
        surroundings.delenv(f"POOLEDFUND_{name}", raising=False)
    return tmp_path


def commands() -> list[str]:
    (subparsers,) = (each for each in build_parser()._actions if isinstance(each, argparse._SubParsersAction))
    return sorted(subparsers.choices)


def test_the_commands_are_those_of_the_manual() -> None:
    assert set(commands()) >= {
        "demo", "check", "init", "post", "import-actuals", "receive", "forecast", "virement", "monitor", "risk-share",
        "conditions", "contributions", "close", "reopen", "settle", "memorandum", "balances", "trial-balance",
        "statement", "verify", "export", "pack", "serve",
    }  # fmt: skip


@pytest.mark.parametrize("command", commands())
def test_every_command_has_its_help(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert (said.status, said.err) == (0, "")
    assert f"usage: pooledfund {command}" in said.out


REPORTS = [
    ["check", "town.yaml"],
    ["monitor", "--quarter", "Q1"],
    ["monitor", "--month", "m2"],
    ["risk-share", "--quarter", "Q1"],
    ["risk-share", "town.yaml", "--outturn", "outturn.csv"],
    ["conditions", "--quarter", "Q1"],
    ["contributions"],
    ["memorandum", "--month", "M3"],
    ["trial-balance"],
    ["trial-balance", "--book", "budget", "--through", "Q2"],
    ["statement", "expenditure"],
    ["balances", "--by", "account,partner,month"],
    ["submissions", "--month", "M2"],
    ["suspense"],
    ["batches"],
    ["verify"],
    ["virement", "--from", "care", "--to", "equip", "--contribution", "nhs-min", "--amount", "5", "--effective",
     "2023-07-01", "--minute", "JCB", "--dry-run"],
    ["settle", "--dry-run"],
]  # fmt: skip
CHANGES = [["import-actuals", "actuals.csv"], REPORTS[-2][:-1], ["settle"]]
NO_MONEY = {"forecast_variance_percent", "clause", "clauses"}


@pytest.mark.parametrize("arguments", [*REPORTS, *CHANGES], ids=" ".join)
def test_json_is_one_document_with_money_as_text_to_the_penny(run: Run, arguments: list[str]) -> None:
    if arguments[0] != "import-actuals":
        run("import-actuals", "actuals.csv")
    if arguments == ["settle"]:
        run("close", "Q3")
    said = run(*arguments, "--json")
    assert said.status in (0, 1)
    assert amounts_of(json.loads(said.out)), "a document without a single amount"


@pytest.mark.parametrize("arguments", REPORTS, ids=" ".join)
def test_every_report_prints_for_people_too(run: Run, arguments: list[str]) -> None:
    run("import-actuals", "actuals.csv")
    said = run(*arguments)
    assert said.status in (0, 1)
    assert said.out.strip()


def amounts_of(value: object, key: str = "") -> list[str]:
    """Every amount in a document; none may be a binary number, and each has two decimals."""
    assert not isinstance(value, float), key
    if isinstance(value, dict):
        return [each for name, part in value.items() for each in amounts_of(part, name)]
    if isinstance(value, list):
        return [each for part in value for each in amounts_of(part, key)]
    if isinstance(value, str) and key not in NO_MONEY and re.fullmatch(r"-?\d+\.\d+", value):
        assert re.fullmatch(r"-?\d+\.\d\d", value), (key, value)
        return [value]
    return [value] if isinstance(value, str) and key == "head" else []


VIREMENT = ["virement", "--from", "care", "--to", "equip", "--contribution", "nhs-min", "--amount", "5",
            "--effective", "2023-07-01", "--minute", "JCB"]  # fmt: skip


def changed(option: str, value: str) -> list[str]:
    at = VIREMENT.index(option) + 1
    return [*VIREMENT[:at], value, *VIREMENT[at + 1 :]]


WRONG = [
    [],
    ["nonsense"],
    ["monitor", "--colour"],
    ["check", "none.yaml"],
    ["check", "folder"],
    ["check", "bad.yaml"],
    ["check", "binary.yaml"],
    ["init", "town.yaml"],
    ["init", "bad.yaml"],
    ["init", "town.yaml", "--db", "nowhere/x.db"],
    ["init", "town.yaml", "--db", "notbooks.db"],
    ["init", "town.yaml", "--db", "folder"],
    ["monitor", "--db", "none.db"],
    ["monitor", "--db", "notbooks.db"],
    ["monitor", "--db", "folder"],
    ["monitor", "--pool", "nope"],
    ["monitor", "--role", "king"],
    ["monitor", "--role", "administrator"],
    ["monitor", "--month", "Q1"],
    ["monitor", "--month", "M13"],
    ["monitor", "--month", "M0"],
    ["monitor", "--month", "5"],
    ["monitor", "--quarter", "M3"],
    ["monitor", "--quarter", "Q9"],
    ["monitor", "--quarter", "Q1", "--month", "M1"],
    ["monitor", "--as-of", "0"],
    ["monitor", "--as-of", "-3"],
    ["monitor", "--as-of", "999"],
    ["monitor", "--as-of", "9" * 40],
    ["monitor", "--as-of", "yesterday"],
    ["contributions", "--as-of", "999"],
    ["memorandum", "--as-of", "999"],
    ["conditions", "--as-of", "999"],
    ["risk-share", "--as-of", "999"],
    ["trial-balance", "--as-of", "999"],
    ["trial-balance", "--through", "Y1"],
    ["trial-balance", "--book", "diary"],
    ["statement", "petty_cash"],
    ["statement", "expenditure", "--as-of", "999"],
    ["balances", "--by", "colour"],
    ["balances", "--by", ""],
    ["balances", "--by", "account,account"],
    ["risk-share", "town.yaml"],
    ["risk-share", "--outturn", "outturn.csv"],
    ["risk-share", "town.yaml", "--outturn", "none.csv"],
    ["risk-share", "town.yaml", "--outturn", "bad.csv"],
    ["risk-share", "town.yaml", "--outturn", "empty.csv"],
    ["post", "none.csv"],
    ["post", "outturn.csv"],
    ["import-actuals", "folder"],
    ["import-actuals", "empty.csv"],
    ["import-actuals", "actuals.csv", "--map", "none.yaml"],
    ["import-actuals", "actuals.csv", "--map", "town.yaml"],
    ["import-actuals", "actuals.csv", "--role", "auditor"],
    ["import-actuals", "actuals.csv", "--role", "partner_finance"],
    ["import-actuals", "actuals.csv", "--role", "partner_finance", "--partner", "icb"],
    ["receive", "outturn.csv"],
    ["forecast", "outturn.csv"],
    ["close", "Q7"],
    ["close", "spring"],
    ["close", "Q1", "--role", "board_reader"],
    ["reopen", "M1", "--reason", "why"],
    ["reopen", "Q1", "--reason", "why"],
    ["reopen", "May", "--reason", "why"],
    ["reopen", "M1"],
    changed("--amount", "five"),
    changed("--amount", "0"),
    changed("--amount", "-5"),
    changed("--amount", "600000.01"),
    changed("--effective", "1 July"),
    changed("--effective", "2022-07-01"),
    changed("--minute", ""),
    changed("--from", "nowhere"),
    changed("--contribution", "dfg"),
    [*VIREMENT, "--role", "scheme_manager"],
    ["settle", "--role", "auditor"],
    ["settle"],
    ["settle", "--quarter", "Q1"],
    ["partner-journal"],
    ["partner-journal", "--quarter", "Q9", "-o", "out"],
    ["exit"],
    ["exit", "--on", "30 June"],
    ["exit", "--on", "2020-06-30"],
    ["export", "nosuch", "-o", "x.xlsx"],
    ["export", "part2", "-o", "folder"],
    ["export", "part2", "-o", "nowhere/x.xlsx"],
    ["export", "part2", "-o", "x.xlsx", "--role", "board_reader"],
    ["pack", "-o", "folder"],
    ["pack", "-o", "nowhere/x.xlsx"],
    ["pack", "--month", "M13"],
    ["pack", "--role", "board_reader"],
    ["serve", "--port", "0", "--no-browser"],
    ["demo", "-o", "town.yaml"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_is_wrong_is_said_in_plain_words_and_changes_nothing(run: Run, folder: Path, arguments: list[str]) -> None:
    pool = Pool.open(folder / DB, None, MANAGER)
    before, files = state_of(pool), sorted(os.listdir(folder))
    said = run(*arguments)
    assert said.status == 2, said
    assert said.err.strip()
    assert said.out == ""
    for word in ("Traceback", "Error:", "None", "object at", "Errno"):
        assert word not in said.err
    assert state_of(pool) == before
    assert sorted(os.listdir(folder)) == files


def test_all_faults_of_a_file_are_on_lines_of_their_own(run: Run) -> None:
    said = run("risk-share", "town.yaml", "--outturn", "bad.csv")
    assert len(said.err.splitlines()) == 3


def test_a_report_as_of_an_event_is_what_it_was(run: Run) -> None:
    before = run("monitor", "--quarter", "Q1", "--json").out
    head = json.loads(run("verify", "--json").out)["event"]
    run("import-actuals", "actuals.csv")
    assert run("monitor", "--quarter", "Q1", "--json").out != before
    assert run("monitor", "--quarter", "Q1", "--json", "--as-of", str(head)).out == before


def test_the_books_may_be_named_by_the_environment(run: Run, folder: Path, surroundings: pytest.MonkeyPatch) -> None:
    shutil.move(folder / DB, folder / "elsewhere.db")
    assert run("verify").status == 2
    surroundings.setenv("POOLEDFUND_DB", str(folder / "elsewhere.db"))
    assert run("verify").status == 0
    assert run("verify", "--db", "none.db").status == 2


def test_a_scheme_manager_forecasts_only_their_own_lines(run: Run, folder: Path) -> None:
    (folder / "own.csv").write_text("quarter,scheme,forecast_outturn\nQ1,care,900000\n", encoding="utf-8")
    manager = ("forecast", "own.csv", "--role", "scheme_manager", "--user", "sam")
    refused = run(*manager, "--lines", "equip, rehab")
    assert (refused.status, "it is not one of their lines" in refused.err) == (2, True)
    assert run(*manager, "--lines", "care,equip").status == 0


def test_two_pools_in_one_file_need_a_name(run: Run, folder: Path) -> None:
    (folder / "second.yaml").write_text(TOWN.replace("town-2023-24", "village-2023-24"), encoding="utf-8")
    assert run("init", "second.yaml").status == 0
    said = run("verify")
    assert said.status == 2
    assert "town-2023-24, village-2023-24; name one with --pool" in said.err
    assert run("import-actuals", "actuals.csv", "--pool", "village-2023-24").status == 0
    totals = [
        json.loads(run("monitor", "--json", "--pool", pool).out)["total"]["actual_to_date"]
        for pool in ("town-2023-24", "village-2023-24")
    ]
    assert totals == ["0.00", "153.10"]


def test_who_is_at_work_comes_from_the_call_or_the_environment(
    run: Run, folder: Path, surroundings: pytest.MonkeyPatch
) -> None:
    surroundings.setenv("POOLEDFUND_USER", "alex")
    surroundings.setenv("POOLEDFUND_ROLE", "partner_finance")
    surroundings.setenv("POOLEDFUND_PARTNER", "council")
    assert "only of their own partner" in run("import-actuals", "actuals.csv").err
    extract(folder, spent("A", "100.10"), name="council.csv")
    assert run("import-actuals", "council.csv").status == 0
    assert run("close", "M1").status == 2
    assert run("close", "M1", "--user", "sam", "--role", "pooled_fund_manager").status == 0
    events = Pool.open(folder / DB, None, MANAGER).books.events()
    assert {event.who for event in events} == {"manager", "alex", "sam"}


def test_the_answer_no_is_status_one(run: Run, folder: Path) -> None:
    too_much = changed("--amount", "100000.08")
    too_much[too_much.index("--to") + 1] = "rehab"
    assert run(*too_much).status == 1
    assert "Not posted" in run(*too_much).out
    # A year without any spend in the books has no outturn to test: unknown is not nil.
    assert "on the outturn" not in run("conditions", "--quarter", "Q4").out
    run("import-actuals", "actuals.csv")
    assert run("conditions", "--quarter", "Q4").status == 1
    said = run("verify", "--head", "0" * 64)
    assert said.status == 1
    assert said.out.strip()


def test_what_was_done_is_said(run: Run, folder: Path) -> None:
    assert "posted 3 entries for £153.10" in run("import-actuals", "actuals.csv").out
    assert "the very same file: nothing was posted" in run("import-actuals", "actuals.csv").out
    assert "Q1 (M3) of 2023/24: M1, M2, M3 closed" in run("close", "q1").out
    rows = [["1", "actual", "2023-06-01", "fix", account, "", "", "council", amount]
            for account, amount in (("suspense", "9"), ("creditors", "-9"))]  # fmt: skip
    header = ("entry", "book", "effective", "why", "account", "scheme", "contribution", "partner", "amount")
    csv_file(folder, "j.csv", header, *rows)
    assert "fix: dated 2023-06-01, M3 is closed: posted to M4" in run("post", "j.csv").out
    assert "M3 is open again: late recharge" in run("reopen", "m3", "--reason", "late recharge").out
