"""The entries of a variation: budgets, reserves and the instalments that are left. Decides and posts nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Entry
from ledgers.money import pounds_for_people
from pooledfund import chart, templates
from pooledfund.pool import Pool
from pooledfund.templates import Stamp
from s75_rules.agreement import Agreement
from s75_rules.contributions import rescheduled


@dataclass(frozen=True, slots=True)
class Approval:
    """Which body approved a variation, in which minute, and from which day it takes effect."""

    effective_on: date
    minute: str
    body: str


def due_by_day(pool: Pool, account: str, contribution: str) -> dict[date, int]:
    """What of a contribution fell due, or was kept for own lines or met by book when due, by day in pence."""
    kinds = {chart.INCOME: "contribution due", chart.OWN_LINES: "contribution net of own lines"}
    found: dict[date, int] = {}
    for recorded in pool.books.entries(book="actual", kind=kinds[account], account=account):
        for posting in recorded.entry.postings:
            if posting.account == account and posting.contribution == contribution:
                day = recorded.entry.effective_on
                found[day] = found.get(day, 0) + posting.amount_pence * (-1 if account == chart.INCOME else 1)
    return found


@dataclass(frozen=True, slots=True)
class VariationEntries:
    """The entries of one variation, each with its approval."""

    pool: Pool
    agreement: Agreement
    approval: Approval
    mark: str

    def _stamp(self, what: str, key: str, on: date | None = None) -> Stamp:
        approval = self.approval
        return Stamp(
            on=on or approval.effective_on,
            who=self.pool.actor.name,
            why=f"{what}, {approval.body}, {approval.minute}",
            reference=approval.minute,
            key="/".join(("variation", self.mark, key, approval.effective_on.isoformat(), approval.minute)),
        )

    def budget(self, contribution: str, pence: int, lines: Mapping[str, int]) -> Entry:
        """A contribution changes by pence, and the lines that it pays for by theirs."""
        partner = self.agreement.contributions[contribution].partner
        word = f"{contribution} {'rises' if pence > 0 else 'falls'} by {pounds_for_people(abs(pence))}"
        stamp = self._stamp(word if pence else f"budgets of {contribution} change", contribution)
        return templates.contribution_change(stamp, contribution, partner, pence, lines)

    def reserves(self) -> Iterator[Entry]:
        """What another text puts into reserves beyond what was put in, or takes out of what is left unspent."""
        books = self.pool.books.balances("budget", ("account", "contribution"))
        for reserve in self.agreement.reserves.values():
            account = chart.reserve_budget_account(reserve.id)
            for contribution, partner in (
                (each.id, each.partner) for each in self.agreement.contributions.values() if self.mark
            ):
                wanted = reserve.funded_by.get(contribution, 0) if reserve.held == "in_pool" else 0
                if pence := wanted - books.get((account, contribution), 0):
                    what, key = f"reserve {reserve.id} from {contribution}", f"{reserve.id}/{contribution}"
                    place = (reserve.id, contribution, partner, pence)
                    yield templates.reserve_budget(self._stamp(what, f"{key}/budget"), *place)
                    yield templates.reserve_funded(self._stamp(what, key), *place)

    def instalments(self, contribution: str, total: int, own: int) -> tuple[dict[date, int], list[Entry]]:
        """The instalments that are left come to the new total; how each is met follows it."""
        each, from_day = self.agreement.contributions[contribution], self.approval.effective_on
        due = rescheduled(self.agreement, each, total, due_by_day(self.pool, chart.INCOME, contribution), from_day)
        kept = rescheduled(self.agreement, each, own, due_by_day(self.pool, chart.OWN_LINES, contribution), from_day)
        made, place = [], (contribution, each.partner)
        for day, pence in due.items():
            what, key = f"instalment of {contribution} changes", f"{contribution}/{day.isoformat()}"
            made.append(templates.contribution_due(self._stamp(what, f"{key}/due", day), *place, pence))
            if self.agreement.settled_as(each) == "book":
                made.append(templates.paid_by_book(self._stamp(what, f"{key}/book", day), *place, pence))
        for day, pence in kept.items():
            what, key = f"what {contribution} keeps for own lines changes", f"{contribution}/{day.isoformat()}"
            made.append(templates.kept_for_own_lines(self._stamp(what, f"{key}/own-lines", day), *place, pence))
        return due, made
