"""The running state of one risk share: what is left on each line and what was placed where. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ledgers.money import apportion
from s75_rules.agreement import Agreement
from s75_rules.clauses import Clause
from s75_rules.errors import RuleBroken
from s75_rules.positions import Position
from s75_rules.trace import Step, Wording

Side = Literal["overspend", "underspend"]


class LineNotCovered(RuleBroken):
    """A pooled line that no clause of the risk share covers."""


@dataclass(frozen=True, slots=True)
class Offset:
    """One offset in pence: the relief of overspent lines, and as much given by underspent lines."""

    relief: Mapping[str, int]
    used: Mapping[str, int]


def clause_of_line(agreement: Agreement, position: Position, scheme: str) -> Clause:
    """The clause that a pooled line belongs to: the first in file order that covers it.

    Raises:
        LineNotCovered: no clause covers the line.
    """
    line = agreement.schemes[scheme]
    sources = {agreement.contributions[each].source for each in position.line_budgets(scheme)}
    for clause in agreement.risk_share:
        covers = clause.covers
        if (
            covers.everything
            or line.fund in (covers.funds or ())
            or scheme in (covers.schemes or ())
            or sources.intersection(covers.sources or ())
        ):
            return clause
    raise LineNotCovered(f"no clause covers line {scheme}: add a clause, or one that covers everything at the end")


@dataclass
class Tally:
    """What is left of each line's un-ringed variance, and what was borne, given back, kept and left open. Pence.

    ``over`` and ``under`` hold what is left by line, ``joined`` the ring-fenced contributions of a
    line whose overspend joined its clause, ``open`` what a clause left unresolved by side and line.
    """

    agreement: Agreement
    position: Position
    clause_of: Mapping[str, Clause]
    wording: Wording
    over: dict[str, int] = field(default_factory=dict)
    under: dict[str, int] = field(default_factory=dict)
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    borne: dict[str, int] = field(default_factory=dict)
    given_back: dict[str, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)
    returned: dict[str, int] = field(default_factory=dict)
    open: dict[tuple[str, Side], dict[str, int]] = field(default_factory=dict)
    by_line: dict[tuple[str, str], int] = field(default_factory=dict)
    offsets: list[Offset] = field(default_factory=list)
    trace: list[Step] = field(default_factory=list)

    @classmethod
    def start(cls, agreement: Agreement, position: Position) -> "Tally":
        """Nothing placed yet; every pooled line with the clause it belongs to."""
        pooled = [line.id for line in agreement.schemes.values() if agreement.is_pooled(line)]
        return cls(
            agreement,
            position,
            {scheme: clause_of_line(agreement, position, scheme) for scheme in pooled},
            Wording(agreement),
            over=dict.fromkeys(pooled, 0),
            under=dict.fromkeys(pooled, 0),
            borne=dict.fromkeys(agreement.partners, 0),
            given_back=dict.fromkeys(agreement.partners, 0),
            reserves=dict.fromkeys(agreement.reserves, 0),
        )

    def lines_of(self, clause: Clause) -> list[str]:
        """The lines that belong to a clause, in file order."""
        return [scheme for scheme, of in self.clause_of.items() if of.clause == clause.clause]

    def left(self, clause: Clause, side: Side) -> dict[str, int]:
        """What is left on each line of a clause that still has an overspend or underspend."""
        amounts = self.over if side == "overspend" else self.under
        return {scheme: amounts[scheme] for scheme in self.lines_of(clause) if amounts[scheme]}

    def takes_no_relief(self, scheme: str) -> bool:
        """Whether capital joined the line's overspend, so that no revenue underspend may relieve it."""
        return any(self.agreement.contributions[each].is_capital for each in self.joined.get(scheme, ()))

    def bear(self, partner: str, by_line: Mapping[str, int]) -> None:
        """A partner bears an overspend on these lines."""
        for scheme, amount in by_line.items():
            self.borne[partner] += amount
            self.by_line[scheme, partner] = self.by_line.get((scheme, partner), 0) + amount

    def give_back(self, partner: str, by_line: Mapping[str, int]) -> None:
        """A partner gets back an underspend on these lines."""
        for scheme, amount in by_line.items():
            self.given_back[partner] += amount
            self.by_line[scheme, partner] = self.by_line.get((scheme, partner), 0) - amount

    def place(self, side: Side, partner: str, by_line: Mapping[str, int]) -> None:
        """A partner bears or gets back its part, by the side of the variance."""
        if side == "overspend":
            self.bear(partner, by_line)
        else:
            self.give_back(partner, by_line)

    def take(self, side: Side, by_line: Mapping[str, int]) -> None:
        """What was placed leaves the lines."""
        amounts = self.over if side == "overspend" else self.under
        for scheme, amount in by_line.items():
            amounts[scheme] -= amount

    def explain(
        self, clause: str | None, step: str, scheme: str | None, partner: str | None, amount_pence: int, because: str
    ) -> None:
        """Write one row of the trace."""
        self.trace.append(Step(clause, step, scheme, partner, amount_pence, because))


def by_lines(size_pence: int, lines: Mapping[str, int]) -> dict[str, int]:
    """Apportion a size over lines by their amounts, in the order of the lines."""
    return dict(zip(lines, apportion(size_pence, list(lines.values())), strict=True))


def across(parts: Mapping[str, int], lines: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Spread the parts of partners over lines so that both the partners' and the lines' totals hold.

    The totals of ``parts`` and ``lines`` are equal. It says who bears what on which line; no
    amount of the risk share depends on it.
    """
    left, spread = dict(lines), {}
    for partner, part in parts.items():
        spread[partner] = by_lines(part, left)
        left = {scheme: amount - spread[partner][scheme] for scheme, amount in left.items()}
    return spread
