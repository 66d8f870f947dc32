"""Grant passed on to districts: allocated, received, committed, spent, unspent. A memorandum beside the pool's totals.

What a district does with its grant is the district's: its slippage is neither the pool's underspend nor carried
forward in the pool's books. A district that has not returned is not known, which is not nil.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ledgers.money import pounds
from pooledfund.intake.district_returns import DISTRICT_RETURNS
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class DistrictReturn:
    """One district's last return up to a month, in pence; None where it has not returned."""

    scheme: str
    district: str
    name: str
    allocated_pence: int
    month: int | None
    received_pence: int | None
    committed_pence: int | None
    spent_pence: int | None
    slippage_pence: int | None
    event: int | None

    @property
    def unspent_pence(self) -> int | None:
        """What is received and not spent; None where it is not known."""
        if self.received_pence is None or self.spent_pence is None:
            return None
        return self.received_pence - self.spent_pence

    @property
    def uncommitted_pence(self) -> int | None:
        """What is received and neither spent nor committed; below nil where more is committed than was received."""
        unspent = self.unspent_pence
        return None if unspent is None or self.committed_pence is None else unspent - self.committed_pence

    @property
    def note(self) -> str:
        """What a reader should see: no return, or another receipt than was allocated."""
        if self.received_pence is None:
            return "not returned"
        if self.received_pence != self.allocated_pence:
            return "received is not what was allocated"
        return ""

    def as_json(self) -> dict[str, object]:
        """The return with money in pounds as text."""
        return {
            "scheme": self.scheme,
            "district": self.district,
            "name": self.name,
            "returned_for": f"M{self.month}" if self.month else None,
            **{name: _text(figure(self)) for name, figure in FIGURES.items()},
            "note": self.note or None,
            "event": self.event,
        }


FIGURES: dict[str, Callable[[DistrictReturn], int | None]] = {
    "allocated": lambda each: each.allocated_pence,
    "received": lambda each: each.received_pence,
    "committed": lambda each: each.committed_pence,
    "spent": lambda each: each.spent_pence,
    "unspent": lambda each: each.unspent_pence,
    "uncommitted": lambda each: each.uncommitted_pence,
    "slippage": lambda each: each.slippage_pence,
}


@dataclass(frozen=True, slots=True)
class Retained:
    """What of a line the lead keeps by agreement, in pence."""

    scheme: str
    lead: str
    pence: int


@dataclass(frozen=True, slots=True)
class Districts:
    """The memorandum of a month: every district of every line, and what is retained."""

    month: int
    returns: tuple[DistrictReturn, ...]
    retained: tuple[Retained, ...]

    @property
    def totals_pence(self) -> dict[str, int | None]:
        """Each column added up; None where a district's figure is not known."""
        return {name: _total(figure(each) for each in self.returns) for name, figure in FIGURES.items()}

    @property
    def missing(self) -> tuple[str, ...]:
        """The districts that have not returned."""
        return tuple(each.district for each in self.returns if each.received_pence is None)

    def as_json(self) -> dict[str, object]:
        """The memorandum with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "memorandum": "beside the pool: in none of its totals",
            "districts": [each.as_json() for each in self.returns],
            "total": {name: _text(pence) for name, pence in self.totals_pence.items()},
            "not_returned": list(self.missing),
            "retained": [
                {"scheme": each.scheme, "by": each.lead, "amount": pounds(each.pence)} for each in self.retained
            ],
            "retained_total": pounds(sum(each.pence for each in self.retained)),
        }


def districts_at(pool: Pool, month: int, as_of: int | None = None) -> Districts:
    """The memorandum of grant passed on, from each district's last return up to a month."""
    latest: dict[tuple[str, str], tuple[int, int, dict[str, int]]] = {}
    for event in pool.books.events(kind=DISTRICT_RETURNS.kind, as_of=as_of):
        key = str(event.payload["scheme"]), str(event.payload["district"])
        told_for = int(str(event.payload["month"]))
        if latest.get(key, (0, 0, {}))[0] <= told_for <= month:
            names = ("received", "committed", "spent", "slippage")
            figures = {name: int(str(event.payload[f"{name}_pence"])) for name in names}
            latest[key] = told_for, event.number, figures
    returns, retained = [], []
    for scheme in pool.agreement.schemes.values():
        for district, allocated in scheme.recipients.items():
            last = latest.get((scheme.id, district))
            figures = last[2] if last else {}
            returns.append(
                DistrictReturn(
                    scheme.id,
                    district,
                    pool.agreement.partners[district].name,
                    allocated,
                    last[0] if last else None,
                    figures.get("received"),
                    figures.get("committed"),
                    figures.get("spent"),
                    figures.get("slippage"),
                    last[1] if last else None,
                )
            )
        if scheme.retained:
            retained.append(Retained(scheme.id, scheme.lead, scheme.retained))
    return Districts(month, tuple(returns), tuple(retained))


def _total(parts: Iterable[int | None]) -> int | None:
    known = list(parts)
    return None if None in known else sum(pence for pence in known if pence is not None)


def _text(pence: int | None) -> str | None:
    return None if pence is None else pounds(pence)
