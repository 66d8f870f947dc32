"""Names of national conditions against those of the agreement's year. Judges no condition."""

import difflib
from collections.abc import Iterator

from s75_rules.agreement import Agreement
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.year_rules import YearNotKnown, load_year


def condition_faults(agreement: Agreement) -> Iterator[Fault]:
    """Condition ids that the year does not have, on lines and among the area's own answers; none in an unknown year."""
    try:
        known = [condition.id for condition in load_year(agreement.year).conditions]
    except YearNotKnown:
        return
    named: list[tuple[str, Path]] = [(name, ("conditions", name)) for name in agreement.conditions]
    for scheme in agreement.schemes.values():
        named += [(name, ("schemes", scheme.id, "conditions", place)) for place, name in enumerate(scheme.conditions)]
    for name, path in named:
        if name not in known:
            message = f"'{name}' is not a condition of {agreement.year}"
            near = difflib.get_close_matches(name, known, 1, 0.6)
            remedy = f"write {near[0]}" if near else f"write one of {', '.join(known)}"
            yield Fault(path, "ConditionNotKnown", message, remedy, about=(("agreement", "year"),))


def condition_warnings(agreement: Agreement) -> Iterator[Fault]:
    """A year whose conditions and minimums are not held, so that their tests cannot answer."""
    try:
        load_year(agreement.year)
    except YearNotKnown:
        message = f"the conditions and minimums of {agreement.year} are not known here"
        yield warning(("agreement", "year"), "YearHasNoRules", message, "their tests answer: not known here")
