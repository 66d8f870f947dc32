"""From when a variance is to be escalated, and to whom, as an agreement says it. Looks at no line."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from s75_rules.amounts import Limit
from s75_rules.fields import Frozen, Texts, UpTo

Way = Literal["overspend", "underspend", "variance"]


def _reports(value: object) -> object:
    if isinstance(value, str):
        if value not in {str(each) for each in range(1, 13)}:
            raise ValueError(f"'{value}' is not how many reports in a row: write 1 to 12")
        return int(value)
    return value


class Escalation(Frozen):
    """From when a line's forecast variance goes to somebody else: all that a rule states must hold.

    ``over`` is a share of the line's budget or an amount, which the variance must pass; ``and_over`` a second one.
    ``reports`` is in how many reports in a row it has to. Several rules stand beside one another.
    """

    clause: str
    to: Texts = Field(min_length=1)
    over: UpTo = Limit(pence=0)
    and_over: UpTo | None = None
    reports: Annotated[int, BeforeValidator(_reports)] = 1
    of: Way = "overspend"

    @model_validator(mode="after")
    def _says_when(self) -> "Escalation":
        if "over" not in self.model_fields_set and "reports" not in self.model_fields_set:
            raise ValueError(
                "this escalation does not say when: write over: 1% or over: 50_000, or reports: 2 for so many in a row"
            )
        return self

    def passes(self, budget_pence: int, variance_pence: int) -> bool:
        """Whether a variance, plus for an overspend, is over every limit of the rule."""
        size = {"overspend": variance_pence, "underspend": -variance_pence, "variance": abs(variance_pence)}[self.of]
        limits = [self.over, *([self.and_over] if self.and_over is not None else [])]
        return size > 0 and all(size > limit.of(max(0, budget_pence)) for limit in limits)
