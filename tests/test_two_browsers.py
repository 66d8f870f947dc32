"""Two people with the same page in two browsers: nothing is recorded twice, nothing is lost, and the second is told."""

from datetime import date
from pathlib import Path

import pytest

from books_for_pages import EXAMPLESHIRE, exampleshire_books
from ledgers.place import place_of
from ledgers.seal import Event
from ledgers.store import Books
from pooledfund.access import Role
from pooledfund.people import accounts, drafts
from pooledfund.people.database import People, people_place
from pools import DB
from shown import LEAD, MANAGER, Shown
from test_decisions import OPEN, overspent
from tools.people_for_pages import OPERATOR

CHANGED = "after you had read it"
Q2, Q4 = {"quarter": "Q2: Jul to Sep"}, {"quarter": "Q4: Jan to Mar"}
DECIDED = {"Minute of the decision": "JCB 4", "Day of the decision": date(2024, 4, 20)}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return exampleshire_books(tmp_path / "exampleshire.db", through="Q1")


def told(books: Path, kind: str, pool: str = EXAMPLESHIRE) -> list[Event]:
    return Books.open(place_of(str(books))).pool(pool).events(kind=kind)


def test_a_decision_recorded_meanwhile_is_not_replaced_unseen(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    books = tmp_path / DB
    kim, lee = (Shown("risk_share", books, MANAGER, login, **Q4) for login in ("kim", "lee"))
    first, second, *_ = pool.agreement.partners.values()
    for person, partner in ((kim, first), (lee, second)):
        person.typed({partner.name: "20,000.01", **DECIDED})
    kim.press("Record the decision")
    assert "is decided" in kim.said
    lee.press("Record the decision")
    assert "was changed by kim" in lee.said
    assert CHANGED in lee.said
    assert "JCB 4 has decided this, recorded by kim" in lee.text
    assert len(told(books, "decision recorded", pool.agreement.id)) == 1
    lee.press("Record the decision")
    assert "is decided" in lee.said, "what stands was read: it is lee's to replace"
    assert len(told(books, "decision recorded", pool.agreement.id)) == 2


def test_the_same_decision_is_recorded_once(tmp_path: Path) -> None:
    pool = overspent(tmp_path, OPEN)
    (council, *_) = pool.agreement.partners.values()
    people = [Shown("risk_share", tmp_path / DB, MANAGER, login, **Q4) for login in ("kim", "lee")]
    for person in people:
        person.typed({council.name: "20,000.01", **DECIDED})
    for person in people:
        person.press("Record the decision")
        assert "is decided" in person.said
    assert len(told(tmp_path / DB, "decision recorded", pool.agreement.id)) == 1


def test_a_cut_made_meanwhile_is_made_once_and_another_is_not_made_unseen(books: Path) -> None:
    kim, lee, max_ = (Shown("risk_share", books, MANAGER, login, **Q2) for login in ("kim", "lee", "max"))
    for person, pounds in ((kim, "100.00"), (lee, "100.00"), (max_, "50.00")):
        person.typed({"Line": "S5", "Amount that is not": pounds, "Minute of the cut": "JCB 3"})
        person.typed({"Day of the cut": date(2023, 7, 10)})
    for person in (kim, lee):
        person.press("Record the cut")
        assert "£100.00 less is forecast for S5" in person.said
    assert len(told(books, "containment decided")) == 1
    max_.press("Record the cut")
    assert "the forecast of S5 at M6 was changed by kim" in max_.said
    assert len(told(books, "containment decided")) == 1


def test_a_dispute_that_was_raised_anew_meanwhile_is_not_resolved_unseen(books: Path) -> None:
    lead = Shown("risk_share", books, LEAD)
    dispute = {"What is disputed": "the packages", "Day it was raised": date(2023, 8, 1)}
    lead.typed(dispute).press("Record the dispute")
    kim, lee = (Shown("risk_share", books, MANAGER, login) for login in ("kim", "lee"))
    for person in (kim, lee):
        person.typed({"Minute that resolved": "JCB 5", "Day it was resolved": date(2023, 8, 2)})
    kim.press("Record that it is resolved")
    lead.run().typed({**dispute, "What is disputed": "the beds"}).press("Record the dispute")
    lee.press("Record that it is resolved")
    assert "the dispute of council" in lee.said
    assert CHANGED in lee.said
    assert len(told(books, "dispute resolved")) == 1


def test_a_virement_is_not_made_on_budgets_that_were_moved_meanwhile(books: Path) -> None:
    move = {
        "Line that gives": "S5",
        "Line that gets": "S6",
        "Contribution whose": "nhs-min",
        "Amount, £": "10.00",
        "Effective from": date(2023, 10, 1),
    }
    kim, lee, max_ = (Shown("schemes", books, MANAGER, login, **Q2) for login in ("kim", "lee", "max"))
    for person, minute in ((kim, "JCB 4"), (lee, "JCB 4"), (max_, "JCB minute 4")):
        person.put({**move, "Minute that approved": minute})
    kim.press("Make the virement")
    assert "moved from S5 to S6" in kim.said
    lee.press("Make the virement")
    assert "That virement stood already" in lee.said
    max_.press("Make the virement")
    assert "the budget of a line was changed by kim" in max_.said
    assert "Make the virement" in max_.buttons, "with the budgets as they are now, it is max's to make"


def test_a_person_who_was_changed_meanwhile_is_not_changed_unseen(books: Path) -> None:
    ada, bea = (Shown("administration", books, "administrator", login) for login in ("ada", "bea"))
    ada.typed({"Login of the new person": "Pat"}).press("Add the person")
    bea.run()
    for person, role in ((ada, Role.AUDITOR), (bea, Role.BOARD_READER)):
        person.put({"Person who gets": "pat", "Role": role, "Person": "pat", "What to do": "give a one-time code"})
    ada.press("Grant the role")
    bea.press("Grant the role")
    assert "ada granted pat, auditor of every pool on" in bea.said
    assert "nothing was changed by you" in bea.said
    bea.press("Grant the role")
    assert "pat is board reader of every pool" in bea.said
    ada.press("Do it")
    assert "bea granted pat, board reader" in ada.said, "no code is given on what was not read"
    ada.press("Do it")
    assert "One-time code for pat" in ada.said
    bea.press("Do it")
    assert "ada gave a code to pat" in bea.said, "the code that pat was told stays good"
    grants = {
        each.person.login: each.person.grants for each in accounts.accounts(People.at(people_place(books)), OPERATOR)
    }
    assert [grant.role for grant in grants["pat"]] == [Role.AUDITOR, Role.BOARD_READER]


def test_what_an_administrator_types_is_kept_until_it_is_done_and_a_code_never_is(books: Path) -> None:
    ada = Shown("administration", books, "administrator", "ada")
    ada.put(
        {"Login of the new person": "Pat", "Signs in by": True, "Role": Role.PARTNER_FINANCE, "Partner, for": "nhs"}
    )
    again = Shown("administration", books, "administrator", "ada")
    assert again.field("Login of the new person").value == "Pat"
    assert again.field("Signs in by").value is True
    assert (again.field("Role").value, again.field("Partner, for").value) == (Role.PARTNER_FINANCE, "nhs")
    again.put({"Signs in by": False}).press("Add the person")
    assert "pat is added" in again.said
    again.put({"Person": "pat", "What to do": "give a one-time code"}).press("Do it")
    code = again.said.rsplit(" ", 1)[-1]
    kept = drafts.of(People.at(people_place(books)), "ada", EXAMPLESHIRE)
    assert set(kept) == {"grant: role", "grant: partner"}
    assert code.encode() not in Path(str(people_place(books))).read_bytes()
