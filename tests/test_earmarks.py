"""Earmarks: money of a source held for lines, at least or at most so much, on plan, forecast and outturn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledgers.place import place_of
from pages import opened, table, text
from pooledfund.cli import main
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pools import MANAGER
from rules_cases import STORY, agreement_of
from s75_rules.agreement import Agreement
from s75_rules.agreement_checks import check_agreement
from s75_rules.conditions import LineMoney
from s75_rules.earmarks import EarmarkTest, earmark_tests

WHOLE = (STORY / "agreement.yaml").read_text(encoding="utf-8")
CARE_ACT = "  care_act: {name: Care Act duties, sources: nhs_minimum, schemes: [S4], at_least: 195_000.00}\n"
ADMIN = "  admin: {name: Administration of the grant, sources: [ibcf, la_additional], schemes: [S6], at_most: 16%}\n"


@pytest.fixture
def earmarked(tmp_path: Path) -> Callable[..., Agreement]:
    def made(*earmarks: str) -> Agreement:
        path = tmp_path / "earmarked.yaml"
        path.write_text(WHOLE + "earmarks:\n" + "".join(earmarks), encoding="utf-8")
        return agreement_of(path)

    return made


def on(agreement: Agreement, basis: str, **money: tuple[int, int, int]) -> dict[str, EarmarkTest]:
    """Each earmark by id, on lines given as contribution and pence planned and met: ``S4=(planned, met, relief)``."""
    source = {"S4": "nhs-min", "S6": "la-add"}
    lines = [LineMoney(scheme, source[scheme], *pence) for scheme, pence in money.items()]
    tests = earmark_tests(agreement, lines, "plan" if basis == "plan" else "outturn", {})
    return {each.earmark.id: each for each in tests}


def test_a_floor_counts_what_is_within_the_budget_and_what_an_offset_brought(
    earmarked: Callable[..., Agreement],
) -> None:
    agreement = earmarked(CARE_ACT)
    plan = on(agreement, "plan", S4=(200_000_00, 200_000_00, 0))["care_act"]
    assert (plan.result, plan.headroom_pence, plan.required_words) == ("met", 5_000_00, "at least £195,000.00")
    short = on(agreement, "outturn", S4=(200_000_00, 194_999_99, 0))["care_act"]
    assert (short.result, short.headroom_pence) == ("not met", -1)
    assert short.because == (
        "£194,999.99 is spent within budget (S4 £194,999.99); at least £195,000.00, £0.01 short: not met."
    )
    over = on(agreement, "outturn", S4=(190_000_00, 260_000_00, 4_000_00))["care_act"]
    assert (over.result, over.counted_pence) == ("not met", 194_000_00)


def test_a_ceiling_is_a_share_of_what_the_sources_bring_and_counts_all_that_is_spent(
    earmarked: Callable[..., Agreement],
) -> None:
    agreement = earmarked(ADMIN)
    plan = on(agreement, "plan", S6=(220_000_00, 0, 0))["admin"]
    assert (plan.limit_pence, plan.result, plan.headroom_pence) == (230_400_00, "met", 10_400_00)
    assert plan.required_words == "at most £230,400.00 (16%)"
    passed = on(agreement, "outturn", S6=(220_000_00, 230_400_01, 0))["admin"]
    assert (passed.result, passed.headroom_pence, passed.as_json()["headroom"]) == ("not met", -1, "-0.01")
    assert "of the £1,440,000.00 that the sources bring, £0.01 too much: not met." in passed.because


def test_what_is_no_number_yet_leaves_the_answer_open_and_is_not_nil(earmarked: Callable[..., Agreement]) -> None:
    agreement = earmarked(CARE_ACT)
    waiting = agreement.schemes["S4"].model_copy(update={"budget": {}})
    open_line = agreement.model_copy(update={"schemes": {**agreement.schemes, "S4": waiting}})
    found = on(open_line, "plan")["care_act"]
    assert (found.result, found.counted_pence, found.headroom_pence) == ("cannot tell", None, None)
    assert "no amount yet on S4" in found.because


@pytest.mark.parametrize(
    ("earmark", "said"),
    [
        ("  a: {name: A, sources: nhs_minimum, schemes: [S4]}\n", "write exactly one, in pounds or as 2%"),
        (
            "  a: {name: A, sources: nhs_minimum, schemes: [S4], at_least: 1, at_most: 2}\n",
            "write exactly one, in pounds or as 2%",
        ),
        ("  a: {name: A, sources: nhs_minimum, schemes: [S9], at_least: 1}\n", "'S9' is not a scheme line"),
        ("  a: {name: A, sources: nhs_min, schemes: [S4], at_least: 1}\n", "'nhs_min' is not a source of money"),
        ("  a: {name: A, sources: nhs_minimum, schemes: [], at_least: 1}\n", "earmarks, a, schemes"),
    ],
)
def test_an_earmark_that_means_nothing_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], earmark: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(WHOLE + "earmarks:\n" + earmark, encoding="utf-8")
    assert main(["check", str(tmp_path / "a.yaml")]) == 2
    assert said in capsys.readouterr().err


def test_a_line_that_brings_an_earmark_nothing_is_pointed_out(earmarked: Callable[..., Agreement]) -> None:
    agreement = earmarked("  a: {name: A, sources: dfg, schemes: [S4], at_most: 2%}\n")
    assert [each.message for each in check_agreement(agreement) if each.rule == "EarmarkCountsNothing"] == [
        "line S4 has no money from dfg"
    ]


@pytest.fixture
def books(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Books of the story with a floor that its plan keeps and a ceiling that it passes."""
    passed = ADMIN.replace("16%", "15.2%")
    (tmp_path / "a.yaml").write_text(WHOLE + "earmarks:\n" + CARE_ACT + passed, encoding="utf-8")
    assert main(["init", str(tmp_path / "a.yaml"), "--db", str(tmp_path / "books.db")]) == 0
    capsys.readouterr()
    return tmp_path / "books.db"


def test_the_command_tells_each_earmark_and_answers_no_where_one_is_not_kept(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["--quarter", "Q1", "--db", str(books)]
    assert main(["conditions", *call]) == 1
    told = capsys.readouterr().out
    assert "Earmarks on the plan, £, plus is headroom" in told
    assert "at most £218,880.00 (15.2%)" in told
    assert main(["conditions", *call, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(each["id"], each["headroom"], each["result"]) for each in document["earmarks"]["plan"]] == [
        ("care_act", "5000.00", "met"),
        ("admin", "-1120.00", "not met"),
    ]
    assert main(["alerts", *call, "--at", "2023-07-01"]) == 1
    assert "Earmark Administration of the grant is not kept on the plan" in capsys.readouterr().out


def test_a_virement_that_would_break_a_kept_earmark_is_refused_and_one_to_the_penny_is_not(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["virement", "--from", "S4", "--to", "S3", "--contribution", "nhs-min", "--effective", "2023-07-01",
            "--minute", "item 6", "--db", str(books)]  # fmt: skip
    assert main([*call, "--amount", "5000.01"]) == 2
    assert "earmark Care Act duties would no longer be kept" in capsys.readouterr().err
    assert main([*call, "--amount", "5000.00"]) == 0


def test_the_page_and_the_pack_have_the_same_earmarks(books: Path) -> None:
    app = opened("conditions", books)
    shown = table(app, "Earmarks,")
    pool = Pool.open(place_of(str(books)), None, MANAGER)
    sheet = load_workbook(write_pack(pool, 3, books.with_name("pack.xlsx")).path, data_only=True)["Earmarks"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    for name in ("Care Act duties", "Administration of the grant"):
        assert name in shown
        assert name in cells
    assert -1120 in cells
    assert "1 earmark is not kept." in text(app)
