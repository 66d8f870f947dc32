"""The outturn at each stage side by side, and next year's budget from October to February."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pooledfund.control.close import close_period
from pooledfund.control.outturn import OutturnNotStated, state_outturn
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.budget_cycle import PRESSURES, take_budget_step
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.results.budget_cycle import budget_cycle
from pooledfund.results.outturn_stages import outturn_stages
from pools import TOWN, csv_file, extract, pool_of, spent, state_of


def audit(pool: Pool, folder: Path, pounds: str) -> None:
    entry = ["1", "actual", "2024-03-31", "audit"]
    rows = [[*entry, "expenditure", "care", "la-add", "council", pounds, "true"],
            [*entry, "creditors", "care", "", "council", f"-{pounds}", "true"]]  # fmt: skip
    post_journals(pool, csv_file(folder, "audit.csv", (*JOURNALS, "adjusting"), *rows))


def test_the_stages_stand_side_by_side_and_their_difference_casts(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    rows = [
        spent("A", "860000", "care", "2024-03-20"),
        spent("B", "290000.07", "equip", "2024-03-20"),
        spent("C", "500000", "rehab", "2024-03-20", partner="icb"),
        spent("D", "135000", "beds", "2024-03-20", partner="icb"),
        spent("E", "100000", "grant", "2024-03-20"),
    ]
    outturns = {"care": 850_000_00, "equip": 290_000_07, "rehab": 500_000_00, "beds": 135_000_00, "grant": 100_000_00}
    estimate = state_outturn(pool, "estimate", outturns)
    import_actuals(pool, extract(tmp_path, *rows))
    state_outturn(pool, "provisional")
    close_period(pool, "M11")
    close_period(pool, "M12", state="adjusting")
    state_outturn(pool, "accounts")
    audit(pool, tmp_path, "1000.01")
    close_period(pool, "Q4")
    state_outturn(pool, "audited")
    found = outturn_stages(pool)
    assert [each.stage for each in found.stages] == ["estimate", "provisional", "accounts", "audited"]
    assert [each.lines_pence["care"] for each in found.stages] == [850_000_00, 860_000_00, 860_000_00, 861_000_01]
    # The reserve takes 16,000.00 of what is over; the rest is shared half and half.
    assert [each.shares_pence["icb"] for each in found.stages] == [17_000_00, 22_000_00, 22_000_00, 22_500_00]
    assert sum(found.shares_difference_pence.values()) == found.lines_difference_pence["care"] == 1_000_01
    assert [each.stage for each in outturn_stages(pool, estimate).stages] == ["estimate"]


def test_a_stage_waits_for_the_books_it_is_about(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    with pytest.raises(OutturnNotStated, match="accounts outturn is stated once M12 is adjusting or closed"):
        state_outturn(pool, "accounts")
    with pytest.raises(OutturnNotStated, match="audited outturn is stated once M12 is closed, and it is open"):
        state_outturn(pool, "audited")
    with pytest.raises(OutturnNotStated, match="leave the file out"):
        state_outturn(pool, "provisional", {"care": 1})
    assert state_of(pool) == before


def test_the_draft_is_the_current_budget_less_what_does_not_recur_with_pressures(tmp_path: Path) -> None:
    text = TOWN.replace(
        "source: la_additional, amount: 300_000,", "source: la_additional, amount: 300_000, recurrent: false,"
    )
    pool = pool_of(tmp_path, text)
    take_call(pool, PRESSURES, {"scheme": "care", "pressure": "demography", "amount": "12000"})
    take_call(pool, PRESSURES, {"scheme": "care", "pressure": "savings", "amount": "-2000.01"})
    before = pool.books.head().number
    take_call(pool, PRESSURES, {"scheme": "care", "pressure": "demography", "amount": "15000"})
    found = budget_cycle(pool)
    care = next(each for each in found.lines if each.scheme == "care")
    assert (care.current_pence, care.not_recurrent_pence, care.pressures_pence) == (800_000_00, 200_000_00, 12_999_99)
    assert found.total.draft_pence == sum(each.draft_pence for each in found.lines)
    then = budget_cycle(pool, as_of=before)
    assert next(each for each in then.lines if each.scheme == "care").pressures_pence == 9_999_99


def test_a_step_is_due_by_its_day_and_kept_with_its_minute_and_paper(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + "budget_cycle: {draft: 2023-11-15, by: midday}\n")
    pool = Pool(pool._ledger, pool.actor, lambda: datetime(2023, 11, 15, 12, 1, tzinfo=UTC))
    paper = tmp_path / "draft.txt"
    paper.write_text("the draft", encoding="utf-8")
    steps = {each.step: each.state for each in budget_cycle(pool).steps}
    assert steps == {"assumptions": "overdue", "draft": "overdue", "pressures": "due", "approval": "due"}
    take_budget_step(pool, "draft", "Board 7", paper)
    draft = next(each for each in budget_cycle(pool).steps if each.step == "draft")
    assert (draft.state, draft.minute) == ("done late", "Board 7")
    with pytest.raises(InputRefused, match="has its minute"):
        take_budget_step(pool, "approval", " ")
    with pytest.raises(InputRefused, match="cannot be read"):
        take_budget_step(pool, "approval", "Board 9", tmp_path / "none.txt")
