"""Which lines are to be escalated, by which rule and why, from their reports one after another. Tells nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledgers.money import percent, pounds, pounds_for_people
from s75_rules.amounts import Limit
from s75_rules.escalation import Escalation
from s75_rules.trace import listed

_KINDS = {"overspend": "an overspend", "underspend": "an underspend", "variance": "a variance"}


def rule_in_words(rule: Escalation) -> str:
    """A rule in a sentence's words, such as ``an overspend of a line over 1% of its budget goes to the board``."""
    over = [each for each in (rule.over, rule.and_over) if each is not None and each != Limit(pence=0)]
    said = [f"{each} of its budget" if each.share is not None else str(each) for each in over]
    limits = f" over {' and over '.join(said)}" if said else ""
    row = f" in {rule.reports} reports in a row" if rule.reports > 1 else ""
    return f"{_KINDS[rule.of]} of a line{limits}{row} goes to {listed(rule.to)}"


@dataclass(frozen=True, slots=True)
class Reported:
    """A line in one report: the month it was about, its budget and its forecast variance in pence."""

    month: int
    budget_pence: int
    variance_pence: int


@dataclass(frozen=True, slots=True)
class Escalated:
    """A line whose variance is to be escalated, with the rule and the reports in which it passed its limits."""

    scheme: str
    rule: Escalation
    reports: tuple[Reported, ...]

    @property
    def latest(self) -> Reported:
        """The line in the report at hand."""
        return self.reports[-1]

    @property
    def because(self) -> str:
        """Why, by which clause and to whom, in a sentence."""
        now = self.latest
        word = "overspend" if now.variance_pence > 0 else "underspend"
        share = percent(abs(now.variance_pence), now.budget_pence)
        of = f" ({share}% of its budget)" if share is not None else " (it has no budget)"
        row = ""
        if self.rule.reports > 1:
            row = f", at {listed(f'M{each.month}' for each in self.reports)} in a row"
        return (
            f"Line {self.scheme} has a forecast {word} of {pounds_for_people(abs(now.variance_pence))}{of}{row}:"
            f" by clause {self.rule.clause} {rule_in_words(self.rule)}."
        )

    def as_json(self) -> dict[str, object]:
        """The escalation with money in pounds as text; plus is overspend."""
        return {
            "scheme": self.scheme,
            "clause": self.rule.clause,
            "to": list(self.rule.to),
            "forecast_variance": pounds(self.latest.variance_pence),
            "reports": [
                {"month": f"M{each.month}", "forecast_variance": pounds(each.variance_pence)} for each in self.reports
            ],
            "because": self.because,
        }


def escalated(rules: Sequence[Escalation], scheme: str, history: Sequence[Reported]) -> tuple[Escalated, ...]:
    """Which rules ask for a line to be escalated; ``history`` is its reports in order, the one at hand last.

    A rule of several reports in a row is silent until there were so many. Source: thresholds of a percentage, an
    amount or two quarters are common in agreements (not seen in a source; off unless an agreement asks).
    """
    found = []
    for rule in rules:
        row = tuple(history[-rule.reports :])
        if len(row) == rule.reports and all(rule.passes(each.budget_pence, each.variance_pence) for each in row):
            found.append(Escalated(scheme, rule, row))
    return tuple(found)
