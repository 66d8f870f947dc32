"""Settling a period: the risk share to date enters the books, trued up when it is settled again."""

import json
from dataclasses import dataclass, replace
from datetime import date

from ledgers.calendar import MONTHS
from ledgers.journal import Entry
from ledgers.money import apportion_signed, pounds_for_people
from ledgers.seal import JSON
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.course import last_month_with_spend
from pooledfund.results.hosts import settling_host
from pooledfund.results.monitoring import period_label
from pooledfund.results.settlement import SettlementDue, by_host, disputed, settlement_due, unsettled
from pooledfund.templates import Part, Stamp
from s75_rules.agreement import Agreement
from s75_rules.trace import listed
from s75_rules.version import rule_set


class SettlementRefused(InputRefused):
    """A risk share that cannot be settled yet."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement posted; no entries where the books showed it all already."""

    due: SettlementDue
    entries: tuple[int, ...]


def settle(pool: Pool, month: int = 12, *, without_disputed: bool = False) -> Settled:
    """Post the risk share to date less what earlier settlements posted; the result is kept with the event.

    What is in dispute is in no partner's share. A settlement with something in dispute is refused, unless it is
    asked for ``without_disputed``: then the rest is posted, and a later one takes it in when the dispute is over.

    The year's end settles the outturn. A month or quarter before it settles, once it is closed, what partners
    bear and reserves give for the overspend to date: spend less the budget that falls to then by profile.
    Partners bear and get back gross; reserves move by who funded them; what is carried forward keeps its partner
    and source. A later settlement trues up an earlier one.

    Raises:
        SettlementRefused: the period has not run or is not closed, something of its variance is unresolved
            or disputed, suspense is not empty, or a later period was settled.
        LedgerRefusal: no month is open to post to.
    """
    require(pool.actor, Action.SETTLE)
    _check_period(pool, month)
    due = settlement_due(pool, month)
    _check_resolved(due)
    contested = disputed(due.position.share)
    if contested and not without_disputed:
        raise SettlementRefused(
            f"{listed(str(each) for each in contested)} is in dispute: resolve it first, "
            "or settle without what is disputed"
        )
    suspense = sum(pool.books.balances("actual", ("account",), accounts=(chart.SUSPENSE,)).values())
    if suspense:
        raise SettlementRefused(
            f"{pounds_for_people(suspense)} waits in suspense: post it to the lines it belongs to first"
        )
    if due.nothing:
        return Settled(due, ())
    day, note, adjusting = _settlement_day(pool, month)
    with pool.writing(Action.SETTLE) as writing:
        payload: dict[str, JSON] = {
            "month": month,
            "due": due.as_json(),
            "risk_share": json.dumps(due.position.as_json()),
            "rule_set": dict(rule_set(pool.agreement).as_json()),
        }
        event = writing.event("settlement", payload)
        entries = _entries(pool, due, event, day, note)
        recorded = writing.record_all([replace(entry, adjusting=adjusting) for entry in entries])
    return Settled(due, tuple(each.number for each in recorded))


def months_not_closed(pool: Pool, month: int) -> tuple[int, ...]:
    """The months before the year's last, up to a month, to which spend may still be posted."""
    states = pool.books.month_states()
    return tuple(each for each in MONTHS if each <= min(month, 11) and states[each] != "closed")


def _check_period(pool: Pool, month: int) -> None:
    """A period is settled on figures that stand: after it has run, and before any later period was settled."""
    year, last_day = pool.agreement.year, pool.agreement.year.month_ends(month)
    label, still_open = period_label(month), months_not_closed(pool, month)
    if pool.clock().date() < last_day:
        raise SettlementRefused(
            f"{label} of {year} has not run before {last_day.isoformat()}: settle a period that has"
        )
    settled = [int(str(event.payload.get("month", 12))) for event in pool.books.events(kind="settlement")]
    if settled and max(settled) > month:
        raise SettlementRefused(
            f"{period_label(max(settled))} was settled already, and with it {label}: "
            f"settle {period_label(max(settled))} again, or a later period"
        )
    if month < 12 and still_open:
        raise SettlementRefused(f"{_months(still_open)} not closed, so spend may still arrive: close {label} first")
    spent = last_month_with_spend(pool)
    if month == 12 and any(each <= 9 for each in still_open) and (spent is None or spent <= 9):
        raise SettlementRefused(
            f"nothing is spent after {f'M{spent}' if spent else 'the opening'} and {_months(still_open)} not closed: "
            "spend to date is not the outturn. Import the rest of the year, or close its quarters, or settle a closed "
            "quarter"
        )


def _months(months: tuple[int, ...]) -> str:
    named = f"M{months[0]}" if len(months) == 1 else f"M{months[0]} to M{months[-1]}"
    return f"{named} {'is' if len(months) == 1 else 'are'}"


def _check_resolved(due: SettlementDue) -> None:
    """Nothing is settled while a clause leaves open who bears it; before the year's end only an overspend counts."""
    share = due.position.share
    sides = {"overspend": share.unresolved_overspend_pence}
    if due.position.month == 12:
        sides["underspend"] = share.unresolved_underspend_pence
    if not any(sides.values()):
        return
    named = [str(each) for each in unsettled(share) if sides.get(each.side)]
    raise SettlementRefused(
        f"{pounds_for_people(sum(sides.values()))} of the variance is unresolved ({listed(named)}): "
        "record the board's decision first, with its minute: pooledfund decide"
    )


def _settlement_day(pool: Pool, month: int) -> tuple[date, str | None, bool]:
    """The period's last day: also where the year's last month takes adjusting entries only, as a settlement is one."""
    last_day = pool.agreement.year.month_ends(month)
    if month == 12 and pool.books.month_states()[12] == "adjusting":
        return last_day, None, True
    return *pool.posting_day(last_day), False


def _entries(pool: Pool, due: SettlementDue, event: int, day: date, note: str | None) -> list[Entry]:
    agreement = pool.agreement
    clauses = ", ".join(clause.clause for clause in agreement.risk_share)

    def stamp(why: str, key: str) -> Stamp:
        said = f"{why} ({note})" if note else why
        last_day = agreement.year.month_ends(due.position.month)
        return Stamp(day, pool.actor.name, said, f"settlement, event {event}", f"settlement/{event}/{key}", last_day)

    entries = []
    for host, (borne, returned) in by_host(agreement, due).items():
        key = "risk-share" if host == settling_host(agreement) else f"risk-share/{host}"
        entries.append(templates.settlement(stamp(f"risk share settled, {clauses}", key), host, borne, returned))
    for reserve, drawn in due.reserves_drawn_pence.items():
        word = "drawn" if drawn > 0 else "fed"
        why = stamp(f"reserve {reserve} {word}, by who funded it", f"reserve/{reserve}")
        in_all = -due.position.share.reserves_pence[reserve]
        entries.append(templates.reserve_moved(why, reserve, _reserve_parts(pool, reserve, in_all)))
    if due.between_hosts_pence:
        why = stamp("relief of one host's lines by another's funds", "between-hosts")
        entries.append(templates.between_hosts(why, due.between_hosts_pence))
    for contribution, pence in due.carried_forward_pence.items():
        partner = agreement.contributions[contribution].partner
        why = stamp(f"{contribution} not yet spent, carried forward", f"carry-forward/{contribution}")
        entries.append(templates.carry_forward(why, _only_line(agreement, contribution), contribution, partner, pence))
    for contribution, pence in due.returned_to_funder_pence.items():
        partner = agreement.contributions[contribution].partner
        why = stamp(f"{contribution} not spent, returned to its payer", f"return/{contribution}")
        entries.append(templates.return_to_funder(why, contribution, partner, pence))
    return entries


def _reserve_parts(pool: Pool, reserve: str, drawn_in_all_pence: int) -> list[Part]:
    """What is still to move of a reserve: the whole draw by what each contribution put in, less what moved before.

    What no contribution put in, and what is fed, has no partner.
    """
    account = chart.reserve_account(reserve)
    moved: dict[Funder, int] = {}
    for recorded in pool.books.entries(book="actual", kind="reserve draw", account=account):
        for posting in recorded.entry.postings:
            if posting.account == account:
                funder = (posting.contribution, posting.partner)
                moved[funder] = moved.get(funder, 0) + posting.amount_pence
    balances = pool.books.balances("actual", ("contribution", "partner"), accounts=(account,))
    held = {_funder(key): moved.get(_funder(key), 0) - pence for key, pence in balances.items()}
    order = {each: place for place, each in enumerate(pool.agreement.contributions)}
    funders = sorted((each for each in held if held[each] > 0), key=lambda funder: order.get(str(funder[0]), -1))
    target: dict[Funder, int] = {(None, None): drawn_in_all_pence}
    if drawn_in_all_pence > 0 and funders:
        parts = apportion_signed(drawn_in_all_pence, [held[each] for each in funders])
        target = dict(zip(funders, parts, strict=True))
    left = {each: target.get(each, 0) - moved.get(each, 0) for each in dict.fromkeys((*target, *moved))}
    return [(contribution, partner, pence) for (contribution, partner), pence in left.items() if pence]


Funder = tuple[str | None, str | None]
"""The contribution that put money into a reserve, and its partner; none for what was brought forward."""


def _funder(key: tuple[str | int | None, ...]) -> Funder:
    return _text(key[0]), _text(key[1])


def _text(dimension: str | int | None) -> str | None:
    return None if dimension is None else str(dimension)


def _only_line(agreement: Agreement, contribution: str) -> str | None:
    """The line that a contribution pays for where it pays for only one."""
    lines = [scheme.id for scheme in agreement.schemes.values() if contribution in scheme.budgets]
    return lines[0] if len(lines) == 1 else None
