"""Charts drawn as vectors: a course by month, bars by line, a bridge. Draws only pence that it is given.

Series differ in dash and shape and every bar has its figure beside it, so that no colour says a thing alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pooledfund.reports.paper.text import shown

OVER, UNDER, TOTAL = "#d55e00", "#0072b2", "#6b7780"
"""Okabe and Ito's colours, told apart by people who see colour differently."""
_INK, _GRID = "#1b2226", "#d5dbdf"
_WIDTH, _LABEL, _FIGURE, _BAR = 720, 262, 70, 19
_NAME = 46
"""Characters of a name beside a bar; the whole name stands in the text of the chart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One lying bar, from one amount to another in pence, with its name and the amount that is written beside it."""

    name: str
    start_pence: int
    end_pence: int
    pence: int
    colour: str


@dataclass(frozen=True, slots=True)
class Course:
    """One line by month, in pence; None where there is nothing to show."""

    name: str
    colour: str
    dash: str
    pence: tuple[int | None, ...]


def thousands(pence: int) -> str:
    """An amount in £000, half a thousand away from nil, with a true minus; what it is a rounding of stands in a table.

    >>> thousands(-123_456_789)
    '−1,235'
    """
    rounded = (abs(pence) + 50_000) // 100_000
    return f"{'−' if pence < 0 and rounded else ''}{rounded:,}"


def signed_bar(name: str, pence: int) -> Bar:
    """A bar from nil: to the right an overspend, to the left an underspend."""
    return Bar(name, 0, pence, pence, OVER if pence > 0 else UNDER)


def bars(given: Sequence[Bar]) -> str:
    """Lying bars over one scale, as SVG."""
    low = min(0, *(min(bar.start_pence, bar.end_pence) for bar in given))
    high = max(0, *(max(bar.start_pence, bar.end_pence) for bar in given))
    span, room = max(1, high - low), _WIDTH - _LABEL - 2 * _FIGURE

    def across(pence: int) -> int:
        return _LABEL + _FIGURE + (pence - low) * room // span

    height = len(given) * _BAR + 12
    nil = across(0)
    drawn = [f'<line x1="{nil}" y1="2" x2="{nil}" y2="{height - 6}" stroke="{_INK}" stroke-width="0.8"/>']
    for place, bar in enumerate(given):
        drawn += _bar(bar, 4 + place * _BAR, across)
    return _svg(height, drawn)


def _bar(bar: Bar, top: int, across: Callable[[int], int]) -> Iterable[str]:
    left, right = sorted((across(bar.start_pence), across(bar.end_pence)))
    yield (
        f'<rect x="{left}" y="{top}" width="{max(1, right - left)}" height="{_BAR - 5}" fill="{bar.colour}" '
        f'stroke="{_INK}" stroke-width="0.4"/>'
    )
    base = top + _BAR - 8
    name = bar.name if len(bar.name) <= _NAME else f"{bar.name[: _NAME - 1]}…"
    yield _word(name, _LABEL - 4, base, "end")
    if bar.end_pence < bar.start_pence or bar.pence < 0:
        yield _word(thousands(bar.pence), left - 4, base, "end")
    else:
        yield _word(thousands(bar.pence), right + 4, base, "start")


def courses(given: Sequence[Course]) -> str:
    """Lines by month from M1 to M12 over one scale from nil, in £000, as SVG."""
    left, right, top, bottom = 70, 600, 12, 212
    found = [pence for course in given for pence in course.pence if pence is not None]
    low, high = min(0, *found), max(1, *found)
    step = _round_step(high - low)
    marks = list(range(low // step * step, high + step, step))
    floor, span = marks[0], marks[-1] - marks[0]

    def up(pence: int) -> int:
        return bottom - (pence - floor) * (bottom - top) // span

    def along(month: int) -> int:
        return left + (month - 1) * (right - left) // 11

    drawn = []
    for mark in marks:
        drawn.append(f'<line x1="{left}" y1="{up(mark)}" x2="{right}" y2="{up(mark)}" stroke="{_GRID}"/>')
        drawn.append(_word(thousands(mark), left - 8, up(mark) + 4, "end"))
    drawn += [_word(f"M{month}", along(month), bottom + 18, "middle") for month in range(1, 13)]
    for place, course in enumerate(given):
        points = [(along(month), up(pence)) for month, pence in enumerate(course.pence, start=1) if pence is not None]
        drawn += _course(course, points, top + 20 + place * 24)
    drawn.append(_word("£000, added up from April", left, bottom + 38, "start"))
    return _svg(bottom + 46, drawn)


def _course(course: Course, points: Sequence[tuple[int, int]], key: int) -> Iterable[str]:
    line = f'fill="none" stroke="{course.colour}" stroke-width="2" stroke-dasharray="{course.dash}"'
    yield f'<polyline points="{" ".join(f"{x},{y}" for x, y in points)}" {line}/>'
    for x, y in points:
        yield f'<circle cx="{x}" cy="{y}" r="2.6" fill="{course.colour}"/>'
    yield f'<line x1="625" y1="{key}" x2="655" y2="{key}" {line}/>'
    yield _word(course.name, 661, key + 4, "start")


def _round_step(span: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that divides a span in no more than six."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if span <= times * step * 6:
                return times * step
        step *= 10


def _word(text: str, x: int, y: int, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-family="Libertinus Serif" font-size="11.5" '
        f'fill="{_INK}">{escape(shown(text))}</text>'
    )


def _svg(height: int, drawn: Iterable[str]) -> str:
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(drawn)}</svg>'
