"""What waits for somebody's approval: told with whose it is, until it is given; and the pages that tell it."""

from datetime import date
from pathlib import Path

from books_for_pages import exampleshire_books, run
from pooledfund.access import Role
from pooledfund.control.awaiting import awaited
from pooledfund.control.submissions import agree_submission
from pooledfund.control.virements import Virement, agree_virement, make_virement
from pooledfund.pool import Pool
from pooledfund.results.submissions import submission_status
from pools import TOWN, as_actor, imported, pool_of, spent
from shown import MANAGER, Shown

LIMITED = TOWN + "virements: {limits: {pooled_fund_manager: 49_999.99}}\n"
MOVE = Virement("care", "equip", "nhs-min", 50_000_00, date(2023, 7, 1), "JCB 7/23 item 6")


def waiting(pool: Pool, month: int = 1) -> list[tuple[str, str]]:
    return [(each.kind, each.whose) for each in awaited(pool, submission_status(pool, month))]


def test_a_virement_over_the_limit_waits_for_each_signatory_then_for_its_maker_then_no_more(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, LIMITED)
    council, icb = (as_actor(pool, Role.PARTNER_FINANCE_LEAD, partner) for partner in ("council", "icb"))
    assert waiting(pool) == []
    agree_virement(council, MOVE)
    assert waiting(pool) == [("virement", f"the finance lead of {pool.agreement.partners['icb'].name}")]
    assert "Virement of £50,000.00 from care to equip, JCB 7/23 item 6" in awaited(pool, ())[0].said
    agree_virement(icb, MOVE)
    assert waiting(pool) == [("virement", "the pooled fund manager, who makes it now")]
    make_virement(pool, MOVE)
    assert waiting(pool) == []


def test_figures_that_came_wait_for_their_finance_lead(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    imported(pool, tmp_path, spent("A", "100", day="2023-04-10"))
    name = pool.agreement.partners["council"].name
    assert waiting(pool) == [("figures", f"the finance lead of {name}")]
    (figures,) = awaited(pool, submission_status(pool, 1))
    assert figures.said == f"{name}'s figures of M1, £100.00, came and are not agreed."
    agree_submission(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council"), "council", 1)
    assert waiting(pool) == []


def test_the_pages_say_what_waits_and_where_it_is_seen(tmp_path: Path) -> None:
    books = exampleshire_books(tmp_path / "exampleshire.db", through="Q1")
    assert "Nothing waits for an approval." in Shown("close", books, MANAGER, quarter="Q1: Apr to Jun").text
    run(["reopen", "M3", "--reason", "an invoice came late", "--db", str(books)])
    for page in ("close", "pools"):
        rows = Shown(page, books, MANAGER).rows("Approvals required in")
        assert [row[2] for row in rows] == ["Import"] * len(rows)
        assert rows[0][0] == "Exampleshire Council's figures of M3, £952,630.55, came and are not agreed."
