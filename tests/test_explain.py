"""The tree behind a figure, from an agreement and an outturn alone: steps, clauses, lines, amounts, parameters."""

import json
from pathlib import Path

import pytest

from pooledfund.cli import main
from pooledfund.intake.outturns import read_outturns
from rules_cases import RISK_SHARE_CASES, agreement_of
from s75_rules.explain import Because, NothingToExplain, explain_line, explain_partner
from s75_rules.positions import position_from_agreement
from s75_rules.risk_share import share_risk
from s75_rules.version import RULES_VERSION

CASE = next(each for each in RISK_SHARE_CASES if each.name == "waterfall-reserve-cap")
AGREEMENT = agreement_of(CASE / "agreement.yaml")
OUTTURNS = read_outturns(CASE / "outturn.csv", AGREEMENT)
POSITION = position_from_agreement(AGREEMENT, OUTTURNS.by_scheme, OUTTURNS.breaches)
SHARE = share_risk(AGREEMENT, POSITION)


def sentences(tree: Because) -> list[str]:
    return [line.strip() for line in tree.in_lines()]


@pytest.mark.parametrize("partner", list(AGREEMENT.partners))
def test_a_partner_s_figure_leads_to_every_step_that_gave_it_an_amount(partner: str) -> None:
    told = sentences(explain_partner(AGREEMENT, POSITION, SHARE, partner))
    own = [row.because for row in SHARE.trace if row.partner == partner]
    assert own
    assert set(own) <= set(told)
    assert any(each.startswith("Clause ") for each in told)
    assert f"version {RULES_VERSION} of the rules" in told[-1]


def test_a_line_leads_to_its_budget_its_outturn_and_who_bears_it() -> None:
    line = next(scheme for scheme, _ in SHARE.borne_by_line)
    told = sentences(explain_line(AGREEMENT, POSITION, SHARE, line))
    assert told[0].startswith(f"Line {line} (")
    borne = [each for each in told if each.startswith("Of it ")]
    assert len(borne) == sum(scheme == line for scheme, _ in SHARE.borne_by_line)
    assert any(each.startswith("Budget of £") for each in told)


def test_every_case_explains_all_its_partners_and_lines_in_whole_sentences() -> None:
    for case in RISK_SHARE_CASES:
        agreement = agreement_of(case / "agreement.yaml")
        outturns = read_outturns(case / "outturn.csv", agreement)
        position = position_from_agreement(agreement, outturns.by_scheme, outturns.breaches)
        share = share_risk(agreement, position)
        trees = [explain_partner(agreement, position, share, each) for each in agreement.partners]
        trees += [explain_line(agreement, position, share, each) for each in agreement.schemes]
        assert all(line.endswith((".", ":", ".)")) and "  " not in line for tree in trees for line in sentences(tree))


def test_what_is_not_there_is_not_explained() -> None:
    with pytest.raises(NothingToExplain, match="name one of"):
        explain_partner(AGREEMENT, POSITION, SHARE, "nobody")
    with pytest.raises(NothingToExplain, match="name one that check lists"):
        explain_line(AGREEMENT, POSITION, SHARE, "nowhere")


def test_a_line_with_a_dispute_casts_to_its_variance() -> None:
    case = Path(__file__).parent.parent / "examples" / "learning_disability_dispute"
    agreement = agreement_of(case / "agreement.yaml")
    outturns = read_outturns(case / "outturn.csv", agreement)
    position = position_from_agreement(agreement, outturns.by_scheme, outturns.breaches)
    share = share_risk(agreement, position)
    told = sentences(explain_line(agreement, position, share, "CARE"))
    assert "Of it £10,000,000.00 of The county council is in dispute and not settled." in told
    parts = [*share.borne_by_line.values(), *share.disputed_by_line.values()]
    assert sum(parts) == share.variance_pence == 14_000_000_00


def test_check_says_each_clause_and_what_happened_to_it_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    case = Path(__file__).parent.parent / "examples" / "learning_disability_dispute" / "agreement.yaml"
    assert main(["check", str(case), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    (clause,) = said["clauses"]
    assert clause["says"].startswith("On every pooled line. Overspend: borne by the signatories in proportion")
    assert clause["reference"]
    assert said["beside_the_clauses"][0].startswith("council disputes £10,000,000.00 of its overspend")
    assert main(["check", str(case)]) == 0
    assert f"- {clause['clause']} ({clause['reference']}). {clause['says']}" in capsys.readouterr().out
