"""The tables of the people's database. Hold login names, and no other fact of a person.

Instants are texts of one form, ISO 8601 in UTC to the second, so that they compare as they read. A row is changed by
setting its attributes within a transaction of ``People.writing``.
"""

from dataclasses import dataclass
from typing import ClassVar


class Row:
    """A row of a table, by the columns of its class in their order."""

    __slots__ = ()
    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    """The columns that a row is found by; the only one of a table that numbers its rows itself is ``number``."""


@dataclass(slots=True)
class PersonRow(Row):
    """A person by login name, how they sign in, and what has become of their tries."""

    TABLE: ClassVar = "person"
    KEY: ClassVar = ("login",)
    login: str
    way: str
    created_at: str
    issuer: str | None = None
    subject: str | None = None
    password_hash: str | None = None
    failures: int = 0
    locked_until: str | None = None
    disabled: bool = False


@dataclass(slots=True)
class GrantRow(Row):
    """A role of a person in a pool, or in every pool; ``pool_id`` is then ``*``."""

    TABLE: ClassVar = "role_grant"
    KEY: ClassVar = ("login", "pool_id", "role")
    login: str
    pool_id: str
    role: str
    partner: str | None = None
    schemes: str = ""
    deputy_for: str | None = None


@dataclass(slots=True)
class SessionRow(Row):
    """A session by the hash of its token; the token itself is only with the browser."""

    TABLE: ClassVar = "sign_in_session"
    KEY: ClassVar = ("token_hash",)
    token_hash: str
    login: str
    began_at: str
    seen_at: str
    ended_at: str | None = None


@dataclass(slots=True)
class CodeRow(Row):
    """A one-time code by its hash: to set a password by, or to make the first administrator."""

    TABLE: ClassVar = "one_time_code"
    KEY: ClassVar = ("code_hash",)
    code_hash: str
    login: str | None
    expires_at: str
    used_at: str | None = None


@dataclass(slots=True)
class SignInRow(Row):
    """Who signed in, or tried to, and what came of it. Rows are only ever added."""

    TABLE: ClassVar = "sign_in"
    KEY: ClassVar = ("number",)
    at: str
    login: str
    way: str
    outcome: str
    number: int | None = None


@dataclass(slots=True)
class ChangeRow(Row):
    """Who changed what about whom. Rows are only ever added."""

    TABLE: ClassVar = "people_change"
    KEY: ClassVar = ("number",)
    at: str
    who: str
    what: str
    login: str
    detail: str = ""
    number: int | None = None


@dataclass(slots=True)
class DraftRow(Row):
    """What a person is writing in a field, and the newest event of its subject that they had read when they began."""

    TABLE: ClassVar = "draft"
    KEY: ClassVar = ("login", "pool_id", "field")
    login: str
    pool_id: str
    field: str
    text: str
    saved_at: str
    based_on: int | None = None


TABLES = (
    "CREATE TABLE people_layout (version INTEGER NOT NULL PRIMARY KEY)",
    "CREATE TABLE person (login VARCHAR NOT NULL PRIMARY KEY, way VARCHAR NOT NULL CHECK (way IN ('local', 'oidc')), "
    "issuer VARCHAR, subject VARCHAR, password_hash VARCHAR, failures INTEGER NOT NULL, locked_until VARCHAR, "
    "disabled BOOLEAN NOT NULL, created_at VARCHAR NOT NULL)",
    "CREATE TABLE role_grant (login VARCHAR NOT NULL REFERENCES person (login), pool_id VARCHAR NOT NULL, "
    "role VARCHAR NOT NULL, partner VARCHAR, schemes VARCHAR NOT NULL, deputy_for VARCHAR, "
    "PRIMARY KEY (login, pool_id, role))",
    "CREATE TABLE sign_in_session (token_hash VARCHAR NOT NULL PRIMARY KEY, "
    "login VARCHAR NOT NULL REFERENCES person (login), began_at VARCHAR NOT NULL, seen_at VARCHAR NOT NULL, "
    "ended_at VARCHAR)",
    "CREATE TABLE one_time_code (code_hash VARCHAR NOT NULL PRIMARY KEY, login VARCHAR, expires_at VARCHAR NOT NULL, "
    "used_at VARCHAR)",
    "CREATE TABLE sign_in (number {numbered}, at VARCHAR NOT NULL, login VARCHAR NOT NULL, way VARCHAR NOT NULL, "
    "outcome VARCHAR NOT NULL)",
    "CREATE TABLE people_change (number {numbered}, at VARCHAR NOT NULL, who VARCHAR NOT NULL, what VARCHAR NOT NULL, "
    "login VARCHAR NOT NULL, detail VARCHAR NOT NULL)",
    "CREATE TABLE draft (login VARCHAR NOT NULL REFERENCES person (login), pool_id VARCHAR NOT NULL, "
    "field VARCHAR NOT NULL, text VARCHAR NOT NULL, based_on INTEGER, saved_at VARCHAR NOT NULL, "
    "PRIMARY KEY (login, pool_id, field))",
)
ONLY_ADDED = ("sign_in", "people_change")
"""The tables whose rows no one changes or takes away; the database itself refuses it."""
