"""How a table fits a page of A4: widths of columns, which way the page lies, and where a wide table is divided."""

from collections.abc import Sequence
from dataclasses import dataclass

from pooledfund.reports.paper.text import longest_word, width_of

SIZE_PT = 8.5
PORTRAIT_PT, LANDSCAPE_PT = 515, 762
"""What is between the margins of A4 upright and lying, in points."""
_INSET_PT = 8
_COMFORT_PT = 78
"""A column of words gets as much, if its words need it, before a page is turned or a table divided."""
_MOST_LINES = 4
"""A cell that would take more lines upright makes the page lie down."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A table as it is printed, in texts; figures stand to the right, and the total row is told apart."""

    headings: tuple[str, ...]
    figures: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None

    def only(self, columns: Sequence[int]) -> "Printed":
        """The table with some of its columns."""
        return Printed(
            tuple(self.headings[each] for each in columns),
            tuple(self.figures[each] for each in columns),
            tuple(tuple(row[each] for each in columns) for row in self.rows),
            tuple(self.total[each] for each in columns) if self.total else None,
        )

    @property
    def label_spans(self) -> int:
        """How many columns the label of the total row may take: its own and the empty ones after it."""
        filled = [place for place, text in enumerate(self.total or ()) if place and text]
        return filled[0] if filled else len(self.headings)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table or a part of one that fits a page, with the width of each column in points."""

    table: Printed
    widths: tuple[int, ...]
    lying: bool


@dataclass(frozen=True, slots=True)
class _Room:
    """What a column cannot do without, what it would take on one line, and whether it may grow to that."""

    need: int
    line: int
    grows: bool


def fitted(table: Printed) -> tuple[Fitted, ...]:
    """The table upright where it reads well so, else lying, else divided by columns with its first columns repeated."""
    rooms = _rooms(table)
    if sum(room.need for room in rooms) <= PORTRAIT_PT:
        widths = _grown(rooms, PORTRAIT_PT)
        if all(room.line <= width * _MOST_LINES for room, width in zip(rooms, widths, strict=True)):
            return (Fitted(table, widths, lying=False),)
    return tuple(
        Fitted(table.only(columns), _grown([rooms[each] for each in columns], LANDSCAPE_PT), lying=True)
        for columns in _parts(table, [room.need for room in rooms])
    )


def _parts(table: Printed, needs: Sequence[int]) -> list[list[int]]:
    """Which columns stand in which part: as few parts as can be, none much wider than the others."""
    if sum(needs) <= LANDSCAPE_PT:
        return [list(range(len(needs)))]
    first_figure = table.figures.index(True) if True in table.figures else 1
    keys = list(range(max(1, min(first_figure, 2))))
    if sum(needs[key] for key in keys) > LANDSCAPE_PT // 2:
        keys = keys[:1]
    fewest = len(_dealt(keys, needs, LANDSCAPE_PT))
    evenly = sum(needs[key] for key in keys) + sum(needs[len(keys) :]) // fewest
    while len(_dealt(keys, needs, evenly)) > fewest:
        evenly += 1
    return _dealt(keys, needs, evenly)


def _dealt(keys: Sequence[int], needs: Sequence[int], room: int) -> list[list[int]]:
    """The columns after the first ones put into parts in their order, each part within the room."""
    full = room - sum(needs[key] for key in keys)
    parts, left = [[*keys]], full
    for column in range(len(keys), len(needs)):
        if needs[column] > left and len(parts[-1]) > len(keys):
            parts.append([*keys])
            left = full
        parts[-1].append(column)
        left -= needs[column]
    return parts


def _rooms(table: Printed) -> list[_Room]:
    found = []
    for column, is_figures in enumerate(table.figures):
        texts = [row[column] for row in table.rows]
        if table.total and column >= table.label_spans:
            texts.append(table.total[column])
        heading = _points(longest_word(table.headings[column]) * BOLD // 100)
        line = max(heading, *(_points(width_of(text)) for text in texts))
        word = max(heading, *(_points(longest_word(text)) for text in texts))
        found.append(_Room(word if is_figures else max(word, min(_COMFORT_PT, line)), line, not is_figures))
    return found


BOLD = 114
"""A heading is set bold: so many hundredths of the width of its words."""


def _grown(rooms: Sequence[_Room], width: int) -> tuple[int, ...]:
    """What is left of the page goes to the columns of words, by what they lack to stand on one line."""
    lacking = [room.line - room.need if room.grows else 0 for room in rooms]
    left, lacked = max(0, width - sum(room.need for room in rooms)), sum(lacking)
    return tuple(
        room.need + (min(lack, lack * left // lacked) if lacked else 0)
        for room, lack in zip(rooms, lacking, strict=True)
    )


def _points(hundredths: int) -> int:
    return int(hundredths * SIZE_PT / 100) + 1 + _INSET_PT
