"""The balance sheet of a pool at its year's end and what the next year opened with, row by row. Posts nothing.

Funds (reserves, and contributions held for next year) keep their contribution and partner. Cash and what partners owe
or are owed keep their partner.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.money import pounds
from ledgers.seal import digest
from pooledfund import chart
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool

BALANCES = (
    chart.CASH,
    chart.DEBTORS,
    chart.OWN_LINES,
    chart.HOST_TRANSFER,
    chart.CREDITORS,
    chart.ACCRUALS,
    chart.SUSPENSE,
)
OPENING_KINDS = ("opening balance", "brought forward", "prior-year adjustment")

Key = tuple[str, str | None, str | None]
"""An account, and of a fund the contribution, and the partner where one applies."""


class CannotBeCarried(InputRefused):
    """A balance for which the next year's agreement has no place, with every one of them."""


@dataclass(frozen=True, slots=True)
class RollForward:
    """Last year's closing balances beside what this year opened with, in pence, debit plus."""

    old: str
    new: str
    closing_pence: Mapping[Key, int]
    opening_pence: Mapping[Key, int]

    @property
    def differences_pence(self) -> dict[Key, int]:
        """What this year's opening still lacks, row by row; nothing where both are the same."""
        keys = dict.fromkeys((*self.closing_pence, *self.opening_pence))
        return {key: left for key in keys if (left := self.closing_pence.get(key, 0) - self.opening_pence.get(key, 0))}

    @property
    def agrees(self) -> bool:
        """Whether the opening is the closing to the penny: their digests are one."""
        return self.closing_digest == self.opening_digest

    @property
    def closing_digest(self) -> str:
        """The SHA-256 of last year's closing balances."""
        return _digest(self.closing_pence)

    @property
    def opening_digest(self) -> str:
        """The SHA-256 of what this year opened with."""
        return _digest(self.opening_pence)

    def as_json(self) -> dict[str, object]:
        """Both sides row by row with money in pounds as text, and their digests."""
        keys = sorted(dict.fromkeys((*self.closing_pence, *self.opening_pence)), key=_order)
        return {
            "from": self.old,
            "to": self.new,
            "balances": [
                {
                    "account": key[0],
                    "contribution": key[1],
                    "partner": key[2],
                    "closing": pounds(self.closing_pence.get(key, 0)),
                    "opening": pounds(self.opening_pence.get(key, 0)),
                }
                for key in keys
            ],
            "closing_digest": self.closing_digest,
            "opening_digest": self.opening_digest,
            "agrees": self.agrees,
        }


def roll_forward_of(old: Pool, new: Pool, as_of: int | None = None) -> RollForward:
    """Compare the closing of one year with the opening of the next; ``as_of`` is an event of the new pool.

    Raises:
        CannotBeCarried: the next year's agreement lacks a contribution, reserve or partner that has a balance.
    """
    return RollForward(old.agreement.id, new.agreement.id, _closing(old, new), _opening(new, as_of))


def _closing(old: Pool, new: Pool) -> dict[Key, int]:
    balances = old.books.balances("actual", ("account", "contribution", "partner"))
    found: dict[Key, int] = defaultdict(int)
    for (account, contribution, partner), pence in balances.items():
        name = str(account)
        if name in BALANCES:
            found[name, None, _text(partner)] += pence
        elif _is_fund(name):
            found[name, _text(contribution), _text(partner)] += pence
    kept = {key: pence for key, pence in found.items() if pence}
    reasons = [reason for key, pence in kept.items() if (reason := _no_place(new, key, pence))]
    if reasons:
        raise CannotBeCarried(*reasons)
    return kept


def _opening(new: Pool, as_of: int | None) -> dict[Key, int]:
    found: dict[Key, int] = defaultdict(int)
    for kind in OPENING_KINDS:
        for recorded in new.books.entries(book="actual", kind=kind, as_of=as_of):
            for posting in recorded.entry.postings:
                if posting.account in BALANCES or _is_fund(posting.account):
                    found[posting.account, posting.contribution, posting.partner] += posting.amount_pence
    return {key: pence for key, pence in found.items() if pence}


def _is_fund(account: str) -> bool:
    return account == chart.CARRIED_FORWARD or account.startswith(chart.reserve_account(""))


def _no_place(new: Pool, key: Key, pence: int) -> str | None:
    account, contribution, partner = key
    of = f"{pounds(abs(pence))} of {account}"
    if account not in new.books.accounts():
        return f"{of}: {new.agreement.id} has no such account: name the reserve in its agreement"
    if contribution is not None and contribution not in new.agreement.contributions:
        return f"{of} belongs to {contribution}, no contribution of {new.agreement.id}: add it there, of nil if need be"
    if partner is not None and partner not in new.agreement.partners:
        return f"{of} is with {partner}, no partner of {new.agreement.id}: add it there"
    return None


def _digest(balances: Mapping[Key, int]) -> str:
    rows = [[account, contribution, partner, balances[account, contribution, partner]]
            for account, contribution, partner in sorted(balances, key=_order)]  # fmt: skip
    return digest(json.dumps(rows))


def _order(key: Key) -> tuple[str, str, str]:
    return key[0], key[1] or "", key[2] or ""


def _text(dimension: str | int | None) -> str | None:
    return None if dimension is None else str(dimension)
