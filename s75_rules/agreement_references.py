"""Where an agreement names something that it does not have. Looks at names only, never at amounts."""

import difflib
from collections.abc import Collection, Iterator
from typing import get_args

from s75_rules.agreement import Agreement, Scheme, Source
from s75_rules.agreement_faults import Fault, Path
from s75_rules.clause_records import DISPUTED, OTHERS
from s75_rules.clauses import Clause, DecideStep, ReserveStep, RetainStep, ReturnStep, ShareStep
from s75_rules.performance_terms import Performance

_SHOWN = 8
"""Names listed in a remedy; more would hide the sentence."""

_NOUNS = {
    "partners": ("PartnerNotKnown", "a partner"),
    "funds": ("FundNotKnown", "a fund"),
    "contributions": ("ContributionNotKnown", "a contribution"),
    "reserves": ("ReserveNotKnown", "a reserve"),
    "schemes": ("SchemeNotKnown", "a scheme line"),
    "sub_areas": ("SubAreaNotKnown", "a sub-area"),
    "measures": ("MeasureNotKnown", "a measure"),
    "milestones": ("MilestoneNotKnown", "a milestone"),
    "risks": ("RiskNotKnown", "a risk"),
    "risk_share": ("ClauseNotKnown", "a clause"),
}


class References:
    """The names of an agreement by section, and what is said of a name that is not among them."""

    def __init__(self, agreement: Agreement) -> None:
        self.names: dict[str, Collection[str]] = {
            "partners": agreement.partners,
            "funds": agreement.funds,
            "contributions": agreement.contributions,
            "reserves": agreement.reserves,
            "schemes": agreement.schemes,
            "sub_areas": agreement.sub_areas,
            "measures": agreement.measures,
            "milestones": agreement.milestones,
            "risks": agreement.risks,
            "risk_share": [clause.clause for clause in agreement.risk_share],
        }

    def check(self, section: str, name: str | None, path: Path) -> Iterator[Fault]:
        """A fault where a section has no such name; nothing where none is written."""
        known = self.names[section]
        if name is None or name in known:
            return
        rule, noun = _NOUNS[section]
        yield not_known(path, rule, f"'{name}' is not {noun} of this agreement", name, known, section)

    def check_all(self, section: str, names: Collection[str], path: Path) -> Iterator[Fault]:
        """The same for the items of a list or the keys of a mapping."""
        for place, name in enumerate(names):
            yield from self.check(section, name, (*path, name if isinstance(names, dict) else place))


def not_known(path: Path, rule: str, message: str, name: str, known: Collection[str], section: str) -> Fault:
    """A name that is not among those known, with the nearest one or the whole short list."""
    near = difflib.get_close_matches(name, known, 1, 0.6)
    if near:
        remedy = f"write {near[0]} if that is meant, else add {name} to {section}"
    elif 0 < len(known) <= _SHOWN:
        remedy = f"write one of {', '.join(known)}, or add {name} to {section}"
    else:
        remedy = f"add {name} to {section}, or write a name from there"
    return Fault(path, rule, message, remedy, about=((section,),))


def dangling_references(agreement: Agreement) -> Iterator[Fault]:
    """Every name in the agreement that stands for nothing in it."""
    known = References(agreement)
    yield from known.check_all("partners", dict(agreement.header.signed), ("agreement", "signed"))
    for partner in agreement.partners.values():
        yield from known.check("sub_areas", partner.sub_area, ("partners", partner.id, "sub_area"))
    for fund in agreement.funds.values():
        yield from known.check("partners", fund.host, ("funds", fund.id, "host"))
    for each in agreement.contributions.values():
        yield from known.check("partners", each.partner, ("contributions", each.id, "partner"))
        yield from known.check("funds", each.fund, ("contributions", each.id, "fund"))
    for reserve in agreement.reserves.values():
        yield from known.check("funds", reserve.fund, ("reserves", reserve.id, "fund"))
        yield from known.check_all("contributions", reserve.funded_by, ("reserves", reserve.id, "funded_by"))
    if agreement.pool_interest is not None:
        yield from known.check("reserves", agreement.pool_interest.into, ("pool_interest", "into"))
    for scheme in agreement.schemes.values():
        yield from _of_scheme(known, scheme)
    yield from _beside(known, agreement)
    yield from _earmarks(known, agreement)
    for risk in agreement.risks.values():
        yield from known.check("risk_share", risk.clause, ("risks", risk.id, "clause"))
    for place, clause in enumerate(agreement.risk_share):
        yield from _of_clause(known, clause, ("risk_share", place))
    yield from _of_records(known, agreement)


def _of_records(known: References, agreement: Agreement) -> Iterator[Fault]:
    for place, withdrawal in enumerate(agreement.withdrawals):
        at: Path = ("withdrawals", place)
        yield from known.check("partners", withdrawal.partner, (*at, "partner"))
        yield from known.check_all("risk_share", withdrawal.clauses or (), (*at, "clauses"))
        if withdrawal.then not in (DISPUTED, OTHERS):
            yield from known.check("partners", withdrawal.then, (*at, "then"))
    for place, agreed in enumerate(agreement.agreed_beforehand):
        at = ("agreed_beforehand", place)
        yield from known.check("risk_share", agreed.clause, (*at, "clause"))
        yield from known.check("partners", agreed.partner, (*at, "partner"))
        yield from known.check_all("partners", agreed.agreed_by, (*at, "agreed_by"))
    for place, dispute in enumerate(agreement.disputes):
        yield from known.check("risk_share", dispute.clause, ("disputes", place, "clause"))
        yield from known.check("partners", dispute.partner, ("disputes", place, "partner"))
    for place, decision in enumerate(agreement.decisions):
        yield from known.check("risk_share", decision.clause, ("decisions", place, "clause"))
        yield from known.check_all("partners", decision.partners, ("decisions", place, "partners"))
    yield from known.check_all("partners", dict(agreement.submissions), ("submissions",))
    yield from _of_performance(known, agreement.performance)


def _of_scheme(known: References, scheme: Scheme) -> Iterator[Fault]:
    path: Path = ("schemes", scheme.id)
    yield from known.check("funds", scheme.fund, (*path, "fund"))
    yield from known.check("partners", scheme.lead, (*path, "lead"))
    yield from known.check("sub_areas", scheme.sub_area, (*path, "sub_area"))
    yield from known.check_all("contributions", scheme.budget, (*path, "budget"))
    for place, row in enumerate(scheme.rows):
        yield from known.check("contributions", row.contribution, (*path, "rows", place, "contribution"))
    yield from known.check_all("partners", scheme.recipients, (*path, "recipients"))
    yield from known.check_all("measures", scheme.measures, (*path, "measures"))
    yield from known.check_all("milestones", scheme.milestones, (*path, "milestones"))
    yield from known.check_all("risks", scheme.risks, (*path, "risks"))
    if scheme.vat is not None:
        yield from known.check("partners", scheme.vat.contracts, (*path, "vat", "contracts"))
        yield from known.check("partners", scheme.vat.receives, (*path, "vat", "receives"))
        yield from known.check_all("partners", scheme.vat.confirmed, (*path, "vat", "confirmed"))


def _earmarks(known: References, agreement: Agreement) -> Iterator[Fault]:
    """Lines and sources that earmarks name."""
    for each in agreement.earmarks.values():
        path: Path = ("earmarks", each.id)
        yield from known.check_all("schemes", each.schemes, (*path, "schemes"))
        yield from _sources(each.sources, (*path, "sources"))


def _sources(names: Collection[str], path: Path) -> Iterator[Fault]:
    for place, source in enumerate(names):
        if source not in get_args(Source):
            message = f"'{source}' is not a source of money"
            yield Fault((*path, place), "SourceNotKnown", message, _sources_remedy(source))


def _beside(known: References, agreement: Agreement) -> Iterator[Fault]:
    """Names in what stands beside the pooled money."""
    for kind in agreement.non_financial.values():
        yield from known.check("partners", kind.partner, ("non_financial", kind.id, "partner"))
        yield from known.check("schemes", kind.scheme, ("non_financial", kind.id, "scheme"))
    for cost in agreement.other_costs.values():
        yield from known.check("partners", cost.partner, ("other_costs", cost.id, "partner"))
    for need in agreement.dependencies.values():
        yield from known.check_all("schemes", need.schemes, ("dependencies", need.id, "schemes"))
    for split in agreement.split_funding.values():
        path: Path = ("split_funding", split.id)
        yield from known.check_all("partners", split.shares, (*path, "shares"))
        for partner, scheme in split.in_pool.items():
            yield from known.check("schemes", scheme, (*path, "in_pool", partner))
    for asset in agreement.assets.values():
        path = ("assets", asset.id)
        yield from known.check("partners", asset.purchaser, (*path, "purchaser"))
        yield from known.check_all("contributions", asset.funded_by, (*path, "funded_by"))


def _of_performance(known: References, terms: Performance) -> Iterator[Fault]:
    path: Path = ("performance",)
    for name, each in (("pay_for_performance", terms.pay_for_performance), ("contingency", terms.contingency)):
        if each is not None:
            yield from known.check("contributions", each.contribution, (*path, name, "contribution"))
    if pay := terms.pay_for_performance:
        yield from known.check("schemes", pay.unearned_to, (*path, "pay_for_performance", "unearned_to"))
    if held := terms.contingency:
        yield from known.check("schemes", held.released_to, (*path, "contingency", "released_to"))
    for name, incentive in terms.incentives.items():
        yield from known.check("partners", incentive.payer, (*path, "incentives", name, "payer"))
        yield from known.check("measures", incentive.measure, (*path, "incentives", name, "measure"))
    for name, share in terms.gain_shares.items():
        yield from known.check_all("partners", share.contributions, (*path, "gain_shares", name, "contributions"))
    for name, budget in terms.capitated_budgets.items():
        yield from known.check("schemes", budget.scheme, (*path, "capitated_budgets", name, "scheme"))


def _of_clause(known: References, clause: Clause, path: Path) -> Iterator[Fault]:
    covers = (*path, "covers")
    yield from known.check_all("funds", clause.covers.funds or (), (*covers, "funds"))
    yield from known.check_all("schemes", clause.covers.schemes or (), (*covers, "schemes"))
    yield from _sources(clause.covers.sources or (), (*covers, "sources"))
    for side, steps in (("overspend", clause.overspend), ("underspend", clause.underspend)):
        for place, step in enumerate(steps):
            at = (*path, side, place)
            match step:
                case ReserveStep():
                    yield from known.check("reserves", step.reserve, (*at, "reserve"))
                case RetainStep():
                    yield from known.check("reserves", step.retain, (*at, "retain"))
                case ShareStep():
                    if not isinstance(step.share, str):
                        yield from known.check_all("partners", step.share, (*at, "share"))
                    yield from known.check_all("partners", step.caps, (*at, "caps"))
                case ReturnStep():
                    if not isinstance(step.give_back, str):
                        yield from known.check_all("partners", step.give_back, (*at, "return"))
                    yield from known.check_all("partners", step.caps, (*at, "caps"))
                case DecideStep() if not isinstance(step.otherwise, str):
                    yield from known.check_all("partners", step.otherwise or {}, (*at, "otherwise"))
    yield from known.check_all("partners", clause.max_liability, (*path, "max_liability"))
    yield from known.check("partners", clause.excess_to, (*path, "excess_to"))


def _sources_remedy(source: str) -> str:
    near = difflib.get_close_matches(source, get_args(Source), 1, 0.6)
    return f"write {near[0]}" if near else f"write one of {', '.join(get_args(Source))}"
