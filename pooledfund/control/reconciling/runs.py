"""A run of a reconciliation: one event that holds their lines and every match. What is open after it is elsewhere."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledgers.seal import JSON, Event, canonical, digest
from pooledfund.access import Action, require_partner
from pooledfund.control.matching.lines import Match, Matching, Pass, Rules
from pooledfund.control.matching.match import Told, match_lines, nobody
from pooledfund.control.reconciling.sides import Known, our_lines, their_lines
from pooledfund.errors import InputRefused
from pooledfund.intake.maps import LedgerMap
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.intake.spend_rows import read_extract
from pooledfund.pool import Pool

RAN, UNDONE, BY_HAND = "reconciliation", "match undone", "matched by hand"
LEDGER = "partner ledger"
USUAL = Rules()
"""The tolerances where nobody says others: to the penny, within seven days."""


class ReconciliationRefused(InputRefused):
    """A reconciliation, or what is said of an item of it, that cannot be taken as it was given."""


@dataclass(frozen=True, slots=True)
class Run:
    """A recorded run: its event, their lines by id, and the matches it held, carried forward and new."""

    event: int
    partner: str
    month: int
    file: str
    theirs: Mapping[str, Known]
    matches: tuple[Match, ...]
    not_searched: int


def item_of(match: Match) -> str:
    """The id of a match: a digest of the lines it holds, so that the same match is always the same item."""
    return f"m-{hashlib.sha256(' '.join((*match.ours, *match.theirs)).encode()).hexdigest()[:12]}"


def known_partner(pool: Pool, partner: str) -> None:
    """Pass if the agreement has the partner; raises ReconciliationRefused."""
    partners = pool.agreement.partners
    if partner not in partners:
        raise ReconciliationRefused(f"'{partner}' is not a partner: use one of {', '.join(partners)}")


def runs_of(pool: Pool, partner: str, as_of: int | None = None) -> list[Event]:
    """The runs against a partner's ledger, in the order of the log."""
    return [
        event
        for event in pool.books.events(kind=RAN, as_of=as_of)
        if event.payload["kind"] == LEDGER and event.payload["partner"] == partner
    ]


def last_run(pool: Pool, partner: str, month: int, as_of: int | None = None) -> Run | None:
    """The newest run of a month, read back; None where there is none."""
    runs = [event for event in runs_of(pool, partner, as_of) if event.payload["month"] == month]
    return _read(runs[-1]) if runs else None


def undone(pool: Pool, as_of: int | None = None) -> set[str]:
    """The items of matches that people undid and nobody matched again since."""
    last = {str(event.payload["item"]): event.number for event in pool.books.events(kind=UNDONE, as_of=as_of)}
    again = {str(event.payload["item"]): event.number for event in pool.books.events(kind=BY_HAND, as_of=as_of)}
    return {item for item, number in last.items() if again.get(item, 0) < number}


def by_hand(pool: Pool, partner: str, month: int, as_of: int | None = None) -> list[Match]:
    """The matches that people made of a partner's lines in reconciliations up to a month, in the order of the log."""
    found = []
    for event in pool.books.events(kind=BY_HAND, as_of=as_of):
        if event.payload["partner"] == partner and _month(event) <= month:
            match = event.payload["match"]
            assert isinstance(match, list)
            found.append(_read_match(match))
    return found


def match_payload(match: Match) -> list[JSON]:
    """A match as an event keeps it."""
    return [match.by.value, list(match.ours), list(match.theirs), match.difference_pence, match.days_apart]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A partner's ledger as it was handed in: its lines to the end of a month by id, and words on the file."""

    partner: str
    month: int
    file: str
    digest: str
    lines: Mapping[str, Known]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What a run would record, the lines of ours behind it, the matches of before that stand, and a run it repeats."""

    payload: Mapping[str, JSON]
    ours: Mapping[str, Known]
    stood: frozenset[str]
    repeats: int | None

    @property
    def digest(self) -> str:
        """The SHA-256 of what would be recorded."""
        return digest(canonical(self.payload))

    @property
    def run(self) -> Run:
        """The run, which has no event of its own yet."""
        return _run(self.repeats or 0, self.payload)


def read_ledger(pool: Pool, partner: str, month: int, path: Path, ledger_map: LedgerMap | None = None) -> Ledger:
    """Read a partner's ledger to the end of a month.

    Raises:
        NotAllowed: the person may not reconcile with this partner.
        FileRefused: with every fault of the file.
        ReconciliationRefused: the file holds no spend of the partner to that month.
    """
    require_partner(pool.actor, Action.RECONCILE, partner)
    known_partner(pool, partner)
    extract = read_extract(path, pool.agreement, ledger_map)
    given = their_lines(pool, extract, partner)
    theirs = {name: each for name, each in given.items() if each.month <= month}
    if not theirs:
        raise ReconciliationRefused(f"{path.name} holds no spend of {partner} to M{month}: check that it is its ledger")
    notes = list(extract.notes)
    others = sum(row.partner != partner for row in extract.rows)
    if others:
        notes.append(f"{others:,} of {len(extract.rows):,} rows are of other partners and were left out")
    if len(given) > len(theirs):
        notes.append(f"{len(given) - len(theirs):,} rows are of months after M{month} and were left out")
    return Ledger(partner, month, path.name, extract.digest, theirs, tuple(notes))


def work_out(pool: Pool, ledger: Ledger, rules: Rules, only: Collection[int] = (), told: Told = nobody) -> WorkedOut:
    """What a run with a ledger would record as the books stand; ``told`` hears of each pass that is made."""
    partner, month, theirs = ledger.partner, ledger.month, dict(ledger.lines)
    earlier = [event for event in runs_of(pool, partner) if _month(event) <= month]
    before = _read(earlier[-1]) if earlier else None
    if only and before is not None:
        theirs = {**{name: each for name, each in before.theirs.items() if each.month not in only}, **theirs}
    ours = our_lines(pool, partner, month)
    kept = [*by_hand(pool, partner, month), *(before.matches if before else ())]
    matches, not_searched = _matches(ours, theirs, rules, kept, undone(pool), told)
    payload: dict[str, JSON] = {
        "kind": LEDGER,
        "partner": partner,
        "month": month,
        "file": ledger.file,
        "digest": ledger.digest,
        "ours": list(ours),
        "ours_digest": digest(canonical({name: each.as_payload() for name, each in ours.items()})),
        "theirs": [each.as_payload() for each in theirs.values()],
        "tolerance_pence": rules.tolerance_pence,
        "tolerance_days": rules.tolerance_days,
        "patterns": [each.text for each in rules.patterns],
        "not_searched": not_searched,
        "matches": [match_payload(each) for each in matches],
    }
    same = bool(earlier) and canonical(earlier[-1].payload) == canonical(payload)
    return WorkedOut(payload, ours, frozenset(map(item_of, kept)), earlier[-1].number if same else None)


def run_ledger(
    pool: Pool,
    partner: str,
    month: int,
    path: Path,
    ledger_map: LedgerMap | None = None,
    rules: Rules = USUAL,
    only: Collection[int] = (),
    *,
    expected: str | None = None,
) -> tuple[Run, list[str]]:
    """Reconcile the books with a partner's ledger to the end of a month; gives the run and words on the file.

    The file is the ledger from the start of the year, or of the months ``only``: then the lines of other months are
    those of the run before. A match of an earlier run stands where all its lines are still there and nobody undid it;
    a match that was undone is not made again. The same files, books and rules again are the same run. ``expected`` is
    the digest of what the person had looked at before: another outcome is not kept unseen.

    Raises as ``read_ledger`` does, and ChangedMeanwhile: it would come out otherwise than it was looked at.
    """
    ledger = read_ledger(pool, partner, month, path, ledger_map)
    notes = list(ledger.notes)
    with pool.writing(Action.RECONCILE) as writing:
        found = work_out(pool, ledger, rules, only)
        if expected not in (None, found.digest):
            raise ChangedMeanwhile(
                f"the books or the matches of {partner} M{month} have changed since you looked: nothing was kept. Look "
                "at what would match now, then keep it."
            )
        if found.repeats is not None:
            notes.append(f"the same files and books as in event {found.repeats}: nothing new was recorded")
            return found.run, notes
        return _run(writing.event(RAN, found.payload), found.payload), notes


def live_matches(pool: Pool, run: Run, ours: Mapping[str, Known], as_of: int | None = None) -> dict[str, Match]:
    """The matches of a run and those made by hand that stand: every line still there, and undone by nobody."""
    gone = undone(pool, as_of)
    made = {item_of(each): each for each in (*run.matches, *by_hand(pool, run.partner, run.month, as_of))}
    return {item: each for item, each in made.items() if item not in gone and _stands(each, ours, run.theirs)}


def _matches(
    ours: Mapping[str, Known],
    theirs: Mapping[str, Known],
    rules: Rules,
    kept: Sequence[Match],
    gone: Collection[str],
    told: Told,
) -> tuple[list[Match], int]:
    """The matches of before that stand, those by hand first, and those that the passes find among the lines left.

    What a match that was undone held is offered to other lines, ours first and then theirs, never to one another.
    """
    stand = list({item_of(each): each for each in kept if _stands(each, ours, theirs)}.values())
    found, taken = list[Match](), set[str]()

    def keep(matches: Iterable[Match]) -> None:
        for match in matches:
            lines = {*match.ours, *match.theirs}
            if item_of(match) not in gone and not lines & taken:
                found.append(match)
                taken.update(lines)

    def among(but: Collection[str]) -> Matching:
        return match_lines(
            [each.line for name, each in ours.items() if name not in taken and name not in but],
            [each.line for name, each in theirs.items() if name not in taken and name not in but],
            rules,
            told,
        )

    keep(stand)
    made = among(())
    keep(made.matches)
    parted = [each for each in made.matches if item_of(each) in gone]
    for but in ({name for each in parted for name in each.theirs}, {name for each in parted for name in each.ours}):
        if but:
            keep(among(but).matches)
    return found, made.not_searched


def _stands(match: Match, ours: Mapping[str, Known], theirs: Mapping[str, Known]) -> bool:
    return all(name in ours for name in match.ours) and all(name in theirs for name in match.theirs)


def _read_match(kept: Sequence[JSON]) -> Match:
    by, ours, theirs, difference, days = kept
    assert isinstance(ours, Sequence)
    assert isinstance(theirs, Sequence)
    return Match(Pass(str(by)), tuple(map(str, ours)), tuple(map(str, theirs)), int(str(difference)), int(str(days)))


def _read(event: Event) -> Run:
    return _run(event.number, event.payload)


def _run(number: int, payload: Mapping[str, JSON]) -> Run:
    kept, matches = payload["theirs"], payload["matches"]
    assert isinstance(kept, list)
    assert isinstance(matches, list)
    theirs = {known.line.id: known for known in map(Known.from_payload, kept)}
    return Run(
        number,
        str(payload["partner"]),
        _month_of(payload),
        str(payload["file"]),
        theirs,
        tuple(map(_read_match, matches)),
        int(str(payload["not_searched"])),
    )


def _month(event: Event) -> int:
    return _month_of(event.payload)


def _month_of(payload: Mapping[str, JSON]) -> int:
    return int(str(payload["month"]))
