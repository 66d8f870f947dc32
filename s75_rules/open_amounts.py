"""What of an agreement is not a number yet, or stands beside its totals, in sentences. Adds nothing up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledgers.money import short_number
from s75_rules.agreement import Agreement
from s75_rules.amounts import Amount

_WAITS = " (waits for the contribution)"


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """An agreed amount that no total can hold: a range, to be confirmed or not quantified, and until when."""

    what: str
    amount: Amount
    confirm_by: date | None
    ends: date | None

    def __str__(self) -> str:
        by = f", to be settled by {_day(self.confirm_by)}" if self.confirm_by else ""
        until = f", until {_day(self.ends)}" if self.ends else ""
        return f"{self.what}: {self.amount}{by}{until}; in no total"


def open_amounts(agreement: Agreement) -> tuple[OpenAmount, ...]:
    """The contributions, budgets and reserves that post nothing because an amount is not exact, in file order."""
    found = [
        OpenAmount(f"contribution {each.id}", each.amount, each.confirm_by, each.ends)
        for each in agreement.contributions.values()
        if each.amount.exact_pence is None
    ]
    waiting = {each.id for each in agreement.contributions.values() if each.amount.exact_pence is None}
    for scheme in agreement.schemes.values():
        for contribution, amount in scheme.budgets.items():
            if contribution in waiting or amount.exact_pence is None:
                what = f"budget of {scheme.id} from {contribution}{_WAITS if contribution in waiting else ''}"
                found.append(OpenAmount(what, amount, scheme.confirm_by, scheme.ends))
    for reserve in agreement.reserves.values():
        for contribution, pence in reserve.funded_by.items():
            if contribution in waiting:
                what = f"what reserve {reserve.id} gets from {contribution}{_WAITS}"
                found.append(OpenAmount(what, Amount.exact(pence), None, None))
    return tuple(found)


def beside_the_pool(agreement: Agreement) -> Iterator[str]:
    """A sentence for everything that is stated beside the pooled money and enters no total of the pool."""
    names = {each.id: each.name for each in agreement.partners.values()}
    for each in agreement.contributions.values():
        if each.gross is not None and each.client_charges is not None:
            gross, charges = Amount.exact(each.gross), Amount.exact(each.client_charges)
            yield f"contribution {each.id} is net: {gross} less {charges} that clients are charged"
    for kind in agreement.non_financial.values():
        value = f", valued at {kind.value}" if kind.value else ", not valued"
        yield f"{names[kind.partner]} provides in kind: {kind.description}{value}{_until(kind.ends)}; no contribution"
    for cost in agreement.other_costs.values():
        yield (
            f"{cost.name} ({cost.kind.replace('_', ' ')}), {cost.amount}{_until(cost.ends)}: on no scheme line, "
            f"borne by {names[cost.partner]}"
        )
    for need in agreement.dependencies.values():
        amount = f", {need.amount}" if need.amount else ""
        lines = f", needed by {', '.join(need.schemes)}" if need.schemes else ""
        yield f"{need.name}{amount}{_until(need.ends)}: funded outside the pool by {need.funded_by}{lines}"
    for split in agreement.split_funding.values():
        parts = [
            f"{names[partner]} {short_number(share)}%"
            + (f" (in the pool already, on {split.in_pool[partner]})" if partner in split.in_pool else " (outside)")
            for partner, share in split.shares.items()
        ]
        yield f"{split.name}, {split.amount}{_until(split.ends)}, split under {split.under}: {', '.join(parts)}"


def _until(day: date | None) -> str:
    return f", until {_day(day)}" if day else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
