"""The Import page: a guessed map, the same file again, faults at once, suspense cleared, who may do what."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from books_for_pages import as_json, run
from ledgers.place import place_of
from pages import again, exact, opened, rows, table, text
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.intake.kept_maps import keep_map, kept_text, map_of
from pooledfund.intake.learning import assigned, learn
from pooledfund.intake.maps import MapRefused
from pooledfund.pool import Pool
from pools import MANAGER
from year_of_exampleshire import EXAMPLE

MANAGES = "pooled_fund_manager"
LEDGER = EXAMPLE / "ledgers" / "council_m7.csv"
UPLOAD = "bring a file in:file:0"
POST = "bring a file in:post:0"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    books = tmp_path / "exampleshire.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    return books


def said(app: AppTest) -> str:
    """What the page says of the last thing done, its marks taken off."""
    return str(app.success[0].value).replace("\\", "")


def pool_at(books: Path) -> Pool:
    return Pool.open(place_of(str(books)), None, MANAGER)


def with_file(books: Path, name: str, content: bytes, role: str = MANAGES) -> AppTest:
    app = opened("import", books, role)
    app.file_uploader(key=UPLOAD).set_value((name, content, "text/csv"))
    return again(app, books, role)


def test_a_guessed_map_shows_what_it_would_post_and_posts_it_once(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    shown = text(app)
    assert "the header is row 3" in shown
    assert len(rows(table(app, "Codes of the file"))) == 3
    app.selectbox(key="bring a file in:code CC4911:0").set_value("S4")
    again(app, books, MANAGES)
    before = table(app, "What it would post")
    total = exact(before)[-1]
    app.button(key=POST).click()
    again(app, books, MANAGES)
    assert "council_m7.csv is batch 1: 6 entries posted." in said(app)
    found = as_json("monitor", "Q3", books, "exampleshire-2023-24")
    assert {line["scheme"]: line["actual_to_date"] for line in found["lines"]}["S4"] == "2637.54"
    batch = pool_at(books).books.batches()
    assert [each.batch.control_total_pence for each in batch] == [int(total.replace(".", ""))]
    assert kept_text(pool_at(books), "council") is not None
    seen = with_file(books, LEDGER.name, LEDGER.read_bytes())
    assert "This is batch 1 again, the very same file." in text(seen)
    assert seen.radio(key="bring a file in:way:0").value == "the map kept for this partner"


def test_a_control_total_that_differs_keeps_everything_out(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    app.text_input(key="bring a file in:total:0").set_value("1.00")
    again(app, books, MANAGES)
    assert "Nothing is posted" in app.error[0].value
    assert not [each for each in app.button if each.label.startswith("Post")]
    app.text_input(key="bring a file in:total:0").set_value("a pound")
    again(app, books, MANAGES)
    assert "control total" in text(app)
    assert pool_at(books).books.batches() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("photo.xlsx", b"\x89PNG"),
        ("words.csv", b"Dear treasurer,\nsee attached.\n"),
        ("=cmd.csv", b"\x00\x00\x00"),
    ],
)
def test_a_file_that_is_no_extract_is_told_in_sentences(books: Path, name: str, content: bytes) -> None:
    app = with_file(books, name, content)
    assert "Nothing is posted" in app.error[0].value
    assert not app.exception
    assert pool_at(books).books.batches() == []


def test_suspense_is_cleared_and_given_to_an_owner_at_the_page(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    app.button(key=POST).click()
    again(app, books, MANAGES)
    waiting = rows(table(app, "In suspense"))
    assert len(waiting) == 3
    app.text_input(key="give an item:owner:0").set_value("Council finance")
    next(each for each in app.button if each.label == "Give to the owner").click()
    again(app, books, MANAGES)
    assert "is with Council finance" in said(app)
    app.text_input(key="clear an item:reason:0").set_value("the code's line, by the budget book")
    next(each for each in app.button if each.label == "Clear to the line").click()
    again(app, books, MANAGES)
    assert "is cleared to S1" in said(app)
    assert len(rows(table(app, "In suspense"))) == 2


def test_a_file_of_our_own_columns_is_read_as_it_stands_at_once(books: Path) -> None:
    plain = EXAMPLE / "actuals_q1.csv"
    app = with_file(books, plain.name, plain.read_bytes())
    assert app.radio(key="bring a file in:way:0").value == "our own columns"
    assert "the header is row" not in text(app)
    assert table(app, "What it would post")


def test_a_code_that_was_cleared_is_placed_by_the_kept_map_from_then_on_where_it_is_asked_for(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    app.button(key=POST).click()
    again(app, books, MANAGES)
    tick = next(each for each in app.checkbox if "place CostC RE20" in each.label)
    tick.set_value(True)
    app.selectbox(key="clear an item:scheme:0").set_value("S4")
    app.text_input(key="clear an item:reason:0").set_value("by the budget book")
    again(app, books, MANAGES)
    next(each for each in app.button if each.label == "Clear to the line").click()
    again(app, books, MANAGES)
    assert "The next extract has its code on S4." in said(app)
    kept = kept_text(pool_at(books), "council")
    assert kept is not None
    assert {"CostC": "RE20"} in [each.match for each in map_of(pool_at(books), kept).lines if each.scheme == "S4"]
    row = b"719999,1,PI,RE20,Reablement,09/10/2023,Another,10.00,0.00,0.00\nTotal,,,,,,,91578.04,"
    longer = LEDGER.read_bytes().replace(b"Total,,,,,,,91568.04,", row)
    seen = with_file(books, LEDGER.name, longer)
    assert seen.radio(key="bring a file in:way:0").value == "the map kept for this partner"
    (placed,) = [row for row in rows(table(seen, "What it would post")) if "S4" in row]
    assert exact(placed)[0] == "10.00"


def test_figures_that_came_in_are_shown_and_the_manager_agrees_none(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    app.button(key=POST).click()
    again(app, books, MANAGES)
    app.selectbox(key="quarter").set_value(3)
    again(app, books, MANAGES)
    assert "received" in table(app, "Whose figures are in")
    assert not [each for each in app.button if each.label == "Agree"]


def test_who_may_not_import_sees_no_way_to(books: Path) -> None:
    app = opened("import", books, "auditor")
    assert not app.button
    assert "No file came in yet." in text(app)


def test_a_kept_map_is_checked_and_kept_once(books: Path) -> None:
    pool = pool_at(books)
    learnt = learn(LEDGER, pool.agreement, "council")
    ledger_map = assigned(learnt.map, learnt.code_column, {"CC4911": "S4"})
    assert keep_map(pool, "council", ledger_map) == pool.books.head().number
    assert keep_map(pool, "council", ledger_map) is None
    text = kept_text(pool, "council")
    assert text is not None
    assert map_of(pool, text) == ledger_map
    with pytest.raises(MapRefused):
        map_of(pool, text.replace("S4", "S9"))
    icb = Pool(pool._ledger, Actor("someone", Role.PARTNER_FINANCE, "icb"), pool.clock)
    with pytest.raises(NotAllowed):
        keep_map(icb, "council", ledger_map)
    assert kept_text(pool, "council", as_of=1) is None


def test_words_of_a_file_are_no_markup_of_the_page(books: Path) -> None:
    hostile = LEDGER.read_text(encoding="utf-8").replace("CC4911", "![x](http://x.example/p.png)")
    app = with_file(books, LEDGER.name, hostile.encode())
    label = next(each.label for each in app.selectbox if "png" in each.label)
    assert "![x](" not in label
    assert r"\!\[x\]\(" in label


def test_who_may_not_post_is_offered_no_clearing_of_suspense(books: Path) -> None:
    run(["import-actuals", str(LEDGER), "--map", str(_map_without_lines(books)), "--db", str(books)])
    offered = {role: _clears(opened("import", books, role)) for role in (MANAGES, "partner_finance", "board_reader")}
    assert offered == {MANAGES: True, "partner_finance": False, "board_reader": False}


def _map_without_lines(books: Path) -> Path:
    target = books.with_name("map.yaml")
    run(["learn-map", str(LEDGER), "--of", "council", "-o", str(target), "--db", str(books)])
    return target


def _clears(app: AppTest) -> bool:
    assert "In suspense" in text(app)
    return any(button.label == "Clear to the line" for button in app.button)


ODD = """Town Council,,,,
Ledger run 12,,,,
,,,,
Wann,Beleg,Stelle,Soll,Haben,Was
2023-04-05,B1,K1,,1000.00,Carers' visits
2023-05-09,B2,K1,,250.50,Carers' visits
2023-05-31,B3,K1,100.00,,Credit for a visit
Total,,,100.00,1250.50,
"""


def test_a_file_that_no_guess_reads_is_read_by_the_columns_that_a_person_chooses(books: Path) -> None:
    app = with_file(books, "odd.csv", ODD.encode())
    assert "Nothing is posted" in app.error[0].value
    assert "Choose 'columns that I choose' above" in text(app)
    assert "Ledger run 12" in table(app, "Rows of the file as they stand")
    app.radio(key="bring a file in:way:0").set_value("columns that I choose")
    again(app, books, MANAGES)
    assert "row 1 does not name three columns" in text(app)
    app.number_input(key="bring a file in:header row:0").set_value(4)
    again(app, books, MANAGES)
    under = "bring a file in:{} under row 4:0".format
    assert app.selectbox(key=under("day")).options == ["Wann", "Beleg", "Stelle", "Soll", "Haben", "Was"]
    app.selectbox(key=under("day")).set_value("Wann")
    app.multiselect(key=under("reference")).set_value(["Beleg"])
    app.selectbox(key=under("code")).set_value("Stelle")
    app.radio(key=under("amounts")).set_value("a debit and a credit column")
    again(app, books, MANAGES)
    app.selectbox(key=under("debit")).set_value("Haben")
    app.selectbox(key=under("credit")).set_value("Soll")
    app.selectbox(key=under("words")).set_value("Was")
    again(app, books, MANAGES)
    assert exact(table(app, "Codes of the file")) == ["1150.50"]
    app.selectbox(key="bring a file in:code K1:0").set_value("S4")
    again(app, books, MANAGES)
    app.button(key=POST).click()
    again(app, books, MANAGES)
    assert "odd.csv is batch 1: 3 entries posted." in said(app)
    found = as_json("monitor", "Q1", books, "exampleshire-2023-24")
    assert {line["scheme"]: line["actual_to_date"] for line in found["lines"]}["S4"] == "1150.50"
    kept = kept_text(pool_at(books), "council")
    assert kept is not None
    assert "debit: Haben" in kept


def test_signs_are_turned_where_spend_stands_as_a_minus(books: Path) -> None:
    lines = "".join(f"05/04/2023,V{number},CC1,-{number}.00\n" for number in range(1, 4))
    app = with_file(books, "turned.csv", f"posted,voucher no,cost centre,amount\n{lines}".encode())
    app.radio(key="bring a file in:way:0").set_value("columns that I choose")
    again(app, books, MANAGES)
    under = "bring a file in:{} under row 1:0".format
    assert app.selectbox(key=under("amount")).value == "amount"
    assert exact(table(app, "Codes of the file")) == ["-6.00"]
    app.checkbox(key=under("turned")).set_value(True)
    again(app, books, MANAGES)
    assert exact(table(app, "Codes of the file")) == ["6.00"]


def test_rows_of_the_file_are_shown_as_they_stand_from_wherever_one_asks(books: Path) -> None:
    app = with_file(books, LEDGER.name, LEDGER.read_bytes())
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    assert len(rows(table(app, "Rows of the file as they stand"))) == min(8, len(lines))
    app.number_input(key="bring a file in:row:0").set_value(len(lines))
    again(app, books, MANAGES)
    (last,) = rows(table(app, "Rows of the file as they stand"))
    assert lines[-1].split(",")[0] in last
    app.number_input(key="bring a file in:row:0").set_value(len(lines) + 1)
    again(app, books, MANAGES)
    assert "The file ends before row" in text(app)
