"""Builds the agreement model from a tree of texts and puts the model's faults into plain sentences.

A value that is refused is replaced by a stand-in or left out, and the rest is read again, so that one fault never
hides another. What comes back after a fault is for further checks only and never leaves the reading of the file.
"""

import difflib
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pooledfund.agreement_yaml import STAND_IN, Path, Raw
from s75_rules.agreement import IDENTIFIED, Agreement
from s75_rules.agreement_faults import Fault
from s75_rules.amounts import Amount
from s75_rules.fields import CHOICE_TAG

ROUNDS = 12
"""Each round repairs every fault of one depth; no path of an agreement is deeper than nine."""

_STAND_INS: Mapping[Path, Raw] = {
    ("pooledfund",): "1",
    ("agreement",): {},
    ("agreement", "id"): "unnamed",
    ("agreement", "year"): "2016/17",
    ("partners",): {},
    ("funds",): {},
    ("partners", "*", "kind"): "other",
    ("funds", "*", "kind"): "in_view",
    ("contributions", "*", "source"): "nhs_additional",
    ("milestones", "*", "due"): "ongoing",
    ("risk_share", "*", "covers"): "everything",
    ("risk_share", "*", "overspend"): [{"decide": "board"}],
    ("risk_share", "*", "underspend"): [{"decide": "board"}],
    ("decisions", "*", "side"): "overspend",
    ("decisions", "*", "partners"): {},
    ("decisions", "*", "decided"): "2016-04-01",
    ("withdrawals", "*", "from"): "2016-04-01",
    ("disputes", "*", "raised"): "2016-04-01",
    ("agreed_beforehand", "*", "agreed_by"): ["unnamed"],
    ("agreed_beforehand", "*", "agreed"): "2016-04-01",
    ("agreed_beforehand", "*", "spent_from"): "2016-04-02",
}
"""Chosen so that no further fault follows from them."""


@dataclass(frozen=True, slots=True)
class Built:
    """The agreement as far as it could be built, the faults of the model, and the paths whose values were refused."""

    agreement: Agreement | None
    faults: list[Fault]
    refused: set[Path]


def build(root: Raw | None, unusable: set[Path]) -> Built:
    """Build the model; faults at or under a path in `unusable` were told before and are not told again."""
    refused = set(unusable)
    if not isinstance(root, dict):
        message = "this is no agreement: a mapping of sections is due" if root else "the file is empty"
        return Built(None, [Fault((), "NoAgreement", message, "begin with pooledfund: 1")], refused)
    faults = _own_ids(root, refused)
    raw: Raw = root
    repaired: set[Path] = set()
    for _ in range(ROUNDS):
        try:
            return Built(Agreement.model_validate(raw), faults, refused)
        except ValidationError as error:
            details = error.errors(include_url=False)
            found = refused | {_path(detail) for detail in details}
            first = [detail for detail in details if not _follows(detail, found)]
            refused |= _meant_keys(details, raw)
            for detail in first or details:
                path = _path(detail)
                if first and not _told(path, refused):
                    faults.append(_fault(detail, path))
                place = _next_to_repair(path, repaired)
                refused |= {path, place}
                raw = _repaired(raw, place, detail)
    return Built(None, faults, refused)


def _next_to_repair(path: Path, repaired: set[Path]) -> Path:
    """The path itself, or what is around it where a repair of it did not help."""
    while path and path in repaired:
        path = path[:-1]
    repaired.add(path)
    return path


def _own_ids(root: dict[str, Raw], refused: set[Path]) -> list[Fault]:
    """An item's id is its key; an `id` inside it would be lost."""
    faults = []
    for section in IDENTIFIED:
        items = root.get(section)
        for key, item in items.items() if isinstance(items, dict) else ():
            if isinstance(item, dict) and "id" in item:
                path = (section, key, "id")
                faults.append(Fault(path, "KeyNotKnown", f"the id of an item is its key, '{key}'", "take the id out"))
                refused.add(path)
    return faults


def _told(path: Path, refused: set[Path]) -> bool:
    return any(path[:length] in refused for length in range(len(path) + 1))


def _follows(detail: ErrorDetails, refused: set[Path]) -> bool:
    """Whether a fault of a whole only follows from a part of it that was refused."""
    path = _path(detail)
    return detail["type"] in ("too_short", "value_error") and any(
        len(each) > len(path) and each[: len(path)] == path for each in refused
    )


def _path(detail: ErrorDetails) -> Path:
    return tuple(
        part
        for part in detail["loc"]
        if part != "[key]" and not (isinstance(part, str) and part.startswith(CHOICE_TAG))
    )


def _fault(detail: ErrorDetails, path: Path) -> Fault:
    kind = detail["type"]
    if kind == "missing":
        return Fault(path, "KeyMissing", f"'{path[-1]}' is missing", f"add {path[-1]}: and its value")
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "value_error":
        return _split(path, str(detail["ctx"]["error"]))
    if kind == "literal_error":
        return _not_a_choice(path, detail)
    if kind == "too_short":
        return Fault(path, "ListIsEmpty", f"'{_name(path)}' is empty", "write at least one item")
    due = _due(path)
    return Fault(path, "WrongShape", f"'{_name(path)}' is {_shape(detail['input'])}, not {due}", f"write {due}")


def _not_a_choice(path: Path, detail: ErrorDetails) -> Fault:
    choices = [str(choice) for choice in get_args(_bare(_type_at(path)))]
    written = detail["input"] if isinstance(detail["input"], str) else _shape(detail["input"])
    near = difflib.get_close_matches(written, choices, 1, 0.7)
    remedy = f"write {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}"
    if near:
        remedy = f"write {near[0]} if that is meant, else {remedy.removeprefix('write ')}"
    return Fault(path, "ChoiceNotKnown", f"'{written}' is not what '{_name(path)}' may be", remedy)


def _shape(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else "one text"


def _name(path: Path) -> str:
    """The last key of a path; the list around an item."""
    return str(next((part for part in reversed(path) if isinstance(part, str)), "the file"))


def _unknown_key(path: Path) -> Fault:
    known = _known_keys(path)
    near = _near_key(path)
    remedy = f"write {near}" if near else f"take it out, or write one of {', '.join(known)}"
    return Fault(path, "KeyNotKnown", f"'{path[-1]}' is not a key known here", remedy)


def _near_key(path: Path) -> str | None:
    near = difflib.get_close_matches(str(path[-1]), _known_keys(path), 1, 0.6)
    return near[0] if near else None


def _known_keys(path: Path) -> list[str]:
    """The keys that may stand where the last key of a path stands."""
    keys = dict.fromkeys(_keys(_type_at(path[:-1])))
    return [key for key in keys if key != "id" or path[:-1] == ("agreement",)]


def _meant_keys(details: Iterable[ErrorDetails], raw: Raw) -> set[Path]:
    """The keys that misspelt ones stand for; that they are missing needs no telling."""
    paths = [_path(detail) for detail in details if detail["type"] == "extra_forbidden"]
    meant = {(*path[:-1], near) for path in paths if (near := _near_key(path))}
    return {path for path in meant if not _is_written(raw, path)}


def _is_written(raw: Raw, path: Path) -> bool:
    around: Raw | None = raw
    for part in path[:-1]:
        around = _value_at(around, part)
    return isinstance(around, dict) and path[-1] in around


def _value_at(around: Raw | None, part: str | int) -> Raw | None:
    if isinstance(around, list) and isinstance(part, int):
        return around[part]
    return around.get(part) if isinstance(around, dict) and isinstance(part, str) else None


def _split(path: Path, sentence: str) -> Fault:
    match = re.search(r": (?=(write|check|leave|take|put|add)\b)", sentence)
    message, remedy = (sentence[: match.start()], sentence[match.end() :]) if match else (sentence, "check the value")
    return Fault(path, "ValueNotUnderstood", message, remedy)


def _bare(kind: object) -> object:
    """A type without its annotations and without the None of what may be left out."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        some = [each for each in get_args(kind) if each is not type(None)]
        return _bare(some[0]) if len(some) == 1 else kind
    return kind


def _keys(kind: object) -> list[str]:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return [key for each in get_args(kind) for key in _keys(each)] if _is_union(kind) else []


def _is_union(kind: object) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _type_at(path: Path) -> object:
    """The type that the model has for a path, or None where it knows none."""
    kind: object = Agreement
    for part in path:
        kind = _inside(_bare(kind), part)
    return kind


def _inside(kind: object, part: str | int) -> object:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if (field.alias or name) == part:
                return Annotated[field.annotation, field] if field.annotation is not None else None
        return None
    if _is_union(kind):
        found = (_inside(_bare(each), part) for each in get_args(kind))
        return next((each for each in found if each is not None), None)
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return get_args(kind)[0] if get_origin(kind) is tuple and isinstance(part, int) else None


def _due(path: Path) -> str:
    kind = _bare(_type_at(path))
    if kind is bool:
        return "true or false"
    if kind is int or kind is Amount:
        return "an amount of money in pounds"
    if get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return "a mapping of keys and values"
    if get_origin(kind) is tuple:
        return "a list, such as [a, b]"
    return "one text"


def _repaired(raw: Raw, path: Path, detail: ErrorDetails) -> Raw:
    """A copy in which the value at a path is a stand-in where one is required, and is left out elsewhere."""
    if not path:
        return raw
    wanted = detail["type"] != "extra_forbidden" and "[key]" not in detail["loc"] and _is_required(path)
    return _with(raw, path, _stand_in(path) if wanted else None)


def _with(raw: Raw, path: Path, value: Raw | None) -> Raw:
    part, rest = path[0], path[1:]
    if isinstance(raw, list) and isinstance(part, int) and part < len(raw):
        new = value if not rest else _with(raw[part], rest, value)
        # The item stays, so that the places of the others stay.
        return [*raw[:part], STAND_IN if new is None else new, *raw[part + 1 :]]
    if isinstance(raw, dict) and isinstance(part, str):
        if rest:
            return {**raw, part: _with(raw[part], rest, value)} if part in raw else raw
        without = {key: each for key, each in raw.items() if key != part}
        return without if value is None else {**raw, part: value}
    return raw


def _is_required(path: Path) -> bool:
    """Whether something must stand at a path: a required key of a model, an item of a section, a place in a list."""
    part = path[-1]
    if isinstance(part, int):
        return True
    around = _bare(_type_at(path[:-1]))
    if isinstance(around, type) and issubclass(around, BaseModel):
        fields = {field.alias or name: field for name, field in around.model_fields.items()}
        return part in fields and fields[part].is_required()
    return _due(path).startswith("a mapping") or _bare(_type_at(path)) is Amount


def _stand_in(path: Path) -> Raw:
    for known in (path, (path[0], "*", *path[2:])):
        if known in _STAND_INS:
            return _STAND_INS[known]
    if path[0] == "risk_share" and len(path) == 4 and isinstance(path[-1], int):
        return {"decide": "board"}
    kind = _bare(_type_at(path))
    if kind is Amount:
        return "to be confirmed"
    if get_origin(kind) is Literal:
        return str(get_args(kind)[0])
    return {} if _due(path).startswith("a mapping") else STAND_IN
