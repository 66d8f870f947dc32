"""Two people at one reconciliation, what a run would match before it is kept, and the lists that people match from."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from ledgers.signing import Part
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.control.matching.lines import Pass, Rules
from pooledfund.control.reconciling.contributions import due_against_received
from pooledfund.control.reconciling.matching_by_hand import match_by_hand
from pooledfund.control.reconciling.position import NothingReconciled, Position, position
from pooledfund.control.reconciling.previewing import preview_ledger
from pooledfund.control.reconciling.remarks import dispute, note, undo
from pooledfund.control.reconciling.runs import ReconciliationRefused, item_of, run_ledger
from pooledfund.control.reconciling.signing import contributions_subject, digest_of, names_put, sign, subject_of
from pooledfund.control.reconciling.workbench import (
    ORDERS,
    Selection,
    Wanted,
    amount_of,
    joined,
    ledgers_seen,
    listed,
    of_books,
    of_ledger,
)
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool
from pools import as_actor, extract, imported, pool_of, spent, state_of


def icb(reference: str, pounds: str, day: str = "2023-05-10", scheme: str = "rehab") -> list[str]:
    return spent(reference, pounds, scheme, day, partner="icb")


def by(pool: Pool, name: str) -> Pool:
    return Pool(pool._ledger, Actor(name, Role.POOLED_FUND_MANAGER), pool.clock)


def opened(folder: Path) -> tuple[Pool, Position]:
    """Two entries of the books and one line of the ledger that no pass can join, and a pair that one does."""
    pool = pool_of(folder)
    imported(pool, folder, icb("ORDER A", "70.00"), icb("ORDER B", "30.00", "2023-04-02"), icb("X9", "5.00"))
    path = extract(folder, icb("CLINIC", "100.00", "2023-06-20"), icb("X9", "5.00"), name="their.csv")
    run_ledger(pool, "icb", 3, path)
    return pool, position(pool, "icb", 3)


def test_a_match_by_hand_is_undone_at_once_without_a_run_in_between(tmp_path: Path) -> None:
    pool, found = opened(tmp_path)
    made = match_by_hand(pool, "icb", 3, [each.id for each in found.open_items], "one order")
    assert not position(pool, "icb", 3).open_items
    undo(pool, made, "two orders")
    assert [each.id for each in position(pool, "icb", 3).open_items] == [each.id for each in found.open_items]


def test_what_someone_else_matched_or_undid_meanwhile_is_told_with_who_and_when(tmp_path: Path) -> None:
    pool, found = opened(tmp_path)
    first, second, third = (each.id for each in found.open_items)
    made = match_by_hand(by(pool, "bob"), "icb", 3, [first, second, third], "one order")
    before = state_of(pool)
    for late in (
        lambda: match_by_hand(by(pool, "ann"), "icb", 3, [first, third], "one of two"),
        lambda: dispute(by(pool, "ann"), first, "never ordered"),
        lambda: note(by(pool, "ann"), third, "asked", "partner_finance"),
    ):
        with pytest.raises(ChangedMeanwhile, match=rf"is matched already, as {made}, by bob on .* UTC, event \d+"):
            late()
    undo_event = undo(by(pool, "bob"), made, "two orders")
    with pytest.raises(ChangedMeanwhile, match=rf"{made} was undone already, by bob on .*, event {undo_event}"):
        undo(by(pool, "ann"), made, "two orders")
    assert state_of(pool).head.number == before.head.number + 1


def test_a_word_on_an_item_rests_on_the_word_that_was_read(tmp_path: Path) -> None:
    pool, found = opened(tmp_path)
    item = found.open_items[0].id
    first = note(by(pool, "bob"), item, "asked for a credit", "partner_finance", expected_event=0)
    with pytest.raises(ChangedMeanwhile, match=rf"{item} was changed by bob .* event {first}"):
        dispute(by(pool, "ann"), item, "never ordered", expected_event=0)
    dispute(by(pool, "ann"), item, "never ordered", expected_event=first)
    (there,) = position(pool, "icb", 3).of("disputed")
    assert (there.remark.disputed, there.remark.note) == ("never ordered", "asked for a credit")
    assert there.remark.event > first


def test_a_reconciliation_is_signed_only_as_it_was_read(tmp_path: Path) -> None:
    pool, found = opened(tmp_path)
    read = digest_of(found.as_json())
    note(by(pool, "bob"), found.open_items[0].id, "asked", "partner_finance")

    def signed(expected: str) -> int:
        def figures() -> dict[str, object]:
            return position(pool, "icb", 3).as_json()

        return sign(by(pool, "ann"), subject_of("icb", 3), "icb", "prepared", figures, expected=expected)

    before = state_of(pool)
    with pytest.raises(ChangedMeanwhile, match="has changed since you read it"):
        signed(read)
    assert state_of(pool) == before
    assert signed(digest_of(position(pool, "icb", 3).as_json())) > before.head.number


def test_contributions_are_prepared_by_who_acts_for_no_one_partner_and_reviewed_by_another(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    subject = contributions_subject(3)

    def signed(who: Pool, part: Part) -> int:
        return sign(who, subject, None, part, lambda: due_against_received(who, 3).as_json())

    before = state_of(pool)
    for role, partner in ((Role.PARTNER_FINANCE_LEAD, "icb"), (Role.AUDITOR, None), (Role.BOARD_READER, None)):
        with pytest.raises(NotAllowed):
            signed(as_actor(pool, role, partner), "prepared")
    with pytest.raises(LedgerRefusal, match="nobody has prepared"):
        signed(by(pool, "bob"), "reviewed")
    assert state_of(pool) == before
    prepared = signed(by(pool, "ann"), "prepared")
    with pytest.raises(LedgerRefusal, match="was prepared by ann"):
        signed(by(pool, "ann"), "reviewed")
    reviewed = signed(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb"), "reviewed")
    names = names_put(pool, subject)
    assert names.prepared is not None
    assert names.reviewed is not None
    assert (names.prepared.event, names.reviewed.event) == (prepared, reviewed)
    assert names.stand_over(digest_of(due_against_received(pool, 3).as_json()))
    again = signed(by(pool, "ann"), "prepared")
    assert names_put(pool, subject).reviewed is None
    assert names_put(pool, subject, again - 1).reviewed is not None


def test_what_would_match_is_shown_and_is_what_is_kept(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"), icb("INV-10002", "20.00"), icb("B", "3.00"))
    path = extract(tmp_path, icb("A-1", "10.00"), icb("INV-10002", "20.01"), icb("Z", "9.00"), name="their.csv")
    rules, told, before = Rules(tolerance_pence=1), list[tuple[int, int]](), state_of(pool)
    shown = preview_ledger(pool, "icb", 3, path, rules=rules, told=lambda made, of: told.append((made, of)))
    assert state_of(pool) == before
    assert told == [(number, 12) for number in range(1, 13)]
    counts = {each.by: (each.stood, each.added, each.ours_pence) for each in shown.passes if each.stood or each.added}
    assert counts == {Pass.EXACT: (0, 1, 10_00), Pass.PENCE: (0, 1, 20_00)}
    assert [each.line.reference for each in (*shown.open_ours, *shown.open_theirs)] == ["B", "Z"]
    run, _ = run_ledger(pool, "icb", 3, path, rules=rules, expected=shown.digest)
    assert run.matches == shown.run.matches
    again = preview_ledger(pool, "icb", 3, path, rules=rules)
    assert (again.repeats, again.added, {item_of(each) for each in again.run.matches}) == (
        run.event, (), set(again.stood),
    )  # fmt: skip


def test_a_run_that_would_come_out_otherwise_than_it_was_shown_is_not_kept(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    path = extract(tmp_path, icb("A-1", "10.00"), name="their.csv")
    shown = preview_ledger(pool, "icb", 3, path)
    imported(pool, tmp_path, icb("A-2", "3.00"), name="more.csv")
    before = state_of(pool)
    with pytest.raises(ChangedMeanwhile, match="have changed since you looked: nothing was kept"):
        run_ledger(pool, "icb", 3, path, expected=shown.digest)
    assert state_of(pool) == before
    with pytest.raises(NothingReconciled):
        position(pool, "icb", 3)


def test_who_may_not_reconcile_sees_no_preview(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, icb("A-1", "10.00"))
    path = extract(tmp_path, icb("A-1", "10.00"), name="their.csv")
    for role, partner in ((Role.AUDITOR, None), (Role.BOARD_READER, None), (Role.PARTNER_FINANCE, "council")):
        with pytest.raises(NotAllowed):
            preview_ledger(as_actor(pool, role, partner), "icb", 3, path)
    with pytest.raises(ReconciliationRefused, match="is not a partner"):
        preview_ledger(pool, "nobody", 3, path)


def test_items_are_found_by_words_amount_and_day_and_put_in_order(tmp_path: Path) -> None:
    _, found = opened(tmp_path)
    assert [each.first.line.reference for each in listed(of_books(found), Wanted())] == ["ORDER B", "ORDER A"]
    assert [each.first.line.reference for each in of_ledger(found)] == ["CLINIC"]
    assert [each.first.line.reference for each in joined(found)] == ["X9"]

    def references(**wanted: object) -> list[str]:
        return [each.first.line.reference for each in listed(found.items, Wanted(**wanted))]  # type: ignore[arg-type]

    assert references(words="order b") == ["ORDER B"]
    assert references(words="REHAB", order="by reference") == ["CLINIC", "ORDER A", "ORDER B", "X9"]
    assert references(least_pence=30_00, most_pence=70_00, order="largest first") == ["ORDER A", "ORDER B"]
    assert references(first_on=date(2023, 5, 10), last_on=date(2023, 5, 10), order="smallest first") == [
        "X9", "ORDER A",
    ]  # fmt: skip
    assert references(order="newest first")[0] == "CLINIC"
    assert references(words="no such") == []
    assert all(sorted(references(order=each)) == sorted(references()) for each in ORDERS)


def test_a_selection_says_how_its_two_sides_stand(tmp_path: Path) -> None:
    _, found = opened(tmp_path)
    ours = {each.first.line.reference: each.id for each in of_books(found)}
    (clinic,) = (each.id for each in of_ledger(found))
    assert Selection.of(found, []).in_words == "Nothing is selected."
    assert Selection.of(found, [clinic, "e-gone"]).in_words == (
        "The selection differs by £100.00: the ledger has more."
    )
    assert Selection.of(found, [ours["ORDER A"]]).in_words == "The selection differs by £70.00: the books have more."
    whole = Selection.of(found, [*ours.values(), clinic])
    assert whole.in_words == "The selection agrees: £100.00 on both sides."
    assert sum(amount_of(each) for each in whole.items) == 200_00


def test_partner_finance_looks_into_its_own_ledger_alone() -> None:
    def seen(role: Role, partner: str | None = None) -> tuple[str, ...]:
        return ledgers_seen(Actor("someone", role, partner), ("council", "icb"))

    assert seen(Role.PARTNER_FINANCE, "icb") == seen(Role.PARTNER_FINANCE_LEAD, "icb") == ("icb",)
    assert seen(Role.AUDITOR) == seen(Role.POOLED_FUND_MANAGER) == ("council", "icb")
    with pytest.raises(NotAllowed):
        seen(Role.ADMINISTRATOR)
