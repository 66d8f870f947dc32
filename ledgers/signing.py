"""Sign-offs: who prepared, agreed and reviewed what, as recorded. The guards hold that two different people do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ledgers.database import Reader
from ledgers.seal import JSON

Part = Literal["prepared", "agreed", "reviewed"]
EVENT = "sign-off"


@dataclass(frozen=True, slots=True)
class SignOff:
    """One person's part in one subject, such as ``close/Q2``, for a partner of the pool or for none (the empty text).

    The person is who recorded the event, so nobody signs in another's name; ``signed_at`` is when, in UTC.
    """

    subject: str
    part: Part
    body: str
    who: str
    event: int
    signed_at: str


def payload(subject: str, part: str, body: str) -> dict[str, JSON]:
    """What the event of a sign-off says, beside who and when."""
    return {"body": body, "part": part, "subject": subject}


def sign_offs_where(
    connection: Reader, pool_id: str, conditions: Sequence[str] = (), values: Sequence[str | int] = ()
) -> list[SignOff]:
    """The sign-offs that meet every condition, in the order of the log."""
    where = " AND ".join(("sign_off.pool_id = ?", *conditions))
    rows = connection.execute(
        f"""SELECT sign_off.subject, sign_off.part, sign_off.body, sign_off.who, sign_off.event, event.recorded_at
        FROM sign_off JOIN event ON event.pool_id = sign_off.pool_id AND event.number = sign_off.event
        WHERE {where} ORDER BY sign_off.event, sign_off.subject, sign_off.body""",
        (pool_id, *values),
    )
    return [SignOff(*row) for row in rows]
