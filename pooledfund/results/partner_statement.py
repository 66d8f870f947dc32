"""What one partner books of the pool: its ledger lines by each line's accounting model, and its memorandum account.

The pool is no entity of its own: each partner reports its part (CIPFA and HFMA on pooled budgets; IFRS 11).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.access import Action, require_partner
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from pooledfund.results.memorandum import Balance, MemorandumAccount, memorandum_account
from s75_rules.agreement import AccountingModel, Agreement, Contribution, Scheme, Source
from s75_rules.beside_checks import vat_to_confirm

NO_TAX_ADVICE = "VAT is shown as the agreement states it and is no tax advice: ask each body's tax lead."

BETWEEN_BODIES = "between bodies"
"""The section of the account that goes from the spend that a body incurred to what its funding is for."""
BETWEEN_PARTNERS = "over- and underspends between partners, settled or still to be"

MODEL_WORDS: Mapping[AccountingModel | None, str] = {
    "joint_operation": "joint operation: each partner books its share",
    "lead_as_principal": "lead as principal: the lead books gross, the others a contribution",
    "agent": "agent: each partner books its own part, the host only holds its money",
    None: "no model stated: shown as its share",
}


class PartnerNotKnown(InputRefused):
    """A partner that the agreement does not have."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A scheme line, revenue or capital, in one partner's income and expenditure, in pence; income is below nil."""

    scheme: str
    capital: bool
    model: AccountingModel | None
    expenditure_pence: int
    contribution_pence: int
    income_pence: int

    @property
    def net_pence(self) -> int:
        """Its net cost to the partner, whichever the model."""
        return self.expenditure_pence + self.contribution_pence + self.income_pence

    def as_json(self) -> dict[str, object]:
        """The line with money in pounds as text."""
        return {
            "scheme": self.scheme,
            "kind": "capital" if self.capital else "revenue",
            "model": self.model,
            "expenditure": pounds(self.expenditure_pence),
            "contribution_to_lead": pounds(self.contribution_pence),
            "income_from_partners": pounds(self.income_pence),
            "net": pounds(self.net_pence),
        }


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the memorandum account: what is this partner's of it, in pence, revenue and capital apart."""

    section: str
    what: str
    source: Source | None
    capital: bool
    pence: int

    def as_json(self) -> dict[str, object]:
        """The row with its amount in pounds as text."""
        return {
            "section": self.section,
            "what": self.what,
            "source": self.source,
            "kind": "capital" if self.capital else "revenue",
            "amount": pounds(self.pence),
        }


@dataclass(frozen=True, slots=True)
class PartnerStatement:
    """Everything that one partner needs to complete its own ledger and accounts for the pool."""

    partner: str
    month: int
    pool: MemorandumAccount
    ledger: tuple[LedgerLine, ...]
    account: tuple[AccountRow, ...]
    balances: tuple[Balance, ...]
    notes: tuple[str, ...]

    def total_pence(self, *sections: str) -> int:
        """The rows of some sections of the account added up."""
        return sum(row.pence for row in self.account if row.section in sections)

    @property
    def funding_pence(self) -> int:
        """Contributions due and shares borne, less what was returned."""
        return self.total_pence("funding", "risk share")

    @property
    def spent_by_others_pence(self) -> int:
        """What other bodies spent of its funding, less what it spent of theirs; nil over all partners."""
        return sum(line.net_pence for line in self.ledger) - self.total_pence("spend incurred")

    @property
    def between_words(self) -> str:
        """What moved to it from other partners, in words; before a settlement it holds what is still to be shared."""
        unsettled = ", with what is not yet settled" if self.pool.not_yet_settled_pence else ""
        return f"over- and underspends between partners{unsettled}"

    @property
    def closing_pence(self) -> int:
        """What the pool still holds for this partner."""
        return self.total_pence("closing balance")

    @property
    def cost_pence(self) -> int:
        """What the pool cost this partner: its funding less what is held for it."""
        return self.funding_pence - self.closing_pence

    @property
    def between_partners_pence(self) -> int:
        """The part of its cost that over- and underspends moved to it from other partners, or away below nil."""
        return self.cost_pence - sum(line.net_pence for line in self.ledger)

    def as_json(self) -> dict[str, object]:
        """The statement with money in pounds as text."""
        return {
            "partner": self.partner,
            "month": f"M{self.month}",
            "figures": self.pool.figures,
            "ledger": [line.as_json() for line in self.ledger],
            "moved_between_partners": pounds(self.between_partners_pence),
            "net_cost": pounds(self.cost_pence),
            "account": [row.as_json() for row in self.account],
            "funding": pounds(self.funding_pence),
            "spend_incurred": pounds(self.total_pence("spend incurred")),
            "spent_by_others": pounds(self.spent_by_others_pence),
            "closing_balance": pounds(self.closing_pence),
            "balances_between_partners": [
                {"owed_by": each.owed_by, "owed_to": each.owed_to, "what": each.what, "amount": pounds(each.pence)}
                for each in self.balances
            ],
            "notes": list(self.notes),
        }


def partner_statement(pool: Pool, partner: str, month: int, as_of: int | None = None) -> PartnerStatement:
    """The statement of one partner at the end of a month.

    The partners' statements add up to the pool: funding, spend by who incurred it and, with what is of no partner
    yet, the closing balance.

    Raises:
        PartnerNotKnown: the agreement has no such partner.
        NotAllowed: partner finance asks for another partner's.
    """
    require_partner(pool.actor, Action.READ, partner)
    agreement = pool.agreement
    if partner not in agreement.partners:
        known = ", ".join(agreement.partners)
        raise PartnerNotKnown(f"'{partner}' is not a partner of {agreement.id}: name one of {known}")
    account = memorandum_account(pool, month, as_of)
    rows = pool.books.balances(
        "actual", ("account", "scheme", "contribution", "partner"), through_month=month, as_of=as_of
    )
    books = _Books(agreement, {tuple(map(_text, key)): pence for key, pence in rows.items() if pence})
    left = _unallocated(pool, month, as_of)
    return PartnerStatement(
        partner=partner,
        month=month,
        pool=account,
        ledger=tuple(_ledger(agreement, books, partner)),
        account=tuple(_account(agreement, books, partner, left)),
        balances=tuple(each for each in account.balances if partner in (each.owed_by, each.owed_to)),
        notes=tuple(_notes(agreement, books, partner)),
    )


Place = tuple[str | None, ...]


def _text(dimension: str | int | None) -> str | None:
    return None if dimension is None else str(dimension)


@dataclass(frozen=True, slots=True)
class _Books:
    """The balances of the actual book by account, scheme, contribution and partner, asked for once."""

    agreement: Agreement
    rows: Mapping[Place, int]

    def is_capital(self, contribution: str | None) -> bool:
        return contribution is not None and self.agreement.contributions[contribution].is_capital

    def spend(self, scheme: str, *, capital: bool) -> dict[str, int]:
        """Spend of a line by the partner whose contribution meets it; the lead's where no contribution is named."""
        found: dict[str, int] = {}
        for (account, of, contribution, _), pence in self.rows.items():
            if account == chart.EXPENDITURE and of == scheme and self.is_capital(contribution) == capital:
                contributions = self.agreement.contributions
                payer = contributions[contribution].partner if contribution else self.agreement.schemes[scheme].lead
                found[payer] = found.get(payer, 0) + pence
        return found

    def incurred(self, partner: str) -> dict[tuple[str, bool], int]:
        """What a body spent itself, by line and whether capital money meets it."""
        found: dict[tuple[str, bool], int] = {}
        for (account, scheme, contribution, by), pence in self.rows.items():
            if account == chart.EXPENDITURE and by == partner and scheme is not None:
                place = (scheme, self.is_capital(contribution))
                found[place] = found.get(place, 0) + pence
        return found

    def of(self, account: str, *, contribution: str | None = None, partner: str | None = None) -> int:
        """The balance of an account, debit plus, of a contribution or of a partner."""
        return sum(
            pence
            for (each, _, of, by), pence in self.rows.items()
            if each == account and (contribution is None or of == contribution) and (partner is None or by == partner)
        )


def _unallocated(pool: Pool, month: int, as_of: int | None) -> dict[str, int]:
    """What of each contribution is on no line and in no reserve; told at the year's end, as the memorandum does."""
    if month != 12:
        return {}
    left = pool.books.balances("budget", ("contribution",), accounts=(chart.UNALLOCATED,), as_of=as_of)
    return {str(contribution): pence for (contribution,), pence in left.items() if pence}


def _ledger(agreement: Agreement, books: _Books, partner: str) -> list[LedgerLine]:
    found = []
    for scheme in agreement.schemes.values():
        for capital in (False, True):
            shares = books.spend(scheme.id, capital=capital)
            if shares and (partner in shares or _books_gross(scheme, partner)):
                found.append(_line(scheme, capital, shares, partner))
    return found


def _books_gross(scheme: Scheme, partner: str) -> bool:
    return scheme.accounting == "lead_as_principal" and scheme.lead == partner


def _line(scheme: Scheme, capital: bool, shares: Mapping[str, int], partner: str) -> LedgerLine:
    own, whole = shares.get(partner, 0), sum(shares.values())
    if _books_gross(scheme, partner):
        return LedgerLine(scheme.id, capital, scheme.accounting, whole, 0, own - whole)
    if scheme.accounting == "lead_as_principal":
        return LedgerLine(scheme.id, capital, scheme.accounting, 0, own, 0)
    return LedgerLine(scheme.id, capital, scheme.accounting, own, 0, 0)


def _account(agreement: Agreement, books: _Books, partner: str, unallocated: Mapping[str, int]) -> list[AccountRow]:
    own = [each for each in agreement.contributions.values() if each.partner == partner]
    rows = [
        AccountRow("funding", f"contribution {each.id}", each.source, each.is_capital, pence)
        for each in own
        if (pence := -books.of(chart.INCOME, contribution=each.id))
    ]
    rows += [
        AccountRow("funding", f"unspent {each.id} returned to its payer", each.source, each.is_capital, -pence)
        for each in own
        if (pence := books.of(chart.RETURNED_TO_FUNDER, contribution=each.id))
    ]
    if interest := -books.of(chart.LATE_INTEREST, partner=partner):
        rows.append(AccountRow("funding", "interest on late payment", None, False, interest))
    borne = -books.of(chart.RISK_SHARE_INCOME, partner=partner) - books.of(chart.BREACH_INCOME, partner=partner)
    returned = books.of(chart.RISK_SHARE_RETURNED, partner=partner)
    rows += [
        AccountRow("risk share", what, None, False, pence)
        for what, pence in (("overspend borne", borne), ("underspend returned", -returned))
        if pence
    ]
    rows += [
        AccountRow("spend incurred", scheme, None, capital, pence)
        for (scheme, capital), pence in sorted(books.incurred(partner).items())
    ]
    closing = _closing(agreement, books, own, unallocated)
    return [*rows, *_between_bodies(agreement, books, partner, [*rows, *closing]), *closing]


def _between_bodies(
    agreement: Agreement, books: _Books, partner: str, rows: Sequence[AccountRow]
) -> Iterator[AccountRow]:
    """What makes the account cast: from the spend that a body incurred to the spend that its funding met and is for."""
    for capital in (False, True):
        of_kind = [row for row in rows if row.capital == capital]
        incurred = sum(row.pence for row in of_kind if row.section == "spend incurred")
        held = sum(row.pence for row in of_kind if row.section == "closing balance")
        met = sum(books.spend(each, capital=capital).get(partner, 0) for each in agreement.schemes)
        funding = sum(row.pence for row in of_kind) - incurred - held
        for what, pence in (
            ("spent of its funding by others, less by it of theirs", met - incurred),
            (BETWEEN_PARTNERS, funding - held - met),
        ):
            if pence:
                yield AccountRow(BETWEEN_BODIES, what, None, capital, pence)


def _closing(
    agreement: Agreement, books: _Books, own: Sequence[Contribution], unallocated: Mapping[str, int]
) -> list[AccountRow]:
    """What the pool holds of each of its contributions: carried forward, on no line, in reserves."""
    rows = []
    for each in own:
        held = {
            f"{each.id} carried forward": -books.of(chart.CARRIED_FORWARD, contribution=each.id),
            f"{each.id} on no line": unallocated.get(each.id, 0),
        }
        for reserve in agreement.reserves:
            what = f"{each.id} in reserve {reserve}"
            held[what] = -books.of(chart.reserve_account(reserve), contribution=each.id)
        rows += [
            AccountRow("closing balance", what, each.source, each.is_capital, pence)
            for what, pence in held.items()
            if pence
        ]
    return rows


def _notes(agreement: Agreement, books: _Books, partner: str) -> list[str]:
    """What the figures rest on: the model of each line, unspent grant, VAT and what is given in kind."""
    notes = [
        f"{each.id}: {MODEL_WORDS[each.accounting]}"
        for each in agreement.schemes.values()
        if partner in books.spend(each.id, capital=False) | books.spend(each.id, capital=True) or each.lead == partner
    ]
    for each in agreement.contributions.values():
        if each.partner == partner and each.is_ring_fenced and books.of(chart.CARRIED_FORWARD, contribution=each.id):
            chosen = each.unspent_grant.replace("_", " ") if each.unspent_grant else "not chosen in the agreement"
            notes.append(f"unspent {each.id} is shown as: {chosen}")
    vat = [_vat(agreement, each, partner) for each in agreement.schemes.values() if each.vat is not None]
    notes += [each for each in vat if each]
    for kind in agreement.non_financial.values():
        if kind.partner == partner:
            value = kind.value or "not valued"
            notes.append(f"in kind, in no total: {kind.description}, {value}")
    return [*notes, "cost is net plus the VAT that is not recovered", NO_TAX_ADVICE]


def _vat(agreement: Agreement, scheme: Scheme, partner: str) -> str | None:
    vat = scheme.vat
    if vat is None or partner not in (vat.contracts, vat.receives, scheme.lead):
        return None
    missing = vat_to_confirm(agreement, scheme)
    confirmed = f"not confirmed by {', '.join(missing)}" if missing else "confirmed by every body's tax lead"
    words = {"full": "recovered in full", "cos": "recovered as contracted-out services", "none": "not recovered"}
    return f"VAT on {scheme.id}: {vat.contracts} contracts, {vat.receives} receives, {words[vat.recovery]}; {confirmed}"
