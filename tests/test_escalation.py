"""Escalation: off unless asked; by a share, an amount or reports in a row; told with its clause wherever it is read."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pages import opened
from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pooledfund.cli import main
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.results.alerts import alerts_of
from pooledfund.results.escalations import reports_to
from pooledfund.results.monitoring import monitor
from pools import DB, TOWN, csv_file, imported, pool_of, spent
from s75_rules.escalated import Reported, escalated
from s75_rules.escalation import Escalation

RULES = """\
escalation:
  - {clause: "6.4", over: 1%, to: [Joint board]}
  - {clause: "6.5", over: 50_000, to: [Chief finance officers, Joint board]}
  - {clause: "6.6", reports: 2, to: Joint board}
"""
RULE = Escalation.model_validate({"clause": "6", "to": "the board", "over": "1%"})


def pool_at(folder: Path, text: str, *forecasts: tuple[str, str, str]) -> Pool:
    pool = pool_of(folder, text)
    imported(
        pool,
        folder,
        spent("A", "100000", "care", "2023-04-10"),
        spent("B", "1000", "rehab", "2023-04-10", partner="icb"),
    )
    if forecasts:
        columns = ("quarter", "scheme", "forecast_outturn")
        enter_forecasts(pool, csv_file(folder, "f.csv", columns, *map(list, forecasts)))
    return pool


def at(budget: int, *variances: int) -> list[Reported]:
    return [Reported(3 * place, budget, pence) for place, pence in enumerate(variances, start=1)]


@pytest.mark.parametrize(
    ("rule", "variances", "goes"),
    [
        ({"over": "1%"}, [8_000_00], False),
        ({"over": "1%"}, [8_000_01], True),
        ({"over": "1%"}, [-90_000_00], False),
        ({"over": "1%", "of": "underspend"}, [-8_000_01], True),
        ({"over": "1%", "of": "variance"}, [-8_000_01], True),
        ({"over": "50_000"}, [50_000_00], False),
        ({"over": "50_000"}, [50_000_01], True),
        ({"over": "1%", "and_over": "50_000"}, [8_000_01], False),
        ({"over": "1%", "and_over": "50_000"}, [50_000_01], True),
        ({"reports": "2"}, [1], False),
        ({"reports": "2"}, [1, 1], True),
        ({"reports": "2"}, [1, 0, 1], False),
        ({"over": "1%", "reports": "3"}, [9_000_00, 9_000_00, 8_000_00], False),
        ({"over": "1%", "reports": "3"}, [0, 9_000_00, 9_000_00, 8_000_01], True),
    ],
)
def test_a_rule_holds_from_the_penny_over_its_limit_in_so_many_reports_in_a_row(
    rule: dict[str, str], variances: list[int], goes: bool
) -> None:
    found = escalated(
        [Escalation.model_validate({"clause": "6", "to": "b", **rule})], "care", at(800_000_00, *variances)
    )
    assert bool(found) == goes


def test_a_line_without_budget_is_over_any_share_of_it() -> None:
    (found,) = escalated([RULE], "pilot", at(0, 1))
    assert "of £0.01 (it has no budget)" in found.because


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ('escalation: [{clause: "6", to: board}]', "does not say when"),
        ('escalation: [{clause: "6", over: 1%}]', "to"),
        ('escalation: [{clause: "6", to: [], over: 1%}]', "to"),
        ('escalation: [{clause: "6", to: board, reports: 0}]', "'0' is not how many reports in a row; write 1 to 12"),
        ('escalation: [{clause: "6", to: board, over: much}]', "much"),
        ("escalation: [{to: board, over: 1%}]", "clause"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(terms: str, said: str) -> None:
    with pytest.raises(AgreementRefused, match=said):
        read_agreement_text(f"{TOWN}{terms}\n", "town.yaml")


def test_an_agreement_that_does_not_ask_escalates_nothing_and_says_nothing(tmp_path: Path) -> None:
    pool = pool_at(tmp_path, TOWN, ("Q1", "care", "999999"))
    assert "escalations" not in monitor(pool, 3).as_json()
    assert not [each for each in alerts_of(pool, 3) if each.kind == "to be escalated"]


def test_it_is_told_by_monitor_and_alerts_with_clause_and_to_whom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_at(
        tmp_path, TOWN + RULES, ("Q1", "care", "810000"), ("Q2", "care", "850000.01"), ("Q2", "rehab", "500001")
    )
    said = (
        "Line care has a forecast overspend of £10,000.00 (1.3% of its budget): by clause 6.4 an overspend of a line "
        "over 1% of its budget goes to Joint board."
    )
    assert [each.because for each in monitor(pool, 3).escalations] == [said]
    second = monitor(pool, 6).escalations
    assert [(each.scheme, each.rule.clause) for each in second] == [("care", "6.4"), ("care", "6.5"), ("care", "6.6")]
    assert "of £50,000.01 (6.3% of its budget), at M3 and M6 in a row: by clause 6.6" in second[2].because
    db = ["--db", str(tmp_path / DB)]
    assert main(["monitor", "--quarter", "Q1", *db]) == 0
    assert f"To be escalated\n- {said}" in capsys.readouterr().out
    assert main(["monitor", "--quarter", "Q2", *db, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["escalations"]
    assert [(each["clause"], each["to"]) for each in found][1] == ("6.5", ["Chief finance officers", "Joint board"])
    alerts = [each for each in alerts_of(pool, 3) if each.kind == "to be escalated"]
    assert [each.said for each in alerts] == [said]
    assert alerts[0].to_do == "Tell Joint board, and record what is decided with its minute."


def test_the_page_of_the_quarter_and_the_pack_say_the_same(tmp_path: Path) -> None:
    pool = pool_at(tmp_path, TOWN + RULES, ("Q1", "care", "810000"))
    app = opened("quarter", tmp_path / DB)
    (warning,) = [each.value for each in app.warning if "To be escalated" in each.value]
    assert "by clause 6.4" in warning.replace("\\", "")
    book = load_workbook(write_pack(pool, 3, tmp_path / "pack.xlsx").path, data_only=True)
    cells = [str(cell) for row in book["Monitoring"].iter_rows(values_only=True) for cell in row if cell]
    assert any(cell.startswith("To be escalated: Line care") and "clause 6.4" in cell for cell in cells)


def test_reports_in_a_row_are_those_of_the_agreement(tmp_path: Path) -> None:
    quarters = read_agreement_text(TOWN, "town.yaml").agreement
    assert reports_to(quarters, 9) == (3, 6, 9)
    assert reports_to(quarters, 8) == (3, 6, 8)
    months = read_agreement_text(TOWN + "reporting: {every: month}\n", "town.yaml").agreement
    assert reports_to(months, 4) == (1, 2, 3, 4)
    assert pool_of(tmp_path).agreement.escalation == ()


def test_check_says_the_rules_in_sentences_and_two_versions_show_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    interest = 'pool_interest: {clause: "9.3", rate: {2023-04-01: 4.25%, 2023-08-03: 5.25%}, into: risk}\n'
    (tmp_path / "a.yaml").write_text(TOWN + RULES + interest, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(TOWN + RULES.replace("1%", "2%") + interest, encoding="utf-8")
    assert main(["check", str(tmp_path / "a.yaml")]) == 0
    told = capsys.readouterr().out
    assert "- By clause 6.6 an overspend of a line in 2 reports in a row goes to Joint board." in told
    assert "interest of 4.25% a year from 1 April 2023 and 5.25% a year from 3 August 2023 on the balance" in told
    assert main(["versions", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["differences"]
    assert (found["place"], found["before"], found["after"]) == ("escalation no. 1, over", "1%", "2%")
