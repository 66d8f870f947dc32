"""What of a pool asks for somebody's attention: late figures, overdue money, failing tests, dates. Settles nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from ledgers.money import pounds_for_people
from pooledfund.pool import Pool
from pooledfund.results.conditions import conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.escalations import escalations
from pooledfund.results.lines import lines_at
from pooledfund.results.monitoring import period_label
from pooledfund.results.notices import STEP_TITLES, Notices, notices_of
from pooledfund.results.risk_position import risk_position
from pooledfund.results.submissions import submission_status
from s75_rules.clock import at_time, day_in_england
from s75_rules.deadlines import Deadline, deadlines, reported_month, when_words
from s75_rules.trace import listed
from s75_rules.working_days import add_working_days

AlertKind = Literal[
    "late partner",
    "contribution overdue",
    "condition failing",
    "to be escalated",
    "reserve exhausted",
    "step overdue",
    "deadline",
]
SOON_WORKING_DAYS = 10
"""A deadline is told of so many working days before it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that asks for attention: what it is, in a sentence, and what to do next."""

    kind: AlertKind
    said: str
    to_do: str
    deadline: str = ""
    """The kind of deadline, such as ``national return``, where it is one."""

    def as_json(self) -> dict[str, str]:
        """The alert as words."""
        return {"kind": self.kind, "said": self.said, "to_do": self.to_do}


def alerts_of(pool: Pool, month: int, *, at: datetime | None = None, as_of: int | None = None) -> tuple[Alert, ...]:
    """What asks for attention at the end of a month, by the clock of an instant; without one at ``as_of``, else now.

    Raises:
        NotAllowed: the person may not read the pool.
        EventNotFound: the log has no event ``as_of``.
    """
    notices = notices_of(pool, at=at, as_of=as_of)
    return (
        *_late(pool, month, notices.at, as_of),
        *_overdue(pool, min(month, _ended(pool, notices.at)), as_of),
        *_failing(pool, month, as_of),
        *_escalated(pool, month, as_of),
        *_exhausted(pool, month, as_of),
        *_dates(pool, notices),
    )


def _late(pool: Pool, month: int, at: datetime, as_of: int | None) -> Iterator[Alert]:
    for each in range(1, month + 1) if pool.agreement.submissions else ():
        for status in submission_status(pool, each, at=at, as_of=as_of):
            if status.state == "late" and status.due_at is not None:
                partner = pool.agreement.partners[status.partner].name
                yield Alert(
                    "late partner",
                    f"{partner} has not sent its figures of M{each}, due by {when_words(status.due_at)}.",
                    "Ask for the ledger extract, or post an estimate until it comes.",
                )


def _ended(pool: Pool, at: datetime) -> int:
    """The last month of the year that has ended by an instant, 0 before any: what falls due later is not overdue."""
    return reported_month(pool.agreement.year, day_in_england(at))


def _overdue(pool: Pool, month: int, as_of: int | None) -> Iterator[Alert]:
    for each in contribution_position(pool, month, as_of).positions if month else ():
        if each.overdue_pence:
            partner = pool.agreement.partners[each.partner].name
            yield Alert(
                "contribution overdue",
                f"{partner} owes {pounds_for_people(each.overdue_pence)} of {each.contribution},"
                f" at {period_label(month)}.",
                "Record the receipt if it came, else remind the partner.",
            )


def _failing(pool: Pool, month: int, as_of: int | None) -> Iterator[Alert]:
    report = conditions_report(pool, month, as_of)
    for each in report.earmarks_failed:
        yield Alert(
            "condition failing",
            f"Earmark {each.earmark.name} is not kept on the {each.basis}: {each.because}",
            "Read why under conditions, and plan or vire its lines to keep it.",
        )
    for basis, tests in report.tests.items():
        for test in tests:
            if test.result == "not met":
                yield Alert(
                    "condition failing",
                    f"{test.title[:1].upper()}{test.title[1:]} is not met on the {basis}.",
                    "Read why under conditions, and plan or vire more spend that counts.",
                )


def _escalated(pool: Pool, month: int, as_of: int | None) -> Iterator[Alert]:
    for each in escalations(pool, month, lines_at(pool, month, as_of), as_of) if pool.agreement.escalation else ():
        to_do = f"Tell {listed(each.rule.to)}, and record what is decided with its minute."
        yield Alert("to be escalated", each.because, to_do)


def _exhausted(pool: Pool, month: int, as_of: int | None) -> Iterator[Alert]:
    found = risk_position(pool, month, as_of)
    for reserve, change in found.share.reserves_pence.items():
        held = found.position.reserves.get(reserve, 0)
        if change < 0 and held + change <= 0:
            when = "projected" if found.projected else "on the outturn"
            name = pool.agreement.reserves[reserve].name or reserve
            yield Alert(
                "reserve exhausted",
                f"Reserve {name} is used up, {when}: {pounds_for_people(-change)} is drawn and nothing is left.",
                "See who bears the next overspend under risk share, and tell the board.",
            )


def _dates(pool: Pool, notices: Notices) -> Iterator[Alert]:
    """Steps of notices that are overdue, and what is due within the next working days."""
    steps = dated_steps(notices)
    for each in steps:
        if each.at < notices.at:
            yield Alert(
                "step overdue", f"{_titled(each)} was due by {each.in_words}.", "Record the step once it is done."
            )
    last = at_time(add_working_days(day_in_england(notices.at), SOON_WORKING_DAYS), time.max)
    soon = [each for each in (*deadlines(pool.agreement), *steps) if notices.at <= each.at <= last]
    for each in sorted(soon, key=lambda each: (each.at, each.kind, each.what)):
        yield Alert("deadline", f"{_titled(each)} is due by {each.in_words}.", "Put it in hand now.", each.kind)


def _titled(deadline: Deadline) -> str:
    return f"{deadline.what[:1].upper()}{deadline.what[1:]}"


def dated_steps(found: Notices) -> list[Deadline]:
    """The steps of open notices that are still to be done and have a date."""
    return [
        Deadline("notice", f"{STEP_TITLES[step.step]} on the overspend of {each.overspend.scheme}", step.due_at)
        for each in found.notices
        if each.is_open
        for step in each.steps
        if step.is_open and step.due_at is not None
    ]
