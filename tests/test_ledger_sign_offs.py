"""Preparer and reviewer are different people, held in the database on SQLite and PostgreSQL alike."""

import json

import pytest

from ledger_homes import Cell, Home, Raw, Refused, insert, open_in
from ledger_sample import AT
from ledgers.refusals import NotPrepared, SamePerson, SignOffRefused
from ledgers.seal import digest
from ledgers.store import Ledger

SUBJECT = "close/Q2"
TIME = "2016-05-04T10:00:00Z"


@pytest.fixture(scope="module")
def made_once(home: Home) -> Ledger:
    ledger = open_in(home)
    sign(ledger, "Ann Other", "prepared")
    return ledger


@pytest.fixture
def ledger(home: Home, made_once: Ledger) -> Ledger:
    return home.copy(made_once)


def sign(ledger: Ledger, who: str, part: str, body: str = "", subject: str = SUBJECT) -> int:
    with ledger.writing(who, AT) as writing:
        return writing.sign_off(subject, part, body)  # type: ignore[arg-type]  # a wrong part is refused


def by_hand(raw: Raw, part: str, who: str, sealed: str | None = None) -> list[str]:
    """The event and the row of a sign-off as anyone may write them; ``sealed`` is another part in the event's text."""
    question = "SELECT number, hash FROM event WHERE pool_id = 'thanet' ORDER BY number DESC LIMIT 1"
    last, previous = raw.rows(question)[0]
    number = int(last) + 1
    said = {"pool": "thanet", "number": number, "kind": "sign-off", "who": who, "recorded_at": TIME}
    payload = {"subject": SUBJECT, "part": sealed or part, "body": ""}
    text = json.dumps({**said, "previous": previous, "payload": payload})
    event: dict[str, Cell] = {
        "pool_id": "thanet", "number": number, "kind": "sign-off", "recorded_at": TIME, "who": who,
        "content": text, "previous_hash": previous, "hash": digest(text),
    }  # fmt: skip
    columns = ("pool_id", "subject", "body", "event", "part", "who")
    return [
        insert("event", tuple(event), tuple(event.values())),
        insert("sign_off", columns, ("thanet", SUBJECT, "", number, part, who)),
    ]


def test_a_subject_is_prepared_agreed_and_reviewed_by_name_as_of_an_event(ledger: Ledger) -> None:
    prepared = ledger.head().number
    sign(ledger, "Ann Other", "agreed", "ccg")
    reviewed = sign(ledger, "Bob Reviewer", "reviewed")
    sign(ledger, "Bob Reviewer", "prepared", subject="close/Q3")
    found = ledger.sign_offs(subject=SUBJECT)
    assert [(each.part, each.body, each.who) for each in found] == [
        ("prepared", "", "Ann Other"), ("agreed", "ccg", "Ann Other"), ("reviewed", "", "Bob Reviewer"),
    ]  # fmt: skip
    assert (found[-1].event, found[-1].signed_at) == (reviewed, "2016-04-01T09:00:00Z")
    assert [each.event for each in ledger.sign_offs(as_of=prepared)] == [prepared]
    assert len(ledger.sign_offs()) == 4
    assert ledger.verify() == []


@pytest.mark.parametrize("who", ["Ann Other", " ann OTHER "])
def test_who_prepared_does_not_review_however_the_name_is_written(ledger: Ledger, who: str) -> None:
    before = ledger.head()
    with pytest.raises(SamePerson, match=r"close/Q2 was prepared by .*: have another person review it"):
        sign(ledger, who, "reviewed")
    assert ledger.head() == before


def test_only_who_prepared_last_is_kept_from_reviewing(ledger: Ledger) -> None:
    sign(ledger, "Bob Reviewer", "prepared")
    sign(ledger, "Ann Other", "reviewed")
    with pytest.raises(SamePerson):
        sign(ledger, "Bob Reviewer", "reviewed")


def test_what_nobody_prepared_is_not_reviewed(ledger: Ledger) -> None:
    with pytest.raises(NotPrepared, match="close/Q1 cannot be reviewed"):
        sign(ledger, "Bob Reviewer", "reviewed", subject="close/Q1")


@pytest.mark.parametrize(("subject", "part", "body"), [("", "agreed", ""), ("x", "seen", ""), ("x", "agreed", "nhs")])
def test_a_sign_off_has_a_subject_a_part_and_a_partner_of_the_pool(
    ledger: Ledger, subject: str, part: str, body: str
) -> None:
    with pytest.raises(SignOffRefused, match="name a subject"):
        sign(ledger, "Bob Reviewer", part, body, subject)


def test_the_database_refuses_the_same_person_from_a_connection_that_knows_nothing_of_us(
    home: Home, ledger: Ledger
) -> None:
    raw = home.raw(ledger)
    with pytest.raises(Refused, match="SamePerson"):
        raw.run(*by_hand(raw, "reviewed", "ANN other"))
    with pytest.raises(Refused, match="what its event says"):
        raw.run(*by_hand(raw, "reviewed", "Bob Reviewer", sealed="agreed"))
    raw.run(*by_hand(raw, "reviewed", "Bob Reviewer"))
    assert [each.part for each in ledger.sign_offs()] == ["prepared", "reviewed"]
    assert ledger.verify() == []


def test_a_sign_off_changed_past_the_guards_is_found(home: Home, ledger: Ledger) -> None:
    home.raw(ledger).past_the_guards("UPDATE sign_off SET who = 'Bob Reviewer'")
    assert [finding.check for finding in ledger.verify()] == ["sign-off"]
