"""Every workbook that is written: LibreOffice works out our figures, and no text of a user runs as a formula."""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from libreoffice import EVERY_SHEET_AS_CSV, converted_all
from official_workbooks import make_official
from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.control.reconciling.balances import agree_balances, balances_agreement, stated_figures
from pooledfund.control.reconciling.contributions import due_against_received
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.reports.cells import Formula, Table, pounds_columns, text_columns
from pooledfund.reports.exit_papers import write_exit
from pooledfund.reports.pack import write_pack
from pooledfund.reports.partner_edition import write_partner_edition
from pooledfund.reports.partner_statements import write_statement
from pooledfund.reports.provenance import provenance_of_file
from pooledfund.reports.reconciliations import write_balances, write_due_against_received, write_reconciliation
from pooledfund.reports.workbook import Book
from pooledfund.reports.year_end import write_year_end
from pooledfund.results.exit_statement import exit_statement
from pooledfund.results.partner_statement import partner_statement
from pooledfund.returns.export import export_return
from pooledfund.returns.part2 import export_part2
from pooledfund.returns.registry import return_ids, variant
from pools import TOWN, extract, imported, pool_of, spent
from workbooks import formulas, pence, table

RUNS = {
    "Town Council": "=HYPERLINK(A1)",
    "NHS Town ICB": "@SUM(A1)",
    "Home care": "+1+1",
    "Equipment": "-1+1",
    "Rehabilitation": "=cmd|calc!A1",
    "Town Better Care Fund": "=1+1 of Town",
}
"""A name, and what stands in its place: each would run in a spreadsheet that took it for a formula."""
REMARK = "=1+1 is what the agency asks"
OURS = re.compile(r"=(SUM\(|IF\(ROUND\(|'[A-Z][^'!]*'!\$?[A-Z]|0$|\$?[A-Z]{1,2}\$?\d+\+|\$?[A-Z]{1,2}\$?\d+$)")
RETURNS = [each for each in return_ids() if variant(each).blocks]
FILLED = ("planning-2025-26", "quarterly-2015-17", "year-end")


def _hostile(text: str = TOWN) -> str:
    for name, runs in RUNS.items():
        assert name in text
        text = text.replace(f"name: {name}", f"name: '{runs}'").replace(f"title: {name}", f"title: '{runs}'")
    return text


def _in_year(return_id: str) -> AgreementFile:
    """The agreement in the first year of a return, its providers named."""
    years = variant(return_id).years
    text = _hostile().replace("2023/24", years[0] if years else "2023/24")
    return read_agreement_text(text.replace("lead: icb,", "lead: icb, provider: '=NHS',"), "town.yaml")


def _books(folder: Path) -> Pool:
    pool = pool_of(folder, _hostile())
    imported(pool, folder, spent("A1", "300000.01", words=REMARK), spent("A2", "550000.33", "rehab", "2023-08-10"))
    take_call(pool, COMMENTARY, {"period": "Q3", "scheme": "rehab", "commentary": REMARK, "owner": "@lead"})
    return pool


def _reconciliation(pool: Pool, folder: Path) -> Path:
    """A reconciliation whose items carry what a partner wrote."""
    theirs = extract(folder, spent("=1+1", "12.34", words="@their words"), name="theirs.csv")
    run_ledger(pool, "council", 9, theirs)
    return write_reconciliation(pool, position(pool, "council", 9), folder / "reconciliation.xlsx")


def _other_reconciliations(pool: Pool, folder: Path) -> list[Path]:
    """Contributions due against received, and balances agreed with a partner item by item."""
    agree_balances(pool, "council", 9, stated_figures("receivable=1200.50,expenditure=0"))
    agreed = balances_agreement(pool, "council", 9)
    return [
        write_due_against_received(pool, due_against_received(pool, 9), folder / "due.xlsx"),
        write_balances(pool, agreed, folder / "balances.xlsx"),
    ]


def _write_all(folder: Path) -> list[Path]:
    """One workbook of each writer: pack, editions, statements, Part 2, every return in our layout and filled in."""
    pool = _books(folder)
    paths = [write_pack(pool, 9, folder / "pack.xlsx").path]
    for partner in pool.agreement.partners:
        paths.append(write_partner_edition(pool, partner, 9, folder / f"edition-{partner}.xlsx").path)
        statement = partner_statement(pool, partner, 9)
        paths.append(write_statement(pool, statement, folder / f"statement-{partner}.xlsx"))
    paths += [_reconciliation(pool, folder), *_other_reconciliations(pool, folder)]
    paths.append(write_year_end(pool, folder / "year-end.xlsx").path)
    paths.append(write_exit(pool, exit_statement(pool, pool.agreement.year.last_day), folder / "exit.xlsx"))
    paths.append(folder / "part2.xlsx")
    export_part2(pool, paths[-1])
    for each in RETURNS:
        source, layout = _in_year(each), variant(each)
        paths.append(folder / f"own-{each}.xlsx")
        export_return(source, layout, paths[-1])
        if each in FILLED:
            template = make_official(folder / f"blank-{each}.xlsx", layout, seed=1)
            paths.append(folder / f"filled-{each}.xlsx")
            export_return(source, layout, paths[-1], template=template)
    return paths


@dataclass(frozen=True)
class Judged:
    """The workbooks as written, and the folders of what LibreOffice has of them: worked out again, not, and as text."""

    paths: list[Path]
    always: Path
    never: Path
    text: Path

    def kept(self, path: Path) -> Workbook:
        """The values that the file itself keeps."""
        return load_workbook(path, data_only=True)


def _wrong(path: Path) -> Path:
    """A workbook that keeps another value than its formula comes to, to see that the judge tells them apart."""
    book = Book(path, provenance_of_file(_in_year("part2"), datetime(2026, 1, 1, tzinfo=UTC)), "Wrong")
    columns = (*text_columns("Part"), *pounds_columns("Amount"))
    book.sheet("Wrong", "Wrong", [20, 20]).table(Table("Wrong", columns, [("wrong", Formula("=1+1", 5_00))]))
    book.save()
    return path


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("workbooks")
    paths = _write_all(folder)
    wrong = _wrong(folder / "wrong.xlsx")
    return Judged(
        paths,
        converted_all([*paths, wrong], folder, "xlsx"),
        converted_all([*paths, wrong], folder, "xlsx", recalculate=False),
        converted_all(paths, folder, EVERY_SHEET_AS_CSV),
    )


def test_the_judge_works_out_a_formula_again_or_takes_what_was_kept(judged: Judged) -> None:
    books = [load_workbook(folder / "wrong.xlsx", data_only=True) for folder in (judged.always, judged.never)]
    assert [pence(table(book["Wrong"], "Part")[0]["Amount (£)"]) for book in books] == [2_00, 5_00]


def test_libreoffice_has_our_figures_when_it_works_everything_out_and_when_it_works_out_nothing(judged: Judged) -> None:
    compared = 0
    for path in judged.paths:
        kept, where = judged.kept(path), list(formulas(load_workbook(path)))
        books = [load_workbook(folder / path.name, data_only=True) for folder in (judged.always, judged.never)]
        compared += len(where)
        for sheet, cell, text in where:
            ours = kept[sheet][cell].value
            for book in books:
                theirs = book[sheet][cell].value
                if isinstance(ours, int | float):
                    assert pence(theirs) == pence(ours), (path.name, sheet, cell, text)
                else:
                    assert theirs == ours, (path.name, sheet, cell, text)
    assert compared > 250


def test_every_formula_is_one_of_ours_and_what_a_user_wrote_is_text(judged: Judged) -> None:
    written: set[str] = set()
    for path in judged.paths:
        blank = path.with_name(path.name.replace("filled-", "blank-"))
        official = set(formulas(load_workbook(blank))) if blank != path else set()
        theirs = [each for each in formulas(load_workbook(path)) if each not in official and not OURS.match(each[2])]
        assert theirs == [], path.name
        written |= _like_formulas(path)
    assert {"=NHS", REMARK, *list(RUNS.values())[:-1]} <= written
    assert any(each.startswith("=1+1 of Town") for each in written)


def _like_formulas(path: Path) -> set[str]:
    """Every text cell of a workbook that would run if it were no text; our own sheets each have one in their title."""
    cells = (cell for sheet in load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row)
    found = {str(cell.value) for cell in cells if cell.data_type == "s" and str(cell.value).startswith(tuple("=+-@"))}
    assert found or path.name.startswith("filled-"), path.name
    return found


def test_libreoffice_shows_the_text_of_a_user_letter_by_letter(judged: Judged) -> None:
    for path in judged.paths:
        shown: set[str] = set()
        for file in judged.text.glob(f"{path.stem}-*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                shown.update(cell for row in csv.reader(lines) for cell in row)
        assert shown, path.name
        assert _like_formulas(path) <= shown, path.name
        assert not {each for each in shown if each.startswith(("#NAME", "#REF", "Err:"))}, path.name
