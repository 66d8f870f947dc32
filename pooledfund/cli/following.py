"""The command that works out next year's contributions and drafts its agreement."""

import argparse
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ledgers.calendar import FinancialYear
from ledgers.money import pounds
from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, open_pool, pence, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.reports.next_agreement import draft_agreement, write_draft
from pooledfund.results.next_year import next_year as next_year_of
from pooledfund.results.next_year import spend_of_year
from s75_rules.fields import exact_number
from s75_rules.lineage import merged_in
from s75_rules.next_year import NextContribution, Terms, next_contributions


def next_year(call: argparse.Namespace) -> int:
    """Print next year's contributions by formula with each term, and draft the agreement where a file is named."""
    terms = Terms(
        _rates(call.inflation, "--inflation"),
        _rates(call.efficiency, "--efficiency"),
        {name or "": pence(amount, "--planned") for name, amount in _named(call.planned, "--planned")},
    )
    if call.agreement:
        if call.on_spend:
            raise CallRefused("--on-spend rests on what the books hold: leave the agreement file out")
        agreement = read_agreement(Path(call.agreement)).agreement
        found = next_contributions(agreement, {}, terms)
    else:
        pool = open_pool(call)
        agreement = pool.agreement
        if call.on_spend:
            spent = spend_of_year(pool, call.as_of)
            chosen = set(agreement.contributions) if "all" in call.on_spend else set(call.on_spend)
            terms = replace(terms, spent_pence={each: spent.get(each, 0) for each in chosen})
        found = next_year_of(pool, terms, call.as_of)
    named = {*terms.spent_pence, *terms.inflation, *terms.efficiency, *terms.planned_pence} - {None}
    if unknown := [str(each) for each in named if each not in agreement.contributions]:
        raise CallRefused(f"{', '.join(unknown)} is not a contribution of {agreement.id}: name one that check lists")
    if call.output:
        write_draft(draft_agreement(agreement, found), Path(call.output))
    year = FinancialYear(agreement.year.starts + 1)
    totals = [each.total_pence for each in found]
    total = None if None in totals else sum(each for each in totals if each is not None)
    if call.json:
        whole = None if total is None else pounds(total)
        document = {"year": str(year), "contributions": [each.as_json() for each in found], "total": whole}
        print_report(document, agreement)
        return 0
    text = _table(year, found, total)
    lines = [text, *(f"Lineage: {each}." for each in merged_in(year))]
    print_text("\n".join([*lines, *([f"Wrote {call.output}, a draft"] if call.output else [])]), agreement)
    return 0


def _table(year: FinancialYear, found: tuple[NextContribution, ...], total: int | None) -> str:
    rows = [
        [
            each.contribution,
            each.next_source,
            "cannot tell" if each.recurrent_pence is None else money(each.recurrent_pence),
            money(each.in_year_pence),
            money(each.inflation_pence),
            money(each.planned_pence),
            money(-each.efficiency_pence),
            "cannot tell" if each.total_pence is None else money(each.total_pence),
            each.because,
        ]
        for each in found
    ]
    rows.append(["Total", "", "", "", "", "", "", "cannot tell" if total is None else money(total), ""])
    header = ["Id", "Source", "Recurrent", "In year", "Inflation", "Planned", "Efficiency", "Next year", "Because"]
    return table(f"Contributions of {year} by formula, £", "llrrrrrrl", header, rows, totals=1)


def _named(given: list[str], option: str) -> list[tuple[str | None, str]]:
    """``ID=VALUE`` for one contribution, or a value for all of them."""
    found: list[tuple[str | None, str]] = []
    for each in given:
        name, equals, value = each.rpartition("=")
        if option == "--planned" and not equals:
            raise CallRefused(f"{option}: '{each}' names no contribution: write ID=POUNDS")
        found.append((name.strip() if equals else None, value))
    return found


def _rates(given: list[str], option: str) -> dict[str | None, Fraction]:
    found: dict[str | None, Fraction] = {}
    for name, value in _named(given, option):
        number = exact_number(value.strip().removesuffix("%").removeprefix("-"))
        if number is None:
            raise CallRefused(f"{option}: '{value}' is not a percentage: write 2.5%, or ID=2.5%")
        found[name] = (-number if value.strip().startswith("-") else number) / 100
    return found
