"""The checklist of a close: what is done before a period closes, each item with its evidence. Closes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ledgers.money import pounds_for_people
from ledgers.seal import digest
from pooledfund.control.period import (
    SUSPENSE_EXPLAINED,
    WAIVED,
    Period,
    Signed,
    figures_digest,
    period_of,
    signed,
)
from pooledfund.control.reconciling.position import standing_position
from pooledfund.control.reconciling.signing import digest_of, figures_signed
from pooledfund.pool import Pool
from pooledfund.results.casting import casts
from pooledfund.results.conditions import conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import Monitoring, monitor
from pooledfund.results.narrative import comments_of
from pooledfund.results.submissions import SubmissionStatus, submission_status
from s75_rules.terms import CLOSE_ITEMS, CloseItem

ItemState = Literal["done", "not done", "waived", "not applicable"]
TITLES: dict[CloseItem, str] = {
    "submissions": "Submissions in",
    "reconciled": "Reconciled with each partner",
    "suspense": "Suspense empty or explained",
    "casting": "Casting proved",
    "conditions": "Conditions tested",
    "commentary": "Commentary complete",
    "agreement": "Partner finance leads agree",
    "review": "Prepared and reviewed",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item: how it stands, the evidence in words, the events and the digest that prove it."""

    id: CloseItem
    required: bool
    state: ItemState
    evidence: tuple[str, ...]
    events: tuple[int, ...] = ()
    digest: str | None = None

    @property
    def title(self) -> str:
        """The item in words."""
        return TITLES[self.id]

    @property
    def blocks(self) -> bool:
        """Whether the period cannot be closed for it."""
        return self.required and self.state == "not done"

    def as_json(self) -> dict[str, str | bool | list[str] | list[int] | None]:
        """The item with its evidence."""
        return {
            "item": self.id,
            "title": self.title,
            "required": self.required,
            "state": self.state,
            "evidence": list(self.evidence),
            "events": list(self.events),
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of a period's close, in the order of a month's work, and the digest of the figures they are about."""

    period: Period
    items: tuple[Item, ...]
    figures: str

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What keeps the period from being closed."""
        return tuple(item for item in self.items if item.blocks)

    def as_json(self) -> dict[str, object]:
        """The checklist with each item's evidence."""
        return {
            "period": self.period.name,
            "figures_digest": self.figures,
            "may_close": not self.open_items,
            "items": [item.as_json() for item in self.items],
        }


def checklist(pool: Pool, period: str, as_of: int | None = None) -> Checklist:
    """Go through the close of a month or quarter, now or as the books stood at an event.

    Raises:
        CloseRefused: it is no month or quarter.
    """
    of = period_of(period)
    return _Walk(pool, of, monitor(pool, of.month, as_of), as_of).checklist()


@dataclass(frozen=True, slots=True)
class _Found:
    """How an item stands before it is asked whether it was waived."""

    state: ItemState
    evidence: tuple[str, ...]
    events: tuple[int, ...] = ()
    digest: str | None = None


class _Walk:
    """The items of one period, worked out from figures that are asked for once."""

    def __init__(self, pool: Pool, period: Period, monitoring: Monitoring, as_of: int | None) -> None:
        self.pool, self.period, self.monitoring, self.as_of = pool, period, monitoring, as_of
        self.figures = figures_digest(monitoring)
        self.signed = signed(pool, period, as_of)

    def checklist(self) -> Checklist:
        find: dict[CloseItem, Callable[[], _Found]] = {
            "submissions": self.submissions,
            "reconciled": self.reconciled,
            "suspense": self.suspense,
            "casting": self.casting,
            "conditions": self.conditions,
            "commentary": self.commentary,
            "agreement": self.agreement,
            "review": self.review,
        }
        waivers = {
            event.payload["item"]: event
            for event in self.pool.books.events(kind=WAIVED, as_of=self.as_of)
            if event.payload["period"] == self.period.name
        }
        items = []
        for each in CLOSE_ITEMS:
            found, waiver = find[each](), waivers.get(each)
            if found.state == "not done" and waiver is not None:
                said = f"waived by {waiver.who} as {waiver.payload['role']}: {waiver.payload['reason']}"
                found = _Found("waived", (said, *found.evidence), (waiver.number, *found.events), found.digest)
            required = each in self.pool.agreement.close.requires
            items.append(Item(each, required, found.state, found.evidence, found.events, found.digest))
        return Checklist(self.period, tuple(items), self.figures)

    def submissions(self) -> _Found:
        missing, there = list[str](), list[str]()
        for month in self.period.months:
            for each in submission_status(self.pool, month, as_of=self.as_of):
                (there if each.is_in else missing).append(_submission(each))
        if not missing and not there:
            return _Found("not applicable", ("no partner sends figures",))
        return _Found("not done", tuple(missing)) if missing else _Found("done", tuple(there))

    def reconciled(self) -> _Found:
        month, missing, there, events = self.period.month, list[str](), list[str](), list[int]()
        for partner in dict.fromkeys(scheme.lead for scheme in self.pool.agreement.schemes.values()):
            subject = f"reconciliation/{partner}/M{month}"
            parts = {each.part: each for each in self.pool.books.sign_offs(subject=subject, as_of=self.as_of)}
            prepared, reviewed = parts.get("prepared"), parts.get("reviewed")
            if prepared is None or reviewed is None or reviewed.event < prepared.event:
                missing.append(f"{partner} M{month}: {'not reviewed' if prepared else 'no reconciliation'}")
            elif changed := self._changed_since(subject, partner, reviewed.event):
                missing.append(f"{partner} M{month}: {changed}")
                events += [prepared.event, reviewed.event]
            else:
                there.append(f"{partner} M{month}: prepared by {prepared.who}, reviewed by {reviewed.who}")
                events += [prepared.event, reviewed.event]
        if not missing and not there:
            return _Found("not applicable", ("no partner leads a line",))
        return _Found("not done" if missing else "done", tuple(missing or there), tuple(events))

    def _changed_since(self, subject: str, partner: str, event: int) -> str | None:
        """What is not as it was when a reconciliation was reviewed, in words; None where it stands."""
        month, pool = self.period.month, self.pool
        kept = figures_signed(pool, subject, self.as_of)
        if kept is None:
            return "was signed without its figures: sign it again"
        now = standing_position(pool, partner, month, self.as_of)
        if kept == digest_of(now.as_json()):
            return None
        then = standing_position(pool, partner, month, event)
        said = [
            f"{whose} was {pounds_for_people(before)} and is {pounds_for_people(after)}"
            for whose, before, after in (
                ("our figure", then.ours_pence, now.ours_pence),
                ("their figure", then.theirs_pence, now.theirs_pence),
            )
            if before != after
        ]
        if len(then.open_items) != len(now.open_items):
            said.append(f"open items were {len(then.open_items)} and are {len(now.open_items)}")
        return f"changed since it was reviewed ({'; '.join(said) or 'what is said of its items'}): sign it again"

    def suspense(self) -> _Found:
        pence = self.monitoring.suspense_pence
        if not pence:
            return _Found("done", ("nothing waits in suspense",))
        explained = [
            event
            for event in self.pool.books.events(kind=SUSPENSE_EXPLAINED, as_of=self.as_of)
            if event.payload["month"] == self.period.month
        ]
        waits = f"{pounds_for_people(pence)} waits in suspense"
        if explained and explained[-1].payload["amount_pence"] == pence:
            said = f"{waits}, explained by {explained[-1].who}: {explained[-1].payload['explanation']}"
            return _Found("done", (said,), (explained[-1].number,))
        if explained:
            then = pounds_for_people(int(str(explained[-1].payload["amount_pence"])))
            return _Found("not done", (f"{waits}, and the explanation was of {then}",), (explained[-1].number,))
        return _Found("not done", (f"{waits}: clear it, or explain it",))

    def casting(self) -> _Found:
        month, pool, as_of = self.period.month, self.pool, self.as_of
        proofs = casts(
            pool, month, as_of, self.monitoring,
            contribution_position(pool, month, as_of), memorandum_account(pool, month, as_of),
        )  # fmt: skip
        wrong = [str(proof) for proof in proofs if not proof.agrees]
        if as_of is None:
            wrong += [str(finding) for finding in pool.books.verify(checks=("balanced", "kept"))]
        if wrong:
            return _Found("not done", tuple(wrong))
        return _Found("done", (f"{len(proofs)} figures added up in two ways agree to the penny",), digest=self.figures)

    def conditions(self) -> _Found:
        report = conditions_report(self.pool, self.period.month, self.as_of)
        unknown = (report.unknown_said,) if report.unknown_said else ()
        if unknown and not report.tests:
            return _Found("not applicable", unknown)
        tests = [test for tests in report.tests.values() for test in tests]
        told = tuple(f"not met on the {test.basis}: {test.title}" for test in report.failed)
        met = sum(test.result == "met" for test in tests)
        said = f"{len(tests)} minimum tests made, {met} met, {len(report.failed)} not met"
        return _Found("done", (*unknown, said, *told), digest=digest(json.dumps(report.as_json(), sort_keys=True)))

    def commentary(self) -> _Found:
        over = self.pool.agreement.close.commentary_over
        comments = comments_of(self.pool, self.period.month, self.as_of)
        lines = [
            row.line.scheme
            for row in self.monitoring.lines
            if abs(row.line.forecast_variance_pence) > over.of(max(0, row.line.current_pence))
        ]
        if not lines:
            return _Found("done", ("no line's variance is over the limit",))
        missing = tuple(f"{line} is over the limit and has no commentary" for line in lines if line not in comments)
        events = tuple(comments[line].event for line in lines if line in comments)
        return _Found("not done" if missing else "done", missing or (f"commentary on {', '.join(lines)}",), events)

    def agreement(self) -> _Found:
        missing, there, events = list[str](), list[str](), list[int]()
        agreed = {each.body: each for each in self.signed if each.part == "agreed"}
        for partner in self.pool.agreement.signatories():
            found = agreed.get(partner.id)
            if found is None:
                missing.append(f"{partner.id} has not agreed")
            elif found.figures != self.figures:
                missing.append(f"{partner.id} agreed other figures: they have changed since event {found.event}")
            else:
                there.append(f"{partner.id} agreed by {found.by}")
                events.append(found.event)
        return _Found("not done" if missing else "done", (*missing, *there), tuple(events), self.figures)

    def review(self) -> _Found:
        parts = {each.part: each for each in self.signed if each.part in ("prepared", "reviewed")}
        prepared, reviewed = parts.get("prepared"), parts.get("reviewed")
        events = tuple(each.event for each in parts.values())
        if prepared is None:
            return _Found("not done", ("nobody has prepared it",), events)
        if reviewed is None or reviewed.event < prepared.event:
            return _Found("not done", (f"prepared by {prepared.by}, not reviewed",), events)
        if not self._stands(prepared, reviewed):
            return _Found("not done", ("the figures have changed since they were prepared and reviewed",), events)
        said = f"prepared by {prepared.by}, reviewed by {reviewed.by}"
        return _Found("done", (said,), events, self.figures)

    def _stands(self, *signatures: Signed) -> bool:
        return all(each.figures == self.figures for each in signatures)


def _submission(each: SubmissionStatus) -> str:
    return f"{each.partner} M{each.month}: {each.state}{', came late' if each.came_late else ''}"
