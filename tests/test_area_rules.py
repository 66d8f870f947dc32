"""A year that is not known here: the area's own figures are tested everywhere, and everything says whose they are."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from agreement_text import read
from pages import markup, opened, text
from pooledfund.cli import main
from pooledfund.control.checklist import checklist
from pooledfund.control.virements import Virement, make_virement
from pooledfund.reports.pack import write_pack
from pooledfund.results.alerts import alerts_of
from pooledfund.results.conditions import conditions_of_agreement, conditions_report
from pooledfund.results.explaining import condition_explained
from pools import DB, TOWN, imported, pool_of, spent, state_of
from s75_rules.agreement import Agreement
from s75_rules.area_rules import own_minimums, rules_for, rules_of
from s75_rules.version import rule_set

UNKNOWN = TOWN.replace("year: 2023/24", "year: 2041/42").replace("town-2023-24", "town-2041-42")
UNKNOWN += "conditions:\n  joint-plan: {met: true, statement: Agreed by the board}\n"
SAID = "The conditions and minimums of 2041/42 are not known here: the minimums that the agreement states are tested"


def agreement(text: str = UNKNOWN) -> Agreement:
    return read(text).agreement


def with_minimums(text: str, minimums: str) -> str:
    before, _, after = text.partition("minimums: ")
    return f"{before}{minimums}{after[after.index(chr(10)) + 1 :]}"


def test_the_minimums_that_the_agreement_states_are_tested_in_a_year_that_is_not_known() -> None:
    report = conditions_of_agreement(agreement())
    assert not report.known
    of_known_year = conditions_of_agreement(agreement(TOWN))
    found = {test.id: (test.result, test.planned_pence, test.headroom_pence) for test in report.tests["plan"]}
    assert found == {
        test.id: (test.result, test.planned_pence, test.headroom_pence) for test in of_known_year.tests["plan"]
    }
    assert found["adult_social_care"] == ("met", 800_000_07, 100_000_07)
    for test in report.tests["plan"]:
        assert (test.required_from, test.certainty) == ("the agreement's own figure", "not known here")
        assert test.reference.startswith("2041/42 is not known here: the area's own figure, counted as in 20")
    assert report.unknown_said is not None
    assert report.unknown_said.startswith(SAID)


def test_a_minimum_the_agreement_does_not_state_is_not_tested_in_a_year_that_is_not_known() -> None:
    stated = agreement(with_minimums(UNKNOWN, "minimums: {adult_social_care: 700_000}\n"))
    assert [test.id for test in conditions_of_agreement(stated).tests["plan"]] == ["adult_social_care"]
    none = conditions_of_agreement(agreement(with_minimums(UNKNOWN, "")))
    assert (none.tests, none.known) == ({}, False)
    assert none.unknown_said is not None
    assert "state the area's own under minimums" in none.unknown_said


def test_a_minimum_that_the_year_has_not_is_tested_as_the_areas_own_and_warned_of() -> None:
    text = TOWN.replace("year: 2023/24", "year: 2025/26")
    known = read(text)
    assert own_minimums(known.agreement) == ("nhs_commissioned_out_of_hospital",)
    (warned,) = [each for each in known.warnings if each.rule == "MinimumNotOfYear"]
    assert warned.remedy == "it is tested as the area's own figure"
    tests = {test.id: test for test in conditions_of_agreement(known.agreement).tests["plan"]}
    own = tests["nhs_commissioned_out_of_hospital"]
    assert (own.result, own.planned_pence) == ("met", 400_000_00)
    assert own.reference.startswith("2025/26 has no such minimum: the area's own figure, counted as in 2024/25 (")
    assert tests["nhs_minimum"].certainty == "seen"


def test_the_rules_of_a_known_year_are_its_files_and_no_others() -> None:
    town = agreement(TOWN)
    assert rules_for(town) is rules_of(town)


def test_the_digest_of_parameters_follows_the_definitions_that_own_figures_are_counted_by() -> None:
    none = agreement(with_minimums(UNKNOWN, ""))
    assert rule_set(none).year_digest is None
    assert rule_set(agreement()).year_digest not in (None, rule_set(agreement(TOWN)).year_digest)


def test_conditions_that_the_agreement_names_stand_without_a_number() -> None:
    (condition,) = conditions_of_agreement(agreement()).conditions
    assert (condition.id, condition.number, condition.heading) == ("joint-plan", None, "joint plan")
    assert (condition.said_met, condition.statement) == (True, "Agreed by the board")
    assert condition.certainty == "not known here"


def test_own_figures_are_tested_on_the_plan_the_forecast_and_the_outturn(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, UNKNOWN)
    assert list(conditions_report(pool, 1).tests) == ["plan"]
    imported(pool, tmp_path, spent("a", "690000", day="2041-05-10"))
    report = conditions_report(pool, 6)
    assert list(report.tests) == ["plan", "forecast"]
    outturn = conditions_report(pool, 12)
    (short,) = [test for test in outturn.failed if test.id == "adult_social_care"]
    assert short.basis == "outturn"
    assert short.planned_pence is not None
    assert short.planned_pence < 700_000_00
    assert outturn.after_risk_share
    assert any("dult social care" in each.said for each in alerts_of(pool, 12))


def test_a_virement_that_breaks_the_areas_own_minimum_is_not_posted(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, UNKNOWN)
    before = state_of(pool)
    move = Virement("care", "rehab", "nhs-min", 100_000_08, date(2041, 7, 1), "JCB 7/41 item 6")
    effect, recorded = make_virement(pool, move)
    assert recorded is None
    assert [test.id for test in effect.breaks] == ["adult_social_care"]
    assert state_of(pool) == before


def test_the_checklist_and_explain_say_whose_figures_were_tested(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, UNKNOWN + "close: {requires: [conditions]}\n")
    found = next(each for each in checklist(pool, "Q1").items if each.id == "conditions")
    assert found.state == "done"
    assert found.evidence[0].startswith(SAID)
    assert found.evidence[1] == "3 minimum tests made, 3 met, 0 not met"
    tree = "\n".join(condition_explained(pool, "adult_social_care", 3).in_lines())
    assert "2041/42 is not known here: the area's own figure, counted as in" in tree
    named = condition_explained(pool, "joint-plan", 3)
    assert named.says.startswith("Condition of 2041/42 as the agreement names it, joint plan: not evidenced.")


def test_the_pack_tests_the_areas_own_figures(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, UNKNOWN)
    path = tmp_path / "pack.xlsx"
    write_pack(pool, 3, path)
    sheet = openpyxl.load_workbook(path)["Minimum tests"]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(each.startswith(SAID) for each in said)
    assert said.count("met") == 3


def test_the_command_tests_them_and_gives_status_1_where_one_is_not_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(UNKNOWN, encoding="utf-8")
    assert main(["conditions", str(path)]) == 0
    said = capsys.readouterr().out
    assert SAID in said
    assert "Conditions as the agreement names them of 2041/42" in said
    assert "Minimum tests on the plan" in said
    path.write_text(UNKNOWN.replace("adult_social_care: 700_000", "adult_social_care: 900_000"), encoding="utf-8")
    assert main(["conditions", str(path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    (short,) = [test for test in report["tests"]["plan"] if test["result"] == "not met"]
    assert (short["shortfall"], short["required_from"]) == ("99999.93", "the agreement's own figure")
    assert report["rules"] == "not known here"
    assert report["conditions"][0]["number"] is None


def test_the_pages_show_the_areas_own_tests_and_say_whose_they_are(tmp_path: Path) -> None:
    imported(pool_of(tmp_path, UNKNOWN), tmp_path, spent("a", "690000", day="2041-05-10"))
    conditions = opened("conditions", tmp_path / DB)
    shown = text(conditions)
    assert SAID in shown
    assert "the area's own figure, counted as in" in shown
    assert markup(conditions).count("<caption>Minimum spend, £000") == 1
    assert "joint plan" in shown
    assert SAID in text(opened("quarter", tmp_path / DB))
