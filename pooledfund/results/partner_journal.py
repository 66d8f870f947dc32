"""The journal each partner makes in its own ledger for what the pool's books record. Posts nothing anywhere.

Cash and a body's own spend are in its ledger already and are left out: the bank brought the one, its own
invoices the other. What a partner spends for the pool is passed to the host.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Posting, RecordedEntry
from ledgers.money import pounds
from pooledfund import chart, templates
from pooledfund.access import Action, require
from pooledfund.pool import Pool
from pooledfund.results.hosts import host_of_posting
from s75_rules.agreement import Agreement
from s75_rules.ledger_lines import LEDGER_LINES

_BY_THE_BANK = frozenset({"receipt", "recharge paid"})
_SPEND = templates.SPEND_KINDS | {"suspense"}

_HOST_LINES: Mapping[str, str] = {
    chart.DEBTORS: "receivable",
    chart.OWN_LINES: "receivable",
    chart.HOST_TRANSFER: "service_budget",
    chart.CREDITORS: "payable",
    chart.ACCRUALS: "accruals",
    chart.EXPENDITURE: "pool_spend",
    chart.SUSPENSE: "suspense",
    chart.CARRIED_FORWARD: "carried_forward",
    chart.CASH: "cash",
}
"""The host keeps the pool: its lines are the pool's accounts under their names in a ledger; the rest is funding."""

_PARTNER_LINES: Mapping[str, str] = {
    chart.DEBTORS: "payable",
    chart.OWN_LINES: "own_lines",
    chart.CREDITORS: "receivable",
    chart.ACCRUALS: "receivable",
    chart.EXPENDITURE: "spend_recovered",
    chart.SUSPENSE: "suspense",
    chart.CARRIED_FORWARD: "held_by_host",
    chart.RISK_SHARE_INCOME: "risk_share",
    chart.RISK_SHARE_RETURNED: "risk_share",
    chart.BREACH_INCOME: "risk_share",
    chart.CASH: "cash",
}
"""Another partner sees the pool from the other side: what the pool is owed, it owes."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One leg of a partner's journal: its line and own code, with the pool's entry as its reference; debit plus."""

    effective_on: date
    line: str
    code: str | None
    scheme: str | None
    contribution: str | None
    pence: int
    reference: str
    why: str

    @property
    def name(self) -> str:
        """What the line is called where the partner gives no code of its own."""
        return LEDGER_LINES[self.line]

    def as_json(self) -> dict[str, str | None]:
        """The leg with its amount in pounds as text, on the side where it belongs."""
        return {
            "date": self.effective_on.isoformat(),
            "line": self.line,
            "name": self.name,
            "code": self.code,
            "scheme": self.scheme,
            "contribution": self.contribution,
            "debit": pounds(self.pence) if self.pence > 0 else None,
            "credit": pounds(-self.pence) if self.pence < 0 else None,
            "reference": self.reference,
            "narrative": self.why,
        }


@dataclass(frozen=True, slots=True)
class PartnerJournal:
    """What one partner posts in its own ledger; the legs of each of the pool's entries sum to nil."""

    partner: str
    rows: tuple[JournalRow, ...]

    @property
    def debits_pence(self) -> int:
        """The total of the debits, which is that of the credits."""
        return sum(row.pence for row in self.rows if row.pence > 0)


def partner_journals(
    pool: Pool, *, from_month: int = 1, through_month: int = 12, numbers: Iterable[int] | None = None
) -> tuple[PartnerJournal, ...]:
    """Each partner's journal for the actual book's entries of some months, or for the entries of these numbers."""
    require(pool.actor, Action.READ)
    wanted = None if numbers is None else frozenset(numbers)
    entries = [
        each
        for each in pool.books.entries(book="actual", through_month=through_month)
        if each.month >= from_month and (wanted is None or each.number in wanted)
    ]
    journals = (PartnerJournal(each, tuple(_rows(pool.agreement, each, entries))) for each in pool.agreement.partners)
    return tuple(journal for journal in journals if journal.rows)


def _rows(agreement: Agreement, partner: str, entries: Iterable[RecordedEntry]) -> Iterable[JournalRow]:
    """The legs of each entry: in the accounts that the partner keeps as a host, else what is its own seen from it."""
    for recorded in entries:
        entry = recorded.entry
        hosts = [host_of_posting(agreement, entry, posting) for posting in entry.postings]
        concerned = [
            (posting, host == partner)
            for posting, host in zip(entry.postings, hosts, strict=True)
            if partner in (host, posting.partner)
        ]
        if not concerned or entry.kind in _BY_THE_BANK:
            continue
        if entry.kind in _SPEND and {(posting.partner, host) for posting, host in concerned} == {(partner, True)}:
            continue
        legs = [
            (_host_line(agreement, entry.kind, posting), posting, posting.amount_pence)
            if hosted
            else (_partner_line(posting), posting, -posting.amount_pence)
            for posting, hosted in concerned
        ]
        if rest := -sum(pence for _, _, pence in legs):
            # A journal made by hand need not balance for each partner: the other side is with another host.
            legs.append(("receivable" if rest > 0 else "payable", legs[0][1], rest))
        for line, posting, pence in legs:
            yield JournalRow(
                effective_on=entry.effective_on,
                line=line,
                code=agreement.partners[partner].accounting.get(line),
                scheme=posting.scheme,
                contribution=posting.contribution,
                pence=pence,
                reference=f"{agreement.id}/{recorded.number}",
                why=f"{entry.kind}: {entry.why}",
            )


def _host_line(agreement: Agreement, kind: str, posting: Posting) -> str:
    if kind == "settlement" and posting.account == chart.HOST_TRANSFER:
        return "general_fund"
    if posting.account.startswith(chart.reserve_account("")):
        return "reserve"
    if posting.account == chart.CARRIED_FORWARD and posting.contribution is not None:
        contribution = agreement.contributions[posting.contribution]
        if contribution.partner == agreement.host_of(contribution.fund) and contribution.unspent_grant:
            return contribution.unspent_grant
    return _HOST_LINES.get(posting.account, "pool_funding")


def _partner_line(posting: Posting) -> str:
    if posting.account.startswith(chart.reserve_account("")):
        return "held_by_host"
    return _PARTNER_LINES.get(posting.account, "contribution")
