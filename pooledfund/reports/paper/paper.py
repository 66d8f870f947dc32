"""A paper being written, section by section, and its typesetting as a tagged PDF (PDF/UA-1). Works no figure out.

What comes from a user is handed to the typesetter as data and set as text, so that nothing in it is ever read as
markup. Fonts are those packed with the typesetter and the date is that of the books, so that the same event gives
the same bytes on every machine.
"""

import json
from collections.abc import Sequence
from datetime import UTC
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Final

import typst

from ledgers.money import pounds_for_people
from pooledfund.errors import InputRefused
from pooledfund.reports.cells import Cast, Cell, Formula, Money, Number, Table, cast_column
from pooledfund.reports.paper.fitting import Fitted, Printed, fitted
from pooledfund.reports.paper.text import shown
from pooledfund.reports.workbook import TINTS, Provenance

Block = dict[str, object]
_STANDARD: Final = "ua-1"
_PARAGRAPHS = 4
"""More sentences than these in one place are easier to read as a list."""


class PaperNotWritten(InputRefused):
    """The paper cannot be saved at that place."""


class Paper:
    """A paper of several sections. It is saved once, by ``save``; ``casts`` holds every total written so far."""

    def __init__(self, path: Path, provenance: Provenance, subject: str) -> None:
        self.path = path
        self.provenance = provenance
        self.casts: list[Cast] = []
        self._subject = subject
        self._sections: list[Section] = []

    def sheet(self, name: str, title: str, widths: Sequence[int] = ()) -> "Section":
        """Add a section under its title; widths are those of a workbook's columns and say nothing here."""
        self._sections.append(Section(self, name, title))
        return self._sections[-1]

    @property
    def last(self) -> "Section":
        """The section that was added last."""
        return self._sections[-1]

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sections in their order."""
        return tuple(section.name for section in self._sections)

    def title_of(self, name: str) -> str:
        """The title under which a reader finds a section."""
        return next(section.title for section in self._sections if section.name == name)

    def save(self) -> None:
        """Set the paper and write the file; raises PaperNotWritten."""
        template = files("pooledfund.reports.paper").joinpath("paper.typ").read_bytes()
        given = {"paper": json.dumps(self._document())}
        try:
            pdf = typst.compile(
                template, format="pdf", pdf_standards=[_STANDARD], ignore_system_fonts=True, sys_inputs=given
            )
        except typst.TypstError as error:
            raise PaperNotWritten(
                f"{self.path.name} breaks a rule of accessible papers ({error}): report this, and take the workbook"
            ) from None
        try:
            self.path.write_bytes(pdf)
        except OSError as error:
            raise PaperNotWritten(
                f"{self.path} cannot be written ({error.strerror}): close it elsewhere, or choose another place"
            ) from None

    def _document(self) -> Block:
        source = self.provenance
        at = source.stands_at.astimezone(UTC)
        return {
            "title": shown(f"{source.title}: {self._subject}"),
            "subtitle": shown(f"{source.period}. Agreement: {source.status}. Money in pounds (£) unless £000 is said."),
            "description": shown(f"{self._subject}, {source.pool}, {source.period}. {source.seal}."),
            "date": [at.year, at.month, at.day, at.hour, at.minute, at.second],
            "where": shown(f"{source.pool}, {source.period}, agreement {source.status}. Money in pounds (£)."),
            "seal": source.seal,
            "spreads": self._spreads(),
        }

    def _spreads(self) -> list[Block]:
        """Sections that follow each other the same way up, each run on pages of its own."""
        runs = groupby(self._sections, key=lambda section: section.lying)
        spreads = [
            {"lying": lying, "first": False, "blocks": [block for each in sections for block in each.blocks]}
            for lying, sections in runs
        ]
        return [{**spread, "first": place == 0} for place, spread in enumerate(spreads)]


class Section:
    """A section being written from the top down; it lies where one of its tables is too wide to stand."""

    def __init__(self, paper: Paper, name: str, title: str) -> None:
        self.paper = paper
        self.name = name
        self.title = title
        self.lying = False
        self.blocks: list[Block] = [{"kind": "heading", "level": 1, "text": shown(title)}]

    def prose(self, *sentences: str) -> None:
        """Sentences, a paragraph each; many of them as a list."""
        if len(sentences) > _PARAGRAPHS:
            self.points(sentences)
            return
        self.blocks += [{"kind": "prose", "text": shown(each), "sticky": False} for each in sentences if each]

    def lead(self, *sentences: str) -> None:
        """Sentences that a reader in a hurry reads."""
        self.blocks += [{"kind": "lead", "text": shown(each)} for each in sentences if each]

    def points(self, sentences: Sequence[str]) -> None:
        """Sentences as a list."""
        if sentences:
            self.blocks.append({"kind": "points", "texts": [shown(each) for each in sentences]})

    def heading(self, text: str) -> None:
        """A heading of the second level."""
        self.blocks.append({"kind": "heading", "level": 2, "text": shown(text)})

    def contents(self) -> None:
        """The titles of all sections with their pages."""
        self.blocks.append({"kind": "contents"})

    def new_page(self) -> None:
        """What follows stands on a page of its own."""
        self.blocks.append({"kind": "break"})

    def chart(self, title: str, svg: str, alternative: str) -> None:
        """A drawn chart with the text that says its figures to those who do not see it."""
        self.blocks.append({"kind": "chart", "title": shown(title), "svg": svg, "alt": shown(alternative)})

    def table(self, table: Table) -> None:
        """A table with its total row, divided by columns where it is wider than a page.

        Raises:
            CastingFailed: a total is not the sum of its column.
        """
        self._cast(table)
        if not table.rows:
            self.prose("None.")
            return
        if self.blocks[-1]["kind"] == "prose":
            self.blocks[-1]["sticky"] = True
        parts = fitted(_printed(table))
        self.lying = self.lying or any(part.lying for part in parts)
        for place, part in enumerate(parts, start=1):
            if len(parts) > 1:
                text = f"Part {place} of {len(parts)} of this table; its first columns are repeated."
                self.blocks.append({"kind": "caption", "text": text})
            self.blocks.append(_table_block(part))

    def _cast(self, table: Table) -> None:
        for column, total in table.totals.items():
            if isinstance(total, int):
                parts = cast_column(table, column, total)
                what = f"{table.total_label}, {table.columns[column].heading}"
                self.paper.casts.append(Cast(self.name, "total row", what, parts, total))


def _printed(table: Table) -> Printed:
    total = None
    if table.totals:
        cells = [table.totals.get(column, "") for column in range(len(table.columns))]
        texts = [_text(Money(cell) if isinstance(cell, int) else cell) for cell in cells]
        total = (shown(table.total_label), *texts[1:])
    return Printed(
        tuple(shown(column.heading) for column in table.columns),
        tuple(column.is_figures for column in table.columns),
        tuple(tuple(map(_text, row)) for row in table.rows),
        total,
    )


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money(pence):
            return money_text(pence)
        case Number(value):
            return f"{value:f}".replace("-", "\N{MINUS SIGN}")
        case Formula(_, int(pence)):
            return money_text(pence)
        case Formula(_, word):
            return str(word)
        case _:
            return shown(cell)


def money_text(pence: int) -> str:
    """Pounds to the penny with a true minus and no sign of the pound, which stands in the heading."""
    return pounds_for_people(pence).replace("£", "").replace("-", "\N{MINUS SIGN}")


def _table_block(part: Fitted) -> Block:
    table = part.table
    return {
        "kind": "table",
        "headings": table.headings,
        "figures": table.figures,
        "widths": part.widths,
        "rows": table.rows,
        "total": table.total,
        "spans": table.label_spans,
        "tints": TINTS,
    }
