"""The commands on deadlines: the calendar of the year, notices and their steps."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from pooledfund.cli.session import CallRefused, day, month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.control.notices import take_step
from pooledfund.reports.calendar_file import calendar_text
from pooledfund.results.alerts import alerts_of, dated_steps
from pooledfund.results.notices import STEP_TITLES, Notice, Notices, notices_of
from s75_rules.clock import LONDON
from s75_rules.deadlines import deadlines, when_words
from s75_rules.terms import NoticeStep


def notices(call: argparse.Namespace) -> int:
    """Print open notices and lines fully spent; status 1 where a step is overdue."""
    pool = open_pool(call)
    found = notices_of(pool, at=_at(call.at), as_of=call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), **found.as_json()}
        print_report(document, pool.agreement)
    else:
        print_text(f"{pool.agreement.header.title}\n{_notices_text(found, show_all=call.all)}", pool.agreement)
    return 1 if found.overdue else 0


def _notices_text(found: Notices, *, show_all: bool) -> str:
    parts = []
    shown = [each for each in found.notices if each.is_open or show_all]
    if shown:
        rows = [row for each in shown for row in _rows(each)]
        header = ["Notice", "Overspend then", "Variance now", "Clause", "Step", "Within", "Due", "State"]
        parts.append(table(f"Notices at {when_words(found.at)}, £", "lrrlllll", header, rows))
    else:
        parts.append(f"No notice is open at {when_words(found.at)}.")
    if found.fully_spent:
        rows = [
            [each.scheme, money(each.budget_pence), money(each.spent_pence), money(each.committed_pence)]
            for each in found.fully_spent
        ]
        caption = f"Already fully spent at M{found.month}, £: nothing is left of the year's budget"
        parts.append(table(caption, "lrrr", ["Line", "Current budget", "Spent", "Committed"], rows))
    return "\n\n".join(parts)


def _rows(notice: Notice) -> list[list[str]]:
    of = notice.overspend
    head = [of.id, money(of.variance_pence), money(notice.now_pence), notice.clause or "no clause"]
    back = f"back within budget, event {of.ended_by}" if of.ended_by else ""
    if not notice.steps:
        return [[*head, "none agreed", "", "", back or "open"]]
    rows = []
    for place, step in enumerate(notice.steps):
        due = when_words(step.due_at) if step.due_at else "no meeting is dated"
        state = f"{step.state}, event {step.event}" if step.event else back or step.state
        rows.append([*(head if not place else [""] * 4), STEP_TITLES[step.step], step.within, due, state])
    return rows


def notice(call: argparse.Namespace) -> int:
    """Record a step of a notice."""
    pool = open_pool(call)
    given: dict[NoticeStep, str | None] = {
        "notice": call.given,
        "action_plan": call.plan,
        "meeting": call.meeting,
        "progress": call.progress,
    }
    ((step, said),) = ((step, said) for step, said in given.items() if said is not None)
    on = day(call.on, "--on") if call.on else None
    paper = None if step == "meeting" else Path(said)
    event = take_step(pool, call.notice, step, paper=paper, minute=said if step == "meeting" else "", on=on)
    print(f"{STEP_TITLES[step]} of {call.notice} recorded: event {event}")
    return 0


def calendar(call: argparse.Namespace) -> int:
    """Print the deadlines of the year, those of open notices among them, or write them as a calendar file."""
    pool = open_pool(call)
    at = _at(call.at)
    found = notices_of(pool, at=at, as_of=call.as_of)
    dated = sorted([*deadlines(pool.agreement), *dated_steps(found)], key=lambda each: (each.at, each.kind, each.what))
    if call.start:
        start = day(call.start, "--from")
        dated = [each for each in dated if each.at.astimezone(LONDON).date() >= start]
    if call.ics:
        text = calendar_text(pool.agreement.id, f"{pool.agreement.header.title} deadlines", dated, found.at)
        _write(Path(call.ics), text)
        print(f"Wrote {call.ics}: {len(dated)} deadlines")
    elif call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year)}
        print_report({**document, "deadlines": [each.as_json() for each in dated]}, pool.agreement)
    else:
        rows = [[each.at.astimezone(LONDON).date().isoformat(), each.in_words, each.kind, each.what] for each in dated]
        caption = f"Deadlines of {pool.agreement.id}, {pool.agreement.year}, by the clocks of England"
        print_text(table(caption, "llll", ["Day", "By", "Kind", "What"], rows), pool.agreement)
    return 0


def alerts(call: argparse.Namespace) -> int:
    """Print what asks for attention, each with what to do; status 1 where something does."""
    pool, month = open_pool(call), month_of(call)
    found = alerts_of(pool, month, at=_at(call.at), as_of=call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "month": f"M{month}"}
        print_report({**document, "alerts": [each.as_json() for each in found]}, pool.agreement)
    elif found:
        rows = [[each.kind, each.said, each.to_do] for each in found]
        print_text(
            table(f"Alerts of {pool.agreement.id}", "lll", ["What", "In words", "What to do"], rows), pool.agreement
        )
    else:
        print_text("Nothing asks for attention.", pool.agreement)
    return 1 if found else 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CallRefused(f"{path}: cannot be written ({error.strerror}): name another place") from None


def _at(text: str | None) -> datetime | None:
    """An instant of a call, by the clocks of England: a day is its end."""
    if text is None:
        return None
    try:
        if len(text) == len("2023-07-01"):
            return datetime.combine(date.fromisoformat(text), datetime.max.time(), LONDON).astimezone(UTC)
        return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)
    except ValueError:
        raise CallRefused(
            f"--at: '{text}' is neither a day nor an instant: write 2023-07-01 or 2023-07-01T12:00"
        ) from None
