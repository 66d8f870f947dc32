"""One case shared by the rules and by the second implementation, and the comparison of the two. Holds no tests."""

from collections.abc import Mapping
from dataclasses import replace

from plain_risk_share import Plain
from s75_rules.agreement import Agreement
from s75_rules.positions import Breach, Position, position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from strategies import Case


def position_of(case: Case) -> Position:
    """Where the drawn pool stands."""
    breaches = [Breach(*each) for each in case.breaches]
    position = position_from_agreement(Agreement.model_validate(case.file), case.outturns, breaches)
    return replace(position, movements=case.months)


def shared(case: Case) -> RiskShare:
    """The risk share of a drawn case by the rules."""
    return share_risk(Agreement.model_validate(case.file), position_of(case))


def assert_same_pennies(case: Case) -> None:
    """Every figure of the two implementations is the same."""
    found, plain = shared(case), Plain(case.file, case.outturns, case.breaches, case.months)
    assert found.overspend_pence == plain.bears
    assert found.underspend_pence == plain.gets
    assert found.reserves_pence == plain.change
    assert found.carried_forward_pence == not_nil(plain.carried)
    assert found.returned_to_funder_pence == not_nil(plain.returned)
    assert found.unresolved_overspend_pence == plain.open["overspend"]
    assert found.unresolved_underspend_pence == plain.open["underspend"]
    assert found.disputed_overspend_pence == not_nil(plain.contested["overspend"])
    assert found.disputed_underspend_pence == not_nil(plain.contested["underspend"])


def not_nil(amounts: Mapping[str, int]) -> dict[str, int]:
    """Amounts without those of nil."""
    return {name: amount for name, amount in amounts.items() if amount}
