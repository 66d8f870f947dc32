"""Next year opens with this year's closing, row by row, and what changes later is a prior-year adjustment."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.control.close import close_period
from pooledfund.control.roll_forward import RollForwardRefused, open_next_year, roll_forward
from pooledfund.control.settlement import settle
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.journals import COLUMNS as JOURNALS
from pooledfund.intake.journals import post_journals
from pooledfund.pool import Pool
from pooledfund.reports.pack_figures import figures_of
from pooledfund.results.closing_balances import CannotBeCarried, roll_forward_of
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor
from pools import TOWN, csv_file, extract, pool_of, spent, state_of, total_of

NEXT = TOWN.replace("town-2023-24", "town-2024-25").replace(
    "  year: 2023/24\n  status: signed\n", "  year: 2024/25\n  status: draft\n  follows: town-2023-24\n"
).replace("opening: 1_000, ", "")  # fmt: skip


def following(text: str = NEXT) -> AgreementFile:
    return read_agreement_text(text, "next.yaml")


def a_year(folder: Path) -> Pool:
    """A settled year: one line 60,000 over, which takes the reserve; grant of 12,500 not yet spent."""
    pool = pool_of(folder)
    rows = [
        spent("A", "860000", "care", "2024-03-20"),
        spent("B", "290000.07", "equip", "2024-03-20"),
        spent("C", "500000", "rehab", "2024-03-20", partner="icb"),
        spent("D", "135000", "beds", "2024-03-20", partner="icb"),
        spent("E", "87500", "grant", "2024-03-20"),
    ]
    import_actuals(pool, extract(folder, *rows))
    settle(pool)
    return pool


def test_next_year_opens_on_a_draft_with_this_years_closing(tmp_path: Path) -> None:
    old = a_year(tmp_path)
    new = open_next_year(old, following())
    assert new.agreement.header.status == "draft"
    rolled = roll_forward(old, new)
    assert (rolled.kind, rolled.found.agrees) == ("brought forward", True)
    assert rolled.found.opening_pence[("carried_forward", "dfg", "council")] == -12_500_00
    assert sum(rolled.found.closing_pence.values()) == sum(rolled.found.opening_pence.values())
    (kept,), (sent,) = new.books.events(kind="balances brought forward"), old.books.events(kind="rolled forward")
    assert kept.payload["digest"] == sent.payload["digest"] == rolled.found.closing_digest
    assert (old.books.verify(), new.books.verify()) == ([], [])
    before = state_of(new)
    assert roll_forward(old, new).entries == ()
    assert state_of(new) == before


def test_money_that_was_held_is_there_to_be_spent_with_its_budget(tmp_path: Path) -> None:
    old = a_year(tmp_path)
    new = open_next_year(old, following())
    roll_forward(old, new)
    grant = next(row.line for row in monitor(new, 1).lines if row.line.scheme == "grant")
    assert (grant.original_pence, grant.changes_pence) == (100_000_00, 12_500_00)
    assert new.current_contributions()["dfg"] == 100_000_00
    assert memorandum_account(new, 1).brought_forward_pence == 12_500_00
    figures_of(new, 3)
    rows = [
        spent("A", "800000", "care", "2025-03-20"),
        spent("B", "290000.07", "equip", "2025-03-20"),
        spent("C", "500000", "rehab", "2025-03-20", partner="icb"),
        spent("D", "135000", "beds", "2025-03-20", partner="icb"),
        spent("E", "112000", "grant", "2025-03-20"),
    ]
    import_actuals(new, extract(tmp_path, *rows, name="next.csv"))
    settle(new)
    account = memorandum_account(new, 12)
    assert (account.carried_forward_pence, account.not_yet_settled_pence) == ({"dfg": 500_00}, 0)
    assert sum(account.cost_by_partner_pence.values()) == account.expenditure_pence
    assert total_of(new, "carried_forward") == -500_00


def test_what_the_audit_changes_is_a_prior_year_adjustment_of_next_year(tmp_path: Path) -> None:
    old = a_year(tmp_path)
    new = open_next_year(old, following())
    roll_forward(old, new)
    close_period(old, "M11")
    close_period(old, "M12", state="adjusting")
    header = (*JOURNALS, "adjusting")
    rows = [["1", "actual", "2024-03-31", "audit", "expenditure", "grant", "dfg", "council", "700", "true"],
            ["1", "actual", "2024-03-31", "audit", "creditors", "grant", "", "council", "-700", "true"]]  # fmt: skip
    post_journals(old, csv_file(tmp_path, "audit.csv", header, *rows))
    with pytest.raises(RollForwardRefused, match="is not settled"):
        roll_forward(old, new)
    settle(old)
    event = new.books.head().number
    assert roll_forward_of(old, new).differences_pence == {
        ("carried_forward", "dfg", "council"): 700_00,
        ("creditors", None, "council"): -700_00,
    }
    rolled = roll_forward(old, new)
    assert (rolled.kind, rolled.found.agrees) == ("prior-year adjustment", True)
    entry = new.books.entry(rolled.entries[0]).entry
    assert (entry.kind, entry.why) == ("prior-year adjustment", "prior-year adjustment of 2023/24")
    grant = next(row.line for row in monitor(new, 1).lines if row.line.scheme == "grant")
    assert grant.changes_pence == 11_800_00
    assert roll_forward_of(old, new, event).opening_pence[("carried_forward", "dfg", "council")] == -12_500_00
    assert new.books.verify() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("follows: town-2023-24", "follows: other"), "does not follow town-2023-24"),
        (lambda text: text.replace("2024/25", "2025/26"), "is for 2025/26, which does not follow 2023/24"),
    ],
)
def test_an_agreement_that_does_not_follow_is_refused(tmp_path: Path, change: Callable[[str], str], said: str) -> None:
    old = pool_of(tmp_path)
    with pytest.raises(RollForwardRefused, match=said):
        open_next_year(old, following(change(NEXT)))


def test_a_balance_that_next_year_has_no_place_for_is_named(tmp_path: Path) -> None:
    old = a_year(tmp_path)
    without = NEXT.replace("  dfg: {partner", "  grant-b: {partner").replace("budget: {dfg:", "budget: {grant-b:")
    new = open_next_year(old, following(without))
    before = state_of(new)
    with pytest.raises(CannotBeCarried, match="belongs to dfg, no contribution of town-2024-25"):
        roll_forward(old, new)
    assert state_of(new) == before
