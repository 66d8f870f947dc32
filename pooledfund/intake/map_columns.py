"""What the columns of a ledger extract hold: days, amounts, codes, and how each is read. Knows no file and no line."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.templates import SpendKind

RowKind = Literal[
    "ledger", "invoice", "late_invoice", "credit_note", "accrual", "accrual_reversal", "prepayment",
    "prepayment_reversal", "journal",
]  # fmt: skip
SELF_REVERSING: dict[RowKind, SpendKind] = {"accrual": "accrual", "prepayment": "prepayment"}
"""What the books reverse by themselves in the month after, and what it is posted as."""
REVERSALS: dict[RowKind, SpendKind] = {
    "accrual_reversal": "accrual reversal",
    "prepayment_reversal": "prepayment reversal",
}
"""A ledger's own reversals of such rows, and what one is posted as where the books made none."""
ROW_KINDS: tuple[str, ...] = get_args(RowKind)
DateFormat = Literal[
    "yyyy-mm-dd", "dd/mm/yyyy", "dd/mm/yy", "dd.mm.yyyy", "dd-mm-yyyy", "dd-Mon-yy", "dd-Mon-yyyy", "mm/dd/yyyy",
    "yyyymmdd", "excel",
]  # fmt: skip
DATE_FORMATS: dict[DateFormat, str] = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd/mm/yy": "%d/%m/%y",
    "dd.mm.yyyy": "%d.%m.%Y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "dd-Mon-yy": "%d-%b-%y",
    "dd-Mon-yyyy": "%d-%b-%Y",
    "mm/dd/yyyy": "%m/%d/%Y",
    "yyyymmdd": "%Y%m%d",
    "excel": "%Y-%m-%d",
}
_SERIAL = re.compile(r"[2-7]\d{4}")
"""A day as Excel counts them where a cell lost its format: 20000 is in 1954, 79999 in 2119."""


class CellNotUnderstood(ValueError):
    """A cell that is not the date, amount or code that its map says it is."""


class Part(BaseModel):
    """A part of a mapping file: unknown keys are refused and nothing changes after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DateColumn(Part):
    """A column of dates and how they are written; ``excel`` is a date of a workbook, or its number."""

    column: str
    format: DateFormat = "yyyy-mm-dd"

    def read(self, text: str) -> date:
        """The date that a cell says; raises CellNotUnderstood."""
        if self.format == "excel" and _SERIAL.fullmatch(text):
            return date(1899, 12, 30) + timedelta(days=int(text))
        try:
            return datetime.strptime(text[:10] if self.format == "excel" else text, DATE_FORMATS[self.format]).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise CellNotUnderstood(f"{self.column} '{text}' is not a date written as {self.format}") from None


class AmountColumns(Part):
    """Where the amount stands: net with VAT, debit and credit, or one column; and whether its sign is turned."""

    net: str | None = None
    vat: str | None = None
    recoverable_vat: str | None = None
    debit: str | None = None
    credit: str | None = None
    column: str | None = None
    sign: Literal["normal", "reversed"] = "normal"
    credit_when: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> "AmountColumns":
        ways = [self.net is not None, self.debit is not None and self.credit is not None, self.column is not None]
        if sum(ways) != 1:
            raise ValueError("an amount stands in one of net (with vat), debit and credit, or column")
        if self.credit_when and self.debit is not None:
            raise ValueError("debit and credit columns say themselves what is a credit: leave credit_when out")
        return self

    def columns(self) -> list[str]:
        """The columns it reads, which the file must have."""
        named = (self.net, self.vat, self.recoverable_vat, self.debit, self.credit, self.column)
        return [column for column in named if column is not None] + list(self.credit_when)

    def read(self, row: Mapping[str, str]) -> tuple[int, int, int]:
        """Net, VAT and recoverable VAT of a row in pence; raises MoneyNotUnderstood or CellNotUnderstood."""
        main = [column for column in (self.net, self.column, self.debit, self.credit) if column is not None]
        if not any(row[column] for column in main):
            raise CellNotUnderstood(f"{' and '.join(main)} blank: unknown is not nil, write 0.00 where it is")
        turn = -1 if (self.sign == "reversed") != self._is_credit(row) else 1
        if self.net is not None:
            return turn * _pence(row, self.net), turn * _pence(row, self.vat), turn * _pence(row, self.recoverable_vat)
        if self.column is not None:
            return turn * _pence(row, self.column), 0, 0
        return turn * (_pence(row, self.debit) - _pence(row, self.credit)), 0, 0

    def _is_credit(self, row: Mapping[str, str]) -> bool:
        return bool(self.credit_when) and all(fits(row[column], each) for column, each in self.credit_when.items())


def _pence(row: Mapping[str, str], column: str | None) -> int:
    return amount_pence(row[column]) if column is not None and row[column] else 0


_MARKED = re.compile(r"(?P<amount>.*\d)\s*(?P<mark>-|CR|DR|Cr|Dr|cr|dr)")
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d+)?")


def amount_pence(text: str) -> int:
    """An amount as ledgers write it, in pence: a minus or CR behind it, brackets, blanks between its thousands.

    Raises:
        MoneyNotUnderstood: it is not one exact amount of pounds and whole pence.
    """
    try:
        return parse_pounds(text)
    except MoneyNotUnderstood as error:
        cleaned, turn = text.strip(), 1
        if (marked := _MARKED.fullmatch(cleaned)) and not cleaned.startswith(("-", "−", "(")):
            cleaned, turn = marked["amount"], 1 if marked["mark"].lower() == "dr" else -1
        inside = cleaned[1:-1].strip() if cleaned.startswith("(") and cleaned.endswith(")") else None
        cleaned, turn = (inside, -turn) if inside is not None else (cleaned, turn)
        sign = "-" if cleaned.startswith(("-", "−")) else ""
        bare = cleaned.removeprefix("-").removeprefix("−").strip().removeprefix("£").strip()
        if _SPACED.fullmatch(bare):
            bare = re.sub(r"\s", "", bare)
        if bare == cleaned and turn == 1:
            raise
        try:
            return turn * parse_pounds(sign + bare)
        except MoneyNotUnderstood:
            raise error from None


class CodeColumn(Part):
    """A column of codes and what each stands for."""

    column: str
    codes: dict[str, str]
    otherwise: str | None = None

    def read(self, text: str) -> str:
        """What a code stands for; raises CellNotUnderstood."""
        meaning = self.codes.get(text, self.otherwise)
        if meaning is None:
            raise CellNotUnderstood(f"{self.column} '{text}' is not a code of the map: add it to the map")
        return meaning


def fits(text: str, pattern: str) -> bool:
    """Whether a code fits a pattern: ``*`` stands for anything, ``?`` for one letter, ``4000..4999`` is a range.

    A range is of figures, or of texts of one length; several patterns are parted by `` | ``.
    """
    return any(_fits_one(text, each.strip()) for each in pattern.split(" | "))


def _fits_one(text: str, pattern: str) -> bool:
    low, is_range, high = pattern.partition("..")
    if not is_range:
        return fnmatchcase(text, pattern)
    if low.isdecimal() and high.isdecimal():
        return text.isdecimal() and int(low) <= int(text) <= int(high)
    return len(text) == len(low) == len(high) and low <= text <= high
