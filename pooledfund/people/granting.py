"""Roles granted to people, and taken from them, each recorded. Adds nobody."""

from pooledfund.access import OWN_PARTNER, Action, Actor, Role, require
from pooledfund.people.accounts import PersonRefused, grant_of, keep_an_administrator, known, note
from pooledfund.people.database import People
from pooledfund.people.person import EVERY_POOL, Grant
from pooledfund.people.rows import Session
from pooledfund.people.tables import GrantRow


def grant(people: People, by: Actor, login: str, given: Grant, *, expected_change: int | None = None) -> None:
    """Grant a person a role; one that they hold in the pool already is replaced.

    A deputy stands for a finance lead of the same partner, and loses the role when that lead does.
    ``expected_change`` is the newest change of the person that the administrator had read, here and in ``revoke``.

    Raises:
        NotAllowed: the one who grants is no administrator.
        PersonChangedMeanwhile: another administrator changed them since.
        PersonRefused: the role lacks its partner or lines, or has what it does not take.
    """
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = known(session, login, expected_change)
        _check_grant(session, row.login, given)
        held = session.get(GrantRow, row.login, given.pool_id, given.role.value) or GrantRow(
            login=row.login, pool_id=given.pool_id, role=given.role.value
        )
        held.partner, held.schemes, held.deputy_for = given.partner, ",".join(given.schemes), given.deputy_for
        session.add(held)
        note(session, people, by.name, "granted", row.login, str(given))


def revoke(
    people: People, by: Actor, login: str, pool_id: str, role: Role, *, expected_change: int | None = None
) -> None:
    """Take a role from a person, and from the deputies who held it for them.

    Raises:
        NotAllowed: the one who revokes is no administrator.
        PersonChangedMeanwhile: another administrator changed them since.
        PersonRefused: they do not hold it.
        LastAdministrator: nobody could look after the people.
    """
    require(by, Action.MANAGE_PEOPLE)
    with people.writing() as session:
        row = known(session, login, expected_change)
        held = session.get(GrantRow, row.login, pool_id, role.value)
        if held is None:
            raise PersonRefused(f"{row.login} does not hold {role.in_words} of {pool_id}: name a role that they hold")
        deputies = session.all(
            GrantRow, "deputy_for = ? AND pool_id = ? AND role = ?", row.login, pool_id, role.value, order="login"
        )
        for each in (held, *deputies):
            session.remove(GrantRow, "login = ? AND pool_id = ? AND role = ?", each.login, each.pool_id, each.role)
            note(session, people, by.name, "revoked", each.login, str(grant_of(each)))
        keep_an_administrator(session)


def _check_grant(session: Session, login: str, given: Grant) -> None:
    reasons, role = [], given.role.in_words
    if (given.role in OWN_PARTNER) != bool(given.partner):
        reasons.append(f"{role} {'names a partner' if given.role in OWN_PARTNER else 'has no partner'}")
    if (given.role is Role.SCHEME_MANAGER) != bool(given.schemes):
        reasons.append(
            f"{role} {'names scheme lines' if given.role is Role.SCHEME_MANAGER else 'has no lines of its own'}"
        )
    if given.pool_id == EVERY_POOL and (given.partner or given.schemes):
        reasons.append(f"{role} is of one pool, as a partner and lines are: name it")
    if given.role is Role.ADMINISTRATOR and given.pool_id != EVERY_POOL:
        reasons.append("administrator is of every pool, as people are: leave the pool out")
    if given.deputy_for:
        principal = session.get(GrantRow, given.deputy_for, given.pool_id, Role.PARTNER_FINANCE_LEAD.value)
        if given.role is not Role.PARTNER_FINANCE_LEAD or given.deputy_for == login:
            reasons.append("only a finance lead has a deputy, who is someone else")
        elif principal is None or principal.partner != given.partner or principal.deputy_for:
            reasons.append(f"{given.deputy_for} is no finance lead of {given.partner} in {given.pool_id} themselves")
    if reasons:
        raise PersonRefused(*(f"{reason}: nothing was granted" for reason in reasons))
