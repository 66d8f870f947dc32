"""A filled return held against our own figures, cell by cell. Changes neither."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pooledfund.returns.figures import Figures
from pooledfund.returns.filling import number_of
from pooledfund.returns.line_rows import LineRow
from pooledfund.returns.official.workbook import Value
from pooledfund.returns.reading import ReadCell, ReadLine, ReadReturn
from pooledfund.returns.registry import Variant
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
    lists_lines = any(block.kind == "lines" for block in found.layout.blocks)
    return (*_figures(found, figures), *(_lines(found, figures) if lists_lines else ()))


def _figures(found: ReadReturn, figures: Figures) -> Iterator[Difference]:
    for (row, column), cell in found.cells.items():
        ours = number_of(figures.cell(row, column), found.layout)
        if ours is not None and not _same(cell.value, ours):
            yield _difference(cell, f"{row.replace('_', ' ')}, {column.replace('_', ' ')}", ours)


def _lines(found: ReadReturn, figures: Figures) -> Iterator[Difference]:
    """Lines are matched by scheme, source of money and provider, in their order where that leaves several."""
    left = list(figures.lines)
    for line in found.lines:
        ours = next((each for each in left if _is(found.layout, line, each)), None)
        where = f"row {line.row}"
        name = line.text("scheme_id") or line.text("scheme_name") or "without a name"
        if ours is None:
            yield Difference(where, f"line {name}", "a line from this source", "no such line")
            continue
        left.remove(ours)
        for field, cell in line.cells.items():
            known = number_of(ours.fields.get(field), found.layout)
            if isinstance(known, Decimal) and not _same(cell.value, known):
                yield _difference(cell, f"{field.replace('_', ' ')} of {name}", known)
    for each in left:
        if any(isinstance(amount, Amount) and amount.exact_pence for amount in each.fields.values()):
            yield Difference("no row", f"line {each.scheme}, {each.source}", "no such line", "a line from this source")


def _is(layout: Variant, line: ReadLine, ours: LineRow) -> bool:
    source = layout.value_of("source", line.text("source") or "")
    same_words = layout.words_for("source", ours.source)[0] == layout.words_for("source", source or "")[0]
    name = line.text("scheme_id") or line.text("scheme_name")
    return same_words and name in (ours.scheme, ours.fields.get("scheme_name"))


def _same(theirs: Value, ours: Decimal) -> bool:
    """Whether a cell shows an amount; an empty cell is as good as nil where we hold nil."""
    return theirs == ours or (theirs is None and ours == 0)


def _difference(cell: ReadCell, what: str, ours: Decimal) -> Difference:
    theirs = f"{cell.value:,}" if isinstance(cell.value, Decimal) else str(cell.value or "nothing")
    return Difference(str(cell), what, theirs, f"{ours:,}")


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
    fields = {column.field for block in layout.blocks if block.kind == "lines" for column in block.columns}
    return {
        "cells": {f"{row} {column}": str(figures.cell(row, column)) for row, column in sorted(columns)},
        "lines": [
            {field: str(value) for field, value in sorted(line.fields.items()) if field in fields}
            for line in (figures.lines if fields else ())
        ],
    }
