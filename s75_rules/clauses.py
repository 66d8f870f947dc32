"""The risk share clauses of an agreement as values: what a clause covers, its steps, and board decisions."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from s75_rules.fields import CHOICE_TAG, Day, Frozen, NotNegative, Truth, UpTo, Weight

BasisName = Literal["lead", "host", "equal", "contribution", "budget", "commissioner"]
BASES: tuple[BasisName, ...] = ("lead", "host", "equal", "contribution", "budget", "commissioner")
AS_A_LOSS: Literal["same_as_overspend"] = "same_as_overspend"


class Covers(Frozen):
    """The lines a clause covers: everything pooled, or by fund, scheme or source."""

    everything: Truth = False
    funds: tuple[str, ...] | None = None
    schemes: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if value == "everything":
            return {"everything": True}
        if isinstance(value, str):
            raise ValueError(
                f"'{value}' is not what a clause covers: "
                "write everything, {funds: [..]}, {schemes: [..]} or {sources: [..]}"
            )
        return value

    @model_validator(mode="after")
    def _one(self) -> "Covers":
        named = [each for each in (self.funds, self.schemes, self.sources) if each is not None]
        if self.everything + len(named) != 1:
            raise ValueError(
                "a clause covers exactly one of everything, funds, schemes or sources: write only one of them"
            )
        return self


def _basis_or_weights(value: object) -> str:
    return "weights" if isinstance(value, Mapping) else "basis"


def _basis(value: object) -> object:
    if isinstance(value, str) and value not in BASES:
        raise ValueError(
            f"'{value}' is not a basis of sharing: write one of {', '.join(BASES)}, or a weight for each partner"
        )
    return value


Weights = Annotated[dict[str, Weight], Field(min_length=1)]
Sharing = Annotated[
    Annotated[BasisName, Tag(f"{CHOICE_TAG}basis")] | Annotated[Weights, Tag(f"{CHOICE_TAG}weights")],
    Discriminator(lambda value: f"{CHOICE_TAG}{_basis_or_weights(value)}"),
    BeforeValidator(_basis),
]


ReturnSharing = Annotated[
    Annotated[Literal["same_as_overspend"], Tag(f"{CHOICE_TAG}loss")] | Annotated[Sharing, Tag(f"{CHOICE_TAG}own")],
    Discriminator(lambda value: f"{CHOICE_TAG}{'loss' if value == AS_A_LOSS else 'own'}"),
]


class OffsetStep(Frozen):
    """Use underspends of the clause, the fund or the agreement first."""

    offset: Literal["clause", "fund", "agreement"]


class ReserveStep(Frozen):
    """Draw on a reserve."""

    reserve: str
    up_to: UpTo | None = None


class ShareStep(Frozen):
    """Share what is left among partners, each up to its cap for this step."""

    share: Sharing
    up_to: UpTo | None = None
    caps: dict[str, NotNegative] = Field(default_factory=dict)
    unless_agreed: Truth = False
    including_ring_fenced: Truth = False


class DecideStep(Frozen):
    """Leave what is left to the board; where it says otherwise, share it so until the board has decided."""

    decide: Literal["board"]
    otherwise: Sharing | None = None


def _part_of_underspend(value: object) -> object:
    if isinstance(value, str) and value != "management_action":
        raise ValueError(
            f"'{value}' is no part of an underspend: write management_action, or leave it out; what is left for the"
            " steps after it is the windfall"
        )
    return value


class OfUnderspend(Frozen):
    """A step for an underspend: of all that is left, or only of what came from management action.

    Management action is the containment decisions recorded on a line, at most what is left of its underspend.
    """

    of: Annotated[Literal["management_action"] | None, BeforeValidator(_part_of_underspend)] = None

    @property
    def takes(self) -> str:
        """What the step takes, in words."""
        return "underspend from management action" if self.of else "underspend"


class RetainStep(OfUnderspend):
    """Keep an underspend in a reserve; where it says so, for non-recurrent use only."""

    retain: str
    up_to: UpTo | None = None
    non_recurrent: Truth = False


class ReturnStep(OfUnderspend):
    """Give an underspend back to partners, each up to its cap for this step."""

    give_back: ReturnSharing = Field(alias="return")
    up_to: UpTo | None = None
    caps: dict[str, NotNegative] = Field(default_factory=dict)
    including_ring_fenced: Truth = False


def _only_true(value: object) -> object:
    if isinstance(value, str) and value != "true":
        raise ValueError(f"'{value}' is not true: write true, or take the step out")
    return True if value == "true" else value


class CarryForwardStep(OfUnderspend):
    """Carry an underspend into next year with the contribution it came from."""

    carry_forward: Annotated[Literal[True], BeforeValidator(_only_true)]


OverspendStep = OffsetStep | ReserveStep | ShareStep | DecideStep
UnderspendStep = RetainStep | ReturnStep | CarryForwardStep | DecideStep
OVERSPEND_STEPS = ("offset", "reserve", "share", "decide")
UNDERSPEND_STEPS = ("retain", "return", "carry_forward", "decide")
_STEP_NAMES: dict[type, str] = {
    OffsetStep: "offset",
    ReserveStep: "reserve",
    ShareStep: "share",
    DecideStep: "decide",
    RetainStep: "retain",
    ReturnStep: "return",
    CarryForwardStep: "carry_forward",
}


def _step_tag(value: object) -> str:
    if isinstance(value, Mapping):
        names = [key for key in (*OVERSPEND_STEPS, *UNDERSPEND_STEPS) if key in value]
        return CHOICE_TAG + (names[0] if names else "")
    return CHOICE_TAG + _STEP_NAMES.get(type(value), "")


def _one_of(value: object, names: tuple[str, ...]) -> object:
    if isinstance(value, Frozen):
        return value
    example = f"{{{names[0]}: ..}}"
    if not isinstance(value, Mapping):
        raise ValueError(f"a step is one of {', '.join(names)} with its value: write it as {example}")
    named = [key for key in names if key in value]
    if len(named) != 1:
        here = ", ".join(map(str, value)) or "none"
        raise ValueError(f"a step names exactly one of {', '.join(names)}, here {here}: write it as {example}")
    return value


_Overspend = Annotated[
    Annotated[OffsetStep, Tag(f"{CHOICE_TAG}offset")]
    | Annotated[ReserveStep, Tag(f"{CHOICE_TAG}reserve")]
    | Annotated[ShareStep, Tag(f"{CHOICE_TAG}share")]
    | Annotated[DecideStep, Tag(f"{CHOICE_TAG}decide")],
    Discriminator(_step_tag),
    BeforeValidator(lambda step: _one_of(step, OVERSPEND_STEPS)),
]
_Underspend = Annotated[
    Annotated[RetainStep, Tag(f"{CHOICE_TAG}retain")]
    | Annotated[ReturnStep, Tag(f"{CHOICE_TAG}return")]
    | Annotated[CarryForwardStep, Tag(f"{CHOICE_TAG}carry_forward")]
    | Annotated[DecideStep, Tag(f"{CHOICE_TAG}decide")],
    Discriminator(_step_tag),
    BeforeValidator(lambda step: _one_of(step, UNDERSPEND_STEPS)),
]


class Clause(Frozen):
    """A clause of the schedule of risk share: which lines, in which months, and who bears or keeps what.

    A dated clause stands before an undated one. ``unless_agreed`` lets finance leads lift its
    maximum liabilities before the spend. What a ``disputed`` clause gives partners is not settled.
    """

    clause: str
    covers: Covers
    overspend: tuple[_Overspend, ...] = Field(min_length=1)
    underspend: tuple[_Underspend, ...] = Field(min_length=1)
    max_liability: dict[str, NotNegative] = Field(default_factory=dict)
    excess_to: str | None = None
    unless_agreed: Truth = False
    from_on: Day | None = Field(default=None, alias="from")
    to_on: Day | None = Field(default=None, alias="to")
    disputed: Truth = False
    reason: str | None = None
    reference: str | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the clause stands for some months only."""
        return self.from_on is not None or self.to_on is not None

    def returned_by(self, step: ReturnStep) -> tuple[Sharing, bool]:
        """The basis of a return, and whether it counts ring-fenced money.

        A gain shared as a loss goes as the last share of the overspend; to the lead where there is
        none, which is refused as a fault of the agreement.
        """
        if step.give_back != AS_A_LOSS:
            return step.give_back, step.including_ring_fenced
        shares = [each for each in self.overspend if isinstance(each, ShareStep)]
        return (shares[-1].share, shares[-1].including_ring_fenced) if shares else ("lead", False)


class Decision(Frozen):
    """A board's recorded decision on what a clause left unresolved."""

    clause: str
    side: Literal["overspend", "underspend"]
    partners: dict[str, NotNegative]
    minute: str
    decided: Day
