"""A whole quarter as the people of a pool work it: one browser story, each at their own desk in their own role."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from at_the_desk import Desk
from books_for_pages import EXAMPLESHIRE, as_json, document, run
from ledgers.place import place_of
from official_workbooks import make_official
from pdfs import told_of
from pooledfund.access import Role
from pooledfund.people.person import Grant
from pooledfund.pool import Pool
from pooledfund.returns.register import submissions
from pooledfund.returns.registry import variant
from pooledfund.ui.contents import PAGES
from pools import MANAGER
from tools.page_server import chromium, served, settled
from tools.people_for_pages import with_password
from year_of_exampleshire import EXAMPLE

pytestmark = pytest.mark.browser

RETURN = "quarterly-2023-25"
STRICT = """
close:
  requires: [submissions, reconciled, suspense, casting, conditions, commentary, agreement, review]
  commentary_over: 2%
submissions:
  council: {due: working day 5, time: "17:00"}
  icb: {due: working day 4, time: midday}
reporting:
  returns:
    - {return: quarterly-2023-25, period: Q1, due: 2023-07-31, by: midday}
"""
COUNCIL = """Exampleshire Council: transactions of the pool,,,,,,,
TransNo,TT,CostC,Cost centre name,Trans.date,Text,Net,VAT
1001,PI,DF01,Disabled Facilities Grant,28/04/2023,Adaptations April,48400.00,0.00
1002,PI,IB02,Home care market,28/04/2023,Providers April,100000.00,0.00
1003,PI,SC03,Protection of social care,28/04/2023,Placements April,126000.35,0.00
1004,PI,CA04,Care Act duties,31/05/2023,Assessments,47500.00,0.00
1005,PI,DF01,Disabled Facilities Grant,31/05/2023,Adaptations May and June,100500.00,0.00
1006,PI,IB02,Home care market,31/05/2023,Providers May and June,200000.00,0.00
1007,PI,SC03,Protection of social care,30/06/2023,Placements May and June,255250.00,0.00
1008,PI,EQ10,Community equipment,30/06/2023,Stock,126480.20,0.00
1009,PI,HX99,Hospital team,30/06/2023,Code set up in June,2637.54,0.00
Total,,,,,,1006768.09,0.00
"""
CODES = {"DF01": "S1", "IB02": "S2", "SC03": "S3", "CA04": "S4", "EQ10": "S6"}
ICB = """effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description
2023-04-28,2023-04-28,M1,S5,icb,ledger,I-1,158000.00,0.00,0.00,158000.00,
2023-05-31,2023-05-31,M2,S5,icb,ledger,I-2,162000.00,0.00,0.00,162000.00,
2023-06-30,2023-06-30,M3,S5,icb,ledger,I-3,160000.00,0.00,0.00,160000.00,
2023-06-30,2023-06-30,M3,S5,icb,accrual,I-4,27500.00,0.00,0.00,27500.00,June clinics not yet invoiced
"""
PEOPLE = {
    "fund-manager": Grant(EXAMPLESHIRE, Role.POOLED_FUND_MANAGER),
    "council-finance": Grant(EXAMPLESHIRE, Role.PARTNER_FINANCE, "council"),
    "icb-finance": Grant(EXAMPLESHIRE, Role.PARTNER_FINANCE, "icb"),
    "council-lead": Grant(EXAMPLESHIRE, Role.PARTNER_FINANCE_LEAD, "council"),
    "icb-lead": Grant(EXAMPLESHIRE, Role.PARTNER_FINANCE_LEAD, "icb"),
    "rehab-manager": Grant(EXAMPLESHIRE, Role.SCHEME_MANAGER, schemes=("S5",)),
    "auditor": Grant(EXAMPLESHIRE, Role.AUDITOR),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """New books of an agreement whose close asks for everything, and the people of the pool."""
    folder = tmp_path_factory.mktemp("quarter")
    agreement = folder / "agreement.yaml"
    agreement.write_text((EXAMPLE / "agreement.yaml").read_text(encoding="utf-8") + STRICT, encoding="utf-8")
    books = folder / "exampleshire.db"
    run(["init", str(agreement), "--db", str(books)])
    for login, grant in PEOPLE.items():
        with_password(books, login, grant)
    return books


@pytest.fixture(scope="module")
def address(books: Path) -> Iterator[str]:
    with served(books) as there:
        yield there


@pytest.fixture(scope="module")
def blank(books: Path) -> bytes:
    """A workbook that looks like the official one of the quarter's return, as it is issued."""
    return make_official(books.parent / "blank.xlsx", variant(RETURN), 1).read_bytes()


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the pictures of the pages go: with --pictures into a folder that is kept."""
    return Path(request.config.getoption("--pictures") or tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_a_quarter_from_the_first_file_to_the_auditors_replay(
    browser: Browser, address: str, books: Path, blank: bytes, pictures: Path
) -> None:
    def at_desk(login: str) -> Desk:
        return Desk(browser, address, login)

    with at_desk("icb-finance") as desk:
        the_icb_brings_its_ledger(desk)
    with at_desk("council-finance") as desk:
        the_council_brings_its_ledger_by_a_map(desk)
    with at_desk("fund-manager") as desk:
        suspense_is_cleared(desk, books)
        receipts_come_in(desk, books)
    for login, partner, ledger in (
        ("council-finance", "Exampleshire Council", COUNCIL),
        ("icb-finance", "NHS Exampleshire ICB", ICB),
    ):
        with at_desk(login) as desk:
            a_partner_reconciles(desk, partner, ledger)
    with at_desk("fund-manager") as desk:
        the_reconciliations_are_reviewed(desk)
    with at_desk("rehab-manager") as desk:
        the_line_is_forecast_and_explained(desk, books)
    for login, name in (("council-lead", "Exampleshire Council"), ("icb-lead", "NHS Exampleshire ICB")):
        with at_desk(login) as desk:
            a_finance_lead_agrees(desk, name)
    with at_desk("fund-manager") as desk:
        the_preparer_cannot_review(desk)
    with at_desk("council-lead") as desk:
        another_person_reviews(desk)
    with at_desk("fund-manager") as desk:
        the_quarter_is_frozen(desk, books)
        the_pack_goes_out(desk, books)
        the_board_decides(desk, books)
        the_return_is_filled_checked_and_recorded(desk, blank, books)
    later_figures_come_in(books)
    with at_desk("auditor") as desk:
        the_auditor_replays(desk, blank, books)
    with at_desk("fund-manager") as desk:
        every_page_has_its_picture(desk, [name for group in PAGES.values() for name, _ in group], pictures)


def the_icb_brings_its_ledger(desk: Desk) -> None:
    desk.open("import", "Import")
    desk.bring("Ledger extract", "icb_q1.csv", ICB.encode())
    desk.pick("How it is read", "our own columns")
    desk.write("Control total the partner states, £", "507,500.00")
    desk.press("Post 4 entries for £507,500.00")
    desk.told("icb_q1.csv is batch 1: 4 entries posted.")


def the_council_brings_its_ledger_by_a_map(desk: Desk) -> None:
    desk.open("import", "Import")
    desk.bring("Ledger extract", "council_q1.csv", COUNCIL.encode())
    desk.reads("the header is row 2")
    for code, line in CODES.items():
        desk.choose(f"Line of code {code}", line)
    desk.press("Post 9 entries for £1,006,768.09")
    desk.told("£2,637.54 of it waits in suspense.")
    expect(desk.table("In suspense")).to_contain_text("Code set up in June")


def suspense_is_cleared(desk: Desk, books: Path) -> None:
    desk.open("import", "Import")
    desk.choose("To the line", "S4")
    desk.write("Reason", "the hospital team's assessments, by the budget book")
    desk.press("Clear to the line")
    desk.told("is cleared to S4")
    desk.reads("Nothing waits in suspense.")
    lines = {each["scheme"]: each["actual_to_date"] for each in as_json("monitor", "Q1", books, EXAMPLESHIRE)["lines"]}
    assert lines == {
        "S1": "148900.00", "S2": "300000.00", "S3": "381250.35",
        "S4": "50137.54", "S5": "507500.00", "S6": "126480.20",
    }  # fmt: skip


def receipts_come_in(desk: Desk, books: Path) -> None:
    desk.open("contributions", "Contributions")
    desk.bring("Receipts", "receipts_q1.csv", (EXAMPLE / "receipts_q1.csv").read_bytes())
    desk.press("Record the receipts")
    desk.told("posted 4, already there 0")
    assert as_json("contributions", "Q1", books, EXAMPLESHIRE)["total"]["of_which_cash"] == "1002501.23"


def the_line_is_forecast_and_explained(desk: Desk, books: Path) -> None:
    desk.open("quarter", "Q1: April to June 2023")
    desk.write("Forecast outturn of the year, £", "2,010,000.00")
    desk.press("Record the forecast")
    desk.told("S5")
    desk.write("Commentary", "Clinics run on two more days a week")
    desk.write("Action", "agree the level of clinics")
    desk.write("Owner, a post and not a name", "head of rehabilitation")
    desk.write("By, as 2024-01-31", "2023-08-31")
    desk.press("Record the commentary")
    desk.told("Commentary on S5 is recorded.")
    line = next(each for each in as_json("monitor", "Q1", books, EXAMPLESHIRE)["lines"] if each["scheme"] == "S5")
    assert (line["forecast_outturn"], line["forecast_variance"]) == ("2010000.00", "59995.00")


def a_finance_lead_agrees(desk: Desk, name: str) -> None:
    desk.open("import", "Import")
    for month in ("M1", "M2", "M3"):
        desk.choose("Agree the figures of your own body for", month)
        desk.press("Agree")
        desk.told(f"{month} of")
    expect(desk.table("Whose figures are in").get_by_text("agreed").first).to_be_visible()
    desk.open("close", "Close of Q1")
    desk.press("Agree Q1")
    desk.told(f"Q1 agreed by {desk.login} for {name}")


def a_partner_reconciles(desk: Desk, partner: str, ledger: str) -> None:
    desk.open("reconcile", "Reconcile")
    desk.choose("With which partner", partner)
    desk.bring("Ledger of", "ledger.csv", ledger.encode())
    desk.press("Keep this run")
    desk.told("is reconciled")
    desk.press("Sign as preparer")
    desk.told(f"prepared by {desk.login}")


def the_reconciliations_are_reviewed(desk: Desk) -> None:
    desk.open("reconcile", "Reconcile")
    for partner, name in (("council", "Exampleshire Council"), ("icb", "NHS Exampleshire ICB")):
        desk.choose("With which partner", name)
        expect(desk.page.get_by_text("Bring the ledger in")).to_be_visible()
        desk.press("Sign as reviewer")
        desk.told(f"reconciliation/{partner}/M3 reviewed by {desk.login}")


def the_preparer_cannot_review(desk: Desk) -> None:
    desk.open("close", "Close of Q1")
    desk.press("Sign as preparer Q1")
    desk.told("Q1 prepared by fund-manager")
    desk.press("Sign as reviewer Q1")
    desk.told("Not done")


def another_person_reviews(desk: Desk) -> None:
    desk.open("close", "Close of Q1")
    desk.press("Sign as reviewer Q1")
    desk.told("Q1 reviewed by council-lead")


def the_quarter_is_frozen(desk: Desk, books: Path) -> None:
    desk.open("close", "Close of Q1")
    desk.reads("Q1 may be closed")
    desk.press("Freeze Q1")
    desk.told("M1, M2, M3 closed")
    assert document(["checklist", "Q1", "--db", str(books), "--json"])["may_close"] is True


def the_pack_goes_out(desk: Desk, books: Path) -> None:
    desk.open("quarter", "Q1: April to June 2023")
    name, paper = desk.taken_away("Quarterly pack (PDF)")
    (books.parent / name).write_bytes(paper)
    assert told_of(books.parent / name).claims_pdf_ua
    name, workbook = desk.taken_away("Quarterly pack (Excel)")
    assert name == f"{EXAMPLESHIRE}-Q1-pack.xlsx"
    run(["pack", "--quarter", "Q1", "-o", str(books.parent / "again.xlsx"), "--db", str(books)])
    assert workbook == (books.parent / "again.xlsx").read_bytes()
    assert "Casting proof" in load_workbook(io.BytesIO(workbook)).sheetnames


def the_board_decides(desk: Desk, books: Path) -> None:
    desk.open("meeting", "Meeting")
    name, draft = desk.taken_away("Draft of the minutes")
    assert b"minutes: 1" in draft
    desk.bring("Minutes", name, (EXAMPLE / "minutes_q1.yaml").read_bytes())
    expect(desk.table("What the minutes would record")).to_contain_text("Virement of £63,000.00 from S5")
    desk.press("Record the minutes with 3 items")
    desk.told("The minutes of Exampleshire Joint Board of 20/07/2023 are recorded")
    expect(desk.table("Actions of meetings")).to_contain_text("Head of commissioning")
    decided = document(["minutes", "--json", "--db", str(books)])
    assert [each["kind"] for each in decided["last_meeting"]["items"]] == ["virement", "action", "note"]
    _, workbook = desk.taken_away("Quarterly pack (Excel)")
    said = {str(cell.value) for sheet in load_workbook(io.BytesIO(workbook)) for row in sheet for cell in row}
    assert "Bring a recovery plan for the lines rated Red" in said


def the_return_is_filled_checked_and_recorded(desk: Desk, blank: bytes, books: Path) -> None:
    desk.open("returns", "Returns")
    desk.bring("Blank official workbook of this return", "blank.xlsx", blank)
    expect(desk.table("What would be written, amounts in £")).to_contain_text("Community rehabilitation")
    name, filled = desk.taken_away("Filled workbook")
    (books.parent / "filled.xlsx").write_bytes(filled)
    desk.bring("Filled workbook of this return", name, filled)
    expect(desk.page.get_by_text("Every figure is that of the books.")).to_be_visible()
    desk.bring("Workbook that was sent", name, filled)
    desk.page.get_by_text("This is the workbook that was sent").click()
    desk.page.get_by_role("button", name="Record as submitted").dblclick()
    desk.told(f"{name} is registered as {RETURN} for M3")
    assert [each.file for each in submissions(Pool.open(place_of(str(books)), None, MANAGER))] == [name]


def later_figures_come_in(books: Path) -> None:
    """The next quarter's spend, which must not change what was sent."""
    run(["import-actuals", str(EXAMPLE / "actuals_q2.csv"), "--db", str(books)])


def the_auditor_replays(desk: Desk, blank: bytes, books: Path) -> None:
    desk.open("returns", "Returns")
    desk.choose("Return to work out again", "Event")
    desk.reads("the same figures, every one.")
    desk.bring("Blank official workbook, to fill it again", "blank.xlsx", blank)
    desk.bring("File that was sent", "sent.xlsx", (books.parent / "filled.xlsx").read_bytes())
    desk.told("It is the very file that was sent, byte for byte")
    desk.open("audit", "Audit")
    desk.press("Verify the books")
    desk.told("Proved to event")


def every_page_has_its_picture(desk: Desk, pages: Sequence[str], pictures: Path) -> None:
    for name in pages:
        desk.open(name, ".", "Q1")
        picture = pictures / f"{name}.png"
        settled(desk.page)
        desk.page.screenshot(path=picture)
        assert picture.stat().st_size > 20_000
