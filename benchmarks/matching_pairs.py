"""Two ledgers that should agree and do not quite, with the truth about each line. Knows no way to match them.

A pair begins as one list of happenings, written down by two bookkeepers. One happening in thirty or so goes wrong:
split, merged, reversed and booked again, digits or letters swapped, booked later, or left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pooledfund.control.matching.lines import Line

FIRST = date(2023, 4, 1)
LATEST_DAYS = 14
FAULTS = ("split", "merge", "reversal", "transposition", "timing")


@dataclass(frozen=True, slots=True)
class Truth:
    """The lines of both sides that are one happening, and what went wrong with it if anything did."""

    fault: str
    ours: frozenset[str]
    theirs: frozenset[str]


@dataclass(slots=True)
class Pair:
    """Two ledgers and the truth: the happenings that both have, or one has and took back."""

    ours: list[Line] = field(default_factory=list)
    theirs: list[Line] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)

    def happened(self, fault: str, ours: list[Line], theirs: list[Line]) -> None:
        """Write a happening down on both sides."""
        self.ours += ours
        self.theirs += theirs
        if fault not in ("only ours", "only theirs"):
            self.truths.append(Truth(fault, frozenset(line.id for line in ours), frozenset(line.id for line in theirs)))


class _Bookkeepers:
    """The habits of both ledgers: numbering, spelling of references, days."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.documents = random.randrange(10_000, 60_000)

    def pence(self) -> int:
        """Mostly odd pence over five sizes of amount; one in twenty a round sum that others share."""
        if self.random.random() < 0.05:
            return self.random.choice((250_00, 500_00, 1_000_00, 1_500_00, 12_000_00))
        return int(10 ** self.random.uniform(2.7, 6.7)) * (-1 if self.random.random() < 0.02 else 1)

    def reference(self) -> str:
        self.documents += self.random.randrange(1, 4)
        style = self.random.choice(("INV-{}", "PO {}/01", "{}", "AP{}X", "inv {}", "JNL.{}", "Z{}-44"))
        return style.format(self.documents)

    def line(self, on: date, pence: int, reference: str, scheme: str) -> Line:
        self.count += 1
        return Line(f"L{self.count}", min(on, FIRST + timedelta(days=364)), pence, reference, scheme)

    def spelt(self, reference: str) -> str:
        """As the other ledger writes it: one in five with other capitals and marks."""
        if self.random.random() < 0.8:
            return reference
        return reference.replace("-", " ").replace("/", "-").replace(".", "").swapcase()

    def parts(self, pence: int, count: int) -> list[int]:
        cuts = sorted(self.random.sample(range(1, abs(pence)), count - 1))
        sizes = [end - start for start, end in zip([0, *cuts], [*cuts, abs(pence)], strict=True)]
        return [size if pence > 0 else -size for size in sizes]


def generate(random: Random, happenings: int, fault_share: float = 0.03) -> Pair:
    """Two ledgers of about so many lines each, with this share of faults and a tenth as many lines left out."""
    keep, pair = _Bookkeepers(random), Pair()
    schemes = [f"S{number}" for number in range(1, 13)]
    for _ in range(happenings):
        on = FIRST + timedelta(days=random.randrange(350))
        fault = "none"
        if random.random() < fault_share:
            fault = random.choice(FAULTS)
        elif random.random() < fault_share / 10:
            fault = random.choice(("only ours", "only theirs"))
        ours, theirs = _WRITTEN[fault](keep, on, random.choice(schemes))
        if fault != "only ours" and random.random() < 0.5:
            pair.happened(fault, ours, theirs) if fault == "only theirs" else pair.happened(fault, theirs, ours)
        else:
            pair.happened(fault, ours, theirs)
    random.shuffle(pair.ours)
    random.shuffle(pair.theirs)
    return pair


_Sides = tuple[list[Line], list[Line]]


def _agreed(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    pence, reference = keep.pence(), keep.reference()
    return [keep.line(on, pence, reference, scheme)], [keep.line(on, pence, keep.spelt(reference), scheme)]


def _only_ours(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    return [keep.line(on, keep.pence(), keep.reference(), scheme)], []


def _only_theirs(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    return [], [keep.line(on, keep.pence(), keep.reference(), scheme)]


def _split(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    pence, reference = keep.pence(), keep.reference()
    parts = keep.parts(pence, keep.random.randrange(2, 5))
    habit = keep.random.choice(("as the whole", "numbered", "of their own"))
    names = [
        {"as the whole": reference, "numbered": f"{reference}/{at + 1}"}.get(habit) or keep.reference()
        for at in range(len(parts))
    ]
    later = [on + timedelta(days=keep.random.randrange(3)) for _ in parts]
    theirs = [keep.line(later[at], part, names[at], scheme) for at, part in enumerate(parts)]
    return [keep.line(on, pence, reference, scheme)], theirs


def _merge(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    sizes = [abs(keep.pence()) for _ in range(keep.random.randrange(2, 5))]
    ours = [keep.line(on + timedelta(days=keep.random.randrange(4)), size, keep.reference(), scheme) for size in sizes]
    run = f"PAYRUN {keep.reference()}" if keep.random.random() < 0.5 else keep.reference()
    return ours, [keep.line(on + timedelta(days=4), sum(sizes), run, scheme)]


def _reversal(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    """Booked, taken back and booked again; or booked in error and taken back, which the other side never saw."""
    pence, reference = keep.pence(), keep.reference()
    back = on + timedelta(days=keep.random.randrange(1, 6))
    took = keep.random.choice((f"{reference}-R", f"{reference} REV", reference, keep.reference()))
    ours = [keep.line(on, pence, reference, scheme), keep.line(back, -pence, took, scheme)]
    if keep.random.random() < 0.3:
        return ours, []
    ours.append(keep.line(back, pence, keep.random.choice((reference, f"{reference}/2")), scheme))
    return ours, [keep.line(on, pence, keep.spelt(reference), scheme)]


def _swapped(random: Random, text: str) -> str:
    places = [at for at in range(len(text) - 1) if text[at] != text[at + 1] and text[at : at + 2].isalnum()]
    places = [at for at in places if text[at] != "0" or at > 0]
    at = random.choice(places) if places else None
    return text if at is None else text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _transposition(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    pence, reference = keep.pence(), keep.reference()
    ours = [keep.line(on, pence, reference, scheme)]
    if keep.random.random() < 0.5:
        sign = -1 if pence < 0 else 1
        return ours, [keep.line(on, sign * int(_swapped(keep.random, str(abs(pence)))), reference, scheme)]
    return ours, [keep.line(on, pence, _swapped(keep.random, reference), scheme)]


def _timing(keep: _Bookkeepers, on: date, scheme: str) -> _Sides:
    pence, reference = keep.pence(), keep.reference()
    later = on + timedelta(days=keep.random.randrange(1, LATEST_DAYS + 1))
    return [keep.line(on, pence, reference, scheme)], [keep.line(later, pence, keep.spelt(reference), scheme)]


_WRITTEN: dict[str, Callable[[_Bookkeepers, date, str], _Sides]] = {
    "none": _agreed,
    "only ours": _only_ours,
    "only theirs": _only_theirs,
    "split": _split,
    "merge": _merge,
    "reversal": _reversal,
    "transposition": _transposition,
    "timing": _timing,
}
