"""The conformance cases on disk, read for the tests of the rules. Holds no tests."""

import json
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.intake.outturns import read_outturns
from s75_rules.agreement import Agreement
from s75_rules.risk_share import RiskShare, position_from_agreement, share_risk

CASES = Path(__file__).parent / "cases"
RISK_SHARE_CASES = sorted((CASES / "risk_share").iterdir())
STORY = CASES / "quarter_story"


def agreement_of(path: Path) -> Agreement:
    return read_agreement(path).agreement


def shared(case: Path) -> RiskShare:
    """The risk share of a case from its agreement and its outturns."""
    agreement = agreement_of(case / "agreement.yaml")
    outturns = read_outturns(case / "outturn.csv", agreement)
    return share_risk(agreement, position_from_agreement(agreement, outturns.by_scheme, outturns.breaches))


def expected(path: Path) -> dict[str, object]:
    """What a file of expected figures says, without the trace, which is free."""
    figures: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    figures.pop("trace", None)
    return figures
