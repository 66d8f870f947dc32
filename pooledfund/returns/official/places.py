"""Where a cell stands: columns by letter and number, cells and ranges of a sheet. Reads no workbook."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_RANGE = re.compile(
    r"\$?(?P<c1>[A-Z]{1,3})?\$?(?P<r1>[1-9][0-9]{0,6})?(?::\$?(?P<c2>[A-Z]{1,3})?\$?(?P<r2>[1-9][0-9]{0,6})?)?"
)


class Place(NamedTuple):
    """A cell of a sheet: row and column, both counted from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{letters(self.column)}{self.row}"


class Range(NamedTuple):
    """A rectangle of cells, its first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, place: Place) -> bool:
        """Whether a cell is one of these."""
        return self.top <= place.row <= self.bottom and self.left <= place.column <= self.right

    def places(self) -> Iterator[Place]:
        """Every cell, row by row."""
        return (
            Place(row, column)
            for row in range(self.top, self.bottom + 1)
            for column in range(self.left, self.right + 1)
        )


def letters(column: int) -> str:
    """A column's letters: 1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_number(text: str) -> int:
    """A column's number from its letters."""
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def parse_place(text: str) -> Place | None:
    """A cell such as B7 or $B$7; none where the text is none, or beyond the edge of a sheet."""
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    place = Place(int(found[2]), column_number(found[1]))
    return place if place.row <= LAST_ROW and place.column <= LAST_COLUMN else None


def parse_range(text: str) -> Range | None:
    """A range such as B7:D9, a cell, whole columns B:D or whole rows 7:9; none where the text is none."""
    found = _RANGE.fullmatch(text)
    if found is None or not text:
        return None
    c1, r1, c2, r2 = found.group("c1", "r1", "c2", "r2")
    if ":" not in text:
        place = parse_place(text)
        return Range(*place, *place) if place else None
    if (c1 is None) != (c2 is None) or (r1 is None) != (r2 is None) or (c1 is None and r1 is None):
        return None
    columns = sorted((column_number(c1), column_number(c2))) if c1 and c2 else [1, LAST_COLUMN]
    rows = sorted((int(r1), int(r2))) if r1 and r2 else [1, LAST_ROW]
    if columns[1] > LAST_COLUMN or rows[1] > LAST_ROW:
        return None
    return Range(rows[0], columns[0], rows[1], columns[1])
