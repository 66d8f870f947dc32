"""The outturn as it was stated at each stage, side by side by line and by partner. States and posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ledgers.money import pounds
from ledgers.seal import Event
from pooledfund.pool import Pool

Stage = Literal["estimate", "provisional", "accounts", "audited"]
STAGES: tuple[Stage, ...] = get_args(Stage)
STATED = "outturn stated"


@dataclass(frozen=True, slots=True)
class Stated:
    """The outturn of one stage as it was last stated, in pence: by line, and what each partner bears less gets back."""

    stage: Stage
    event: int
    stated_at: str
    who: str
    lines_pence: Mapping[str, int]
    shares_pence: Mapping[str, int]
    unresolved_pence: int

    @property
    def total_pence(self) -> int:
        """The outturn of all lines."""
        return sum(self.lines_pence.values())

    def as_json(self) -> dict[str, object]:
        """The stage with money in pounds as text."""
        return {
            "stage": self.stage,
            "event": self.event,
            "stated": self.stated_at,
            "lines": {scheme: pounds(pence) for scheme, pence in self.lines_pence.items()},
            "total": pounds(self.total_pence),
            "net_share": {partner: pounds(pence) for partner, pence in self.shares_pence.items()},
            "unresolved": pounds(self.unresolved_pence),
        }


@dataclass(frozen=True, slots=True)
class OutturnStages:
    """The stages that were stated, in their order; the difference is between the last two."""

    stages: tuple[Stated, ...]

    @property
    def lines_difference_pence(self) -> dict[str, int]:
        """What each line changed by from the stage before to the last one; empty with fewer than two."""
        return self._difference([each.lines_pence for each in self.stages[-2:]])

    @property
    def shares_difference_pence(self) -> dict[str, int]:
        """What each partner's net share changed by: it is trued up in the next year where this one's books stand."""
        return self._difference([each.shares_pence for each in self.stages[-2:]])

    def as_json(self) -> dict[str, object]:
        """The stages and their last difference with money in pounds as text."""
        return {
            "stages": [each.as_json() for each in self.stages],
            "difference": {
                "between": [each.stage for each in self.stages[-2:]],
                "lines": {scheme: pounds(pence) for scheme, pence in self.lines_difference_pence.items()},
                "net_share": {partner: pounds(pence) for partner, pence in self.shares_difference_pence.items()},
            },
        }

    @staticmethod
    def _difference(sides: list[Mapping[str, int]]) -> dict[str, int]:
        if len(sides) < 2:
            return {}
        before, after = sides
        return {key: after.get(key, 0) - before.get(key, 0) for key in dict.fromkeys((*before, *after))}


def outturn_stages(pool: Pool, as_of: int | None = None) -> OutturnStages:
    """The outturn as last stated at each stage, now or as of an event."""
    last = {event.payload["stage"]: event for event in pool.books.events(kind=STATED, as_of=as_of)}
    return OutturnStages(tuple(_stated(stage, last[stage]) for stage in STAGES if stage in last))


def _stated(stage: Stage, event: Event) -> Stated:
    borne, returned = _pence(event, "borne_pence"), _pence(event, "returned_pence")
    shares = {
        partner: borne.get(partner, 0) - returned.get(partner, 0) for partner in dict.fromkeys((*borne, *returned))
    }
    return Stated(
        stage,
        event.number,
        event.recorded_at,
        event.who,
        _pence(event, "lines_pence"),
        shares,
        int(str(event.payload["unresolved_pence"])),
    )


def _pence(event: Event, name: str) -> dict[str, int]:
    kept = event.payload[name]
    assert isinstance(kept, Mapping)
    return {str(key): int(str(pence)) for key, pence in kept.items()}
