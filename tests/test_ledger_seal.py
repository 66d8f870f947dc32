"""The frozen serialisation, held by golden vectors, and the verification of books that an owner tampered with."""

import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_homes import Home, Raw, open_in
from ledger_sample import AT, WHO, budget, spend
from ledgers.journal import Entry, Posting, reversal_of
from ledgers.seal import ENTRY_FIELDS, GENESIS, JSON, canonical, digest, entry_content, entry_text, event_content
from ledgers.sources import Batch, SourceLine
from ledgers.store import Ledger

GOLDEN_ENTRY = (
    '{"adjusting":false,"book":"actual","corrects":null,"document_on":"2016-04-30","effective_on":"2016-05-03",'
    '"idempotency_key":"KCC:1","kind":"spend","number":7,"pool":"kent",'
    '"postings":[["expenditure",1250,"S1","nhs-min",null],["pool_cash",-1250,null,null,"kcc"]],'
    '"reverses":null,"source_reference":"£ “quoted”","v":1,"who":"A. Müller","why":"a\\nb"}'
)
GOLDEN_ENTRY_DIGEST = "160b39b527649d21786d04cca72c91bffeab7edefd882aa7373c9383b3ec20f8"
GOLDEN_EVENT = (
    '{"kind":"sign-off","number":1,"payload":{"A":[1,true,null],"a":"£0.10","b":{}},"pool":"kent",'
    '"previous":"0000000000000000000000000000000000000000000000000000000000000000",'
    '"recorded_at":"2016-04-01T09:00:00Z","v":1,"who":"A. Müller"}'
)
GOLDEN_EVENT_DIGEST = "1f3a304e031272e6bec57fc2eea9b5264feeffe536ea08bbbd34f6bc85873a94"


def test_an_entry_is_sealed_in_exactly_these_bytes() -> None:
    postings = (Posting("expenditure", 1250, "S1", "nhs-min"), Posting("pool_cash", -1250, partner="kcc"))
    days = (date(2016, 5, 3), date(2016, 4, 30))
    entry = Entry("actual", "spend", *days, "A. Müller", "a\nb", "£ “quoted”", "KCC:1", postings)
    assert entry_content("kent", 7, entry) == GOLDEN_ENTRY
    assert digest(GOLDEN_ENTRY) == hashlib.sha256(GOLDEN_ENTRY.encode()).hexdigest() == GOLDEN_ENTRY_DIGEST


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.none() | WORDS
NUMBERS = st.none() | st.integers()


@given(
    fields=st.tuples(
        st.booleans(), WORDS, NUMBERS, WORDS, WORDS, WORDS, WORDS, NUMBERS | st.booleans(), WORDS, WORDS, WORDS
    ),
    postings=st.lists(st.tuples(WORDS, st.integers(), NAMES, NAMES, NAMES)),
)
def test_the_text_of_an_entry_is_the_canonical_one(fields: tuple[JSON, ...], postings: list[tuple[JSON, ...]]) -> None:
    said = dict(zip(ENTRY_FIELDS, fields, strict=True)) | {"number": 7, "pool": "kent", "postings": postings, "v": 1}
    assert entry_text("kent", 7, fields, postings) == canonical(said)


def test_an_event_is_sealed_in_exactly_these_bytes() -> None:
    payload: dict[str, JSON] = {"b": {}, "a": "£0.10", "A": [1, True, None]}
    text = event_content("kent", 1, "sign-off", "2016-04-01T09:00:00Z", "A. Müller", GENESIS, payload)
    assert text == GOLDEN_EVENT
    assert digest(text) == GOLDEN_EVENT_DIGEST


def test_no_float_is_sealed() -> None:
    with pytest.raises(TypeError, match="pence or as text"):
        canonical({"a": [{"b": 0.1}]})  # type: ignore[dict-item]


@pytest.fixture(scope="module")
def made_once(home: Home) -> Ledger:
    ledger = open_in(home)
    with ledger.writing(WHO, AT) as writing:
        writing.record(spend("one"))
        writing.record_all([spend("two"), spend("three", 40, date(2016, 6, 1)), spend("four", 50)])
        reversal = reversal_of(
            ledger.entry(2), effective_on=date(2016, 7, 1), who=WHO, why="twice", idempotency_key="five"
        )
        writing.record(reversal)
        writing.record(budget("plan", ("unallocated", 100, None), ("contribution_plan", -100, None)))
        batch = writing.batch(Batch("e" * 64, "may.csv", "actuals", 1, 1, 12_500, "kcc"))
        writing.source_line(SourceLine(batch.number, 2, {"amount": "125.00"}, 1))
        writing.set_month(1, "closed", reason="reported")
        writing.event("decision", {"quarter": "Q1"})
    return ledger


@pytest.fixture
def ledger(home: Home, made_once: Ledger) -> Ledger:
    return home.copy(made_once)


@pytest.fixture
def raw(home: Home, ledger: Ledger) -> Raw:
    return home.raw(ledger)


def test_sound_books_have_no_findings_and_hold_every_head_they_had(ledger: Ledger) -> None:
    for event in ledger.events():
        assert ledger.verify(head=str(ledger.head(event.number))) == []
        assert ledger.verify(head=event.hash[:12].upper()) == []


@pytest.mark.parametrize(
    ("statements", "check", "row"),
    [
        (["UPDATE entry SET why = 'nothing' WHERE number = 3"], "entry altered", "entry 3"),
        (["UPDATE entry SET effective_on = 'never' WHERE number = 3"], "entry altered", "entry 3"),
        (["UPDATE entry SET adjusting = 1 WHERE number = 3"], "entry altered", "entry 3"),
        (["UPDATE entry SET month = 4 WHERE number = 3"], "entry relabelled", "entry 3"),
        (["UPDATE entry SET legs = 4 WHERE number = 3"], "entry relabelled", "entry 3"),
        (["UPDATE entry SET event = 2 WHERE number = 3"], "entry relabelled", "entry 3"),
        (["UPDATE entry SET recorded_at = '2016-04-02T09:00:00Z' WHERE number = 4"], "entry relabelled", "entry 4"),
        ([f"UPDATE entry SET digest = '{'0' * 64}' WHERE number = 4"], "entry relabelled", "entry 4"),
        (["UPDATE entry SET reverses = NULL WHERE number = 5"], "entry altered", "entry 5"),
        (["UPDATE entry SET number = 9 WHERE number = 6"], "entry added", "entry 9"),
        (["UPDATE entry SET number = 9 WHERE number = 6"], "entry missing", "entry 6"),
        (["DELETE FROM entry WHERE number = 3"], "entry missing", "entry 3"),
        (["DELETE FROM entry WHERE number = 3"], "entry numbers", "4"),
        (["DELETE FROM entry WHERE number = 3"], "posting without entry", "3"),
        (["DELETE FROM posting WHERE entry = 3"], "entry altered", "entry 3"),
        (["UPDATE posting SET amount_pence = amount_pence * 2 WHERE entry = 1"], "entry altered", "entry 1"),
        (["UPDATE posting SET amount_pence = 1 WHERE entry = 1 AND line = 1"], "entry does not balance", "1 -12499"),
        (["UPDATE posting SET scheme = 'S2' WHERE entry = 1 AND line = 1"], "kept balance", None),
        (["UPDATE posting SET scheme = 'S2' WHERE entry = 5 AND line = 1"], "reversal", "5"),
        (["INSERT INTO posting VALUES ('thanet', 4, 3, 'expenditure', 5, NULL, NULL, NULL)"], "entry altered", None),
        (["UPDATE balance SET amount_pence = amount_pence + 1 WHERE month = 3"], "kept balance", None),
        (["DELETE FROM balance WHERE month = 3"], "kept balance", None),
        (["INSERT INTO balance VALUES ('thanet', 'actual', 'suspense', '', '', '', 1, 0, 1)"], "kept balance", None),
        (["UPDATE balance SET amount_pence = -1 WHERE account = 'unallocated'"], "floor", "unallocated nhs-min"),
        (["UPDATE event SET content = replace(content, 'Q1', 'Q2')"], "event altered", "event 9"),
        (["UPDATE event SET content = 'x' WHERE number = 3"], "event altered", "event 3"),
        (["UPDATE event SET who = 'another' WHERE number = 3"], "event relabelled", "event 3"),
        (["DELETE FROM event WHERE number = 4"], "event missing", "event 4"),
        (["DELETE FROM event WHERE number = 4"], "entry added", "entry 5"),
        (["UPDATE event SET number = number + 100 WHERE number IN (3, 4)",
          "UPDATE event SET number = 4 WHERE number = 103", "UPDATE event SET number = 3 WHERE number = 104"],
         "event out of chain", "event 3"),
        (["UPDATE month_state SET state = 'open' WHERE month = 1"], "month state", None),
        (["DELETE FROM month_state WHERE month = 1 AND state = 'closed'"], "month state", "M1 at event 8"),
        (["INSERT INTO month_state VALUES ('thanet', 2, 2, 'closed', 'x')"], "closed month", "entry 2"),
        (["UPDATE account SET floor = 'none'"], "accounts register", "accounts unallocated"),
        (["INSERT INTO scheme VALUES ('thanet', 'S9', 'Mine', 1)"], "schemes register", "schemes S9"),
        (["UPDATE partner SET name = 'Mine' WHERE id = 'ccg'"], "partners register", "partners ccg"),
        (["UPDATE scheme SET event = 2 WHERE id = 'S2'"], "schemes register", "schemes S2"),
        (["UPDATE account SET event = 2 WHERE code = 'pool_cash'"], "accounts register", "accounts pool_cash"),
        (["UPDATE event SET last_entry = 5 WHERE number = 3"], "event relabelled", "event 3"),
        (["UPDATE event SET first_entry = 1, last_entry = 1 WHERE number = 9"], "event relabelled", "event 9"),
        (["UPDATE posting SET line = 3 WHERE entry = 1 AND line = 2"], "entry relabelled", "entry 1"),
        (["UPDATE pool SET title = 'Mine'"], "pool", "pool thanet"),
        (["UPDATE batch SET control_total_pence = 1"], "batch", None),
        (["UPDATE source_line SET cells = '{}'"], "source lines", None),
        (["DELETE FROM source_line"], "source lines", None),
        (["UPDATE posting SET partner = 'nobody' WHERE entry = 1 AND line = 2"], "reference broken", "file"),
    ],
)  # fmt: skip
def test_what_an_owner_changes_past_the_guards_is_named(
    ledger: Ledger, raw: Raw, statements: list[str], check: str, row: str | None
) -> None:
    raw.past_the_guards(*statements)
    found = {finding.check: finding for finding in ledger.verify()}
    assert check in found
    assert row is None or found[check].row == row
    assert all(str(finding) for finding in found.values())


def test_a_guard_taken_off_is_named(ledger: Ledger, raw: Raw) -> None:
    on = {"sqlite": "", "postgresql": " ON posting"}[raw.name]
    body = {"sqlite": "BEGIN SELECT 1; END", "postgresql": "EXECUTE FUNCTION recorded_rows_stay()"}[raw.name]
    raw.run(f"DROP TRIGGER posting_takes_no_update{on}", f"CREATE TRIGGER mine AFTER INSERT ON entry {body}")
    assert [(each.check, "mine" in each.message) for each in ledger.verify()] == [("guard changed", True)]


def test_a_cut_tail_is_found_only_against_a_head_known_outside(ledger: Ledger, raw: Raw) -> None:
    head = ledger.head()
    raw.past_the_guards("DELETE FROM event WHERE number = 9")
    assert ledger.verify() == []
    assert [each.check for each in ledger.verify(head=str(head))] == ["head"]
    assert [each.check for each in ledger.verify(head=head.hash[:12])] == ["head"]
    assert ledger.verify(head=str(ledger.head())) == []


def test_a_log_written_anew_is_found_against_a_head_known_outside(ledger: Ledger, raw: Raw) -> None:
    head = ledger.head()
    changes, previous = [], GENESIS
    for event in ledger.events():
        said = json.loads(event.content.replace("Q1", "Q2"))
        text = canonical({**said, "previous": previous})
        changes.append(
            f"UPDATE event SET content = '{text.replace(chr(39), chr(39) * 2)}', previous_hash = '{previous}', "
            f"hash = '{digest(text)}' WHERE number = {event.number}"
        )
        previous = digest(text)
    raw.past_the_guards(*changes)
    assert ledger.verify() == []
    assert [each.check for each in ledger.verify(head=str(head))] == ["head"]


def test_a_head_too_short_to_know_is_said_to_be(ledger: Ledger) -> None:
    assert "too short" in str(ledger.verify(head="abc")[0])


def test_kept_balances_are_rebuilt_from_the_postings(ledger: Ledger, raw: Raw) -> None:
    before = ledger.balances("actual", ("account", "scheme", "month"))
    raw.past_the_guards("DELETE FROM balance WHERE month = 3", "UPDATE balance SET amount_pence = 0")
    assert ledger.verify()
    ledger.rebuild_balances()
    assert ledger.balances("actual", ("account", "scheme", "month")) == before
    assert ledger.verify() == []
