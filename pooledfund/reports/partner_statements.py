"""A partner's statement as a workbook or a CSV file. Works no figure out."""

import csv
from pathlib import Path

from ledgers.money import pounds
from pooledfund.access import Action, require_partner
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.reports.cells import Cell, Money, Table, pounds_columns, summed, text_columns
from pooledfund.reports.layout import Papers
from pooledfund.reports.pack_back import proof_sheet
from pooledfund.reports.pack_proof import proof_section
from pooledfund.reports.paper.paper import Paper
from pooledfund.reports.postings import as_text_cell
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.reports.workbook import Book
from pooledfund.results.monitoring import period_label
from pooledfund.results.partner_statement import BETWEEN_BODIES, PartnerStatement
from pooledfund.results.standing import standing_of
from s75_rules.trace import SOURCE_WORDS

SECTIONS = ("funding", "risk share", "spend incurred", BETWEEN_BODIES, "closing balance")


class StatementNotWritten(InputRefused):
    """A partner's statement that cannot be saved where it was to go."""


def write_statement(pool: Pool, statement: PartnerStatement, path: Path, as_of: int | None = None) -> Path:
    """Write a statement to a file whose name ends in .xlsx, .pdf or .csv.

    Raises:
        NotAllowed: the person may not take copies of this partner's figures.
        StatementNotWritten: the name ends otherwise, or the file cannot be saved.
    """
    require_partner(pool.actor, Action.EXPORT, statement.partner)
    if path.suffix == ".xlsx":
        _workbook(pool, statement, path, as_of)
    elif path.suffix == ".pdf":
        _paper(pool, statement, path, as_of)
    elif path.suffix == ".csv":
        try:
            _csv(statement, path)
        except OSError as error:
            raise StatementNotWritten(f"{path}: cannot be written ({error.strerror}): check the folder") from None
    else:
        raise StatementNotWritten(
            f"{path}: a statement is a workbook, a PDF or a CSV file: let the name end in .xlsx, .pdf or .csv"
        )
    return path


def _kind(capital: bool) -> str:
    return "capital" if capital else "revenue"


def _workbook(pool: Pool, statement: PartnerStatement, path: Path, as_of: int | None) -> None:
    book = Book(path, provenance_of_pool(pool, period_label(statement.month), as_of), _subject(pool, statement))
    statement_sheets(book, pool, statement)
    proof_sheet(book)
    book.save()


def _paper(pool: Pool, statement: PartnerStatement, path: Path, as_of: int | None) -> None:
    paper = Paper(path, provenance_of_pool(pool, period_label(statement.month), as_of), _subject(pool, statement))
    statement_sheets(paper, pool, statement)
    proof_section(paper)
    paper.save()


def _subject(pool: Pool, statement: PartnerStatement) -> str:
    return f"Statement of {pool.agreement.partners[statement.partner].name}"


def statement_sheets(book: Papers, pool: Pool, statement: PartnerStatement, number: str = "") -> None:
    """What the partner books by line and kind, and its part of the memorandum account with what is owed.

    ``number`` tells the statements of several partners in one workbook apart.
    """
    name = pool.agreement.partners[statement.partner].name
    sheet = book.sheet(f"Ledger {number}".strip(), f"What {name} books", [14, 34, 12, 22, 18, 18, 18, 18])
    sheet.prose(*standing_of(pool.agreement).lines)
    lines: list[tuple[Cell, ...]] = [
        (
            line.scheme,
            pool.agreement.schemes[line.scheme].name,
            _kind(line.capital),
            (line.model or "not stated").replace("_", " "),
            Money(line.expenditure_pence),
            Money(line.contribution_pence),
            Money(line.income_pence),
            Money(line.net_pence),
        )
        for line in statement.ledger
    ]
    moved = Money(statement.between_partners_pence)
    lines.append(("", statement.between_words, "", "", None, None, None, moved))
    figures = pounds_columns("Expenditure", "Contribution to lead", "Income from partners", "Net cost")
    columns = (*text_columns("Line", "Name", "Kind", "Accounting model"), *figures)
    sheet.table(Table(f"Ledger{number}", columns, lines, summed(lines, 4, 5, 6, 7)))
    sheet.prose(*(f"{each.removesuffix('.')}." for each in statement.notes))
    account = book.sheet(
        f"Account {number}".strip() if number else "Memorandum account",
        f"Memorandum account of {name}",
        [20, 44, 34, 12, 18],
    )
    for section in SECTIONS:
        rows: list[tuple[Cell, ...]] = [
            (section, row.what, SOURCE_WORDS[row.source] if row.source else "", _kind(row.capital), Money(row.pence))
            for row in statement.account
            if row.section == section
        ]
        if rows:
            account.heading(section.capitalize())
            headings = (*text_columns("Section", "What", "Source", "Kind"), *pounds_columns("Amount"))
            account.table(Table(f"{section.title().replace(' ', '')}{number}", headings, rows, summed(rows, 4)))
    owed: list[tuple[Cell, ...]] = [
        (each.owed_by, each.owed_to, each.what, "gross", Money(each.pence)) for each in statement.balances
    ]
    if owed:
        account.heading("Balances between partners, gross")
        columns = (*text_columns("Owed by", "Owed to", "What", "How"), *pounds_columns("Amount"))
        account.table(Table(f"Balances{number}", columns, owed))


def _csv(statement: PartnerStatement, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("section", "what", "source_or_model", "kind", "amount"))
        rows: list[tuple[str, str, str, str, int]] = [
            (section, line.scheme, line.model or "not stated", _kind(line.capital), pence)
            for line in statement.ledger
            for section, pence in (
                ("ledger: expenditure", line.expenditure_pence),
                ("ledger: contribution to lead", line.contribution_pence),
                ("ledger: income from partners", line.income_pence),
            )
            if pence
        ]
        rows.append(("ledger: between partners", statement.between_words, "", "", statement.between_partners_pence))
        rows += [(row.section, row.what, row.source or "", _kind(row.capital), row.pence) for row in statement.account]
        rows += [
            ("balance", f"{each.owed_by} owes {each.owed_to}", each.what, "", each.pence) for each in statement.balances
        ]
        for *words, pence in rows:
            assert isinstance(pence, int)
            writer.writerow([*(as_text_cell(str(each)) for each in words), pounds(pence)])
        for note in statement.notes:
            writer.writerow(["note", as_text_cell(note), "", "", ""])
