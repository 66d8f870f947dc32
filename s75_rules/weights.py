"""The weights by which partners share a line's variance: by role, money or agreement, and after withdrawals."""

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from s75_rules.agreement import Agreement, Scheme
from s75_rules.clause_records import DISPUTED, OTHERS, Withdrawal
from s75_rules.clauses import Sharing
from s75_rules.positions import ContributionNotExact, Position


class Weights(NamedTuple):
    """The weights above nil of the partners that share a line, in the agreement's order of partners.

    ``disputed`` are those whose part a notice keeps out of settlement, ``withdrawals`` those that changed the weights.
    """

    basis: Sharing
    parts: tuple[tuple[str, int | Fraction], ...]
    fund: str
    rings: bool
    fell_to_lead: bool = False
    disputed: frozenset[str] = frozenset()
    withdrawals: tuple[Withdrawal, ...] = ()


Weigh = Callable[[str, Collection[str]], Weights]
"""The weights of a line, given the ring-fenced contributions of it that joined the clause."""


def weights_of(
    agreement: Agreement, position: Position, scheme: str, basis: Sharing, joined: Collection[str], rings: bool
) -> Weights:
    """The weights of a basis on one line; where all are nil the line's lead has them.

    ``joined`` are the ring-fenced contributions of the line whose overspend joined the clause
    and so count for ``budget``; ``rings`` counts ring-fenced contributions for ``contribution``.

    Raises:
        ContributionNotExact: a contribution that would weigh is a range or is not known.
    """
    return weigher(agreement, position, basis, rings)(scheme, joined)


def weigher(agreement: Agreement, position: Position, basis: Sharing, rings: bool) -> Weigh:
    """``weights_of`` for many lines of one step: what does not differ by line is looked up once."""
    found_on = _found_on(agreement, position, basis, rings)
    schemes = agreement.schemes
    places = {partner: place for place, partner in enumerate(agreement.partners)}

    def weigh(scheme: str, joined: Collection[str]) -> Weights:
        line = schemes[scheme]
        found = found_on(line, joined)
        names = sorted(found, key=places.__getitem__) if len(found) > 1 else found
        parts = tuple([(partner, found[partner]) for partner in names if found[partner]])
        if not parts:
            return Weights(basis, ((line.lead, 1),), line.fund, rings, fell_to_lead=True)
        return Weights(basis, parts, line.fund, rings)

    return weigh


def _found_on(
    agreement: Agreement, position: Position, basis: Sharing, rings: bool
) -> Callable[[Scheme, Collection[str]], Mapping[str, int | Fraction]]:
    """How a basis finds the weights of a line, in no order and nil ones among them."""
    match basis:
        case "lead":
            return lambda line, _: {line.lead: 1}
        case "host":
            return lambda line, _: {agreement.host_of(line.fund): 1}
        case "equal":
            equal = {partner.id: 1 for partner in agreement.signatories()}
            return lambda _line, _: equal
        case "contribution":
            return lambda line, _: _by_contribution(agreement, position, line.fund, rings)
        case "budget":
            return _by_budget(agreement, position)
        case "commissioner":
            by_budget = _by_budget(agreement, position)
            return lambda line, joined: _by_commissioner(agreement, line, by_budget(line, joined))
    agreed = basis if len(basis) == 1 else {each: basis[each] for each in agreement.partners if each in basis}
    return lambda _line, _: agreed


BY_LINE = ("budget", "commissioner")
"""The bases that weigh each line by what stands on it, so that no line's weights tell another's."""


def same_for(agreement: Agreement, scheme: str, basis: Sharing) -> tuple[str, ...]:
    """What decides the weights of other bases: lines for which this is the same have the same weights."""
    line = agreement.schemes[scheme]
    match basis:
        case "lead":
            return (line.lead,)
        case "host":
            return (line.fund,)
        case "contribution":
            return (line.fund, line.lead)
        case "equal":
            return (line.lead,)
    return ()


def under_withdrawals(agreement: Agreement, scheme: str, weights: Weights, places: Collection[int]) -> Weights:
    """The weights once notices are heard: a part stays and is disputed, goes to the others, or to a named partner."""
    found, disputed = dict(weights.parts), set(weights.disputed)
    heard: list[Withdrawal] = []
    for notice in (agreement.withdrawals[place] for place in places):
        if notice.partner not in found:
            continue
        heard.append(notice)
        if notice.then == DISPUTED or (notice.then == OTHERS and len(found) == 1):
            disputed.add(notice.partner)
        else:
            weight = found.pop(notice.partner)
            disputed.discard(notice.partner)
            if notice.then != OTHERS:
                found[notice.then] = found.get(notice.then, 0) + weight
    if not heard:
        return weights
    parts = tuple((partner, found[partner]) for partner in agreement.partners if partner in found)
    return weights._replace(parts=parts, disputed=frozenset(disputed), withdrawals=tuple(heard))


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


def _by_budget(agreement: Agreement, position: Position) -> Callable[[Scheme, Collection[str]], dict[str, int]]:
    """Each partner's budget on a line, without the rings that did not join."""
    payers = {each.id: (each.partner, each.is_ring_fenced) for each in agreement.contributions.values()}

    def found_on(line: Scheme, joined: Collection[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, budget in position.line_budgets(line.id).items():
            partner, ringed = payers[name]
            if not ringed or name in joined:
                found[partner] = found[partner] + budget if partner in found else budget
        return found

    return found_on


def _by_commissioner(agreement: Agreement, line: Scheme, budgets: Mapping[str, int]) -> dict[str, Fraction]:
    """The shares in which the NHS and the local authority commission the line.

    Each share goes to the signatories of its kind by what they fund on the line, in equal parts
    where they fund nothing; a kind without a signatory leaves its share to the other.
    """
    commissioner = agreement.commissioner_of(line)
    found: dict[str, Fraction] = {}
    for kind, share in (("nhs", commissioner.nhs), ("local_authority", commissioner.la)):
        own = [partner.id for partner in agreement.signatories() if partner.kind == kind]
        weights = {partner: budgets.get(partner, 0) for partner in own}
        if not any(weights.values()):
            weights = dict.fromkeys(own, 1)
        for partner, weight in weights.items():
            found[partner] = share * weight / sum(weights.values())
    return found
