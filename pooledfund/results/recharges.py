"""Recharges at a month against what the books owe the partners that spent for the pool. Agrees and pays nothing."""

from dataclasses import dataclass

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.intake.recharges import Recharge, recharges
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class PartnerRecharges:
    """One partner's claims up to a day, in pence, and its creditor account: what the books owe it."""

    partner: str
    claimed_pence: int
    agreed_pence: int
    owed_pence: int

    @property
    def not_claimed_pence(self) -> int:
        """What the books owe beyond its open claims; below nil where it claims more than they owe."""
        return self.owed_pence - self.claimed_pence - self.agreed_pence

    def as_json(self) -> dict[str, str]:
        """The figures in pounds as text."""
        return {
            "partner": self.partner,
            "claimed": pounds(self.claimed_pence),
            "agreed": pounds(self.agreed_pence),
            "not_claimed": pounds(self.not_claimed_pence),
            "creditors": pounds(self.owed_pence),
        }


@dataclass(frozen=True, slots=True)
class Recharges:
    """All claims up to the end of a month, and each partner's against its creditor account."""

    month: int
    claims: tuple[Recharge, ...]
    partners: tuple[PartnerRecharges, ...]

    def as_json(self) -> dict[str, object]:
        """The claims and the casting with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "claims": [each.as_json() for each in self.claims],
            "partners": [each.as_json() for each in self.partners],
        }


def recharges_at(pool: Pool, month: int, as_of: int | None = None) -> Recharges:
    """The claims of up to a month's end; open ones and what is not claimed come to the creditor accounts."""
    last_day = pool.agreement.year.month_ends(month)
    claims = tuple(each.at(last_day) for each in recharges(pool, as_of) if each.claimed_on <= last_day)
    owed = pool.books.balances("actual", ("partner",), accounts=(chart.CREDITORS,), through_month=month, as_of=as_of)
    found = []
    for partner in pool.agreement.partners:
        open_claims = {
            state: sum(each.amount_pence for each in claims if (each.partner, each.state) == (partner, state))
            for state in ("claimed", "agreed")
        }
        found.append(PartnerRecharges(partner, open_claims["claimed"], open_claims["agreed"], -owed.get((partner,), 0)))
    return Recharges(month, claims, tuple(found))
