"""A dated clause worked out from the books: each month's spend less its budget goes under the clause of that month."""

from pathlib import Path

import pytest

from pooledfund.agreement_file import read_agreement_text
from pooledfund.intake.actuals import import_actuals
from pooledfund.pool import Pool
from pooledfund.results.compare import compare_with
from pooledfund.results.risk_position import position_to_date, risk_position
from pools import TOWN, extract, pool_of, spent

CLAUSE = """\
  - clause: "7.2"
    covers: everything
    overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]
    underspend: [{return: contribution}]
"""
DATED = TOWN.replace(
    CLAUSE,
    """\
  - clause: first half
    covers: everything
    overspend: [{share: {council: 100}}]
    underspend: [{return: {council: 100}}]
  - clause: second half
    covers: everything
    from: 2023-10-01
    overspend: [{share: {icb: 100}}]
    underspend: [{return: {icb: 100}}]
""",
)
# Care has 800,000 for the year: by profile 199,999.98 to June, 399,999.96 to September, as months are rounded down.


def spending(folder: Path, first_half: str, second_half: str) -> Pool:
    assert DATED != TOWN
    pool = pool_of(folder, DATED)
    rows = [
        spent("first", first_half, "care", "2023-09-30", partner="council"),
        spent("second", second_half, "care", "2024-03-31", partner="council"),
        spent("e", "290000.07", "equip", "2024-03-31", partner="council"),
        spent("r", "500000", "rehab", "2024-03-31", partner="icb"),
        spent("b", "135000", "beds", "2024-03-31", partner="icb"),
        spent("g", "100000", "grant", "2024-03-31", partner="council"),
    ]
    import_actuals(pool, extract(folder, *rows))
    return pool


def of_care(pool: Pool, month: int) -> dict[str, int]:
    share = risk_position(pool, month).share
    return {partner: pence for (line, partner), pence in share.borne_by_line.items() if line == "care"}


@pytest.mark.parametrize(
    ("first_half", "second_half", "council", "icb"),
    [
        ("429999.96", "400000.04", 30_000_00, 0),  # it all arose before October
        ("399999.96", "430000.04", 0, 30_000_00),
        ("429999.96", "380000.04", 30_000_00, -20_000_00),  # over, then under: each under its own clause
    ],
)
def test_a_dated_clause_takes_what_arose_in_its_months(
    tmp_path: Path, first_half: str, second_half: str, council: int, icb: int
) -> None:
    pool = spending(tmp_path, first_half, second_half)
    found = of_care(pool, 12)
    assert (found.get("council", 0), found.get("icb", 0)) == (council, icb)
    assert risk_position(pool, 12).share.assumed_evenly == ()


def test_what_a_forecast_adds_falls_evenly_on_the_months_that_are_left(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, DATED)
    import_actuals(pool, extract(tmp_path, spent("a", "229999.98", "care", "2023-06-30", partner="council")))
    # To June care is 30,000 over the 200,000 by profile, and nothing more is forecast above its budget.
    assert of_care(pool, 3) == {"council": 30_000_00}
    to_date = position_to_date(pool, 3).share
    assert to_date.borne_by_line["care", "council"] == 30_000_00


def test_another_agreement_with_dates_is_compared_by_the_months_of_the_books(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    import_actuals(pool, extract(tmp_path, spent("a", "429999.96", "care", "2023-09-30", partner="council")))
    other = read_agreement_text(DATED, "dated.yaml").agreement
    theirs = compare_with(pool, other, 6).second.share
    assert theirs.borne_by_line["care", "council"] == 30_000_00
    assert theirs.assumed_evenly == ()
