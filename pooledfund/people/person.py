"""A person and the roles they hold, pool by pool. Reads and writes nothing."""

from dataclasses import dataclass

from pooledfund.access import Actor, NotAllowed, Role

EVERY_POOL = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a pool, or in every pool, with what narrows it: a partner, scheme lines, or whose deputy it makes."""

    pool_id: str
    role: Role
    partner: str | None = None
    schemes: tuple[str, ...] = ()
    deputy_for: str | None = None

    def __str__(self) -> str:
        parts = [self.role.in_words, "of every pool" if self.pool_id == EVERY_POOL else f"of {self.pool_id}"]
        parts += [f"for {self.partner}"] if self.partner else []
        parts += [f"with lines {', '.join(self.schemes)}"] if self.schemes else []
        parts += [f"as deputy for {self.deputy_for}"] if self.deputy_for else []
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Person:
    """A person by login name, with every role that was granted to them."""

    login: str
    grants: tuple[Grant, ...]

    def roles(self, pool_id: str) -> tuple[Role, ...]:
        """The roles that this person holds in a pool; none where they have no business."""
        held = {each.role for each in self.grants if each.pool_id in (pool_id, EVERY_POOL)}
        return tuple(each for each in Role if each in held)

    def actor(self, pool_id: str, role: Role | None = None) -> Actor:
        """This person at work in a pool, in the role they chose, else the first they hold.

        What was granted for the pool itself goes before what was granted for every pool.

        Raises:
            NotAllowed: they hold no role there, or not that one.
        """
        held = self.roles(pool_id)
        acting = role or next(iter(held), None)
        if acting is None or acting not in held:
            as_what = f"is no {role.in_words}" if role else "has no role"
            raise NotAllowed(f"{self.login} {as_what} in {pool_id}: ask an administrator")
        grants = sorted((each for each in self.grants if each.role is acting), key=lambda each: each.pool_id != pool_id)
        grant = next(each for each in grants if each.pool_id in (pool_id, EVERY_POOL))
        return Actor(self.login, grant.role, grant.partner, grant.schemes, grant.deputy_for)

    @property
    def administrator(self) -> Actor:
        """This person at work on people; raises NotAllowed where they are no administrator."""
        return self.actor(EVERY_POOL, Role.ADMINISTRATOR)
