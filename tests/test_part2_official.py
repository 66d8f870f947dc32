"""Part 2 of December 2013 filled into a workbook as it was issued: two heading rows, places held, totals below."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from libreoffice import recalculated
from pooledfund.access import Actor, Role
from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.pool import Pool
from pooledfund.returns.checks import check_return
from pooledfund.returns.comparing import differences
from pooledfund.returns.export import Exported, export_return, return_figures
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.reading import read_return
from pooledfund.returns.register import replay, submit_return
from pooledfund.returns.registry import variant
from pools import TOWN

DEARER = TOWN.replace("2023/24", "2014/15").replace("nhs-own: 135_000}}", "nhs-own: 134_000}}")
LAYOUT = variant("part2")
SUMMARY = (
    "Organisation", "Holds the pooled budget? (Y/N)", "Spending on BCF schemes in 14/15",
    "Minimum contribution (15/16)", "Actual contribution (15/16)",
)  # fmt: skip
OVER = ("2014/15 spend", "2014/15 benefits", "2015/16 spend", "2015/16 benefits")


def town(year: str) -> AgreementFile:
    return read_agreement_text(TOWN.replace("2023/24", year), "town.yaml")


def pounds_in(page: Worksheet, column: int, rows: range) -> Decimal:
    return sum((Decimal(str(page.cell(row, column).value or 0)) for row in rows), Decimal(0))


def issued(path: Path, rows: int = 12) -> Path:
    """A blank Part 2 as it is remembered: locked but for the rows, whose names stand in for what is to come."""
    with Workbook(str(path)) as book:
        opened = book.add_format({"locked": False})
        page = book.add_worksheet("Finance - Summary")
        page.protect()
        page.write(1, 1, "Better Care Fund planning template - Part 2")
        for place, heading in enumerate(SUMMARY):
            page.write(4, place, heading)
        for row in range(rows):
            page.write(5 + row, 0, f"{'Local Authority' if row % 2 else 'CCG'} #{row // 2 + 1}", opened)
            for column in range(1, len(SUMMARY)):
                page.write_blank(5 + row, column, None, opened)
            page.data_validation(5 + row, 1, 5 + row, 1, {"validate": "list", "source": ["Y", "N"]})
        page.write(5 + rows, 0, "BCF Total")
        for column in range(2, len(SUMMARY)):
            letter = xl_col_to_name(column)
            page.write_formula(5 + rows, column, f"=SUM({letter}6:{letter}{5 + rows})", None, 0)
        page = book.add_worksheet("Finance - Schemes")
        page.protect()
        page.write(3, 0, "BCF Investment")
        page.write(3, 1, "Lead provider")
        for place, heading in enumerate(OVER):
            page.merge_range(2, 2 + 2 * place, 2, 3 + 2 * place, heading)
            page.write(3, 2 + 2 * place, "Recurrent")
            page.write(3, 3 + 2 * place, "Non-recurrent")
        for row in range(rows):
            page.write(4 + row, 0, f"Scheme {row + 1}", opened)
            for column in range(1, 10):
                page.write_blank(4 + row, column, None, opened)
        page.write(4 + rows, 0, "Total")
        for column in range(2, 10):
            letter = xl_col_to_name(column)
            page.write_formula(4 + rows, column, f"=SUM({letter}5:{letter}{4 + rows})", None, 0)
        book.add_worksheet("Outcomes and metrics").protect()
    return path


def filled(folder: Path) -> Exported:
    return export_return(
        town("2015/16"), LAYOUT, folder / "sent.xlsx", template=issued(folder / "issued.xlsx"),
        others=[town("2014/15").agreement],
    )  # fmt: skip


def test_organisations_and_schemes_stand_in_their_rows_and_the_totals_are_theirs(tmp_path: Path) -> None:
    exported = filled(tmp_path)
    sent, worked_out = (
        load_workbook(tmp_path / "sent.xlsx", data_only=True),
        recalculated(tmp_path / "sent.xlsx", tmp_path),
    )
    for book in (sent, worked_out):
        page = book["Finance - Summary"]
        organisations = exported.figures.rows("organisations")
        assert organisations
        for row, each in enumerate(organisations, start=6):
            assert page.cell(row, 1).value == each.fields["organisation"]
            assert page.cell(row, 2).value in ("Y", "N")
        contributed = pounds_in(page, 5, range(6, 18))
        assert contributed > 0
        assert Decimal(str(page.cell(18, 5).value)) == contributed
        schemes = book["Finance - Schemes"]
        for row, each in enumerate(exported.figures.rows("schemes"), start=5):
            assert schemes.cell(row, 1).value == each.fields["scheme_name"]
        for column in (3, 7):
            planned = pounds_in(schemes, column, range(5, 17))
            assert planned > 0
            assert Decimal(str(schemes.cell(17, column).value)) == planned
    assert any("is left blank" in each.said for each in exported.notes)


def test_it_is_read_back_compared_and_checked(tmp_path: Path) -> None:
    filled(tmp_path)
    book = ExcelFile.open(tmp_path / "sent.xlsx")
    figures = return_figures(town("2015/16"), LAYOUT, 12, [town("2014/15").agreement])
    found = read_return(book, LAYOUT)
    assert [each.text("organisation") for each in found.rows("organisations")] == [
        each.fields["organisation"] for each in figures.rows("organisations")
    ]
    assert len(found.rows("schemes")) == len(figures.rows("schemes"))
    assert found.not_understood == ()
    assert differences(found, figures) == ()
    checked = check_return(book, LAYOUT, figures)
    blank = [why for each in checked.checks for why in each.because]
    assert checked.state == "Incomplete Template"
    assert all("benefits" in each.said or "Falls pilot" in each.said for each in blank), blank
    changed = return_figures(town("2015/16"), LAYOUT, 12, [read_agreement_text(DEARER, "t.yaml").agreement])
    assert [each.what for each in differences(found, changed)] == [
        "spending 2014/15 of NHS Town ICB",
        "spend recurrent 2014/15 of Intermediate beds",
    ]


def test_a_pool_with_more_schemes_than_rows_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(WorkbookRefused, match="has room for 2 schemes"):
        export_return(town("2015/16"), LAYOUT, tmp_path / "x.xlsx", template=issued(tmp_path / "issued.xlsx", rows=2))
    assert not (tmp_path / "x.xlsx").exists()


def test_a_return_of_part_2_is_registered_and_comes_out_again(tmp_path: Path) -> None:
    manager = Actor("manager", Role.POOLED_FUND_MANAGER)
    pool = Pool.create(tmp_path / "books.db", town("2015/16"), manager, lambda: datetime(2015, 4, 2, tzinfo=UTC))
    template = issued(tmp_path / "issued.xlsx")
    export_return(pool, LAYOUT, tmp_path / "sent.xlsx", template=template)
    partner = next(iter(pool.agreement.partners))
    kept = submit_return(pool, "part2", tmp_path / "sent.xlsx", 12, {partner: date(2015, 4, 2)})
    assert replay(pool, kept.event).since == ()
    export_return(pool, LAYOUT, tmp_path / "again.xlsx", template=template, as_of=kept.books_event)
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sent.xlsx").read_bytes()
