"""The Returns page: due, filled, checked, recorded once, worked out again; who may do what; what comes in by file."""

import hashlib
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from books_for_pages import document, run
from official_workbooks import LOOKALIKE, make_official
from pooledfund.access import Actor
from pooledfund.pool import Pool
from pooledfund.returns.export import export_own_layout, export_return
from pooledfund.returns.register import submissions
from pooledfund.returns.registry import variant
from pools import DB, TOWN, imported, pool_of, spent
from pools import MANAGER as MAY_ALL
from shown import LEAD, MANAGER, READER, Shown
from year_of_exampleshire import EXAMPLE

# openpyxl, which reads as a check here, says what it would lose if it saved.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

BLANK, FILLED, SENT = "Blank official workbook of", "Filled workbook of", "Workbook that was sent"
OWN = "Write it in our own layout"
ALONE = "Check the workbook by itself, not against the books"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books at the end of the first quarter, and the blank and the filled workbook of the year-end return."""
    folder = tmp_path_factory.mktemp("made")
    strict, books = folder / "strict.yaml", folder / "books.db"
    parts = ("agreement.yaml", "running.yaml")
    strict.write_text("".join((EXAMPLE / part).read_text(encoding="utf-8") for part in parts), encoding="utf-8")
    run(["init", str(strict), "--db", str(books)])
    run(["import-actuals", str(EXAMPLE / "actuals_q1.csv"), "--db", str(books)])
    run(["receive", str(EXAMPLE / "receipts_q1.csv"), "--db", str(books)])
    layout = variant("year-end")
    make_official(folder / "blank.xlsx", layout, 1)
    export_return(pool_at(books), layout, folder / "filled.xlsx", template=folder / "blank.xlsx", month=3)
    return folder


@pytest.fixture
def books(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "books.db", tmp_path / "books.db"))


def pool_at(books: Path, actor: Actor = MAY_ALL) -> Pool:
    return Pool.open(books, None, actor)


def at(books: Path, role: str = MANAGER, quarter: int = 1) -> Shown:
    """The page with the year-end return chosen, at the end of a quarter."""
    return Shown("returns", books, role).put({"Quarter": quarter, "Return": "year-end"})


def handed(shown: Shown, label: str, file: Path, name: str | None = None) -> Shown:
    shown.field(label).set_value((name or file.name, file.read_bytes(), "application/octet-stream"))
    return shown.run()


def submitted(shown: Shown, file: Path, **fields: object) -> Shown:
    shown.field(SENT).set_value((file.name, file.read_bytes(), "application/octet-stream"))
    return shown.typed({"This is the workbook": True, **fields}).press("Record as submitted")


def test_what_is_due_is_said_with_its_deadline_and_state_as_the_command_says_it(books: Path) -> None:
    shown = at(books)
    assert [row[:3] for row in shown.rows("National returns of the year")] == [
        ["Better Care Fund 2023-25 quarterly return Q2", "midday, 31 October 2023", "■ late"],
        ["Better Care Fund year-end return the year", "midday, 23 May 2024", "■ late"],
    ]
    assert "Late: Better Care Fund 2023-25 quarterly return for Q2; Better Care Fund year-end return." in shown.text
    due = document(["returns", "--db", str(books), "--json"])["due"]
    assert [(each["return"], each["state"]) for each in due] == [("quarterly-2023-25", "late"), ("year-end", "late")]


def test_a_pool_without_dated_returns_says_where_they_are_written(tmp_path: Path) -> None:
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(tmp_path / "plain.db")])
    assert "The agreement dates no national return." in Shown("returns", tmp_path / "plain.db").text


def test_every_cell_of_the_preview_is_what_the_filled_workbook_shows(books: Path, made: Path) -> None:
    shown = handed(at(books), BLANK, made / "blank.xlsx")
    rows = shown.rows("What would be written, amounts in £. Rows 1 to")
    sheets = load_workbook(made / "filled.xlsx")
    assert len(rows) == 22
    for where, _, value, _ in rows:
        cell, _, sheet = where.partition(" ")
        assert float(sheets[sheet][cell].value) == float(value.replace(",", "")), where
    where_from = {row[1]: row[3] for row in rows}
    assert where_from["Disabled Facilities Grant, Planned"] == "Contribution as agreed: dfg"
    assert where_from["Winter Pressures Grant, Planned"] == "The agreement has no contribution from this source"
    assert where_from["Winter Pressures Grant, Actual"] == "The agreement has no contribution from this source"
    assert where_from["NHS Minimum Fund, Actual"] == "Receipts of nhs-min, to the end of M3 (June)"
    assert "left blank" not in shown.text


def test_what_is_not_held_is_left_to_a_person_and_long_tables_are_paged(books: Path) -> None:
    shown = handed(at(books).put({"Return": "planning-2023-25"}), BLANK, LOOKALIKE)
    table = shown.rows("What would be written, amounts in £. Rows 1 to 50 of")
    assert len(table) == 50
    by_hand = {row[0]: row[1] for row in shown.rows("Left to a person. Rows 1 to")}
    assert by_hand["sheet '6a. Expenditure', cell E28"] == "Scheme Type of S1 is left blank: not stated"
    assert by_hand["sheet '5. Income', cell D16"].endswith("is left blank: not held here")
    assert "filled in beforehand with 0; the figure here is 600,000" in by_hand["sheet '5. Income', cell C7"]
    assert shown.rows("What the checkers would still say No to. Rows 1 to")
    shown.put({"Page of cells to be written": 2})
    assert shown.rows("What would be written, amounts in £. Rows 51 to")[0] != table[0]


def test_a_required_comment_is_told_before_it_is_filled(tmp_path: Path) -> None:
    pool, layout = pool_of(tmp_path, TOWN.replace("2023/24", "2015/16")), variant("quarterly-2015-17")
    imported(pool, tmp_path, spent("ref-care", "250000.50", "care", "2015-05-10"))
    shown = Shown("returns", tmp_path / DB, MANAGER).put({"Quarter": 1, "Return": "quarterly-2015-17"})
    shown = handed(shown, BLANK, make_official(tmp_path / "quarter.xlsx", layout, 3))
    found = shown.rows("What the checkers would still say No to. Rows 1 to")
    asked = [row for row in found if "actual expenditure of Q1 is £250,000.50" in row[1]]
    assert asked
    assert all("a comment is required, and the box 'Please comment if' is blank" in row[1] for row in asked)
    assert {row[2] for row in asked} == {"Say in the box for it why the figure differs."}


@pytest.mark.parametrize(
    ("name", "content"), [("empty.xlsx", b""), ("photo.xlsx", b"\x89PNG"), ("old.xlsx", b"\xd0\xcf\x11\xe0")]
)
@pytest.mark.parametrize("label", [BLANK, FILLED])
def test_a_file_that_is_no_workbook_is_told_in_the_commands_own_sentence(
    books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], label: str, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    shown = handed(at(books), label, tmp_path / name)
    run(["check-return", "year-end", str(tmp_path / name), "--alone"])
    sentence = capsys.readouterr().err.splitlines()[-1]
    assert "1 thing to put right" in shown.said
    assert name in sentence
    assert sentence in shown.text


def test_another_workbook_our_own_layout_and_a_filled_one_are_refused_in_sentences(
    books: Path, made: Path, tmp_path: Path
) -> None:
    assert "is not the workbook of year-end" in handed(at(books), BLANK, LOOKALIKE).text
    assert "fill the blank workbook" in handed(at(books), BLANK, made / "filled.xlsx").text
    export_own_layout(pool_at(books), variant("year-end"), tmp_path / "own.xlsx")
    assert "is pooledfund's own layout of year-end" in handed(at(books), FILLED, tmp_path / "own.xlsx").text


def test_our_own_layout_is_written_when_it_is_asked_for_and_says_where_it_does_not_cast(
    books: Path, tmp_path: Path
) -> None:
    shown = at(books)
    assert shown.downloads == []
    shown.press(OWN)
    assert shown.downloads == ["Our own layout (Excel)"]
    pool_of(tmp_path, TOWN.replace("2023/24", "2025/26").replace("source: dfg", "source: social_care_capital"))
    shown = Shown("returns", tmp_path / DB, MANAGER).put({"Return": "quarterly-2025-26"})
    shown.press(OWN)
    assert "It cannot be written in our own layout: 1 thing to put right." in shown.said
    assert "quarterly-2025-26: Planned Income does not cast: its rows come to" in shown.text


def test_a_name_of_a_file_is_shown_letter_for_letter(books: Path, made: Path) -> None:
    shown = handed(at(books), BLANK, made / "blank.xlsx", "<b>=cmd *x*.xlsx")
    assert "&lt;b&gt;=cmd *x*.xlsx" in shown.markup


def test_a_filled_workbook_is_complete_by_the_books_and_by_itself_and_a_blank_one_neither(
    books: Path, made: Path
) -> None:
    shown = handed(at(books), FILLED, made / "filled.xlsx")
    assert "Complete Template: all 12 checks say Yes." in shown.text
    assert {row[1] for row in shown.rows("What was looked at: Complete Template")} == {"● Yes"}
    assert "Every figure is that of the books." in shown.text
    shown = handed(shown, FILLED, made / "blank.xlsx")
    assert "Incomplete Template: 1 of 12 checks says No." in shown.text
    found = shown.rows("What was found. Rows 1 to 22 of 22")
    assert found[0][1].endswith("is blank")
    assert {row[2] for row in found} == {"Fill each cell, or fill the blank workbook again from the books."}
    differ = shown.rows("Cells that differ from the books, in £.")
    assert ["nothing", "600,000"] in [row[2:] for row in differ]
    shown.put({"How it is checked": ALONE})
    assert "Incomplete Template: 1 of 10 checks says No." in shown.text
    assert "Cells that differ" not in shown.markup


def test_a_return_is_recorded_once_with_who_when_and_its_digest(books: Path, made: Path) -> None:
    shown = submitted(at(books), made / "filled.xlsx")
    digest = hashlib.sha256((made / "filled.xlsx").read_bytes()).hexdigest()
    (sent,) = submissions(pool_at(books))
    assert f"filled.xlsx is registered as year-end for M3, event {sent.event}, from the books at event" in shown.said
    assert digest in shown.said
    assert (sent.digest, sent.who, sent.month) == (digest, MANAGER.replace("_", "-"), 3)
    (row,) = shown.rows("Returns that were submitted. Rows 1 to 1 of 1")
    assert row[1:3] == ["Better Care Fund year-end return year-end to M3", f"filled.xlsx SHA-256 {digest[:12]}…"]
    assert row[5:] == ["Exampleshire Council: not yet NHS Exampleshire ICB: not yet", "nobody yet"]
    assert shown.rows("National returns of the year")[1][2] == "▲ submitted late"
    # The form was drawn anew: the second of two clicks finds no file in it, and the file itself is known.
    assert "no workbook is chosen" in shown.press("Record as submitted").said
    assert f"registered as year-end for M3 already, by pooled-fund-manager as event {sent.event}" in (
        submitted(shown, made / "filled.xlsx").said
    )
    assert len(submissions(pool_at(books))) == 1


def test_a_return_is_not_recorded_without_a_file_a_tick_or_a_reason(books: Path, made: Path, tmp_path: Path) -> None:
    before = books.read_bytes()
    shown = at(books)
    assert "no workbook is chosen" in shown.press("Record as submitted").said
    shown = submitted(at(books), made / "filled.xlsx", **{"This is the workbook": False})
    assert "tick the box" in shown.said
    shown = submitted(at(books, quarter=2), made / "blank.xlsx")
    assert "does not show the figures of the books and is not registered" in shown.said
    assert books.read_bytes() == before
    shown = submitted(at(books), made / "blank.xlsx", **{"Why it differs": "sent blank, by agreement"})
    assert "cells differ from the books, with your reason" in shown.said
    assert "sent blank, by agreement" in shown.rows("Returns that were submitted")[0][4]


def test_an_approval_that_comes_later_stands_in_the_register(books: Path, made: Path) -> None:
    shown = submitted(at(books), made / "filled.xlsx")
    shown.typed({"Body": "Health and Wellbeing Board", "Minute": "item 7"}).press("Record the approval")
    assert "Approved on: choose a day" in shown.said
    shown.typed({"Approved on": "2024-07-01"}).press("Record the approval")
    assert "Health and Wellbeing Board approved filled.xlsx" in shown.said
    assert shown.rows("Returns that were submitted")[0][6] == "Health and Wellbeing Board on 01/07/2024, item 7"


def test_a_sent_return_is_the_very_file_again_though_later_postings_change_its_figures(books: Path, made: Path) -> None:
    submitted(at(books), made / "filled.xlsx")
    event = submissions(pool_at(books))[0].event
    run(["import-actuals", str(EXAMPLE / "actuals_q2.csv"), "--db", str(books)])
    run(["receive", str(EXAMPLE / "receipts_q2.csv"), "--db", str(books)])
    before = books.read_bytes()
    shown = at(books, "auditor").put({"Return to work out again": event})
    assert "the same figures, every one." in shown.text
    assert hashlib.sha256((made / "filled.xlsx").read_bytes()).hexdigest() in shown.text
    shown = handed(shown, "Blank official workbook, to fill it again", made / "blank.xlsx")
    shown = handed(shown, "File that was sent", made / "filled.xlsx")
    assert "It is the very file that was sent, byte for byte" in shown.said
    shown = handed(shown, "File that was sent", made / "blank.xlsx")
    assert "is not the file that was registered at event" in shown.text
    assert books.read_bytes() == before


def test_each_role_is_offered_what_it_may_and_reads_why_not(books: Path, made: Path) -> None:
    submitted(at(books), made / "filled.xlsx")
    offered = {
        role: (len(shown.app.get("file_uploader")), shown.buttons, "may not take copies" in shown.text)
        for role in (MANAGER, LEAD, "partner_finance", "auditor", READER, "scheme_manager")
        for shown in [at(books, role)]
    }
    takes_copies: tuple[int, list[str], bool] = (2, [OWN], False)
    reads: tuple[int, list[str], bool] = (1, [], True)
    assert offered == {
        MANAGER: (3, [OWN, "Record as submitted", "Record the approval"], False),
        LEAD: takes_copies,
        "partner_finance": takes_copies,
        "auditor": takes_copies,
        READER: reads,
        "scheme_manager": reads,
    }
    shown = at(books, READER)
    assert shown.rows("Returns that were submitted")
    assert shown.field("How it is checked").options == [ALONE]
    assert "Complete Template" in handed(shown, FILLED, made / "filled.xlsx").text
    assert "Returns cannot be shown." in Shown("returns", books, "administrator").text
