"""The period that is being closed and its sign-offs over one set of figures. Decides nothing about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.calendar import PeriodNotUnderstood, parse_period, quarter_months, quarter_of
from ledgers.seal import JSON, digest
from ledgers.signing import Part, SignOff
from pooledfund.access import Action, require, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.meanwhile import ChangedMeanwhile, tell
from pooledfund.pool import Pool
from pooledfund.results.monitoring import Monitoring, monitor
from pooledfund.said import faults_in
from s75_rules.version import rule_set

FIGURES_SIGNED = "figures signed"
SUSPENSE_EXPLAINED = "suspense explained"
WAIVED = "close item waived"


class CloseRefused(InputRefused):
    """A period that cannot be signed, closed or reopened."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or quarter as it is named to be closed, such as ``Q2``, with the months it has."""

    name: str
    months: tuple[int, ...]

    @property
    def month(self) -> int:
        """The month that it ends in."""
        return self.months[-1]

    @property
    def subject(self) -> str:
        """What a sign-off of its close is about."""
        return f"close/{self.name}"


@dataclass(frozen=True, slots=True)
class Signed:
    """One sign-off of a close: whose part, for which body, at which event, over figures of which digest."""

    part: Part
    body: str
    who: str
    event: int
    figures: str | None
    deputy_for: str | None = None

    @property
    def by(self) -> str:
        """Who signed, and for a deputy in whose place."""
        return f"{self.who}, deputy for {self.deputy_for}" if self.deputy_for else self.who


def period_of(text: str) -> Period:
    """A month or quarter by its name; raises CloseRefused."""
    try:
        month = parse_period(text)
    except PeriodNotUnderstood as error:
        raise CloseRefused(str(error)) from None
    name = text.strip().upper()
    return Period(name, tuple(quarter_months(quarter_of(month))) if name.startswith("Q") else (month,))


def figures_digest(monitoring: Monitoring) -> str:
    """The SHA-256 of a monitoring table as it is exported: the figures that people put their names to."""
    return digest(json.dumps(monitoring.as_json(), sort_keys=True, ensure_ascii=False))


def sign(pool: Pool, period: Period, part: Part, *, expected_figures: str | None = None) -> int:
    """Put one's name to the figures of a period: prepare or review its close, or agree it for one's partner.

    The risk share that is signed, and the version and digests of the rules behind it, are kept with the sign-off.

    The preparer and the reviewer are two people: the database refuses one person in both parts. A deputy signs in the
    place of the finance lead, and the sign-off says so. ``expected_figures`` is the digest of the figures that the
    person had read: others are not signed unseen. Who signs the same figures again gets the event of before.

    Raises:
        NotAllowed: the person's role does not cover the part, or a finance lead names another partner.
        SignOffRefused: a review before the preparation, or by the one who prepared.
        ChangedMeanwhile: the figures are no longer those that were read.
    """
    body = ""
    if part == "agreed":
        body = pool.actor.partner or ""
        require_partner(pool.actor, Action.AGREE, body)
    action = {"prepared": Action.CLOSE, "reviewed": Action.REVIEW, "agreed": Action.AGREE}[part]
    require(pool.actor, action)
    with pool.writing(action) as writing:
        monitoring = monitor(pool, period.month)
        figures = figures_digest(monitoring)
        _check_figures(period, figures, expected_figures, "signed")
        for each in signed(pool, period):
            if (each.part, each.body, each.who, each.figures) == (part, body, pool.actor.name, figures):
                return each.event
        event = writing.sign_off(period.subject, part, body)
        payload: dict[str, JSON] = {
            "sign_off": event,
            "figures": figures,
            "risk_share": json.dumps(monitoring.risk.as_json()),
            "rule_set": dict(rule_set(pool.agreement).as_json()),
            **pool.actor.in_place_of,
        }
        writing.event(FIGURES_SIGNED, payload)
    return event


def _check_figures(period: Period, figures: str, expected: str | None, done: str) -> None:
    """Pass where the figures are those that the person had read, or they do not say; else ChangedMeanwhile."""
    if expected not in (None, figures):
        raise ChangedMeanwhile(
            f"the figures of {period.name} have changed since you read them: nothing was {done}. "
            "Read what stands now, then do it again."
        )


def signed(pool: Pool, period: Period, as_of: int | None = None) -> tuple[Signed, ...]:
    """The last sign-off of each part and body of a period."""
    said = {event.payload["sign_off"]: event.payload for event in pool.books.events(kind=FIGURES_SIGNED, as_of=as_of)}
    last = {(each.part, each.body): each for each in pool.books.sign_offs(subject=period.subject, as_of=as_of)}
    return tuple(_signed(each, said.get(each.event, {})) for each in last.values())


def _signed(each: SignOff, said: Mapping[str, JSON]) -> Signed:
    figures, deputy_for = said.get("figures"), said.get("deputy_for")
    return Signed(
        each.part,
        each.body,
        each.who,
        each.event,
        str(figures) if figures else None,
        str(deputy_for) if deputy_for else None,
    )


def explain_suspense(
    pool: Pool,
    period: Period,
    explanation: str,
    *,
    expected_figures: str | None = None,
    expected_event: int | None = None,
) -> int:
    """Record why money waits in suspense at a period's end; it holds for the amount that waits now.

    ``expected_figures`` is the digest of the figures that the person had read, ``expected_event`` the newest event.

    Raises:
        ChangedMeanwhile: the figures are others by now, or someone else explained it since.
        CloseRefused: nothing waits, or nothing is said.
    """
    require(pool.actor, Action.CLOSE)
    blank = "suspense is explained in words: say why the money still waits"
    if faults := faults_in(explanation, blank, "explanation"):
        raise CloseRefused(*faults)
    with pool.writing(Action.CLOSE) as writing:
        monitoring = monitor(pool, period.month)
        pence = monitoring.suspense_pence
        _check_figures(period, figures_digest(monitoring), expected_figures, "explained")
        if not pence:
            raise CloseRefused(f"nothing waits in suspense at {period.name}: there is nothing to explain")
        told = [each for each in pool.books.events(kind=SUSPENSE_EXPLAINED) if each.payload["month"] == period.month]
        said: dict[str, JSON] = {
            "month": period.month, "amount_pence": pence, "explanation": explanation.strip(),
        }  # fmt: skip
        what = f"the explanation of suspense at {period.name}"
        return tell(writing, SUSPENSE_EXPLAINED, said, told, what, expected_event)


def waive(pool: Pool, period: Period, item: str, reason: str, *, expected_event: int | None = None) -> int:
    """Let a period close although an item is open, by role and with a reason that stays on record.

    ``expected_event`` is the newest event that the person had read.

    Raises:
        ChangedMeanwhile: someone else waived it since.
        CloseRefused: the agreement does not ask for the item, or no reason is given.
    """
    require(pool.actor, Action.WAIVE)
    required = pool.agreement.close.requires
    if item not in required:
        raise CloseRefused(f"'{item}' is not asked for: this pool's close requires {', '.join(required) or 'nothing'}")
    if faults := faults_in(reason, f"{item} is waived only with a reason: say why"):
        raise CloseRefused(*faults)
    with pool.writing(Action.WAIVE) as writing:
        told = [
            each
            for each in pool.books.events(kind=WAIVED)
            if (each.payload["period"], each.payload["item"]) == (period.name, item)
        ]
        said: dict[str, JSON] = {
            "period": period.name, "item": item, "reason": reason.strip(), "role": pool.actor.role.value,
        }  # fmt: skip
        return tell(writing, WAIVED, said, told, f"the waiver of {item} of {period.name}", expected_event)
