"""One outturn under two agreements: who would have borne what, side by side, and the difference. Decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledgers.money import pounds
from s75_rules.agreement import Agreement
from s75_rules.risk_share import RiskShare


@dataclass(frozen=True, slots=True)
class Side:
    """An agreement and its risk share of the outturn."""

    agreement: Agreement
    share: RiskShare


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One part of the variance in pence on each side; None where the side does not have the partner or reserve."""

    what: str
    name: str
    first_pence: int | None
    second_pence: int | None

    @property
    def difference_pence(self) -> int:
        """What the second has more than the first."""
        return (self.second_pence or 0) - (self.first_pence or 0)

    def as_json(self) -> dict[str, str | None]:
        """The row with money as text of pounds."""
        first, second = self.first_pence, self.second_pence
        return {
            "what": self.what,
            "name": self.name,
            "first": None if first is None else pounds(first),
            "second": None if second is None else pounds(second),
            "difference": pounds(self.difference_pence),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two risk shares of one outturn. The rows of each side sum to its variance, and so do the differences.

    A partner's row is the overspend it bears less the underspend it gets back; a reserve's is what
    is drawn from it, below nil what is put in; carried forward, returned to a funder and unresolved
    underspend are below nil.
    """

    first: Side
    second: Side

    def rows(self) -> list[ComparedRow]:
        """Each partner, each reserve, and what goes to neither."""
        first, second = self.first.share, self.second.share
        return [
            *_named("partner", _net(first), _net(second)),
            *_named("reserve", _drawn(first), _drawn(second)),
            *(
                ComparedRow(what, "", of_first, of_second)
                for (what, of_first), of_second in zip(_others(first).items(), _others(second).values(), strict=True)
            ),
        ]

    def total(self) -> ComparedRow:
        """The variance of each side."""
        return ComparedRow("variance", "", self.first.share.variance_pence, self.second.share.variance_pence)

    def as_json(self) -> dict[str, object]:
        """The comparison with both risk shares whole."""
        return {
            "first": {"agreement": self.first.agreement.id, **self.first.share.as_json()},
            "second": {"agreement": self.second.agreement.id, **self.second.share.as_json()},
            "rows": [row.as_json() for row in self.rows()],
            "total": self.total().as_json(),
        }


def _named(what: str, first: Mapping[str, int], second: Mapping[str, int]) -> Iterator[ComparedRow]:
    """A row for each name that either side has, the first side's order first."""
    for name in dict.fromkeys([*first, *second]):
        yield ComparedRow(what, name, first.get(name), second.get(name))


def _net(share: RiskShare) -> dict[str, int]:
    return {partner: borne - share.underspend_pence[partner] for partner, borne in share.overspend_pence.items()}


def _drawn(share: RiskShare) -> dict[str, int]:
    return {reserve: -change for reserve, change in share.reserves_pence.items()}


def _others(share: RiskShare) -> dict[str, int]:
    return {
        "carried forward": -sum(share.carried_forward_pence.values()),
        "returned to funders": -sum(share.returned_to_funder_pence.values()),
        "unresolved overspend": share.unresolved_overspend_pence,
        "unresolved underspend": -share.unresolved_underspend_pence,
        "disputed overspend": sum(share.disputed_overspend_pence.values()),
        "disputed underspend": -sum(share.disputed_underspend_pence.values()),
    }
