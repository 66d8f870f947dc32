"""The papers of a year's end, statements and the exit as PDF and workbook: one set of figures, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.money import pounds, pounds_for_people
from pdfs import A4, boxes_of, ink_beyond_margins, told_of, words_of
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.control.close import close_period
from pooledfund.control.outturn import state_outturn
from pooledfund.control.settlement import settle
from pooledfund.intake.actuals import import_actuals
from pooledfund.pool import Pool
from pooledfund.reports.exit_papers import ExitNotWritten, write_exit
from pooledfund.reports.partner_statements import write_statement
from pooledfund.reports.year_end import YearEndNotWritten, write_year_end
from pooledfund.results.exit_statement import exit_statement
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.outturn_stages import outturn_stages
from pooledfund.results.partner_statement import partner_statement
from pools import DB, TOWN, as_actor, extract, pool_of, spent

ENDS = date(2024, 3, 31)


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """The town's year: care 60,000 over, grant 12,000 under, stated twice, settled and closed."""
    found = pool_of(tmp_path)
    rows = [
        spent("A", "860000", "care", "2024-03-20"),
        spent("B", "290000.07", "equip", "2024-03-20"),
        spent("C", "500000", "rehab", "2024-03-20", partner="icb"),
        spent("D", "135000", "beds", "2024-03-20", partner="icb"),
        spent("E", "88000", "grant", "2024-03-20"),
    ]
    state_outturn(found, "estimate", {"care": 850_000_00})
    import_actuals(found, extract(tmp_path, *rows))
    state_outturn(found, "provisional")
    settle(found)
    close_period(found, "Q4")
    return found


def test_the_papers_hold_outturn_account_statements_carry_forward_and_exit(pool: Pool, tmp_path: Path) -> None:
    paper = write_year_end(pool, tmp_path / "year-end.pdf")
    words = words_of(paper.path)
    account, left = memorandum_account(pool, 12), exit_statement(pool, ENDS)
    stages = outturn_stages(pool).stages
    wanted = [each.total_pence for each in stages] + [account.expenditure_pence, account.closing_pence]
    wanted += [left.net_assets_pence, *(each.receives_pence for each in left.partners)]
    for partner in pool.agreement.partners:
        statement = partner_statement(pool, partner, 12)
        wanted.append(sum(line.net_pence for line in statement.ledger) + statement.between_partners_pence)
    for pence in wanted:
        assert pounds_for_people(pence).replace("£", "") in words
    for said in (
        "The outturn as it was stated at each stage",
        "Memorandum account of the pooled budget",
        "What Town Council books",
        "What NHS Town ICB books",
        "Carry forward: what stays in the pool and what goes back",
        "Exit: what the pool would come to if it ended on",
        "Casting proof",
    ):
        assert said in words
    assert boxes_of(paper.path) <= {A4, (A4[1], A4[0])}
    assert ink_beyond_margins(paper.path, 34) == []
    assert told_of(paper.path).claims_pdf_ua


def test_workbook_and_paper_have_the_same_totals_and_the_same_bytes_again(pool: Pool, tmp_path: Path) -> None:
    paper = write_year_end(pool, tmp_path / "year-end.pdf")
    workbook = write_year_end(pool, tmp_path / "year-end.xlsx")
    assert [(cast.sheet, cast.what, cast.pence) for cast in paper.casts] == [
        (cast.sheet, cast.what, cast.pence) for cast in workbook.casts
    ]
    assert write_year_end(pool, tmp_path / "again.pdf").path.read_bytes() == paper.path.read_bytes()
    assert write_year_end(pool, tmp_path / "again.xlsx").path.read_bytes() == workbook.path.read_bytes()


def test_a_year_without_a_stated_outturn_says_so(tmp_path: Path) -> None:
    words = words_of(write_year_end(pool_of(tmp_path), tmp_path / "year-end.pdf").path)
    assert "No stage of the outturn has been stated." in words


def test_the_exit_statement_is_a_paper_and_a_workbook(pool: Pool, tmp_path: Path) -> None:
    found = exit_statement(pool, ENDS)
    words = words_of(write_exit(pool, found, tmp_path / "exit.pdf"))
    for each in found.partners:
        assert pounds_for_people(each.receives_pence).replace("£", "") in words
    assert "Difference to the books 0.00" in words
    assert write_exit(pool, found, tmp_path / "exit.xlsx").stat().st_size > 5_000
    with pytest.raises(ExitNotWritten, match=r"end in \.xlsx or \.pdf"):
        write_exit(pool, found, tmp_path / "exit.docx")
    with pytest.raises(NotAllowed):
        write_exit(as_actor(pool, Role.BOARD_READER), found, tmp_path / "exit.pdf")


def test_a_partners_statement_is_a_paper_too(pool: Pool, tmp_path: Path) -> None:
    statement = partner_statement(pool, "icb", 12)
    path = write_statement(pool, statement, tmp_path / "icb.pdf")
    words = words_of(path)
    assert pounds(statement.cost_pence) in words.replace(",", "")
    assert "What NHS Town ICB books" in words
    assert ink_beyond_margins(path, 34) == []


def test_the_commands_write_by_the_name_and_refuse_others(pool: Pool, tmp_path: Path) -> None:
    books = ["--db", str(tmp_path / DB)]
    for name in ("y.pdf", "y.xlsx"):
        assert main(["year-end-papers", "-o", str(tmp_path / name), *books]) == 0
        assert main(["exit", "--on", "2024-03-31", "-o", str(tmp_path / f"e{name}"), *books]) == 0
        assert main(["partner-statement", "icb", "-o", str(tmp_path / f"s{name}"), *books]) == 0
        assert {(tmp_path / f"{part}{name}").exists() for part in ("", "e", "s")} == {True}
    assert main(["year-end-papers", "-o", str(tmp_path / "y.docx"), *books]) == 2
    assert not (tmp_path / "y.docx").exists()
    with pytest.raises(YearEndNotWritten):
        write_year_end(pool, tmp_path / "y.docx")
    assert main(["year-end-papers", "-o", str(tmp_path / "y.pdf"), "--role", "board_reader", *books]) == 2


def test_a_partner_without_part_in_the_money_is_named_and_has_no_empty_statement(tmp_path: Path) -> None:
    text = TOWN.replace("\nfunds:", "\n  borough: {name: Borough Council, kind: district}\nfunds:", 1)
    words = words_of(write_year_end(pool_of(tmp_path, text), tmp_path / "year-end.pdf").path)
    assert "Partners that book nothing of this pool" in words
    assert "What Borough Council books" not in words
