"""People: the first of them, passwords, lockout, sessions, roles and deputies, what is kept and what is never."""

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pooledfund import settings
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.cli import main
from pooledfund.people import accounts, codes, drafts, granting, sessions, signing_in
from pooledfund.people.database import NoPeople, People
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.people.signing_in import Identity, SignInRefused

BY = Actor("operator", Role.ADMINISTRATOR)
PASSWORD = "four words in a row"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(tmp_path: Path, clock: Clock) -> People:
    found = People.at(tmp_path / "people.db", clock)
    for login, role in (("ada", Role.ADMINISTRATOR), ("max", Role.POOLED_FUND_MANAGER)):
        accounts.add(found, BY, login)
        accounts.set_password(found, BY, login, PASSWORD)
        granting.grant(found, BY, login, Grant(EVERY_POOL, role))
    return found


def signed_in(people: People, login: str = "max") -> str:
    return signing_in.sign_in(people, signing_in.proved_by_password(people, login, PASSWORD))


def test_the_first_person_comes_in_with_a_code_once_and_there_is_no_default(tmp_path: Path, clock: Clock) -> None:
    people = People.at(tmp_path / "new.db", clock)
    assert codes.nobody_yet(people)
    with pytest.raises(SignInRefused):
        signing_in.proved_by_password(people, "admin", "admin")
    old = codes.first_run_code(people)
    code = codes.first_run_code(people)
    for wrong in (old, "AAAA-BBBB", ""):
        with pytest.raises(codes.CodeRefused):
            codes.use_code(people, wrong, "ada", PASSWORD)
    assert codes.use_code(people, f" {code.lower()} ", "Ada", PASSWORD, manages_pools=True) == "ada"
    with pytest.raises(codes.CodeRefused):
        codes.use_code(people, code, "eve", PASSWORD)
    with pytest.raises(codes.CodeRefused, match="there are people already"):
        codes.first_run_code(people)
    (ada,) = accounts.accounts(people, BY)
    assert [each.role for each in ada.person.grants] == [Role.ADMINISTRATOR, Role.POOLED_FUND_MANAGER]


def test_a_code_of_the_first_start_ends_after_an_hour(tmp_path: Path, clock: Clock) -> None:
    people = People.at(tmp_path / "new.db", clock)
    code = codes.first_run_code(people)
    clock.later(minutes=61)
    with pytest.raises(codes.CodeRefused, match="too old"):
        codes.use_code(people, code, "ada", PASSWORD)


def test_wrong_passwords_lock_an_account_for_a_while_and_every_refusal_is_the_same(
    people: People, clock: Clock
) -> None:
    said = set()
    for login, password in (("max", "wrong wrong wrong"), ("nobody", PASSWORD), ("", ""), ("max\x00", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            signing_in.proved_by_password(people, login, password)
        said.add(str(refused.value))
    for _ in range(settings.TRIES.number - 1):
        with pytest.raises(SignInRefused):
            signing_in.proved_by_password(people, "max", "wrong wrong wrong")
    with pytest.raises(SignInRefused) as refused:
        signing_in.proved_by_password(people, "max", PASSWORD)
    said.add(str(refused.value))
    assert len(said) == 1
    clock.later(minutes=settings.LOCK_MINUTES.number + 1)
    assert signing_in.proved_by_password(people, "max", PASSWORD).login == "max"
    outcomes = [each.outcome for each in signing_in.sign_ins(people, BY)]
    assert "locked" in outcomes
    assert "wrong password" in outcomes


def test_an_administrator_unlocks(people: People) -> None:
    for _ in range(settings.TRIES.number):
        with pytest.raises(SignInRefused):
            signing_in.proved_by_password(people, "max", "wrong wrong wrong")
    accounts.unlock(people, BY, "max")
    assert signing_in.proved_by_password(people, "max", PASSWORD).login == "max"


def test_a_session_ends_idle_in_any_case_signed_out_and_with_its_person(people: People, clock: Clock) -> None:
    token = signed_in(people)
    assert sessions.standing(people, token).person is not None
    for _ in range(3):
        clock.later(minutes=settings.IDLE_MINUTES.number - 1)
        assert sessions.standing(people, token).person is not None
    clock.later(minutes=settings.IDLE_MINUTES.number + 1)
    assert "nothing was done" in sessions.standing(people, token).why
    token = signed_in(people)
    for _ in range(settings.SESSION_HOURS.number * 2):
        clock.later(minutes=30)
        found = sessions.standing(people, token)
    assert "it had lasted" in found.why
    token = signed_in(people)
    sessions.sign_out(people, token)
    assert sessions.standing(people, token).why == "You are signed out."
    token = signed_in(people)
    accounts.disable(people, BY, "max")
    assert sessions.standing(people, token).person is None
    with pytest.raises(SignInRefused):
        signed_in(people)
    accounts.enable(people, BY, "max")
    other = signed_in(people)
    accounts.set_password(people, BY, "max", "another four words here")
    assert sessions.standing(people, other).person is None
    assert sessions.standing(people, "made up").person is None


def test_there_is_always_an_administrator(people: People) -> None:
    with pytest.raises(accounts.LastAdministrator):
        accounts.disable(people, BY, "ada")
    with pytest.raises(accounts.LastAdministrator):
        granting.revoke(people, BY, "ada", EVERY_POOL, Role.ADMINISTRATOR)
    assert any(each.person.login == "ada" and not each.disabled for each in accounts.accounts(people, BY))


def test_a_deputy_signs_for_the_same_partner_and_goes_with_the_lead(people: People) -> None:
    for login in ("lee", "dee"):
        accounts.add(people, BY, login)
    lead = Grant("pool", Role.PARTNER_FINANCE_LEAD, "icb")
    granting.grant(people, BY, "lee", lead)
    for wrong in (
        Grant("pool", Role.PARTNER_FINANCE_LEAD, "council", deputy_for="lee"),
        Grant("pool", Role.POOLED_FUND_MANAGER, deputy_for="lee"),
        Grant("pool", Role.PARTNER_FINANCE_LEAD),
        Grant("pool", Role.SCHEME_MANAGER),
        Grant(EVERY_POOL, Role.PARTNER_FINANCE, "icb"),
    ):
        with pytest.raises(accounts.PersonRefused):
            granting.grant(people, BY, "dee", wrong)
    granting.grant(people, BY, "dee", Grant("pool", Role.PARTNER_FINANCE_LEAD, "icb", deputy_for="lee"))
    dee = next(each.person for each in accounts.accounts(people, BY) if each.person.login == "dee")
    actor = dee.actor("pool")
    assert (actor.partner, actor.deputy_for) == ("icb", "lee")
    with pytest.raises(NotAllowed):
        dee.actor("another")
    granting.revoke(people, BY, "lee", "pool", Role.PARTNER_FINANCE_LEAD)
    assert not any(each.person.roles("pool") for each in accounts.accounts(people, BY) if each.person.login == "dee")


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_looks_after_people(people: People, role: Role) -> None:
    other = Actor("someone", role)
    for deed in (
        lambda: accounts.add(people, other, "new"),
        lambda: accounts.disable(people, other, "max"),
        lambda: accounts.unlock(people, other, "max"),
        lambda: accounts.set_password(people, other, "max", PASSWORD),
        lambda: granting.grant(people, other, "max", Grant(EVERY_POOL, Role.AUDITOR)),
        lambda: granting.revoke(people, other, "max", EVERY_POOL, Role.POOLED_FUND_MANAGER),
        lambda: codes.password_code(people, other, "max"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert len(accounts.accounts(people, BY)) == 2


def test_no_secret_is_kept_or_logged(people: People, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with caplog.at_level(logging.DEBUG):
        token = signed_in(people)
        code = codes.password_code(people, BY, "max")
        with pytest.raises(SignInRefused):
            signing_in.proved_by_password(people, PASSWORD, PASSWORD)
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    said = " ".join(str(each.__dict__) for each in caplog.records)
    for secret in (PASSWORD, token, code):
        assert secret.encode() not in kept
        assert secret not in said
    assert (tmp_path / "people.db").stat().st_mode & 0o077 == 0


def test_an_organisations_person_is_bound_to_the_first_subject_that_claims_the_login(people: People) -> None:
    accounts.add(people, BY, "olu", oidc=True)
    first = Identity("oidc", "olu", "https://id.example", "s-1")
    signing_in.sign_in(people, first)
    signing_in.sign_in(people, Identity("oidc", "renamed", "https://id.example", "s-1"))
    for login, subject in (("olu", "s-2"), ("max", "s-3")):
        with pytest.raises(SignInRefused, match="not known here"):
            signing_in.sign_in(people, Identity("oidc", login, "https://id.example", subject))


def test_drafts_are_kept_field_by_field_and_go_when_sent(people: People) -> None:
    drafts.save(people, "max", "pool", "comment Q1 S1", "Half wri", 12)
    drafts.save(people, "max", "pool", "comment Q1 S1", "Half written", 14)
    drafts.save(people, "ada", "pool", "comment Q1 S1", "another's")
    found = drafts.of(people, "max", "pool")
    assert {name: (each.text, each.based_on) for name, each in found.items()} == {"comment Q1 S1": ("Half written", 12)}
    drafts.drop(people, "max", "pool", "comment Q1 S1")
    assert drafts.of(people, "max", "pool") == {}
    with pytest.raises(drafts.DraftTooLong):
        drafts.save(people, "max", "pool", "x", "y" * 20_001)


def test_a_file_that_is_no_people_is_told(tmp_path: Path) -> None:
    (tmp_path / "people.db").write_text("Dear administrator")
    with pytest.raises(NoPeople):
        People.at(tmp_path / "people.db")


def test_the_command_looks_after_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = ["--db", str(tmp_path / "books.db")]
    assert main(["people", "setup-code", *db]) == 0
    assert "One-time code, for an hour: " in capsys.readouterr().out
    assert main(["people", "add", "max", *db]) == 0
    assert main(["people", "grant", "max", "--role", "auditor", *db]) == 0
    assert main(["people", "code", "max", *db]) == 0
    capsys.readouterr()
    assert main(["people", "list", "--json", *db]) == 0
    assert '"auditor of every pool"' in capsys.readouterr().out
    wrongs = (
        ["grant", "max", "--role", "king"],
        ["add", "a@b.c"],
        ["disable"],
        ["revoke", "max", "--role", "auditor", "--pool", "x"],
    )
    for wrong in wrongs:
        assert main(["people", *wrong, *db]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert main(["people", "changes", *db]) == 0
    assert main(["config", "--json"]) == 0
    assert "POOLEDFUND_OIDC_CLIENT_SECRET" in capsys.readouterr().out


def test_who_is_at_the_page_is_known_without_the_libraries_of_models_and_of_sheets() -> None:
    heavy = "{'pandas', 'sqlalchemy', 'sqlmodel', 'openpyxl', 'altair'}"
    program = f"import sys, pooledfund.ui.server as server; print(sorted({heavy} & sys.modules.keys())); "
    program += f"server.load_first_screen(); print(sorted({heavy} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[:2] == ["[]", "[]"]
