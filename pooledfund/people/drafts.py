"""Drafts: what a person is writing, kept field by field until it is sent. Sends nothing to the books."""

from dataclasses import dataclass

from pooledfund.errors import InputRefused
from pooledfund.people.database import People
from pooledfund.people.tables import DraftRow

LONGEST = 20_000
"""Characters of one field, more than any field of the pages takes."""


class DraftTooLong(InputRefused):
    """A text that no field takes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A field's text as it was last typed; ``based_on`` is the newest event on its subject that the writer had read."""

    field: str
    text: str
    based_on: int | None
    saved_at: str


def save(people: People, login: str, pool_id: str, field: str, text: str, based_on: int | None = None) -> None:
    """Keep what a person has typed in a field; what they had read when they began stays as it was.

    Raises:
        DraftTooLong: the text is longer than any field takes.
    """
    if len(text) > LONGEST:
        raise DraftTooLong(f"{field} has {len(text):,} characters: keep it to {LONGEST:,}")
    with people.writing() as session:
        row = session.get(DraftRow, login, pool_id, field)
        if row is None:
            row = DraftRow(
                login=login, pool_id=pool_id, field=field, text=text, based_on=based_on, saved_at=people.present
            )
            session.add(row)
        row.text, row.saved_at = text, people.present


def rebase(people: People, login: str, pool_id: str, based_on: int, *fields: str) -> None:
    """Keep what was typed as an answer to what stands now, because the writer has read it."""
    with people.writing() as session:
        for field in fields:
            row = session.get(DraftRow, login, pool_id, field)
            if row is not None:
                row.based_on = based_on


def of(people: People, login: str, pool_id: str) -> dict[str, Draft]:
    """The drafts of a person in a pool by field."""
    with people.reading() as session:
        rows = session.all(DraftRow, "login = ? AND pool_id = ?", login, pool_id, order="field")
        return {row.field: Draft(row.field, row.text, row.based_on, row.saved_at) for row in rows}


def drop(people: People, login: str, pool_id: str, *fields: str) -> None:
    """Forget the drafts of some fields, because they were sent or are not wanted."""
    with people.writing() as session:
        for field in fields:
            session.remove(DraftRow, "login = ? AND pool_id = ? AND field = ?", login, pool_id, field)


def drop_of(people: People, login: str, pool_id: str, beginning: str) -> None:
    """Forget every draft whose field begins so: those of one form, once it has done what it is for."""
    with people.writing() as session:
        begins = "login = ? AND pool_id = ? AND substr(field, 1, length(?)) = ?"
        session.remove(DraftRow, begins, login, pool_id, beginning, beginning)
