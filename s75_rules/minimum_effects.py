"""What a risk share does to the minimum tests: money offset or returned keeps its contribution. Shares nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledgers.money import apportion, pounds_for_people
from s75_rules.agreement import Agreement, Source
from s75_rules.area_rules import rules_for
from s75_rules.conditions import Basis, LineMoney, MinimumTest, minimum_tests
from s75_rules.positions import Position
from s75_rules.risk_share import RiskShare
from s75_rules.tally import across
from s75_rules.trace import SOURCE_WORDS, listed


@dataclass(frozen=True, slots=True)
class MinimumsAfter:
    """The minimum tests once the risk share is carried out, and a warning for each that it leaves failing."""

    tests: tuple[MinimumTest, ...]
    warnings: tuple[str, ...]


def lines_from(position: Position) -> list[LineMoney]:
    """Each line's outturn apportioned over its contributions by their budgets on it, for a test without books."""
    return [
        LineMoney(scheme, contribution, budget, part)
        for scheme in dict.fromkeys(scheme for scheme, _ in position.budgets)
        for (contribution, budget), part in zip(
            position.line_budgets(scheme).items(),
            apportion(position.outturn_pence(scheme), list(position.line_budgets(scheme).values())),
            strict=True,
        )
    ]


def minimums_after(
    agreement: Agreement,
    lines: Sequence[LineMoney],
    basis: Basis,
    position: Position,
    share: RiskShare,
) -> MinimumsAfter:
    """Hold the minimums against the pool after the risk share's offsets and returns.

    An underspend that relieves another line stays money of the contribution it came from, so it
    counts where it is spent; one that is returned is no longer pooled. A test that fails then, and
    whose source lost money in either way, is warned of.
    """
    relief, given = _offset_money(agreement, position, share)
    returned = _returned_money(agreement, position, share)
    relieved = [
        LineMoney(
            each.scheme,
            each.contribution,
            each.planned_pence,
            each.amount_pence,
            relief.pop((each.scheme, each.contribution), 0),
        )
        for each in lines
    ]
    relieved += [LineMoney(scheme, contribution, 0, 0, pence) for (scheme, contribution), pence in relief.items()]
    kept = {
        contribution: pence - sum(part for (_, of), part in returned.items() if of == contribution)
        for contribution, pence in position.contributions.items()
    }
    tests = minimum_tests(agreement, relieved, basis, kept)
    warnings = []
    for rule, test in zip(rules_for(agreement).tests, tests, strict=True):
        ways = {"is returned": returned}
        if rule.counts == "lines":
            ways["meets the overspend of other lines"] = given
        lost = [said for way, money in ways.items() if (said := _said(agreement, money, rule.source, way))]
        if test.result == "not met" and lost:
            warnings.append(f"{test.title} is not met after the risk share, in which {listed(lost)}: {test.because}")
    return MinimumsAfter(tests, tuple(warnings))


_Money = dict[tuple[str, str], int]
"""Pence by line and contribution."""


def _offset_money(agreement: Agreement, position: Position, share: RiskShare) -> tuple[_Money, _Money]:
    """What offsets brought to each line by contribution, and what they took from each line by contribution."""
    relief: _Money = {}
    given: _Money = {}
    for offset in share.offsets:
        by_contribution: dict[str, int] = {}
        for scheme, pence in offset.used.items():
            for contribution, part in _unringed_parts(agreement, position, scheme, pence):
                given[scheme, contribution] = given.get((scheme, contribution), 0) + part
                by_contribution[contribution] = by_contribution.get(contribution, 0) + part
        for contribution, on_lines in across(by_contribution, offset.relief).items():
            for scheme, part in on_lines.items():
                relief[scheme, contribution] = relief.get((scheme, contribution), 0) + part
    return relief, given


def _returned_money(agreement: Agreement, position: Position, share: RiskShare) -> _Money:
    """What partners get back from pooled lines, by the contribution it came from."""
    by_line: dict[str, int] = {}
    for (scheme, _), pence in share.borne_by_line.items():
        if pence < 0 and agreement.is_pooled(agreement.schemes[scheme]):
            by_line[scheme] = by_line.get(scheme, 0) - pence
    return {
        (scheme, contribution): part
        for scheme, pence in by_line.items()
        for contribution, part in _unringed_parts(agreement, position, scheme, pence)
    }


def _unringed_parts(agreement: Agreement, position: Position, scheme: str, pence: int) -> list[tuple[str, int]]:
    """A line's underspend by its contributions without a ring, in the proportions of their budgets on it."""
    budgets = {
        each: budget
        for each, budget in position.line_budgets(scheme).items()
        if not agreement.contributions[each].is_ring_fenced
    }
    if not budgets:
        return []
    return list(zip(budgets, apportion(pence, list(budgets.values())), strict=True))


def _said(agreement: Agreement, money: Mapping[tuple[str, str], int], source: Source, way: str) -> str | None:
    """How much of a source's money went a way, from which lines; None where none did."""
    lines: dict[str, int] = {}
    for (scheme, contribution), pence in money.items():
        if pence and agreement.contributions[contribution].source == source:
            lines[scheme] = lines.get(scheme, 0) + pence
    if not lines:
        return None
    named = listed(f"{scheme} {pounds_for_people(pence)}" for scheme, pence in lines.items())
    return f"{pounds_for_people(sum(lines.values()))} of {SOURCE_WORDS[source]} {way} ({named})"
