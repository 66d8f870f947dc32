"""A pool's deadlines as a calendar file (iCalendar, RFC 5545) that any diary takes in. Works no date out."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from s75_rules.deadlines import Deadline

_LINE_OCTETS = 75
"""RFC 5545, section 3.1: a longer line is folded."""


def calendar_text(pool: str, title: str, deadlines: Sequence[Deadline], made_at: datetime) -> str:
    """The deadlines as one calendar; the same deadline keeps its identity, so that a diary replaces what it had."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//pooledfund//deadlines//EN", f"X-WR-CALNAME:{_text(title)}"]
    seen: Counter[tuple[str, str]] = Counter()
    for each in deadlines:
        seen[each.kind, each.what] += 1
        identity = "\n".join((pool, each.kind, each.what, str(seen[each.kind, each.what])))
        lines += _event(hashlib.sha256(identity.encode()).hexdigest()[:32], each, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(identity: str, deadline: Deadline, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{identity}@pooledfund",
        f"DTSTAMP:{_instant(made_at)}",
        f"DTSTART:{_instant(deadline.at)}",
        f"DTEND:{_instant(deadline.at)}",
        f"SUMMARY:{_text(deadline.what)}",
        f"CATEGORIES:{_text(deadline.kind)}",
        "END:VEVENT",
    ]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, cut between characters."""
    part, first = "", True
    for character in line:
        if len((part + character).encode()) > _LINE_OCTETS - (not first):
            yield part if first else f" {part}"
            part, first = "", False
        part += character
    yield part if first else f" {part}"
