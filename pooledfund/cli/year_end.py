"""The commands of the year's end: the outturn at each stage, next year's budget, and the roll-forward into it."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.narrative import take
from pooledfund.cli.session import CallRefused, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.outturn import state_outturn
from pooledfund.control.roll_forward import open_next_year, roll_forward
from pooledfund.intake.budget_cycle import PRESSURES, take_budget_step
from pooledfund.intake.outturns import read_outturns
from pooledfund.results.budget_cycle import BudgetCycle, budget_cycle
from pooledfund.results.closing_balances import RollForward, roll_forward_of
from pooledfund.results.outturn_stages import OutturnStages, outturn_stages
from s75_rules.deadlines import when_words


def state(call: argparse.Namespace) -> int:
    """State the outturn at a stage of the year's end."""
    pool = open_pool(call)
    estimates = read_outturns(Path(call.file), pool.agreement).by_scheme if call.file else None
    event = state_outturn(pool, call.stage, estimates)
    stated = next(each for each in outturn_stages(pool).stages if each.event == event)
    said = f"{call.stage.capitalize()} outturn of {pool.agreement.year}"
    print(f"{said} stated: £{money(stated.total_pence)}, event {event}")
    return 0


def outturn(call: argparse.Namespace) -> int:
    """Print the outturn as stated at each stage, side by side."""
    pool = open_pool(call)
    found = outturn_stages(pool, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), **found.as_json()}
        print_report(document, pool.agreement)
    else:
        print_text(f"{pool.agreement.header.title}\n{_stages_text(found)}", pool.agreement)
    return 0


def _stages_text(found: OutturnStages) -> str:
    if not found.stages:
        return "No outturn has been stated: state one with pooledfund state-outturn."
    names = [f"{each.stage} (event {each.event})" for each in found.stages]
    header = [*names, "Difference"]
    lines = [each.lines_pence for each in found.stages]
    shares = [each.shares_pence for each in found.stages]
    by_line = _side_by_side("Outturn by line, £", "Line", header, lines, found.lines_difference_pence)
    caption = "Net share of each partner, £: borne less returned; the last difference is trued up next year"
    return f"{by_line}\n\n{_side_by_side(caption, 'Partner', header, shares, found.shares_difference_pence)}"


def _side_by_side(
    caption: str, what: str, header: list[str], sides: list[Mapping[str, int]], differences: Mapping[str, int]
) -> str:
    keys = dict.fromkeys(key for side in sides for key in side)
    rows = [[key, *(money(side.get(key)) for side in sides), money(differences.get(key))] for key in keys]
    totals = [money(sum(side.values())) for side in sides]
    rows.append(["Total", *totals, money(sum(differences.values()) if differences else None)])
    return table(caption, "l" + "r" * len(header), [what, *header], rows, totals=1)


def pressure(call: argparse.Namespace) -> int:
    """Enter pressures on next year's budget."""
    return take(call, PRESSURES)


def budget_step(call: argparse.Namespace) -> int:
    """Record a step of next year's budget."""
    paper = Path(call.paper) if call.paper else None
    event = take_budget_step(open_pool(call), call.step, call.minute, paper)
    print(f"{call.step} recorded, {call.minute}: event {event}")
    return 0


def cycle(call: argparse.Namespace) -> int:
    """Print next year's budget in draft and the steps of its making; status 1 where one is overdue."""
    pool = open_pool(call)
    found = budget_cycle(pool, as_of=call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), **found.as_json()}
        print_report(document, pool.agreement)
    else:
        print_text(f"{pool.agreement.header.title}\n{_cycle_text(found)}", pool.agreement)
    return 1 if any(each.state == "overdue" for each in found.steps) else 0


def _cycle_text(found: BudgetCycle) -> str:
    rows = [[each.step, when_words(each.due_at), each.state, each.minute] for each in found.steps]
    steps = table("Next year's budget: steps", "llll", ["Step", "Due", "State", "Minute"], rows)
    rows = [
        [
            each.scheme,
            *map(money, (each.current_pence, -each.not_recurrent_pence, each.pressures_pence, each.draft_pence)),
        ]
        for each in (*found.lines, found.total)
    ]
    header = ["Line", "Current budget", "Not recurrent", "Pressures", "Draft"]
    caption = "Draft budget of next year, £: a draft until its agreement is signed"
    return f"{steps}\n\n{table(caption, 'lrrrr', header, rows, totals=1)}"


def roll(call: argparse.Namespace) -> int:
    """Open next year with this year's closing balances, or prove that it has them; status 1 where they differ."""
    old = open_pool(call)
    file = read_agreement(Path(call.agreement))
    if call.check:
        ids = old.books.books.pool_ids()
        if file.agreement.id not in ids:
            raise CallRefused(f"{file.agreement.id} is not open: roll forward without --check first")
        found, said = roll_forward_of(old, open_next_year(old, file)), "checked, nothing was posted"
    else:
        new = open_next_year(old, file)
        rolled = roll_forward(old, new)
        found = rolled.found
        said = (
            f"{rolled.kind}, {len(rolled.entries)} entries" if rolled.entries else "agrees already, nothing was posted"
        )
    if call.json:
        print_report(found.as_json(), file.agreement)
    else:
        print_text(f"{_text(found)}\n{found.old} to {found.new}: {said}", file.agreement)
    return 0 if found.agrees else 1


def _text(found: RollForward) -> str:
    keys = sorted(dict.fromkeys((*found.closing_pence, *found.opening_pence)), key=lambda key: tuple(map(str, key)))
    rows = [
        [key[0], key[1] or "", key[2] or "",
         money(found.closing_pence.get(key, 0)), money(found.opening_pence.get(key, 0))]
        for key in keys
    ]  # fmt: skip
    totals = [money(sum(found.closing_pence.values())), money(sum(found.opening_pence.values()))]
    rows.append(["Total", "", "", *totals])
    header = ["Account", "Contribution", "Partner", f"Closing of {found.old}", f"Opening of {found.new}"]
    caption = "Balances rolled forward, £; debit plus, credit minus"
    proof = f"SHA-256 of the closing {found.closing_digest}\nSHA-256 of the opening {found.opening_digest}"
    return f"{table(caption, 'lllrr', header, rows, totals=1)}\n{proof}"
