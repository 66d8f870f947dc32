"""The Reconcile page: the command line's statements; runs looked at, then kept; matching, signing, two at once."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from books_for_pages import document, exampleshire_books, run
from ledgers.place import place_of
from pooledfund.access import Actor, Role
from pooledfund.control.reconciling.matching_by_hand import match_by_hand
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.remarks import note
from pooledfund.pool import Pool
from shown import LEAD, MANAGER, READER, Shown

HEADER = "effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description\n"
LEDGER = "reconcile icb M3:file:0"


def row(reference: str, pounds: str, day: str, words: str = "") -> str:
    return f"{day},{day},,S5,icb,ledger,{reference},{pounds},0.00,0.00,{pounds},{words}\n"


THEIRS = (
    HEADER
    + row("I-Q1-S5", "480000.00", "2023-06-30")
    + row("CLINIC-A", "20000.00", "2023-06-01", "=1+1 *clinics* ![x](http://x.example)")
    + row("CLINIC-B", "7500.00", "2023-06-12")
)
"""The quarter's recharge agrees; two clinics are one accrual of ours that no pass can find."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q1")


@pytest.fixture
def books(made: Path, tmp_path: Path) -> Path:
    """Books of the first quarter in which nothing is reconciled yet."""
    books = tmp_path / "exampleshire.db"
    books.write_bytes(made.read_bytes())
    return books


@pytest.fixture
def reconciled(books: Path, tmp_path: Path) -> Path:
    """The same, reconciled with the ICB's ledger to M3."""
    theirs = tmp_path / "icb_m3.csv"
    theirs.write_text(THEIRS, encoding="utf-8")
    run(["reconcile", "icb", "--month", "M3", "--their", str(theirs), "--db", str(books)])
    return books


def shown(books: Path, role: str = MANAGER, login: str | None = None) -> Shown:
    return Shown("reconcile", books, role, login, partner="icb")


def pool_at(books: Path, name: str) -> Pool:
    return Pool.open(place_of(str(books)), None, Actor(name, Role.POOLED_FUND_MANAGER))


def box(page: Shown, words: str) -> Any:  # noqa: ANN401 - a checkbox of Streamlit's tests
    return next(each for each in page.app.checkbox if words in each.label.replace("\\", ""))


def tick(page: Shown, *words: str) -> Shown:
    for each in words:
        box(page, each).check()
        page.run()
    return page


def boxes(page: Shown) -> list[str]:
    return [each.label.replace("\\", "").strip() for each in page.app.checkbox]


def with_ledger(books: Path, text: str = THEIRS, role: str = MANAGER) -> Shown:
    page = shown(books, role)
    page.app.file_uploader(key=LEDGER).set_value(("icb_m3.csv", text.encode(), "text/csv"))
    return page.run()


def test_what_the_passes_would_match_is_shown_before_it_is_kept_once(books: Path) -> None:
    page = shown(books)
    assert "The ledger of NHS Exampleshire ICB to M3 (June) was not given yet." in page.text
    assert not page.app.checkbox
    before = pool_at(books, "ann").books.head()
    page = with_ledger(books)
    passes = {each[0]: each[1:3] for each in page.rows("What the passes would match")}
    assert passes["exact"] == ["0", "1"]
    assert passes["Total"] == ["0", "1"]
    assert len(passes) == 13
    left = "It would leave open 2 lines of the ledger (£27,500.00) and 1 entry of the books (£27,500.00)."
    assert left in page.text
    assert [each[4] for each in page.rows("Matches that would be new")] == ["480000.00"]
    assert pool_at(books, "ann").books.head() == before
    page.press("Keep this run: 1 matches")
    assert "icb_m3.csv is reconciled to M3: 1 matches" in page.said
    assert document(["reconcile", "icb", "--month", "M3", "--db", str(books), "--json"])["run_event"]
    assert "This is the run of event" in with_ledger(books).text


def test_a_run_that_changed_while_it_was_looked_at_is_not_kept_and_its_file_stays(books: Path) -> None:
    page = with_ledger(books)
    late = row("I-LATE", "1.00", "2023-06-29")
    extract = books.with_name("late.csv")
    extract.write_text(HEADER + late, encoding="utf-8")
    run(["reopen", "M3", "--reason", "late invoice", "--db", str(books)])
    run(["import-actuals", str(extract), "--db", str(books)])
    page.press("Keep this run: 1 matches")
    assert "have changed since you looked: nothing was kept" in page.said
    assert "2 entries of the books" in page.text
    page.press("Keep this run: 1 matches")
    assert "is reconciled to M3" in page.said


@pytest.mark.parametrize("content", [b"", b"Dear treasurer,\nsee attached.\n", b"\x89PNG\x00\x00"])
def test_a_file_that_is_no_ledger_is_told_in_sentences(books: Path, content: bytes) -> None:
    page = shown(books)
    page.app.file_uploader(key=LEDGER).set_value(("icb.csv", content, "text/csv"))
    page.run()
    assert "Nothing would be kept." in page.app.error[0].value
    assert not [each for each in page.buttons if each.startswith("Keep")]


def test_the_statement_is_the_command_lines_and_casts(reconciled: Path) -> None:
    found = document(["reconcile", "icb", "--month", "M3", "--db", str(reconciled), "--json"])
    page = shown(reconciled)
    rows = page.rows("From their figure to ours")
    assert rows[0][-1] == found["statement"]["their_figure"]
    assert rows[-1][-1] == found["statement"]["our_figure"]
    assert [each[-1] for each in rows[1:-1]] == [each["difference"] for each in found["statement"]["steps"]]
    assert sum(Decimal(each[-1]) for each in rows[:-1]) == Decimal(rows[-1][-1])
    outcomes = {each[0].lstrip("●▲■ "): each[1:] for each in page.rows("What came of every line")}
    for outcome, of in found["outcomes"].items():
        assert outcomes[outcome][:3] == [str(of["items"]), of["ours"], of["theirs"]]
    assert page.rows("By line and month")[-1][2:] == outcomes["Total"][1:]
    assert [
        each[1].lstrip("▲ ") for each in page.rows("Reconciliations") if each[0] == "NHS Exampleshire ICB, ledger"
    ] == ["3 open £0.00 between their figure and ours"]


def test_lines_chosen_on_both_sides_are_matched_with_a_reason_once_and_undone(reconciled: Path) -> None:
    page = tick(shown(reconciled), "CLINIC-A", "I-ACC-06")
    assert "The selection differs by £7,500.00: the books have more." in page.text
    assert "Ledger: 1 chosen, £20,000.00. Books: 1 chosen, £27,500.00." in page.text
    tick(page, "CLINIC-B")
    assert "The selection agrees: £27,500.00 on both sides." in page.text
    page.press("Match")
    assert "a match by hand has a reason" in page.said
    page.put({"Reason": "two clinics, one accrual"})
    stale = next(each for each in page.app.button if each.label == "Match")
    page.press("Match")
    assert "3 items are matched, as m-" in page.said
    assert next(each for each in page.app.button if each.label == "Match").id != stale.id
    assert "Nothing is selected." in page.text
    assert page.field("Reason").value == ""
    assert not position(pool_at(reconciled, "ann"), "icb", 3).open_items
    tick(page, "by hand")
    page.put({"Reason": "another clinic after all"}).press("Undo match")
    assert "its lines are open again" in page.said
    assert len(position(pool_at(reconciled, "ann"), "icb", 3).open_items) == 3


def test_lines_that_differ_become_one_item_that_stays_open(reconciled: Path) -> None:
    page = tick(shown(reconciled), "CLINIC-A", "I-ACC-06").put({"Reason": "a part of it"}).press("Match")
    assert "Its amounts differ by £7,500.00: it stays open." in page.said
    assert any("against £20,000.00, differs by £7,500.00" in each for each in boxes(page))


def test_an_item_is_noted_and_disputed_and_says_so_beside_it(reconciled: Path) -> None:
    page = tick(shown(reconciled), "CLINIC-B")
    page.put({"Reason": "asked *the* clinic", "Owner of a note": "scheme_manager"}).press("Note")
    assert "is noted: event" in page.said
    assert "Note: asked *the* clinic (with the scheme manager)" in boxes(page)[1]
    tick(page, "CLINIC-B").put({"Reason": "not ordered"}).press("Dispute")
    assert any("Disputed: not ordered. Note: asked *the* clinic" in each for each in boxes(page))
    assert "Disputed: not ordered" in page.table("From their figure to ours")
    tick(page, "CLINIC-A", "CLINIC-B").put({"Reason": "both"}).press("Dispute")
    assert "choose one item to dispute: 2 are chosen" in page.said


def test_words_of_a_ledger_are_no_markup_of_the_page(reconciled: Path) -> None:
    page = shown(reconciled)
    label = box(page, "CLINIC-A").label
    assert "![x](" not in label
    assert "=1+1 *clinics* ![x](http://x.example)" in boxes(page)[0].replace("\u2060", "")
    assert "<img" not in page.markup


def test_who_was_slower_is_told_who_was_first_and_loses_no_word(reconciled: Path) -> None:
    ann = tick(shown(reconciled, login="ann"), "CLINIC-A", "I-ACC-06").put({"Reason": "half of it"})
    items = [each.id for each in position(pool_at(reconciled, "bob"), "icb", 3).open_items]
    made = match_by_hand(pool_at(reconciled, "bob"), "icb", 3, items, "one order")
    ann.press("Match")
    assert f"is matched already, as {made}, by bob on" in ann.said
    warning = str(ann.app.warning[0].value).replace("\\", "")
    assert "Changed while you were at it, and taken out of your choice:" in warning
    assert "Nothing is selected." in ann.text
    assert ann.field("Reason").value == "half of it"
    assert shown(reconciled, login="ann").field("Reason").value == "half of it"


def test_a_newer_word_on_an_item_is_read_before_another_is_said(reconciled: Path) -> None:
    ann = tick(shown(reconciled, login="ann"), "CLINIC-A").put({"Reason": "not ours"})
    item = next(each.id for each in position(pool_at(reconciled, "bob"), "icb", 3).open_items if each.theirs)
    note(pool_at(reconciled, "bob"), item, "credit asked for", "partner_finance")
    ann.press("Dispute")
    assert f"{item} was changed by bob" in ann.said
    assert any("credit asked for" in each for each in boxes(ann))
    ann.press("Dispute")
    assert f"{item} is disputed" in ann.said


def test_lists_are_filtered_ordered_and_turned_on_the_server(books: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "many.csv"
    many = "".join(row(f"X-{place:02}", f"{place}.50", f"2023-05-{place:02}") for place in range(1, 31))
    theirs.write_text(HEADER + many, encoding="utf-8")
    run(["reconcile", "icb", "--month", "M3", "--their", str(theirs), "--db", str(books)])
    page = shown(books)
    ledger = [each for each in boxes(page) if "X-" in each]
    assert len(ledger) == 12
    assert "X-01" in ledger[0]
    page.put({"Order": "largest first"})
    assert "X-30" in next(each for each in boxes(page) if "X-" in each)
    tick(page, "X-30")
    page.put({"Page of the ledger": 3})
    assert [each for each in boxes(page) if "X-" in each][-1].startswith("£1.50")
    tick(page, "X-01")
    assert "Ledger: 2 chosen, £32.00." in page.text
    page.put({"From £": "5", "To £": "7.5"})
    assert [each.split("·")[2].strip() for each in boxes(page) if "X-" in each] == ["X-07", "X-06", "X-05"]
    page.put({"From £": "a pound"})
    assert "The amounts are not looked at" in page.text
    page.put({"From £": "", "To £": "", "Reference, line": "x-2"})
    assert len([each for each in boxes(page) if "X-" in each]) == 10
    assert "Ledger: 2 chosen, £32.00." in page.text
    page.put({"Reference, line": "nowhere"})
    assert "Nothing open is like that." in page.text
    page.press("Clear the choice")
    assert "Nothing is selected." in page.text


def test_two_people_sign_what_is_shown_and_a_change_is_seen(reconciled: Path) -> None:
    ann = shown(reconciled, login="ann").press("Sign as preparer")
    assert "reconciliation/icb/M3 prepared by ann" in ann.said
    ann.press("Sign as reviewer")
    assert "Not done" in ann.said
    bob = shown(reconciled, login="bob").press("Sign as reviewer")
    assert "reconciliation/icb/M3 reviewed by bob" in bob.said
    signed = next(each for each in bob.rows("Reconciliations") if each[0] == "NHS Exampleshire ICB, ledger")
    assert signed[2].startswith("ann, event")
    assert signed[3].startswith("bob, event")
    item = next(each.id for each in position(pool_at(reconciled, "ann"), "icb", 3).open_items)
    note(pool_at(reconciled, "ann"), item, "asked", "partner_finance")
    assert "changed since: to be signed again" in shown(reconciled).table("Reconciliations")
    bob.press("Sign as reviewer")
    assert "has changed since you read it: nothing was signed" in bob.said


def test_contributions_due_are_the_command_lines_and_cast(books: Path) -> None:
    found = document(["reconcile", "--contributions", "--month", "M3", "--db", str(books), "--json"])
    page = shown(books, "auditor").put({"What to reconcile": "contributions"})
    *rows, total = page.rows("Contributions due against received")
    names = ("due", "invoiced", "received", "late", "timing")
    assert [each[1:] for each in rows] == [[of[name] for name in names] for of in found["contributions"]]
    for place in range(1, 6):
        assert sum(Decimal(each[place]) for each in rows) == Decimal(total[place])
    statement = page.rows("From what is due to what was received")
    assert sum(Decimal(each[-1]) for each in statement[:-1]) == Decimal(statement[-1][-1])


def test_contributions_are_signed_by_two_people(books: Path) -> None:
    ann = shown(books, login="ann").put({"What to reconcile": "contributions"}).press("Sign as preparer")
    assert "contributions/M3 prepared by ann" in ann.said
    lead = shown(books, LEAD, "lee").put({"What to reconcile": "contributions"})
    assert [each for each in lead.buttons if each.startswith("Sign as")] == ["Sign as reviewer"]
    lead.press("Sign as reviewer")
    assert "contributions/M3 reviewed by lee" in lead.said
    row = next(each for each in lead.rows("Reconciliations") if each[0] == "Contributions due against received")
    assert (row[2][:3], row[3][:3]) == ("ann", "lee")


def test_balances_are_stated_held_against_the_books_and_signed(books: Path) -> None:
    page = shown(books).put({"What to reconcile": "balances"})
    assert "has stated no balances at the end of M3 (June) yet." in page.text
    page.press("Hold them against the books")
    assert "no figure is given" in page.said
    page.typed({"Their receivable": "1,000.50", "Their income": "a lot"}).press("Hold them against the books")
    assert "their income, our expenditure" in page.said
    page.typed({"Their receivable": "1,000.50", "Their income": "480,000"}).press("Hold them against the books")
    assert "What icb states of M3 stands" in page.said
    call = ["reconcile", "icb", "--balances", "--month", "M3", "--db", str(books), "--json"]
    found = document(call)["figures"]
    rows = page.rows("Agreement of balances")
    assert [each[1:3] for each in rows] == [[of["theirs"], of["ours"]] for of in found]
    assert [each[5].lstrip("●▲■ ") for each in rows] == [of["state"] for of in found]
    for heading, of in zip(("receivable", "income"), found, strict=True):
        statement = page.rows(f"From their {heading} to ours")
        assert sum(Decimal(each[1]) for each in statement[:-1]) == Decimal(statement[-1][1]) == Decimal(of["ours"])
    page.press("Sign as preparer")
    assert "balances/icb/M3 prepared by" in page.said


@pytest.mark.parametrize("role", ["auditor", READER, "scheme_manager"])
def test_who_only_reads_has_tables_and_no_button(reconciled: Path, role: str) -> None:
    page = shown(reconciled, role)
    assert [each[4] for each in page.rows("Ledger of NHS Exampleshire ICB, not matched")] == ["20000.00", "7500.00"]
    assert [each[4] for each in page.rows("Entries of the books, not matched")] == ["27500.00"]
    assert [each[4:] for each in page.rows("Matches")] == [["480000.00", "480000.00", "0.00"]]
    assert not page.buttons
    assert not page.app.checkbox
    assert "You read this and do not sign it" in page.text


def test_partner_finance_sees_its_own_ledger_alone(reconciled: Path) -> None:
    page = shown(reconciled, "partner_finance")
    assert page.field("With which partner").options == ["Exampleshire Council"]
    assert "CLINIC" not in page.text
    assert [each[0] for each in page.rows("Reconciliations")] == [
        "Exampleshire Council, ledger", "Exampleshire Council, balances", "Contributions due against received",
    ]  # fmt: skip
    assert page.field("Ledger of Exampleshire Council")


def test_an_administrator_reads_no_reconciliation(reconciled: Path) -> None:
    page = shown(reconciled, "administrator")
    assert "Reconcile cannot be shown." in page.text
    assert "480" not in page.text
