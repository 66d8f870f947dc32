"""Workbooks that a board, a screen reader and a recalculation can read: sheets, tables, totals, charts. No figures.

Each sheet has its title in A1 and its unit below it; tables are marked as tables with one header
row; no cell is merged; colour only repeats what a word says. What comes from a user is written
as text, so that a name beginning with ``=`` is never a formula. Every formula is ours and carries
its value in pence, so that a reader that does not recalculate sees the same figure.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ledgers.money import pounds_decimal, pounds_for_people
from pooledfund.errors import InputRefused
from pooledfund.reports.cells import Cast, Cell, Column, Formula, Money, Number, Table, cast_column

POUNDS_FORMAT = "#,##0.00;-#,##0.00;0.00"
LONGEST_TEXT = 32_000
"""Excel holds 32,767 characters in a cell."""
_CUT = " [cut here: longer than a cell holds]"
TINTS = {"Red": "#F6D5D5", "Amber": "#FCEBC5", "Green": "#DDEFD9", "not met": "#F6D5D5"}
"""Fills that repeat a word; black on each has a contrast above 12 to 1."""
OVER, UNDER, PLAIN, PATTERNED = "#A33A00", "#1B5E8C", "#3B4A54", "#8FB8DE"


class WorkbookNotWritten(InputRefused):
    """The workbook cannot be saved at that place."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a workbook come from; at the foot of every sheet, on the screen and in print.

    ``stands_at`` is when the event was recorded, or when the agreement file was read.
    """

    pool: str
    title: str
    period: str
    status: str
    event: int | None
    head: str | None
    digest: str | None
    stands_at: datetime

    @property
    def seal(self) -> str:
        """The event and head of the books, or the digest of the agreement file where there are no books."""
        if self.event is None:
            return f"No books. Agreement SHA-256 {self.digest}"
        return f"Event {self.event}, head {self.head}"

    @property
    def footer(self) -> str:
        """The foot of a printed page, in the codes of the format; at most 255 characters."""
        where = f"{self.pool}, {self.period}, agreement {self.status}"
        return f"&L&7{where}\n{self.seal}&R&7Page &P of &N"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table came to stand: its header row, first and last data row, from nought."""

    header: int
    first: int
    last: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A row of bars: the column of figures it shows, its fill, and the fill of what is below nil."""

    column: int
    colour: str
    below_nil: str | None = None
    pattern: str | None = None


class Book:
    """A workbook being written. It is saved once, by ``save``; ``casts`` holds every total written so far."""

    def __init__(self, path: Path, provenance: Provenance, subject: str) -> None:
        self.path = path
        self.provenance = provenance
        self.casts: list[Cast] = []
        self._sheets: list[Sheet] = []
        self._workbook = Workbook(
            str(path),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
        )
        self._workbook.set_properties(
            {
                "title": f"{provenance.title}: {subject}",
                "subject": f"{subject}, {provenance.period}",
                "author": "pooledfund",
                "comments": f"{provenance.pool}, agreement {provenance.status}. {provenance.seal}.",
                "created": provenance.stands_at,
            }
        )
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def format(self, **properties: object) -> Format:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self._formats[key] = self._workbook.add_format({**base, **properties})
        return self._formats[key]

    def sheet(self, name: str, title: str, widths: Sequence[int]) -> "Sheet":
        """Add a sheet with its title in A1 and columns of these widths."""
        self._sheets.append(Sheet(self, self._workbook.add_worksheet(name), name, title, widths))
        return self._sheets[-1]

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets in their order."""
        return tuple(sheet.name for sheet in self._sheets)

    def bars(self) -> Chart:
        """A chart of lying bars."""
        chart = self._workbook.add_chart({"type": "bar"})
        assert chart is not None
        return chart

    def save(self) -> None:
        """Write the file; raises WorkbookNotWritten."""
        for sheet in self._sheets:
            sheet.finish()
        try:
            self._workbook.close()
        except FileCreateError as error:
            reason = getattr(error.args[0], "strerror", None) or "its place refuses it"
            raise WorkbookNotWritten(
                f"{self.path} cannot be written ({reason}): close it elsewhere, or choose another place"
            ) from None


class Sheet:
    """A sheet being written from the top down."""

    def __init__(self, book: Book, worksheet: Worksheet, name: str, title: str, widths: Sequence[int]) -> None:
        self.book = book
        self.name = name
        self._sheet = worksheet
        self._widths = tuple(widths)
        self._row = 0
        self._headers: list[int] = []
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width, book.format())
        self._set_page()
        worksheet.set_row(0, 24)
        self._line(title, book.format(bold=True, font_size=14))
        source = book.provenance
        self.prose(f"{source.title}. Period: {source.period}. Agreement: {source.status}. Money in pounds (£).")

    def _set_page(self) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.hide_gridlines(2)
        self._sheet.set_footer(self.book.provenance.footer, {"margin": 0.3})

    def _line(self, text: str, style: Format) -> None:
        self._sheet.write_string(self._row, 0, _text(text), style)
        self._row += 1

    def prose(self, *sentences: str) -> None:
        """Sentences, one cell of column A to a printed line."""
        for sentence in sentences:
            for line in textwrap.wrap(sentence, sum(self._widths)):
                self._line(line, self.book.format())

    def heading(self, text: str) -> None:
        """A heading above a further table."""
        self._sheet.set_row(self._row, 28)
        self._line(text, self.book.format(bold=True, font_size=11, valign="bottom"))

    def table(self, table: Table) -> Placed:
        """Write a table with its total row.

        Raises:
            CastingFailed: a total is not the sum of its column.
        """
        rows = list(table.rows) or [("None", *[None] * (len(table.columns) - 1))]
        header, first = self._row, self._row + 1
        self._fit(header, [column.heading for column in table.columns])
        last = first + len(rows) - 1
        self._mark(table, header, last)
        for offset, row in enumerate(rows):
            for column, cell in enumerate(row):
                self._write(first + offset, column, cell, table.columns[column])
            self._fit(first + offset, row)
        self._row = last + 1
        total = self._total(table, first, last) if table.totals else None
        self._headers.append(header)
        return Placed(header, first, last, total)

    def _mark(self, table: Table, header: int, last: int) -> None:
        columns = [
            {
                "header": _text(column.heading),
                "header_format": self.book.format(
                    bold=True, bg_color="#E4E8EB", bottom=1, text_wrap=True, **_placing(place, column)
                ),
            }
            for place, column in enumerate(table.columns)
        ]
        self._sheet.add_table(
            header,
            0,
            last,
            len(columns) - 1,
            {"name": table.id, "columns": columns, "autofilter": False, "style": None},
        )

    def _total(self, table: Table, first: int, last: int) -> int:
        row, self._row = self._row, self._row + 1
        bold = {"bold": True, "top": 1, "bottom": 1, "text_wrap": True}
        for column in range(len(table.columns)):
            self._sheet.write_blank(row, column, None, self.book.format(**bold))
        self._sheet.write_string(row, 0, table.total_label, self.book.format(bold=True, top=1, bottom=1))
        self._fit(row, [str(table.totals.get(column, "")) for column in range(len(table.columns))])
        for column, total in table.totals.items():
            if isinstance(total, str):
                self._sheet.write_string(row, column, _text(total), self.book.format(**bold, align="right"))
                continue
            parts = cast_column(table, column, total)
            text = f"=SUM({xl_range(first, column, last, column)})"
            style = self.book.format(**bold, num_format=POUNDS_FORMAT)
            self._sheet.write_formula(row, column, text, style, pounds_decimal(total))
            what = f"{table.total_label}, {table.columns[column].heading}"
            self.book.casts.append(Cast(self.name, xl_rowcol_to_cell(row, column), what, parts, total))
        return row

    @property
    def next_row(self) -> int:
        """The row that is written next, counted from nought."""
        return self._row

    def finish(self) -> None:
        """Write the seal; repeat the header of the one table, where there are several only the title stays in sight."""
        self._row += 1
        self.prose(f"Agreement {self.book.provenance.status}. {self.book.provenance.seal}.")
        if len(self._headers) == 1:
            self._sheet.freeze_panes(self._headers[0] + 1, 0)
            self._sheet.repeat_rows(self._headers[0])
        else:
            self._sheet.freeze_panes(1, 0)

    def _fit(self, row: int, cells: Sequence[Cell]) -> None:
        """Make a row as high as its longest text needs: not every reader does so by itself."""
        pairs = zip(cells, self._widths, strict=False)
        lines = max(
            (len(textwrap.wrap(text, max(4, width))) for text, width in pairs if isinstance(text, str)),
            default=1,
        )
        self._sheet.set_row(row, 3 + 13 * max(1, min(lines, 30)))

    def _write(self, row: int, column: int, cell: Cell, of: Column) -> None:
        rule = {"bottom": 1, "bottom_color": "#C9D0D5"}
        match cell:
            case Money(pence):
                style = self.book.format(**rule, num_format=POUNDS_FORMAT)
                self._sheet.write_number(row, column, Fraction(pence, 100), style)
            case Number(value):
                decimals = "." + "0" * cell.decimals if cell.decimals else ""
                style = self.book.format(**rule, num_format=f"0{decimals}", align="right")
                self._sheet.write_number(row, column, Fraction(value), style)
            case Formula(text, int(pence)):
                style = self.book.format(**rule, num_format=POUNDS_FORMAT)
                self._sheet.write_formula(row, column, text, style, pounds_decimal(pence))
            case Formula(text, word):
                self._sheet.write_formula(row, column, text, self.book.format(**rule, **_placing(column, of)), word)
            case None:
                self._sheet.write_blank(row, column, None, self.book.format(**rule))
            case _:
                tint = TINTS.get(cell.split(":")[0])
                extra = {"bg_color": tint} if tint else {}
                place = _placing(column, of)
                style = self.book.format(**rule, **extra, **place, text_wrap=True)
                self._sheet.write_string(row, column, _text(cell), style)

    def chart(self, title: str, description: str, placed: Placed, *series: Series) -> None:
        """A native chart of a table's columns, beside the table, with a text for those who do not see it."""
        chart = self.book.bars()
        for each in series:
            chart.add_series(self._series(placed, each))
        chart.set_title({"name": title, "name_font": {"size": 12, "name": "Arial"}, "overlay": False})
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        names = {"num_font": {"name": "Arial", "size": 9}, "label_position": "low"}
        amounts = {"name": "£", "num_format": "#,##0", "num_font": {"name": "Arial", "size": 9}}
        chart.set_y_axis({**names, "reverse": True, "crossing": "max"})
        chart.set_x_axis({**amounts, "major_gridlines": {"visible": True, "line": {"color": "#C9D0D5"}}})
        lines = placed.last - placed.first + 1
        chart.set_size({"width": 760, "height": max(320, 140 + lines * (8 + 8 * len(series)))})
        # A chart is not cut between two pages, and does not touch a header that is repeated in print.
        self._sheet.fit_to_pages(1, 1)
        self._sheet.insert_chart(placed.first, len(self._widths), chart, {"description": description, "x_offset": 20})

    def _series(self, placed: Placed, series: Series) -> dict[str, object]:
        fill = {"fill": {"color": series.colour}, "border": {"color": "#222222", "width": 0.5}}
        if series.pattern:
            fill["pattern"] = {"pattern": series.pattern, "fg_color": series.colour, "bg_color": "#FFFFFF"}
        if series.below_nil:
            fill |= {"invert_if_negative": True, "invert_if_negative_color": series.below_nil}
        return {
            "name": [self.name, placed.header, series.column],
            "categories": [self.name, placed.first, 0, placed.last, 0],
            "values": [self.name, placed.first, series.column, placed.last, series.column],
            "gap": 60,
            **fill,
        }


def _placing(place: int, column: Column) -> dict[str, object]:
    """Figures, and words in their place, stand to the right; other words a little off the column before them."""
    return {"align": "right"} if column.is_figures else {"align": "left", "indent": min(place, 1)}


def _text(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + _CUT


def money_width(pence: Iterable[int]) -> int:
    """How wide a column of money must be, in characters, for the longest amount in bold."""
    return max(12, *(len(pounds_for_people(each)) + 2 for each in pence))


def number(text: str) -> Cell:
    """A measured value as a number where it is written as one, else as its text."""
    whole, _, part = text.removeprefix("-").partition(".")
    if (
        whole.isdecimal()
        and whole.isascii()
        and len(whole) <= 12
        and (part == "" or (part.isdecimal() and len(part) <= 6))
    ):
        return Number(Decimal(text))
    return text
