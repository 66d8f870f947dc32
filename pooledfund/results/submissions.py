"""Where each partner's figures of a month stand: not due, due, late, received, estimated, agreed. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledgers.calendar import month_label
from ledgers.money import pounds, pounds_for_people
from ledgers.seal import Event
from pooledfund import chart
from pooledfund.intake.submissions import AGREED, RECEIVED, estimated_pence, standing_estimates
from pooledfund.pool import Pool
from s75_rules.clock import LONDON
from s75_rules.submissions import SubmissionTerms

State = Literal["not due", "due", "late", "received", "estimated", "agreed"]


@dataclass(frozen=True, slots=True)
class SubmissionStatus:
    """Where one partner's figures of one month stand; ``figure_pence`` is its spend of that month in the books.

    ``due_at`` is None where the agreement names no date: such figures are never late. An estimate that stands keeps
    the state ``estimated`` until the partner's own figures come; ``estimate_pence`` is its part of the figure.
    """

    partner: str
    month: int
    state: State
    figure_pence: int
    estimate_pence: int
    due_at: datetime | None
    received_at: datetime | None
    batches: tuple[int, ...]
    agreed_by: str | None
    agreed_at: datetime | None
    note: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the partner's own figures are in the books."""
        return self.state in ("received", "agreed")

    @property
    def came_late(self) -> bool:
        """Whether the figures are in and came after they were due."""
        return self.received_at is not None and self.due_at is not None and self.received_at > self.due_at

    def as_json(self) -> dict[str, object]:
        """The status with money in pounds as text and instants in UTC."""
        return {
            "partner": self.partner,
            "month": f"M{self.month}",
            "state": self.state,
            "figure": pounds(self.figure_pence),
            "of_which_estimate": pounds(self.estimate_pence),
            "due": _text(self.due_at),
            "received": _text(self.received_at),
            "came_late": self.came_late,
            "batches": list(self.batches),
            "agreed_by": self.agreed_by,
            "agreed": _text(self.agreed_at),
            "note": self.note,
        }


def submission_status(
    pool: Pool, month: int, *, at: datetime | None = None, as_of: int | None = None
) -> tuple[SubmissionStatus, ...]:
    """Where each partner's figures of a month stand at an instant, from the books as they stood at an event.

    The partners are those whose dates the agreement names and those that lead a line or have sent figures. Without
    ``at`` it is the instant of the event ``as_of``, else now.

    Raises:
        NotAllowed: the person may not read the books.
        EventNotFound: the log has no event ``as_of``.
    """
    instant = at or (_instant(pool.books.event(as_of)) if as_of is not None else pool.clock())
    spend = pool.books.balances(
        "actual", ("partner", "month"), accounts=(chart.EXPENDITURE, chart.SUSPENSE), as_of=as_of
    )
    estimates = standing_estimates(pool, as_of)
    received, agreed = (_of_month(pool.books.events(kind=kind, as_of=as_of), month) for kind in (RECEIVED, AGREED))
    return tuple(
        _status(
            _Found(
                partner,
                month,
                pool.agreement.submissions.get(partner),
                spend.get((partner, month), 0),
                sum(estimated_pence(each.entry) for each in estimates.get((partner, month), [])),
                (partner, month) in estimates,
                [each for each in received if each.payload["partner"] == partner],
                [each for each in agreed if each.payload["partner"] == partner],
            ),
            pool,
            instant,
        )
        for partner in _partners(pool, received)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the books hold of one partner and month."""

    partner: str
    month: int
    terms: SubmissionTerms | None
    figure_pence: int
    estimate_pence: int
    is_estimated: bool
    received: Sequence[Event]
    agreed: Sequence[Event]


def _partners(pool: Pool, received: Sequence[Event]) -> list[str]:
    agreement = pool.agreement
    expected = set(agreement.submissions) or {scheme.lead for scheme in agreement.schemes.values()}
    sent = {str(event.payload["partner"]) for event in received}
    return [partner for partner in agreement.partners if partner in expected | sent]


def _of_month(events: Sequence[Event], month: int) -> list[Event]:
    found = []
    for event in events:
        months = event.payload.get("months")
        if isinstance(months, list) and month in months:
            found.append(event)
    return found


def _who(agreed: Event) -> str:
    """Who agreed figures, and for a deputy in whose place."""
    lead = agreed.payload.get("deputy_for")
    return f"{agreed.who}, deputy for {lead}" if lead else agreed.who


def _status(found: _Found, pool: Pool, at: datetime) -> SubmissionStatus:
    year = pool.agreement.year
    due_at = found.terms.due_at(year, found.month) if found.terms else None
    last = found.agreed[-1] if found.agreed else None
    stands = last is not None and last.payload["figure_pence"] == found.figure_pence and not found.is_estimated
    note = ""
    if last is not None and not stands:
        agreed = pounds_for_people(int(str(last.payload["figure_pence"])))
        note = f"{_who(last)} agreed {agreed}, and the figure has changed since: it is to be agreed again"
    if stands:
        state: State = "agreed"
    elif found.is_estimated:
        state = "estimated"
    elif found.received:
        state = "received"
    elif due_at is not None and at > due_at:
        state = "late"
    else:
        state = "due" if at.astimezone(LONDON).date() > year.month_ends(found.month) else "not due"
    return SubmissionStatus(
        partner=found.partner,
        month=found.month,
        state=state,
        figure_pence=found.figure_pence,
        estimate_pence=found.estimate_pence,
        due_at=due_at,
        received_at=_instant(found.received[0]) if found.received else None,
        batches=tuple(int(str(each.payload["batch"])) for each in found.received if each.payload["batch"] is not None),
        agreed_by=_who(last) if last is not None and stands else None,
        agreed_at=_instant(last) if last is not None and stands else None,
        note=note,
    )


def _instant(event: Event) -> datetime:
    return datetime.fromisoformat(event.recorded_at)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def shown(at: datetime | None) -> str:
    """An instant for a reader, by the clocks of England; a dash where there is none."""
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if at is not None else "-"


def caption(pool: Pool, month: int) -> str:
    """What a table of submissions is headed by."""
    return f"Submissions of {pool.agreement.id}, {month_label(month)} of {pool.agreement.year}, £"
