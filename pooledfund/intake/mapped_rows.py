"""How a row of an extract is read by its map: each code, day and kind is worked out once and kept. Opens no file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledgers.money import MoneyNotUnderstood
from pooledfund.intake.map_columns import CellNotUnderstood, CodeColumn, DateColumn, RowKind, fits
from pooledfund.intake.maps import LedgerMap, LineMatch, Match
from pooledfund.intake.spend_rows import Outside, SpendRow, row_kind
from pooledfund.intake.tables import is_rounded, rounded_fault

_CONTROL, _TOTAL = "control", "total"


class _Cells(Mapping[str, str]):
    """The cells of the row at hand by the names of their columns; nothing is copied from row to row."""

    __slots__ = ("_places", "row")

    def __init__(self, columns: Sequence[str]) -> None:
        self._places = {column: place for place, column in enumerate(columns) if column}
        self.row: list[str] = []

    def __getitem__(self, column: str) -> str:
        return self.row[self._places[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def places(self, columns: Sequence[str]) -> list[int]:
        """Where these columns stand."""
        return [self._places[column] for column in columns]


class MappedRows:
    """Reads the rows of one table by one map."""

    def __init__(self, ledger_map: LedgerMap, columns: Sequence[str]) -> None:
        self._map = ledger_map
        self._cells = _Cells(columns)
        self._reference = self._cells.places(ledger_map.reference)
        self._dated_lines = any(line.valid is not None for line in ledger_map.lines)
        self._codes = _Codes(ledger_map, self._cells)
        self._effective = _Days(ledger_map.effective)
        self._document = _Days(ledger_map.document_date) if ledger_map.document_date else None
        self._kinds: dict[str, RowKind] = {}

    def read(self, number: int, cells: list[str]) -> SpendRow | Outside:
        """A row as spend, or as what is none of the pool's.

        Raises:
            CellNotUnderstood, MoneyNotUnderstood: a cell is not what the map says.
        """
        view, ledger_map = self._cells, self._map
        view.row = cells
        found = self._codes.first_of(cells)
        if isinstance(found, str):
            return self._outside(found)
        effective = self._effective.read(view[ledger_map.effective.column])
        line = found if not self._dated_lines else ledger_map.line_of(view, effective)
        document = effective
        if self._document is not None and (text := view[self._document.column.column]):
            document = self._document.read(text)
        if effective not in ledger_map.valid:
            raise CellNotUnderstood(
                f"{effective.isoformat()} is outside what the map '{ledger_map.name}' is valid for, "
                f"{ledger_map.valid}: use the map of that time"
            )
        net, vat, recoverable = ledger_map.amount.read(view)
        return SpendRow(
            number,
            self._referred_by(cells),
            self._partner(),
            line.scheme if line else None,
            line.contribution if line else None,
            self._kind(),
            effective,
            document,
            net,
            vat,
            recoverable,
            view[ledger_map.description] if ledger_map.description else "",
            ledger_map.code_of(view) if line is None else "",
        )

    def _outside(self, what: str) -> Outside:
        """What is none of the pool's; without an amount it counts as nil, but for the total that must agree."""
        try:
            net, vat, recoverable = self._map.amount.read(self._cells) if what != _TOTAL else (0, 0, 0)
        except (CellNotUnderstood, MoneyNotUnderstood):
            if what == _CONTROL:
                raise
            return Outside(False, 0)
        return Outside(what == _CONTROL, net + vat - recoverable)

    def _referred_by(self, cells: list[str]) -> str:
        parts = [cells[place] for place in self._reference]
        for place, part in enumerate(parts):
            if not part:
                column = self._map.reference[place]
                raise CellNotUnderstood(f"{column} is blank: the line cannot be known again without it")
            if is_rounded(part):
                raise CellNotUnderstood(rounded_fault(self._map.reference[place], part))
        return "/".join(parts)

    def _partner(self) -> str:
        partner = self._map.partner
        return partner.read(self._cells[partner.column]) if isinstance(partner, CodeColumn) else partner

    def _kind(self) -> RowKind:
        if self._map.kind is None:
            return "ledger"
        text = self._cells[self._map.kind.column]
        if text not in self._kinds:
            self._kinds[text] = row_kind(self._map.kind.read(text))
        return self._kinds[text]


class _Codes:
    """Which pattern of a map a row meets first; what each code meets is worked out once for each column.

    The patterns stand in one row: the file's own total, what is ignored, the lines. For a code a number tells
    by its bits which of them it meets or is not asked by; what a row meets is what all its codes meet.
    """

    def __init__(self, ledger_map: LedgerMap, cells: _Cells) -> None:
        self._matches: list[Match] = [*ledger_map.outside(), *ledger_map.lines]
        control, totals = [_CONTROL] if ledger_map.control else [], [_TOTAL] * len(ledger_map.totals)
        outside = [*control, *totals, *["ignored"] * len(ledger_map.ignore)]
        self._stands_for: list[str | LineMatch | None] = [*outside, *ledger_map.lines, None]
        columns = list(dict.fromkeys(column for each in self._matches for column in each.match))
        self._columns = list(zip(columns, cells.places(columns), strict=True))
        self._met: list[dict[str, int]] = [{} for _ in columns]
        # The bit past the last pattern is met by every row: it stands for none.
        self._all = (1 << len(self._stands_for)) - 1

    def first_of(self, cells: list[str]) -> str | LineMatch | None:
        """What the first pattern that a row meets stands for; None where it meets none of them."""
        bits = self._all
        for (column, place), met in zip(self._columns, self._met, strict=True):
            code = cells[place]
            of_code = met.get(code)
            if of_code is None:
                of_code = met[code] = self._bits(column, code)
            bits &= of_code
        return self._stands_for[(bits & -bits).bit_length() - 1]

    def _bits(self, column: str, code: str) -> int:
        if is_rounded(code):
            raise CellNotUnderstood(rounded_fault(column, code))
        bits = self._all
        for place, each in enumerate(self._matches):
            if column in each.match and not fits(code, each.match[column]):
                bits &= ~(1 << place)
        return bits


class _Days:
    """The days of a column, each text read once."""

    def __init__(self, column: DateColumn) -> None:
        self.column = column
        self._read: dict[str, date] = {}

    def read(self, text: str) -> date:
        """The day that a cell says; raises CellNotUnderstood."""
        day = self._read.get(text)
        if day is None:
            day = self._read[text] = self.column.read(text)
        return day
