"""What stands in the cells of a workbook before it is written: money, words, columns, tables. Writes no file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ledgers.money import pounds_for_people
from pooledfund.errors import InputRefused


class CastingFailed(InputRefused):
    """A total that is not the sum of its parts: the workbook is not written."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in pence, written as a number of pounds."""

    pence: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not money, such as a percentage or a measured value, with its decimals as written."""

    value: Decimal

    @property
    def decimals(self) -> int:
        """How many decimals the number was written with."""
        return max(0, -int(self.value.as_tuple().exponent))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours with the value it comes to: pence where it is money, else a word."""

    text: str
    value: int | str


Cell = Money | Number | Formula | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its heading, which states the unit of what stands in it."""

    heading: str
    is_figures: bool = False


def text_columns(*headings: str) -> tuple[Column, ...]:
    """Columns of words."""
    return tuple(Column(heading) for heading in headings)


def pounds_columns(*headings: str) -> tuple[Column, ...]:
    """Columns of money; the unit is added to each heading."""
    return tuple(Column(f"{heading} (£)", is_figures=True) for heading in headings)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: one header row, its rows, and a total row where ``totals`` says what columns come to.

    ``totals`` holds by column the pence that the total must come to, or the words that stand in its
    place where the parts are not all exact.
    """

    id: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    totals: Mapping[int, int | str] = field(default_factory=dict)
    total_label: str = "Total"


@dataclass(frozen=True, slots=True)
class Cast:
    """A total that a workbook shows: where it stands, what it is of, its pence and how many parts it has."""

    sheet: str
    cell: str
    what: str
    parts: int
    pence: int


def column_pence(table: Table, column: int) -> list[int]:
    """The amounts of a column, in pence; words and blanks are no amounts."""
    return [cell.pence for row in table.rows if isinstance(cell := row[column], Money)]


def cast_column(table: Table, column: int, pence: int) -> int:
    """Check that a column comes to its total; gives how many parts it has. Raises CastingFailed."""
    parts = column_pence(table, column)
    if sum(parts) != pence:
        raise CastingFailed(
            f"'{table.columns[column].heading}' of {table.id} does not cast: its {len(parts)} parts come to "
            f"{pounds_for_people(sum(parts))} and the total is {pounds_for_people(pence)}; "
            "run 'pooledfund verify' and report this"
        )
    return len(parts)


def summed(rows: Iterable[tuple[Cell, ...]], *columns: int) -> dict[int, int | str]:
    """The totals of a table whose columns have no other source than their rows."""
    listed = list(rows)
    return {column: sum(cell.pence for row in listed if isinstance(cell := row[column], Money)) for column in columns}


def basis_word(basis: str | None) -> str:
    """How sure a figure is, in a word of its own column: ``illustrative``, ``published`` or ``as agreed``."""
    return basis or "as agreed"
