"""An agreement against its year's rules: condition ids, and what grants say of unspent money. Tests no minimum."""

import difflib
from collections.abc import Iterator

from s75_rules.agreement import Agreement, Contribution
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.area_rules import own_minimums
from s75_rules.year_rules import UnspentRule, YearRules

_WORDS = {"carry_forward": "carried forward", "return_to_payer": "returned to its payer"}


def year_faults(agreement: Agreement, rules: YearRules | None) -> Iterator[Fault]:
    """Condition ids that the year does not have, on lines and among the area's own answers."""
    if rules is None:
        return
    known = [condition.id for condition in rules.conditions]
    named: list[tuple[str, Path]] = [(name, ("conditions", name)) for name in agreement.conditions]
    for scheme in agreement.schemes.values():
        named += [(name, ("schemes", scheme.id, "conditions", place)) for place, name in enumerate(scheme.conditions)]
    for name, path in named:
        if name not in known:
            message = f"'{name}' is not a condition of {agreement.year}"
            near = difflib.get_close_matches(name, known, 1, 0.6)
            remedy = f"write {near[0]}" if near else f"write one of {', '.join(known)}"
            yield Fault(path, "ConditionNotKnown", message, remedy, about=(("agreement", "year"),))


def year_warnings(agreement: Agreement, rules: YearRules | None) -> Iterator[Fault]:
    """Sources that are not of the year, and unspent money that is to go another way than the grant conditions say."""
    if rules is None:
        message = f"the conditions and minimums of {agreement.year} are not known here"
        yield warning(
            ("agreement", "year"),
            "YearHasNoRules",
            message,
            "minimums it states are tested as the area's own",
        )
    else:
        for name in own_minimums(agreement):
            message = f"{name} is no minimum of {agreement.year}"
            yield warning(("minimums", name), "MinimumNotOfYear", message, "it is tested as the area's own figure")
    sources = {source.id: source for source in rules.sources} if rules else {}
    for contribution in agreement.contributions.values():
        path: Path = ("contributions", contribution.id, "unspent")
        if sources and contribution.source not in sources:
            message = f"{contribution.source} is no source of {agreement.year}, which has {', '.join(sources)}"
            source: Path = ("contributions", contribution.id, "source")
            yield warning(source, "SourceNotOfYear", message, "check the year and the source")
        if contribution.unspent is not None and not contribution.is_ring_fenced:
            message = "unspent has no effect on money without a ring: its underspend goes as the clauses say"
            yield warning(path, "UnspentWithoutRing", message, "take it out, or say ring_fenced: true")
        elif contribution.is_ring_fenced and (rule := sources.get(contribution.source)) and rule.unspent:
            yield from _unspent(contribution, rule.unspent, path)


def _unspent(contribution: Contribution, rule: UnspentRule, path: Path) -> Iterator[Fault]:
    agreed = contribution.unspent or "carry_forward"
    if rule.rule not in ("as_agreed", agreed):
        yield warning(
            path,
            "UnspentUnlikeGrant",
            f"what is unspent is {_WORDS[agreed]}, and by the grant's conditions it is {_WORDS[rule.rule]} "
            f"({rule.reference}; {rule.certainty})",
            f"write unspent: {rule.rule}, or keep what the partners agreed",
        )
