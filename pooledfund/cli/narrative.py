"""The commands on what stands beside the money: commentary, measures, milestones."""

import argparse
from pathlib import Path

from pooledfund.cli.session import month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import table
from pooledfund.intake.narrative import COMMENTARY, MEASURES, MILESTONES
from pooledfund.intake.told import Telling, take_call, take_file
from pooledfund.results.monitoring import period_label
from pooledfund.results.narrative import Comment, Narrative, narrative_at


def comment(call: argparse.Namespace) -> int:
    """Write commentary on lines."""
    return take(call, COMMENTARY)


def measure(call: argparse.Namespace) -> int:
    """Enter readings of measures."""
    return take(call, MEASURES)


def milestone(call: argparse.Namespace) -> int:
    """Say how milestones stand."""
    return take(call, MILESTONES)


def take(call: argparse.Namespace, telling: Telling) -> int:
    """Take a file of rows, or the one row that the options give, and say what became of it."""
    pool = open_pool(call)
    columns = (*telling.columns, *telling.optional)
    if call.file:
        taken, source = take_file(pool, telling, Path(call.file)), Path(call.file).name
    else:
        taken, source = take_call(pool, telling, {column: getattr(call, column) for column in columns}), telling.kind
    print(f"{source}: {taken.new} recorded, {taken.already_there} already there")
    return 0


def narrative(call: argparse.Namespace) -> int:
    """Print commentary, measures and milestones of a period."""
    pool, month = open_pool(call), month_of(call)
    found = narrative_at(pool, month, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "period": period_label(month)}
        print_report({**document, **found.as_json()}, pool.agreement)
    else:
        said = narrative_text(found)
        title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
        print_text(f"{title}\n\n{said or 'Nothing has been told.'}", pool.agreement)
    return 0


def narrative_text(found: Narrative) -> str:
    """What stands beside the money, for a reader; empty where there is nothing."""
    parts = []
    if found.comments:
        parts.append("\n".join(["Commentary", *(_comment_text(each) for each in found.comments)]))
    if found.measures:
        rows = [
            [each.measure.id, each.name, each.target, each.reading, f"M{each.month}" if each.month else "",
             each.previous or "", each.result]
            for each in found.measures
        ]  # fmt: skip
        header = ["Measure", "Name", "Target", "Reading", "Of", "Before", "Result"]
        parts.append(table("Measures", "lllllll", header, rows))
    if found.milestones:
        rows = [
            [each.milestone.id, each.milestone.name, each.milestone.due, each.in_words, each.done_on, each.note]
            for each in found.milestones
        ]
        parts.append(table("Milestones", "llllll", ["Milestone", "Name", "Due", "Status", "Done on", "Note"], rows))
    return "\n\n".join(parts)


def _comment_text(each: Comment) -> str:
    action = f" Action: {each.action}, {each.owner}{f', by {each.due}' if each.due else ''}." if each.action else ""
    return f"- {each.scheme}: {each.commentary}{action}"
