"""The tree behind a figure of the books: the rules' own sentences, down to the entries with their sources."""

from collections.abc import Sequence

from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.monitoring import period_label
from pooledfund.results.risk_position import RiskPosition, risk_position
from s75_rules.explain import Because, explain_line, explain_partner

SHOWN = 20
"""Entries of a line that are named one by one; statement lists them all."""


def partner_explained(pool: Pool, partner: str, month: int, as_of: int | None = None) -> Because:
    """Why a partner bears what it does at a month, down to the entries of its lines; raises NothingToExplain."""
    found = risk_position(pool, month, as_of)
    evidence = _Entries(pool, month, as_of)
    tree = explain_partner(pool.agreement, found.position, found.share, partner, evidence.of)
    return Because(f"{tree.says} {_standing(pool, found, as_of)}", tree.because)


def line_explained(pool: Pool, scheme: str, month: int, as_of: int | None = None) -> Because:
    """Why a line's variance at a month is what it is and who bears it, down to its entries; raises NothingToExplain."""
    found = risk_position(pool, month, as_of)
    evidence = _Entries(pool, month, as_of)
    tree = explain_line(pool.agreement, found.position, found.share, scheme, evidence.of)
    return Because(f"{tree.says} {_standing(pool, found, as_of)}", tree.because)


def _standing(pool: Pool, found: RiskPosition, as_of: int | None) -> str:
    head = pool.books.head(as_of)
    basis = "projected, on the forecast" if found.month < 12 else "on the outturn"
    return f"At {period_label(found.month)} of {pool.agreement.year}, {basis}; the books stand at event {head.number}."


class _Entries:
    """The entries of a line up to a month, as evidence of its budget and outturn."""

    def __init__(self, pool: Pool, month: int, as_of: int | None) -> None:
        self.pool, self.month, self.as_of = pool, month, as_of

    def of(self, scheme: str) -> Sequence[Because]:
        """The entries that make the line's budget, and those that make its spend to date."""
        budget = [entry for account in chart.LINE_BUDGETS for entry in self._posted("budget", account, scheme)]
        spend = self._posted("actual", chart.EXPENDITURE, scheme)
        return (*self._shown("Budget", budget), *self._shown("Spend to date", spend))

    def _posted(self, book: str, account: str, scheme: str) -> list[tuple[int, str, int]]:
        """Each entry's number, its sentence and what it posts to the account on the line."""
        found = []
        for each in self.pool.books.entries(
            book="budget" if book == "budget" else "actual",
            account=account,
            scheme=scheme,
            through_month=self.month,
            as_of=self.as_of,
        ):
            entry = each.entry
            pence = sum(
                posting.amount_pence
                for posting in entry.postings
                if posting.account == account and posting.scheme == scheme
            )
            source = f", source {entry.source_reference}" if entry.source_reference else ""
            said = (
                f"Entry {each.number} of {entry.effective_on:%-d %B %Y}, {entry.kind}: {pounds_for_people(pence)},"
                f" {entry.why}{source}."
            )
            found.append((each.number, said, pence))
        return found

    def _shown(self, what: str, entries: Sequence[tuple[int, str, int]]) -> list[Because]:
        if not entries:
            return []
        total = pounds_for_people(sum(pence for _, _, pence in entries))
        named = [Because(said) for _, said, _ in sorted(entries)[:SHOWN]]
        rest = len(entries) - len(named)
        if rest:
            named.append(Because(f"And {rest} entries more, which statement lists."))
        count = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
        return [Because(f"{what} of {total} in {count}:", tuple(named))]
