"""What waits in suspense: listed with owner and age, given to someone, cleared to its line, at any event."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pooledfund.access import NotAllowed, Role
from pooledfund.control.close import close_period
from pooledfund.intake.actuals import Handing, import_actuals
from pooledfund.intake.journals import COLUMNS, post_journals
from pooledfund.intake.maps import read_map
from pooledfund.intake.suspense import Clearing, SuspenseRefused, assign, clear
from pooledfund.pool import Pool
from pooledfund.results.suspense import suspense_report
from pools import MANAGER, as_actor, csv_file, entry_of, pool_of, spend_of, state_of, total_of

MAP = """\
map: 1
name: Town ledger
header: [Doc]
partner: icb
reference: Doc
effective: {column: Day}
amount: {column: Amount}
kind: {column: Type, codes: {ACC: accrual}, otherwise: ledger}
lines:
  - {match: {Centre: "10*"}, scheme: rehab}
"""
ROWS = (["D1", "2023-05-10", "4911", "", "26.40"], ["D2", "2023-05-31", "4912", "ACC", "100"])


def waiting(folder: Path, *rows: list[str], handing: Handing = Handing(), name: str = "l.csv") -> Pool:  # noqa: B008 - it cannot change
    pool = pool_of(folder) if name == "l.csv" else Pool.open(folder / "pooledfund.db", None, MANAGER)
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    file = csv_file(folder, name, ("Doc", "Day", "Centre", "Type", "Amount"), *rows)
    import_actuals(pool, file, read_map(folder / "map.yaml", pool.agreement).map, handing=handing)
    return pool


def number_of(pool: Pool, reference: str) -> int:
    return entry_of(pool, f"spend/icb/{reference}").number


def test_items_are_listed_with_age_owner_and_row(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    assign(pool, number_of(pool, "D1"), "ICB ledger team", "asked on 1 June")
    recorded = datetime.fromisoformat(entry_of(pool, "spend/icb/D1").recorded_at)
    found = suspense_report(pool, at=recorded.replace(hour=12, tzinfo=UTC).replace(year=recorded.year + 1))
    first, second = found.items
    assert (first.reference, first.batch, first.file_row, first.amount_pence) == ("D1", 1, 2, 26_40)
    assert (first.owner, first.note, second.owner) == ("ICB ledger team", "asked on 1 June", None)
    assert first.age_days in (365, 366)
    assert (found.total_pence, found.by_journals_pence) == (126_40, 0)


def test_an_item_is_cleared_by_its_reversal_and_the_spend_that_names_it(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    before, item = pool.books.head().number, number_of(pool, "D1")
    number = clear(pool, Clearing(item, "rehab", "the code is new"))
    made = pool.books.entry(number).entry
    assert (made.kind, made.corrects, sum(spend_of(pool, "rehab").values())) == ("recharge", item, 26_40)
    assert "cleared from suspense: the code is new" in made.why
    assert [each.reference for each in suspense_report(pool).items] == ["D2"]
    assert len(suspense_report(pool, as_of=before).items) == 2
    # A fifth of rehab is paid from what the ICB keeps for its own lines: the pool owes it only the rest.
    assert total_of(pool, "creditors") == -100_00 - 21_12
    assert pool.books.verify() == []


def test_a_cleared_accrual_reverses_in_the_month_after_its_own(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    clear(pool, Clearing(number_of(pool, "D2"), "rehab", "new code", is_accrual=True))
    assert (sum(spend_of(pool, "rehab", 2).values()), sum(spend_of(pool, "rehab", 3).values())) == (100_00, 0)


def test_an_item_of_a_closed_month_is_cleared_in_the_first_open_one(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    close_period(pool, "M2")
    clear(pool, Clearing(number_of(pool, "D1"), "rehab", "new code", contribution="nhs-min"))
    assert (total_of(pool, "suspense", through_month=2), total_of(pool, "suspense")) == (126_40, 100_00)
    assert spend_of(pool, "rehab") == {"nhs-min": 26_40}


def test_a_line_that_was_cleared_and_then_changes_is_taken_back_from_where_it_is(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    clear(pool, Clearing(number_of(pool, "D1"), "rehab", "new code"))
    waiting(tmp_path, [*ROWS[0][:4], "30.00"], handing=Handing(accept_changes=True), name="next.csv")
    assert sum(spend_of(pool, "rehab").values()) == 0
    assert total_of(pool, "suspense") == 130_00
    assert pool.books.verify() == []


def test_what_journals_moved_by_hand_is_shown_apart_so_that_the_list_casts(tmp_path: Path) -> None:
    pool = waiting(tmp_path, ROWS[0])
    rows = [["1", "actual", "2023-06-01", "by hand", "expenditure", "rehab", "nhs-min", "icb", "26.40"],
            ["1", "actual", "2023-06-01", "by hand", "suspense", "", "", "icb", "-26.40"]]  # fmt: skip
    post_journals(pool, csv_file(tmp_path, "j.csv", COLUMNS, *rows))
    found = suspense_report(pool)
    assert (len(found.items), found.by_journals_pence, found.total_pence) == (1, -26_40, 0)


@pytest.mark.parametrize(
    ("scheme", "contribution", "reason", "said"),
    [
        ("nowhere", None, "x", "'nowhere' is not a scheme line"),
        ("rehab", "dfg", "x", "'dfg' pays for nothing on rehab"),
        ("rehab", None, " ", "with a reason"),
    ],
)
def test_a_clearing_that_cannot_be_made_is_refused(
    tmp_path: Path, scheme: str, contribution: str | None, reason: str, said: str
) -> None:
    pool = waiting(tmp_path, *ROWS)
    before, item = state_of(pool), number_of(pool, "D1")
    with pytest.raises(SuspenseRefused, match=said):
        clear(pool, Clearing(item, scheme, reason, contribution))
    assert state_of(pool) == before


def test_what_does_not_wait_is_neither_given_nor_cleared(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    item = number_of(pool, "D1")
    clear(pool, Clearing(item, "rehab", "new code"))
    with pytest.raises(SuspenseRefused, match=f"entry {item} does not wait in suspense: those that do are"):
        clear(pool, Clearing(item, "rehab", "again"))
    with pytest.raises(SuspenseRefused, match="does not wait"):
        assign(pool, 1, "someone")
    with pytest.raises(SuspenseRefused, match="given to someone"):
        assign(pool, number_of(pool, "D2"), " ")


def test_only_who_may_post_clears(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    with pytest.raises(NotAllowed):
        clear(as_actor(pool, Role.PARTNER_FINANCE, "icb"), Clearing(number_of(pool, "D1"), "rehab", "x"))
