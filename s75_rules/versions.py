"""Two versions of an agreement side by side: what differs, in words. Judges neither and adds nothing up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pydantic import BaseModel

from ledgers.money import pounds_for_people, short_number
from s75_rules.agreement import IDENTIFIED, Agreement
from s75_rules.amounts import total
from s75_rules.clause_words import whole_clause

NOTHING = "not there"
_NO_MONEY = frozenset({"likelihood", "impact", "days in year", "reports", "step", "population", "baseline", "plan"})
"""Whole numbers of the model that are not pence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two versions differ, with what each says there."""

    place: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """The difference as plain values."""
        return {"place": self.place, "before": self.before, "after": self.after}


def differences(before: Agreement, after: Agreement) -> tuple[Difference, ...]:
    """Everything that two versions say differently, in the order of the file; a clause is one sentence."""
    return tuple(_differences(before, after))


def _differences(before: Agreement, after: Agreement) -> Iterator[Difference]:
    for name, field in Agreement.model_fields.items():
        section = field.alias or name
        one, other = getattr(before, name), getattr(after, name)
        if name in IDENTIFIED:
            yield from _items(section, one, other)
        elif name == "risk_share":
            clauses = [{each.clause: whole_clause(each) for each in version.risk_share} for version in (before, after)]
            yield from _pairs("risk share, clause", clauses[0], clauses[1])
        else:
            yield from _pairs("", dict(_texts(one, section)), dict(_texts(other, section)))


def _items(section: str, before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        place = f"{section.replace('_', ' ')}, {name}"
        if name not in after:
            yield Difference(place, _summary(before[name]), NOTHING)
        elif name not in before:
            yield Difference(place, NOTHING, _summary(after[name]))
        else:
            yield from _pairs("", dict(_texts(before[name], place)), dict(_texts(after[name], place)))


def _pairs(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, NOTHING), after.get(key, NOTHING)
        if one != other:
            yield Difference(f"{what} {key}".strip(), one, other)


def _summary(item: BaseModel) -> str:
    """An item in a few words: what it is called and what it comes to."""
    amount = getattr(item, "amount", None)
    if budgets := getattr(item, "budgets", None):
        amount = total(budgets.values())
    words = [getattr(item, "name", None) or getattr(item, "source", None) or getattr(item, "description", None)]
    words.append(None if amount is None else str(amount))
    return ", ".join(each for each in words if each) or "there"


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every value inside, as a reader has it, by where it stands."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            inside = getattr(value, name)
            if name != "id" and inside is not None:
                yield from _texts(inside, f"{place}, {(field.alias or name).replace('_', ' ')}")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{place}, {key.isoformat() if isinstance(key, date) else key}")
    elif isinstance(value, tuple):
        for number, each in enumerate(value, start=1):
            yield from _texts(each, f"{place} no. {number}")
    elif value is not None:
        yield place, _said(value, place)


def _said(value: object, place: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and place.rsplit(", ", 1)[-1] not in _NO_MONEY:
        return pounds_for_people(value)
    if isinstance(value, Fraction):
        return short_number(value)
    return value.isoformat() if isinstance(value, date) else str(value)
