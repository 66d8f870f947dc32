"""Filling a workbook: only open cells, only what its rules let in, and proof that all else is as it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pooledfund.returns.official.calculator import Calculator
from pooledfund.returns.official.fill import Splice, Written, filled, spliced
from pooledfund.returns.official.package import Package, WorkbookRefused
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.sheet import Sheet
from pooledfund.returns.official.validations import Rules
from pooledfund.returns.official.workbook import BOOK, ExcelFile

Cells = Mapping[str, Mapping[Place, Written]]
"""What is to be written, by sheet and cell."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled workbook: its parts, what was written, and what its formulas come to now.

    ``recalculated`` gives the new result of each formula that rests on what was written, ``None`` for
    one that only a spreadsheet can work out: its kept result was taken away.
    """

    package: Package
    written: Cells
    recalculated: Mapping[str, Mapping[Place, Written | bool | None]]

    def save(self, path: Path) -> None:
        """Write the workbook, read it again and see that it holds just this; raises WorkbookRefused."""
        self.package.write(path)
        again = Package.read(path)
        if again.parts != self.package.parts:
            raise WorkbookRefused(f"{path}: does not hold what was written to it: see to the disk and write it again")


def fill(book: ExcelFile, values: Cells) -> Filled:
    """Write values into the open cells of a workbook; every other byte stays as it is.

    Besides the cells only the kept results of formulas that rest on them change, and the mark that
    has Excel work all formulas out when it opens the file.

    Raises:
        WorkbookRefused: with every cell that is locked, holds a formula, or does not let such a value in.
    """
    faults = [fault for name, cells in values.items() for fault in _faults(book, book.sheet(name), cells)]
    if faults:
        raise WorkbookRefused(*faults)
    results = Calculator(book, values).results()
    changed = {
        book.sheet_parts[name]: filled(book.sheet(name), values.get(name, {}), results.get(name, {}))
        for name in dict.fromkeys([*values, *results])
    }
    changed[BOOK] = to_be_recalculated(book.package.part(BOOK))
    package = book.package.with_parts(changed)
    check_only_these_changed(book, ExcelFile(package), values, results)
    return Filled(package, values, results)


def _faults(book: ExcelFile, sheet: Sheet, cells: Mapping[Place, Written]) -> list[str]:
    rules, faults = Rules(book, sheet), []
    for place, value in cells.items():
        where = f"{book.name}: sheet '{sheet.name}', cell {place}"
        if not book.is_open(sheet, place):
            faults.append(f"{where} is locked, merged or holds a formula, and is not written: use the blank workbook")
        elif refused := rules.refusal(place, value):
            faults.append(f"{where}: {refused}")
    return faults


_CALC = re.compile(rb"<((?:\w+:)?)calcPr((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*/?>")
_FLAG = re.compile(rb"\s+fullCalcOnLoad\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_BEFORE_CALC = re.compile(
    rb"</(?:\w+:)?(?:sheets|functionGroups|externalReferences|definedNames)\s*>|<(?:\w+:)?definedNames\s*/>"
)


def to_be_recalculated(book: bytes) -> bytes:
    """The workbook's own part with the mark that has every formula worked out when it is opened."""
    found = _CALC.search(book)
    if found is None:
        last = max(_BEFORE_CALC.finditer(book), key=lambda each: each.end(), default=None)
        if last is None:
            raise WorkbookRefused("the workbook names no sheets: use the workbook as it was issued")
        prefix = re.match(rb"</?((?:\w+:)?)", last[0])
        mark = b'<%scalcPr fullCalcOnLoad="1"/>' % (prefix[1] if prefix else b"")
        return spliced(book, [Splice(last.end(), last.end(), mark)])
    flag = _FLAG.search(book, *found.span(2))
    mark = b' fullCalcOnLoad="1"'
    span = flag.span() if flag else (found.end(2), found.end(2))
    return spliced(book, [Splice(*span, mark)])


def check_only_these_changed(
    before: ExcelFile, after: ExcelFile, values: Cells, results: Mapping[str, Mapping[Place, object]]
) -> None:
    """See that nothing changed but the cells named; raises WorkbookRefused with the first part that did.

    The parts are the same, in the same order; the sheets are the same byte for byte once the named cells
    are taken out of both; and every written cell shows what was written.
    """
    if list(before.package.parts) != list(after.package.parts):
        raise WorkbookRefused(f"{before.name}: its parts are not what they were, and nothing was written: report this")
    sheets = {part: name for name, part in before.sheet_parts.items()}
    for part, content in before.package.parts.items():
        now = after.package.parts[part]
        if part in sheets and now != content:
            name = sheets[part]
            named = {*values.get(name, {}), *results.get(name, {})}
            same = _rest(before.sheet(name), named) == _rest(after.sheet(name), named)
        else:
            same = now == content or (part == BOOK and now == to_be_recalculated(content))
        if not same:
            raise WorkbookRefused(
                f"{before.name}: its part {part} would change where nothing was to be written, "
                "and nothing was written: report this"
            )
    for name, cells in values.items():
        for place, value in cells.items():
            if after.value(after.sheet(name), place) != (value if isinstance(value, Decimal) else value or None):
                raise WorkbookRefused(f"{before.name}: sheet '{name}', cell {place} would not show '{value}'")


def _rest(sheet: Sheet, named: set[Place]) -> bytes:
    """The sheet without the named cells, and without rows that hold nothing else."""
    splices = [Splice(cell.start, cell.end, b"") for place, cell in sheet.cells.items() if place in named]
    held: dict[int, int] = {}
    for place in sheet.cells:
        held[place.row] = held.get(place.row, 0) + (place not in named)
    bare = [sheet.rows[row] for row in {place.row for place in named} if row in sheet.rows and not held.get(row)]
    inside = [(row.start, row.end) for row in bare]
    kept = [each for each in splices if not any(start <= each.start < end for start, end in inside)]
    p = sheet.prefix
    kept += [Splice(row.start, row.end, _marked(p, row.attributes)) for row in bare]
    return spliced(sheet.content, kept).replace(b"<%ssheetData></%ssheetData>" % (p, p), b"<%ssheetData/>" % p)


def _marked(prefix: bytes, attributes: bytes) -> bytes:
    """A row without cells; one with nothing but its number is as good as none."""
    return b"" if re.fullmatch(rb'\s+r="\d+"', attributes) else b"<%srow%s/>" % (prefix, attributes)
