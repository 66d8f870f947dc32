"""The year of the Exampleshire pool through the command line: every expected table, to the penny."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.pool import Pool
from pooledfund.results.partner_journal import partner_journals
from pooledfund.results.partner_statement import partner_statement
from pooledfund.results.standing import standing_of
from year_of_exampleshire import EXAMPLE, EXPECTED, commands_of_the_year

Json = dict[str, Any]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the whole year has run."""
    folder = tmp_path_factory.mktemp("year") / "exampleshire"
    shutil.copytree(EXAMPLE, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("POOLEDFUND_USER", "manager")
        for arguments in commands_of_the_year():
            status = main(arguments)
            assert status == (1 if "--dry-run" in arguments else 0), arguments
    return folder


def printed(year: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Json:
    main([*arguments, "--json", "--db", str(year / "pooledfund.db")])
    document: Json = json.loads(capsys.readouterr().out)
    return document


def expected(name: str) -> Json:
    document: Json = json.loads((EXPECTED / f"expected_{name}.json").read_text(encoding="utf-8"))
    return document


def assert_holds(found: Json, wanted: Json) -> None:
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("quarter", ["Q1", "Q2", "Q3", "Q4"])
def test_monitoring_is_the_expected_table(year: Path, capsys: pytest.CaptureFixture[str], quarter: str) -> None:
    found, wanted = printed(year, capsys, "monitor", "--quarter", quarter), expected("monitoring")[quarter]
    assert [line["scheme"] for line in found["lines"]] == [line["scheme"] for line in wanted["lines"]]
    for line, of_line in zip(found["lines"], wanted["lines"], strict=True):
        assert_holds(line, of_line)
    assert_holds(found["total"], wanted["total"])


@pytest.mark.parametrize("quarter", ["Q1", "Q2", "Q3", "Q4"])
def test_risk_share_is_the_expected_one(year: Path, capsys: pytest.CaptureFixture[str], quarter: str) -> None:
    found = printed(year, capsys, "risk-share", "--quarter", quarter)
    assert_holds(found, expected("risk_share_outturn" if quarter == "Q4" else f"risk_share_forecast_{quarter}"))
    assert found["basis"] == ("outturn" if quarter == "Q4" else "projected")


@pytest.mark.parametrize("quarter", ["Q1", "Q2", "Q3", "Q4"])
def test_contributions_are_the_expected_ones(year: Path, capsys: pytest.CaptureFixture[str], quarter: str) -> None:
    found, wanted = printed(year, capsys, "contributions", "--quarter", quarter), expected("contributions")[quarter]
    agreement = read_agreement(year / "agreement.yaml").agreement
    assert set(found) - set(standing_of(agreement).as_json()) == set(wanted)
    for contribution, of_contribution in wanted.items():
        assert_holds(found[contribution], of_contribution)


def test_instalments_leave_the_remainder_in_the_last(year: Path) -> None:
    pool = Pool.open(year / "pooledfund.db", None, Actor("auditor", Role.AUDITOR))
    dues = [
        each for each in pool.books.entries(kind="contribution due") if each.entry.postings[0].contribution == "nhs-min"
    ]
    amounts = [f"{each.entry.postings[0].amount_pence / 100:.2f}" for each in dues]
    assert amounts == expected("contributions")["nhs-min instalments"]


def test_conditions_find_the_expected_figures(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, wanted = printed(year, capsys, "conditions", "--quarter", "Q4"), expected("conditions")
    plan = {test["title"]: test for test in found["tests"]["plan"]}
    outturn = {test["title"]: test for test in found["tests"]["outturn"]}
    care, hospital = "adult social care from NHS minimum", "NHS-commissioned out of hospital from NHS minimum"
    assert_holds(plan["NHS minimum pooled"], wanted["NHS minimum pooled"])
    assert_holds(plan[care], {key: wanted[care][key] for key in ("required", "planned", "headroom", "result")})
    assert list(plan[care]["lines"]) == wanted[care]["lines"]
    held = wanted[care]["outturn within budgeted lines"]
    assert_holds(outturn[care], {"planned": held["total"], "headroom": held["headroom"], "result": held["result"]})
    assert_holds(
        plan[hospital],
        {
            "required": wanted[hospital]["required"],
            "planned": wanted[hospital]["planned after V2"],
            "headroom": wanted[hospital]["headroom"],
            "result": wanted[hospital]["result"],
        },
    )
    assert list(plan[hospital]["lines"]) == wanted[hospital]["lines"]
    capped = held["S3 capped at its NHS minimum budget"]
    assert outturn[care]["lines"] == {"S3": capped, "S4": held["S4"]}


def test_the_refused_virement_shows_its_shortfall(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = expected("conditions")["adult social care from NHS minimum"][
        "if virement V1 (S3 to S6 63000.00) were made"
    ]
    call = ["--from", "S3", "--to", "S6", "--contribution", "nhs-min", "--amount", "63000"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(year)
        assert main(["reopen", "M12", "--reason", "to try a virement"]) == 0
        capsys.readouterr()
        found = printed(year, capsys, "virement", *call, "--effective", "2024-03-01", "--minute", "V1", "--dry-run")
    care = {test["title"]: test for test in found["tests_after"]}["adult social care from NHS minimum"]
    assert care["planned"] == wanted["planned"]
    assert care["shortfall"] == wanted["shortfall"]
    assert (care["result"], found["allowed"], found["entry"]) == (wanted["result"], False, None)


def test_the_memorandum_account_is_the_expected_one(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, wanted = printed(year, capsys, "memorandum", "--quarter", "Q4"), expected("memorandum_account")
    funding = wanted["funding"]
    assert found["brought_forward"] == wanted["brought_forward"]
    assert found["funding"]["contributions"] == {
        each: funding[each] for each in ("dfg", "ibcf", "la-add", "nhs-min", "nhs-add")
    }
    assert found["funding"]["risk_share"] == {
        "council": funding["council risk share"],
        "icb": funding["icb risk share"],
    }
    assert found["funding"]["by_partner"] == {"council": funding["council"], "icb": funding["icb"]}
    assert found["funding"]["total"] == funding["total"]
    spend = wanted["expenditure"]
    assert found["expenditure"]["by_line"] == {line: spend[line] for line in ("S1", "S2", "S3", "S4", "S5", "S6")}
    assert found["expenditure"]["by_spending_partner"] == spend["by spending partner"]
    assert found["expenditure"]["total"] == spend["total"]
    closing = found["closing_balance"]
    assert closing["total"] == wanted["closing_balance"]["total"]
    assert closing["reserves"] == {"risk": wanted["closing_balance"]["reserve risk"]}
    assert closing["carried_forward"] == {"dfg": "87360.00"}
    assert closing["not_yet_settled"] == "0.00"
    assert (found["revenue"], found["capital"]) == (wanted["revenue"], wanted["capital"])
    costs = {key: wanted["cost_by_partner"][key] for key in ("council", "icb", "total")}
    assert found["cost_by_partner"] == costs
    owed = {(each["owed_by"], each["owed_to"]): each["amount"] for each in found["balances_between_partners"]}
    between = wanted["balances_between_partners_31_march"]
    assert owed == {
        ("council", "icb"): between["owed_by_council_to_icb (S5 Q4 recharge)"],
        ("icb", "council"): between["owed_by_icb_to_council (risk share)"],
    }
    assert found["if_settled_net"] == {"icb": wanted["if_settled_net"]["cash_icb_to_council_for_the_year"]}


def test_every_entry_of_the_story_stands_in_the_books(year: Path) -> None:
    """Book, date, scheme, contribution, partner and amount are fixed; account names are ours."""
    with (EXPECTED / "postings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted: dict[str, Counter[tuple[str, ...]]] = {}
    for row in rows:
        pence = int(row["amount"].replace(".", ""))
        key = (row["book"], row["effective"], row["scheme"], row["contribution"], row["partner"], str(pence))
        wanted.setdefault(row["entry"], Counter())[key] += 1
    pool = Pool.open(year / "pooledfund.db", None, Actor("auditor", Role.AUDITOR))
    found = [
        Counter(
            (
                each.entry.book,
                each.entry.effective_on.isoformat(),
                posting.scheme or "",
                posting.contribution or "",
                posting.partner or "",
                str(posting.amount_pence),
            )
            for posting in each.entry.postings
        )
        for each in pool.books.entries()
    ]
    assert [number for number, entry in wanted.items() if entry not in found] == []


def test_the_books_prove_themselves(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(year, capsys, "verify")["findings"] == []


def test_the_whole_year_in_one_extract_counts_an_accrual_and_its_reversal_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = ["--db", str(tmp_path / "books.db")]
    assert main(["init", str(EXAMPLE / "agreement.yaml"), *books]) == 0
    assert main(["import-actuals", str(EXPECTED / "actuals.csv"), *books]) == 0
    capsys.readouterr()
    assert main(["monitor", "--quarter", "Q4", "--json", *books]) == 0
    found: Json = json.loads(capsys.readouterr().out)
    assert found["total"]["actual_to_date"] == expected("monitoring")["Q4"]["total"]["actual_to_date"]


def test_what_the_partners_book_adds_up_to_the_pool(year: Path) -> None:
    pool = Pool.open(year / "pooledfund.db", None, Actor("manager", Role.POOLED_FUND_MANAGER))
    council, icb = (partner_statement(pool, partner, 12) for partner in ("council", "icb"))
    account = council.pool
    assert council.funding_pence + icb.funding_pence == account.funding_pence
    assert council.cost_pence + icb.cost_pence == account.expenditure_pence
    assert council.closing_pence + icb.closing_pence == account.closing_pence
    journals = {each.partner: each for each in partner_journals(pool)}
    assert all(sum(row.pence for row in journal.rows) == 0 for journal in journals.values())
    # What the ICB's journal puts to contribution and risk share is what the pool had from it.
    booked = sum(row.pence for row in journals["icb"].rows if row.line in ("contribution", "risk_share"))
    assert booked + sum(row.pence for row in journals["icb"].rows if row.line == "held_by_host") == icb.funding_pence
