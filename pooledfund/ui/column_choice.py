"""The fields by which a person says how a file is read: header row, columns, days, signs. Posts nothing."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import streamlit as st

from pooledfund.intake.guesses import SAMPLE, Columns, date_formats, guess_columns, guess_table
from pooledfund.intake.limits import HEADER_WITHIN
from pooledfund.intake.map_columns import DATE_FORMATS
from pooledfund.intake.named_columns import ONE, TWO, Named, table_at
from pooledfund.intake.tables import FileRefused, Sheet, open_sheet
from pooledfund.ui.frame import field, nothing

_NONE = "none"


def named_columns(form: str, path: Path) -> Named | None:
    """What stands in the fields, each begun with what the file looks like; None until the needed ones are chosen."""
    opened = open_sheet(path)
    guessed = guess_table(opened)
    row = int(
        st.number_input(
            "Header row: the row that names the columns",
            1,
            HEADER_WITHIN,
            guessed.header_row if guessed else 1,
            key=field(form, "header row"),
            width=340,
        )
    )
    try:
        names, rows = _table(opened, row)
    except FileRefused as refusal:
        nothing(str(refusal), "Look at the rows above, and change the number of the header row.")
        return None
    return _fields(form, row, names, rows, guess_columns(names, rows))


def _table(opened: Sheet, row: int) -> tuple[list[str], list[Mapping[str, str]]]:
    found = table_at(opened, row)
    cells = islice(found.rows(found.columns[-1]), SAMPLE)
    rows: list[Mapping[str, str]] = [
        {name: cell for name, cell in zip(found.columns, each, strict=True) if name} for _, each in cells
    ]
    return [each for each in found.columns if each], rows


def _fields(
    form: str, row: int, names: Sequence[str], rows: Sequence[Mapping[str, str]], guess: Columns
) -> Named | None:
    def key(part: str) -> str:
        return field(form, f"{part} under row {row}")  # another header row has other columns: its fields begin anew

    def column(label: str, part: str, guessed: str | None, *, may_lack: bool = False) -> str:
        options = [*([_NONE] if may_lack else []), *names]
        place = options.index(guessed) if guessed in options else 0
        return st.selectbox(label, options, index=place, key=key(part))

    left, middle, right = st.columns(3)
    with left:
        day = column("Day it was posted", "day", guess.one("posted"))
        fitting = date_formats([each[day] for each in rows if each[day]])
        formats = [*fitting, *(each for each in DATE_FORMATS if each not in fitting)]
        written = st.selectbox("Days are written", formats, key=key(f"written {day}"))
        words = column("Words of the row", "words", guess.one("words"), may_lack=True)
    with middle:
        numbers = [each for each in (*guess.parts.get("number", ()), *guess.parts.get("line", ())) if each in names]
        reference = st.multiselect(
            "Columns that together tell each row from every other", names, default=numbers, key=key("reference")
        )
        code = column("Code that stands for a line", "code", guess.one("code"))
    with right:
        two = bool(guess.one("debit") and guess.one("credit"))
        way = st.radio("Amounts stand in", (ONE, TWO), index=int(two), key=key("amounts"))
        if way == ONE:
            amount, credit = column("Amount", "amount", guess.one("net") or guess.one("amount")), None
        else:
            amount = column("Debit", "debit", guess.one("debit"))
            credit = column("Credit", "credit", guess.one("credit"))
        turned = st.checkbox("Spend stands as a minus in this file: turn the signs", key=key("turned"))
    if not reference:
        nothing("No column tells the rows apart.", "Choose the document number, and the line number where it has one.")
        return None
    if amount == credit:
        nothing("Debit and credit are the same column.", "Choose the column of each.")
        return None
    return Named(row, day, written, tuple(reference), code, amount, credit, turned, None if words == _NONE else words)
