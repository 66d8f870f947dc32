"""Files of a ledger one after another: repeated, overlapping, changed, gone; and control totals that must agree."""

from pathlib import Path

import pytest

from pooledfund.control.close import close_period
from pooledfund.intake.actuals import Handing, Imported, import_actuals, preview_actuals
from pooledfund.intake.history import ChangesNotAccepted
from pooledfund.intake.tables import FileRefused
from pooledfund.pool import Pool
from pools import entry_of, extract, imported, pool_of, spend_of, spent, state_of, total_of

ACCEPT = Handing(accept_changes=True)


def taken(pool: Pool, folder: Path, *rows: list[str], name: str = "next.csv", handing: Handing = ACCEPT) -> Imported:
    return import_actuals(pool, extract(folder, *rows, name=name), handing=handing)


def care(pool: Pool, month: int = 12) -> int:
    return sum(spend_of(pool, "care", month).values())


def test_a_changed_line_is_shown_with_both_values_and_nothing_is_posted(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"), spent("B", "5"))
    before, number = state_of(pool), entry_of(pool, "spend/council/A").number
    file = extract(tmp_path, spent("A", "120", "equip"), spent("B", "5"), name="next.csv")
    with pytest.raises(ChangesNotAccepted) as refusal:
        import_actuals(pool, file)
    said = str(refusal.value)
    assert (
        f"next.csv:2: reference A is in the books as entry {number} with another cost: £100.00 there, £120.00 here"
        in said
    )
    assert "another line: care there, equip here" in said
    assert "--accept-changes" in said
    seen = preview_actuals(pool, file)
    (change,) = seen.changes
    assert (change.reference, change.file_row, change.was_pence, change.now_pence) == ("A", 2, 100_00, 120_00)
    assert seen.batch is None
    assert state_of(pool) == before


def test_an_accepted_change_is_a_reversal_and_a_correction(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    first = entry_of(pool, "spend/council/A")
    taken(pool, tmp_path, spent("A", "120"))
    back, corrected = entry_of(pool, "spend/council/A/taken back"), entry_of(pool, "spend/council/A/v2")
    assert (back.entry.reverses, corrected.entry.corrects) == (first.number, first.number)
    assert care(pool) == 120_00
    again = taken(pool, tmp_path, spent("A", "120"), spent("B", "1"), name="third.csv", handing=Handing())
    assert (again.posted, again.already_there, again.changes) == (1, 1, ())
    assert pool.books.verify() == []


def test_a_line_may_change_again_and_back(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    taken(pool, tmp_path, spent("A", "120"), name="2.csv")
    taken(pool, tmp_path, spent("A", "100"), spent("X", "1"), name="3.csv")
    assert care(pool) == 101_00
    taken(pool, tmp_path, spent("A", "90"), name="4.csv")
    assert care(pool) == 91_00
    assert pool.books.verify() == []


def test_a_change_of_a_closed_month_is_made_in_the_first_open_one(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    close_period(pool, "M2")
    taken(pool, tmp_path, spent("A", "120"))
    assert (care(pool, 2), care(pool, 3)) == (100_00, 120_00)


def test_a_changed_accrual_counts_once_in_its_month_and_nil_after(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("ACC", "100", kind="accrual"))
    taken(pool, tmp_path, spent("ACC", "130", kind="accrual"))
    assert (care(pool, 2), care(pool, 3), total_of(pool, "accruals")) == (130_00, 0, 0)
    assert pool.books.verify() == []


def test_lines_that_are_gone_are_shown_and_stay_until_they_are_reversed(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"), spent("B", "7"))
    found = taken(pool, tmp_path, spent("A", "100"), spent("C", "1"), name="2.csv", handing=Handing())
    assert [(each.reference, each.was_pence) for each in found.missing] == [("B", 7_00)]
    assert (
        "M2 of council came before in batch 1: 1 rows are here again as they were, 1 are new, 0 have changed, "
        in (found.notes[-1])
    )
    assert care(pool) == 108_00
    taken(pool, tmp_path, spent("A", "100"), spent("C", "1"), spent("D", "2"), name="3.csv",
          handing=Handing(reverse_missing=True))  # fmt: skip
    assert care(pool) == 103_00
    back = taken(pool, tmp_path, spent("A", "100"), spent("B", "7"), spent("D", "2"), name="4.csv", handing=Handing())
    assert (back.posted, care(pool)) == (1, 110_00)
    assert pool.books.verify() == []


def test_a_second_file_of_the_same_month_with_none_of_its_lines_misses_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    found = taken(pool, tmp_path, spent("G", "1", "equip"), name="2.csv", handing=Handing())
    assert found.missing == ()
    assert "M2 of council came before in batch 1" in found.notes[-1]


@pytest.mark.parametrize("handing", [Handing(control_total_pence=105_00, control_rows=2), Handing()])
def test_control_totals_that_agree_let_a_file_in(tmp_path: Path, handing: Handing) -> None:
    assert taken(pool_of(tmp_path), tmp_path, spent("A", "100"), spent("B", "5"), handing=handing).posted == 2


@pytest.mark.parametrize(
    ("handing", "said"),
    [
        (Handing(control_total_pence=105_01), r"control total is £105.01 and the rows add up to £105.00, £0.01 apart"),
        (Handing(control_rows=3), "the partner counts 3 rows and the file has 2"),
    ],
)
def test_a_file_that_differs_from_the_partners_own_total_is_refused(
    tmp_path: Path, handing: Handing, said: str
) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    with pytest.raises(FileRefused, match=said):
        taken(pool, tmp_path, spent("A", "100"), spent("B", "5"), handing=handing)
    assert state_of(pool) == before
