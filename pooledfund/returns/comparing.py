"""A filled return held against our own figures, cell by cell. Changes neither."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pooledfund.returns.blocks import LinesBlock, PartsBlock
from pooledfund.returns.figures import Figures
from pooledfund.returns.filling import number_of
from pooledfund.returns.line_rows import LineRow
from pooledfund.returns.official.workbook import Value
from pooledfund.returns.reading import ReadCell, ReadLine, ReadReturn
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import in_digits
from s75_rules.amounts import Amount


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a return that shows something else than we hold."""

    where: str
    what: str
    theirs: str
    ours: str

    def __str__(self) -> str:
        return f"{self.where} ({self.what}): the workbook shows {self.theirs}, here is {self.ours}"

    def as_json(self) -> dict[str, str]:
        """The difference as words."""
        return {"where": self.where, "what": self.what, "workbook": self.theirs, "here": self.ours}


def differences(found: ReadReturn, figures: Figures) -> tuple[Difference, ...]:
    """Every figure and every line that a workbook has and we have otherwise; what neither knows is no difference."""
    kinds = [block.kind for block in found.layout.blocks if isinstance(block, LinesBlock | PartsBlock)]
    return (*_figures(found, figures), *(each for kind in kinds for each in _rows(kind, found, figures)))


def _figures(found: ReadReturn, figures: Figures) -> Iterator[Difference]:
    for (row, column), cell in found.cells.items():
        ours = number_of(figures.cell(row, column), found.layout)
        if ours is not None and not _same(cell.value, ours):
            yield _difference(cell, f"{_in_words(row)}, {_in_words(column)}", ours)


def _rows(kind: str, found: ReadReturn, figures: Figures) -> Iterator[Difference]:
    """Lines are matched by scheme, source of money and provider, in their order where that leaves several.

    Organisations and schemes are matched by name.
    """
    left = list(figures.rows(kind))
    for line in found.rows(kind):
        ours = next((each for each in left if _is(found.layout, line, each)), None)
        where = f"row {line.row}"
        name = line.name or "without a name"
        if ours is None:
            yield Difference(where, f"line {name}", "a line from this source", "no such line")
            continue
        left.remove(ours)
        for field, cell in line.cells.items():
            known = number_of(ours.fields.get(field), found.layout)
            if isinstance(known, Decimal) and not _same(cell.value, known):
                yield _difference(cell, f"{_in_words(field)} of {name}", known)
    for each in left:
        if any(isinstance(amount, Amount) and amount.exact_pence for amount in each.fields.values()):
            what = f"line {each.scheme}, {_in_words(each.source)}" if each.source else f"row of {each.scheme}"
            yield Difference("no row", what, "no such line", "a line from this source")


def _in_words(name: str) -> str:
    """A name of ours for a reader, such as ``planned income 2023/24``."""
    return name.replace("_", " ").replace(":", " ")


def _is(layout: Variant, line: ReadLine, ours: LineRow) -> bool:
    if not ours.source:
        return line.name in (ours.scheme, ours.fields.get("scheme_name"), ours.fields.get("organisation"))
    source = layout.value_of("source", line.text("source") or "")
    same_words = layout.words_for("source", ours.source)[0] == layout.words_for("source", source or "")[0]
    return same_words and line.name in (ours.scheme, ours.fields.get("scheme_name"))


def _same(theirs: Value, ours: Decimal) -> bool:
    """Whether a cell shows an amount; an empty cell is as good as nil where we hold nil."""
    return theirs == ours or (theirs is None and ours == 0)


def _difference(cell: ReadCell, what: str, ours: Decimal) -> Difference:
    theirs = in_digits(cell.value) if isinstance(cell.value, Decimal) else str(cell.value or "nothing")
    return Difference(str(cell), what, theirs, in_digits(ours))


def as_kept(figures: Figures, layout: Variant) -> Mapping[str, object]:
    """The figures that a return shows, as text by their names, to be kept with a submission and compared later."""
    columns = {
        (row.figure, column.figure)
        for block in layout.blocks
        if block.kind == "figures"
        for row in block.rows
        for column in block.columns
    }
    columns |= {(each.row, each.column) for block in layout.blocks if block.kind == "named" for each in block.cells}
    tables = {
        block.kind: {column.field for column in block.columns}
        for block in layout.blocks
        if isinstance(block, LinesBlock | PartsBlock)
    }
    return {
        "cells": {f"{row} {column}": str(figures.cell(row, column)) for row, column in sorted(columns)},
        "lines": [
            {field: str(value) for field, value in sorted(line.fields.items()) if field in fields}
            for kind, fields in tables.items()
            for line in figures.rows(kind)
        ],
    }
