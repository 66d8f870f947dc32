"""Reconciling with a partner's ledger in real books: outcomes, casting, roll-forward, undoing, disputes, signatures."""

import hashlib
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledgers.refusals import LedgerRefusal
from ledgers.signing import Part
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.cli import main
from pooledfund.control.checklist import checklist
from pooledfund.control.matching.lines import Rules
from pooledfund.control.reconciling.matching_by_hand import match_by_hand
from pooledfund.control.reconciling.position import Position, position
from pooledfund.control.reconciling.remarks import dispute, note, undo
from pooledfund.control.reconciling.runs import RAN, USUAL, ReconciliationRefused, run_ledger
from pooledfund.control.reconciling.signing import sign, subject_of
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool
from pools import TOWN, as_actor, extract, imported, pool_of, spent, state_of

RECONCILED = TOWN + "close: {requires: [reconciled]}\n"


def by(pool: Pool, name: str) -> Pool:
    return Pool(pool._ledger, Actor(name, Role.POOLED_FUND_MANAGER), pool.clock)


def icb(reference: str, pounds: str, day: str = "2023-05-10", scheme: str = "rehab") -> list[str]:
    return spent(reference, pounds, scheme, day, partner="icb")


def ran(
    pool: Pool, folder: Path, month: int, *rows: list[str], rules: Rules = USUAL, name: str = "their.csv"
) -> Position:
    run_ledger(pool, "icb", month, extract(folder, *rows, name=name), rules=rules)
    return position(pool, "icb", month)


def signed(pool: Pool, partner: str, month: int, part: Part) -> None:
    sign(pool, subject_of(partner, month), partner, part, lambda: position(pool, partner, month).as_json())


def shape(found: Position) -> dict[str, int]:
    return {outcome: len(found.of(outcome)) for outcome in dict.fromkeys(each.outcome for each in found.items)}


def casts(found: Position) -> bool:
    return found.theirs_pence + sum(each.difference_pence for each in found.steps) == found.ours_pence


def test_every_outcome_is_told_and_the_statement_casts(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("INV-10001", "100.00"), icb("INV-10002", "250.05"), icb("INV-10003", "77.10"),
             icb("INV-10004", "5000.00", "2023-04-02"), spent("C-1", "9.00"))  # fmt: skip
    found = ran(
        pool, tmp_path, 3, icb("INV-10001", "100.00"), icb("INV-10002", "250.06", "2023-05-12"),
        icb("INV-10003", "77.01"), icb("INV-10009", "31.00", "2023-06-20"), spent("C-1", "9.00"),
        rules=Rules(tolerance_pence=1),
    )  # fmt: skip
    assert shape(found) == {
        "matched": 1, "matched within tolerance": 1, "amount differs": 1, "only ours": 1, "only theirs": 1,
    }  # fmt: skip
    assert (found.theirs_pence, found.ours_pence) == (458_07, 5427_15)
    assert {each.first.line.reference: each.difference_pence for each in found.steps} == {
        "INV-10002": -1, "INV-10003": 9, "INV-10004": 5000_00, "INV-10009": -31_00,
    }  # fmt: skip
    assert casts(found)
    assert {words: len(items) for words, items in found.ages().items() if items} == {
        "0 to 30 days": 1, "31 to 60 days": 1, "61 to 90 days": 1,
    }  # fmt: skip
    assert {(each.scheme, each.month): each.difference_pence for each in found.cells} == {
        ("rehab", 1): 5000_00, ("rehab", 2): 8, ("rehab", 3): -31_00,
    }  # fmt: skip
    assert pool.books.verify() == []


def test_open_items_roll_forward_and_matched_lines_of_the_year_to_date_are_not_matched_again(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    april, late = icb("A-1", "10.00", "2023-04-10"), icb("A-2", "20.00", "2023-04-29")
    imported(pool, tmp_path, april, name="m1.csv")
    first = ran(pool, tmp_path, 1, april, late, name="t1.csv")
    (waits,) = first.of("only theirs")
    imported(pool, tmp_path, icb("A-2", "20.00", "2023-05-02"), icb("B-1", "5.00"), name="m2.csv")
    second = ran(pool, tmp_path, 2, april, late, icb("B-1", "5.00"), name="t2.csv")
    assert shape(second) == {"matched": 2, "matched within tolerance": 1}
    assert [each.line.id for each in second.of("matched within tolerance")[0].theirs] == [waits.id]
    assert {each.id for each in first.of("matched")} < {each.id for each in second.of("matched")}
    assert [each.id for each in position(pool, "icb", 1).open_items] == [waits.id]


def test_a_file_of_one_month_leaves_the_lines_of_the_months_before(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00", "2023-04-10"), icb("B-1", "5.00"))
    ran(pool, tmp_path, 1, icb("A-1", "10.00", "2023-04-10"), name="t1.csv")
    path = extract(tmp_path, icb("B-1", "5.00"), name="t2.csv")
    run_ledger(pool, "icb", 2, path, only=(2,))
    assert shape(position(pool, "icb", 2)) == {"matched": 2}
    run_ledger(pool, "icb", 2, path)
    assert shape(position(pool, "icb", 2)) == {"matched": 1, "only ours": 1}


def test_two_equal_lines_are_two_lines_and_a_line_gone_from_their_ledger_opens_its_match(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"), icb("A-2", "10.00"))
    found = ran(pool, tmp_path, 2, icb("A-1", "10.00"), icb("A-1", "10.00"), name="t1.csv")
    assert found.theirs_pence == 20_00
    again = ran(pool, tmp_path, 2, icb("A-2", "10.00"), name="t2.csv")
    assert again.theirs_pence == 10_00
    assert [each.first.line.reference for each in again.of("only ours")] == ["A-1"]
    assert casts(again)


def test_the_same_run_again_records_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    ran(pool, tmp_path, 2, icb("A-1", "10.00"))
    before = state_of(pool)
    ran(pool, tmp_path, 2, icb("A-1", "10.00"))
    assert state_of(pool) == before


def test_a_match_is_undone_and_never_deleted_nor_made_again(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    (match,) = ran(pool, tmp_path, 2, icb("A-1", "10.00")).of("matched")
    matched = pool.books.head().number
    with pytest.raises(ReconciliationRefused, match="only with a reason"):
        undo(pool, match.id, " ")
    undo(pool, match.id, "another invoice")
    assert shape(position(pool, "icb", 2)) == {"only ours": 1, "only theirs": 1}
    assert shape(ran(pool, tmp_path, 2, icb("A-1", "10.00"))) == {"only ours": 1, "only theirs": 1}
    with pytest.raises(ChangedMeanwhile, match=r"was undone already, by manager on .*: its lines are open again"):
        undo(pool, match.id, "again")
    assert [each.id for each in position(pool, "icb", 2, matched).of("matched")] == [match.id]
    assert pool.books.events(kind=RAN)[0].payload["matches"] != []


def test_a_dispute_and_a_note_stay_with_the_item_and_are_read_as_of(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    (item,) = ran(pool, tmp_path, 2, icb("B-2", "7.00")).of("only ours")
    before = pool.books.head().number
    evidence = tmp_path / "invoice.txt"
    evidence.write_text("invoice", encoding="utf-8")
    dispute(pool, item.id, "not ordered by the ICB")
    note(pool, item.id, "credit asked for", "partner_finance", evidence)
    found = position(pool, "icb", 2)
    (disputed,) = found.of("disputed")
    assert (disputed.remark.disputed, disputed.remark.owner) == ("not ordered by the ICB", "partner_finance")
    assert disputed.remark.evidence_digest == hashlib.sha256(b"invoice").hexdigest()
    assert casts(found)
    assert position(pool, "icb", 2, before).of("disputed") == ()
    state = state_of(pool)
    with pytest.raises(ReconciliationRefused, match="is not a role"):
        note(pool, item.id, "credit asked for", "Jane Smith")
    with pytest.raises(ReconciliationRefused, match="cannot be read"):
        note(pool, item.id, "credit asked for", "auditor", tmp_path / "none.pdf")
    with pytest.raises(ReconciliationRefused, match="not an item"):
        dispute(pool, "t-nothing", "why")
    with pytest.raises(ReconciliationRefused, match="is not matched"):
        undo(pool, item.id, "why")
    assert state_of(pool) == state


def test_what_came_into_the_books_since_the_run_is_open(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    ran(pool, tmp_path, 2, icb("A-1", "10.00"))
    imported(pool, tmp_path, icb("A-2", "3.00"), name="more.csv")
    found = position(pool, "icb", 2)
    assert shape(found) == {"matched": 1, "only ours": 1}
    assert casts(found)


def test_two_people_sign_and_the_close_sees_it(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, RECONCILED)
    imported(pool, tmp_path, icb("A-1", "10.00"), spent("C-1", "4.00"))
    with pytest.raises(ReconciliationRefused, match="M3 is not reconciled"):
        signed(pool, "icb", 3, "prepared")
    for partner, rows in (("icb", [icb("A-1", "10.00")]), ("council", [spent("C-1", "4.00")])):
        run_ledger(pool, partner, 3, extract(tmp_path, *rows, name=f"{partner}.csv"))
        with pytest.raises(LedgerRefusal, match="nobody has prepared"):
            signed(by(pool, "bob"), partner, 3, "reviewed")
        signed(by(pool, "ann"), partner, 3, "prepared")
        state = state_of(pool)
        with pytest.raises(LedgerRefusal, match="was prepared by ann"):
            signed(by(pool, "ann"), partner, 3, "reviewed")
        assert state_of(pool) == state
        signed(by(pool, "bob"), partner, 3, "reviewed")
    (done,) = [each for each in checklist(pool, "Q1").items if each.id == "reconciled"]
    assert done.state == "done"
    assert "icb M3: prepared by ann, reviewed by bob" in done.evidence


def test_what_changed_after_it_was_prepared_is_not_reviewed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    ran(pool, tmp_path, 2, icb("A-1", "10.00"))
    signed(by(pool, "ann"), "icb", 2, "prepared")
    imported(pool, tmp_path, icb("A-2", "3.00"), name="more.csv")
    with pytest.raises(ReconciliationRefused, match="changed since it was prepared"):
        signed(by(pool, "bob"), "icb", 2, "reviewed")


def test_partner_finance_reconciles_its_own_ledger_alone(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    path = extract(tmp_path, icb("A-1", "10.00"), name="t.csv")
    run_ledger(as_actor(pool, Role.PARTNER_FINANCE, "icb"), "icb", 2, path)
    (item,) = position(as_actor(pool, Role.AUDITOR), "icb", 2).of("matched")
    with pytest.raises(NotAllowed, match="only of their own partner"):
        position(as_actor(pool, Role.PARTNER_FINANCE, "council"), "icb", 2)
    for role, partner in ((Role.PARTNER_FINANCE, "council"), (Role.AUDITOR, None), (Role.SCHEME_MANAGER, None)):
        other = as_actor(pool, role, partner)
        with pytest.raises(NotAllowed):
            run_ledger(other, "icb", 2, path)
        with pytest.raises(NotAllowed):
            undo(other, item.id, "no match")
        with pytest.raises(NotAllowed):
            signed(other, "icb", 2, "prepared")


def test_five_thousand_lines_a_side_cast_to_the_penny(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    rows = [icb(f"INV-{number:06}", f"{number}.{number % 100:02}", f"2023-0{4 + number % 3}-{1 + number % 28:02}")
            for number in range(1, 5001)]  # fmt: skip
    imported(pool, tmp_path, *rows)
    theirs = [row for number, row in enumerate(rows) if number % 100]
    found = ran(pool, tmp_path, 3, *theirs, icb("INV-900001", "0.01"))
    assert shape(found) == {"matched": 4950, "only ours": 50, "only theirs": 1}
    assert casts(found)


def test_the_command_prints_the_statement_and_says_no_where_items_are_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"), icb("A-2", "3.00"))
    books = ["--db", str(pool.books.books.path)]
    theirs = extract(tmp_path, icb("A-1", "10.00"), name="t.csv")
    assert main(["reconcile", "icb", "--month", "M2", "--their", str(theirs), *books]) == 1
    printed = capsys.readouterr().out
    assert "icb to M2, £: 1 open" in printed
    assert printed.index("Their ledger") < printed.index("A-2") < printed.index("Our books")
    assert main(["reconcile", "icb", "--month", "M2", "--json", *books]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["statement"]["their_figure"], document["statement"]["our_figure"]) == ("10.00", "13.00")
    item = document["open"][0]["item"]
    assert main(["reconcile-item", item, "--note", "late invoice", "--owner", "partner_finance", *books]) == 0
    assert main(["reconcile", "icb", "--month", "M2", "--sign", "prepared", *books]) == 0
    assert main(["reconcile", "icb", "--month", "M1", *books]) == 2
    for wrong in (
        ["icb", "--month", "Q1"], ["icb", "--month", "M13"], ["nobody", "--month", "M2"],
        ["icb", "--month", "M2", "--their", "none.csv"], ["icb", "--month", "M2", "--sign", "reviewed"],
        ["icb", "--month", "M2", "--their", str(theirs), "--pattern", "x"],
    ):  # fmt: skip
        state = state_of(pool)
        assert main(["reconcile", *wrong, *books]) == 2, wrong
        assert state_of(pool) == state


def test_the_workbook_leads_to_the_same_figure_and_holds_formulas_of_theirs_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"), icb("A-2", "3.00"))
    ran(pool, tmp_path, 2, icb("A-1", "10.00"), icb("=1+1", "0.55"))
    path = tmp_path / "out.xlsx"
    books = ["--db", str(pool.books.books.path)]
    assert main(["reconcile", "icb", "--month", "M2", "-o", str(path), *books]) == 1
    workbook = load_workbook(path, data_only=True)
    rows = [row for row in workbook["Statement"].iter_rows(values_only=True) if isinstance(row[4], int | float)]
    assert [str(row[4]) for row in rows] == ["10.55", "3", "-0.55", "13.0"]
    cells = [cell for row in load_workbook(path)["Items"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
    assert main(["reconcile", "icb", "--month", "M2", "-o", "out.csv", *books]) == 2
    assert "let the name end in .xlsx" in capsys.readouterr().err


def test_items_are_matched_by_hand_with_a_reason_and_the_match_is_kept_undone_and_made_again(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("ORDER A", "70.00"), icb("ORDER B", "30.00", "2023-04-02"), icb("X9", "5.00"))
    found = ran(pool, tmp_path, 3, icb("CLINIC", "99.00", "2023-06-20"), icb("X9", "5.00"))
    open_ids = [each.id for each in found.open_items]
    assert len(open_ids) == 3
    item = match_by_hand(pool, "icb", 3, open_ids, "one order, invoiced a pound short")
    found = position(pool, "icb", 3)
    made = next(each for each in found.items if each.id == item)
    assert (made.outcome, made.by, made.difference_pence) == ("amount differs", "by hand", 1_00)
    assert casts(found)
    assert [
        each.id for each in ran(pool, tmp_path, 3, icb("CLINIC", "99.00", "2023-06-20"), icb("X9", "5.00")).open_items
    ] == [item]
    undo(pool, item, "two orders after all")
    assert len(position(pool, "icb", 3).open_items) == 3
    assert match_by_hand(pool, "icb", 3, open_ids, "one order, as the partner says") == item
    assert len(position(pool, "icb", 3).open_items) == 1


def test_by_hand_lines_that_agree_are_matched_whatever_their_days(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A", "70.00"), icb("B", "29.00"))
    found = ran(pool, tmp_path, 3, icb("C", "99.00", "2023-06-20"))
    match_by_hand(pool, "icb", 3, [each.id for each in found.open_items], "one order")
    assert not position(pool, "icb", 3).open_items


def test_what_cannot_be_matched_by_hand_is_told_at_once_and_nothing_is_kept(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A", "70.00"), icb("B", "1.00"), icb("L", "2.00", scheme="beds"))
    found = ran(pool, tmp_path, 3, icb("A", "70.00"), icb("C", "3.00"))
    matched = found.of("matched")[0].id
    before = state_of(pool)
    with pytest.raises(ReconciliationRefused) as refused:
        match_by_hand(pool, "icb", 3, [matched, "e-none"], " ")
    assert [each.split(":")[0] for each in refused.value.sentences] == [
        "a match by hand has a reason",
        f"{matched} is matched already",
        "'e-none' is not an item of icb M3",
    ]
    with pytest.raises(ReconciliationRefused, match="more than one scheme line"):
        match_by_hand(pool, "icb", 3, [each.id for each in found.open_items], "all one")
    with pytest.raises(NotAllowed):
        match_by_hand(as_actor(pool, Role.PARTNER_FINANCE, "council"), "icb", 3, [], "")
    assert state_of(pool) == before


def test_lines_of_a_match_that_was_undone_are_offered_to_others(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("INV-10001", "100.00"), icb("INV-20002", "100.00", "2023-05-11"))
    rows = [icb("INV-10001", "100.00")]
    found = ran(pool, tmp_path, 3, *rows)
    undo(pool, found.of("matched")[0].id, "another order of the same number")
    again = ran(pool, tmp_path, 3, *rows, name="again.csv")
    assert [each.first.line.reference for each in again.open_items] == ["INV-10001"]
    assert sum(not each.is_open for each in again.items) == 1


def test_the_command_matches_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A", "70.00"))
    items = ",".join(each.id for each in ran(pool, tmp_path, 3, icb("C", "69.00")).open_items)
    call = ["reconcile-match", "icb", "--month", "M3", "--items", items, "--because", "one order"]
    assert main([*call, "--db", str(tmp_path / "pooledfund.db")]) == 1
    assert "amount differs, by hand, difference £1.00" in capsys.readouterr().out
