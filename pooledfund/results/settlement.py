"""What a settlement would post: what is due by the risk share to date, less what was posted before. Posts nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from ledgers.money import pounds, pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.hosts import between_hosts, passed_before, settling_host
from pooledfund.results.risk_position import RiskPosition, position_to_date, reserve_movements
from pooledfund.templates import Share
from s75_rules.agreement import Agreement
from s75_rules.clause_records import Side
from s75_rules.risk_share import RiskShare
from s75_rules.tally import settled_by_line

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class SettlementDue:
    """The amounts still to post, in pence, so that the books show what the outturn's risk share says.

    What partners bear and get back on lines of a fund that another host keeps is in the whole and told by line too:
    it is settled with that host. ``between_hosts`` is what a line's host passes to another for it, above nil, or is
    passed, below nil: an offset or reserve of one host's fund that met the overspend of another's.
    """

    position: RiskPosition
    borne_pence: Mapping[str, int]
    returned_pence: Mapping[str, int]
    borne_elsewhere_pence: Mapping[Share, int]
    returned_elsewhere_pence: Mapping[Share, int]
    reserves_drawn_pence: Mapping[str, int]
    carried_forward_pence: Mapping[str, int]
    returned_to_funder_pence: Mapping[str, int]
    between_hosts_pence: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        """Whether the books show it all already."""
        return not any(
            (
                self.borne_pence,
                self.returned_pence,
                self.borne_elsewhere_pence,
                self.returned_elsewhere_pence,
                self.reserves_drawn_pence,
                self.carried_forward_pence,
                self.returned_to_funder_pence,
                self.between_hosts_pence,
            )
        )

    def as_json(self) -> dict[str, dict[str, str]]:
        """The amounts still to post with money in pounds as text."""
        return {
            "borne": _in_pounds(self.borne_pence),
            "returned": _in_pounds(self.returned_pence),
            "reserves_drawn": _in_pounds(self.reserves_drawn_pence),
            "carried_forward": _in_pounds(self.carried_forward_pence),
            "returned_to_funder": _in_pounds(self.returned_to_funder_pence),
            **({"between_hosts": _in_pounds(self.between_hosts_pence)} if self.between_hosts_pence else {}),
        }


def settlement_due(pool: Pool, month: int = 12) -> SettlementDue:
    """Work out the settlement at the end of a month: the risk share to date less what earlier settlements posted.

    Before the year's end only what partners bear and reserves give for an overspend to date is due. Money not
    spent to date may only be late: it is returned, kept or carried forward when the outturn is settled.
    """
    position = position_to_date(pool, month)
    share = position.share
    by_partner = pool.books.balances("actual", ("account", "partner"))
    by_contribution = pool.books.balances("actual", ("account", "contribution"))
    borne_before = {
        partner: -by_partner.get((chart.RISK_SHARE_INCOME, partner), 0)
        - by_partner.get((chart.BREACH_INCOME, partner), 0)
        for partner in pool.agreement.partners
    }
    returned_before = {
        partner: by_partner.get((chart.RISK_SHARE_RETURNED, partner), 0) for partner in pool.agreement.partners
    }
    contributions = pool.agreement.contributions
    carried_before = {each: by_contribution.get((chart.INCOME_CARRIED_FORWARD, each), 0) for each in contributions}
    funder_before = {each: by_contribution.get((chart.RETURNED_TO_FUNDER, each), 0) for each in contributions}
    at_year_end = month == 12
    over_before, under_before = _posted_elsewhere(pool)
    drawn = {each: -change for each, change in share.reserves_pence.items() if at_year_end or change < 0}
    return SettlementDue(
        position=position,
        borne_pence=_less(share.overspend_pence, borne_before),
        returned_pence=_less(share.underspend_pence, returned_before) if at_year_end else {},
        borne_elsewhere_pence=_less(_elsewhere(pool, share, "overspend"), over_before),
        returned_elsewhere_pence=_less(_elsewhere(pool, share, "underspend"), under_before) if at_year_end else {},
        reserves_drawn_pence=_less(drawn, reserve_movements(pool, 12)),
        carried_forward_pence=_less(share.carried_forward_pence, carried_before) if at_year_end else {},
        returned_to_funder_pence=_less(share.returned_to_funder_pence, funder_before) if at_year_end else {},
        between_hosts_pence=_less(between_hosts(pool.agreement, share, at_year_end=at_year_end), passed_before(pool)),
    )


def _elsewhere(pool: Pool, share: RiskShare, side: Side) -> dict[Share, int]:
    """What partners bear or get back on the lines of hosts that do not settle what names no fund."""
    placements = [each for each in share.placements if each.side == side]
    contested = {key: pence for key, pence in share.contested.items() if key[1] == side}
    sign = 1 if side == "overspend" else -1
    return {
        (partner, line): sign * pence
        for (line, partner), pence in settled_by_line(placements, contested).items()
        if not _settles(pool, line)
    }


def _posted_elsewhere(pool: Pool) -> tuple[dict[Share, int], dict[Share, int]]:
    """What earlier settlements posted of it, borne and returned."""
    borne: dict[Share, int] = {}
    returned: dict[Share, int] = {}
    for (account, line, partner), pence in pool.books.balances("actual", ("account", "scheme", "partner")).items():
        if line is None or partner is None or _settles(pool, str(line)):
            continue
        at = (str(partner), str(line))
        if account in (chart.RISK_SHARE_INCOME, chart.BREACH_INCOME):
            borne[at] = borne.get(at, 0) - pence
        elif account == chart.RISK_SHARE_RETURNED:
            returned[at] = pence
    return borne, returned


def _settles(pool: Pool, line: str) -> bool:
    agreement = pool.agreement
    return agreement.host_of(agreement.schemes[line].fund) == settling_host(agreement)


def by_host(agreement: Agreement, due: SettlementDue) -> dict[str, tuple[dict[Share, int], dict[Share, int]]]:
    """What is to be settled with each host, borne and returned: by line where it is another than the settling host."""
    found: dict[str, tuple[dict[Share, int], dict[Share, int]]] = {}
    sides = ((due.borne_pence, due.borne_elsewhere_pence), (due.returned_pence, due.returned_elsewhere_pence))
    for side, (whole, elsewhere) in enumerate(sides):
        left = dict(whole)
        for (partner, line), pence in elsewhere.items():
            left[partner] = left.get(partner, 0) - pence
            host = agreement.host_of(agreement.schemes[str(line)].fund)
            found.setdefault(host, ({}, {}))[side][partner, line] = pence
        for partner, pence in left.items():
            if pence:
                found.setdefault(settling_host(agreement), ({}, {}))[side][partner, None] = pence
    return found


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a clause leaves open of an overspend or underspend, in pence; or what a partner disputes of it."""

    clause: str
    side: str
    pence: int
    disputed_by: str | None = None

    def __str__(self) -> str:
        by = f", of {self.disputed_by}" if self.disputed_by else ""
        return f"{pounds_for_people(self.pence)} of {self.side} under clause '{self.clause}'{by}"


def unsettled(share: RiskShare) -> tuple[Unsettled, ...]:
    """What each clause left open and no decision has placed, by clause and side."""
    left: dict[tuple[str, str], int] = {}
    for step in share.trace:
        for word, sign in (("left open: ", 1), ("decided ", -1)):
            if step.clause is not None and step.step.startswith(word):
                place = (step.clause, step.step.removeprefix(word))
                left[place] = left.get(place, 0) + sign * step.amount_pence
    return tuple(Unsettled(clause, side, pence) for (clause, side), pence in left.items() if pence)


def disputed(share: RiskShare) -> tuple[Unsettled, ...]:
    """What is in dispute, by clause, side and the partner whose part it is."""
    return tuple(
        Unsettled(step.clause, step.step.removeprefix("in dispute: "), step.amount_pence, step.partner)
        for step in share.trace
        if step.clause is not None and step.step.startswith("in dispute: ")
    )


def _less(due: Mapping[_Key, int], posted: Mapping[_Key, int]) -> dict[_Key, int]:
    """What is due less what was posted, where that is not nil."""
    keys = dict.fromkeys((*due, *posted))
    return {key: left for key in keys if (left := due.get(key, 0) - posted.get(key, 0))}


def _in_pounds(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: pounds(pence) for name, pence in amounts.items()}
