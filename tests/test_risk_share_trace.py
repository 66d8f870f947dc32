"""The sentences of the trace: each names its clause, what was done, by what weights, in pounds."""

import pytest

from rules_cases import RISK_SHARE_CASES, STORY, shared
from s75_rules.risk_share import Step


def steps(name: str) -> tuple[Step, ...]:
    return shared(next(case for case in RISK_SHARE_CASES if case.name == name)).trace


def sentence(name: str, step: str, partner: str | None = None, scheme: str | None = None) -> str:
    rows = [
        row.because
        for row in steps(name)
        if row.step == step and partner in (None, row.partner) and scheme in (None, row.scheme)
    ]
    assert rows, f"no row '{step}'"
    return rows[0]


def test_a_share_names_its_clause_its_weights_and_each_amount() -> None:
    assert sentence("board-decides", "share", "council") == (
        "Under clause 'Sch 3' £200,000.00 of overspend on line A (Scheme) goes in the agreed proportions"
        " (The Council 60 and The ICB 40): The Council bears £120,000.00."
    )


def test_a_cap_that_binds_is_told_with_what_it_leaves() -> None:
    told = sentence("waterfall-reserve-cap", "share", "council")
    assert "its cap for this step leaves room for £100,000.01, which it bears;" in told
    assert told.endswith("stays on the lines.")
    assert (
        "its maximum liability under the clause leaves room for £20,000.00"
        in [row.because for row in steps("no-more-than-this") if row.step == "share"][-1]
    )


def test_a_breach_is_told_as_the_partner_s_own() -> None:
    assert sentence("breach-first", "breach") == (
        "£40,000.00 spent outside authority on line A (Scheme) is borne by The Council, which made the breach, and"
        " leaves the outturn before the variance is measured."
    )


def test_a_ring_fenced_part_is_told_with_the_line_s_budgets() -> None:
    told = sentence("dfg-stays-in-its-ring", "ring-fenced overspend")
    assert told.startswith("Of the overspend of £100,000.01 on line HOME (Home care), £50,000.01 falls on")
    assert "improved Better Care Fund grant" in told
    assert "no clause takes it in, so the line's lead, The Council, bears it." in told


def test_capital_that_joins_a_clause_is_told_with_what_it_means() -> None:
    told = sentence("grant-that-goes-back", "ring-fenced joins the clause")
    assert "clause '4.2 Adaptations' names Disabled Facilities Grant as a source" in told
    assert told.endswith("Being capital, it keeps the line from relief by revenue underspends.")


def test_a_reserve_is_told_with_its_balance() -> None:
    assert "reserve risk, with a balance of £500,000.00, meets £500,000.00" in sentence(
        "waterfall-reserve-cap", "reserve drawn"
    )


def test_an_offset_tells_who_is_relieved_and_who_gives() -> None:
    assert sentence("telford-half-and-half", "offset use", scheme="CARE").endswith(
        "by size of underspend, CARE gives £50,000.00."
    )


@pytest.mark.parametrize("case", [*RISK_SHARE_CASES, STORY], ids=lambda case: str(case.name))
def test_every_row_of_a_clause_names_the_clause_and_its_amount_or_lines(case: object) -> None:
    assert isinstance(case, type(STORY))
    for row in shared(case).trace:
        assert row.because[0] in "£UMOTC"
        assert row.because.endswith(".")
        assert "  " not in row.because
        if row.clause is not None:
            assert f"'{row.clause}'" in row.because
