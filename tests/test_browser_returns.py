"""A return from the blank workbook to the register and back: as a person meets it in a real Chromium."""

import hashlib
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from books_for_pages import document, run
from libreoffice import recalculated
from official_workbooks import make_official
from pooledfund.access import Role
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.returns.registry import variant
from test_accessibility import OF_STREAMLIT, RULES
from tools.page_server import choose, chromium, served, settled, signed_in
from tools.people_for_pages import with_password
from year_of_exampleshire import EXAMPLE

pytestmark = pytest.mark.browser


def give(page: Page, label: str, file: Path) -> None:
    """Hand a file in where the label of the field begins so."""
    uploader = page.get_by_test_id("stFileUploader").filter(has_text=re.compile(label))
    uploader.locator("input[type=file]").set_input_files(file)
    settled(page)


def is_for_everyone(page: Page) -> None:
    """No finding of axe that is ours, in whatever state the page is."""
    settled(page)
    assert not [
        f"{each['id']}: {node['html'][:200]}"
        for each in Axe().run(page, options=RULES).response["violations"]
        for node in each["nodes"]
        if not any(each["id"] == rule and element in node["html"] for rule, element in OF_STREAMLIT)
    ]


def taken(page: Page, button: str, path: Path) -> Path:
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name=button).click()
    coming.value.save_as(path)
    return path


def test_a_return_is_filled_taken_checked_recorded_once_and_worked_out_again(tmp_path: Path) -> None:
    books, layout = tmp_path / "books.db", variant("year-end")
    for command in (["init", "agreement.yaml"], ["import-actuals", "actuals_q1.csv"], ["receive", "receipts_q1.csv"]):
        run([command[0], str(EXAMPLE / command[1]), "--db", str(books)])
    with_password(books, "manager", Grant(EVERY_POOL, Role.POOLED_FUND_MANAGER))
    blank = make_official(tmp_path / "blank.xlsx", layout, 1)
    with served(books) as address, chromium() as browser:
        page = signed_in(browser, address, "manager", viewport={"width": 1366, "height": 768}, accept_downloads=True)
        page.goto(f"{address}/returns?return=year-end")
        expect(page.get_by_role("heading", level=1, name="Returns")).to_be_visible(timeout=60_000)
        settled(page)
        give(page, "^Blank official workbook of", blank)
        expect(page.get_by_role("table", name=re.compile("^What would be written"))).to_be_visible(timeout=30_000)
        is_for_everyone(page)
        filled = taken(page, "Filled workbook (Excel)", tmp_path / "filled.xlsx")
        check_the_workbook(page, filled, tmp_path)
        give(page, "^Filled workbook of", filled)
        expect(page.get_by_text("Complete Template: all 12 checks say Yes.")).to_be_visible(timeout=30_000)
        give(page, "^Workbook that was sent", filled)
        page.get_by_text("This is the workbook that was sent").click()
        page.get_by_role("button", name="Record as submitted").dblclick()
        expect(page.get_by_text("filled.xlsx is registered as year-end for M3")).to_be_visible(timeout=30_000)
        settled(page)
        (sent,) = document(["returns", "--db", str(books), "--json"])["returns"]
        assert sent["sha256"] == hashlib.sha256(filled.read_bytes()).hexdigest()
        choose(page, re.compile("Return to work out again"), re.compile(r"filled\.xlsx"))
        expect(page.get_by_text("the same figures, every one.")).to_be_visible(timeout=30_000)
        settled(page)
        give(page, "^Blank official workbook, to fill it again", blank)
        expect(page.get_by_text("It is the very file that was sent, byte for byte")).to_be_visible(timeout=30_000)
        is_for_everyone(page)
        again = taken(page, "The workbook filled again (Excel)", tmp_path / "again.xlsx")
    assert again.read_bytes() == filled.read_bytes()


def check_the_workbook(page: Page, filled: Path, folder: Path) -> None:
    """The file that was taken away shows what the page said, and its totals are what LibreOffice works out."""
    rows = page.get_by_role("table", name=re.compile("^What would be written")).locator("tbody tr").all()
    assert len(rows) == 22
    shown, worked_out = load_workbook(filled, data_only=True), recalculated(filled, folder)
    for row in rows:
        cell, sheet = row.locator("th").inner_text().split("\n", 1)
        value = row.locator("td").nth(1).inner_text().replace(",", "")
        assert float(shown[sheet][cell].value) == float(value), (sheet, cell)
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in load_workbook(filled)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert formulas
    for title, place in formulas:
        assert shown[title][place].value == pytest.approx(worked_out[title][place].value), (title, place)
