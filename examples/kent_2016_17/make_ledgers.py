"""Writes the Kent 2016/17 example's ledger extracts, receipts and forecasts. Reads no agreement and no clock.

Run it as ``python examples/kent_2016_17/make_ledgers.py [FOLDER]``; the same files come out every time.
Amounts are whole pence and become pounds only where they are written.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

from ledger_figures import CCGS, FORECASTS
from ledger_rows import ccg_rows, council_rows, receipts
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

COUNCIL_HEADER = (
    "Doc No",
    "Line",
    "Posting Date",
    "Document Date",
    "Type",
    "Cost Centre",
    "Subjective",
    "Narrative",
    "Net",
    "VAT",
    "Recoverable VAT",
)
CCG_HEADER = (
    "Period",
    "Journal",
    "Line",
    "GL Date",
    "Org code",
    "Cost Centre",
    "Account",
    "Project",
    "Category",
    "Description",
    "Debit",
    "Credit",
    "Document Date",
)


def money(pence: int) -> str:
    """Pounds as the council's ledger prints them: commas for thousands and a leading minus."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def write_council(path: Path, quarter: int) -> None:
    """A CSV with a title block above its header, days as dd/mm/yyyy, and a total at its foot."""
    rows = council_rows(quarter)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["Kent County Council"])
        sheet.writerow(["General ledger line items, pooled fund cost centres"])
        sheet.writerow([f"Period {quarter * 3 - 2:03d} to {quarter * 3:03d}, year 2016/17", "", "Amounts in £"])
        sheet.writerow(["Example data: made up, no real transactions"])
        sheet.writerow([])
        sheet.writerow(COUNCIL_HEADER)
        for row in rows:
            days = [each.strftime("%d/%m/%Y") for each in (row.posted, row.dated)]
            amounts = [money(each) for each in (row.net_pence, row.vat_pence, row.recovered_pence)]
            sheet.writerow([row.document, row.line, *days, row.kind, row.cost_centre, row.account, row.text, *amounts])
        totals = [
            sum(row.net_pence for row in rows),
            sum(row.vat_pence for row in rows),
            sum(row.recovered_pence for row in rows),
        ]
        sheet.writerow(["Total", "", "", "", "", "", "", "", *(money(each) for each in totals)])


def write_ccgs(path: Path, quarter: int) -> None:
    """A workbook of one sheet: titles, a header in row 6, debits and credits in two columns, and a total."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Transactions"
    sheet.append(["General Ledger Transactions"])
    sheet.append(["Organisations", ", ".join(organisation for _, organisation, *_ in CCGS)])
    sheet.append(["Periods", f"M{quarter * 3 - 2} to M{quarter * 3}, 2016/17"])
    sheet.append(["Example data: made up, no real transactions"])
    sheet.append([])
    sheet.append(CCG_HEADER)
    debits = credits = 0
    for row in ccg_rows(quarter):
        debit, credit = max(row.net_pence, 0), max(-row.net_pence, 0)
        debits, credits = debits + debit, credits + credit
        sheet.append(
            [
                row.posted.strftime("%b-%y").upper(),
                row.document,
                int(row.line) if row.line.isdigit() else row.line,
                row.posted,
                row.organisation,
                row.cost_centre,
                row.account,
                f"BCF-{row.organisation}",
                row.kind,
                row.text,
                Decimal(debit).scaleb(-2) if debit else None,
                Decimal(credit).scaleb(-2) if credit else None,
                row.dated,
            ]
        )
    sheet.append(["Total", *[None] * 9, Decimal(debits).scaleb(-2), Decimal(credits).scaleb(-2)])
    for place, width in enumerate((9, 18, 6, 12, 10, 12, 12, 10, 17, 44, 15, 15, 15)):
        sheet.column_dimensions["ABCDEFGHIJKLM"[place]].width = width
    sheet.freeze_panes = "A7"
    book.save(path)


def write_small_tables(folder: Path) -> None:
    """The receipts of each quarter and the forecasts entered at Q2 and Q3."""
    for quarter in (1, 2, 3, 4):
        with (folder / f"receipts_q{quarter}.csv").open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(["received", "posted_month", "contribution", "partner", "amount", "reference"])
            for each in receipts():
                if (each.month + 2) // 3 == quarter:
                    amount = money(each.pence).replace(",", "")
                    sheet.writerow(
                        [each.received, f"M{each.month}", each.contribution, each.partner, amount, each.reference]
                    )
    for quarter, forecasts in FORECASTS.items():
        with (folder / f"forecasts_q{quarter}.csv").open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file, lineterminator="\n")
            sheet.writerow(["quarter", "scheme", "forecast_outturn"])
            sheet.writerows([f"Q{quarter}", *forecast] for forecast in forecasts)


def write_all(folder: Path) -> None:
    """Write every file of the example that is made here below a folder; existing ones are replaced."""
    ledgers = folder / "ledgers"
    ledgers.mkdir(parents=True, exist_ok=True)
    for quarter in (1, 2, 3, 4):
        write_council(ledgers / f"council_q{quarter}.csv", quarter)
        write_ccgs(ledgers / f"ccgs_q{quarter}.xlsx", quarter)
    (ledgers / "council_q2_resent.csv").write_bytes((ledgers / "council_q2.csv").read_bytes())
    write_small_tables(folder)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
