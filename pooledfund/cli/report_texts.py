"""The reports as plain text for a terminal, laid out from results that are worked out already."""

from collections.abc import Mapping, Sequence

from ledgers.money import pounds_for_people
from pooledfund.cli.tables import money, money_text, table
from pooledfund.results.conditions import ConditionsReport
from pooledfund.results.contributions import Contributions, position_figures
from pooledfund.results.lines import Line
from pooledfund.results.memorandum import MemorandumAccount
from pooledfund.results.monitoring import Monitoring, MonitoringLine, period_label, total_figures
from pooledfund.results.words import FiguresBasis, rag_of, variance_word
from s75_rules.conditions import MinimumTest
from s75_rules.explain import steps_said
from s75_rules.risk_share import RiskShare

_BUDGETS = (
    ("original_budget", "Original"),
    ("contribution_changes", "Contribution changes"),
    ("virements", "Virements"),
    ("current_budget", "Current"),
    ("budget_to_date", "Budget to date"),
    ("actual_to_date", "Actual to date"),
    ("variance_to_date", "Variance to date"),
)
_FORECASTS = (
    ("current_budget", "Current budget"),
    ("forecast_outturn", "Forecast outturn"),
    ("forecast_variance", "Variance"),
    ("forecast_variance_percent", "%"),
    ("movement_since_last_quarter", "Movement"),
)
_NAME_WIDTH = 44
_SHOWN_LINES = 8


def monitoring_text(found: Monitoring) -> str:
    """The monitoring table in two parts: budget and actual to date; forecast, RAG words and who bears it."""
    said = "plus is overspend; agreement " + found.status + figures_said(found.figures)
    of = f"{found.pool}, {period_label(found.month)} of {found.year}, £"
    totals = [("Total of the pool", found.pooled_lines)]
    totals += [("Total outside the pool", found.other_lines)] if found.other_lines else []
    to_date = table(
        f"{found.title}\nBudget and actual to date: {of}, {said}",
        "ll" + "r" * len(_BUDGETS) + "l",
        ["Line", "Name", *(name for _, name in _BUDGETS), "Basis"],
        [
            *(
                [each.line.scheme, _short(each.name), *_cells(each.as_json(), _BUDGETS), _basis(each)]
                for each in found.lines
            ),
            *(["", name, *_cells(dict(total_figures(lines)), _BUDGETS), ""] for name, lines in totals),
        ],
        totals=len(totals),
    )
    forecast = table(
        f"Forecast: {of}, {said}",
        "ll" + "r" * len(_FORECASTS) + "llll",
        ["Line", "Name", *(name for _, name in _FORECASTS), "RAG", "Variance is", "Arrived at by", "Borne by"],
        [
            *(
                [each.line.scheme, _short(each.name), *_cells(each.as_json(), _FORECASTS), *_words(each)]
                for each in found.lines
            ),
            *(
                ["", name, *_cells(dict(total_figures(lines)), _FORECASTS), *_total_words(lines)]
                for name, lines in totals
            ),
        ],
        totals=len(totals),
    )
    orders = [f"{each.line.scheme} £{money(each.committed_pence)}" for each in found.lines if each.committed_pence]
    committed = f"\nCommitted and not yet spent: {', '.join(orders)}" if orders else ""
    escalated = "\n".join(["\n\nTo be escalated", *(f"- {each.because}" for each in found.escalations)])
    return (
        f"{to_date}\n\n{forecast}\n\nIn suspense, on no line yet: £{money(found.suspense_pence)}{committed}"
        f"{escalated if found.escalations else ''}"
    )


def figures_said(figures: FiguresBasis) -> str:
    """The words that a caption adds where some figures are illustrative; nothing where none is."""
    return f"; {figures}" if figures == "illustrative in part" else ""


def _short(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else f"{name[: _NAME_WIDTH - 3].rstrip()}..."


def _cells(figures: Mapping[str, object], columns: Sequence[tuple[str, str]]) -> list[str]:
    return [
        ("n/a" if figures[key] is None else f"{figures[key]}%") if name == "%" else money_text(figures[key])
        for key, name in columns
    ]


def _basis(row: MonitoringLine) -> str:
    return "illustrative" if row.illustrative else ""


def _words(row: MonitoringLine) -> list[str]:
    entered = f" for M{row.line.forecast_month}" if row.line.forecast_month else ""
    borne = ", ".join(f"{partner} {money(pence)}" for partner, pence in row.borne_pence)
    return [row.rag.word, variance_word(row.line.forecast_variance_pence), f"{row.line.basis}{entered}", borne]


def _total_words(lines: Sequence[Line]) -> list[str]:
    variance = sum(line.forecast_variance_pence for line in lines)
    return [rag_of(sum(line.current_pence for line in lines), variance).word, variance_word(variance), "", ""]


def _listed(lines: Sequence[str]) -> str:
    """Lines by name, the rest counted: a terminal is only so wide, and --json names them all."""
    if not lines:
        return "no line"
    rest = len(lines) - _SHOWN_LINES
    return ", ".join(lines[:_SHOWN_LINES]) + (f" and {rest} more" if rest > 0 else "")


def risk_share_text(title: str, share: RiskShare) -> str:
    """Who bears what, what reserves and contributions take, and the sentence behind each amount."""
    why = [line for step in steps_said(share.trace) for line in step.in_bullets()]
    return "\n".join([f"{risk_share_tables(title, share)}\n\nWhy", *why])


def risk_share_tables(title: str, share: RiskShare) -> str:
    """Who bears what and what stands beside the partners; what is nil for all is counted, not listed."""
    touched = [each for each, pence in share.overspend_pence.items() if pence or share.underspend_pence[each]]
    rows = [[each, money(share.overspend_pence[each]), money(share.underspend_pence[each])] for each in touched]
    others = len(share.overspend_pence) - len(touched)
    if others:
        name = "partner" if others == 1 else "partners"
        rows.append([f"{others} other {name}" if touched else f"all {others} {name}", money(0), money(0)])
    rows.append(["Total", money(sum(share.overspend_pence.values())), money(sum(share.underspend_pence.values()))])
    caption = f"{title}, £\nVariance {pounds_for_people(share.variance_pence)}, {variance_word(share.variance_pence)}"
    parts = [table(caption, "lrr", ["Partner", "Bears of overspend", "Gets back of underspend"], rows, totals=1)]
    beside = [
        *([f"reserve {each} changes by", money(pence)] for each, pence in share.reserves_pence.items() if pence),
        *([f"carried forward in {each}", money(pence)] for each, pence in share.carried_forward_pence.items()),
        *([f"returned to the payer of {each}", money(pence)] for each, pence in share.returned_to_funder_pence.items()),
        *(
            [f"in dispute, not settled: {side} of {partner}", money(pence)]
            for side, disputed in (
                ("overspend", share.disputed_overspend_pence),
                ("underspend", share.disputed_underspend_pence),
            )
            for partner, pence in disputed.items()
        ),
        ["overspend not yet resolved", money(share.unresolved_overspend_pence)],
        ["underspend not yet resolved", money(share.unresolved_underspend_pence)],
    ]
    parts.append(table("Beside the partners, £", "lr", ["What", "Amount"], beside))
    if share.assumed_at_budget:
        parts.append(f"Taken to have spent their budget: {', '.join(share.assumed_at_budget)}")
    if share.assumed_evenly:
        lines = ", ".join(share.assumed_evenly)
        parts.append(f"Taken to have arisen evenly over the twelve months, as dates divide the year: {lines}")
    return "\n\n".join(parts)


def conditions_text(report: ConditionsReport) -> str:
    """The conditions with the lines that support them, and each minimum test on each basis."""
    unknown = [report.unknown_said] if report.unknown_said else []
    if not report.known and not report.conditions:
        return "\n\n".join([*unknown, minimum_tests_text(report), *_earmarks(report)])
    rows = [
        [str(each.number or ""), each.title, each.kind, _listed(each.lines), each.result] for each in report.conditions
    ]
    parts = [
        table(
            f"{'National conditions' if report.known else 'Conditions as the agreement names them'}"
            f" of {report.year}; a line may support several, so no money is added up over them"
            f"{figures_said(report.figures)}",
            "lllll",
            ["No", "Condition", "Kind", "Lines", "Result"],
            rows,
        )
    ]
    parts = [*unknown, *parts, minimum_tests_text(report), *_earmarks(report)]
    return "\n\n".join(part for part in parts if part)


def _earmarks(report: ConditionsReport) -> list[str]:
    """Each earmark of the agreement on each basis; nothing where it has none."""
    header = ["Earmark", "Limit", "Counted", "Headroom", "Result", "Counted are"]
    return [
        table(
            f"Earmarks on the {basis}, £, plus is headroom{figures_said(report.figures)}",
            "lrrrll",
            header,
            [
                [
                    test.earmark.name,
                    test.required_words,
                    money(test.counted_pence),
                    money(test.headroom_pence),
                    test.result,
                    _listed(tuple(test.counted)),
                ]
                for test in tests
            ],
        )
        for basis, tests in report.earmarks.items()
    ]


def minimum_tests_text(report: ConditionsReport) -> str:
    """Each minimum test on each basis."""
    parts = []
    for basis, tests in report.by_basis.items():
        rows = [
            [
                test.title,
                str(test.required) if test.required is not None else "not known here",
                money(test.planned_pence),
                money(test.headroom_pence),
                test.result,
                _counted(test),
            ]
            for test in tests
        ]
        header = ["Test", "Required", "Counted", "Headroom", "Result", "Counted are"]
        caption = f"Minimum tests on the {basis}, £, plus is headroom{figures_said(report.figures)}"
        parts.append(table(caption, "lrrrll", header, rows))
    return "\n\n".join(parts)


def _counted(test: MinimumTest) -> str:
    if test.id == "nhs_minimum":
        return "contributions"
    return _listed(test.counted_lines)


def contributions_text(found: Contributions, year: str) -> str:
    """Each contribution and the total: due, invoiced, received and overdue."""
    keys = ("due_to_date", "invoiced_to_date", "received_to_date", "of_which_own_lines", "overdue")
    rows = []
    for each in found.positions:
        figures = position_figures([each])
        settled, basis = each.settled.replace("_", " "), "illustrative" if each.illustrative else ""
        rows.append([each.contribution, each.partner, settled, *(money_text(figures[key]) for key in keys), basis])
    figures = position_figures(found.positions)
    rows.append(["Total", "", "", *(money_text(figures[key]) for key in keys), ""])
    header = [
        "Contribution",
        "Partner",
        "Settled",
        "Due",
        "Invoiced",
        "Received",
        "Of which own lines",
        "Overdue",
        "Basis",
    ]
    return table(f"Contributions to {period_label(found.month)} of {year}, £", "lllrrrrrl", header, rows, totals=1)


def memorandum_text(account: MemorandumAccount, year: str) -> str:
    """The memorandum account: funding, expenditure and closing balance, then balances between partners, gross."""
    funding = [
        ["Brought forward", money(account.brought_forward_pence)],
        *([f"Contribution {each}", money(pence)] for each, pence in account.contributions_pence.items()),
        *([f"Risk share {each}", money(pence)] for each, pence in account.risk_share_pence.items()),
        *([f"Returned to {each}", money(pence)] for each, pence in account.returned_pence.items()),
        *([f"Interest on late payment {each}", money(pence)] for each, pence in account.late_interest_pence.items()),
        *([f"Interest on the pool's cash {each}", money(pence)] for each, pence in account.cash_interest_pence.items()),
        ["Funding with what was brought forward", money(account.brought_forward_pence + account.funding_pence)],
    ]
    spend = [
        *([f"Spent by {each}", money(pence)] for each, pence in account.spend_by_partner_pence.items()),
        ["Expenditure", money(account.expenditure_pence)],
    ]
    closing = [
        *([f"Reserve {each}", money(pence)] for each, pence in account.reserves_pence.items()),
        *([f"Carried forward in {each}", money(pence)] for each, pence in account.carried_forward_pence.items()),
        *([["Contributions on no line", money(account.unallocated_pence)]] if account.unallocated_pence else []),
        ["Not yet settled", money(account.not_yet_settled_pence)],
        ["Closing balance", money(account.closing_pence)],
    ]
    head = f"Memorandum account to {period_label(account.month)} of {year}, £{figures_said(account.figures)}"
    parts = [
        table(head, "lr", ["Funding", "Amount"], funding, totals=1),
        table("Expenditure by the body that incurred it, £", "lr", ["Expenditure", "Amount"], spend, totals=1),
        table("Closing balance, £", "lr", ["Held as", "Amount"], closing, totals=1),
    ]
    if account.balances:
        rows = [[each.owed_by, each.owed_to, each.what, money(each.pence)] for each in account.balances]
        caption = "Balances between partners, £, gross: never posted net"
        parts.append(table(caption, "lllr", ["Owed by", "Owed to", "What", "Amount"], rows))
    return "\n\n".join(parts)
