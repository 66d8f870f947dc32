"""Which lines' variances are to be escalated at a month, by the agreement's clauses. Records nothing."""

from collections.abc import Mapping

from pooledfund.pool import Pool
from pooledfund.results.lines import Line, lines_at
from s75_rules.agreement import Agreement
from s75_rules.deadlines import report_days, reported_month
from s75_rules.escalated import Escalated, Reported, escalated


def reports_to(agreement: Agreement, month: int) -> tuple[int, ...]:
    """The months that the agreement's reports were about before a month, and the month at hand, in order."""
    told = {reported_month(agreement.year, day) for day in report_days(agreement)}
    return (*sorted(each for each in told if 0 < each < month), month)


def escalations(pool: Pool, month: int, lines: Mapping[str, Line], as_of: int | None = None) -> tuple[Escalated, ...]:
    """The lines to be escalated at a month, whose figures are ``lines``; none unless the agreement asks.

    Earlier reports are told by what is in the books on their months, so that a correction counts.
    """
    rules = pool.agreement.escalation
    if not rules:
        return ()
    longest = max(rule.reports for rule in rules)
    months = reports_to(pool.agreement, month)[-longest:]
    told = [(each, lines if each == month else lines_at(pool, each, as_of)) for each in months]
    return tuple(
        found
        for scheme in lines
        for found in escalated(
            rules,
            scheme,
            [Reported(of, each[scheme].current_pence, each[scheme].forecast_variance_pence) for of, each in told],
        )
    )
