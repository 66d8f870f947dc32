"""Invoices at a month: what receipts met them, what is open, overdue and not matched. Issues and posts nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ledgers.money import pounds
from pooledfund import chart
from pooledfund.intake.invoices import REMINDED, Document, Instalment, Receipt, debtor_account, documents
from pooledfund.pool import Pool


@dataclass(frozen=True, slots=True)
class Part:
    """What one receipt pays of one invoice, in pence."""

    receipt: Receipt
    pence: int


@dataclass(frozen=True, slots=True)
class InvoicePosition:
    """An invoice with what was credited and paid of it up to a day, in pence."""

    document: Document
    credited_pence: int
    parts: tuple[Part, ...]
    at: date
    reminders: int

    @property
    def paid_pence(self) -> int:
        """What receipts paid of it."""
        return sum(each.pence for each in self.parts)

    @property
    def open_pence(self) -> int:
        """What is still to be paid; of a credit note what no invoice has taken up, which is nil or below."""
        return self.document.amount_pence - self.credited_pence - self.paid_pence

    @property
    def overdue_days(self) -> int:
        """Days since the last day to pay, where anything is open; nil where nothing is late."""
        return max(0, (self.at - self.document.due_on).days) if self.open_pence > 0 else 0

    @property
    def state(self) -> str:
        """Its state in a word or two."""
        if self.document.amount_pence < 0:
            return "credit taken up" if not self.open_pence else "credit open"
        if not self.open_pence:
            return "paid" if self.paid_pence else "credited"
        late = f"overdue {self.overdue_days} days" if self.overdue_days else "not yet due"
        return f"part paid, {late}" if self.paid_pence else late

    def as_json(self) -> dict[str, object]:
        """The position with money in pounds as text."""
        return {
            **self.document.as_json(),
            "credited": pounds(self.credited_pence),
            "paid": pounds(self.paid_pence),
            "open": pounds(self.open_pence),
            "state": self.state,
            "overdue_days": self.overdue_days,
            "reminders": self.reminders,
            "receipts": [
                {
                    "reference": each.receipt.reference,
                    "received_on": each.receipt.received_on.isoformat(),
                    "amount": pounds(each.pence),
                }
                for each in self.parts
            ],
        }


@dataclass(frozen=True, slots=True)
class Invoices:
    """A pool's invoices at a month's end; ``debtors_pence`` is the account that all of it casts to."""

    month: int
    at: date
    positions: tuple[InvoicePosition, ...]
    unallocated: tuple[Part, ...]
    not_invoiced_pence: Mapping[Instalment, int]
    other_pence: Mapping[str, int]
    debtors_pence: int

    @property
    def open_pence(self) -> int:
        """What is open of all invoices, less what is open of credit notes."""
        return sum(each.open_pence for each in self.positions)

    @property
    def unallocated_pence(self) -> int:
        """What was received and pays no invoice."""
        return sum(each.pence for each in self.unallocated)

    @property
    def overdue(self) -> tuple[InvoicePosition, ...]:
        """The invoices that are late, oldest first."""
        late = [each for each in self.positions if each.overdue_days]
        return tuple(sorted(late, key=lambda each: (each.document.due_on, each.document.number)))

    @property
    def overdue_pence(self) -> int:
        """What is open of the late invoices."""
        return sum(each.open_pence for each in self.overdue)

    @property
    def bridge(self) -> tuple[tuple[str, int], ...]:
        """From open invoices to the debtor account of contributions, step by step."""
        return (
            ("open on invoices", self.open_pence),
            ("received and on no invoice", -self.unallocated_pence),
            ("due and not yet invoiced", sum(self.not_invoiced_pence.values())),
            ("moved by journals or brought forward", sum(self.other_pence.values())),
        )

    def as_json(self) -> dict[str, object]:
        """The invoices with money in pounds as text."""
        return {
            "month": f"M{self.month}",
            "at": self.at.isoformat(),
            "invoices": [each.as_json() for each in self.positions],
            "unallocated": [
                {
                    "contribution": each.receipt.contribution,
                    "reference": each.receipt.reference,
                    "received_on": each.receipt.received_on.isoformat(),
                    "amount": pounds(each.pence),
                }
                for each in self.unallocated
            ],
            "not_yet_invoiced": [
                {"contribution": contribution, "instalment_on": day.isoformat(), "amount": pounds(pence)}
                for (contribution, day), pence in self.not_invoiced_pence.items()
            ],
            "overdue": pounds(self.overdue_pence),
            "bridge": {
                **{what.replace(" ", "_"): pounds(pence) for what, pence in self.bridge},
                "debtors_of_contributions": pounds(self.debtors_pence),
            },
        }


def invoices_at(pool: Pool, month: int, as_of: int | None = None) -> Invoices:
    """Every invoice for what fell due up to the end of a month, with the receipts that pay it.

    A credit note reduces the invoice of its own instalment first. A receipt pays the invoice that its payer named;
    what is left, and what names none, pays the oldest open invoices of its contribution.
    """
    account = debtor_account(pool, month, as_of)
    counted = [each for each in documents(pool, as_of) if each.instalment in account.asked_pence]
    matching = _Matching(counted)
    matching.credit()
    unallocated = matching.pay(account.receipts)
    reminders = [str(each.payload["number"]) for each in pool.books.events(kind=REMINDED, as_of=as_of)]
    at = pool.agreement.year.month_ends(month)
    positions = (
        InvoicePosition(
            document=each,
            credited_pence=matching.credited.get(each.number, 0),
            parts=tuple(matching.parts.get(each.number, ())),
            at=at,
            reminders=reminders.count(each.number),
        )
        for each in counted
    )
    debtors = pool.books.balances(
        "actual", ("contribution",), accounts=(chart.DEBTORS,), through_month=month, as_of=as_of
    )
    return Invoices(
        month=month,
        at=at,
        positions=tuple(positions),
        unallocated=unallocated,
        not_invoiced_pence=not_invoiced(account.asked_pence, counted),
        other_pence=account.other_pence,
        debtors_pence=sum(pence for (contribution,), pence in debtors.items() if contribution is not None),
    )


def not_invoiced(asked: Mapping[Instalment, int], issued: Iterable[Document]) -> dict[Instalment, int]:
    """What is asked for by instalment less what was invoiced and credited of it, where that is not nil."""
    left = dict(asked)
    for each in issued:
        if each.instalment in left:
            left[each.instalment] -= each.amount_pence
    by_day = sorted(left.items(), key=lambda item: (item[0][1], item[0][0]))
    return {place: pence for place, pence in by_day if pence}


@dataclass(slots=True)
class _Matching:
    """What is open of each invoice while credits and then receipts are set against it."""

    documents: list[Document]
    open: dict[str, int] = field(default_factory=dict)
    credited: dict[str, int] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open = {each.number: each.amount_pence for each in self.documents if each.amount_pence > 0}

    def _oldest(self, contribution: str) -> list[Document]:
        found = [each for each in self.documents if each.contribution == contribution and self.open.get(each.number)]
        return sorted(found, key=lambda each: (each.due_on, each.number))

    def credit(self) -> None:
        """Set each credit note against the invoices of its instalment, then against the oldest of its contribution."""
        for note in (each for each in self.documents if each.amount_pence < 0):
            left = -note.amount_pence
            oldest = self._oldest(note.contribution)
            for each in sorted(oldest, key=lambda debt: debt.instalment != note.instalment):
                taken = min(left, self.open[each.number])
                self.open[each.number] -= taken
                self.credited[each.number] = self.credited.get(each.number, 0) + taken
                left -= taken
            self.credited[note.number] = left + note.amount_pence

    def pay(self, receipts: Iterable[Receipt]) -> tuple[Part, ...]:
        """Set receipts against invoices, named ones first, in the order of their days; gives what pays none."""
        in_order = sorted(receipts, key=lambda each: (each.received_on, each.entry))
        left = {each: each.pence for each in in_order}
        for each in in_order:
            named = next((one for one in self._oldest(each.contribution) if one.number == each.named), None)
            if named is not None:
                left[each] = self._paid(named, each, left[each])
        for each in in_order:
            for debt in self._oldest(each.contribution):
                left[each] = self._paid(debt, each, left[each])
        return tuple(Part(each, pence) for each, pence in left.items() if pence)

    def _paid(self, debt: Document, receipt: Receipt, pence: int) -> int:
        """Pay what there is of an invoice, and give what is left of the receipt."""
        taken = max(0, min(pence, self.open[debt.number]))
        if taken:
            self.open[debt.number] -= taken
            self.parts.setdefault(debt.number, []).append(Part(receipt, taken))
        return pence - taken
