"""Next year's contributions by formula, each term shown: recurrent, in-year change, inflation, plan, efficiency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ledgers.calendar import FinancialYear
from ledgers.money import pounds
from s75_rules.agreement import Agreement, Contribution, Source
from s75_rules.lineage import source_in


@dataclass(frozen=True, slots=True)
class NextContribution:
    """A contribution of this year carried to the next, in pence; what is once only or has ended brings nothing."""

    contribution: str
    partner: str
    source: Source
    next_source: Source
    recurrent_pence: int | None
    in_year_pence: int
    inflation_pence: int
    planned_pence: int
    efficiency_pence: int
    because: str

    @property
    def total_pence(self) -> int | None:
        """Recurrent, in-year change, inflation and planned change, less efficiency; None where it cannot be told."""
        if self.recurrent_pence is None:
            return None
        rest = self.in_year_pence + self.inflation_pence + self.planned_pence - self.efficiency_pence
        return self.recurrent_pence + rest

    def as_json(self) -> dict[str, str | None]:
        """Every term in pounds as text; null where it cannot be told."""
        recurrent, total = self.recurrent_pence, self.total_pence
        return {
            "contribution": self.contribution,
            "partner": self.partner,
            "source": self.source,
            "next_source": self.next_source,
            "recurrent": None if recurrent is None else pounds(recurrent),
            "in_year_change": pounds(self.in_year_pence),
            "inflation": pounds(self.inflation_pence),
            "planned_change": pounds(self.planned_pence),
            "efficiency": pounds(self.efficiency_pence),
            "next_year": None if total is None else pounds(total),
            "because": self.because,
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the formula: shares of the recurrent base, by contribution or for all, and planned changes."""

    inflation: Mapping[str | None, Fraction]
    efficiency: Mapping[str | None, Fraction]
    planned_pence: Mapping[str, int]
    spent_pence: Mapping[str, int] = field(default_factory=dict)
    """Of contributions that follow the year's expenditure instead of their recurrent amount, what is spent of them."""


def next_contributions(
    agreement: Agreement, in_year_pence: Mapping[str, int], terms: Terms
) -> tuple[NextContribution, ...]:
    """Next year's contributions: C = recurrent + recurrent in-year change + inflation + planned change - efficiency.

    A contribution may follow the year's expenditure instead, which then takes the place of the first two terms.
    Inflation and efficiency are shares of recurrent and in-year change together, rounded half up to a penny.
    Source: the usual clause on contributions to a pooled fund in later years; the rates are the partners' own.
    """
    year = FinancialYear(agreement.year.starts + 1)
    return tuple(_next(each, year, in_year_pence.get(each.id, 0), terms) for each in agreement.contributions.values())


def _next(each: Contribution, year: FinancialYear, in_year: int, terms: Terms) -> NextContribution:
    recurrent, because = each.amount.exact_pence, "recurrent"
    if each.ends is not None and each.ends < year.first_day:
        recurrent, in_year, because = 0, 0, f"ended on {each.ends.isoformat()}"
    elif not each.recurrent:
        recurrent, in_year, because = 0, 0, "for one year only"
    elif each.id in terms.spent_pence:
        # What was varied in the year is in the spend already.
        recurrent, in_year, because = terms.spent_pence[each.id], 0, "what the year spends of it"
    elif recurrent is None:
        because = f"this year is {each.amount}: cannot tell"
    base = (recurrent or 0) + in_year
    source = source_in(each.source, year)
    return NextContribution(
        contribution=each.id,
        partner=each.partner,
        source=each.source,
        next_source=source,
        recurrent_pence=recurrent,
        in_year_pence=in_year,
        inflation_pence=_share(base, _rate(terms.inflation, each.id)),
        planned_pence=terms.planned_pence.get(each.id, 0),
        efficiency_pence=_share(base, _rate(terms.efficiency, each.id)),
        because=because if source == each.source else f"{because}; part of {source} from {year}",
    )


def _rate(rates: Mapping[str | None, Fraction], contribution: str) -> Fraction:
    return rates.get(contribution, rates.get(None, Fraction(0)))


def _share(base_pence: int, rate: Fraction) -> int:
    return int((rate * base_pence * 2 + 1) // 2)
