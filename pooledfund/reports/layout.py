"""What the parts of a pack are laid out on, a workbook or a paper: the same calls write either. Holds no figure."""

from collections.abc import Sequence
from typing import Protocol

from pooledfund.reports.cells import Cast, Table
from pooledfund.reports.workbook import Provenance


class Page(Protocol):
    """A sheet of a workbook or a section of a paper, written from the top down."""

    def prose(self, *sentences: str) -> None:
        """Sentences, each on its own."""

    def heading(self, text: str) -> None:
        """A heading above a further table."""

    def table(self, table: Table) -> object:
        """A table with its total row; raises CastingFailed where a total is not the sum of its column."""


class Papers(Protocol):
    """A workbook or a paper being written; ``casts`` holds every total written so far."""

    casts: list[Cast]
    provenance: Provenance

    def sheet(self, name: str, title: str, widths: Sequence[int]) -> Page:
        """Add a sheet or section; widths are those of its columns, in characters, for a workbook."""
