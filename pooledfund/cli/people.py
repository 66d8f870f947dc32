"""The commands on people and on settings. Whoever can open the people's file is believed to be its administrator."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence

from pooledfund import settings
from pooledfund.access import Actor, Role
from pooledfund.cli.session import CallRefused, books_place, login_name, print_json
from pooledfund.cli.tables import table
from pooledfund.people import accounts, codes, granting, signing_in
from pooledfund.people.database import People, people_place
from pooledfund.people.person import EVERY_POOL, Grant


def people(call: argparse.Namespace) -> int:
    """Look after the people of the front end: each action by its name."""
    there = People.at(people_place(books_place(call)))
    by = Actor(call.user or settings.USER.value or login_name(), Role.ADMINISTRATOR)
    listing = _LISTS.get(call.action)
    if listing is not None:
        return listing(call, there, by)
    if call.action == "setup-code":
        print(f"One-time code, for an hour: {codes.first_run_code(there)}")
        return 0
    if not call.login:
        raise CallRefused(f"{call.action} needs a LOGIN: see 'pooledfund people list'")
    print(_DEEDS[call.action](call, there, by))
    return 0


def config(call: argparse.Namespace) -> int:
    """Print every setting that is read from the environment; a secret is masked."""
    found = [
        {
            "name": each.name,
            "value": ("set" if each.value else "not set") if each.secret else each.value,
            "default": each.default,
            "meaning": each.meaning,
        }
        for each in settings.SETTINGS
    ]
    if call.json:
        print_json(found)
    else:
        rows = [[each["name"], each["value"] or "not set", each["meaning"]] for each in found]
        print(table("Settings, read from the environment", "lll", ["Name", "Value", "Meaning"], rows))
    return 0


def _list(call: argparse.Namespace, there: People, by: Actor) -> int:
    found = accounts.accounts(there, by)
    if call.json:
        print_json(
            [
                {
                    "login": each.person.login,
                    "way": each.way,
                    "status": each.status(there.present),
                    "roles": [str(grant) for grant in each.person.grants],
                }
                for each in found
            ]
        )
        return 0
    rows = [
        [each.person.login, "organisation" if each.way == "oidc" else "password", each.status(there.present),
         "; ".join(map(str, each.person.grants)) or "no role"]
        for each in found
    ]  # fmt: skip
    print(table("People", "llll", ["Login", "Signs in by", "Status", "Roles"], rows))
    return 0


def _rows(call: argparse.Namespace, caption: str, header: Sequence[str], rows: list[list[str]]) -> int:
    if call.json:
        print_json([dict(zip((each.lower() for each in header), row, strict=True)) for row in rows])
    else:
        print(table(caption, "l" * len(header), list(header), rows))
    return 0


def _sign_ins(call: argparse.Namespace, there: People, by: Actor) -> int:
    rows = [[each.at, each.login, each.way, each.outcome] for each in signing_in.sign_ins(there, by)]
    return _rows(call, "Sign-ins, newest first", ("At", "Login", "Way", "Outcome"), rows)


def _changes(call: argparse.Namespace, there: People, by: Actor) -> int:
    rows = [[each.at, each.who, each.what, each.login, each.detail] for each in accounts.changes(there, by)]
    return _rows(call, "Changes of people, newest first", ("At", "Who", "What", "Login", "Detail"), rows)


_LISTS: dict[str, Callable[[argparse.Namespace, People, Actor], int]] = {
    "list": _list,
    "sign-ins": _sign_ins,
    "changes": _changes,
}


def _add(call: argparse.Namespace, there: People, by: Actor) -> str:
    kept = accounts.add(there, by, call.login, oidc=call.organisation)
    return f"Added {kept}: grant a role with 'pooledfund people grant {kept} --role ROLE'"


def _grant(call: argparse.Namespace, there: People, by: Actor) -> str:
    lines = tuple(each.strip() for each in (call.lines or "").split(",") if each.strip())
    given = Grant(call.pool or EVERY_POOL, _role(call), call.partner, lines, call.deputy_for)
    granting.grant(there, by, call.login, given)
    return f"{call.login} is {given}"


def _revoke(call: argparse.Namespace, there: People, by: Actor) -> str:
    role = _role(call)
    granting.revoke(there, by, call.login, call.pool or EVERY_POOL, role)
    return f"{call.login} is no {role.in_words} of {call.pool or 'every pool'} any more"


def _password(call: argparse.Namespace, there: People, by: Actor) -> str:
    """The password comes from the keyboard, or from standard input; never from the command, which others can see."""
    if sys.stdin.isatty():
        password = getpass.getpass("New password: ")
        if getpass.getpass("Again: ") != password:
            raise CallRefused("the two passwords are not the same: nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\n")
    accounts.set_password(there, by, call.login, password)
    return f"{call.login} has a new password; sessions of before are ended"


def _code(call: argparse.Namespace, there: People, by: Actor) -> str:
    code = codes.password_code(there, by, call.login)
    return f"One-time code for {call.login}, for a day: {code}"


def _plain(what: Callable[[People, Actor, str], None], said: str) -> Callable[[argparse.Namespace, People, Actor], str]:
    def do(call: argparse.Namespace, there: People, by: Actor) -> str:
        what(there, by, call.login)
        return f"{call.login} is {said}"

    return do


_DEEDS: dict[str, Callable[[argparse.Namespace, People, Actor], str]] = {
    "add": _add,
    "grant": _grant,
    "revoke": _revoke,
    "password": _password,
    "code": _code,
    "disable": _plain(accounts.disable, "disabled, and signed out everywhere"),
    "enable": _plain(accounts.enable, "enabled"),
    "unlock": _plain(accounts.unlock, "unlocked"),
}


def _role(call: argparse.Namespace) -> Role:
    if call.role not in set(Role):
        raise CallRefused(f"'{call.role or ''}' is not a role: give --role one of {', '.join(Role)}")
    return Role(call.role)
