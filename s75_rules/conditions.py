"""National conditions and minimum tests of a year against an agreement. Never adds money up over condition tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ledgers.money import pounds, pounds_for_people
from s75_rules.agreement import Agreement, Minimums, Scheme
from s75_rules.amounts import Amount, total
from s75_rules.area_rules import rules_for
from s75_rules.fields import Certainty
from s75_rules.trace import listed
from s75_rules.year_rules import (
    Condition,
    ConditionKind,
    MinimumName,
    MinimumRule,
)

Basis = Literal["plan", "forecast", "outturn"]
TestResult = Literal["met", "not met", "cannot tell", "not known here"]
Evidence = Literal["evidenced", "not evidenced"]
RequiredFrom = Literal["not known here", "the agreement's own figure", "the agreement, as published"]


@dataclass(frozen=True, slots=True)
class LineMoney:
    """A line's money from one contribution, in pence: its budget, and the forecast or outturn met from it.

    ``relief_pence`` is what an offset brought to the line beyond its own budget: money of this
    contribution that another line left unspent. It keeps the contribution it came from.
    """

    scheme: str
    contribution: str
    planned_pence: int
    amount_pence: int
    relief_pence: int = 0


@dataclass(frozen=True, slots=True)
class MinimumTest:
    """A minimum of the year held against what was planned, forecast or spent, in pence.

    ``headroom_pence`` is below nil where the minimum is missed and None where it cannot be told.
    ``required_from`` says whose figure the minimum is: no file here holds an area's published one,
    so it is the agreement's own. ``counted`` gives what each line brings; ``counted_lines`` names them.
    """

    id: MinimumName
    title: str
    basis: Basis
    required: Amount | None
    planned_pence: int | None
    headroom_pence: int | None
    result: TestResult
    because: str
    reference: str
    certainty: Certainty
    required_from: RequiredFrom
    counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def counted_lines(self) -> tuple[str, ...]:
        """The lines that count, in file order."""
        return tuple(self.counted)

    def as_json(self) -> dict[str, object]:
        """The test with money as text of pounds; null where it is not known."""
        headroom = self.headroom_pence
        return {
            "id": self.id,
            "title": self.title,
            "basis": self.basis,
            "required": None if self.required is None else _text(self.required),
            "required_from": self.required_from,
            "planned": None if self.planned_pence is None else pounds(self.planned_pence),
            "headroom": None if headroom is None else pounds(max(headroom, 0)),
            "shortfall": None if headroom is None else pounds(max(-headroom, 0)),
            "result": self.result,
            "lines": {scheme: pounds(amount) for scheme, amount in self.counted.items()},
            "because": self.because,
            "reference": self.reference,
            "certainty": self.certainty,
        }


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A national condition: the lines tagged with it, the area's own word on it, and what that shows.

    Without a line it is not evidenced, which is not a failure. A money condition takes the result
    of its minimum tests where they are given.
    """

    id: str
    number: int | None
    title: str
    kind: ConditionKind
    lines: tuple[str, ...]
    result: TestResult | Evidence
    because: str
    statement: str | None
    said_met: bool | None
    reference: str
    certainty: Certainty

    @property
    def heading(self) -> str:
        """Its number and title, or the title alone in a year whose numbers are not known here."""
        return self.title if self.number is None else f"{self.number}. {self.title}"

    def as_json(self) -> dict[str, object]:
        """The condition as plain values."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "kind": self.kind,
            "lines": list(self.lines),
            "result": self.result,
            "because": self.because,
            "statement": self.statement,
            "said_met": self.said_met,
            "reference": self.reference,
            "certainty": self.certainty,
        }


def minimum_tests(
    agreement: Agreement, lines: Sequence[LineMoney], basis: Basis, contributions_pence: Mapping[str, int]
) -> tuple[MinimumTest, ...]:
    """Hold each minimum of the year, and each of the area's own, against the pooled money that counts towards it.

    On a plan a line counts its budget from the source. On a forecast or outturn it counts what was
    met from the source and no more than that budget, and what an offset brought it beyond. What is
    not an exact amount is counted at its lower end, and where the higher end would change the
    answer the answer is ``cannot tell``.
    Aligned and in-view money never counts (NHS Act 2006, s223GA: the minimum is pooled).
    """
    return tuple(
        _contribution_test(agreement, rule, basis, contributions_pence)
        if rule.counts == "contributions"
        else _line_test(agreement, rule, lines, basis)
        for rule in rules_for(agreement).tests
    )


def _contribution_test(
    agreement: Agreement, rule: MinimumRule, basis: Basis, contributions_pence: Mapping[str, int]
) -> MinimumTest:
    """The contributions from a source to pooled funds against the minimum."""
    amounts = [
        Amount.exact(contributions_pence[each.id]) if each.id in contributions_pence else each.amount
        for each in agreement.contributions.values()
        if each.source == rule.source and agreement.funds[each.fund].kind == "pooled"
    ]
    whole = total(amounts)
    return _test(agreement, rule, basis, whole.low_pence, whole.high_pence, {}, f"{whole} is put into the pool")


def _line_test(agreement: Agreement, rule: MinimumRule, lines: Sequence[LineMoney], basis: Basis) -> MinimumTest:
    """What lines bring from a source against the minimum; lines without an area of spend leave it open."""
    counted: dict[str, int] = {}
    unsorted: dict[str, int] = {}
    waiting: list[str] = []
    for scheme in agreement.schemes.values():
        if not agreement.is_pooled(scheme):
            continue
        money = sum(
            min(each.amount_pence, each.planned_pence) + each.relief_pence if basis != "plan" else each.planned_pence
            for each in lines
            if each.scheme == scheme.id and agreement.contributions[each.contribution].source == rule.source
        )
        if rule.share == "nhs":
            money = _half_up(money * agreement.commissioner_of(scheme).nhs / 100)
        if not money:
            if _waits_for_money(agreement, rule, scheme):
                waiting.append(scheme.id)
            continue
        if scheme.area_of_spend is None:
            unsorted[scheme.id] = money
        elif _in_area(rule, scheme.area_of_spend):
            counted[scheme.id] = money
    low: int | None = sum(counted.values())
    high: int | None = sum(counted.values()) + sum(unsorted.values())
    if waiting or _open_budgets(agreement, rule):
        high = None
    words = "planned" if basis == "plan" else f"{basis} within budget"
    named = listed(f"{scheme} {pounds_for_people(amount)}" for scheme, amount in counted.items()) or "no line"
    found = f"{pounds_for_people(sum(counted.values()))} is {words} ({named})"
    if waiting and not counted:
        low, found = None, f"what is {words} is no number yet"
    if waiting:
        found += f"; no amount yet on {listed(waiting)}, which may count"
    if unsorted:
        found += f"; {listed(unsorted)} cannot be sorted because no area of spend is stated"
    return _test(agreement, rule, basis, low, high, counted, found)


def _in_area(rule: MinimumRule, area: str) -> bool:
    if rule.area_of_spend is not None:
        return area == rule.area_of_spend
    return area != rule.not_area_of_spend


def _waits_for_money(agreement: Agreement, rule: MinimumRule, scheme: Scheme) -> bool:
    """Whether a line that may count states no budget while money from the source is still to be placed on lines."""
    return (
        not scheme.budgets
        and (scheme.area_of_spend is None or _in_area(rule, scheme.area_of_spend))
        and any(
            each.source == rule.source and each.fund == scheme.fund and agreement.unallocated(each.id).exact_pence != 0
            for each in agreement.contributions.values()
        )
    )


def _open_budgets(agreement: Agreement, rule: MinimumRule) -> bool:
    """Whether a pooled line that may count has a budget from the source that is not an exact amount."""
    return any(
        amount.exact_pence is None and agreement.contributions[contribution].source == rule.source
        for scheme in agreement.schemes.values()
        if agreement.is_pooled(scheme) and (scheme.area_of_spend is None or _in_area(rule, scheme.area_of_spend))
        for contribution, amount in scheme.budgets.items()
    )


def _test(
    agreement: Agreement,
    rule: MinimumRule,
    basis: Basis,
    low: int | None,
    high: int | None,
    counted: Mapping[str, int],
    found: str,
) -> MinimumTest:
    """Compare what was found, from its lower to its higher end, with what the agreement states is required."""
    required: Amount | None = getattr(agreement.minimums, rule.id)
    result = _compare(required, low, high)
    headroom: int | None = None
    if result in ("met", "not met") and low is not None and required is not None and required.exact_pence is not None:
        headroom = low - required.exact_pence
    required_from = _required_from(agreement.minimums, required)
    held = f"against a minimum of {required} ({required_from})"
    if required is None:
        held = "no minimum is stated in the agreement and the published one is not known here"
    gap = ""
    if headroom is not None:
        gap = f", {pounds_for_people(abs(headroom))} {'over' if headroom >= 0 else 'short'}"
    return MinimumTest(
        id=rule.id,
        title=rule.title,
        basis=basis,
        required=required,
        planned_pence=low,
        headroom_pence=headroom,
        result=result,
        because=f"{found}; {held}{gap}: {result}.",
        reference=rule.reference,
        certainty=rule.certainty,
        required_from=required_from,
        counted=counted,
    )


def _required_from(minimums: Minimums, required: Amount | None) -> RequiredFrom:
    if required is None:
        return "not known here"
    return "the agreement, as published" if minimums.basis == "published" else "the agreement's own figure"


def _compare(required: Amount | None, low: int | None, high: int | None) -> TestResult:
    """Met where even the lower end reaches the highest requirement, not met where the higher end misses the lowest."""
    if required is None:
        return "not known here"
    if low is not None and required.high_pence is not None and low >= required.high_pence:
        return "met"
    if high is not None and required.low_pence is not None and high < required.low_pence:
        return "not met"
    return "cannot tell"


def national_conditions(agreement: Agreement, tests: Sequence[MinimumTest] = ()) -> tuple[ConditionResult, ...]:
    """Each national condition of the year, or that the agreement names, with its lines and the area's own word.

    A tag shows that a line supports a condition; a line may carry several, so no money is added up
    over tags. A money condition takes the worst result of its minimum tests where they are given.
    """
    return tuple(_condition(agreement, condition, tests) for condition in rules_for(agreement).conditions)


def _condition(agreement: Agreement, condition: Condition, tests: Sequence[MinimumTest]) -> ConditionResult:
    answer = agreement.conditions.get(condition.id)
    lines = tuple(scheme.id for scheme in agreement.schemes.values() if condition.id in scheme.conditions)
    own_tests = [test for test in tests if test.id in condition.tests]
    result, because = _by_tests(own_tests) if own_tests else _by_lines(lines)
    return ConditionResult(
        id=condition.id,
        number=condition.number,
        title=condition.title,
        kind=condition.kind,
        lines=lines,
        result=result,
        because=because,
        statement=answer.statement if answer else None,
        said_met=answer.met if answer else None,
        reference=condition.reference,
        certainty=condition.certainty,
    )


def _by_lines(lines: Sequence[str]) -> tuple[Evidence, str]:
    if not lines:
        return "not evidenced", "No scheme line is tagged with this condition; that is a gap to fill, not a failure."
    count = "1 scheme line is" if len(lines) == 1 else f"{len(lines)} scheme lines are"
    return "evidenced", f"{count} tagged with this condition: {listed(lines)}."


def _by_tests(tests: Sequence[MinimumTest]) -> tuple[TestResult, str]:
    worst: tuple[TestResult, ...] = ("not met", "cannot tell", "not known here", "met")
    result = min((test.result for test in tests), key=worst.index)
    return result, " ".join(f"On the {test.basis}, {test.title}: {test.because}" for test in tests)


def _half_up(amount: Fraction) -> int:
    """A part of a line rounded to the penny, half up away from nil."""
    size = int(abs(amount) + Fraction(1, 2))
    return -size if amount < 0 else size


def _text(amount: Amount) -> str:
    return str(amount) if amount.exact_pence is None else pounds(amount.exact_pence)
