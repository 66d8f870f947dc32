"""A journal given field by field runs the way of a file; a reversal has a reason, an open day, and comes once."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ledger_homes import Home
from ledgers.refusals import EntryNotFound, KeyConflict, LedgerRefusal
from pooledfund.access import NotAllowed, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.cli.parser import build_parser
from pooledfund.control.close import close_period
from pooledfund.control.journal_effect import Movement, journal_effect, reversal_effect
from pooledfund.errors import InputRefused
from pooledfund.intake import journal_reversals
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.journal_form import month_changes, post_journal
from pooledfund.intake.journal_reversals import NotReversed, reverse_journal
from pooledfund.intake.journals import COLUMNS, post_journals
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool
from pools import MANAGER, TOWN, as_actor, csv_file, entry_of, extract, pool_of, spent, state_of, total_of

KEY = "journal/entered by hand/JNL-1"
Lines = list[dict[str, str]]


def head(**more: str) -> dict[str, str]:
    return {"entry": "JNL-1", "book": "actual", "effective": "2023-05-10", "why": "=agency is home care", **more}


def lines(pounds: str = "26.40", scheme: str = "care") -> Lines:
    return [
        {"account": "expenditure", "scheme": scheme, "contribution": "nhs-min", "partner": "council", "debit": pounds},
        {},
        {"account": "creditors", "scheme": scheme, "partner": "council", "credit": pounds},
    ]


def refused(pool: Pool, given: dict[str, str], of: Lines) -> str:
    before = state_of(pool)
    with pytest.raises((InputRefused, LedgerRefusal)) as refusal:
        post_journal(pool, given, of)
    assert state_of(pool) == before
    return str(refusal.value)


@pytest.fixture
def town(home: Home, tmp_path: Path) -> Pool:
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    at = datetime(2023, 4, 1, tzinfo=UTC)
    return Pool.create(home.new(), read_agreement(tmp_path / "town.yaml"), MANAGER, lambda: at)


def test_fields_and_a_file_post_the_same(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    posted = post_journal(pool, head(reference="INV 7", document_date="2023-05-02"), lines())
    rows = [
        ["1", "actual", "2023-05-10", "=agency is home care", "expenditure", "care", "nhs-min", "council", "26.40"],
        ["1", "actual", "2023-05-10", "=agency is home care", "creditors", "care", "", "council", "-26.40"],
    ]
    of_file = [[*row, "INV 7", "2023-05-02"] for row in rows]
    post_journals(pool, csv_file(tmp_path, "j.csv", (*COLUMNS, "reference", "document_date"), *of_file))
    by_hand, by_file = pool.books.entry(posted.recorded.number).entry, entry_of(pool, "journal/j.csv/1").entry
    assert by_hand.idempotency_key == KEY
    for part in ("book", "kind", "effective_on", "document_on", "who", "why", "source_reference", "postings"):
        assert getattr(by_hand, part) == getattr(by_file, part)


def test_the_same_number_again_is_there_already_and_another_journal_under_it_is_refused(town: Pool) -> None:
    assert post_journal(town, head(), lines()).recorded.outcome == "recorded"
    assert post_journal(town, head(), lines()).recorded.outcome == "already there"
    with pytest.raises(KeyConflict, match="recorded already as entry"):
        post_journal(town, head(), lines("27"))
    assert len(town.books.entries(kind="journal")) == 1
    assert journal_effect(town, head(), lines()).already_there is not None


def test_every_fault_is_said_by_its_line(tmp_path: Path) -> None:
    of = lines()
    of[0] = {"account": "petty_cash", "debit": "5", "credit": "5"}
    of[2] = {"account": "creditors", "scheme": "nowhere", "credit": "-5"}
    said = refused(pool_of(tmp_path), head(entry=""), of)
    assert said.splitlines() == [
        "entered by hand: a journal has a number of its own: give it one, such as JNL-014",
        "line 1: an amount stands on one side: fill in the debit or the credit",
        "line 3: an amount has no minus here: put it on the other side",
    ]
    of[0], of[2] = (
        {"account": "petty_cash", "debit": "5"},
        {"account": "creditors", "scheme": "nowhere", "credit": "4.001"},
    )
    said = refused(pool_of(tmp_path), head(effective="May", book="cash"), of)
    for part in ("line 1: account 'petty_cash'", "line 3: scheme 'nowhere'", "part of a penny", "'May'", "'cash'"):
        assert part in said
    assert "fill in two lines" in refused(pool_of(tmp_path), head(), [{"account": "creditors", "debit": "5"}])
    assert "does not balance by £1.00" in refused(
        pool_of(tmp_path), head(), [{"account": "expenditure", "debit": "5"}, {"account": "creditors", "credit": "4"}]
    )


def test_a_dry_run_says_what_it_would_do_and_posts_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    post_journal(pool, head(entry="JNL-0"), lines("100"))
    before = state_of(pool)
    effect = journal_effect(pool, head(), lines("900000"))
    assert state_of(pool) == before
    assert effect.movements == (
        Movement("expenditure", "care", 100_00, 900_000_00),
        Movement("creditors", "care", -100_00, -900_000_00),
    )
    assert effect.warnings == ("care would have spent £900,100.00 of a budget of £800,000.00: £100,100.00 over it",)
    assert effect.breaks == ()
    post_journal(pool, head(), lines("900000"))
    assert total_of(pool, "expenditure") == effect.movements[0].after_pence


def test_a_dry_run_says_what_the_books_refuse(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    of = [
        {"account": "line_budget:original", "scheme": "care", "contribution": "nhs-min", "debit": "0.01"},
        {"account": "unallocated", "contribution": "nhs-min", "credit": "0.01"},
    ]
    effect = journal_effect(pool, head(book="budget"), of)
    assert "takes £0.01 from unallocated of contribution nhs-min, which has £0.00" in effect.breaks[0]
    assert "takes £0.01 from unallocated of contribution nhs-min" in refused(pool, head(book="budget"), of)


def test_a_dry_run_says_which_month_a_closed_one_passes_it_to(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    effect = journal_effect(pool, head(), lines())
    assert (effect.entry.effective_on, effect.month) == (date(2023, 7, 1), 4)
    assert "M2 is closed: posted to M4" in effect.warnings[0]


def test_a_month_closed_meanwhile_stops_a_journal_that_was_shown_in_it(town: Pool) -> None:
    assert not month_changes(town)
    close_period(town, "M2")
    with pytest.raises(ChangedMeanwhile, match="was changed by manager"):
        post_journal(town, head(), lines(), expected_event=0)
    assert not town.books.entries(kind="journal")
    read = month_changes(town)[-1].number
    posted = post_journal(town, head(), lines(), expected_event=read)
    assert "posted to M3" in posted.notes[0]
    close_period(town, "M3")
    assert post_journal(town, head(), lines(), expected_event=read).recorded.outcome == "already there"


def test_a_journal_is_reversed_once_with_its_reason(town: Pool) -> None:
    number = post_journal(town, head(), lines()).recorded.number
    made = town.books.entry(number).event
    with pytest.raises(NotReversed, match="without a reason"):
        reverse_journal(town, number, "  ")
    effect = reversal_effect(town, number, "wrong line")
    assert [each.change_pence for each in effect.movements] == [-2640, 2640]
    back = reverse_journal(town, number, "wrong line", expected_event=made)
    kept = town.books.entry(back.number).entry
    assert (kept.reverses, kept.why, kept.effective_on) == (number, "wrong line", date(2023, 5, 10))
    assert sum(town.books.balances("actual", (), accounts=("expenditure",)).values()) == 0
    with pytest.raises(ChangedMeanwhile, match=f"entry {number} was changed by manager"):
        reverse_journal(town, number, "wrong line", expected_event=made)
    with pytest.raises(NotReversed, match=f"reversed already, by entry {back.number}"):
        reverse_journal(town, number, "wrong line")
    with pytest.raises(NotReversed, match="a reversal is not reversed"):
        reverse_journal(town, back.number, "wrong line")
    assert len(town.books.entries(kind="journal")) == 2
    assert town.books.verify() == []


def test_a_reversal_is_dated_in_an_open_month(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    number = post_journal(pool, head(), lines()).recorded.number
    close_period(pool, "Q1")
    with pytest.raises(NotReversed, match="closed: the first open day after it is 2023-07-01"):
        reverse_journal(pool, number, "wrong", date(2023, 6, 30))
    with pytest.raises(NotReversed, match="not in 2023/24"):
        reverse_journal(pool, number, "wrong", date(2024, 4, 1))
    back = reverse_journal(pool, number, "wrong")
    kept = pool.books.entry(back.number).entry
    assert kept.effective_on == date(2023, 7, 1)
    assert kept.why == "wrong (dated 2023-05-10, M2 is closed: posted to M4)"


def test_what_is_no_journal_says_what_corrects_it(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("C1", "100")))
    spend = pool.books.entries(kind="spend")[0].number
    before = state_of(pool)
    with pytest.raises(NotReversed, match="import-actuals --accept-changes"):
        reverse_journal(pool, spend, "wrong")
    with pytest.raises(NotReversed, match="change that with vary"):
        reverse_journal(pool, 1, "wrong")
    with pytest.raises(EntryNotFound):
        reverse_journal(pool, 9999, "wrong")
    assert state_of(pool) == before


def test_every_correction_names_a_command_that_there_is() -> None:
    known = set(next(each for each in build_parser()._actions if each.choices and "post" in each.choices).choices or ())
    for start, how in journal_reversals._CORRECTED_BY:
        named = {word.strip(",.:") for word in how.split()} & known
        assert named or start == "estimate/", how


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.POOLED_FUND_MANAGER])
def test_nobody_else_posts_or_reverses(tmp_path: Path, role: Role) -> None:
    manager = pool_of(tmp_path)
    number = post_journal(manager, head(), lines()).recorded.number
    other, before = as_actor(manager, role, "council", ("care",)), state_of(manager)
    for deed in (
        lambda: post_journal(other, head(entry="JNL-2"), lines()),
        lambda: journal_effect(other, head(entry="JNL-2"), lines()),
        lambda: reverse_journal(other, number, "wrong"),
        lambda: reversal_effect(other, number, "wrong"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert state_of(manager) == before


def test_the_commands_post_and_reverse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = pool_of(tmp_path)
    db = ["--db", str(tmp_path / "pooledfund.db")]
    sides = ["--debit", "expenditure/care/nhs-min/council=26.40", "--credit", "creditors/care//council=26.40"]
    call = ["post-journal", "JNL-1", *db, "--effective", "2023-05-10", "--why", "agency is home care", *sides]
    before = state_of(pool)
    assert main([*call, "--dry-run"]) == 0
    assert "a dry run, nothing was posted: £26.40 on each side" in capsys.readouterr().out
    assert state_of(pool) == before
    assert main(call) == 0
    number = pool.books.entries(kind="journal")[0].number
    assert capsys.readouterr().out == f"journal JNL-1: posted, entry {number}\n"
    assert main([*call, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "already there"
    assert main(["reverse", str(number), *db, "--why", "wrong line"]) == 0
    assert f"reversal of entry {number}: posted" in capsys.readouterr().out
    assert main(["reverse", str(number), *db, "--why", "wrong line"]) == 2
    assert "reversed already" in capsys.readouterr().err
    assert main([*call[:-1], "creditors"]) == 2
    assert "is no line: write ACCOUNT/SCHEME" in capsys.readouterr().err
