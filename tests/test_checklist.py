"""The checklist of a close: every item is done with evidence, waived by name, or keeps the period open."""

from pathlib import Path

import pytest

from ledgers.refusals import LedgerRefusal
from ledgers.signing import Part
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.control.checklist import Checklist, Item, checklist
from pooledfund.control.close import close_period
from pooledfund.control.period import CloseRefused, explain_suspense, period_of, sign, waive
from pooledfund.control.reconciling.position import position
from pooledfund.control.reconciling.runs import run_ledger
from pooledfund.control.reconciling.signing import sign as sign_reconciliation
from pooledfund.control.reconciling.signing import subject_of
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import COLUMNS as FORECASTS
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pools import TOWN, csv_file, extract, pool_of, spent, state_of

STRICT = TOWN + (
    "close: {requires: [submissions, reconciled, suspense, casting, conditions, commentary, agreement, review]}\n"
)


def by(pool: Pool, name: str, role: Role = Role.POOLED_FUND_MANAGER, partner: str | None = None) -> Pool:
    return Pool(pool._ledger, Actor(name, role, partner), pool.clock)


def item(found: Checklist, name: str) -> Item:
    return next(each for each in found.items if each.id == name)


def into_suspense(pool: Pool, folder: Path, pounds: str) -> None:
    rows = [["1", "actual", "2023-06-11", "no line", "suspense", "", "", "council", pounds],
            ["1", "actual", "2023-06-11", "no line", "creditors", "", "", "council", f"-{pounds}"]]  # fmt: skip
    post_journals(pool, csv_file(folder, f"suspense_{pounds}.csv", JOURNALS, *rows))


def a_quarter(pool: Pool, folder: Path) -> None:
    """Both partners' figures of three months, one code in suspense, and a forecast well over budget."""
    days = [("council", "care"), ("icb", "rehab")]
    rows = [
        spent(f"{partner}{month}", "1000", scheme, f"2023-0{month}-10", partner=partner)
        for partner, scheme in days
        for month in (4, 5, 6)
    ]
    import_actuals(pool, extract(folder, *rows, name="q1.csv"))
    into_suspense(pool, folder, "55")
    enter_forecasts(pool, csv_file(folder, "f.csv", FORECASTS, ["Q1", "care", "850000"]))


def reconciled(pool: Pool, folder: Path) -> None:
    for partner, scheme in (("council", "care"), ("icb", "rehab")):
        rows = [spent(f"{partner}{each}", "1000", scheme, f"2023-0{each}-10", partner=partner) for each in (4, 5, 6)]
        run_ledger(pool, partner, 3, extract(folder, *rows, name=f"ledger of {partner}.csv"))
        parts: tuple[tuple[str, Part], ...] = (("ann", "prepared"), ("bob", "reviewed"))
        for person, part in parts:
            _signed(by(pool, person), partner, part)


def _signed(pool: Pool, partner: str, part: Part) -> None:
    sign_reconciliation(pool, subject_of(partner, 3), partner, part, lambda: position(pool, partner, 3).as_json())


def agreed(pool: Pool) -> None:
    for partner in ("council", "icb"):
        sign(by(pool, f"lead of {partner}", Role.PARTNER_FINANCE_LEAD, partner), period_of("Q1"), "agreed")


def test_a_strict_pool_closes_when_every_item_is_done(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    a_quarter(pool, tmp_path)
    found = checklist(pool, "q1")
    assert [each.id for each in found.open_items] == [
        "reconciled", "suspense", "commentary", "agreement", "review",
    ]  # fmt: skip
    assert item(found, "submissions").evidence[0] == "council M1: received"
    before = state_of(pool)
    with pytest.raises(CloseRefused) as refusal:
        close_period(pool, "Q1")
    assert len(refusal.value.sentences) == 6
    assert state_of(pool) == before
    reconciled(pool, tmp_path)
    explained = explain_suspense(pool, period_of("Q1"), "new cost centre, cleared in July")
    for sentence in item(found, "commentary").evidence:
        cells = {"period": "Q1", "scheme": sentence.split()[0], "commentary": "Agency rates and vacancies"}
        take_call(pool, COMMENTARY, cells)
    agreed(pool)
    sign(by(pool, "ann"), period_of("Q1"), "prepared")
    sign(by(pool, "bob"), period_of("Q1"), "reviewed")
    done = checklist(pool, "Q1")
    assert [each.state for each in done.items] == ["done"] * 8
    assert item(done, "suspense").events == (explained,)
    close_period(pool, "Q1")
    (event,) = pool.books.events(kind="period closed")
    assert event.payload["figures_digest"] == done.figures
    assert event.payload["checklist"] == [each.as_json() for each in done.items]
    assert pool.books.verify() == []
    assert [each.id for each in checklist(pool, "Q1", explained - 1).open_items][:2] == ["suspense", "commentary"]


def test_one_person_does_not_prepare_and_review(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    with pytest.raises(LedgerRefusal, match="nobody has prepared"):
        sign(by(pool, "bob"), period_of("Q1"), "reviewed")
    sign(by(pool, "ann"), period_of("Q1"), "prepared")
    with pytest.raises(LedgerRefusal, match="was prepared by ann"):
        sign(by(pool, "ann"), period_of("Q1"), "reviewed")
    assert "not reviewed" in item(checklist(pool, "Q1"), "review").evidence[0]


def test_a_signature_does_not_stand_for_figures_that_changed_after_it(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    agreed(pool)
    sign(by(pool, "ann"), period_of("Q1"), "prepared")
    sign(by(pool, "bob"), period_of("Q1"), "reviewed")
    before = pool.books.head().number
    assert item(checklist(pool, "Q1"), "agreement").state == "done"
    import_actuals(pool, extract(tmp_path, spent("L1", "1", day="2023-06-10")))
    late = checklist(pool, "Q1")
    assert (item(late, "agreement").state, item(late, "review").state) == ("not done", "not done")
    assert "agreed other figures" in item(late, "agreement").evidence[0]
    assert item(checklist(pool, "Q1", before), "agreement").state == "done"


def test_an_explanation_holds_for_the_amount_that_waited_when_it_was_given(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    into_suspense(pool, tmp_path, "55")
    explain_suspense(pool, period_of("Q1"), "new cost centre")
    assert item(checklist(pool, "Q1"), "suspense").state == "done"
    into_suspense(pool, tmp_path, "5")
    assert "the explanation was of £55.00" in item(checklist(pool, "Q1"), "suspense").evidence[0]


def test_an_open_item_is_waived_by_name_and_with_a_reason_that_is_shown(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + "close: {requires: [reconciled]}\n")
    with pytest.raises(CloseRefused, match="only with a reason"):
        waive(pool, period_of("Q1"), "reconciled", " ")
    with pytest.raises(CloseRefused, match="'review' is not asked for"):
        waive(pool, period_of("Q1"), "review", "why")
    with pytest.raises(NotAllowed):
        waive(by(pool, "x", Role.AUDITOR), period_of("Q1"), "reconciled", "why")
    waive(by(pool, "ann"), period_of("Q1"), "reconciled", "the ICB's ledger moved system")
    assert item(checklist(pool, "Q2"), "reconciled").state == "not done"
    closed = close_period(pool, "Q1")
    waived = item(closed.checklist, "reconciled")
    assert waived.state == "waived"
    assert waived.evidence[0] == "waived by ann as pooled_fund_manager: the ICB's ledger moved system"


def test_a_pool_that_asks_for_nothing_more_closes_on_what_the_books_prove(tmp_path: Path) -> None:
    closed = close_period(pool_of(tmp_path), "Q1")
    assert [each.id for each in closed.checklist.items if each.required] == ["casting", "conditions"]
    assert [each.state for each in closed.checklist.items if each.required] == ["done", "done"]


def test_a_finance_lead_agrees_only_for_the_partner_they_act_for(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    with pytest.raises(NotAllowed, match="names no partner"):
        sign(by(pool, "x", Role.PARTNER_FINANCE_LEAD), period_of("Q1"), "agreed")
    with pytest.raises(NotAllowed):
        sign(by(pool, "ann"), period_of("Q1"), "agreed")
    sign(by(pool, "x", Role.PARTNER_FINANCE_LEAD, "icb"), period_of("Q1"), "agreed")
    assert item(checklist(pool, "Q1"), "agreement").evidence == ("council has not agreed", "icb agreed by x")


def test_a_reconciliation_that_changed_after_it_was_reviewed_is_open_again(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    a_quarter(pool, tmp_path)
    reconciled(pool, tmp_path)
    assert item(checklist(pool, "Q1"), "reconciled").state == "done"
    before = pool.books.head().number
    import_actuals(pool, extract(tmp_path, spent("late", "12.50", "care", "2023-06-30"), name="late.csv"))
    found = item(checklist(pool, "Q1"), "reconciled")
    assert found.state == "not done"
    assert found.evidence == (
        "council M3: changed since it was reviewed (our figure was £3,055.00 and is £3,067.50; "
        "open items were 1 and are 2): sign it again",
    )
    assert item(checklist(pool, "Q1", before), "reconciled").state == "done"


def test_a_reconciliation_signed_without_its_figures_is_not_taken(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, STRICT)
    a_quarter(pool, tmp_path)
    reconciled(pool, tmp_path)
    for person, part in (("eve", "prepared"), ("bob", "reviewed")):
        with pool._ledger.writing(person, pool.clock()) as writing:
            writing.sign_off("reconciliation/icb/M6", "prepared" if part == "prepared" else "reviewed", "icb")
    assert "icb M6: was signed without its figures" in " ".join(item(checklist(pool, "Q2"), "reconciled").evidence)
