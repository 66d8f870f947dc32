"""What an agreement's minimums are tested by: its year's rules and, for what they lack, the area's own figures."""

from collections.abc import Iterator
from functools import lru_cache

from ledgers.calendar import FinancialYear
from s75_rules.agreement import Agreement
from s75_rules.year_rules import (
    MINIMUM_NAMES,
    Condition,
    MinimumName,
    MinimumRule,
    YearNotKnown,
    YearRules,
    known_years,
    load_year,
)


def rules_of(agreement: Agreement) -> YearRules | None:
    """The rules of the agreement's year, or None where no file holds them."""
    try:
        return load_year(agreement.year)
    except YearNotKnown:
        return None


def rules_for(agreement: Agreement) -> YearRules:
    """The rules of the year, with a test of each minimum that the agreement states and the year's rules have not.

    Such a minimum is the area's own figure: what counts towards it is taken as in the nearest year
    before it (else after it) whose rules have it, and its reference says so. Of a year without
    rules the conditions are those that the agreement itself names, and nothing is known of sources.
    """
    held = rules_of(agreement)
    own = tuple(_own_test(agreement.year, name) for name in own_minimums(agreement))
    if held is not None:
        return held.model_copy(update={"tests": (*held.tests, *own)}) if own else held
    return YearRules(year=str(agreement.year), conditions=tuple(_named_conditions(agreement)), tests=own, sources=())


def own_minimums(agreement: Agreement) -> tuple[MinimumName, ...]:
    """The minimums that the agreement states and the rules of its year, where they are held, do not have."""
    held = rules_of(agreement)
    of_year = {test.id for test in held.tests} if held else set[MinimumName]()
    return tuple(
        name for name in MINIMUM_NAMES if getattr(agreement.minimums, name) is not None and name not in of_year
    )


@lru_cache(maxsize=64)
def _own_test(year: FinancialYear, name: MinimumName) -> MinimumRule:
    near = _nearest(year, name)
    rule = next(each for each in load_year(near).tests if each.id == name)
    of_year = f"{year} is not known here" if year not in known_years() else f"{year} has no such minimum"
    reference = f"{of_year}: the area's own figure, counted as in {near} ({rule.reference})"
    return rule.model_copy(update={"reference": reference, "certainty": "not known here"})


def _nearest(year: FinancialYear, name: MinimumName) -> FinancialYear:
    """The latest year before that has the minimum, else the earliest after."""
    having = [each for each in known_years() if any(test.id == name for test in load_year(each).tests)]
    before = [each for each in having if each < year]
    return before[-1] if before else having[0]


def _named_conditions(agreement: Agreement) -> Iterator[Condition]:
    """The conditions that an agreement of a year without rules answers or tags lines with, by its own names."""
    tags = [tag for scheme in agreement.schemes.values() for tag in scheme.conditions]
    for name in dict.fromkeys([*agreement.conditions, *tags]):
        yield Condition(
            id=name,
            number=None,
            title=name.replace("-", " ").replace("_", " "),
            kind="tag" if name in tags else "statement",
            reference=f"{agreement.year} is not known here: named so by the agreement itself",
            certainty="not known here",
        )
