"""The Administration page: people added and granted roles by an administrator, seen by auditors, closed to others."""

from pathlib import Path

import pytest

from books_for_pages import exampleshire_books
from pooledfund.access import Role
from pooledfund.people import accounts
from pooledfund.people.database import People, people_place
from shown import Shown
from tools.people_for_pages import OPERATOR


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return exampleshire_books(tmp_path / "exampleshire.db", through="Q1")


def logins(books: Path) -> dict[str, list[Role]]:
    found = accounts.accounts(People.at(people_place(books)), OPERATOR)
    return {each.person.login: [grant.role for grant in each.person.grants] for each in found}


def test_an_administrator_adds_a_person_grants_a_role_and_gives_a_code(books: Path) -> None:
    ada = Shown("administration", books, "administrator", "ada")
    ada.typed({"Login of the new person": "Pat"}).press("Add the person")
    assert "pat is added" in ada.said
    ada.typed({"Person who gets": "pat", "Role": Role.AUDITOR}).press("Grant the role")
    assert "pat is auditor of every pool" in ada.said
    assert logins(books)["pat"] == [Role.AUDITOR]
    ada.typed({"Person": "pat", "What to do": "give a one-time code"}).press("Do it")
    assert "One-time code for pat" in ada.said
    ada.typed({"Person who gets": "pat", "Role": Role.SCHEME_MANAGER}).press("Grant the role")
    assert "names scheme lines" in ada.said
    assert [ada.rows("Changes of people")[1][place] for place in (3, 2)] == ["pat", "granted"]
    ada.typed({"Person": "ada", "What to do": "disable"}).press("Do it")
    assert "Not done" in ada.said


def test_an_auditor_sees_people_and_changes_none(books: Path) -> None:
    shown = Shown("administration", books, "auditor")
    assert shown.rows("People")
    assert not shown.buttons


def test_others_do_not_see_people(books: Path) -> None:
    shown = Shown("administration", books, "board_reader")
    assert "may not see who may do what" in shown.text
    assert "<table" not in shown.markup
