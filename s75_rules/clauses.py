"""The risk share clauses of an agreement as values: what a clause covers, its steps, and board decisions."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ledgers.money import parse_pounds
from s75_rules.amounts import Limit

BasisName = Literal["lead", "host", "equal", "contribution", "budget"]
BASES: tuple[BasisName, ...] = ("lead", "host", "equal", "contribution", "budget")


class Frozen(BaseModel):
    """A value of the agreement file: unknown keys are refused and nothing changes after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _money(value: object) -> object:
    return parse_pounds(value) if isinstance(value, str) else value


def _limit(value: object) -> object:
    return Limit.parse(value) if isinstance(value, str) else value


Money = Annotated[int, BeforeValidator(_money)]
NotNegative = Annotated[int, BeforeValidator(_money), Field(ge=0)]
UpTo = Annotated[Limit, BeforeValidator(_limit)]


class Covers(Frozen):
    """The lines a clause covers: everything pooled, or by fund, scheme or source."""

    everything: bool = False
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
            raise ValueError("a clause covers exactly one of everything, funds, schemes or sources")
        return self


def _weights(value: object) -> object:
    if isinstance(value, str):
        if value not in BASES:
            raise ValueError(
                f"'{value}' is not a basis of sharing: write one of {', '.join(BASES)}, or a share for each partner"
            )
        return value
    if isinstance(value, Mapping):
        return {partner: _weight(weight) for partner, weight in value.items()}
    return value


def _weight(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d+(\.\d+)?", value.strip()):
            raise ValueError(f"'{value}' is not a weight: write a number above nil such as 50 or 33.3")
        weight = Fraction(value.strip())
        if weight <= 0:
            raise ValueError("a weight is above nil: leave out a partner that bears nothing")
        return weight
    return value


Sharing = Annotated[BasisName | dict[str, Fraction], BeforeValidator(_weights)]


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
    including_ring_fenced: bool = False


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
    including_ring_fenced: bool = False


class CarryForwardStep(Frozen):
    """Carry an underspend into next year with the contribution it came from."""

    carry_forward: Literal[True]


OverspendStep = OffsetStep | ReserveStep | ShareStep | DecideStep
UnderspendStep = RetainStep | ReturnStep | CarryForwardStep | DecideStep
_OVERSPEND: dict[str, type[Frozen]] = {
    "offset": OffsetStep,
    "reserve": ReserveStep,
    "share": ShareStep,
    "decide": DecideStep,
}
_UNDERSPEND: dict[str, type[Frozen]] = {
    "retain": RetainStep,
    "return": ReturnStep,
    "carry_forward": CarryForwardStep,
    "decide": DecideStep,
}


def _step(value: object, kinds: dict[str, type[Frozen]]) -> object:
    if isinstance(value, Frozen):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"a step is one of {', '.join(kinds)} with its value, such as {{{next(iter(kinds))}: ..}}")
    named = [key for key in kinds if key in value]
    if len(named) != 1:
        raise ValueError(
            f"a step names exactly one of {', '.join(kinds)}; here: {', '.join(map(str, value)) or 'none'}"
        )
    typed: dict[Any, Any] = {
        key: {"true": True, "false": False}.get(part, part) if isinstance(part, str) else part
        for key, part in value.items()
    }
    return kinds[named[0]].model_validate(typed)


class Clause(Frozen):
    """A clause of the schedule of risk share: which lines, and who bears or keeps what, step by step."""

    clause: str
    covers: Covers
    overspend: tuple[Annotated[OverspendStep, BeforeValidator(lambda step: _step(step, _OVERSPEND))], ...] = Field(
        min_length=1
    )
    underspend: tuple[Annotated[UnderspendStep, BeforeValidator(lambda step: _step(step, _UNDERSPEND))], ...] = Field(
        min_length=1
    )
    max_liability: dict[str, NotNegative] = Field(default_factory=dict)
    excess_to: str | None = None
    reference: str | None = None


class Decision(Frozen):
    """A board's recorded decision on what a clause left unresolved."""

    clause: str
    side: Literal["overspend", "underspend"]
    partners: dict[str, NotNegative]
    minute: str
    decided: Annotated[
        date, BeforeValidator(lambda value: date.fromisoformat(value) if isinstance(value, str) else value)
    ]
