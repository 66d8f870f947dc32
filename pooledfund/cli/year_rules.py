"""The command on the rules of a year: what its file holds, with its references. Tests no agreement."""

import argparse

from ledgers.calendar import FinancialYear, YearNotUnderstood
from pooledfund.cli.session import CallRefused, print_json
from pooledfund.cli.tables import table
from s75_rules.amounts import Amount
from s75_rules.year_rules import YearRules, known_years, load_year


def year_rules(call: argparse.Namespace) -> int:
    """Print the rules of a year with the reference of each and how sure it is, or which years are known."""
    if call.year is None:
        years = [str(year) for year in known_years()]
        if call.json:
            print_json(years)
        else:
            print("\n".join(years))
        return 0
    try:
        year = FinancialYear.parse(call.year)
    except YearNotUnderstood as error:
        raise CallRefused(str(error)) from None
    rules = load_year(year)
    if call.json:
        print_json(rules.model_dump(mode="json", exclude={"year", "sources"}) | _year_and_sources(rules))
    else:
        print(_text(rules))
    return 0


def _year_and_sources(rules: YearRules) -> dict[str, object]:
    sources = [
        each.model_dump(mode="json", exclude={"national"}) | {"national": _national(each.national)}
        for each in rules.sources
    ]
    return {"year": str(rules.year), "sources": sources}


def _national(amount: Amount | None) -> str:
    return "not known here" if amount is None else str(amount)


def _text(rules: YearRules) -> str:
    sources = [
        [
            each.id,
            "yes" if each.pooling_required else "no",
            "yes" if each.ring_fenced else "no",
            _national(each.national),
            each.unspent.rule.replace("_", " ") if each.unspent else "not known here",
            each.certainty,
        ]
        for each in rules.sources
    ]
    conditions = [[str(each.number), each.id, each.title, each.kind, each.certainty] for each in rules.conditions]
    tests = [[each.id, each.rule, each.certainty] for each in rules.tests]
    return "\n\n".join(
        (
            table(
                f"Sources of {rules.year}",
                "lllrll",
                ["Source", "Must be pooled", "Ring-fenced", "Nationally", "Unspent", "This is"],
                sources,
            ),
            table(
                f"National conditions of {rules.year}",
                "lllll",
                ["No", "Id", "Condition", "Kind", "This is"],
                conditions,
            ),
            table(f"Minimums of {rules.year}", "lll", ["Minimum", "Counted are", "This is"], tests),
            "An area's own minimums are not known here: they are the agreement's. References: --json.",
        )
    )
