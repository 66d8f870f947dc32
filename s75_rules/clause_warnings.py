"""What of the clauses is only pointed out: weights, caps that a later step undoes, lines nobody's weights reach."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from fractions import Fraction

from s75_rules.agreement import Agreement, Scheme
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.clause_checks import is_pooled, lines_of
from s75_rules.clauses import Clause, DecideStep, OffsetStep, ReturnStep, ShareStep, Sharing


def clause_warnings(agreement: Agreement) -> Iterator[Fault]:
    """Every warning about the risk share schedule."""
    for place, clause in enumerate(agreement.risk_share):
        path: Path = ("risk_share", place)
        yield from _covers(agreement, clause, path)
        yield from _liability(agreement, clause, path)
        yield from _caps(agreement, clause, path)
        yield from _capital_relief(agreement, clause, path)
        for at, sharing, rings in _sharings(clause, path):
            yield from _weights(agreement, sharing, at)
            yield from _all_nil(agreement, clause, sharing, rings, at)


def decision_warnings(agreement: Agreement) -> Iterator[Fault]:
    """Partners that a decision makes bear an amount although they do not sign."""
    for place, decision in enumerate(agreement.decisions):
        for name in decision.partners if decision.side == "overspend" else ():
            yield from _signs(agreement, name, ("decisions", place, "partners", name))


def _capital_relief(agreement: Agreement, clause: Clause, path: Path) -> Iterator[Fault]:
    """A capital line paid from free money whose underspend an offset would set against revenue: the two never net."""
    lines = lines_of(agreement, clause)
    funds = {line.fund for line in lines}
    if all(line.capital for line in lines):
        return
    for number, step in enumerate(clause.overspend):
        if not isinstance(step, OffsetStep):
            continue
        within = {
            "clause": lines,
            "fund": [line for line in agreement.schemes.values() if line.fund in funds],
            "agreement": list(agreement.schemes.values()),
        }[step.offset]
        capital = [line for line in within if line.capital and is_pooled(agreement, line)]
        if names := ", ".join(line.id for line in capital if _funders(agreement, line)):
            message = f"what {names} underspends is capital, and this step would set it against revenue lines"
            remedy = "say ring_fenced: true on the capital money, or offset within a clause that has no capital line"
            yield warning((*path, "overspend", number, "offset"), "CapitalMeetsRevenue", message, remedy)


def _sharings(clause: Clause, path: Path) -> Iterator[tuple[Path, Sharing, bool]]:
    for number, step in enumerate(clause.overspend):
        if isinstance(step, ShareStep):
            yield (*path, "overspend", number, "share"), step.share, step.including_ring_fenced
        elif isinstance(step, DecideStep) and step.otherwise is not None:
            yield (*path, "overspend", number, "otherwise"), step.otherwise, False
    for number, last in enumerate(clause.underspend):
        if isinstance(last, ReturnStep):
            yield (*path, "underspend", number, "return"), *clause.returned_by(last)
        elif isinstance(last, DecideStep) and last.otherwise is not None:
            yield (*path, "underspend", number, "otherwise"), last.otherwise, False


def _covers(agreement: Agreement, clause: Clause, path: Path) -> Iterator[Fault]:
    for place, name in enumerate(clause.covers.schemes or ()):
        scheme = agreement.schemes.get(name)
        if scheme is not None and not is_pooled(agreement, scheme):
            message = f"line {name} is not pooled and takes no part in a risk share"
            yield warning((*path, "covers", "schemes", place), "CoversNotPooled", message, "take it out")
        elif scheme is not None and scheme not in lines_of(agreement, clause):
            message = f"line {name} belongs to a clause before this one"
            yield warning((*path, "covers", "schemes", place), "CoveredBefore", message, "take it out here, or move it")
    if agreement.schemes and not lines_of(agreement, clause):
        message = f"no line belongs to clause {clause.clause}"
        yield warning(
            (*path, "covers"), "ClauseCoversNothing", message, "check what it covers and the order of clauses"
        )


def _liability(agreement: Agreement, clause: Clause, path: Path) -> Iterator[Fault]:
    if clause.excess_to is not None and not clause.max_liability:
        message = "excess_to has no meaning without max_liability"
        yield warning((*path, "excess_to"), "ExcessOfNothing", message, "take it out, or state the liability")
    if clause.excess_to in clause.max_liability:
        message = f"the excess goes to {clause.excess_to}, whose own liability this clause limits"
        yield warning((*path, "excess_to"), "ExcessToLimited", message, "name a partner without a limit")
    for name in (*clause.max_liability, *([clause.excess_to] if clause.excess_to else ())):
        key: Path = ("max_liability", name) if name in clause.max_liability else ("excess_to",)
        yield from _signs(agreement, name, (*path, *key))


def _signs(agreement: Agreement, name: str, path: Path) -> Iterator[Fault]:
    partner = agreement.partners.get(name)
    if partner is not None and not partner.signs:
        message = f"{name} bears a share and is not a signatory"
        yield warning(path, "BearerDoesNotSign", message, "make it a signatory, or leave it out")


def _caps(agreement: Agreement, clause: Clause, path: Path) -> Iterator[Fault]:
    lines = lines_of(agreement, clause)
    for number, step in enumerate(clause.overspend):
        if not isinstance(step, ShareStep):
            continue
        for name in step.caps:
            at: Path = (*path, "overspend", number, "caps", name)
            yield from _signs(agreement, name, at)
            if name not in reached(agreement, step, lines):
                message = f"{name} has a cap and no weight in this step"
                yield warning(at, "CapWithoutWeight", message, "take the cap out, or check the weights")
            later = [each for each in clause.overspend[number + 1 :] if isinstance(each, ShareStep)]
            if any(name in reached(agreement, each, lines) for each in later) or name == clause.excess_to:
                message = f"{name} is capped in this step and a later one can still reach it"
                yield warning(at, "CapUndoneLater", message, "use max_liability for a limit over all steps")


def reached(agreement: Agreement, step: ShareStep, lines: Collection[Scheme]) -> set[str]:
    """The partners that a share step can reach on any of these lines."""
    match step.share:
        case "lead":
            return {line.lead for line in lines}
        case "host":
            return {agreement.funds[line.fund].host for line in lines}
        case "equal":
            return {partner.id for partner in agreement.signatories()}
        case "contribution":
            found = {name for line in lines for name in _contributors(agreement, line, step.including_ring_fenced)}
        case "budget":
            found = {name for line in lines for name in _funders(agreement, line)}
        case "commissioner":
            return {partner.id for partner in agreement.signatories() if partner.kind in ("nhs", "local_authority")}
        case _:
            return set(step.share)
    # Where no weight is above nil the line's lead has it.
    return found or {line.lead for line in lines}


def _contributors(agreement: Agreement, line: Scheme, rings: bool) -> set[str]:
    """The signatories with a contribution to the line's fund that may be above nil and counts as a weight."""
    return {
        each.partner
        for each in agreement.contributions.values()
        if each.fund == line.fund
        and each.amount.exact_pence != 0
        and (rings or not each.is_ring_fenced)
        and each.partner in agreement.partners
        and agreement.partners[each.partner].signs
    }


def _funders(agreement: Agreement, line: Scheme) -> set[str]:
    """The partners with a budget on the line that may be above nil, from money without a ring."""
    found = (agreement.contributions.get(name) for name, amount in line.budgets.items() if amount.exact_pence != 0)
    return {each.partner for each in found if each is not None and not each.is_ring_fenced}


def _weights(agreement: Agreement, sharing: Sharing, at: Path) -> Iterator[Fault]:
    if isinstance(sharing, str):
        return
    summed = sum(sharing.values(), Fraction(0))
    if summed != 100:
        message = f"the shares sum to {_decimal(summed)} and not to 100"
        yield warning(at, "WeightsNotHundred", message, "check them: they are used in proportion as they stand")
    for name in sharing:
        yield from _signs(agreement, name, (*at, name))


def _decimal(number: Fraction) -> str:
    """A sum of decimal weights, which is itself an exact decimal."""
    return f"{(Decimal(number.numerator) / number.denominator).normalize():f}"


def _all_nil(agreement: Agreement, clause: Clause, sharing: Sharing, rings: bool, at: Path) -> Iterator[Fault]:
    lines = [line for line in lines_of(agreement, clause) if _may_be_shared(agreement, clause, line, at)]
    match sharing:
        case "equal":
            nil = [] if any(agreement.signatories()) else lines
        case "contribution":
            nil = [line for line in lines if not _contributors(agreement, line, rings)]
        case "budget":
            nil = [line for line in lines if not _funders(agreement, line) and not _joins(agreement, clause, line)]
        case _:
            return
    if nil:
        names = ", ".join(line.id for line in nil)
        message = f"by {sharing} nobody has a weight on {names}, so the lead has it alone"
        yield warning(at, "WeightsAllNil", message, "share by another basis, or state weights")


def _may_be_shared(agreement: Agreement, clause: Clause, line: Scheme, at: Path) -> bool:
    """Whether any variance of the line can come to this clause: un-ringed, joined, or of a line without budget."""
    if _funders(agreement, line):
        return True
    overspend = "overspend" in at
    has_budget = any(amount.exact_pence != 0 for amount in line.budgets.values())
    return overspend and (not has_budget or _joins(agreement, clause, line))


def _joins(agreement: Agreement, clause: Clause, line: Scheme) -> bool:
    """Whether a ring-fenced part of the line joins the clause, because the clause names the line or the source."""
    sources = {agreement.contributions[name].source for name in line.budgets if name in agreement.contributions}
    return line.id in (clause.covers.schemes or ()) or bool(sources & set(clause.covers.sources or ()))
