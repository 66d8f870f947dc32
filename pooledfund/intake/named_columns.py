"""What a person says of a file whose columns were not guessed: header row, columns, signs. Guesses nothing."""

from dataclasses import dataclass

from pooledfund.intake.map_columns import AmountColumns, DateFormat
from pooledfund.intake.tables import FileRefused, Found, Sheet, first_rows

ONE, TWO = "one column of amounts", "a debit and a credit column"
"""The two ways in which a file may hold its amounts."""


@dataclass(frozen=True, slots=True)
class Named:
    """The columns of a file by what they hold; ``turned`` where spend stands in it as a minus."""

    header_row: int
    day: str
    written: DateFormat
    reference: tuple[str, ...]
    code: str
    amount: str
    credit: str | None = None
    turned: bool = False
    words: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        named = (self.day, *self.reference, self.code, self.amount, self.credit, self.words)
        return tuple(each for each in named if each is not None)

    def amounts(self) -> AmountColumns:
        """Where the amount of a row stands, and its sign."""
        sign = "reversed" if self.turned else "normal"
        if self.credit is not None:
            return AmountColumns(debit=self.amount, credit=self.credit, sign=sign)
        return AmountColumns(column=self.amount, sign=sign)


def table_at(sheet: Sheet, header_row: int) -> Found:
    """The table under a row of a file; of a text file also finds what separates its cells.

    Raises:
        FileRefused: the row is not within the first fifty, has fewer than three names, or one of them twice.
    """
    best: Found | None = None
    for separator in sheet.separators():
        sheet.separator = separator
        row = next((cells for number, cells in first_rows(sheet, []) if number == header_row), [])
        if best is None or len(row) > len(best.columns):
            best = Found(sheet, tuple(row), header_row, separator)
    assert best is not None
    sheet.separator = best.separator
    names = [each for each in best.columns if each]
    if len(names) < 3:
        raise FileRefused(f"{sheet.path.name}: row {header_row} does not name three columns: choose the header row")
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise FileRefused(f"{sheet.path.name}: row {header_row} names '{twice}' twice: give each column its own name")
    return best
