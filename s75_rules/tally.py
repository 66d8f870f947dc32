"""The running state of one risk share: what is left on each line and what was placed where. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from ledgers.money import apportion
from s75_rules.agreement import Agreement
from s75_rules.clause_records import SIDES, Side
from s75_rules.clauses import Clause
from s75_rules.positions import Position
from s75_rules.standing import Piece, Pieces, pieces_of_lines
from s75_rules.trace import Step, Wording, Words

Key = TypeVar("Key", bound=str | Piece)
NOBODY: frozenset[str] = frozenset()
made_tuple = tuple.__new__
"""A row from its values in their order: a large pool makes a thousand, and this is twice as quick as by name."""


@dataclass(frozen=True, slots=True)
class Offset:
    """One offset in pence: the relief of overspent lines, and as much given by underspent lines."""

    relief: Mapping[str, int]
    used: Mapping[str, int]


class ReserveMove(NamedTuple):
    """What a reserve gave to overspent lines, in pence above nil, or kept of underspent ones, below nil."""

    reserve: str
    lines: Mapping[str, int]


class Placement(NamedTuple):
    """What was given to partners of a sum on lines, in pence; both sum to the same.

    ``disputed`` are the partners whose part is out of settlement because of a notice.
    """

    clause: str | None
    side: Side
    parts: Mapping[str, int]
    lines: Mapping[Piece, int]
    disputed: frozenset[str] = NOBODY


@dataclass
class Tally:
    """What is left of each line's un-ringed variance, and what was borne, given back, kept and left open. Pence.

    ``over`` and ``under`` hold what is left by piece of a line, ``joined`` the ring-fenced contributions
    of a piece whose overspend joined its clause, ``open`` what a clause left unresolved by side and piece,
    ``variances`` those of all lines, breaches left out, ``order`` the place of each contribution in the file,
    ``contested`` what of a clause, side and partner is in dispute, ``uncounted`` the containment decisions by
    line and month that no clause has counted.
    """

    agreement: Agreement
    position: Position
    pieces: Mapping[str, Pieces]
    wording: Wording
    clauses: Mapping[str, Clause]
    variances: Mapping[str, int]
    order: Mapping[str, int]
    ring_fenced: frozenset[str]
    of_clause: Mapping[str, Sequence[Piece]] = field(default_factory=dict)
    over: dict[Piece, int] = field(default_factory=dict)
    under: dict[Piece, int] = field(default_factory=dict)
    joined: dict[Piece, tuple[str, ...]] = field(default_factory=dict)
    placed: dict[Side, dict[str, int]] = field(default_factory=dict)
    disputed: dict[Side, dict[str, int]] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)
    returned: dict[str, int] = field(default_factory=dict)
    open: dict[tuple[str, Side], dict[Piece, int]] = field(default_factory=dict)
    placements: list[Placement] = field(default_factory=list)
    contested: dict[tuple[str, Side, str], int] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)
    uncounted: dict[str, list[int]] = field(default_factory=dict)
    offsets: list[Offset] = field(default_factory=list)
    reserve_moves: list[ReserveMove] = field(default_factory=list)
    trace: list[Step] = field(default_factory=list)

    @classmethod
    def start(cls, agreement: Agreement, position: Position) -> "Tally":
        """Nothing placed yet; every pooled line with the clauses it stands under.

        Raises:
            LineNotCovered: no clause covers a pooled line.
        """
        pieces = pieces_of_lines(agreement, position)
        of_clause: dict[str, list[Piece]] = {clause.clause: [] for clause in agreement.risk_share}
        every = [piece for each in pieces.values() for piece in each]
        for piece in every:
            of_clause[piece.clause].append(piece)
        return cls(
            agreement,
            position,
            pieces,
            Wording(agreement),
            {clause.clause: clause for clause in agreement.risk_share},
            position.variances(agreement.schemes),
            order={each: place for place, each in enumerate(agreement.contributions)},
            ring_fenced=frozenset(each.id for each in agreement.contributions.values() if each.is_ring_fenced),
            of_clause=of_clause,
            over=dict.fromkeys(every, 0),
            under=dict.fromkeys(every, 0),
            placed={side: dict.fromkeys(agreement.partners, 0) for side in SIDES},
            disputed={side: {} for side in SIDES},
            reserves=dict.fromkeys(agreement.reserves, 0),
            uncounted={scheme: list(months) for scheme, months in position.contained.items()},
        )

    def amounts(self, side: Side) -> dict[Piece, int]:
        """What is left by piece on one side."""
        return self.over if side == "overspend" else self.under

    def left(self, clause: Clause, side: Side) -> dict[Piece, int]:
        """What is left on each piece of a clause that still has an overspend or underspend."""
        amounts = self.amounts(side)
        return {piece: amounts[piece] for piece in self.of_clause[clause.clause] if amounts[piece]}

    def nothing_left(self, clause: Clause, side: Side) -> bool:
        """Whether a clause has placed all of one side."""
        return not any(map(self.amounts(side).__getitem__, self.of_clause[clause.clause]))

    def budget_of(self, clause: Clause) -> int:
        """The whole budget of the lines that belong to a clause in any month."""
        if clause.clause not in self.budgets:
            lines = {piece.scheme for piece in self.of_clause[clause.clause]}
            self.budgets[clause.clause] = sum(map(self.position.budget_pence, lines))
        return self.budgets[clause.clause]

    def takes_no_relief(self, piece: Piece) -> bool:
        """Whether capital joined the overspend, so that no revenue underspend may relieve it."""
        joined = self.joined.get(piece)
        return joined is not None and any(self.agreement.contributions[each].is_capital for each in joined)

    def place(
        self,
        clause: str | None,
        side: Side,
        parts: Mapping[str, int],
        lines: Mapping[Piece, int],
        disputed: frozenset[str] = NOBODY,
    ) -> None:
        """Partners bear or get back their parts of what is on these lines; those in ``disputed`` out of settlement."""
        placed = self.placed[side]
        for partner, amount in parts.items():
            if partner in disputed:
                self.disputed[side][partner] = self.disputed[side].get(partner, 0) + amount
            else:
                placed[partner] = placed.get(partner, 0) + amount
        self.placements.append(made_tuple(Placement, (clause, side, parts, lines, disputed)))

    def place_one(self, clause: str | None, side: Side, partner: str, piece: Piece, amount_pence: int) -> None:
        """One partner bears or gets back an amount on one line."""
        borne = self.placed[side]
        borne[partner] = borne.get(partner, 0) + amount_pence
        lines = {piece: amount_pence}
        self.placements.append(made_tuple(Placement, (clause, side, {partner: amount_pence}, lines, NOBODY)))

    def take(self, side: Side, by_piece: Mapping[Piece, int]) -> None:
        """What was placed leaves the lines."""
        amounts = self.amounts(side)
        for piece, amount in by_piece.items():
            amounts[piece] -= amount

    def explain(
        self,
        clause: str | None,
        step: str,
        scheme: str | None,
        partner: str | None,
        amount_pence: int,
        words: Words,
    ) -> None:
        """Write one row of the trace; its sentence is made when it is asked for."""
        self.trace.append(made_tuple(Step, (clause, step, scheme, partner, amount_pence, words)))


def only_line(pieces: Mapping[Piece, int]) -> str | None:
    """The line, where all pieces are of one."""
    first = next(iter(pieces)).scheme
    return first if len(pieces) == 1 or all(piece.scheme == first for piece in pieces) else None


def by_lines(size_pence: int, lines: Mapping[Key, int]) -> dict[Key, int]:
    """Apportion a size over lines by their amounts, in the order of the lines."""
    if len(lines) == 1:
        return dict.fromkeys(lines, size_pence)
    if size_pence == sum(lines.values()):
        return dict(lines)
    return dict(zip(lines, apportion(size_pence, list(lines.values())), strict=True))


def across(parts: Mapping[str, int], lines: Mapping[Key, int]) -> dict[str, dict[Key, int]]:
    """Spread the parts of partners over lines so that both the partners' and the lines' totals hold.

    The totals of ``parts`` and ``lines`` are equal. It says who bears what on which line; no
    amount of the risk share depends on it.
    """
    left, spread = dict(lines), {}
    for partner, part in parts.items():
        spread[partner] = by_lines(part, left)
        left = {line: amount - spread[partner][line] for line, amount in left.items()}
    return spread


def settled_by_line(
    placements: Sequence[Placement], contested: Mapping[tuple[str, Side, str], int]
) -> dict[tuple[str, str], int]:
    """What each partner bears on each line less what it gets back, without what is disputed; not nil, in pence."""
    by_clause: dict[tuple[str | None, Side, str], dict[str, int]] = {}
    for each in placements:
        for partner, on_lines in across(each.parts, each.lines).items():
            if partner not in each.disputed:
                kept = by_clause.setdefault((each.clause, each.side, partner), {})
                for piece, amount in on_lines.items():
                    kept[piece.scheme] = kept.get(piece.scheme, 0) + amount
    for key, amount in contested.items():
        for scheme, part in by_lines(amount, by_clause[key]).items():
            by_clause[key][scheme] -= part
    found: dict[tuple[str, str], int] = {}
    for (_, side, partner), lines in by_clause.items():
        for scheme, amount in lines.items():
            found[scheme, partner] = found.get((scheme, partner), 0) + (amount if side == "overspend" else -amount)
    return {place: amount for place, amount in found.items() if amount}
