"""Learning a map from a file: seven ledgers' layouts, codes assigned, and what is not clear said so."""

from pathlib import Path

import pytest

from ledger_layouts import AGRESSO, ISFE, LAYOUTS, LISTING, Layout
from pooledfund.intake.actuals import import_actuals, preview_actuals
from pooledfund.intake.learning import assigned, check_assigned, learn, map_text, relearn
from pooledfund.intake.maps import MapRefused, read_map
from pooledfund.intake.tables import FileRefused
from pools import pool_of, spend_of, state_of

by_name = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))


@by_name
def test_a_map_is_guessed_that_reads_the_file_to_the_penny(tmp_path: Path, layout: Layout) -> None:
    pool, path = pool_of(tmp_path), layout.write(tmp_path)
    before = state_of(pool)
    learnt = learn(path, pool.agreement, "council")
    found = learnt.map
    assert found.reference == layout.reference
    assert (found.effective.column, found.effective.format) == layout.effective
    assert learnt.code_column == layout.code
    seen = preview_actuals(pool, path, found)
    assert (seen.rows, seen.total_pence, seen.suspense_pence) == (layout.rows, layout.total_pence, layout.total_pence)
    assert state_of(pool) == before


@by_name
def test_codes_assigned_are_learnt_and_the_written_map_posts_them(tmp_path: Path, layout: Layout) -> None:
    pool, path = pool_of(tmp_path), layout.write(tmp_path)
    learnt = learn(path, pool.agreement, "council")
    schemes = {"1*": "care", "2*": "equip"}
    written = tmp_path / "learnt.yaml"
    written.write_text(map_text(assigned(learnt.map, learnt.code_column, schemes)), encoding="utf-8")
    found = import_actuals(pool, path, read_map(written, pool.agreement).map)
    assert found.suspense == ()
    assert sum(sum(spend_of(pool, each).values()) for each in ("care", "equip")) == layout.total_pence + _reversed(
        layout
    )
    again = relearn(path, pool.agreement, read_map(written, pool.agreement).map)
    assert {each.scheme for each in again.codes} <= {"care", "equip"}


def _reversed(layout: Layout) -> int:
    """The accrual of the ISFE file reverses itself in June."""
    return 100_00 if layout is ISFE else 0


def test_the_files_own_total_is_found_and_proved(tmp_path: Path) -> None:
    pool, path = pool_of(tmp_path), LISTING.write(tmp_path)
    learnt = learn(path, pool.agreement, "council")
    assert learnt.map.control is not None
    assert learnt.map.control.match == {"Ref": "Grand total"}
    path.write_bytes(path.read_bytes().replace(b"299.50", b"299.51"))
    with pytest.raises(FileRefused, match=r"the file's own total is £1,200.00 and its rows add up to £1,200.01"):
        preview_actuals(pool, path, learnt.map)


def test_codes_are_shown_with_their_words_and_a_suggestion_that_is_never_taken_unasked(tmp_path: Path) -> None:
    pool, path = pool_of(tmp_path), AGRESSO.write(tmp_path)
    learnt = learn(path, pool.agreement, "council")
    first = learnt.codes[0]
    assert (first.code, first.rows, first.cost_pence, first.words) == ("1001", 2, 1300_00, "Home care")
    assert (first.scheme, first.suggested) == (None, "care")
    assert learnt.map.lines == ()


def test_days_that_fit_both_ways_are_said_to_be_unclear(tmp_path: Path) -> None:
    path = tmp_path / "us.csv"
    path.write_text("Journal,Posting Date,Cost Centre,Amount\nJ1,04/05/2023,1,5\nJ2,06/07/2023,1,5\n", encoding="utf-8")
    (said,) = learn(path, pool_of(tmp_path).agreement, "council").unclear
    assert "dd/mm/yyyy and mm/dd/yyyy both fit" in said


def test_rows_that_nothing_tells_apart_are_said_to_be_unclear(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Journal,Posting Date,Cost Centre,Amount\nJ1,14/05/2023,1,5\nJ1,14/05/2023,1,5\n", encoding="utf-8")
    (said,) = learn(path, pool_of(tmp_path).agreement, "council").unclear
    assert "do not tell every row from every other" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a letter\nand no table\n", "no row looks like a header"),
        ("Journal,Posting Date,Cost Centre,Amount\nJ1,soon,1,5\n", "no column looks like days"),
        ("Journal,Posting Date,Cost Centre,Amount\nJ1,14/05/2023,1,plenty\n", "no column looks like amounts"),
        ("", "no row looks like a header"),
    ],
)
def test_a_file_that_tells_too_little_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "poor.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused, match=said):
        learn(path, pool_of(tmp_path).agreement, "council")


def test_a_code_is_assigned_to_a_line_of_the_agreement_only(tmp_path: Path) -> None:
    with pytest.raises(MapRefused, match="1001 is assigned to 'nowhere'"):
        check_assigned({"1001": "nowhere"}, pool_of(tmp_path).agreement)
