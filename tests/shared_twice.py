"""One case shared by the rules and by the second implementation, and the comparison of the two. Holds no tests."""

from collections.abc import Mapping
from dataclasses import replace

from ledgers.money import pounds
from plain_risk_share import Plain
from plain_terms import portion
from s75_rules.agreement import Agreement
from s75_rules.clause_records import SIDES
from s75_rules.positions import Breach, Position, position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from strategies import Case, Texts


def position_of(case: Case) -> Position:
    """Where the drawn pool stands."""
    breaches = [Breach(*each) for each in case.breaches]
    position = position_from_agreement(Agreement.model_validate(case.file), case.outturns, breaches)
    return replace(position, movements=case.months, contained=case.contained)


def shared(case: Case) -> RiskShare:
    """The risk share of a drawn case by the rules."""
    return share_risk(Agreement.model_validate(case.file), position_of(case))


def assert_same_pennies(case: Case) -> list[str]:
    """Every figure of the two implementations is the same: as drawn, once a board has decided, and with an unknown.

    Says what beside the case as drawn there was to try.
    """
    assert_alike(case)
    others = {"decisions": decided(case), "an amount not known": with_an_unknown(case)}
    for other in others.values():
        if other is not None:
            assert_alike(other)
    return [what for what, other in others.items() if other is not None]


def assert_alike(case: Case) -> None:
    """Every figure of the two implementations is the same."""
    found, plain = shared(case), plainly(case)
    assert found.overspend_pence == plain.bears
    assert found.underspend_pence == plain.gets
    assert found.reserves_pence == plain.change
    assert found.carried_forward_pence == not_nil(plain.carried)
    assert found.returned_to_funder_pence == not_nil(plain.returned)
    assert found.unresolved_overspend_pence == plain.left_open("overspend")
    assert found.unresolved_underspend_pence == plain.left_open("underspend")
    assert found.disputed_overspend_pence == not_nil(plain.contested["overspend"])
    assert found.disputed_underspend_pence == not_nil(plain.contested["underspend"])


def plainly(case: Case) -> Plain:
    """The risk share of a drawn case by the second implementation."""
    return Plain(case.file, case.outturns, case.breaches, case.months, case.contained)


def decided(case: Case) -> Case | None:
    """The case once the board has decided on all that its clauses leave open; None where they leave nothing.

    A decision stands in the place of what is shared until there is one.
    """
    bare = {**case.file, "risk_share": [without_otherwise(clause) for clause in case.file["risk_share"]]}
    partners = list(case.file["partners"])
    decisions = [
        {
            "clause": clause,
            "side": side,
            "partners": dict(zip(partners, map(pounds, portion(amount, range(len(partners)))), strict=True)),
            "minute": "JCB item 1",
            "decided": "2016-12-06",
        }
        for (clause, side), amount in plainly(replace(case, file=bare)).open.items()
        if amount
    ]
    return replace(case, file={**case.file, "decisions": decisions}) if decisions else None


def without_otherwise(clause: Texts) -> Texts:
    """A clause in which nothing is shared until the board decides."""
    return {
        **clause,
        **{side: [{k: v for k, v in step.items() if k != "otherwise"} for step in clause[side]] for side in SIDES},
    }


def with_an_unknown(case: Case) -> Case | None:
    """The case with a contribution that is no number yet; None where no step shares by contribution."""
    steps = [step for clause in case.file["risk_share"] for side in SIDES for step in clause[side]]
    if not any("contribution" in step.values() for step in steps):
        return None
    money = case.file["contributions"]
    which = list(money)[sum(case.outturns.values()) % len(money)]
    unknown = {**money, which: {**money[which], "amount": "to be confirmed"}}
    return replace(case, file={**case.file, "contributions": unknown})


def not_nil(amounts: Mapping[str, int]) -> dict[str, int]:
    """Amounts without those of nil."""
    return {name: amount for name, amount in amounts.items() if amount}
