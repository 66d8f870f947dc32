"""A council's ledger extract of many rows, made up from a seed, as CSV or XLSX, and its map. No published figure."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

MAP = """\
map: 1
name: Exampleshire council ledger
header: [Doc No, Posting Date, Cost Centre, Subjective]
partner: council
reference: [Doc No, Line]
effective: {column: Posting Date, format: dd/mm/yyyy}
document_date: {column: Document Date, format: dd/mm/yyyy}
amount: {net: Net, vat: VAT, recoverable_vat: Recoverable VAT}
description: Narrative
kind: {column: Type, codes: {INV: invoice, CRN: credit_note}, otherwise: ledger}
lines:
  - {match: {Cost Centre: "CC10*"}, scheme: S1}
  - {match: {Cost Centre: "CC20*", Subjective: "4*"}, scheme: S2}
  - {match: {Cost Centre: "CC30*"}, scheme: S3}
  - {match: {Cost Centre: "CC40*"}, scheme: S4}
  - {match: {Cost Centre: "CC60*"}, scheme: S6}
ignore:
  - match: {Cost Centre: "CC99*"}
"""
HEADER = (
    "Doc No", "Line", "Posting Date", "Document Date", "Type", "Cost Centre", "Subjective", "Narrative", "Supplier no",
    "Net", "VAT", "Recoverable VAT",
)  # fmt: skip
_CENTRES = ("CC10", "CC20", "CC30", "CC40", "CC60", "CC99")


def rows(count: int, seed: int = 75) -> Iterator[list[str]]:
    """So many rows of the extract; one in six is no spend of the pool."""
    random = Random(seed)
    for number in range(count):
        day = date(2023, 4, 1) + timedelta(days=random.randrange(365))
        net = random.randrange(100, 2_000_000)
        vat = net // 5 if number % 3 == 0 else 0
        yield [
            f"D{number // 4:07d}", str(number % 4 + 1), day.strftime("%d/%m/%Y"), day.strftime("%d/%m/%Y"),
            "INV" if number % 9 else "CRN", f"{random.choice(_CENTRES)}{random.randrange(90) + 10}",
            str(random.randrange(4000, 5000)), f"Invoice {number} for care, week {number % 52}",
            str(random.randrange(10**6)), f"{net / 100:.2f}", f"{vat / 100:.2f}", f"{vat / 100:.2f}",
        ]  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """Write the extract as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """Write the extract as XLSX, amounts as numbers."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows(count), start=1):
        sheet.write_row(number, 0, row[:9])
        sheet.write_row(number, 9, [float(each) for each in row[9:]])
    book.close()
