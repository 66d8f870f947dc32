"""Grant passed on to districts: a memorandum that casts, where unknown is not nil and slippage stays the district's."""

from pathlib import Path

import pytest

from pooledfund.access import Role
from pooledfund.errors import InputRefused
from pooledfund.intake.district_returns import DISTRICT_RETURNS
from pooledfund.intake.told import Taken, take_call, take_file
from pooledfund.pool import Pool
from pooledfund.results.districts import districts_at
from pooledfund.results.monitoring import monitor
from pools import TOWN, as_actor, csv_file, pool_of, state_of

DISTRICTS = TOWN.replace("kind: nhs}\nfunds", "kind: nhs}\n  north: {name: North District, kind: district}\n"
    "  south: {name: South District, kind: district}\nfunds").replace(
    "budget: {dfg: 100_000}}", "budget: {dfg: 100_000}, recipients: {north: 60_000, south: 30_000}, retained: 10_000}"
)  # fmt: skip
NORTH = {"period": "Q1", "scheme": "grant", "district": "north"}


def returned(pool: Pool, **cells: str) -> Taken:
    return take_call(
        pool, DISTRICT_RETURNS, {**NORTH, "received": "60000", "committed": "20000", "spent": "15000"} | cells
    )


def test_a_district_that_has_not_returned_is_not_known_and_neither_is_the_total(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, DISTRICTS)
    returned(pool, slippage="5000.01")
    found = districts_at(pool, 3)
    north, south = found.returns
    assert (north.unspent_pence, north.uncommitted_pence, north.slippage_pence) == (45_000_00, 25_000_00, 5_000_01)
    assert (south.spent_pence, south.unspent_pence, south.note) == (None, None, "not returned")
    assert (found.totals_pence["spent"], found.totals_pence["allocated"], found.missing) == (
        None,
        90_000_00,
        ("south",),
    )
    assert [(each.scheme, each.lead, each.pence) for each in found.retained] == [("grant", "council", 10_000_00)]


def test_the_last_return_up_to_the_month_stands_and_the_table_casts(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, DISTRICTS)
    returned(pool)
    before = pool.books.head().number
    rows = [["Q2", "grant", "north", "60000", "10000", "45000.50"], ["Q2", "grant", "south", "29000", "0", "29000"]]
    path = csv_file(tmp_path, "q2.csv", DISTRICT_RETURNS.columns, *rows)
    assert (take_file(pool, DISTRICT_RETURNS, path), take_file(pool, DISTRICT_RETURNS, path)) == (
        Taken(2, 0),
        Taken(0, 2),
    )
    found = districts_at(pool, 6)
    assert found.totals_pence["spent"] == 74_000_50
    assert found.totals_pence["unspent"] == 89_000_00 - 74_000_50
    assert found.returns[1].note == "received is not what was allocated"
    assert districts_at(pool, 3).returns[0].spent_pence == 15_000_00
    assert districts_at(pool, 6, before).returns[0].spent_pence == 15_000_00


def test_returns_enter_no_total_of_the_pool(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, DISTRICTS)
    before = monitor(pool, 3).as_json()
    returned(pool)
    assert monitor(pool, 3).as_json() == before


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"scheme": "none"}, "'none' is not a scheme line"),
        ({"district": "icb"}, "'icb' receives nothing of grant"),
        ({"spent": "-1"}, "spent -1 is below nil"),
        ({"spent": "lots"}, "spent: 'lots'"),
        ({"slippage": "45000.01"}, "slippage is more than what is unspent"),
        ({"period": "year"}, "is not a period"),
    ],
)
def test_a_return_that_cannot_be_is_refused(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    pool = pool_of(tmp_path, DISTRICTS)
    before = state_of(pool)
    with pytest.raises(InputRefused, match=said):
        returned(pool, **cells)
    with pytest.raises(InputRefused, match="only of their own partner"):
        returned(as_actor(pool, Role.PARTNER_FINANCE, "icb"))
    assert state_of(pool) == before
