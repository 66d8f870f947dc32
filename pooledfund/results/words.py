"""The words that stand beside figures: overspend and underspend, and RAG with its reason. Draws no colour."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ledgers.money import percent
from s75_rules.agreement import Agreement

RagWord = Literal["Green", "Amber", "Red", "Not available"]
AMBER_FROM_PERCENT = Decimal(2)
RED_ABOVE_PERCENT = Decimal(5)


@dataclass(frozen=True, slots=True)
class Rag:
    """A rating as a word with its reason, so that it survives without its colour."""

    word: RagWord
    because: str


def variance_word(pence: int) -> str:
    """``overspend`` above nil, ``underspend`` below nil, ``on budget`` at nil."""
    if pence == 0:
        return "on budget"
    return "overspend" if pence > 0 else "underspend"


def rag_of(budget_pence: int, variance_pence: int) -> Rag:
    """Rate a forecast variance by its share of the current budget, whichever its direction.

    Amber from 2% to 5%, Red above 5%, as seen in council monitoring reports. A line without
    budget that spends is Red; one without budget or spend is not available.
    """
    if budget_pence == 0:
        return Rag("Red", "spend without budget") if variance_pence else Rag("Not available", "no budget yet")
    share = abs(Decimal(variance_pence)) * 100 / Decimal(budget_pence)
    shown = f"{percent(abs(variance_pence), budget_pence)}% {variance_word(variance_pence)}"
    if share > RED_ABOVE_PERCENT:
        return Rag("Red", f"{shown}, above {RED_ABOVE_PERCENT}%")
    if share >= AMBER_FROM_PERCENT:
        return Rag("Amber", f"{shown}, from {AMBER_FROM_PERCENT}% to {RED_ABOVE_PERCENT}%")
    return Rag("Green", f"{shown}, below {AMBER_FROM_PERCENT}%" if variance_pence else "on budget")


FiguresBasis = Literal["as agreed", "illustrative in part"]


def figures_basis(agreement: Agreement) -> FiguresBasis:
    """Whether any amount of the agreement is marked illustrative, so that every output can say so."""
    bases = {
        agreement.minimums.basis,
        *(each.basis for each in agreement.contributions.values()),
        *(each.basis for each in agreement.reserves.values()),
        *(each.basis for each in agreement.schemes.values()),
    }
    return "illustrative in part" if "illustrative" in bases else "as agreed"
