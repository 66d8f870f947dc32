"""What of an underspend came from management action, for the steps that ask for it; the rest is windfall."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledgers.money import pounds_for_people
from s75_rules.clauses import Clause, OfUnderspend, UnderspendStep
from s75_rules.standing import Piece
from s75_rules.tally import Tally, only_line


@dataclass
class ManagementAction:
    """What of a clause's underspend came from management action and no step for it has placed yet, in pence by piece.

    Other steps use up the windfall first: of a line they leave, its management action is at most what is left.
    """

    left: dict[Piece, int] = field(default_factory=dict)

    @classmethod
    def of(cls, tally: Tally, clause: Clause) -> "ManagementAction":
        """Tell it from the windfall when the clause's first step for an underspend is reached.

        Nothing, and no row of the trace, where no step of the clause asks.
        """
        under = tally.left(clause, "underspend")
        if not under or not any(isinstance(step, OfUnderspend) and step.of for step in clause.underspend):
            return cls()
        found: dict[Piece, int] = {}
        for piece, amount in under.items():
            if part := _count(tally, piece, amount):
                found[piece] = part
        _explain(tally, clause, under, found)
        return cls(dict(found))

    def reached_by(self, step: UnderspendStep, under: Mapping[Piece, int]) -> Mapping[Piece, int]:
        """What a step may take of the underspend that is left, by piece; nil left out."""
        if not (isinstance(step, OfUnderspend) and step.of):
            return under
        return {piece: min(amount, self.left[piece]) for piece, amount in under.items() if self.left.get(piece)}

    def placed_by(self, step: UnderspendStep, before: Mapping[Piece, int], after: Mapping[Piece, int]) -> None:
        """What a step for management action took is no longer there for the next."""
        if isinstance(step, OfUnderspend) and step.of:
            for piece in self.left:
                self.left[piece] -= before.get(piece, 0) - after[piece]


def _count(tally: Tally, piece: Piece, amount_pence: int) -> int:
    """Count the containment decisions on a line that saved spend in the months of a piece, at most an amount.

    A decision saves what would have been spent after its month. The latest are counted first: they reach the least.
    """
    months = tally.uncounted.get(piece.scheme, [])
    last = tally.pieces[piece.scheme][piece][-1]
    counted = 0
    for place in reversed(range(min(last - 1, len(months)))):
        part = min(months[place], amount_pence - counted)
        months[place] -= part
        counted += part
    return counted


def _explain(tally: Tally, clause: Clause, under: Mapping[Piece, int], found: Mapping[Piece, int]) -> None:
    size, whole = sum(found.values()), sum(under.values())
    wording = tally.wording

    def words() -> str:
        first = f"Clause '{clause.clause}' tells an underspend that came from management action from a windfall."
        if not found:
            return (
                f"{first} No containment decision is recorded that counts for {wording.amounts(under)}, so all of the"
                f" {pounds_for_people(whole)} left is windfall."
            )
        return (
            f"{first} Of the {pounds_for_people(whole)} left on {wording.amounts(under)}, the containment decisions"
            f" recorded on each line count as management action, at most what is left there: {pounds_for_people(size)}"
            f" on {wording.amounts(found)}. The rest, {pounds_for_people(whole - size)}, is windfall."
        )

    tally.explain(clause.clause, "management action", only_line(under), None, size, words)
