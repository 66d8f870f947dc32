"""The tree behind a figure of the books: the rules' own sentences, down to the entries with their sources."""

from collections.abc import Sequence

from ledgers.journal import Posting
from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.intake.outturns import Outturns
from pooledfund.pool import Pool
from pooledfund.results.conditions import ConditionsReport, conditions_of_agreement, conditions_report
from pooledfund.results.contributions import contribution_position
from pooledfund.results.explaining_account import EntriesBehind
from pooledfund.results.monitoring import period_label
from pooledfund.results.risk_position import RiskPosition, risk_position
from s75_rules.agreement import Agreement
from s75_rules.area_rules import rules_for
from s75_rules.clock import day_words
from s75_rules.explain import Because, explain_line, explain_partner
from s75_rules.explain_contribution import explain_contribution
from s75_rules.explain_tests import Budgets, explain_test

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


def contribution_explained(pool: Pool, contribution: str, month: int, as_of: int | None = None) -> Because:
    """Why a contribution is what it is, what changed it, what of it is due and met at a month; NothingToExplain."""
    tree = explain_contribution(pool.agreement, contribution)
    position = next(
        each for each in contribution_position(pool, month, as_of).positions if each.contribution == contribution
    )
    behind = EntriesBehind(pool, month, as_of)

    def of(posting: Posting) -> bool:
        return posting.contribution == contribution

    plan = EntriesBehind(pool, month, as_of, "budget").of([chart.CONTRIBUTION_PLAN], of, -1)
    books = (
        Because(f"In the books it is {pounds_for_people(position.agreed_pence)}:", plan),
        Because(f"Due to date: {pounds_for_people(position.due_pence)}.", behind.of([chart.INCOME], of, -1)),
        Because(
            f"Met to date: {pounds_for_people(position.received_pence)}, in cash"
            f" {pounds_for_people(position.cash_pence)}, by book {pounds_for_people(position.by_book_pence)}, kept for"
            f" own lines {pounds_for_people(position.own_lines_pence)}.",
            behind.of([chart.CASH, chart.HOST_TRANSFER, chart.OWN_LINES], of),
        ),
        Because(f"Overdue: {pounds_for_people(position.overdue_pence)}."),
    )
    head = pool.books.head(as_of)
    at = f"At {period_label(month)} of {pool.agreement.year}; the books stand at event {head.number}."
    return Because(f"{tree.says} {at}", (*tree.because[:-1], *books, tree.because[-1]))


def condition_explained(pool: Pool, which: str, month: int, as_of: int | None = None) -> Because:
    """Why a condition, minimum or earmark is met or not at a month; raises NothingToExplain."""
    report = conditions_report(pool, month, as_of)
    tree = _of_report(pool.agreement, report, pool.current_budgets(month, as_of), which)
    return Because(
        f"{tree.says} At {period_label(month)}; the books stand at event {pool.books.head(as_of).number}.", tree.because
    )


def conditions_explained(pool: Pool) -> dict[str, str]:
    """Every minimum, earmark and condition that can be explained, by its id, with its name in words."""
    rules = rules_for(pool.agreement)
    minimums: dict[str, str] = {each.id: f"Minimum: {each.title}" for each in rules.tests}
    conditions = {each.id: f"Condition {each.number}: {each.title}" for each in rules.conditions}
    return {
        **conditions,
        **{each.id: f"Earmark: {each.name}" for each in pool.agreement.earmarks.values()},
        **minimums,
    }


def condition_of_agreement(agreement: Agreement, outturns: Outturns | None, which: str) -> Because:
    """The same from an agreement without books, on its plan and on outturns where they are given."""
    budgets = {
        (line.id, each): agreement.budget_pence(line.id, each)
        for line in agreement.schemes.values()
        for each in line.budgets
    }
    return _of_report(agreement, conditions_of_agreement(agreement, outturns), budgets, which)


def _of_report(agreement: Agreement, report: ConditionsReport, budgets: Budgets, which: str) -> Because:
    return explain_test(agreement, report.conditions, report.tests, report.earmarks, budgets, which)


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
                f"Entry {each.number} of {day_words(entry.effective_on)}, {entry.kind}: {pounds_for_people(pence)},"
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
