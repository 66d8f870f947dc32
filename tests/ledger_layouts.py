"""Extracts as seven ledgers lay them out, each with what a map of it must find. Made up; holds no tests."""

from dataclasses import dataclass
from pathlib import Path

import openpyxl


@dataclass(frozen=True)
class Layout:
    """A file of one ledger: its text or the rows of its sheet, and what is true of it. Amounts in pence."""

    name: str
    content: bytes | list[list[object]]
    reference: tuple[str, ...]
    effective: tuple[str, str]
    code: str
    total_pence: int
    rows: int
    credit: int = 0

    def write(self, folder: Path) -> Path:
        """The file in a folder."""
        if isinstance(self.content, bytes):
            path = folder / f"{self.name}.csv"
            path.write_bytes(self.content)
            return path
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in self.content:
            book.active.append(row)
        path = folder / f"{self.name}.xlsx"
        book.save(path)
        return path


AGRESSO = Layout(
    "agresso",
    "TransNo,Line,TT,Account,Account (T),CostC,Cost Centre,Cost Centre (T),Trans.date,Text,Amount\r\n"
    "70001,1,PI,5001,Agency,1001,1001,Home care,14/05/2023,Agency wk 19,1200.50\r\n"
    "70001,2,PI,5002,Agency,1001,1001,Home care,14/05/2023,Agency wk 19,99.50\r\n"
    "70002,1,CN,5001,Agency,2001,2001,Equipment,30/05/2023,Credit,-100.00\r\n".encode("cp1252"),
    ("TransNo", "Line"),
    ("Trans.date", "dd/mm/yyyy"),
    "CostC",
    1200_00,
    3,
)
SAP = Layout(
    "sap",
    "Line items display\n\nDocument No;Item;Posting Date;Document Date;Cost Center;Amount in LC;D/C;Text\n"
    "1900001;1;14.05.2023;10.05.2023;1001;1,200.50;S;Häusliche care\n"
    "1900001;2;14.05.2023;10.05.2023;1001;99.50;S;care\n"
    "1900002;1;30.05.2023;30.05.2023;2001;100.00;H;credit\n".encode("utf-16"),
    ("Document No", "Item"),
    ("Posting Date", "dd.mm.yyyy"),
    "Cost Center",
    1200_00,
    3,
)
ISFE = Layout(
    "isfe",
    [
        ["NHS Town ICB: GL transactions"],
        ["Period", "MAY-23"],
        [],
        ["Journal Name", "Line Number", "GL Date", "Cost Centre", "Subjective", "Category", "Debit", "Credit",
         "Line Description"],
        ["PAY-1", 1, "14-May-2023", 1001, 5216, "Payables", 1200.5, None, "Clinic"],
        ["PAY-1", 2, "14-May-2023", 1001, 5216, "Payables", 99.5, None, "Clinic"],
        ["ACC-1", 1, "31-May-2023", 2001, 5216, "Accrual", None, 100, "taken back"],
    ],
    ("Journal Name", "Line Number"),
    ("GL Date", "dd-Mon-yyyy"),
    "Cost Centre",
    1200_00,
    3,
)  # fmt: skip
DYNAMICS = Layout(
    "dynamics",
    "Journal number\tVoucher\tDate\tCost centre\tDescription\tAmount\n"
    "GJ1\tV1\t2023-05-14\t1001\tHome care\t1200.50\n"
    "GJ1\tV2\t2023-05-14\t1001\tHome care\t99.50\n"
    "GJ2\tV3\t2023-05-30\t2001\tCredit\t-100.00\n".encode("utf-8-sig"),
    ("Journal number", "Voucher"),
    ("Date", "yyyy-mm-dd"),
    "Cost centre",
    1200_00,
    3,
)
LISTING = Layout(
    "listing",
    b"Town Council,,,,,\n"
    b"Ref,Line,Posting Date,Cost Centre,Narrative,Net,VAT,Recoverable VAT\n"
    b"J1,1,14/05/23,1001,Home care,1000.50,200.10,200.10\n"
    b"J1,2,14/05/23,1001,Home care,299.50,0.00,0.00\n"
    b"Total 1001,,,,,1300.00,200.10,200.10\n"
    b"J2,1,30/05/23,2001,Credit,(100.00),0.00,0.00\n"
    b"Total 2001,,,,,(100.00),0.00,0.00\n"
    b"Grand total,,,,,1200.00,200.10,200.10\n"
    b"Printed by ledger team,,,,,,,\n",
    ("Ref", "Line"),
    ("Posting Date", "dd/mm/yy"),
    "Cost Centre",
    1200_00,
    3,
)
DEBIT_CREDIT = Layout(
    "debit_credit",
    b"Transaction No|Trans Date|Nominal|Details|Debit|Credit\n"
    b"1|14/05/2023|1001|Home care|1 200.50|\n"
    b"2|14/05/2023|1001|Home care|99.50|\n"
    b"3|30/05/2023|2001|Credit||100.00\n",
    ("Transaction No",),
    ("Trans Date", "dd/mm/yyyy"),
    "Nominal",
    1200_00,
    3,
)
INCOME_SIGNED = Layout(
    "income_signed",
    [
        ["Voucher No", "Posting Date", "Project", "Description", "Amount"],
        ["V1", 45060, "1001", "Home care", -1200.5],
        ["V2", 45060, "1001", "Home care", -99.5],
        ["V3", 45076, "2001", "Credit", 100],
    ],
    ("Voucher No",),
    ("Posting Date", "excel"),
    "Project",
    1200_00,
    3,
)
LAYOUTS = (AGRESSO, SAP, ISFE, DYNAMICS, LISTING, DEBIT_CREDIT, INCOME_SIGNED)
