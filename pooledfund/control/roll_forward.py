"""Rolling the books forward: next year opens with this year's closing, and what changes later is a prior-year item.

The two pools prove each other: both keep the digest of the balances that went from one to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgers.journal import Entry
from ledgers.registers import registers_of
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.agreement_file import AgreementFile
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.closing_balances import RollForward, roll_forward_of
from pooledfund.results.settlement import settlement_due
from pooledfund.templates import BroughtForwardKind, Stamp

ROLLED = "rolled forward"
BROUGHT = "balances brought forward"


class RollForwardRefused(InputRefused):
    """A year that cannot be rolled forward into another."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a roll-forward posted into the new year: its entries, none where both years agreed already."""

    found: RollForward
    kind: BroughtForwardKind
    entries: tuple[int, ...]


def open_next_year(old: Pool, file: AgreementFile) -> Pool:
    """Open next year's books in the same place, also on a draft agreement; those that are there are used.

    Raises:
        RollForwardRefused: the agreement does not follow this one, or is not for the next year.
    """
    require(old.actor, Action.PLAN)
    agreement = file.agreement
    if agreement.header.follows != old.agreement.id:
        raise RollForwardRefused(
            f"{agreement.id} does not follow {old.agreement.id}: write follows: {old.agreement.id}"
        )
    if agreement.year.starts != old.agreement.year.starts + 1:
        raise RollForwardRefused(f"{agreement.id} is for {agreement.year}, which does not follow {old.agreement.year}")
    place = old.books.books.place
    if agreement.id in old.books.books.pool_ids():
        return Pool.open(place, agreement.id, old.actor, old.clock)
    return Pool.create(place, file, old.actor, old.clock)


def roll_forward(old: Pool, new: Pool) -> Rolled:
    """Bring last year's closing balances into the new year, or post what has changed of them since.

    The first time it is the opening; afterwards, as when the audited outturn differs from the provisional one, the
    difference is a prior-year adjustment of the new year. Contributions that were held go with their budget.

    Raises:
        RollForwardRefused: last year is not settled.
        CannotBeCarried: the new agreement has no place for a balance.
        LedgerRefusal: no month of the new year is open, or a contribution would be left overspent by its budget.
    """
    require(old.actor, Action.PLAN)
    if not settlement_due(old).nothing:
        raise RollForwardRefused(f"{old.agreement.id} is not settled: settle it first, so that what is unspent is held")
    found = roll_forward_of(old, new)
    first = not new.books.entries(book="actual", kind="brought forward")
    kind: BroughtForwardKind = "brought forward" if first else "prior-year adjustment"
    if found.agrees:
        return Rolled(found, kind, ())
    head = old.books.head()
    state = old.books.month_states()[12]
    entries = list(_entries(old, new, found, kind))
    with new.writing(Action.PLAN) as writing:
        missing = [each for each in chart.ROLL_FORWARD_ACCOUNTS if each.code not in new.books.accounts()]
        if missing:
            # Books opened before years were rolled forward.
            writing.extend_registers(registers_of(missing, {}, {}, {}))
        writing.event(
            BROUGHT,
            {
                "from": old.agreement.id,
                "event": head.number,
                "head": head.hash,
                "kind": kind,
                "last_month": state,
                "digest": found.closing_digest,
            },
        )
        recorded = writing.record_all(entries)
    after = roll_forward_of(old, new)
    with old.writing(Action.PLAN) as writing:
        writing.event(
            ROLLED, {"to": new.agreement.id, "event": new.books.head().number, "digest": after.opening_digest}
        )
    return Rolled(after, kind, tuple(each.number for each in recorded))


def _entries(old: Pool, new: Pool, found: RollForward, kind: BroughtForwardKind) -> Iterator[Entry]:
    year, head = old.agreement.year, old.books.head().number
    day, _ = new.posting_day(new.agreement.year.first_day)
    label = "brought forward from" if kind == "brought forward" else "prior-year adjustment of"

    def stamp(why: str, key: str) -> Stamp:
        reference = f"{old.agreement.id}, event {head}"
        return Stamp(day, new.actor.name, why, reference, f"{kind}/{old.agreement.id}/{head}/{key}")

    differences = found.differences_pence
    rows = [(account, contribution, partner, pence) for (account, contribution, partner), pence in differences.items()]
    yield templates.brought_forward(stamp(f"{label} {year}", "balances"), kind, rows)
    for (account, contribution, _), pence in differences.items():
        if account == chart.CARRIED_FORWARD and contribution is not None:
            partner = new.agreement.contributions[contribution].partner
            why = f"{contribution}, {label} {year}, is there to be spent"
            yield templates.carried_into_year(stamp(why, f"spend/{contribution}"), contribution, partner, -pence)
            line = _only_line(new, contribution)
            why = f"budget of {contribution}, {label} {year}"
            yield templates.budget_carried_into_year(
                stamp(why, f"budget/{contribution}"), line, contribution, partner, -pence
            )


def _only_line(pool: Pool, contribution: str) -> str | None:
    """The line that a contribution pays for where it pays for only one."""
    lines = [scheme.id for scheme in pool.agreement.schemes.values() if contribution in scheme.budgets]
    return lines[0] if len(lines) == 1 else None
