"""The commands that change what is approved: virements."""

import argparse

from pooledfund.cli.session import amount_and_day, open_pool, print_json
from pooledfund.cli.tables import money, table
from pooledfund.control.virements import Virement, VirementEffect, agree_virement, make_virement, virement_effect
from s75_rules.conditions import MinimumTest


def virement(call: argparse.Namespace) -> int:
    """Show a virement and its tests, and unless it is a dry run post it; status 1 where a test would fail."""
    pool = open_pool(call)
    proposed = _virement(call)
    if call.agree:
        event = agree_virement(pool, proposed)
        print(f"Agreed by {pool.actor.name} for {pool.actor.partner}, {proposed.minute}: event {event}.")
        return 0
    effect, recorded = (virement_effect(pool, proposed), None) if call.dry_run else make_virement(pool, proposed)
    if call.json:
        print_json({**effect.as_json(), "entry": recorded.number if recorded else None})
    else:
        print(_effect_text(effect))
        if effect.breaks:
            print("Not posted: a minimum that is met would no longer be met.")
        elif recorded is None:
            print("Dry run: nothing was posted.")
        else:
            said = "already there" if recorded.outcome == "already there" else "posted"
            print(f"Entry {recorded.number} {said}, {proposed.minute}.")
    return 1 if effect.breaks else 0


def _virement(call: argparse.Namespace) -> Virement:
    pence, effective = amount_and_day(call)
    return Virement(getattr(call, "from"), call.to, call.contribution, pence, effective, call.minute)


def _effect_text(effect: VirementEffect) -> str:
    proposed = effect.virement
    lines = [
        [scheme, money(pence), money(effect.lines_after_pence[scheme])]
        for scheme, pence in effect.lines_before_pence.items()
    ]
    caption = (
        f"Virement of £{money(proposed.amount_pence)} within {proposed.contribution} "
        f"from {proposed.effective_on.isoformat()}: current budgets, £"
    )
    parts = [table(caption, "lrr", ["Line", "Before", "After"], lines)]
    if effect.after:
        pairs = zip(effect.before, effect.after, strict=True)
        rows = [
            [after.title, str(after.required), _planned(before), _planned(after), after.result]
            for before, after in pairs
        ]
        header = ["Minimum test on the plan", "Required", "Before", "After", "Result"]
        parts.append(table("Minimum tests re-run, £", "lrrrl", header, rows))
    return "\n\n".join(parts)


def _planned(test: MinimumTest) -> str:
    return money(test.planned_pence)
