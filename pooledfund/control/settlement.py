"""Settling the year: the risk share of the outturn enters the books, trued up when it is settled again."""

import json
from dataclasses import dataclass, replace
from datetime import date

from ledgers.journal import Entry
from ledgers.money import apportion_signed, pounds_for_people
from ledgers.seal import JSON
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.settlement import SettlementDue, settlement_due
from pooledfund.templates import Part, Stamp
from s75_rules.agreement import Agreement
from s75_rules.version import rule_set


class SettlementRefused(InputRefused):
    """A risk share that cannot be settled yet."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement posted; no entries where the books showed it all already."""

    due: SettlementDue
    entries: tuple[int, ...]


def settle(pool: Pool) -> Settled:
    """Post the outturn's risk share less what earlier settlements posted; the result is kept with the event.

    Partners bear and get back gross; reserves move by who funded them; what is carried forward keeps its partner
    and source.

    Raises:
        SettlementRefused: something of the variance is unresolved, or suspense is not empty.
        LedgerRefusal: no month is open to post to.
    """
    require(pool.actor, Action.SETTLE)
    due = settlement_due(pool)
    share = due.position.share
    unresolved = share.unresolved_overspend_pence + share.unresolved_underspend_pence
    if unresolved:
        raise SettlementRefused(
            f"{pounds_for_people(unresolved)} of the variance is unresolved: "
            "record the board's decision in the agreement first"
        )
    suspense = sum(pool.books.balances("actual", ("account",), accounts=(chart.SUSPENSE,)).values())
    if suspense:
        raise SettlementRefused(
            f"{pounds_for_people(suspense)} waits in suspense: post it to the lines it belongs to first"
        )
    if due.nothing:
        return Settled(due, ())
    day, note, adjusting = _settlement_day(pool)
    with pool.writing(Action.SETTLE) as writing:
        payload: dict[str, JSON] = {
            "due": due.as_json(),
            "risk_share": json.dumps(due.position.as_json()),
            "rule_set": dict(rule_set(pool.agreement).as_json()),
        }
        event = writing.event("settlement", payload)
        entries = _entries(pool, due, event, day, note)
        recorded = writing.record_all([replace(entry, adjusting=adjusting) for entry in entries])
    return Settled(due, tuple(each.number for each in recorded))


def _settlement_day(pool: Pool) -> tuple[date, str | None, bool]:
    """The year's last day: also where its month takes adjusting entries only, as a settlement is one."""
    last_day = pool.agreement.year.last_day
    if pool.books.month_states()[12] == "adjusting":
        return last_day, None, True
    return *pool.posting_day(last_day), False


def _entries(pool: Pool, due: SettlementDue, event: int, day: date, note: str | None) -> list[Entry]:
    agreement = pool.agreement
    clauses = ", ".join(clause.clause for clause in agreement.risk_share)

    def stamp(why: str, key: str) -> Stamp:
        said = f"{why} ({note})" if note else why
        return Stamp(day, pool.actor.name, said, f"settlement, event {event}", f"settlement/{event}/{key}")

    entries = []
    if due.borne_pence or due.returned_pence:
        entries.append(
            templates.settlement(
                stamp(f"risk share settled, {clauses}", "risk-share"),
                _host(agreement),
                due.borne_pence,
                due.returned_pence,
            )
        )
    for reserve, drawn in due.reserves_drawn_pence.items():
        word = "drawn" if drawn > 0 else "fed"
        why = stamp(f"reserve {reserve} {word}, by who funded it", f"reserve/{reserve}")
        in_all = -due.position.share.reserves_pence[reserve]
        entries.append(templates.reserve_moved(why, reserve, _reserve_parts(pool, reserve, in_all)))
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


def _host(agreement: Agreement) -> str:
    return next(fund.host for fund in agreement.funds.values() if fund.kind == "pooled")
