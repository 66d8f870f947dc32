"""People for tests, pictures and benchmarks of the pages: made by the product's functions, signed in by its form."""

from pathlib import Path

from playwright.sync_api import Page

from pooledfund.access import Actor, Role
from pooledfund.people.accounts import accounts, add, set_password
from pooledfund.people.database import People, people_place
from pooledfund.people.granting import grant
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.people.signing_in import Identity, sign_in

OPERATOR = Actor("operator", Role.ADMINISTRATOR)
PASSWORD = "four words in a row"


def person(books: Path, login: str, *grants: Grant) -> People:
    """A person beside some books, with these roles, else as an auditor of every pool; they have no password yet."""
    people = People.at(people_place(books))
    if login not in {each.person.login for each in accounts(people, OPERATOR)}:
        add(people, OPERATOR, login)
        for each in grants or (Grant(EVERY_POOL, Role.AUDITOR),):
            grant(people, OPERATOR, login, each)
    return people


def token(books: Path, login: str, *grants: Grant) -> str:
    """The token of a person's new session, for a page that is run without a browser."""
    return sign_in(person(books, login, *grants), Identity("local", login))


def sign_in_at(page: Page, address: str, login: str, password: str = PASSWORD) -> None:
    """Sign in by the form, and arrive at the address."""
    page.goto(address)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def with_password(books: Path, login: str, *grants: Grant) -> People:
    """A person beside some books who can sign in by the form."""
    people = person(books, login, *grants)
    # Set again and again it would end the sessions of before: once is enough.
    if any(each.person.login == login and each.bound for each in accounts(people, OPERATOR)):
        return people
    set_password(people, OPERATOR, login, PASSWORD)
    return people
