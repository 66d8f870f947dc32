"""The commands on versions of an agreement: a variation from a day, and two versions side by side."""

import argparse
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, day, open_pool, pence, print_json, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import (
    ContributionChange,
    VariationEffect,
    Varied,
    agreement_variation,
    contribution_variation,
    vary_agreement,
    vary_contribution,
)
from pooledfund.results.standing import standing_of
from s75_rules.lineage import merged_in
from s75_rules.side_by_side import SideBySide, side_by_side
from s75_rules.versions import Difference, differences


def vary(call: argparse.Namespace) -> int:
    """Show what a variation changes and, unless it is a dry run, post it; status 1 where a test stands against it."""
    pool = open_pool(call)
    approval = Approval(day(call.effective, "--effective"), call.minute, call.body)
    if (call.contribution is None) == (call.agreement is None):
        raise CallRefused("name one contribution with --contribution and --amount, or a new text with --agreement")
    varied: Varied | None = None
    if call.agreement:
        file = read_agreement(Path(call.agreement))
        effect = agreement_variation(pool, file, approval).effect
        if not call.dry_run:
            varied = vary_agreement(pool, file, approval)
    else:
        change = _change(call)
        effect = contribution_variation(pool, change, approval).effect
        if not call.dry_run:
            varied = vary_contribution(pool, change, approval)
    if call.json:
        entries = list(varied.entries) if varied else []
        print_report(
            {**effect.as_json(), "event": varied.event if varied else None, "entries": entries}, pool.agreement
        )
    else:
        print_text(f"{_effect_text(effect)}\n{_outcome(effect, varied)}", pool.agreement)
    return 0 if effect.is_allowed else 1


def _outcome(effect: VariationEffect, varied: Varied | None) -> str:
    against = ["a minimum that is met would no longer be met"] if effect.breaks else []
    against += [
        f"earmark {each.earmark.name} would no longer be kept. {each.because}" for each in effect.earmarks_broken
    ]
    if against:
        return f"Not posted: {'; '.join(against).removesuffix('.')}."
    if varied is None:
        return "Dry run: nothing was posted."
    posted = f"entries {varied.entries[0]} to {varied.entries[-1]}" if varied.entries else "no entry"
    return f"Event {varied.event}: posted {posted}."


def _change(call: argparse.Namespace) -> ContributionChange:
    if call.amount is None:
        raise CallRefused("--contribution needs --amount: the pounds by which it rises, or falls below nil")
    lines: dict[str, int] = {}
    for part in (call.lines_change or "").split(","):
        scheme, equals, pounds_text = part.partition("=")
        if part and not equals:
            raise CallRefused(f"--line-changes: '{part}' names no amount: write S1=5000,S2=-200")
        if part:
            lines[scheme.strip()] = pence(pounds_text, "--line-changes")
    return ContributionChange(call.contribution, pence(call.amount, "--amount"), lines, not call.one_off)


def _effect_text(effect: VariationEffect) -> str:
    rows = [[each, "", money(one), money(two), money(two - one)] for each, (one, two) in effect.contributions.items()]
    rows += [
        [contribution, scheme, money(one), money(two), money(two - one)]
        for (scheme, contribution), (one, two) in effect.lines.items()
    ]
    parts = []
    if rows:
        header = ["Contribution", "Line", "Before", "After", "Change"]
        parts.append(table("Contributions and current budgets, £", "llrrr", header, rows))
    due = [
        [each, on.isoformat(), money(pence)] for each, days in effect.instalments.items() for on, pence in days.items()
    ]
    if due:
        parts.append(table("Instalments change, £", "llr", ["Contribution", "Due", "Change"], due))
    if effect.after:
        tests = [
            [after.title, str(after.required), money(before.planned_pence), money(after.planned_pence), after.result]
            for before, after in zip(effect.before, effect.after, strict=True)
        ]
        header = ["Minimum test on the plan", "Required", "Before", "After", "Result"]
        parts.append(table("Minimum tests re-run, £", "lrrrl", header, tests))
    if effect.earmarks_after:
        parts.append(_earmarks_text(effect))
    if effect.differences:
        parts.append(_differences_text("The two texts side by side", effect.differences))
    return "\n\n".join(parts) or "Neither money nor words change."


def _earmarks_text(effect: VariationEffect) -> str:
    """Each earmark of the text that is then in force, with what the plan held for it before and holds after."""
    before = {each.earmark.id: each.counted_pence for each in effect.earmarks_before}
    rows = [
        [
            each.earmark.name,
            each.required_words,
            *map(money, (before.get(each.earmark.id), each.counted_pence)),
            each.result,
        ]
        for each in effect.earmarks_after
    ]
    header = ["Earmark on the plan", "Required", "Before", "After", "Result"]
    return table("Earmarks re-run, £", "lrrrl", header, rows)


def versions(call: argparse.Namespace) -> int:
    """Print where two versions of an agreement differ."""
    before, after = (read_agreement(Path(each)).agreement for each in (call.before, call.after))
    found = differences(before, after)
    if call.json:
        document = {
            "before": {"id": before.id, **standing_of(before).as_json()},
            "after": {"id": after.id, **standing_of(after).as_json()},
            "differences": [each.as_json() for each in found],
            **side_by_side(before, after).as_json(),
        }
        print_json(document)
        return 0
    for name, version in (("Before", before), ("After", after)):
        print(f"{name}: {version.id}, {version.year}, {standing_of(version).in_words}")
    print(_differences_text("What differs", found) if found else "They say the same.")
    print(f"\n{_tables_text(side_by_side(before, after))}")
    if after.header.follows == before.id:
        for merger in merged_in(after.year):
            print(f"Lineage: {merger}.")
    return 0


def _tables_text(found: SideBySide) -> str:
    """Contributions and budgets in two columns with their totals, and which clauses are not the same."""
    header = ["Id", "Name", "Before", "After", "Change"]
    parts = [
        table(
            f"{what}, £",
            "llrrr",
            header,
            [[each.id, each.name, *each.in_words, money(each.change_pence)] for each in rows],
            totals=1,
        )
        for what, rows in (("Contributions", found.contributions), ("Budgets of lines", found.lines))
    ]
    parts.append("\n".join(["Clauses of risk share", *(f"- {each.clause}: {each.what}" for each in found.clauses)]))
    return "\n\n".join(parts)


def _differences_text(caption: str, found: tuple[Difference, ...]) -> str:
    lines = [f"- {each.place}\n    before: {each.before}\n    after:  {each.after}" for each in found]
    return "\n".join([f"{caption}: {len(found)} places", *lines])
