"""Who may do what in a pool: roles, actions and the one table that joins them. Holds no session and no password."""

from dataclasses import dataclass
from enum import StrEnum

from pooledfund.errors import InputRefused


class Action(StrEnum):
    """What can be asked of a pool."""

    READ = "read the books and reports"
    EXPORT = "take copies: returns, packs, postings"
    POST = "post journals"
    IMPORT = "import ledger extracts"
    RECEIVE = "record receipts"
    FORECAST = "enter forecasts"
    VIRE = "make virements"
    CLOSE = "close months and quarters"
    REOPEN = "reopen a closed month"
    SETTLE = "settle the risk share"
    SUBMIT = "register returns and their approvals"
    VARY = "vary contributions and the agreement"
    AGREE = "agree the figures"
    DECIDE = "record decisions of the board"
    DISPUTE = "dispute a share"
    COMMENT = "write commentary, measures and milestones"
    REVIEW = "review the close of a period"
    WAIVE = "waive an item of a close"
    PLAN = "plan next year and roll the books forward"
    CLAIM = "claim recharges"
    AGREE_RECHARGE = "agree recharges"
    INVOICE = "issue invoices and reminders"
    NOTIFY = "record notices, action plans and meetings"
    RECONCILE = "reconcile with partners"
    SEE_PEOPLE = "see who may do what, and who signed in"
    MANAGE_PEOPLE = "manage people and their roles"


class Role(StrEnum):
    """What a person is in a pool."""

    POOLED_FUND_MANAGER = "pooled_fund_manager"
    PARTNER_FINANCE = "partner_finance"
    PARTNER_FINANCE_LEAD = "partner_finance_lead"
    SCHEME_MANAGER = "scheme_manager"
    BOARD_READER = "board_reader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def in_words(self) -> str:
        """The role as people say it."""
        return self.value.replace("_", " ")


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.POOLED_FUND_MANAGER: frozenset(Action) - {Action.AGREE, Action.MANAGE_PEOPLE},
    Role.PARTNER_FINANCE: frozenset(
        {Action.READ, Action.EXPORT, Action.IMPORT, Action.FORECAST, Action.COMMENT, Action.CLAIM, Action.RECONCILE}
    ),
    Role.PARTNER_FINANCE_LEAD: frozenset(
        {
            Action.READ,
            Action.EXPORT,
            Action.IMPORT,
            Action.FORECAST,
            Action.COMMENT,
            Action.AGREE,
            Action.DISPUTE,
            Action.REVIEW,
            Action.CLAIM,
            Action.AGREE_RECHARGE,
            Action.RECONCILE,
        }
    ),
    Role.SCHEME_MANAGER: frozenset({Action.READ, Action.FORECAST, Action.COMMENT}),
    Role.BOARD_READER: frozenset({Action.READ}),
    Role.AUDITOR: frozenset({Action.READ, Action.EXPORT, Action.SEE_PEOPLE}),
    Role.ADMINISTRATOR: frozenset({Action.SEE_PEOPLE, Action.MANAGE_PEOPLE}),
}
"""The role by action table; everything not in it is refused."""


class NotAllowed(InputRefused):
    """A person asked for something that their role, partner or lines do not cover."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work in a pool: a login name, a role, and for some roles a partner or lines of their own.

    ``deputy_for`` is the finance lead in whose place this person signs.
    """

    name: str
    role: Role
    partner: str | None = None
    schemes: tuple[str, ...] = ()
    deputy_for: str | None = None

    @property
    def in_place_of(self) -> dict[str, str]:
        """What a sign-off of a deputy says beside who signed; nothing for a finance lead's own."""
        return {"deputy_for": self.deputy_for} if self.deputy_for else {}


OWN_PARTNER = frozenset({Role.PARTNER_FINANCE, Role.PARTNER_FINANCE_LEAD})
"""The roles that act for one partner."""


def require(actor: Actor, action: Action) -> None:
    """Pass if the actor's role covers the action; raises NotAllowed otherwise."""
    if action not in ALLOWED[actor.role]:
        raise NotAllowed(f"{actor.name} as {actor.role} may not {action}: ask the pooled fund manager")


def require_partner(actor: Actor, action: Action, partner: str) -> None:
    """Pass if the actor may do this with a partner's figures, partner finance only with their own; else NotAllowed."""
    require(actor, action)
    if actor.role in OWN_PARTNER and actor.partner is None:
        raise NotAllowed(f"{actor.name} as {actor.role} names no partner: say whose figures are theirs with --partner")
    if actor.role in OWN_PARTNER and actor.partner != partner:
        raise NotAllowed(f"{actor.name} of {actor.partner} may not {action} of {partner}: only of their own partner")


def require_line(actor: Actor, action: Action, scheme: str, lead: str) -> None:
    """Pass if the actor may do this on a line: partner finance where it leads, a scheme manager on their own."""
    require_partner(actor, action, lead)
    if actor.role is Role.SCHEME_MANAGER and scheme not in actor.schemes:
        raise NotAllowed(f"{actor.name} may not {action} on {scheme}: it is not one of their lines")
