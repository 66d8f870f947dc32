"""What offsets and returns do to the minimum tests: money keeps its contribution, and a failing test is warned of."""

import json
from pathlib import Path

import pytest

from agreement_text import read
from books_for_pages import run
from ledgers.money import parse_pounds
from pooledfund.cli import main
from pools import extract, spent
from s75_rules.agreement import Agreement
from s75_rules.minimum_effects import MinimumsAfter, lines_from, minimums_after
from s75_rules.risk_share import position_from_agreement, share_risk
from shown import Shown

TEXT = """\
pooledfund: 1
agreement: {id: hill, title: Hill, area: Hill, year: 2019/20}
partners:
  council: {name: Hill Council, kind: local_authority}
  ccg: {name: NHS Hill CCG, kind: nhs}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: council}
contributions:
  nhs-min: {partner: ccg, fund: bcf, source: nhs_minimum, amount: 1000}
  la-add: {partner: council, fund: bcf, source: la_additional, amount: 500}
schemes:
  CARE: {name: Care, fund: bcf, lead: council, area_of_spend: social_care, budget: {nhs-min: 400}}
  NURSE: {name: Nursing, fund: bcf, lead: ccg, area_of_spend: community_health, budget: {nhs-min: 600}}
  HELP: {name: Help, fund: bcf, lead: council, area_of_spend: social_care, budget: {la-add: 500}}
minimums: {nhs_minimum: 1000, adult_social_care: 400, nhs_commissioned_out_of_hospital: 550}
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{offset: agreement}, {share: lead}]
    underspend: [{UNDERSPEND}]
"""


def agreement(underspend: str) -> Agreement:
    return read(TEXT.replace("{UNDERSPEND}", underspend)).agreement


def after(agreement: Agreement, **outturns: str) -> MinimumsAfter:
    position = position_from_agreement(agreement, {line: parse_pounds(text) for line, text in outturns.items()})
    share = share_risk(agreement, position)
    return minimums_after(agreement, lines_from(position), "outturn", position, share)


def test_relief_counts_where_it_is_spent_as_money_of_the_contribution_it_came_from() -> None:
    found = after(agreement("carry_forward: true"), CARE="350", HELP="550.00")
    care = next(test for test in found.tests if test.id == "adult_social_care")
    assert care.counted == {"CARE": 35000, "HELP": 5000}
    assert care.result == "met"
    assert found.warnings == ()


def test_an_offset_that_takes_nhs_minimum_off_its_test_is_warned_of() -> None:
    found = after(agreement("carry_forward: true"), NURSE="500", HELP="600")
    hospital = next(test for test in found.tests if test.id == "nhs_commissioned_out_of_hospital")
    assert (hospital.result, hospital.headroom_pence) == ("not met", -5000)
    (warning,) = found.warnings
    assert "£100.00 of NHS minimum meets the overspend of other lines (NURSE £100.00)" in warning
    assert "£50.00 short" in warning


def test_returning_nhs_minimum_is_warned_of_where_the_pool_would_hold_less_than_its_minimum() -> None:
    found = after(agreement("return: budget"), NURSE="590")
    assert [test.result for test in found.tests] == ["not met", "met", "met"]
    (warning,) = found.warnings
    assert "NHS minimum pooled is not met" in warning
    assert "£10.00 of NHS minimum is returned (NURSE £10.00)" in warning


def test_money_carried_forward_with_its_contribution_is_not_warned_of() -> None:
    assert after(agreement("carry_forward: true"), NURSE="590").warnings == ()


def test_the_risk_share_of_a_file_prints_the_warning_beside_its_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("{UNDERSPEND}", "return: budget"), encoding="utf-8")
    (tmp_path / "o.csv").write_text("scheme,outturn\nNURSE,590\n", encoding="utf-8")
    assert main(["risk-share", str(tmp_path / "a.yaml"), "--outturn", str(tmp_path / "o.csv")]) == 0
    assert "warning: NHS minimum pooled is not met after the risk share" in capsys.readouterr().err
    assert main(["conditions", str(tmp_path / "a.yaml"), "--outturn", str(tmp_path / "o.csv")]) == 0
    said = capsys.readouterr()
    assert "Minimum tests on the outturn, after the risk share" in said.out
    assert "warning: NHS minimum pooled is not met" in said.err


@pytest.mark.parametrize(
    ("underspend", "said"),
    [("return: budget", "the books can give, but 1 no longer is after the risk share."),
     ("carry_forward: true", "the books can give.")],
)  # fmt: skip
def test_the_page_does_not_lead_with_a_test_that_fails_after_the_risk_share(
    tmp_path: Path, underspend: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("{UNDERSPEND}", underspend), encoding="utf-8")
    spend = {"CARE": "400", "NURSE": "590", "HELP": "500"}
    rows = [spent(line, pounds, line, "2020-03-20") for line, pounds in spend.items()]
    books = tmp_path / "books.db"
    run(["init", str(tmp_path / "a.yaml"), "--db", str(books)])
    run(["import-actuals", str(extract(tmp_path, *rows)), "--db", str(books)])
    shown = Shown("conditions", books, quarter="Q4: Jan to Mar")
    assert f"Every minimum test is met on every basis {said}" in shown.text


def test_the_rules_of_a_year_are_printed_with_how_sure_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["year-rules", "2025-26"]) == 0
    said = capsys.readouterr().out
    assert "£2,640,000,000.00" in said
    assert "partly seen" in said
    assert main(["year-rules", "2031/32"]) == 2
    assert "not known here" in capsys.readouterr().err
    assert main(["year-rules", "last year"]) == 2


def test_the_books_warn_as_the_file_does_and_count_relief_where_it_was_spent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(TEXT.replace("{UNDERSPEND}", "carry_forward: true"), encoding="utf-8")
    db = ["--db", str(tmp_path / "books.db")]
    head = "effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description"
    spend = [("CARE", "council", 350), ("NURSE", "ccg", 500), ("HELP", "council", 600)]
    rows = [f"2019-06-01,2019-06-01,M3,{line},{who},ledger,{line}1,{net},0,0,{net}," for line, who, net in spend]
    (tmp_path / "spend.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    assert main(["init", str(tmp_path / "a.yaml"), *db]) == 0
    assert main(["import-actuals", str(tmp_path / "spend.csv"), *db]) == 0
    capsys.readouterr()
    assert main(["conditions", *db, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    before = {test["id"]: test for test in said["tests"]["outturn"]}
    after = {test["id"]: test for test in said["after_risk_share"]}
    # HELP is 100.00 over; CARE gives it 33.33 of NHS minimum and NURSE 66.67.
    assert (before["adult_social_care"]["planned"], before["adult_social_care"]["result"]) == ("350.00", "not met")
    assert (after["adult_social_care"]["planned"], after["adult_social_care"]["result"]) == ("450.00", "met")
    assert after["nhs_commissioned_out_of_hospital"]["shortfall"] == "50.00"
    assert len(said["warnings"]) == 1
