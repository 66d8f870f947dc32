"""What a workbook lets be typed into a cell: its drop-down lists and limits, old style and new. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

from pooledfund.returns.official.places import Place, Range, parse_range
from pooledfund.returns.official.sheet import MAIN, X14, XM, Sheet
from pooledfund.returns.official.workbook import ExcelFile, Value

MOST_IN_A_LIST = 20_000
"""Cells of a list that are looked at."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand in some cells: one of a list of words, or a number between two limits.

    ``choices`` is none for a rule that is no list, or whose list cannot be read from the workbook;
    ``low`` and ``high`` are in the unit of the sheet.
    """

    ranges: tuple[Range, ...]
    kind: str
    choices: tuple[str, ...] | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def refusal(self, value: Value) -> str | None:
        """Why a value may not stand there, in words; none where it may."""
        if value is None or value == "":
            return None
        if self.choices is not None and str(value).casefold() not in {each.casefold() for each in self.choices}:
            shown = ", ".join(self.choices[:_SHOWN]) + (" and others" if len(self.choices) > _SHOWN else "")
            return f"'{value}' is not in its drop-down list: {shown or 'the list is empty'}"
        if self.kind in ("decimal", "whole"):
            return self._number_refusal(value)
        return None

    def _number_refusal(self, value: Value) -> str | None:
        if not isinstance(value, Decimal):
            return f"'{value}' stands where only a number fits"
        if self.kind == "whole" and value != value.to_integral_value():
            return f"{value:,} stands where only a whole number fits"
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            low = f"{self.low:,}" if self.low is not None else "any"
            high = f"{self.high:,}" if self.high is not None else "any"
            return f"{value:,} is outside the limits of the cell, {low} to {high}"
        return None


_SHOWN = 12


class Rules:
    """The rules of one sheet's cells."""

    def __init__(self, book: ExcelFile, sheet: Sheet) -> None:
        self._rules = tuple(_rules(book, sheet))

    def refusal(self, place: Place, value: Value) -> str | None:
        """Why a value may not stand in a cell, in words; none where it may."""
        for rule in self.of(place):
            refused = rule.refusal(value)
            if refused:
                return refused
        return None

    def of(self, place: Place) -> Iterator[Rule]:
        """The rules that hold for a cell."""
        return (each for each in self._rules if any(within.holds(place) for within in each.ranges))

    def choices(self, place: Place) -> tuple[str, ...] | None:
        """The drop-down list of a cell; none where it has none that can be read."""
        return next((each.choices for each in self.of(place) if each.choices is not None), None)


def _rules(book: ExcelFile, sheet: Sheet) -> Iterator[Rule]:
    for each in sheet.frame.iter(f"{{{MAIN}}}dataValidation"):
        first = each.findtext(f"{{{MAIN}}}formula1", "")
        second = each.findtext(f"{{{MAIN}}}formula2", "")
        yield _rule(book, sheet, each, each.get("sqref", ""), first, second)
    for each in sheet.frame.iter(f"{{{X14}}}dataValidation"):
        first = each.findtext(f"{{{X14}}}formula1/{{{XM}}}f", "")
        second = each.findtext(f"{{{X14}}}formula2/{{{XM}}}f", "")
        yield _rule(book, sheet, each, each.findtext(f"{{{XM}}}sqref", ""), first, second)


def _rule(book: ExcelFile, sheet: Sheet, found: ElementTree.Element, where: str, first: str, second: str) -> Rule:
    ranges = tuple(each for text in where.split() if (each := parse_range(text)))
    kind = found.get("type", "none")
    if kind == "list":
        return Rule(ranges, kind, choices=list_values(book, sheet, first))
    if kind in ("decimal", "whole"):
        low, high = _limits(found.get("operator", "between"), _number(first), _number(second))
        return Rule(ranges, kind, low=low, high=high)
    return Rule(ranges, kind)


def _limits(operator: str, first: Decimal | None, second: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest number that fit; an open limit is taken as its number, which is the kinder reading."""
    match operator:
        case "between":
            return first, second
        case "equal":
            return first, first
        case "greaterThan" | "greaterThanOrEqual":
            return first, None
        case "lessThan" | "lessThanOrEqual":
            return None, first
        case _:
            return None, None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def list_values(book: ExcelFile, sheet: Sheet, formula: str) -> tuple[str, ...] | None:
    """The words of a drop-down list: written out in quotes, in a range of any sheet, or by a name of the workbook.

    None where the list is worked out by a formula, which this does not read.
    """
    text = formula.strip().removeprefix("=")
    if text.startswith('"') and text.endswith('"'):
        return tuple(each.strip() for each in text[1:-1].split(",") if each.strip())
    text = book.names.get(text.lower(), text).removeprefix("=")
    where, _, cells = text.rpartition("!")
    name = where.strip("'").replace("''", "'") or sheet.name
    rectangle = parse_range(cells.replace("$", ""))
    if rectangle is None or name not in book.sheet_parts:
        return None
    source = book.sheet(name)
    inside = sorted(place for place in source.cells if rectangle.holds(place))[:MOST_IN_A_LIST]
    found = (book.value(source, place) for place in inside)
    return tuple(str(each) for each in found if each is not None)
