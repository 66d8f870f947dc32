"""What people say in words of their own is refused where it is longer than anyone reads, and changes nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pooledfund.control.close import close_period, reopen_month
from pooledfund.control.decisions import Containment, contain, record_dispute
from pooledfund.control.reconciling.remarks import undo
from pooledfund.errors import InputRefused
from pooledfund.intake.suspense import Clearing, assign, clear
from pooledfund.pool import Pool
from pooledfund.said import LONGEST, LONGEST_NAME, too_long
from pools import pool_of, state_of
from s75_rules.clause_records import Dispute
from test_suspense import ROWS, number_of, waiting

LONG = "x" * (LONGEST + 1)
JULY = date(2023, 7, 3)

SAID: list[tuple[str, Callable[[Pool], object]]] = [
    ("the reason has 1,501 characters: keep it to 1,500", lambda pool: reopen_month(pool, "M3", LONG)),
    (
        "the reason has 1,501 characters",
        lambda pool: record_dispute(
            pool, Dispute(clause="7.2", side="overspend", partner="icb", reason=LONG, raised=JULY)
        ),
    ),
    (
        "the minute has 1,501 characters: keep it to 200",
        lambda pool: contain(pool, Containment("care", 1, 4, LONG, JULY)),
    ),
    ("the reason has 1,501 characters", lambda pool: undo(pool, "S1", LONG)),
]


@pytest.mark.parametrize(("says", "act"), SAID)
def test_what_is_longer_than_anyone_reads_is_refused(tmp_path: Path, says: str, act: Callable[[Pool], object]) -> None:
    pool = pool_of(tmp_path)
    close_period(pool, "Q1")
    before = state_of(pool)
    with pytest.raises(InputRefused, match=says):
        act(pool)
    assert state_of(pool) == before


def test_an_item_in_suspense_goes_to_a_role_and_is_cleared_with_a_reason_that_fits(tmp_path: Path) -> None:
    pool = waiting(tmp_path, *ROWS)
    item, before = number_of(pool, "D1"), state_of(pool)
    with pytest.raises(InputRefused) as refusal:
        assign(pool, item, LONG, LONG)
    assert str(refusal.value).splitlines() == [
        "the owner has 1,501 characters: keep it to 200",
        "the note has 1,501 characters: keep it to 1,500",
    ]
    with pytest.raises(InputRefused, match="the reason has 1,501 characters"):
        clear(pool, Clearing(item, "rehab", LONG))
    assert state_of(pool) == before


def test_a_text_of_just_the_length_is_taken() -> None:
    assert too_long(reason="x" * LONGEST) == too_long(LONGEST_NAME, owner="y" * LONGEST_NAME) == []
    assert too_long(1, action_plan="ab") == ["the action plan has 2 characters: keep it to 1"]
