"""The tree behind a figure of the memorandum account, from the figure to its parts and their entries."""

from collections.abc import Callable, Sequence
from itertools import groupby

from ledgers.journal import Book, Posting
from ledgers.money import pounds_for_people
from pooledfund import chart
from pooledfund.pool import Pool
from pooledfund.results.memorandum import MemorandumAccount, memorandum_account
from pooledfund.results.monitoring import period_label
from pooledfund.results.risk_position import position_to_date
from s75_rules.agreement import Agreement
from s75_rules.clock import day_words
from s75_rules.explain import Because, NothingToExplain, explain_partner, parameters_said

SHOWN = 20
"""Entries of one kind that are named one by one; statement lists them all."""

FIGURES = (
    "brought_forward", "funding", "funding/PARTNER", "expenditure", "expenditure/LINE", "closing_balance", "revenue",
    "capital", "cost/PARTNER", "suspense",
)  # fmt: skip


def account_figures(agreement: Agreement) -> dict[str, str]:
    """Every figure of the account that can be explained, by its id, with its name in words."""
    lines = {f"expenditure/{each.id}": f"Spend of {each.id} {each.name}" for each in agreement.schemes.values()}
    funding = {f"funding/{each.id}": f"Funding by {each.name}" for each in agreement.partners.values()}
    cost = {f"cost/{each.id}": f"Cost to {each.name}" for each in agreement.partners.values()}
    return {
        "brought_forward": "Brought forward",
        "funding": "Funding of the pool",
        **funding,
        "expenditure": "Spend of the scheme lines",
        **lines,
        "closing_balance": "Closing balance",
        "revenue": "Revenue",
        "capital": "Capital",
        **cost,
        "suspense": "In suspense",
    }


class EntriesBehind:
    """The entries of a book up to a month that make an amount, by kind."""

    def __init__(self, pool: Pool, month: int, as_of: int | None, book: Book = "actual") -> None:
        self._pool, self._month, self._as_of, self._book = pool, month, as_of, book

    def of(
        self, accounts: Sequence[str], where: Callable[[Posting], bool] = lambda _: True, sign: int = 1
    ) -> tuple[Because, ...]:
        """Each kind of entry with its count and sum; ``sign`` -1 tells credits as what they bring."""
        found: dict[int, tuple[str, int, str]] = {}
        for account in accounts:
            for each in self._pool.books.entries(
                book=self._book, account=account, through_month=self._month, as_of=self._as_of
            ):
                entry = each.entry
                pence = sum(
                    posting.amount_pence * sign
                    for posting in entry.postings
                    if posting.account == account and where(posting)
                )
                if pence:
                    before = found[each.number][1] if each.number in found else 0
                    source = f", source {entry.source_reference}" if entry.source_reference else ""
                    why = f"of {day_words(entry.effective_on)}, {entry.kind}: {{}}, {entry.why}{source}."
                    found[each.number] = (entry.kind, before + pence, why)
        rows = sorted((kind, number, pence, why) for number, (kind, pence, why) in found.items())
        return tuple(_of_kind(kind, list(several)) for kind, several in groupby(rows, key=lambda row: row[0]))


def _of_kind(kind: str, rows: list[tuple[str, int, int, str]]) -> Because:
    total = pounds_for_people(sum(pence for _, _, pence, _ in rows))
    count = "1 entry" if len(rows) == 1 else f"{len(rows)} entries"
    named = [
        Because(f"Entry {number} {why.replace('{}', pounds_for_people(pence), 1)}")
        for _, number, pence, why in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        named.append(Because(f"And {len(rows) - SHOWN} entries more, which statement lists."))
    return Because(f"{kind[:1].upper()}{kind[1:]}: {total} in {count}.", tuple(named))


def account_explained(pool: Pool, figure: str, month: int, as_of: int | None = None) -> Because:
    """Why a figure of the memorandum account is what it is, down to its entries.

    Raises:
        NothingToExplain: the account has no such figure.
    """
    account = memorandum_account(pool, month, as_of)
    head = pool.books.head(as_of)
    at = f"At {period_label(month)} of {pool.agreement.year}; the books stand at event {head.number}."
    tree = _Figures(pool, account, EntriesBehind(pool, month, as_of), as_of).of(figure)
    return Because(f"{tree.says} {at}", (*tree.because, parameters_said(pool.agreement)))


class _Figures:
    """Each figure of the account as a tree; a total is the sum of what stands beneath it."""

    def __init__(
        self, pool: Pool, account: MemorandumAccount, entries: EntriesBehind, as_of: int | None = None
    ) -> None:
        self._agreement, self._account, self._entries = pool.agreement, account, entries
        self._pool, self._as_of = pool, as_of

    def of(self, figure: str) -> Because:
        name, _, part = figure.partition("/")
        whole: dict[str, Callable[[], Because]] = {
            "brought_forward": self._brought_forward,
            "funding": self._funding,
            "expenditure": self._expenditure,
            "closing_balance": self._closing,
            "revenue": lambda: self._section("revenue"),
            "capital": lambda: self._section("capital"),
            "suspense": self._suspense,
        }
        if not part and name in whole:
            return whole[name]()
        if name in ("funding", "cost") and part in self._agreement.partners:
            return self._funding_of(part) if name == "funding" else self._cost_of(part)
        if name == "expenditure" and part in self._agreement.schemes:
            return self._spend_of(part)
        raise NothingToExplain(
            f"'{figure}' is no figure of the memorandum account of {self._agreement.id}: name one of "
            f"{', '.join(FIGURES)}, with a partner or a line of the agreement"
        )

    def _brought_forward(self) -> Because:
        says = f"Brought forward from last year: {pounds_for_people(self._account.brought_forward_pence)}."
        return Because(says, self._entries.of([chart.BROUGHT_FORWARD]))

    def _funding(self) -> Because:
        parts = tuple(self._funding_of(each) for each in self._account.funding_by_partner_pence)
        return Because(f"Funding of the pool: {pounds_for_people(self._account.funding_pence)}.", parts)

    def _funding_of(self, partner: str) -> Because:
        """Contributions, shares of overspend and interest, less what was returned."""
        account, parts = self._account, list[Because]()
        for each in self._agreement.contributions.values():
            if each.partner == partner and account.contributions_pence.get(each.id):
                parts.append(self._due(each.id))
        for words, pence, accounts in (
            ("Overspend borne", account.risk_share_pence, (chart.RISK_SHARE_INCOME, chart.BREACH_INCOME)),
            ("Returned to it", account.returned_pence, (chart.RISK_SHARE_RETURNED, chart.RETURNED_TO_FUNDER)),
            ("Interest on late payment", account.late_interest_pence, (chart.LATE_INTEREST,)),
            ("Interest on the pool's cash", account.cash_interest_pence, (chart.CASH_INTEREST,)),
        ):
            if pence.get(partner):
                behind = self._entries.of(accounts, lambda one: one.partner == partner, -1)
                parts.append(Because(f"{words}: {pounds_for_people(pence[partner])}.", behind))
        if account.risk_share_pence.get(partner) or account.returned_pence.get(partner):
            parts.append(self._clauses_behind(partner))
        whole = pounds_for_people(account.funding_by_partner_pence.get(partner, 0))
        return Because(f"{self._agreement.partners[partner].name} funds {whole}.", tuple(parts))

    def _clauses_behind(self, partner: str) -> Because:
        """What the clauses give a partner of the spend to date; what was settled of it is in the entries beside it."""
        found = position_to_date(self._pool, self._account.month, self._as_of)
        tree = explain_partner(self._agreement, found.position, found.share, partner)
        return Because(f"By the clauses, on the spend to date: {tree.says}", tree.because[:-1])

    def _due(self, contribution: str) -> Because:
        amount = pounds_for_people(self._account.contributions_pence[contribution])
        behind = self._entries.of([chart.INCOME], lambda one: one.contribution == contribution, -1)
        return Because(f"Contribution {contribution} due to date: {amount}.", behind)

    def _expenditure(self) -> Because:
        parts = tuple(self._spend_of(each) for each, pence in self._account.spend_by_line_pence.items() if pence)
        return Because(f"Spend of the scheme lines: {pounds_for_people(self._account.expenditure_pence)}.", parts)

    def _spend_of(self, scheme: str) -> Because:
        spent = pounds_for_people(self._account.spend_by_line_pence.get(scheme, 0))
        says = f"Line {scheme} ({self._agreement.schemes[scheme].name}) spent {spent} to date."
        return Because(says, self._entries.of([chart.EXPENDITURE], lambda one: one.scheme == scheme))

    def _closing(self) -> Because:
        account = self._account
        held = [
            *((f"in reserve {each}", pence) for each, pence in account.reserves_pence.items()),
            *((f"carried forward with {each}", pence) for each, pence in account.carried_forward_pence.items()),
            ("put on no line or reserve", account.unallocated_pence),
            ("not yet settled: it goes when the year is settled", account.not_yet_settled_pence),
        ]
        parts = tuple(Because(f"{pounds_for_people(pence)} is {words}.") for words, pence in held if pence)
        return Because(
            f"Closing balance: {pounds_for_people(account.closing_pence)}, which is"
            f" {pounds_for_people(account.brought_forward_pence)} brought forward and"
            f" {pounds_for_people(account.funding_pence)} of funding less"
            f" {pounds_for_people(account.expenditure_pence)} of spend.",
            (self._brought_forward(), self._funding(), self._expenditure(), Because("It is held as:", parts)),
        )

    def _section(self, kind: str) -> Because:
        section = self._account.capital if kind == "capital" else self._account.revenue
        capital = {each.id for each in self._agreement.contributions.values() if each.is_capital}

        def is_of(one: Posting) -> bool:
            return (one.contribution in capital) == (kind == "capital")

        rule = (
            "Capital is what capital grants bring and what is spent of them."
            if kind == "capital"
            else "Revenue is all that is not capital grant."
        )
        return Because(
            f"{kind[:1].upper()}{kind[1:]}: funding of {pounds_for_people(section.funding_pence)} less spend of"
            f" {pounds_for_people(section.expenditure_pence)} leaves {pounds_for_people(section.balance_pence)}."
            f" {rule}",
            (
                Because("Contributions due:", self._entries.of([chart.INCOME], is_of, -1)),
                Because("Spend:", self._entries.of([chart.EXPENDITURE], is_of)),
            ),
        )

    def _cost_of(self, partner: str) -> Because:
        account = self._account
        cost, funding = account.cost_by_partner_pence.get(partner, 0), account.funding_by_partner_pence.get(partner, 0)
        held = pounds_for_people(funding - cost)
        accounts = [chart.CARRIED_FORWARD, chart.BROUGHT_FORWARD]
        accounts += [chart.reserve_account(each) for each in account.reserves_pence]
        behind = self._entries.of(accounts, lambda one: one.partner == partner, -1)
        return Because(
            f"{self._agreement.partners[partner].name} bears a cost of {pounds_for_people(cost)}: it funds"
            f" {pounds_for_people(funding)}, and {held} of that is held for it in reserves, carried forward or on no"
            " line.",
            (self._funding_of(partner), Because("Held for it or used of what was held:", behind)),
        )

    def _suspense(self) -> Because:
        says = f"In suspense, with no line yet: {pounds_for_people(self._account.suspense_pence)}."
        return Because(says, self._entries.of([chart.SUSPENSE]))
