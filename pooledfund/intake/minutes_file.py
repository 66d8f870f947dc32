"""A file of minutes: the meeting, the bodies present, and each thing decided, read and checked. Records nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ledgers.calendar import PeriodNotUnderstood, parse_period
from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.agreement_yaml import read_tree
from pooledfund.errors import InputRefused
from pooledfund.intake.personal import person_named_in, personal_data_in
from s75_rules.clause_records import Side


class MinutesRefused(InputRefused):
    """Minutes that cannot be recorded: every fault of the file, or every item that the books refuse."""


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"'{value}' is not a date: write it as 2017-01-20") from None


def _pence(value: object) -> object:
    try:
        return parse_pounds(value) if isinstance(value, str) else value
    except MoneyNotUnderstood as error:
        raise ValueError(str(error)) from None


def _month(value: object) -> object:
    try:
        return parse_period(value) if isinstance(value, str) else value
    except PeriodNotUnderstood as error:
        raise ValueError(str(error)) from None


def _words(value: object) -> object:
    if isinstance(value, str) and (reason := personal_data_in(value)):
        raise ValueError(reason)
    return value


def _post(value: object) -> object:
    if isinstance(value, str) and (reason := person_named_in(value)):
        raise ValueError(reason)
    return value


Day = Annotated[date, BeforeValidator(_day)]
Pence = Annotated[int, BeforeValidator(_pence), Field(ge=0)]
Month = Annotated[int, BeforeValidator(_month)]
Words = Annotated[str, BeforeValidator(_words), Field(min_length=1, max_length=4_000)]
Post = Annotated[str, BeforeValidator(_post), Field(min_length=1, max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Part):
    """One thing in the minutes, with its own reference there."""

    ref: Words


class ShareItem(_Item):
    """What a clause left to the board: what each partner bears or gets back, in pence."""

    kind: Literal["share"]
    clause: str
    side: Side = "overspend"
    partners: dict[str, Pence] = Field(min_length=1)


class ContainmentItem(_Item):
    """A cut of what a line has not committed, in pence."""

    kind: Literal["containment"]
    scheme: str
    amount: Pence


class VirementItem(_Item):
    """Budget moved between two lines, in pence."""

    kind: Literal["virement"]
    giver: str = Field(alias="from")
    taker: str = Field(alias="to")
    contribution: str
    amount: Pence
    effective: Day


class CaseItem(_Item):
    """The approval of a line's business case."""

    kind: Literal["business case"]
    scheme: str
    reference: Words


class ReturnItem(_Item):
    """The approval of a return, named by the event that registered it."""

    kind: Literal["return"]
    submission: Annotated[int, Field(ge=1)]


class DisputeItem(_Item):
    """A dispute that the board resolved."""

    kind: Literal["dispute resolved"]
    clause: str
    side: Side = "overspend"
    partner: str


class ActionItem(_Item):
    """Something to be done, by a post or a body and not by a named person."""

    kind: Literal["action"]
    action: Words
    owner: Post
    due: Day


class DoneItem(_Item):
    """An action of an earlier meeting, named by that meeting's day and its reference, that is done."""

    kind: Literal["action done"]
    action: Words
    how: Words


class NoteItem(_Item):
    """Something noted, which changes nothing."""

    kind: Literal["note"]
    note: Words


Item = Annotated[
    ShareItem | ContainmentItem | VirementItem | CaseItem | ReturnItem | DisputeItem | ActionItem | DoneItem | NoteItem,
    Field(discriminator="kind"),
]


class Minutes(_Part):
    """The minutes of one meeting; bodies are partners of the agreement, and no person is named."""

    minutes: Literal["1"]
    meeting: Day
    body: Words
    period: Month
    present: tuple[str, ...] = Field(min_length=1)
    apologies: tuple[str, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)

    def minute(self, item: Item) -> str:
        """The reference by which the books name an item: body, day, its place in the minutes."""
        return f"{self.body}, {self.meeting.isoformat()}, {item.ref}"


def read_minutes(path: Path) -> Minutes:
    """Read a file of minutes.

    Raises:
        MinutesRefused: with every fault of the file and its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MinutesRefused(f"{path}: cannot be read ({error.strerror}): check the name") from None
    except UnicodeDecodeError:
        raise MinutesRefused(f"{path.name}: is not text in UTF-8: save it as plain text") from None
    tree = read_tree(text)
    if tree.faults:
        raise MinutesRefused(*(f"{path.name}:{each.line}: {each.message}: {each.remedy}" for each in tree.faults))
    try:
        found = Minutes.model_validate(tree.root)
    except ValidationError as error:
        raise MinutesRefused(*(f"{path.name}:{tree.line_of(place)}: {said}" for place, said in _said(error))) from None
    refs = [item.ref for item in found.items]
    twice = [ref for ref in dict.fromkeys(refs) if refs.count(ref) > 1]
    if twice:
        raise MinutesRefused(*(f"{path.name}: '{ref}' stands twice: give each item its own reference" for ref in twice))
    return found


_PLAIN = {
    "missing": "is missing: add it",
    "extra_forbidden": "is not a key of minutes here: take it out, or check its spelling",
    "union_tag_invalid": "is no kind of item: see the kinds with pooledfund minutes --template",
    "union_tag_not_found": "has no kind: say what was decided, such as kind: action",
    "too_short": "holds nothing: write at least one",
    "string_too_short": "says nothing: write it",
    "string_too_long": "is longer than a page: shorten it",
    "model_type": "is not a file of minutes: see one with pooledfund minutes --template",
    "string_type": "is to be one text",
    "tuple_type": "is to be a list, such as [council, icb]",
    "dict_type": "is to name partners with their amounts, such as {council: 10.00}",
    "int_parsing": "is to be the number of an event",
    "greater_than_equal": "is above nil",
}
_KINDS = frozenset(
    {"share", "containment", "virement", "business case", "return", "dispute resolved", "action", "action done", "note"}
)


def _said(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where each fault is, and what is wrong in plain words."""
    for each in error.errors():
        # An item's own kind stands in the place of a fault after the item's number; the file has no such key.
        place = tuple(part for at, part in enumerate(each["loc"]) if not (at == 2 and part in _KINDS))
        named = " ".join(str(part + 1) if isinstance(part, int) else part for part in place) or "the file"
        said = _PLAIN.get(each["type"], f"{each['msg'].removeprefix('Value error, ')}: correct it")
        yield place, f"{named}: {said}"
