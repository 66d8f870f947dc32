"""What an agreement states beside its pooled money, and who recovers VAT on a line. None of it enters a total."""

from typing import Literal

from pydantic import Field

from s75_rules.fields import AgreedAmount, Basis, Day, Frozen, NotNegative, Percent


class Vat(Frozen):
    """Who contracts for and receives what a line buys, which decides who may recover VAT; no tax advice.

    ``full`` as a council on its own functions (VAT Act 1994, s33), ``cos`` as an NHS body on
    contracted-out services (s41), ``none`` otherwise. ``confirmed`` holds each body's tax lead's date.
    """

    contracts: str
    receives: str
    recovery: Literal["full", "none", "cos"]
    confirmed: dict[str, Day] = Field(default_factory=dict)


class NonFinancial(Frozen):
    """Staff, premises or services that a partner provides in kind (SI 2000/617, reg 7(3)(e)): a memorandum only."""

    id: str
    partner: str
    description: str
    kind: Literal["staff", "premises", "it", "goods", "services", "administration"] | None = None
    value: AgreedAmount | None = None
    scheme: str | None = None
    ends: Day | None = None
    basis: Basis | None = None
    reference: str | None = None


class OtherCost(Frozen):
    """A cost that belongs to no scheme line, such as void space in a building, and the partner that bears it."""

    id: str
    name: str
    partner: str
    amount: AgreedAmount
    kind: Literal["void_space", "overhead", "other"] = "other"
    ends: Day | None = None
    confirm_by: Day | None = None
    basis: Basis | None = None
    reference: str | None = None


class Dependency(Frozen):
    """Something the plan rests on that is paid for outside the pool."""

    id: str
    name: str
    funded_by: str
    amount: AgreedAmount | None = None
    schemes: tuple[str, ...] = ()
    ends: Day | None = None
    basis: Basis | None = None
    reference: str | None = None


class SplitFunding(Frozen):
    """A cost that bodies split between them, as aftercare under section 117 of the Mental Health Act 1983.

    ``shares`` are percents by partner; ``in_pool`` names the line on which a partner's part is
    already budgeted, so that it is not counted a second time.
    """

    id: str
    name: str
    under: str = "section 117"
    amount: AgreedAmount
    shares: dict[str, Percent]
    in_pool: dict[str, str] = Field(default_factory=dict)
    ends: Day | None = None
    confirm_by: Day | None = None
    basis: Basis | None = None
    reference: str | None = None


class Asset(Frozen):
    """Something bought with pooled money, and where it goes when the pool ends: to its purchaser or by funding."""

    id: str
    name: str
    purchaser: str
    value: AgreedAmount
    reverts: Literal["purchaser", "funding_share"] = "purchaser"
    funded_by: dict[str, NotNegative] = Field(default_factory=dict)
    basis: Basis | None = None
    reference: str | None = None
