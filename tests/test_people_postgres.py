"""People on a PostgreSQL server: the same rules as in a file, and rows of the record that nobody changes."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from ledger_homes import PostgresHome, open_in
from ledgers.place import Url
from pooledfund.access import Actor, Role
from pooledfund.people import accounts, codes, drafts, granting, sessions, signing_in
from pooledfund.people.database import NoPeople, People
from pooledfund.people.person import Grant
from pooledfund.people.signing_in import SignInRefused

BY = Actor("operator", Role.ADMINISTRATOR)
PASSWORD = "four words in a row"


@pytest.fixture
def place(postgres_home: PostgresHome) -> Iterator[Url]:
    ledger = open_in(postgres_home)
    assert isinstance(ledger.books.place, Url)
    yield ledger.books.place
    People(ledger.books.place).close()
    ledger.books.close()


def test_people_live_in_a_server_as_in_a_file(place: Url) -> None:
    people = People.at(place)
    codes.use_code(people, codes.first_run_code(people), "ada", PASSWORD, manages_pools=True)
    accounts.add(people, BY, "lee")
    granting.grant(people, BY, "lee", Grant("pool", Role.PARTNER_FINANCE_LEAD, "icb"))
    token = signing_in.sign_in(people, signing_in.proved_by_password(people, "ada", PASSWORD))
    person = sessions.standing(People.at(place), token).person
    assert person is not None
    assert person.roles("pool") == (Role.POOLED_FUND_MANAGER, Role.ADMINISTRATOR)
    drafts.save(people, "ada", "pool", "comment", "kept", 3)
    assert drafts.of(people, "ada", "pool")["comment"].text == "kept"
    sessions.sign_out(people, token)
    assert sessions.standing(people, token).person is None
    outcomes = [(each.login, each.outcome) for each in signing_in.sign_ins(people, BY)]
    assert outcomes == [("ada", "signed out"), ("ada", "signed in")]
    with psycopg.connect(place.secret) as connection, pytest.raises(psycopg.Error, match="are only added"):
        connection.execute("DELETE FROM sign_in")
    with psycopg.connect(place.secret) as connection, pytest.raises(psycopg.Error, match="are only added"):
        connection.execute("UPDATE people_change SET who = 'nobody'")


def test_tries_at_once_are_no_more_than_tries_one_by_one(place: Url) -> None:
    people = People.at(place)
    codes.use_code(people, codes.first_run_code(people), "ada", PASSWORD)

    def guess() -> None:
        with pytest.raises(SignInRefused):
            signing_in.proved_by_password(people, "ada", "a wrong guess")

    guesses = [threading.Thread(target=guess) for _ in range(12)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    outcomes = [each.outcome for each in signing_in.sign_ins(people, BY)]
    assert sorted(outcomes) == ["locked"] * 7 + ["wrong password"] * 5


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(NoPeople) as refusal:
        People.at(Url("postgresql://ada:very-secret@127.0.0.1:1/people"))
    assert "very-secret" not in str(refusal.value)
