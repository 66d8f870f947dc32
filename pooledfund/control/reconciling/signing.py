"""Signing a reconciliation: prepared by one person, reviewed by another, over figures that are kept with it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledgers.seal import digest
from ledgers.signing import Part, SignOff
from pooledfund.access import OWN_PARTNER, Action, Actor, NotAllowed, require, require_partner
from pooledfund.control.reconciling.runs import ReconciliationRefused
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool

SIGNED = "reconciliation signed"
Figures = Callable[[], Mapping[str, object]]


def contributions_subject(month: int) -> str:
    """What a sign-off of contributions due against received is about."""
    return f"contributions/M{month}"


def subject_of(partner: str, month: int) -> str:
    """What a sign-off of the reconciliation with a partner's ledger is about."""
    return f"reconciliation/{partner}/M{month}"


def balances_subject(partner: str, month: int) -> str:
    """What a sign-off of the agreement of balances with a partner is about."""
    return f"balances/{partner}/M{month}"


def _action(part: Part) -> Action:
    return Action.RECONCILE if part == "prepared" else Action.REVIEW


def require_part(actor: Actor, part: Part, partner: str | None) -> None:
    """Pass if a person may prepare or review the reconciliation with a partner, or with all; else NotAllowed."""
    if partner is not None:
        require_partner(actor, _action(part), partner)
        return
    require(actor, _action(part))
    if part == "prepared" and actor.role in OWN_PARTNER:
        raise NotAllowed(f"{actor.name} acts for one partner: what is of all partners is prepared by the fund manager")


def sign(
    pool: Pool, subject: str, partner: str | None, part: Part, figures: Figures, *, expected: str | None = None
) -> int:
    """Put one's name to a reconciliation as its preparer or reviewer; gives the event of the sign-off.

    No ``partner`` is a reconciliation of them all, which whoever acts for one of them reviews but does not prepare.

    ``figures`` works the reconciliation out as it stands; its digest is kept, so that a review is of what was
    prepared. The preparer and the reviewer are two people: the database refuses one person in both parts. ``expected``
    is the digest of what the person had read: anything else is not signed unseen.

    Raises:
        NotAllowed: the person's role does not cover the part, or not for this partner.
        ReconciliationRefused: nothing was reconciled, or it has changed since it was prepared.
        SignOffRefused: a review before the preparation, or by the one who prepared.
        ChangedMeanwhile: the reconciliation is no longer the one that was read.
    """
    action = _action(part)
    require_part(pool.actor, part, partner)
    with pool.writing(action) as writing:
        shown = digest_of(figures())
        if expected not in (None, shown):
            raise ChangedMeanwhile(
                f"{subject} has changed since you read it: nothing was signed. Read what stands now, then sign it."
            )
        if part == "reviewed" and figures_signed(pool, subject) not in (None, shown):
            raise ReconciliationRefused(
                f"{subject} has changed since it was prepared: have it prepared again, then review it"
            )
        event = writing.sign_off(subject, part, partner or "")
        writing.event(SIGNED, {"sign_off": event, "subject": subject, "figures": shown})
    return event


def digest_of(figures: Mapping[str, object]) -> str:
    """The SHA-256 of a reconciliation as it is shown, which a sign-off keeps."""
    return digest(json.dumps(figures, sort_keys=True, ensure_ascii=False))


def figures_signed(pool: Pool, subject: str, as_of: int | None = None) -> str | None:
    """The digest of the figures that the newest sign-off of a subject is about; None where there is none."""
    found = [event for event in pool.books.events(kind=SIGNED, as_of=as_of) if event.payload["subject"] == subject]
    return str(found[-1].payload["figures"]) if found else None


@dataclass(frozen=True, slots=True)
class Names:
    """Who put their name to a reconciliation last, and over which figures; a review before the preparation is none."""

    prepared: SignOff | None
    reviewed: SignOff | None
    figures: str | None

    def stand_over(self, shown: str) -> bool:
        """Whether the figures that were signed are still those of this digest."""
        return self.figures == shown


def names_put(pool: Pool, subject: str, as_of: int | None = None) -> Names:
    """The names that stand under a reconciliation, now or as of an event."""
    parts = {each.part: each for each in pool.books.sign_offs(subject=subject, as_of=as_of)}
    prepared, reviewed = parts.get("prepared"), parts.get("reviewed")
    if prepared is None or (reviewed is not None and reviewed.event < prepared.event):
        reviewed = None
    return Names(prepared, reviewed, figures_signed(pool, subject, as_of))
