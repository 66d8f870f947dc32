"""The tree behind a condition, a minimum test or an earmark: its rule, what is required, each line that counts."""

from collections.abc import Iterator, Mapping, Sequence

from ledgers.money import pounds_for_people, short_number
from s75_rules.agreement import Agreement
from s75_rules.area_rules import rules_for
from s75_rules.conditions import Basis, ConditionResult, MinimumTest
from s75_rules.earmarks import EarmarkTest
from s75_rules.explain import Because, NothingToExplain, parameters_said
from s75_rules.fields import Certainty
from s75_rules.plan import Earmark
from s75_rules.trace import SOURCE_WORDS, Wording, listed
from s75_rules.year_rules import MinimumRule

ON: Mapping[Basis, str] = {"plan": "On the plan", "forecast": "On the forecast", "outturn": "On the outturn"}
Tests = Mapping[Basis, Sequence[MinimumTest]]
Earmarks = Mapping[Basis, Sequence[EarmarkTest]]
Budgets = Mapping[tuple[str, str], int]
"""Budgets of lines by line and contribution, in pence."""


def explain_test(
    agreement: Agreement,
    conditions: Sequence[ConditionResult],
    tests: Tests,
    earmarks: Earmarks,
    budgets: Budgets,
    which: str,
) -> Because:
    """Why a national condition, a minimum or an earmark of the agreement is met or not, by its id.

    Raises:
        NothingToExplain: the year and the agreement have none of this id.
    """
    rules = rules_for(agreement)
    minimums = rules.tests
    for rule in minimums:
        if rule.id == which:
            return _with_parameters(agreement, _minimum(agreement, rule, tests, budgets))
    if which in agreement.earmarks:
        return _with_parameters(agreement, _earmark(agreement, agreement.earmarks[which], earmarks, budgets))
    for condition in conditions:
        if condition.id == which:
            named = [test for each in rules.conditions if each.id == which for test in each.tests]
            parts = [_minimum(agreement, rule, tests, budgets) for rule in minimums if rule.id in named]
            return _with_parameters(agreement, _condition(agreement, condition, parts))
    known = [
        *(each.id for each in minimums),
        *agreement.earmarks,
        *(each.id for each in conditions),
    ]
    name = f"name one of {', '.join(known)}" if known else "none is known here"
    raise NothingToExplain(
        f"'{which}' is no condition, minimum or earmark of {agreement.id} in {agreement.year}: {name}"
    )


def _with_parameters(agreement: Agreement, tree: Because) -> Because:
    return Because(tree.says, (*tree.because, parameters_said(agreement)))


def _sure(reference: str, certainty: Certainty) -> str:
    return reference if certainty in ("seen", "not known here") else f"{reference}; {certainty}, to be checked"


def _minimum(agreement: Agreement, rule: MinimumRule, tests: Tests, budgets: Budgets) -> Because:
    found = [(basis, test) for basis, several in tests.items() for test in several if test.id == rule.id]
    results = listed(f"{test.result} {ON[basis].lower()}" for basis, test in found) or "not tested"
    title = f"{rule.title[:1].upper()}{rule.title[1:]}"
    required = getattr(agreement.minimums, rule.id)
    stated = "The agreement states no minimum, and the published one is not known here."
    if required is not None:
        published = agreement.minimums.basis == "published"
        at = f", at {agreement.minimums.reference}" if agreement.minimums.reference else ""
        stated = f"At least {required} is required, {'as published' if published else 'by the agreement itself'}{at}."
    return Because(
        f"{title}, {agreement.year}: {results}.",
        (
            Because(f"The rule: {rule.rule.rstrip('.')} ({_sure(rule.reference, rule.certainty)})."),
            Because(stated),
            *(
                Because(
                    f"{ON[basis]}: {test.because}",
                    tuple(_what_counts(agreement, rule, test, budgets)),
                )
                for basis, test in found
            ),
        ),
    )


def _what_counts(agreement: Agreement, rule: MinimumRule, test: MinimumTest, budgets: Budgets) -> Iterator[Because]:
    """Each contribution or line that counts, with why it does."""
    if rule.counts == "contributions":
        for each in agreement.contributions.values():
            if each.source == rule.source and agreement.funds[each.fund].kind == "pooled":
                wording = Wording(agreement)
                words = _capital(wording.contribution(each.id))
                yield Because(f"{words} to {wording.the_fund(each.fund)}, agreed at {each.amount}.")
        return
    for scheme, pence in test.counted.items():
        line = agreement.schemes[scheme]
        area = "not stated" if line.area_of_spend is None else line.area_of_spend.replace("_", " ")
        nhs = agreement.commissioner_of(line).nhs
        share = f", of which the NHS commissions {short_number(nhs)}%" if rule.share == "nhs" else ""
        words = _capital(Wording(agreement).line(scheme))
        yield Because(
            f"{words}, area of spend {area}{share}, brings {pounds_for_people(pence)}.",
            tuple(_budgets_of(agreement, scheme, [rule.source], budgets)),
        )


def _earmark(agreement: Agreement, earmark: Earmark, earmarks: Earmarks, budgets: Budgets) -> Because:
    found = [(basis, test) for basis, several in earmarks.items() for test in several if test.earmark.id == earmark.id]
    results = listed(f"{test.result} {ON[basis].lower()}" for basis, test in found) or "not tested"
    sources = listed(SOURCE_WORDS[each] for each in SOURCE_WORDS if each in earmark.sources)
    lines = listed(Wording(agreement).line(each) for each in earmark.schemes)
    at = f" ({earmark.reference})" if earmark.reference else ""
    words = found[0][1].required_words if found else "so much"
    counts = (
        "A ceiling counts all that the lines spend."
        if earmark.at_most
        else ("A floor counts what the lines spend within their budgets.")
    )
    return Because(
        f"Earmark {earmark.name}, {agreement.year}: {results}.",
        (
            Because(f"By the agreement {words} of the {sources} is for {lines}{at}. {counts}"),
            *(
                Because(
                    f"{ON[basis]}: {test.because}",
                    tuple(
                        Because(
                            f"{_capital(Wording(agreement).line(scheme))} brings {pounds_for_people(pence)}.",
                            tuple(_budgets_of(agreement, scheme, earmark.sources, budgets)),
                        )
                        for scheme, pence in test.counted.items()
                    ),
                )
                for basis, test in found
            ),
        ),
    )


def _condition(agreement: Agreement, condition: ConditionResult, minimums: Sequence[Because]) -> Because:
    said: list[Because] = [Because(condition.because)]
    if condition.statement:
        met = {True: ", that it is met", False: ", that it is not met", None: ""}[condition.said_met]
        said.append(Because(f"The area's own word{met}: {condition.statement.rstrip('.')}."))
    said += [Because(f"{_capital(Wording(agreement).line(each))} is tagged with it.") for each in condition.lines]
    said.append(Because(f"It stands in {_sure(condition.reference, condition.certainty)}."))
    return Because(
        f"{_condition_named(agreement, condition)}: {condition.result}.",
        (*said, *minimums),
    )


def _condition_named(agreement: Agreement, condition: ConditionResult) -> str:
    if condition.number is None:
        return f"Condition of {agreement.year} as the agreement names it, {condition.title}"
    return f"National condition {condition.number} of {agreement.year}, {condition.title}"


def _budgets_of(agreement: Agreement, scheme: str, sources: Sequence[str], budgets: Budgets) -> Iterator[Because]:
    reference = agreement.schemes[scheme].reference
    for (of, contribution), pence in budgets.items():
        if of == scheme and pence and agreement.contributions[contribution].source in sources:
            yield Because(f"Budget of {pounds_for_people(pence)} from {Wording(agreement).contribution(contribution)}.")
    if reference:
        yield Because(f"The line stands in the agreement at {reference}.")


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
