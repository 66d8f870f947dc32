"""How a row of an extract is read by its map: each code, day and kind is worked out once and kept. Opens no file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pooledfund.intake.map_columns import CellNotUnderstood, CodeColumn, DateColumn, RowKind
from pooledfund.intake.maps import LedgerMap, LineMatch
from pooledfund.intake.spend_rows import Outside, SpendRow, row_kind
from pooledfund.intake.tables import is_rounded, rounded_fault


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
        matches = (*ledger_map.lines, *ledger_map.ignore, *((ledger_map.control,) if ledger_map.control else ()))
        self._codes = self._cells.places(list(dict.fromkeys(column for each in matches for column in each.match)))
        self._meant: dict[tuple[object, ...], _Meant] = {}
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
        codes: tuple[object, ...] = tuple([cells[place] for place in self._codes])
        meant = self._meant.get(codes) if not self._dated_lines else None
        if meant is None:
            meant = self._what_is_meant(codes)
        if meant.outside is not None:
            return self._outside(meant.outside)
        effective = self._effective.read(view[ledger_map.effective.column])
        line = meant.line if not self._dated_lines else ledger_map.line_of(view, effective)
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
            meant.code,
        )

    def _what_is_meant(self, codes: tuple[object, ...]) -> "_Meant":
        view, ledger_map = self._cells, self._map
        for column in dict.fromkeys(column for line in ledger_map.lines for column in line.match):
            if is_rounded(view[column]):
                raise CellNotUnderstood(rounded_fault(column, view[column]))
        outside = None
        if ledger_map.control is not None and ledger_map.control.fits(view):
            outside = "total"
        elif ledger_map.ignores(view):
            outside = "ignored"
        line = None if outside or self._dated_lines else ledger_map.line_of(view, date.min)
        meant = self._meant[codes] = _Meant(outside, line, ledger_map.code_of(view))
        return meant

    def _outside(self, what: str) -> Outside:
        """What no line claims because the map says so; of an ignored row an amount that is none counts as nil."""
        is_total = what == "total"
        if not is_total and self._map.control is None:
            return Outside(False, 0)
        net, vat, recoverable = self._map.amount.read(self._cells)
        return Outside(is_total, net + vat - recoverable)

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


class _Meant:
    """What a row's codes stand for: nothing of the pool, or a line, or neither; and the codes in words."""

    __slots__ = ("code", "line", "outside")

    def __init__(self, outside: str | None, line: LineMatch | None, code: str) -> None:
        self.outside = outside
        self.line = line
        self.code = code


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
