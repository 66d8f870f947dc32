"""Writing values into a sheet by changing just the bytes of their cells. Works nothing out."""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from pooledfund.returns.official.functions import BROKEN
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.sheet import Sheet

Written = str | Decimal
"""What is written: words, or a number in the unit of the sheet."""


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes from start to end of a sheet, and what stands there instead."""

    start: int
    end: int
    content: bytes


def filled(sheet: Sheet, values: Mapping[Place, Written], kept: Mapping[Place, Written | bool | None]) -> bytes:
    """The sheet's XML with values written into cells, and with the kept results of some formulas replaced.

    ``kept`` gives what a formula comes to now; none takes its kept result away, so that no reader is misled.
    """
    splices = [_written(sheet, place, value) for place, value in values.items() if place in sheet.cells]
    splices += [_result(sheet, place, value) for place, value in kept.items()]
    splices += _new_cells(sheet, {place: value for place, value in values.items() if place not in sheet.cells})
    return spliced(sheet.content, splices)


def spliced(content: bytes, splices: Iterable[Splice]) -> bytes:
    """The bytes with each splice in its place; splices at one place stand in the order given."""
    parts, done = list[bytes](), 0
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        parts += [content[done : splice.start], splice.content]
        done = splice.end
    return b"".join([*parts, content[done:]])


_TYPE = re.compile(rb"\s+t\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def _written(sheet: Sheet, place: Place, value: Written) -> Splice:
    """The cell with its own attributes but for its type, holding the value and nothing else."""
    cell = sheet.cells[place]
    return Splice(cell.start, cell.end, _cell(sheet, _TYPE.sub(b"", cell.attributes), value))


def _cell(sheet: Sheet, attributes: bytes, value: Written) -> bytes:
    p = sheet.prefix
    if isinstance(value, Decimal):
        return b"<%sc%s><%sv>%s</%sv></%sc>" % (p, attributes, p, number_text(value).encode(), p, p)
    text = cell_words(value)
    inner = b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (p, p, text, p, p)
    return b'<%sc%s t="inlineStr">%s</%sc>' % (p, attributes, inner, p)


def number_text(value: Decimal) -> str:
    """A number as Excel keeps it: no exponent, no superfluous noughts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


MOST_CHARACTERS = 32_767
"""The longest text that a cell of Excel holds."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def cell_words(text: str) -> bytes:
    """Words as they stand in XML; characters that no XML holds become a space."""
    return escape(_NOT_IN_XML.sub(" ", text[:MOST_CHARACTERS]), {"\r": "&#13;"}).encode()


_KEPT = re.compile(rb"<((?:\w+:)?)v(?:\s[^>]*)?(?:/>|>.*?</\1v\s*>)", re.DOTALL)


def _result(sheet: Sheet, place: Place, value: Written | bool | None) -> Splice:
    """A formula's cell with another kept result."""
    cell, p = sheet.cells[place], sheet.prefix
    bare = _KEPT.sub(b"", cell.inner)
    attributes = _TYPE.sub(b"", cell.attributes)
    match value:
        case None:
            return Splice(cell.start, cell.end, b"<%sc%s>%s</%sc>" % (p, attributes, bare, p))
        case bool():
            kind, text = b' t="b"', b"1" if value else b"0"
        case Decimal():
            kind, text = b"", number_text(value).encode()
        case _:
            kind, text = b' t="e"' if BROKEN.fullmatch(value) else b' t="str"', cell_words(value)
    return Splice(cell.start, cell.end, b"<%sc%s%s>%s<%sv>%s</%sv></%sc>" % (p, attributes, kind, bare, p, text, p, p))


def _new_cells(sheet: Sheet, values: Mapping[Place, Written]) -> Iterable[Splice]:
    """Cells that the sheet does not hold yet, each in its order in its row, with the style of its row or column."""
    by_row: dict[int, dict[Place, bytes]] = {}
    for place, value in sorted(values.items()):
        style = sheet.style_of(place)
        attributes = b' r="%s"' % str(place).encode() + (b' s="%d"' % style if style else b"")
        by_row.setdefault(place.row, {})[place] = _cell(sheet, attributes, value)
    fresh = list[tuple[int, bytes]]()
    for number, cells in by_row.items():
        if number in sheet.rows:
            yield from _into_row(sheet, number, cells)
        else:
            p = sheet.prefix
            fresh.append((number, b'<%srow r="%d">%s</%srow>' % (p, number, b"".join(cells.values()), p)))
    yield from _new_rows(sheet, fresh)


def _into_row(sheet: Sheet, number: int, cells: Mapping[Place, bytes]) -> Iterable[Splice]:
    row = sheet.rows[number]
    if row.inside_end is None:
        p = sheet.prefix
        inside = b"".join(cells.values())
        yield Splice(row.start, row.end, b"<%srow%s>%s</%srow>" % (p, row.attributes, inside, p))
        return
    there = sorted(place for place in sheet.cells if place.row == number)
    for place, content in cells.items():
        # Before the cell that comes next, else where the row ends: splices at one place keep their order.
        after = next((each for each in there if each > place), None)
        at = row.inside_end if after is None else sheet.cells[after].start
        yield Splice(at, at, content)


def _new_rows(sheet: Sheet, rows: Sequence[tuple[int, bytes]]) -> Iterable[Splice]:
    """Rows that the sheet does not hold yet, each before the one that comes next."""
    if sheet.is_empty and rows:
        p = sheet.prefix
        inside = b"".join(row for _, row in rows)
        yield Splice(*sheet.data, b"<%ssheetData>%s</%ssheetData>" % (p, inside, p))
        return
    there = sorted(sheet.rows)
    for number, row in rows:
        place = bisect(there, number)
        at = sheet.rows[there[place]].start if place < len(there) else sheet.data[1]
        yield Splice(at, at, row)
