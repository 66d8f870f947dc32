"""What is recorded beside the clauses: notices, disputes, and what finance leads agreed beforehand. Shares nothing."""

from typing import Annotated, Literal

from pydantic import Field

from s75_rules.fields import Day, Frozen, NotNegative, StepNumber

Side = Literal["overspend", "underspend"]
SIDES: tuple[Side, ...] = ("overspend", "underspend")
DISPUTED, OTHERS = "disputed", "others"


class Withdrawal(Frozen):
    """A partner withdraws from the risk share, or suspends it, from a month on; what then becomes of its part.

    ``then`` is ``disputed`` (it stays with the partner, visible and out of settlement), ``others``
    (they bear it by their own weights) or the partner that takes it.
    """

    partner: str
    what: Literal["withdraws", "suspends"]
    clauses: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    from_on: Day = Field(alias="from")
    to_on: Day | None = Field(default=None, alias="to")
    then: str = DISPUTED
    reference: str


class Dispute(Frozen):
    """What a clause gives to a partner is in dispute, in whole or up to an amount in pence, and is not settled."""

    clause: str
    side: Side
    partner: str
    amount: NotNegative | None = None
    reason: str
    raised: Day


class AgreedBeforehand(Frozen):
    """The finance leads agreed, before the spend, that a partner may bear more than its limit.

    ``step`` is the overspend step whose cap is lifted, counted from one; without it, the clause's
    maximum liability. ``up_to`` is the new limit in pence; None lifts it altogether.
    """

    clause: str
    step: StepNumber | None = None
    partner: str
    up_to: NotNegative | None = None
    agreed_by: Annotated[tuple[str, ...], Field(min_length=1)]
    agreed: Day
    spent_from: Day
    reference: str
