"""Earmarks: money of some sources held for some lines, at least or at most so much. Moves no money."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledgers.money import pounds, pounds_for_people, short_number
from s75_rules.agreement import Agreement
from s75_rules.agreement_faults import Fault, warning
from s75_rules.amounts import Amount, total
from s75_rules.conditions import Basis, LineMoney, TestResult
from s75_rules.plan import Earmark
from s75_rules.trace import listed


@dataclass(frozen=True, slots=True)
class EarmarkTest:
    """An earmark held against the plan, the forecast or the outturn, in pence.

    ``limit_pence`` is None where it is a share of an amount that is no number yet. ``headroom_pence``
    is below nil where a floor is missed or a ceiling passed, and None where it cannot be told.
    """

    earmark: Earmark
    basis: Basis
    limit_pence: int | None
    counted_pence: int | None
    result: TestResult
    because: str
    counted: Mapping[str, int]

    @property
    def is_ceiling(self) -> bool:
        """Whether the earmark is the most that may go to its lines, not the least."""
        return self.earmark.at_most is not None

    @property
    def headroom_pence(self) -> int | None:
        """What is counted beyond a floor, or what a ceiling leaves; None where it cannot be told."""
        if self.limit_pence is None or self.counted_pence is None or self.result == "cannot tell":
            return None
        over = self.counted_pence - self.limit_pence
        return -over if self.is_ceiling else over

    @property
    def required_words(self) -> str:
        """The floor or ceiling in words, such as ``at most £4,000.00 (2%)``."""
        share = self.earmark.limit.share
        amount = "not known yet" if self.limit_pence is None else pounds_for_people(self.limit_pence)
        of = "" if share is None else f" ({short_number(share * 100)}%)"
        return f"{'at most' if self.is_ceiling else 'at least'} {amount}{of}"

    def as_json(self) -> dict[str, object]:
        """The test with money as text of pounds; null where it is not known."""
        known = {"limit": self.limit_pence, "counted": self.counted_pence, "headroom": self.headroom_pence}
        return {
            "id": self.earmark.id,
            "name": self.earmark.name,
            "basis": self.basis,
            "sources": list(self.earmark.sources),
            "kind": "at most" if self.is_ceiling else "at least",
            **{key: None if pence is None else pounds(pence) for key, pence in known.items()},
            "result": self.result,
            "lines": {scheme: pounds(pence) for scheme, pence in self.counted.items()},
            "because": self.because,
            "reference": self.earmark.reference,
        }


def earmark_tests(
    agreement: Agreement, lines: Sequence[LineMoney], basis: Basis, contributions_pence: Mapping[str, int]
) -> tuple[EarmarkTest, ...]:
    """Hold each earmark against what its lines have, or spend, of its sources.

    A plan counts budgets. On a forecast or outturn a floor counts what was met from the sources and
    no more than the budget, as a minimum test does; a ceiling counts all of it. Aligned and in-view
    lines do not count. A line whose money from the sources is no number yet leaves the answer open.
    Sources: conditions of the discharge grants (administration at most 1% or 2%); earmarks of the
    NHS minimum for carers' breaks, reablement and Care Act duties.
    """
    return tuple(_test(agreement, each, lines, basis, contributions_pence) for each in agreement.earmarks.values())


def no_longer_kept(before: Sequence[EarmarkTest], after: Sequence[EarmarkTest]) -> tuple[EarmarkTest, ...]:
    """The earmarks that are met before a change and would not be after it, as they would then stand."""
    met = {each.earmark.id for each in before if each.result == "met"}
    return tuple(each for each in after if each.earmark.id in met and each.result == "not met")


def _test(
    agreement: Agreement,
    earmark: Earmark,
    lines: Sequence[LineMoney],
    basis: Basis,
    contributions_pence: Mapping[str, int],
) -> EarmarkTest:
    whole = _put_in(agreement, earmark, contributions_pence)
    limit = earmark.limit.pence
    if earmark.limit.share is not None and whole.exact_pence is not None:
        limit = earmark.limit.of(whole.exact_pence)
    counted = _counted(agreement, earmark, lines, basis)
    waiting = [scheme for scheme in earmark.schemes if _is_open(agreement, earmark, scheme)]
    sum_pence = sum(counted.values())
    result = _result(earmark, limit, sum_pence, is_open=bool(waiting))
    parts = listed(f"{scheme} {pounds_for_people(pence)}" for scheme, pence in counted.items()) or "no line"
    words = {"plan": "planned", "forecast": "forecast", "outturn": "spent"}[basis]
    if basis != "plan" and earmark.at_least is not None:
        words += " within budget"
    said = f"{pounds_for_people(sum_pence)} is {words} ({parts})"
    if waiting:
        said += f"; no amount yet on {listed(waiting)}"
    found = EarmarkTest(earmark, basis, limit, None if waiting and not counted else sum_pence, result, "", counted)
    of = f" of the {whole} that the sources bring" if earmark.limit.share is not None else ""
    because = f"{said}; {found.required_words}{of}{_gap(found)}: {result}."
    return EarmarkTest(earmark, basis, limit, found.counted_pence, result, because, counted)


def _gap(found: EarmarkTest) -> str:
    """How far the lines are from the limit, in words; empty where it cannot be told."""
    if (room := found.headroom_pence) is None:
        return ""
    if found.is_ceiling:
        return f", {pounds_for_people(abs(room))} {'left' if room >= 0 else 'too much'}"
    return f", {pounds_for_people(abs(room))} {'over' if room >= 0 else 'short'}"


def _put_in(agreement: Agreement, earmark: Earmark, contributions_pence: Mapping[str, int]) -> Amount:
    """What the sources put into pooled funds."""
    return total(
        Amount.exact(contributions_pence[each.id])
        if each.id in contributions_pence and each.amount.exact_pence is not None
        else each.amount
        for each in agreement.contributions.values()
        if each.source in earmark.sources and agreement.funds[each.fund].kind == "pooled"
    )


def _counted(agreement: Agreement, earmark: Earmark, lines: Sequence[LineMoney], basis: Basis) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for each in lines:
        named = each.scheme in earmark.schemes and agreement.is_pooled(agreement.schemes[each.scheme])
        if not named or agreement.contributions[each.contribution].source not in earmark.sources:
            continue
        money = each.planned_pence if basis == "plan" else each.amount_pence
        if basis != "plan" and earmark.at_least is not None:
            money = min(money, each.planned_pence) + each.relief_pence
        if money:
            counted[each.scheme] = counted.get(each.scheme, 0) + money
    return counted


def _is_open(agreement: Agreement, earmark: Earmark, scheme: str) -> bool:
    """Whether a pooled line has no budget yet, or one from the sources that is no exact amount."""
    line = agreement.schemes[scheme]
    if not agreement.is_pooled(line):
        return False
    return not line.budgets or any(
        amount.exact_pence is None and agreement.contributions[contribution].source in earmark.sources
        for contribution, amount in line.budgets.items()
    )


def _result(earmark: Earmark, limit: int | None, counted: int, *, is_open: bool) -> TestResult:
    """What is still open can only add: it may reach a floor and it may pass a ceiling."""
    if limit is None:
        return "cannot tell"
    if earmark.at_most is not None:
        if counted > limit:
            return "not met"
        return "cannot tell" if is_open else "met"
    if counted >= limit:
        return "met"
    return "cannot tell" if is_open else "not met"


def earmark_warnings(agreement: Agreement) -> Iterator[Fault]:
    """Lines that an earmark names and that bring it nothing: no money of its sources, or not pooled."""
    for each in agreement.earmarks.values():
        for place, name in enumerate(each.schemes):
            scheme = agreement.schemes[name]
            sources = {agreement.contributions[contribution].source for contribution in scheme.budgets}
            message = ""
            if not agreement.is_pooled(scheme):
                message = f"line {name} is not pooled, and an earmark counts pooled money"
            elif sources and not sources & set(each.sources):
                message = f"line {name} has no money from {listed(each.sources)}"
            if message:
                path = ("earmarks", each.id, "schemes", place)
                yield warning(path, "EarmarkCountsNothing", message, "take it out, or correct the sources")
