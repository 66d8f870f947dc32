"""The risk share clauses of an agreement as values: what a clause covers, its steps, and board decisions."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from s75_rules.fields import CHOICE_TAG, Day, Frozen, NotNegative, Truth, UpTo, Weight

BasisName = Literal["lead", "host", "equal", "contribution", "budget"]
BASES: tuple[BasisName, ...] = ("lead", "host", "equal", "contribution", "budget")


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
    including_ring_fenced: Truth = False


class DecideStep(Frozen):
    """Leave what is left to the board."""

    decide: Literal["board"]


class RetainStep(Frozen):
    """Keep an underspend in a reserve."""

    retain: str
    up_to: UpTo | None = None


class ReturnStep(Frozen):
    """Give an underspend back to partners."""

    give_back: Sharing = Field(alias="return")
    up_to: UpTo | None = None
    including_ring_fenced: Truth = False


def _only_true(value: object) -> object:
    if isinstance(value, str) and value != "true":
        raise ValueError(f"'{value}' is not true: write true, or take the step out")
    return True if value == "true" else value


class CarryForwardStep(Frozen):
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
    """A clause of the schedule of risk share: which lines, and who bears or keeps what, step by step."""

    clause: str
    covers: Covers
    overspend: tuple[_Overspend, ...] = Field(min_length=1)
    underspend: tuple[_Underspend, ...] = Field(min_length=1)
    max_liability: dict[str, NotNegative] = Field(default_factory=dict)
    excess_to: str | None = None
    reference: str | None = None


class Decision(Frozen):
    """A board's recorded decision on what a clause left unresolved."""

    clause: str
    side: Literal["overspend", "underspend"]
    partners: dict[str, NotNegative]
    minute: str
    decided: Day
