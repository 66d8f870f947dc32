"""What a return holds, as data: its tables, where each is found in a workbook, and which of our figures goes where."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from s75_rules.agreement import Source
from s75_rules.fields import Frozen

MinimumRow = Literal["adult_social_care", "nhs_commissioned_out_of_hospital"]
FlowRow = Literal[
    "income_plan", "income_forecast", "income_actual", "expenditure_plan", "expenditure_forecast", "expenditure_actual"
]
Sum = Literal["total", "minimum_subtotal", "additional_subtotal"]
ROWS: frozenset[str] = frozenset({*get_args(Source), *get_args(MinimumRow), *get_args(FlowRow), *get_args(Sum)})
"""What the rows of a table of figures may be: a source of money, a sum of them, a minimum, or a flow by quarter."""
YEARLY: frozenset[str] = frozenset(
    {"planned_income", "planned_expenditure", "balance", "required", "planned", "under_spend"}
)
"""Columns that stand for a year, which is written behind a colon: ``planned_income:2023/24``."""
COLUMNS: frozenset[str] = YEARLY | {
    "updated_income", "actual_income", "actual_expenditure", "expenditure_to_date", "percent_spent", "remaining",
    "q1", "q2", "q3", "q4", "annual", "pooled_fund",
}  # fmt: skip
FIELDS: frozenset[str] = frozenset(
    {
        "scheme_id", "scheme_name", "description", "scheme_type", "area_of_spend", "commissioner", "nhs_share",
        "la_share", "provider", "source", "amount", "previous_amount", "to_date", "new_or_existing", "share_of_all",
        "comments", "organisation", "holds_the_pool", "spending", "minimum", "contribution", "spend_recurrent",
        "spend_non_recurrent", "benefits_recurrent", "benefits_non_recurrent",
    }
)  # fmt: skip
"""What the columns of a table of lines, of organisations or of schemes may be."""
_WITH_YEAR: frozenset[str] = frozenset(
    {
        "amount", "spending", "minimum", "contribution", "spend_recurrent", "spend_non_recurrent",
        "benefits_recurrent", "benefits_non_recurrent",
    }
)  # fmt: skip
MONEY: frozenset[str] = _WITH_YEAR | {"to_date", "previous_amount"}
"""Those of them that hold money."""


def _figure(name: str) -> str:
    return _known(name, ROWS, frozenset())


def _column(name: str) -> str:
    return _known(name, COLUMNS, YEARLY)


def _field(name: str) -> str:
    return _known(name, FIELDS, _WITH_YEAR)


def _known(name: str, names: frozenset[str], with_year: frozenset[str]) -> str:
    stem, _, year = name.partition(":")
    if stem not in names or (bool(year) and stem not in with_year):
        raise ValueError(f"'{name}' is none of our figures: use one of {', '.join(sorted(names))}")
    return name


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, Mapping) else value


class Column(Frozen):
    """A column of a return: its header texts, the first of them ours, and what stands in it.

    ``optional`` columns may be missing from a workbook.
    """

    headings: tuple[str, ...] = Field(min_length=1)
    optional: bool = False


class FieldColumn(Column):
    """A column of a table of lines; one without a field is left for a person to fill.

    ``needed_when`` gives by field the words of a line with which it may not stay blank, such as ``Other``.
    """

    field: Annotated[str, AfterValidator(_field)] | None = None
    needed_when: Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)] = ()


class FigureColumn(Column):
    """A column of a table of figures."""

    figure: Annotated[str, AfterValidator(_column)]


class FigureRow(Frozen):
    """A row of a table of figures: its labels, the first of them ours, and what stands in it."""

    labels: tuple[str, ...] = Field(min_length=1)
    figure: Annotated[str, AfterValidator(_figure)]
    optional: bool = False


class LinesBlock(Frozen):
    """A table with a row for each line, provider and source of money."""

    kind: Literal["lines"]
    id: str
    title: str
    sheets: tuple[str, ...] = Field(min_length=1)
    columns: tuple[FieldColumn, ...]


class PartsBlock(Frozen):
    """A table with a row for each organisation that pays in, or for each scheme, whatever its sources and providers.

    ``ends`` are the labels of the row of totals below it; ``stands_in`` are words that, with a number behind them,
    hold a row's place in the blank workbook, such as ``CCG #``.
    """

    kind: Literal["organisations", "schemes"]
    id: str
    title: str
    sheets: tuple[str, ...] = Field(min_length=1)
    columns: tuple[FieldColumn, ...]
    ends: tuple[str, ...] = ()
    stands_in: tuple[str, ...] = ()

    def holds_a_place(self, text: str) -> bool:
        """Whether a text only holds a row's place until its name is written there."""
        words = text.strip().rstrip("0123456789").strip().casefold()
        return text.strip()[-1:].isdigit() and words in {each.casefold() for each in self.stands_in}


class FiguresBlock(Frozen):
    """A table of figures with fixed rows; ``under`` is the heading it stands below where several look alike.

    ``comment`` is how the label of the box for a comment on the table begins: it is looked for when one is required.
    """

    kind: Literal["figures"]
    id: str
    title: str
    sheets: tuple[str, ...] = Field(min_length=1)
    columns: tuple[FigureColumn, ...]
    rows: tuple[FigureRow, ...]
    under: tuple[str, ...] = ()
    comment: tuple[str, ...] = ()


class NamedFigure(Frozen):
    """A cell that the workbook gives a name of its own, and the row and column of our figure that stands in it."""

    name: str
    row: Annotated[str, AfterValidator(_figure)]
    column: Annotated[str, AfterValidator(_column)]


class NamedBlock(Frozen):
    """Figures in cells that are found by the names that the workbook defines for them."""

    kind: Literal["named"]
    id: str
    title: str
    cells: tuple[NamedFigure, ...] = Field(min_length=1)


Block = Annotated[LinesBlock | PartsBlock | FiguresBlock | NamedBlock, Field(discriminator="kind")]
