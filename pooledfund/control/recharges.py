"""Agreeing recharges and paying them. What a partner claims is in ``intake.recharges``."""

from datetime import date

from ledgers.money import pounds_for_people
from pooledfund import chart, templates
from pooledfund.access import Action, Role, require
from pooledfund.errors import InputRefused
from pooledfund.intake.recharges import AGREED, PAID, Recharge, recharges
from pooledfund.pool import Pool
from pooledfund.templates import Stamp


class RechargeRefused(InputRefused):
    """A recharge that cannot be agreed or paid."""


def agree_recharge(pool: Pool, partner: str, reference: str) -> Recharge:
    """Agree a claim for payment: someone else than who claimed it, and no more than the books owe on its line.

    The pooled fund manager agrees, or the finance lead of another partner than the one that claims.

    Raises:
        RechargeRefused: there is no such claim, it is agreed, it is one's own, or the books do not owe as much.
        NotAllowed: the person may not agree recharges.
    """
    require(pool.actor, Action.AGREE_RECHARGE)
    with pool.writing(Action.AGREE_RECHARGE) as writing:
        claim = _claim(pool, partner, reference, "claimed")
        if claim.claimed_by == pool.actor.name:
            raise RechargeRefused(f"{claim.claimed_by} claimed {reference}: another person agrees it")
        if pool.actor.role is Role.PARTNER_FINANCE_LEAD and pool.actor.partner in (None, partner):
            raise RechargeRefused(f"{partner} does not agree its own claim: the host or another partner does")
        left = _owed(pool, claim) - sum(
            each.amount_pence
            for each in recharges(pool)
            if (each.partner, each.scheme, each.state) == (partner, claim.scheme, "agreed")
        )
        if claim.amount_pence > left:
            raise RechargeRefused(
                f"{reference} claims {pounds_for_people(claim.amount_pence)} on {claim.scheme}, and the books owe "
                f"{partner} {pounds_for_people(left)} there that is not agreed: import its spend first, or have it "
                "claim less"
            )
        writing.event(AGREED, {"claimed_for": partner, "reference": reference, "amount_pence": claim.amount_pence})
    return _claim(pool, partner, reference, "agreed")


def pay_recharge(pool: Pool, partner: str, reference: str, paid_on: date, payment: str) -> str | None:
    """Post the payment of an agreed recharge from the pool's cash; gives a word where it went to a later month.

    Raises:
        RechargeRefused: there is no such claim, it is not agreed, or the payment has no reference.
        InputRefused: the day is outside the year, or no later month is open.
        NotAllowed: the person may not post.
        LedgerRefusal: the books refuse the entry.
    """
    require(pool.actor, Action.POST)
    if not payment.strip():
        raise RechargeRefused("a payment has a reference: give the bank's")
    with pool.writing(Action.POST) as writing:
        claim = _claim(pool, partner, reference, "agreed")
        owed = _owed(pool, claim)
        if claim.amount_pence > owed:
            raise RechargeRefused(
                f"{reference} is {pounds_for_people(claim.amount_pence)} and the books owe {partner} "
                f"{pounds_for_people(owed)} on {claim.scheme} now: it may be paid already, see statement creditors"
            )
        effective, note = pool.posting_day(paid_on)
        why, key = f"recharge {reference} of {partner} paid", f"recharge-paid/{partner}/{reference}"
        stamp = Stamp(effective, pool.actor.name, why, payment, key, paid_on)
        recorded = writing.record(templates.recharge_paid(stamp, partner, claim.amount_pence, claim.scheme))
        writing.event(
            PAID,
            {
                "claimed_for": partner,
                "reference": reference,
                "amount_pence": claim.amount_pence,
                "paid_on": paid_on.isoformat(),
                "posted_on": effective.isoformat(),
                "entry": recorded.number,
            },
        )
    return note


def _claim(pool: Pool, partner: str, reference: str, state: str) -> Recharge:
    found = {(each.partner, each.reference): each for each in recharges(pool)}
    claim = found.get((partner, reference))
    if claim is None:
        raise RechargeRefused(f"{partner} has no claim '{reference}': see recharges for those that it has")
    if claim.state != state:
        need = {"claimed": "it is agreed once", "agreed": "only an agreed claim is paid, and once"}[state]
        raise RechargeRefused(f"{reference} of {partner} is {claim.state}: {need}")
    return claim


def _owed(pool: Pool, claim: Recharge) -> int:
    """What the books owe a partner on the line of its claim, in pence."""
    owed = pool.books.balances("actual", ("partner", "scheme"), accounts=(chart.CREDITORS,))
    return -owed.get((claim.partner, claim.scheme), 0)
