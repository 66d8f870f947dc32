"""An agreement against its year's rules: condition ids, and what grants say of unspent money. Tests no minimum."""

import difflib
from collections.abc import Iterator

from s75_rules.agreement import Agreement, Contribution
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.year_rules import SourceRule, YearNotKnown, YearRules, load_year

_WORDS = {"carry_forward": "carried forward", "return_to_payer": "returned to its payer"}


def rules_of(agreement: Agreement) -> YearRules | None:
    """The rules of the agreement's year, or None where no file holds them."""
    try:
        return load_year(agreement.year)
    except YearNotKnown:
        return None


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
    """Where unspent money is to go another way than the year's grant conditions say, which the agreement may."""
    if rules is None:
        message = f"the conditions and minimums of {agreement.year} are not known here"
        yield warning(("agreement", "year"), "YearHasNoRules", message, "their tests answer: not known here")
    sources = {source.id: source for source in rules.sources} if rules else {}
    for contribution in agreement.contributions.values():
        path: Path = ("contributions", contribution.id, "unspent")
        if contribution.unspent is not None and not contribution.is_ring_fenced:
            message = "unspent has no effect on money without a ring: its underspend goes as the clauses say"
            yield warning(path, "UnspentWithoutRing", message, "take it out, or say ring_fenced: true")
        elif contribution.is_ring_fenced and contribution.source in sources:
            yield from _unspent(contribution, sources[contribution.source], path)


def _unspent(contribution: Contribution, rule: SourceRule, path: Path) -> Iterator[Fault]:
    agreed = contribution.unspent or "carry_forward"
    if rule.unspent is not None and rule.unspent != agreed:
        yield warning(
            path,
            "UnspentUnlikeGrant",
            f"what is unspent is {_WORDS[agreed]}, and by the grant's conditions it is {_WORDS[rule.unspent]} "
            f"({rule.reference})",
            f"write unspent: {rule.unspent}, or keep what the partners agreed",
        )
