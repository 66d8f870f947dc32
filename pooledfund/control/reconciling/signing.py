"""Signing a reconciliation: prepared by one person, reviewed by another, over figures that are kept with it."""

import json

from ledgers.seal import digest
from ledgers.signing import Part
from pooledfund.access import Action, require_partner
from pooledfund.control.reconciling.position import Position, position
from pooledfund.control.reconciling.runs import ReconciliationRefused
from pooledfund.pool import Pool

SIGNED = "reconciliation signed"


def subject_of(partner: str, month: int) -> str:
    """What a sign-off of a partner's reconciliation is about."""
    return f"reconciliation/{partner}/M{month}"


def figures_digest(found: Position) -> str:
    """The SHA-256 of a reconciliation as it is exported: what people put their names to."""
    return digest(json.dumps(found.as_json(), sort_keys=True, ensure_ascii=False))


def sign(pool: Pool, partner: str, month: int, part: Part) -> int:
    """Put one's name to a reconciliation as its preparer or reviewer; gives the event of the sign-off.

    The preparer and the reviewer are two people: the database refuses one person in both parts.

    Raises:
        NotAllowed: the person's role does not cover the part, or not for this partner.
        ReconciliationRefused: nothing was reconciled, or it has changed since it was prepared.
        SignOffRefused: a review before the preparation, or by the one who prepared.
    """
    action = Action.RECONCILE if part == "prepared" else Action.REVIEW
    require_partner(pool.actor, action, partner)
    with pool.writing(action) as writing:
        figures = figures_digest(position(pool, partner, month))
        if part == "reviewed" and figures_signed(pool, partner, month) not in (None, figures):
            raise ReconciliationRefused(
                f"{partner} M{month} has changed since it was prepared: have it prepared again, then review it"
            )
        event = writing.sign_off(subject_of(partner, month), part, partner)
        writing.event(SIGNED, {"sign_off": event, "partner": partner, "month": month, "figures": figures})
    return event


def figures_signed(pool: Pool, partner: str, month: int, as_of: int | None = None) -> str | None:
    """The digest of the figures that the newest sign-off of a reconciliation is about; None where there is none."""
    found = [
        str(event.payload["figures"])
        for event in pool.books.events(kind=SIGNED, as_of=as_of)
        if (event.payload["partner"], event.payload["month"]) == (partner, month)
    ]
    return found[-1] if found else None
