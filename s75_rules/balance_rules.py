"""The thresholds of the agreement of balances as dated data, and what an agreement puts in their place."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field

from ledgers.calendar import FinancialYear, parse_period
from s75_rules.fields import Certainty, Frozen, NotNegative

_FOLDER = Path(__file__).parent / "balances"


class Thresholds(Frozen):
    """Pounds as pence: one for receivables and payables, one for income and expenditure."""

    balances: NotNegative
    income_and_expenditure: NotNegative


class BalanceTerms(Frozen):
    """What an agreement says itself of the agreement of balances; what it leaves out is the national threshold."""

    agree: Thresholds | None = None
    statement_from: Thresholds | None = None


class BalanceRule(Frozen):
    """The thresholds of one month, in pence: differences up to ``agree`` are agreed, statements begin at the other."""

    agree: Thresholds
    statement_from: Thresholds
    reference: str
    certainty: Certainty | Literal["as agreed"]


class BalanceYear(Frozen):
    """The thresholds of a year by the number of the month."""

    year: Annotated[FinancialYear, BeforeValidator(lambda text: FinancialYear.parse(text))]
    months: dict[Annotated[int, BeforeValidator(parse_period)], BalanceRule] = Field(default_factory=dict)


def balance_rule(year: FinancialYear, month: int, terms: BalanceTerms) -> BalanceRule | None:
    """The thresholds of a month: the agreement's own before the national ones; None where neither is known here."""
    known = _load(year)
    national = known.months.get(month) if known else None
    agree = terms.agree or (national.agree if national else None)
    issue = terms.statement_from or (national.statement_from if national else None)
    if agree is None:
        return None
    own = terms.agree is not None or terms.statement_from is not None
    return BalanceRule(
        agree=agree,
        statement_from=issue or agree,
        reference="this agreement, agreement_of_balances" if own or national is None else national.reference,
        certainty="as agreed" if own or national is None else national.certainty,
    )


@cache
def _load(year: FinancialYear) -> BalanceYear | None:
    path = _FOLDER / f"{str(year).replace('/', '-')}.yaml"
    if not path.is_file():
        return None
    return BalanceYear.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
