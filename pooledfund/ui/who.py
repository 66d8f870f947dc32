"""Who is at the page, and as what. Keeps no password and no session."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass

from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.errors import InputRefused


@dataclass(frozen=True, slots=True)
class Person:
    """A person by login name, with the roles that they hold in every pool."""

    login: str
    everywhere: tuple[Role, ...]

    def roles(self, pool_id: str) -> tuple[Role, ...]:
        """The roles that this person holds in a pool; none where they have no business."""
        return self.everywhere

    def actor(self, pool_id: str, role: Role | None = None) -> Actor:
        """This person at work in a pool, in the role they chose, else the first they hold.

        Raises:
            NotAllowed: they hold no role there, or not that one.
        """
        held = self.roles(pool_id)
        if not held or (role is not None and role not in held):
            raise NotAllowed(f"{self.login} has no role in {pool_id}: ask an administrator for one")
        return Actor(self.login, role or held[0])


def person_here(environment: Mapping[str, str] = os.environ) -> Person | None:
    """The person at this page, or nobody yet.

    Raises:
        InputRefused: POOLEDFUND_ROLE names no role.
    """
    role = environment.get("POOLEDFUND_ROLE") or Role.AUDITOR.value
    if role not in set(Role):
        raise InputRefused(f"POOLEDFUND_ROLE is '{role}', which is no role: set it to one of {', '.join(Role)}")
    return Person(environment.get("POOLEDFUND_USER") or _login_name(), (Role(role),))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reader"  # an account without a name, as in some containers; nothing is written under it
