"""Under which clause and which notices each part of a line's variance stands, month by month. Shares nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledgers.calendar import MONTHS
from ledgers.money import equal_parts
from s75_rules.agreement import Agreement
from s75_rules.clauses import Clause
from s75_rules.errors import RuleBroken
from s75_rules.positions import Position


class LineNotCovered(RuleBroken):
    """A pooled line that no clause of the risk share covers, in some month or in all."""


class Piece(NamedTuple):
    """The part of a line's variance that arose while one clause and the same notices stood.

    ``withdrawals`` are places in the agreement's list. Without dates a line has one piece.
    """

    scheme: str
    clause: str = ""
    withdrawals: tuple[int, ...] = ()


class Reach(NamedTuple):
    """What a clause covers, laid out once for many lines."""

    clause: Clause
    is_dated: bool
    everything: bool
    funds: frozenset[str]
    schemes: frozenset[str]
    sources: tuple[str, ...]


ALL_MONTHS = tuple(MONTHS)
Pieces = Mapping[Piece, Sequence[int]]
"""The months of each piece of a line, in the order of time."""


def in_force(agreement: Agreement, month: int, from_on: date | None, to_on: date | None) -> bool:
    """Whether what is dated from one day to another stands in a month; months are whole."""
    first = agreement.year.month_starts(month)
    return (from_on is None or from_on <= first) and (to_on is None or first <= to_on)


def pieces_of_lines(agreement: Agreement, position: Position) -> dict[str, Pieces]:
    """The pieces of every pooled line, in file order.

    Raises:
        LineNotCovered: no clause covers a pooled line in some month.
    """
    reaches = reaches_of(agreement)
    pooled = [line.id for line in agreement.schemes.values() if agreement.is_pooled(line)]
    # Most schedules begin with one clause for everything, at all times: no line needs a look of its own.
    if reaches and reaches[0].everything and not agreement.withdrawals and not any(each.is_dated for each in reaches):
        clause = reaches[0].clause.clause
        return {line: {Piece(line, clause): ALL_MONTHS} for line in pooled}
    return {line: pieces_of_line(agreement, position, line, reaches) for line in pooled}


def pieces_of_line(
    agreement: Agreement, position: Position, scheme: str, reaches: Sequence[Reach] | None = None
) -> Pieces:
    """The pieces of a pooled line: each month stands under the first dated clause in force that covers the line,
    else under the first undated one.

    Raises:
        LineNotCovered: no clause covers the line in some month.
    """
    dated, undated = _covering(agreement, position, scheme, reaches_of(agreement) if reaches is None else reaches)
    if not dated and undated is not None and not agreement.withdrawals:
        return {Piece(scheme, undated.clause): ALL_MONTHS}
    found: dict[Piece, list[int]] = {}
    for month in MONTHS:
        clause = clause_in_month(agreement, month, dated, undated)
        if clause is None:
            raise LineNotCovered(
                f"no clause covers line {scheme}{f' in M{month}' if dated else ''}: add a clause, or one that covers"
                " everything at the end"
            )
        notices = tuple(
            place
            for place, each in enumerate(agreement.withdrawals)
            if (each.clauses is None or clause.clause in each.clauses)
            and in_force(agreement, month, each.from_on, each.to_on)
        )
        found.setdefault(Piece(scheme, clause.clause, notices), []).append(month)
    return found


def clause_in_month(agreement: Agreement, month: int, dated: Sequence[Clause], undated: Clause | None) -> Clause | None:
    """The first of the dated clauses that is in force in a month, else the undated one."""
    stands = (each for each in dated if in_force(agreement, month, each.from_on, each.to_on))
    return next(stands, undated)


def reaches_of(agreement: Agreement) -> tuple[Reach, ...]:
    """What each clause covers, in file order; ``reaches`` of a line's pieces where many lines are asked for."""
    found = []
    for clause in agreement.risk_share:
        of = clause.covers
        sets = (frozenset(of.funds or ()), frozenset(of.schemes or ()), of.sources or ())
        found.append(Reach(clause, clause.is_dated, of.everything, *sets))
    return tuple(found)


def _covering(
    agreement: Agreement, position: Position, scheme: str, reaches: Sequence[Reach]
) -> tuple[list[Clause], Clause | None]:
    """The dated clauses that cover a line, and the first undated one, in file order."""
    fund = agreement.schemes[scheme].fund
    dated: list[Clause] = []
    undated: Clause | None = None
    for clause, is_dated, everything, funds, schemes, sources in reaches:
        if (is_dated or undated is None) and (
            everything
            or fund in funds
            or scheme in schemes
            or (sources and _funded_by(agreement, position, scheme, sources))
        ):
            if is_dated:
                dated.append(clause)
            else:
                undated = clause
    return dated, undated


def _funded_by(agreement: Agreement, position: Position, scheme: str, sources: Sequence[str]) -> bool:
    return any(agreement.contributions[each].source in sources for each in position.line_budgets(scheme))


def movements_of(position: Position, scheme: str, variance_pence: int, pieces: Pieces) -> dict[Piece, int]:
    """A line's variance, breaches left out, by the pieces in whose months it arose; evenly where none are known."""
    months = position.movements.get(scheme) or equal_parts(variance_pence, len(ALL_MONTHS))
    return {piece: sum(months[month - 1] for month in its) for piece, its in pieces.items()}
