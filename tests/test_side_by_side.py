"""Two versions of an agreement in tables: every row of either, totals that cast, and no change of a clause unseen."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from agreement_text import changed, read
from ledgers.money import parse_pounds
from pooledfund.cli import main
from s75_rules.agreement import Agreement
from s75_rules.clause_words import whole_clause
from s75_rules.clauses import Clause
from s75_rules.side_by_side import side_by_side
from s75_rules.versions import differences
from strategies import Case, cases

OLDHAM = Path(__file__).parent.parent / "examples" / "oldham_2018_19"
SOUTH_KENT_COAST = OLDHAM.parent / "south_kent_coast_2014_16"


def test_money_stands_side_by_side_and_casts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions", str(OLDHAM / "initial.yaml"), str(OLDHAM / "revised.yaml"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    for table in (said["contributions"], said["lines"]):
        *rows, total = table
        for column in ("before", "after", "change"):
            assert sum(parse_pounds(row[column]) for row in rows) == parse_pounds(total[column])
    assert said["contributions"][-1]["change"] == "-2163000.00"
    assert [each["what"] for each in said["clauses"]] == ["the same"]


def test_what_is_no_number_yet_has_no_change_and_no_total(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(SOUTH_KENT_COAST / f"agreement_{year}.yaml") for year in ("2014_15", "2015_16")]
    assert main(["versions", *files, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["contributions"][-1]["after"] == "£13,283,000.00 to £18,862,575.00"
    assert said["contributions"][-1]["change"] is None
    assert said["lines"][-1] == {"id": "Total", "name": "", "before": "none yet", "after": "none yet", "change": None}


@given(cases(), cases())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_clauses_that_are_not_equal_never_read_the_same(one: Case, other: Case) -> None:
    clauses = [*Agreement.model_validate(one.file).risk_share, *Agreement.model_validate(other.file).risk_share]
    by_words: dict[str, Clause] = {}
    for clause in clauses:
        alike = clause.model_copy(update={"clause": "any"})
        assert by_words.setdefault(whole_clause(alike), alike) == alike


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      funds: [bcf]\n    max", "      schemes: [S2, S3]\n    max"),
        ("        up_to: 2%\n", "        up_to: 2%\n        including_ring_fenced: true\n"),
        ("    max_liability: {icb", "    reference: Schedule 3\n    max_liability: {icb"),
    ],
)
def test_a_change_of_what_a_clause_covers_or_counts_is_seen(old: str, new: str) -> None:
    before, after = read(changed()).agreement, read(changed((old, new))).agreement
    assert [each.place for each in differences(before, after)] == ["risk share, clause 4.10"]
    assert [each.what for each in side_by_side(before, after).clauses] == ["the same", "changed"]
