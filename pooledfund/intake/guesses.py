"""Guessing what a file's columns are from their names and what stands in them. Decides no line and writes no map."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ledgers.money import MoneyNotUnderstood
from pooledfund.intake.map_columns import DATE_FORMATS, DateFormat, amount_pence
from pooledfund.intake.tables import Found, Sheet, first_rows

_WORDS = {
    "posted": r"posting date|gl date|effective date|accounting date|pstng date|date posted|trans(action)?\.? ?date|"
    r"entry date|^date$|period end",
    "document": r"doc(ument|\.)? ?date|invoice date|inv\.? date|voucher date",
    "debit": r"^(accounted )?(debit|dr)s?\b|debit amount|entered dr",
    "credit": r"^(accounted )?(credit|cr)s?\b|credit amount|entered cr",
    "net": r"^net\b|net amount|net value",
    "recoverable": r"recover",
    "vat": r"^(vat|tax)\b(?!.*(code|rate|reg))|vat amount|tax amount",
    "amount": r"amount|value|amt|^gbp$|^£$|in (local|lc)|actuals?$",
    "indicator": r"^(d/?c|dr/?cr|debit/credit|s/h|d/c ind.*|.*indicator)$",
    "number": r"doc(ument|\.)? ?(no|num|id)|journal (name|no|id|num)|^journal$|voucher( no)?$|"
    r"trans(action)? ?(no|num|id|ref)|transno|^je\b|reference|^ref\b",
    "line": r"^line(?! desc)|line ?(no|num)|^item$|sequence|^seq|^row$|line item",
    "words": r"narrative|description|^text$|details|line desc|memo|particulars",
    "kind": r"^type$|category|doc(ument)? ?type|voucher type|source|^tt$",
    "centre": r"cost ?cent(re|er)|^cost ?c$|^cc\b|department|project|activity|wbs|programme|objective|cat ?1",
    "account": r"subjective|account( code)?$|^gl\b(?!.*date)|nominal|analysis|dimension",
}
"""By part of a map, how ledgers name the column, without regard to capitals."""

_KINDS = {
    "prepayment_reversal": r"prepay.*rev|rev.*prepay|^ppr$",
    "prepayment": r"prepay|pre-pay|^ppy?$",
    "accrual_reversal": r"accrual rev|acc rev|^acr$|rev.*accru|reversal",
    "accrual": r"accru|^acc$|^ac$",
    "credit_note": r"credit (note|memo)|^crn$|^cn$|^cr$|^kg$",
    "invoice": r"invoice|^inv$|payables|^kr$|^pi$",
    "journal": r"journal|^jnl$|^sa$|manual|^gl$",
}
"""By kind of ledger line, how ledgers say it."""

SAMPLE = 2_000
"""Rows that are looked at to guess by."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table is which part of a map; None where nothing in the file looks like it."""

    parts: Mapping[str, tuple[str, ...]]

    def one(self, part: str) -> str | None:
        """The first column that looks like a part."""
        found = self.parts.get(part, ())
        return found[0] if found else None


def guess_table(sheet: Sheet) -> Found | None:
    """The table of a file: the row with most names that ledgers use, over rows of figures; None where there is none."""
    best: tuple[int, int, Found] | None = None
    for separator in sheet.separators():
        sheet.separator = separator
        for number, row in first_rows(sheet):
            names = [cell for cell in row if cell]
            known = sum(bool(parts_of(name)) for name in names)
            if known < 3 or len(set(names)) != len(names) or sum(map(_is_figure, names)) > 1:
                continue
            score = (known, len(names))
            if best is None or score > best[:2]:
                best = (*score, Found(sheet, tuple(row), number, separator))
    if best is not None:
        sheet.separator = best[2].separator
    return best[2] if best is not None else None


def parts_of(name: str) -> list[str]:
    """The parts of a map that a column of this name may be."""
    return [part for part, words in _WORDS.items() if re.search(words, name.strip(), re.IGNORECASE)]


def guess_columns(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Columns:
    """Which column is which part: by its name, and by whether what stands in it can be that."""
    found: dict[str, list[str]] = {}
    for column in filter(None, columns):
        texts = [row[column] for row in rows if row[column]]
        for part in parts_of(column):
            if _can_be(part, texts):
                found.setdefault(part, []).append(column)
                break
    if "posted" not in found and "document" in found:
        found["posted"] = [found["document"].pop()]
    found["code"] = [*found.pop("centre", []), *found.pop("account", [])]
    return Columns({part: tuple(names) for part, names in found.items()})


def _can_be(part: str, texts: Sequence[str]) -> bool:
    if part in ("posted", "document"):
        return bool(texts) and bool(date_formats(texts))
    if part in ("debit", "credit", "net", "recoverable", "vat", "amount"):
        return _mostly(texts, _is_figure)
    if part == "indicator":
        return 0 < len({text.upper() for text in texts}) <= 3
    if part in ("centre", "account"):
        return bool(texts)
    return True


def _mostly(texts: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return bool(texts) and sum(map(holds, texts)) >= 0.9 * len(texts)


def _is_figure(text: str) -> bool:
    try:
        amount_pence(text)
    except MoneyNotUnderstood:
        return False
    return True


def date_formats(texts: Sequence[str]) -> list[DateFormat]:
    """The ways of writing dates that nine in ten of these cells fit, in the order in which English ledgers use them."""
    order: tuple[DateFormat, ...] = (
        "dd/mm/yyyy", "yyyy-mm-dd", "dd-Mon-yyyy", "dd-Mon-yy", "dd.mm.yyyy", "dd-mm-yyyy", "dd/mm/yy", "yyyymmdd",
        "mm/dd/yyyy",
    )  # fmt: skip
    fitting = [each for each in order if _mostly(texts, partial(_is_day, written=each))]
    if not fitting and _mostly(texts, lambda text: _is_day(text[:10], "yyyy-mm-dd") or text.isdecimal()):
        return ["excel"] if _mostly(texts, lambda text: len(text) == 5 or not text.isdecimal()) else []
    return fitting


def _is_day(text: str, written: DateFormat) -> bool:
    try:
        day = datetime.strptime(text, DATE_FORMATS[written])  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    # strptime takes 1/4/2023 too; a year before 1990 is a two-figure year read as four.
    return 1990 <= day.year <= 2100


def guess_kind(text: str) -> str | None:
    """The kind of ledger line that a code or word of a type column stands for."""
    return next((kind for kind, words in _KINDS.items() if re.search(words, text.strip(), re.IGNORECASE)), None)
