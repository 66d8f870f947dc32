"""What the formulas of a workbook come to once some cells were written, as far as their functions are known here."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from openpyxl.formula.translate import Translator

from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.formula_tree import (
    Call,
    Constant,
    Name,
    NotWorkedOut,
    Reference,
    Tree,
    parse,
    references,
)
from pooledfund.returns.official.functions import (
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    LAZY,
    OPERATORS,
    Matrix,
    Result,
    Scalar,
    ShowsAnError,
    elementwise,
    scalar,
)
from pooledfund.returns.official.places import Place, Range, parse_range
from pooledfund.returns.official.sheet import HAS_FORMULA, Cell, attribute
from pooledfund.returns.official.workbook import ExcelFile, Value, plain

At = tuple[str, Place]
"""A cell of a workbook: its sheet's name and its place."""
MOST_CELLS = 2_000_000
"""Cells of a range that are looked at."""
_FORMULA = re.compile(
    rb"<(?:\w+:)?f((?:\s+\w+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?:/>|>(.*?)</(?:\w+:)?f\s*>)", re.DOTALL
)
_MOVES = frozenset({"INDIRECT", "OFFSET", "NOW", "TODAY", "RAND", "RANDBETWEEN", "CELL", "INFO"})
"""Functions whose answer does not rest on the cells that they name alone."""


class Calculator:
    """The formulas of a workbook, worked out anew where they rest on cells that were written."""

    def __init__(self, book: ExcelFile, written: Mapping[str, Mapping[Place, Written]]) -> None:
        self._book = book
        self._written = written
        self._formulas = {(name, place): text for name in book.sheet_parts for place, text in self._formulas_of(name)}
        self._known: dict[At, Scalar] = {}
        self._under_way: set[At] = set()
        self._ranges: dict[tuple[str, Range], Matrix] = {}
        self._last_rows: dict[str, int] = {}
        self._calls: dict[tuple[str, Call], Result] = {}
        self._stale = self._resting_on_written()

    def results(self) -> dict[str, dict[Place, Written | bool | None]]:
        """What each formula that rests on a written cell comes to, by sheet; none where that is not known here."""
        found: dict[str, dict[Place, Written | bool | None]] = {}
        for name, place in sorted(self._stale):
            try:
                value = self._value((name, place))
            except NotWorkedOut:
                value = None
            found.setdefault(name, {})[place] = value
        return found

    def value(self, sheet: str, place: Place) -> Value:
        """What a cell shows once everything is written; raises NotWorkedOut where that is not known here."""
        return self._value((sheet, place))

    def _formulas_of(self, name: str) -> list[tuple[Place, str]]:
        if not HAS_FORMULA.search(self._book.package.part(self._book.sheet_parts[name])):
            return []
        sheet = self._book.sheet(name)
        found = list[tuple[Place, str]]()
        shared: dict[str, tuple[Place, str]] = {}
        for place, cell in sheet.cells.items():
            if cell.has_formula and (written := _formula_of(cell, shared)):
                # The cells of an array formula share its answer, and only the first of them holds it.
                found += [(each, written.text) for each in (*written.others, place)]
        return found

    def _resting_on_written(self) -> set[At]:
        """The formulas whose answer may have changed; one that cannot be followed is taken to be among them."""
        looks = {at: self._looks_at(at, text) for at, text in self._formulas.items()}
        stale = {at for at, found in looks.items() if found is None}
        changed = _Changed({(name, place) for name, places in self._written.items() for place in places} | stale)
        left = {at: found for at, found in looks.items() if found}
        while True:
            fresh = {at for at, found in left.items() if any(changed.touches(each) for each in found)}
            if not fresh:
                return stale
            stale |= fresh
            changed.add(fresh)
            left = {at: found for at, found in left.items() if at not in fresh}

    def _looks_at(self, at: At, text: str) -> list[tuple[str, Range]] | None:
        try:
            tree = parse(text)
            if _uses(tree, _MOVES):
                return None
            return [self._resolved(at[0], each) for each in references(tree)]
        except NotWorkedOut:
            return None

    def _resolved(self, sheet: str, found: Reference | Name) -> tuple[str, Range]:
        if isinstance(found, Name):
            target = parse(self._book.names[found.name]) if self._book.names.get(found.name) else None
            if not isinstance(target, Reference) or target.sheet is None:
                raise NotWorkedOut(found.name)
            found = target
        name = found.sheet or sheet
        if name not in self._book.sheet_parts:
            raise NotWorkedOut(name)
        return name, found.cells

    def _value(self, at: At) -> Scalar:
        name, place = at
        written = self._written.get(name, {})
        if place in written:
            return written[place]
        if at not in self._stale:
            return self._book.value(self._book.sheet(name), place)
        if at not in self._known:
            if at in self._under_way:
                raise NotWorkedOut(f"{name} {place} rests on itself")
            self._under_way.add(at)
            try:
                value = scalar(self._evaluate(parse(self._formulas[at]), name))
                # A formula that looks at an empty cell shows nil.
                self._known[at] = Decimal(0) if value is None else value
            except ShowsAnError as error:
                self._known[at] = str(error)
            except RecursionError:
                raise NotWorkedOut(f"{name} {place} rests on too long a chain of formulas") from None
            finally:
                self._under_way.discard(at)
        return self._known[at]

    def _evaluate(self, tree: Tree | None, sheet: str) -> Result:
        match tree:
            case None:
                return None
            case Constant():
                return tree.value
            case Reference() | Name():
                return self._range(*self._resolved(sheet, tree))
            case Call():
                return self._call(tree, sheet)

    def _range(self, name: str, cells_of: Range) -> Matrix | Scalar:
        if (name, cells_of) not in self._ranges:
            bottom = min(cells_of.bottom, max(self._last_row(name), cells_of.top))
            if (bottom - cells_of.top + 1) * (cells_of.right - cells_of.left + 1) > MOST_CELLS:
                raise NotWorkedOut("a range of too many cells")
            self._ranges[name, cells_of] = tuple(
                tuple(self._value((name, Place(row, column))) for column in range(cells_of.left, cells_of.right + 1))
                for row in range(cells_of.top, bottom + 1)
            )
        return self._ranges[name, cells_of]

    def _last_row(self, name: str) -> int:
        if name not in self._last_rows:
            written = (place.row for place in self._written.get(name, {}))
            self._last_rows[name] = max([*self._book.sheet(name).rows, *written], default=1)
        return self._last_rows[name]

    def _call(self, call: Call, sheet: str) -> Result:
        """What a function or operator comes to; the same one in many cells, such as a total, is worked out once."""
        if (sheet, call) not in self._calls:
            self._calls[sheet, call] = self._worked_out(call, sheet)
        return self._calls[sheet, call]

    def _worked_out(self, call: Call, sheet: str) -> Result:
        if call.name in LAZY:
            return LAZY[call.name](lambda each: self._evaluate(each, sheet), call.given)
        given = [self._evaluate(each, sheet) for each in call.given]
        if call.name in ARITHMETIC or call.name in COMPARISONS or call.name in OPERATORS:
            return elementwise(call.name, given)
        try:
            return FUNCTIONS[call.name](given)
        except (KeyError, IndexError, ValueError):
            raise NotWorkedOut(call.name) from None


class _Changed:
    """Cells whose value may be another now, quick to ask whether a range holds one of them."""

    def __init__(self, places: set[At]) -> None:
        self._rows: dict[tuple[str, int], set[int]] = {}
        self._columns: dict[str, set[int]] = {}
        self.add(places)

    def add(self, places: set[At]) -> None:
        for name, place in places:
            self._rows.setdefault((name, place.column), set()).add(place.row)
            self._columns.setdefault(name, set()).add(place.column)

    def touches(self, looked_at: tuple[str, Range]) -> bool:
        name, within = looked_at
        for column in self._columns.get(name, ()):
            if within.left <= column <= within.right:
                rows = self._rows[name, column]
                if within.top == within.bottom:
                    if within.top in rows:
                        return True
                elif any(within.top <= row <= within.bottom for row in rows):
                    return True
        return False


class _Formula(NamedTuple):
    """A formula as it stands in a cell, and the other cells that show its answer."""

    text: str
    others: tuple[Place, ...] = ()


def _formula_of(cell: Cell, shared: dict[str, tuple[Place, str]]) -> _Formula | None:
    """A cell's formula; one that is shared is written out for the cell that it stands in."""
    found = _FORMULA.search(cell.inner)
    if found is None:
        return None
    kind, number_of = attribute(found[1], b"t"), attribute(found[1], b"si")
    text = plain(found[2] or b"")
    if kind == "shared" and number_of is not None:
        if not text and number_of in shared:
            origin, written = shared[number_of]
            translated = Translator(f"={written}", origin=str(origin)).translate_formula(str(cell.place))
            return _Formula(translated.removeprefix("="))
        shared[number_of] = (cell.place, text)
    spread = parse_range(attribute(found[1], b"ref") or "") if kind in ("array", "dataTable") else None
    others = tuple(place for place in spread.places() if place != cell.place) if spread else ()
    return _Formula(text, others)


def _uses(tree: Tree | None, names: frozenset[str]) -> bool:
    return isinstance(tree, Call) and (tree.name in names or any(_uses(each, names) for each in tree.given))
