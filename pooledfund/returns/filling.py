"""What of our figures goes into which cell of a supplied workbook, and what could not. Changes no workbook."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ledgers.money import pounds_decimal
from pooledfund.returns.blocks import MONEY, FieldColumn, PartsBlock
from pooledfund.returns.figures import Figures, Key
from pooledfund.returns.line_rows import Figure, LineRow
from pooledfund.returns.locate import FiguresTable, Finder, LinesTable, NamedCells
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.places import LAST_ROW, Place
from pooledfund.returns.official.sheet import Sheet
from pooledfund.returns.official.validations import Rules
from pooledfund.returns.official.workbook import ExcelFile, Value
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import Remark, in_digits
from pooledfund.returns.shown import NOT_HELD, NOT_STATED
from s75_rules.amounts import Amount


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A cell that is to be written: where it stands, what the workbook calls it, the value, and which figure it is.

    ``of`` is the row and column of a table of figures, or a line and the field of it.
    """

    sheet: str
    place: Place
    what: str
    value: Written
    of: Key | tuple[LineRow, str]


@dataclass(slots=True)
class FillPlan:
    """The cells to be written, with a note for each figure that a person has to see to."""

    cells: list[PlannedCell] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, dict[Place, Written]]:
        """What is written, by sheet and cell."""
        found: dict[str, dict[Place, Written]] = {}
        for each in self.cells:
            found.setdefault(each.sheet, {})[each.place] = each.value
        return found


def plan_filling(book: ExcelFile, layout: Variant, figures: Figures) -> FillPlan:
    """Find the tables of a return in a workbook and say what goes into each open cell.

    Raises:
        WorkbookRefused: it is another workbook, too small for the lines, filled already, or takes no such
            amount; with every fault.
    """
    plan = FillPlan()
    for table in Finder(book, layout).tables():
        if isinstance(table, LinesTable):
            _LinesFiller(book, layout, table, plan).fill(figures.rows(table.block.kind))
        else:
            _fill_figures(book, layout, table, figures, plan)
    if plan.faults:
        raise WorkbookRefused(*plan.faults)
    return plan


def in_unit(amount: Amount, layout: Variant) -> Decimal | None:
    """An exact amount in the unit of a return, never rounded; None where it is not exact."""
    if amount.exact_pence is None:
        return None
    return pounds_decimal(amount.exact_pence) / (1000 if layout.unit == "£000" else 1)


def number_of(figure: Figure | None, layout: Variant) -> Decimal | None:
    """A figure as the number that stands in a cell: an exact amount in the unit of the return, or what is no money."""
    return in_unit(figure, layout) if isinstance(figure, Amount) else figure if isinstance(figure, Decimal) else None


def beyond_limits(value: Decimal, layout: Variant) -> str | None:
    """Why a return does not take an amount, in words; None where it does. Nothing is ever clipped."""
    if layout.limits is None or layout.limits[0] <= value <= layout.limits[1]:
        return None
    low, high = layout.limits
    why = "is below nil" if value < 0 <= low else "is outside its limits"
    return (
        f"{value:,} {why}: {layout.id} takes {layout.unit}{low:,} to {layout.unit}{high:,} only; "
        "agree with the national team how to show it, and write it by hand"
    )


def is_blank(value: Value) -> bool:
    """Whether a cell waits to be filled: empty, nil, or words that ask for a choice."""
    return is_open_question(value) or value == 0


def is_open_question(value: Value) -> bool:
    """Whether nobody has answered a cell: empty, or words that ask for a choice; nil is an answer."""
    if isinstance(value, str):
        return not value.strip() or _ASKS.fullmatch(value.strip()) is not None
    return value is None


_ASKS = re.compile(r"<[^<>]+>|please select\b.{0,60}|select(\s+(an?|one|from|the)\b.{0,60})?", re.IGNORECASE)
"""What official workbooks write where a choice is asked for, such as ``<Please Select CCG>``; the whole of a text."""


class _LinesFiller:
    """A table of lines being filled from the top down."""

    def __init__(self, book: ExcelFile, layout: Variant, table: LinesTable, plan: FillPlan) -> None:
        self._book, self._layout, self._table, self._plan = book, layout, table, plan
        self._where = f"{book.name}: sheet '{table.sheet}'"
        self._sheet = book.sheet(table.sheet)
        self._rules = Rules(book, self._sheet)

    def fill(self, lines: Sequence[LineRow]) -> None:
        rows = list(self._open_rows(len(lines)))
        if len(rows) < len(lines):
            self._plan.faults.append(
                f"{self._where} has room for {len(rows)} {self._table.block.kind} and the pool has {len(lines)}: "
                "ask for a longer workbook, or send the rest by hand"
            )
            return
        for row, line in zip(rows, lines, strict=False):
            for column, number in self._table.columns.items():
                place = Place(row, number)
                value = self._value(column, line, place)
                if value is None or not self._book.is_open(self._sheet, place):
                    continue
                refused = self._rules.refusal(place, value)
                if refused:
                    self._plan.faults.append(f"{self._where}, cell {place} ({line.scheme}): {refused}")
                else:
                    what = f"{column.headings[0]} of {line.scheme}"
                    planned = PlannedCell(self._table.sheet, place, what, value, (line, column.field or ""))
                    self._plan.cells.append(planned)

    def _open_rows(self, wanted: int) -> Iterator[int]:
        """The rows below the header whose first cell may be typed into; each of them has to be blank."""
        first = min(self._table.columns.values())
        for row in range(self._table.first, min(LAST_ROW, self._table.first + max(wanted, 1))):
            place = Place(row, first)
            if not self._book.is_open(self._sheet, place):
                return
            there = self._book.shows(self._table.sheet, place)
            if not (is_blank(there) or self._holds_a_place(there)):
                self._plan.faults.append(
                    f"{self._where}, cell {place} holds '{str(there)[:40]}' already: fill the blank workbook"
                )
                return
            yield row

    def _holds_a_place(self, there: Value) -> bool:
        block = self._table.block
        return isinstance(block, PartsBlock) and isinstance(there, str) and block.holds_a_place(there)

    def _value(self, column: FieldColumn, line: LineRow, place: Place) -> Written | None:
        figure = line.fields.get(column.field) if column.field else None
        stem = (column.field or "").partition(":")[0]
        match figure:
            case None:
                return None
            case Amount():
                return self._amount(column, figure, line, place)
            case Decimal():
                return figure
            case _ if stem in MONEY or figure in (NOT_STATED, NOT_HELD):
                self._note(place, f"{column.headings[0]} of {line.scheme} is left blank: {figure}")
                return None
            case _ if stem in _LISTED:
                return self._listed(stem, figure, line, place)
            case _:
                return figure

    def _amount(self, column: FieldColumn, amount: Amount, line: LineRow, place: Place) -> Decimal | None:
        value = in_unit(amount, self._layout)
        if value is None:
            self._note(place, f"{column.headings[0]} of {line.scheme} is {amount}: write it by hand once it is agreed")
            return None
        refused = beyond_limits(value, self._layout)
        if refused:
            self._plan.faults.append(f"{self._where}, cell {place} ({line.scheme}): {refused}")
            return None
        return value

    def _listed(self, field_name: str, value: str, line: LineRow, place: Place) -> str | None:
        """The workbook's own word for a value of ours; left to a person where its list has none."""
        words = self._layout.words_for(field_name, value)
        choices = self._rules.choices(place)
        if choices is None:
            return words[0]
        by_word = {each.casefold(): each for each in choices}
        chosen = next((by_word[each.casefold()] for each in words if each.casefold() in by_word), None)
        if chosen is None:
            self._note(
                place, f"the list has no word for the {_LISTED[field_name]} '{value}' of {line.scheme}: choose one"
            )
        return chosen

    def _note(self, place: Place, text: str) -> None:
        self._plan.notes.append(Remark(f"sheet '{self._table.sheet}', cell {place}", text))


_LISTED = {
    "source": "source of funding",
    "commissioner": "commissioner",
    "provider": "provider",
    "area_of_spend": "area of spend",
    "scheme_type": "scheme type",
    "holds_the_pool": "answer to who holds the pool,",
    "new_or_existing": "state, new or existing,",
}
"""Fields that workbooks have lists for, in words."""


def _fill_figures(
    book: ExcelFile, layout: Variant, table: FiguresTable | NamedCells, figures: Figures, plan: FillPlan
) -> None:
    for cell in table.cells():
        sheet = book.sheet(cell.sheet)
        at = f"sheet '{cell.sheet}', cell {cell.place}"
        where = f"{at} ({cell.what})"
        figure = figures.cell(*cell.key)
        value = number_of(figure, layout)
        there = book.shows(cell.sheet, cell.place)
        if not book.is_open(sheet, cell.place):
            if (
                value is not None
                and isinstance(there, Decimal)
                and not _has_formula(sheet, cell.place)
                and there != value
            ):
                said = f"is filled in beforehand with {in_digits(there)}; the figure here is {in_digits(value)}"
                plan.notes.append(Remark(at, f"{cell.what} {said}"))
        elif value is None:
            plan.notes.append(Remark(at, f"{cell.what} is left blank: {figure}"))
        elif not is_blank(there):
            plan.faults.append(f"{book.name}: {where} holds '{there}' already: fill the blank workbook")
        elif refused := beyond_limits(value, layout) or Rules(book, sheet).refusal(cell.place, value):
            plan.faults.append(f"{book.name}: {where}: {refused}")
        else:
            plan.cells.append(PlannedCell(cell.sheet, cell.place, cell.what, value, cell.key))


def _has_formula(sheet: Sheet, place: Place) -> bool:
    cell = sheet.cells.get(place)
    return cell is not None and cell.has_formula
