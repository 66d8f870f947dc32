"""The command of meetings: record minutes, draft them, print or write what was decided."""

import argparse
from datetime import date
from pathlib import Path

from pooledfund.cli.session import CallRefused, day, month_of, open_pool, print_json, print_report, print_text
from pooledfund.cli.tables import table
from pooledfund.intake.minutes_file import read_minutes
from pooledfund.meetings.drafting import draft_minutes
from pooledfund.meetings.recording import record_minutes
from pooledfund.pool import Pool
from pooledfund.reports.minutes_pdf import meeting_on, write_minutes_pdf
from pooledfund.results.minutes import Meeting, SinceLastMeeting, since_last_meeting


def minutes(call: argparse.Namespace) -> int:
    """Record a file of minutes, write a draft, write recorded minutes as a PDF, or print decisions and actions."""
    pool = open_pool(call)
    if call.file and (call.template or call.output or call.meeting):
        raise CallRefused("a FILE is recorded: leave --template, --output and --meeting out, or leave the FILE out")
    if call.dry_run and not call.file:
        raise CallRefused("--dry-run tries a FILE of minutes: name it")
    if call.file:
        return _record(pool, call)
    if call.template:
        return _draft(pool, call)
    if call.output:
        meeting = write_minutes_pdf(pool, Path(call.output), _day(call), call.as_of)
        print(f"Wrote {call.output}: minutes of {meeting.body}, {meeting.on.isoformat()}, event {meeting.event}")
        return 0
    return _report(pool, call)


def _record(pool: Pool, call: argparse.Namespace) -> int:
    meeting = record_minutes(pool, read_minutes(Path(call.file)), dry_run=call.dry_run)
    if call.json:
        print_json({**meeting.as_json(), "recorded": not call.dry_run})
        return 0
    print(_meeting_text(meeting))
    if call.dry_run:
        print("Tried, nothing was recorded. The events are those it would have.")
    else:
        print(f"Event {meeting.event}: the minutes with {len(meeting.items)} items are recorded.")
    return 0


def _draft(pool: Pool, call: argparse.Namespace) -> int:
    text = draft_minutes(pool, month_of(call))
    if not call.output:
        print(text, end="")
        return 0
    try:
        with Path(call.output).open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CallRefused(f"{call.output} cannot be written ({error.strerror}): name a new file") from None
    print(f"Wrote {call.output}: a draft; see in it what to do with its lines")
    return 0


def _report(pool: Pool, call: argparse.Namespace) -> int:
    found = since_last_meeting(pool, call.as_of)
    if call.meeting:
        meeting = meeting_on(pool, _day(call), call.as_of)
        if call.json:
            print_report({"pool": pool.agreement.id, **meeting.as_json()}, pool.agreement)
        else:
            print_text(_meeting_text(meeting), pool.agreement)
        return 0
    if call.json:
        print_report({"pool": pool.agreement.id, **found.as_json()}, pool.agreement)
    else:
        print_text(_since_text(found), pool.agreement)
    return 0


def _day(call: argparse.Namespace) -> date | None:
    return day(call.meeting, "--meeting") if call.meeting else None


def _meeting_text(meeting: Meeting) -> str:
    rows = [[each.ref, each.kind, each.said, str(each.event or "none")] for each in meeting.items]
    title = f"{meeting.body}, {meeting.on.isoformat()}; present: {', '.join(meeting.present)}"
    return table(title, "lllr", ["Reference", "Kind", "What was decided", "Event"], rows)


def _since_text(found: SinceLastMeeting) -> str:
    parts = [_meeting_text(found.last) if found.last else "No minutes of a meeting are recorded yet."]
    if found.since:
        rows = [[each.ref, each.kind, each.said, str(each.event)] for each in found.since]
        parts.append(table("Recorded since", "lllr", ["Reference", "Kind", "What was decided", "Event"], rows))
    if found.actions:
        rows = [
            [each.id, each.state(found.on), each.action, each.owner, each.due.isoformat(), str(each.age_days(found.on))]
            for each in found.actions
        ]
        caption = f"Actions on {found.on.isoformat()}; age in days"
        parts.append(table(caption, "lllllr", ["Action", "State", "What is to be done", "Owner", "By", "Age"], rows))
    return "\n\n".join(parts)
