"""What every command on the books shares: which books, which pool, who is at work, and printing JSON."""

import argparse
import getpass
import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from ledgers.calendar import PeriodNotUnderstood, parse_period, quarter_months, quarter_of
from ledgers.money import MoneyNotUnderstood, parse_pounds
from ledgers.place import Place, place_of
from pooledfund import settings
from pooledfund.access import Actor, Role
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool

if TYPE_CHECKING:
    from pooledfund.results.standing import Standing
    from s75_rules.agreement import Agreement


class CallRefused(InputRefused):
    """A call whose options cannot be used."""


def books_place(call: argparse.Namespace) -> Place:
    """The books that the call names, a file or a PostgreSQL URL, else the environment, else the file here."""
    return place_of(call.db or settings.DB.value)


def actor_of(call: argparse.Namespace, default: Role = Role.POOLED_FUND_MANAGER) -> Actor:
    """Who is at work by the call, else the environment, else the login name in the role that the command is for.

    Whoever can open the file of the books can do anything to it: the command line believes what it is told.
    """
    name = call.user or settings.USER.value or login_name()
    role = call.role or settings.ROLE.value or default.value
    if role not in set(Role):
        raise CallRefused(f"'{role}' is not a role: use one of {', '.join(Role)}")
    lines = call.lines or settings.LINES.value
    return Actor(
        name,
        Role(role),
        partner=call.partner or settings.PARTNER.value or None,
        schemes=tuple(line.strip() for line in lines.split(",") if line.strip()),
    )


def open_pool(call: argparse.Namespace) -> Pool:
    """The pool that the call names, in its books, for the person at work; its agreement as of the call's event."""
    as_of = getattr(call, "as_of", None)
    return Pool.open(books_place(call), call.pool, actor_of(call), as_of=as_of if isinstance(as_of, int) else None)


def month_of(call: argparse.Namespace) -> int:
    """The month that the call's quarter or month ends in; the year's end where it names none."""
    given = call.month or call.quarter or "Q4"
    if call.month and not given.upper().startswith("M"):
        raise CallRefused(f"'{given}' is not a month: write M1 to M12, or a quarter with --quarter")
    if call.quarter and not given.upper().startswith("Q"):
        raise CallRefused(f"'{given}' is not a quarter: write Q1 to Q4, or a month with --month")
    return period(given)


def day(text: str, option: str) -> date:
    """A day as a person writes it; raises CallRefused with the option's name."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallRefused(f"{option}: '{text}' is not a date: write it as 2016-07-01") from None


def pence(text: str, option: str) -> int:
    """Pounds as a person writes them, in pence; raises CallRefused with the option's name."""
    try:
        return parse_pounds(text)
    except MoneyNotUnderstood as error:
        raise CallRefused(f"{option}: {error}") from None


def period(text: str) -> int:
    """The month that a period ends in; raises CallRefused."""
    try:
        return parse_period(text)
    except PeriodNotUnderstood as error:
        raise CallRefused(str(error)) from None


def months_of(text: str | None) -> tuple[int, ...]:
    """The months of a month or quarter; none where none is named. Raises CallRefused."""
    if text is None:
        return ()
    month = period(text)
    return (month,) if text.strip().upper().startswith("M") else tuple(quarter_months(quarter_of(month)))


def amount_and_day(call: argparse.Namespace) -> tuple[int, date]:
    """The call's --amount in pence and its --effective day; raises CallRefused with what is wrong with either."""
    faults = []
    pence, effective = 0, date.min
    try:
        pence = parse_pounds(call.amount)
    except MoneyNotUnderstood as error:
        faults.append(f"--amount: {error}")
    try:
        effective = day(call.effective, "--effective")
    except CallRefused as refused:
        faults.append(str(refused))
    if faults:
        raise CallRefused(*faults)
    return pence, effective


def print_json(document: object) -> None:
    """Print one JSON document."""
    print(json.dumps(document, indent=1, ensure_ascii=False))


def print_report(document: Mapping[str, object], agreement: "Agreement") -> None:
    """Print a report as one JSON document with how its agreement stands."""
    print_json({**document, **_standing_of(agreement).as_json()})


def print_text(text: str, agreement: "Agreement") -> None:
    """Print a report in words, and under it how its agreement stands."""
    print("\n".join([text, "", *_standing_of(agreement).lines]))


def print_ledger_json(document: Mapping[str, object], pool: Pool) -> None:
    """Print a report of the bare ledger as one JSON document with the status of its agreement."""
    status, version = pool.agreement_in_brief
    print_json({**document, "agreement_status": status, "agreement_version": version})


def print_ledger_text(text: str, pool: Pool) -> None:
    """Print a report of the bare ledger in words, and under it the status of its agreement."""
    status, version = pool.agreement_in_brief
    print(f"{text}\n\nAgreement {status}, version {version}.")


def _standing_of(agreement: "Agreement") -> "Standing":
    # Imported here because it brings the model of the agreement, which commands of the bare ledger do without.
    from pooledfund.results.standing import standing_of

    return standing_of(agreement)


def login_name() -> str:
    """The name of the account that runs this, ``unknown`` where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
