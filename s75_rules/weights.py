"""The weights by which partners share a line's variance: lead, host, equal, contribution, budget or as agreed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from s75_rules.agreement import Agreement
from s75_rules.clauses import Sharing
from s75_rules.positions import ContributionNotExact, Position


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights above nil of the partners that share a line, in the agreement's order of partners."""

    basis: Sharing
    parts: tuple[tuple[str, Fraction], ...]
    fund: str
    rings: bool
    fell_to_lead: bool = False


def weights_of(
    agreement: Agreement, position: Position, scheme: str, basis: Sharing, joined: Collection[str], rings: bool
) -> Weights:
    """The weights of a basis on one line; where all are nil the line's lead has them.

    ``joined`` are the ring-fenced contributions of the line whose overspend joined the clause
    and so count for ``budget``; ``rings`` counts ring-fenced contributions for ``contribution``.

    Raises:
        ContributionNotExact: a contribution that would weigh is a range or is not known.
    """
    line = agreement.schemes[scheme]
    found: Mapping[str, int | Fraction]
    match basis:
        case "lead":
            found = {line.lead: 1}
        case "host":
            found = {agreement.host_of(line.fund): 1}
        case "equal":
            found = {partner.id: 1 for partner in agreement.signatories()}
        case "contribution":
            found = _by_contribution(agreement, position, line.fund, rings)
        case "budget":
            found = _by_budget(agreement, position, scheme, joined)
        case _:
            found = basis
    parts = tuple((partner, Fraction(found[partner])) for partner in agreement.partners if found.get(partner))
    if not parts:
        return Weights(basis, ((line.lead, Fraction(1)),), line.fund, rings, fell_to_lead=True)
    return Weights(basis, parts, line.fund, rings)


def _by_contribution(agreement: Agreement, position: Position, fund: str, rings: bool) -> dict[str, int]:
    """Each signatory's contributions to the fund, ring-fenced ones only where the step includes them."""
    found: dict[str, int] = {}
    for each in agreement.contributions.values():
        if each.fund != fund or not agreement.partners[each.partner].signs or (each.is_ring_fenced and not rings):
            continue
        if each.id not in position.contributions:
            raise ContributionNotExact(
                f"contribution {each.id} is not an exact amount: agree it before a variance is shared by contribution"
            )
        found[each.partner] = found.get(each.partner, 0) + position.contributions[each.id]
    return found


def _by_budget(agreement: Agreement, position: Position, scheme: str, joined: Collection[str]) -> dict[str, int]:
    """Each partner's budget on the line, without the rings that did not join."""
    found: dict[str, int] = {}
    for contribution_id, budget in position.line_budgets(scheme).items():
        each = agreement.contributions[contribution_id]
        if not each.is_ring_fenced or contribution_id in joined:
            found[each.partner] = found.get(each.partner, 0) + budget
    return found
