"""The explanation a risk share carries: a sentence for each step that names its clause. Works out nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeGuard

from ledgers.money import pounds, pounds_for_people
from s75_rules.agreement import Agreement, Source
from s75_rules.clause_records import DISPUTED, OTHERS, Withdrawal
from s75_rules.clock import day_words
from s75_rules.standing import Piece
from s75_rules.weights import Weights

SOURCE_WORDS: Mapping[Source, str] = {
    "nhs_minimum": "NHS minimum",
    "nhs_additional": "additional NHS contribution",
    "la_additional": "additional local authority contribution",
    "dfg": "Disabled Facilities Grant",
    "social_care_capital": "social care capital grant",
    "ibcf": "improved Better Care Fund grant",
    "winter_pressures": "winter pressures grant",
    "discharge_la": "local authority discharge grant",
    "discharge_nhs": "NHS discharge funding",
    "la_better_care_grant": "Local Authority Better Care Grant",
}
"""The words of the field for each source of money."""


class InTwoParts(Protocol):
    """The words of a step that several lines or partners went through: what they share, and each one's own part."""

    def __call__(self) -> str:
        """The sentence of one row as a whole."""
        ...

    def shared(self) -> str:
        """What the rows of the step have in common, without a full stop."""
        ...

    def own(self) -> str:
        """What is this row's own, as a sentence under what is shared."""
        ...


Words = Callable[[], str] | InTwoParts
"""The sentence of a step, made when it is asked for."""


def _has_parts(words: Words) -> TypeGuard[InTwoParts]:
    # A protocol checked at run time takes longer than the sentence.
    return hasattr(words, "shared")


class Step(NamedTuple):
    """One thing that was done with a variance: under which clause, on which line, for which partner, and why.

    ``amount_pence`` is never negative; ``step`` says what it is. Clause, scheme and partner are
    None where the step has none or concerns several lines at once. Its sentence is made when it is
    asked for, so that a risk share of which only the figures are wanted writes none.
    """

    clause: str | None
    step: str
    scheme: str | None
    partner: str | None
    amount_pence: int
    words: Words

    @property
    def because(self) -> str:
        """The sentence that a reader of the agreement would sign."""
        return self.words()

    @property
    def in_two_parts(self) -> tuple[str, str] | None:
        """What the row shares with others of its step, and its own part; None where it stands alone."""
        return (self.words.shared(), self.words.own()) if _has_parts(self.words) else None

    def as_json(self) -> dict[str, str | None]:
        """The row of the trace with its amount as text of pounds."""
        return {
            "clause": self.clause,
            "step": self.step,
            "scheme": self.scheme,
            "partner": self.partner,
            "amount": pounds(self.amount_pence),
            "because": self.because,
        }


def listed(parts: Iterable[str]) -> str:
    """Words in a row as a sentence has them: ``a``, ``a and b``, ``a, b and c``."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    last = words.pop()
    return f"{', '.join(words)} and {last}"


def _decimal(weight: int | Fraction) -> str:
    """A weight as the agreement writes it, whole or decimal."""
    return f"{Decimal(weight.numerator) / Decimal(weight.denominator):f}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The names that an agreement gives to its partners, lines and funds, for use in sentences."""

    agreement: Agreement

    def partner(self, partner: str) -> str:
        """A partner by name."""
        return self.agreement.partners[partner].name

    def line(self, scheme: str) -> str:
        """A line by id and name."""
        return f"line {scheme} ({self.agreement.schemes[scheme].name})"

    def contribution(self, contribution: str) -> str:
        """A contribution by id, source and partner."""
        each = self.agreement.contributions[contribution]
        return f"contribution {contribution} ({SOURCE_WORDS[each.source]}, {self.partner(each.partner)})"

    def fund(self, fund: str) -> str:
        """A fund by name."""
        return self.agreement.funds[fund].name

    def the_fund(self, fund: str) -> str:
        """A fund by name within a sentence: ``the Pooled fund``, and ``Pool 1`` as a number takes no article."""
        name = self.fund(fund)
        return name if name[-1:].isdecimal() else f"the {name}"

    def amounts(self, by_piece: Mapping[Piece, int]) -> str:
        """The lines of a step, each with its amount."""
        parts: dict[str, int] = {}
        for piece, amount in by_piece.items():
            if amount:
                scheme = piece.scheme
                parts[scheme] = parts[scheme] + amount if scheme in parts else amount
        if len(parts) == 1:
            return self.line(next(iter(parts)))
        return f"lines {listed([f'{scheme} {pounds_for_people(amount)}' for scheme, amount in parts.items()])}"

    def by_weights(self, weights: Weights, lines: int) -> str:
        """How partners share, with the weights themselves; ``lines`` is how many lines share this way."""
        said = self._basis(weights, lines)
        for notice in weights.withdrawals:
            if notice.then != DISPUTED:
                takes = "the others" if notice.then == OTHERS else self.partner(notice.then)
                said += f", the part of {self.partner(notice.partner)} being taken by {takes} {self._since(notice)}"
        return said

    def out_of_settlement(self, partner: str, weights: Weights) -> str:
        """Why the part of a partner stays visible and is not settled."""
        notice = next(each for each in weights.withdrawals if each.partner == partner or each.then == partner)
        return f"It stays visible and is not settled {self._since(notice)}."

    def _since(self, notice: Withdrawal) -> str:
        verb = "withdrew from" if notice.what == "withdraws" else "suspended"
        return (
            f"since {self.partner(notice.partner)} {verb} the risk share from {day_words(notice.from_on)}"
            f" ({notice.reference})"
        )

    def _basis(self, weights: Weights, lines: int) -> str:
        first = weights.parts[0][0]
        of_lines = "lead of the line" if lines == 1 else "lead of these lines"
        if weights.fell_to_lead:
            return f"wholly to {self.partner(first)}, {of_lines}, because no partner has a weight on this basis"
        match weights.basis:
            case "lead":
                return f"wholly to {self.partner(first)}, {of_lines}"
            case "host":
                return f"wholly to {self.partner(first)}, host of {self.the_fund(weights.fund)}"
            case "equal":
                return f"equally between the {len(weights.parts)} signatories"
            case "contribution":
                rings = "ring-fenced ones included" if weights.rings else "ring-fenced ones left out"
                fund = self.the_fund(weights.fund)
                return f"in proportion to agreed contributions to {fund}, {rings} ({self._pence(weights)})"
            case "budget":
                return f"in proportion to what each partner funds on the line ({self._pence(weights)})"
            case "commissioner":
                # A share of two partners of one kind may run on without end: four decimals tell it.
                rounded = [(partner, round(Fraction(weight), 4)) for partner, weight in weights.parts]
                return f"in the proportions in which it is commissioned ({self._shares(rounded)})"
            case _:
                return f"in the agreed proportions ({self._shares(weights.parts)})"

    def _shares(self, parts: Iterable[tuple[str, int | Fraction]]) -> str:
        return listed([f"{self.partner(partner)} {_decimal(weight)}" for partner, weight in parts])

    def _pence(self, weights: Weights) -> str:
        names = self.agreement.partners
        return listed([f"{names[partner].name} {pounds_for_people(int(weight))}" for partner, weight in weights.parts])
