"""Recharges that partners claim for what they spent on the pool's behalf, as the log holds them. Pays nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledgers.money import parse_pounds, pounds
from ledgers.seal import JSON
from pooledfund.access import Action, require_partner
from pooledfund.intake.personal import personal_data_in
from pooledfund.intake.tables import Row
from pooledfund.intake.told import Payload, Telling, ToldRefused
from pooledfund.pool import Pool

CLAIMED, AGREED, PAID = "recharge claimed", "recharge agreed", "recharge settled"
Claim = tuple[str, str]
"""The partner that claims and its reference."""


@dataclass(frozen=True, slots=True)
class Recharge:
    """A claim in pence and how far it is: claimed, agreed for payment, or paid; ``events`` carried each step."""

    partner: str
    reference: str
    scheme: str
    amount_pence: int
    claimed_on: date
    claimed_by: str
    state: str
    events: tuple[int, ...]
    paid_on: date | None = None
    posted_on: date | None = None

    def at(self, day: date) -> "Recharge":
        """The claim as it stood on a day: one whose payment was posted later is still agreed."""
        later = self.posted_on is not None and self.posted_on > day
        return replace(self, state="agreed", paid_on=None, posted_on=None) if later else self

    def as_json(self) -> dict[str, object]:
        """The claim with its amount in pounds as text."""
        return {
            "partner": self.partner,
            "reference": self.reference,
            "scheme": self.scheme,
            "claimed_on": self.claimed_on.isoformat(),
            "amount": pounds(self.amount_pence),
            "state": self.state,
            "paid_on": self.paid_on.isoformat() if self.paid_on else None,
            "events": list(self.events),
        }


def recharges(pool: Pool, as_of: int | None = None) -> tuple[Recharge, ...]:
    """Every recharge that was claimed, in the order of their first claim, now or as of an event."""
    steps: dict[Claim, dict[str, tuple[int, Mapping[str, JSON], str]]] = {}
    for kind in (CLAIMED, AGREED, PAID):
        for event in pool.books.events(kind=kind, as_of=as_of):
            claim = (str(event.payload["claimed_for"]), str(event.payload["reference"]))
            steps.setdefault(claim, {})[kind] = (event.number, event.payload, event.who)
    return tuple(_recharge(claim, found) for claim, found in steps.items())


def _recharge(claim: Claim, found: Mapping[str, tuple[int, Mapping[str, JSON], str]]) -> Recharge:
    _, told, who = found[CLAIMED]
    paid = found.get(PAID)
    return Recharge(
        partner=claim[0],
        reference=claim[1],
        scheme=str(told["scheme"]),
        amount_pence=int(str(told["amount_pence"])),
        claimed_on=date.fromisoformat(str(told["claimed_on"])),
        claimed_by=who,
        state="paid" if paid else "agreed" if AGREED in found else "claimed",
        events=tuple(number for number, _, _ in found.values()),
        paid_on=date.fromisoformat(str(paid[1]["paid_on"])) if paid else None,
        posted_on=date.fromisoformat(str(paid[1]["posted_on"])) if paid else None,
    )


def _read(pool: Pool, row: Row) -> Payload:
    agreement, partner, reasons = pool.agreement, row["claimed_for"], list[str]()
    if partner in agreement.partners:
        require_partner(pool.actor, Action.CLAIM, partner)
    else:
        reasons.append(f"'{partner}' is not a partner of {agreement.id}: name one that check lists")
    if row["scheme"] not in agreement.schemes:
        reasons.append(f"'{row['scheme']}' is not a scheme line of {agreement.id}: name one that check lists")
    if not row["reference"]:
        reasons.append("a claim has a reference: it is how the same one is known again")
    elif reason := personal_data_in(row["reference"]):
        reasons.append(f"the reference {reason}")
    pence = parse_pounds(row["amount"])
    if pence <= 0:
        reasons.append("a claim is above nil: a credit is a credit note in the partner's extract")
    try:
        claimed_on = date.fromisoformat(row["claimed_on"])
    except ValueError:
        raise ToldRefused(*reasons, f"'{row['claimed_on']}' is not a date: write it as 2023-07-01") from None
    stands = {(each.partner, each.reference): each for each in recharges(pool)}.get((partner, row["reference"]))
    given = (row["scheme"], pence, claimed_on)
    if stands and stands.state != "claimed" and given != (stands.scheme, stands.amount_pence, stands.claimed_on):
        reasons.append(f"{row['reference']} of {partner} is {stands.state} and stays as it is: claim under another one")
    if reasons:
        raise ToldRefused(*reasons)
    return {
        "claimed_for": partner,
        "reference": row["reference"],
        "scheme": row["scheme"],
        "amount_pence": pence,
        "claimed_on": claimed_on.isoformat(),
    }


CLAIMS = Telling(
    kind=CLAIMED,
    action=Action.CLAIM,
    columns=("claimed_for", "reference", "scheme", "amount", "claimed_on"),
    optional=(),
    key=("claimed_for", "reference"),
    read=_read,
)
"""A claim told again replaces the one before until it is agreed."""
