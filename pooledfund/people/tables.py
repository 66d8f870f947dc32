"""The tables of the people's database. Hold login names, and no other fact of a person.

Instants are texts of one form, ISO 8601 in UTC to the second, so that they compare as they read.
"""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class _Row(SQLModel, registry=registry()):
    """Apart from the tables of the books: the two are never in one list of tables."""


class LayoutRow(_Row, table=True):
    """The version of these tables."""

    __tablename__ = "people_layout"
    version: int = Field(primary_key=True)


class PersonRow(_Row, table=True):
    """A person by login name, how they sign in, and what has become of their tries."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("way IN ('local', 'oidc')"),)
    login: str = Field(primary_key=True)
    way: str
    issuer: str | None = None
    subject: str | None = None
    password_hash: str | None = None
    failures: int = 0
    locked_until: str | None = None
    disabled: bool = False
    created_at: str


class GrantRow(_Row, table=True):
    """A role of a person in a pool, or in every pool; ``pool_id`` is then ``*``."""

    __tablename__ = "role_grant"
    login: str = Field(primary_key=True, foreign_key="person.login")
    pool_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    partner: str | None = None
    schemes: str = ""
    deputy_for: str | None = None


class SessionRow(_Row, table=True):
    """A session by the hash of its token; the token itself is only with the browser."""

    __tablename__ = "sign_in_session"
    token_hash: str = Field(primary_key=True)
    login: str = Field(foreign_key="person.login")
    began_at: str
    seen_at: str
    ended_at: str | None = None


class CodeRow(_Row, table=True):
    """A one-time code by its hash: to set a password by, or to make the first administrator."""

    __tablename__ = "one_time_code"
    code_hash: str = Field(primary_key=True)
    login: str | None = None
    expires_at: str
    used_at: str | None = None


class SignInRow(_Row, table=True):
    """Who signed in, or tried to, and what came of it. Rows are only ever added."""

    __tablename__ = "sign_in"
    number: int | None = Field(default=None, primary_key=True)
    at: str
    login: str
    way: str
    outcome: str


class ChangeRow(_Row, table=True):
    """Who changed what about whom. Rows are only ever added."""

    __tablename__ = "people_change"
    number: int | None = Field(default=None, primary_key=True)
    at: str
    who: str
    what: str
    login: str
    detail: str = ""


class DraftRow(_Row, table=True):
    """What a person is writing in a field, and the newest event of its subject that they had read when they began."""

    __tablename__ = "draft"
    login: str = Field(primary_key=True, foreign_key="person.login")
    pool_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    text: str
    based_on: int | None = None
    saved_at: str


TABLES = _Row.metadata
ONLY_ADDED = ("sign_in", "people_change")
"""The tables whose rows no one changes or takes away; the database itself refuses it."""
