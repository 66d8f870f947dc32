"""The chart of accounts and the other registers of a pool: its parts, not its money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ledgers.calendar import FinancialYear

AccountType = Literal["asset", "liability", "income", "expense", "budget", "control"]
Side = Literal["debit", "credit"]
Floor = Literal["none", "not_negative_by_contribution"]


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a pool, such as ``expenditure`` or ``line_budget:virement``.

    ``floor`` is a rule that the database holds: with ``not_negative_by_contribution`` no entry
    may take the debit balance of this account below nil for any one contribution.
    """

    code: str
    name: str
    type: AccountType
    normal_side: Side
    parent: str | None = None
    floor: Floor = "none"


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """What a pool's books are opened with: its year and the ids, with names, that postings may use.

    A parent account stands before its children in ``accounts``.
    """

    id: str
    title: str
    year: FinancialYear
    accounts: tuple[Account, ...]
    partners: Mapping[str, str] = field(default_factory=dict)
    contributions: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[str, str] = field(default_factory=dict)
