"""Commentary, measures and milestones at the end of a month, as told by then. Holds no money and judges no line."""

from dataclasses import dataclass

from ledgers.seal import Event
from pooledfund.intake.narrative import COMMENTARY, MEASURES, MILESTONES
from pooledfund.intake.told import Telling
from pooledfund.pool import Pool
from s75_rules.outcomes import TargetResult, against_target, due_on
from s75_rules.plan import Measure, Milestone


@dataclass(frozen=True, slots=True)
class Comment:
    """What was written on a line for a month; ``event`` is where the books hold it, ``earlier`` what it replaced."""

    scheme: str
    commentary: str
    action: str
    owner: str
    due: str
    event: int
    who: str
    earlier: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        """The comment with the events that hold it and what stood before."""
        return {
            "scheme": self.scheme,
            "commentary": self.commentary,
            "action": self.action or None,
            "owner": self.owner or None,
            "due": self.due or None,
            "event": self.event,
            "earlier_events": list(self.earlier),
        }


_DIRECTIONS = {"higher_is_better": "at least ", "lower_is_better": "at most ", "maintain": "exactly "}


@dataclass(frozen=True, slots=True)
class MeasureReading:
    """A measure with its last reading up to a month, the reading before it, and whether its target is met."""

    measure: Measure
    value: str | None
    month: int | None
    previous: str | None
    note: str
    result: TargetResult
    event: int | None

    @property
    def name(self) -> str:
        """The measure's name, and what it stands in for."""
        proxy = self.measure.proxy_for
        return f"{self.measure.name} (stands in for {proxy})" if proxy else self.measure.name

    @property
    def target(self) -> str:
        """The target in words, with its direction and unit."""
        if self.measure.target is None:
            return "none"
        return _DIRECTIONS.get(self.measure.direction or "", "") + self._with_unit(self.measure.target)

    @property
    def reading(self) -> str:
        """The reading in words, with its unit."""
        return "not available" if self.value is None else self._with_unit(self.value)

    def _with_unit(self, value: str) -> str:
        unit = self.measure.unit or ""
        return value if not unit or value.endswith(unit) else f"{value}{'' if unit == '%' else ' '}{unit}"

    def as_json(self) -> dict[str, object]:
        """The measure as agreed and as read; a reading that is not there is None."""
        return {
            "id": self.measure.id,
            "name": self.measure.name,
            "unit": self.measure.unit,
            "direction": self.measure.direction,
            "target": self.measure.target,
            "proxy_for": self.measure.proxy_for,
            "value": self.value,
            "read_at": f"M{self.month}" if self.month else None,
            "previous": self.previous,
            "result": self.result,
            "note": self.note or None,
            "event": self.event,
        }


@dataclass(frozen=True, slots=True)
class MilestoneProgress:
    """A milestone with its last status told up to a month, in words; overdue where its day has passed undone."""

    milestone: Milestone
    status: str
    month: int | None
    done_on: str
    note: str
    overdue: bool
    event: int | None

    @property
    def in_words(self) -> str:
        """The status with what has become of its day."""
        if not self.overdue or self.status == "missed":
            return self.status
        return f"{self.status}, {'overdue' if self.event else 'its day has passed'}"

    def as_json(self) -> dict[str, object]:
        """The milestone as agreed and as told."""
        return {
            "id": self.milestone.id,
            "name": self.milestone.name,
            "due": self.milestone.due,
            "status": self.status,
            "overdue": self.overdue,
            "done_on": self.done_on or None,
            "told_at": f"M{self.month}" if self.month else None,
            "note": self.note or None,
            "event": self.event,
        }


@dataclass(frozen=True, slots=True)
class Narrative:
    """What stands beside the money of a month."""

    comments: tuple[Comment, ...]
    measures: tuple[MeasureReading, ...]
    milestones: tuple[MilestoneProgress, ...]

    @property
    def told(self) -> "Narrative":
        """Only what someone has told by then."""
        return Narrative(
            self.comments,
            tuple(each for each in self.measures if each.event),
            tuple(each for each in self.milestones if each.event),
        )

    def as_json(self) -> dict[str, object]:
        """Commentary by line, measures and milestones in file order."""
        return {
            "commentary": [each.as_json() for each in self.comments],
            "measures": [each.as_json() for each in self.measures],
            "milestones": [each.as_json() for each in self.milestones],
        }


def narrative_at(pool: Pool, month: int, as_of: int | None = None) -> Narrative:
    """Commentary of the month itself; measures and milestones as last told up to it."""
    return Narrative(
        tuple(comments_of(pool, month, as_of).values()),
        tuple(_readings(pool, month, as_of)),
        tuple(_progress(pool, month, as_of)),
    )


def comments_of(pool: Pool, month: int, as_of: int | None = None) -> dict[str, Comment]:
    """The commentary of a month by line, in file order."""
    told = _told(pool, COMMENTARY, "scheme", as_of)
    found = {}
    for scheme in pool.agreement.schemes:
        events = [event for event in told.get(scheme, []) if event.payload["month"] == month]
        if events:
            last = events[-1]
            words = {name: str(last.payload[name]) for name in ("commentary", "action", "owner", "due")}
            earlier = tuple(event.number for event in events[:-1])
            found[scheme] = Comment(scheme, **words, event=last.number, who=last.who, earlier=earlier)
    return found


def _readings(pool: Pool, month: int, as_of: int | None) -> list[MeasureReading]:
    told = _told(pool, MEASURES, "measure", as_of)
    found = []
    for measure in pool.agreement.measures.values():
        by_month = _by_month(told.get(measure.id, []), month)
        last = by_month[max(by_month)] if by_month else None
        before = sorted(by_month)[-2] if len(by_month) > 1 else None
        value = str(last.payload["value"]) if last else None
        found.append(
            MeasureReading(
                measure,
                value,
                max(by_month, default=None),
                str(by_month[before].payload["value"]) if before else None,
                str(last.payload["note"]) if last else "",
                against_target(measure, value),
                last.number if last else None,
            )
        )
    return found


def _progress(pool: Pool, month: int, as_of: int | None) -> list[MilestoneProgress]:
    told, year = _told(pool, MILESTONES, "milestone", as_of), pool.agreement.year
    found = []
    for milestone in pool.agreement.milestones.values():
        by_month = _by_month(told.get(milestone.id, []), month)
        last = by_month[max(by_month)] if by_month else None
        status = str(last.payload["status"]) if last else "not reported"
        due = due_on(milestone.due, year)
        overdue = status != "done" and due is not None and due <= year.month_ends(month)
        found.append(
            MilestoneProgress(
                milestone,
                status,
                max(by_month, default=None),
                str(last.payload["done_on"]) if last else "",
                str(last.payload["note"]) if last else "",
                overdue,
                last.number if last else None,
            )
        )
    return found


def _by_month(events: list[Event], through: int) -> dict[int, Event]:
    """The last telling of each month up to one."""
    return {int(str(each.payload["month"])): each for each in events if int(str(each.payload["month"])) <= through}


def _told(pool: Pool, telling: Telling, subject: str, as_of: int | None) -> dict[str, list[Event]]:
    """Every telling of each subject in the order of the log."""
    found: dict[str, list[Event]] = {}
    for event in pool.books.events(kind=telling.kind, as_of=as_of):
        found.setdefault(str(event.payload[subject]), []).append(event)
    return found
