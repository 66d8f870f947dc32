"""Where funds have several hosts, each settles with the partners for its own lines, in its own account of the pool."""

import json
from pathlib import Path

import pytest

from everything import settled, year_of_everything
from ledgers.journal import RecordedEntry
from pooledfund import chart, templates
from pooledfund.access import Action
from pooledfund.cli import main
from pooledfund.control.settlement import settle
from pooledfund.pool import Pool
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.partner_journal import partner_journals
from pooledfund.results.settlement import settlement_due
from pooledfund.templates import Stamp

ICB_LINES = {"M1", "M2", "A1"}


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """A settled year: the council hosts the Better Care Fund, the ICB mental health and its own aligned money."""
    folder = tmp_path_factory.mktemp("hosts")
    return settled(year_of_everything(folder / "books.db", folder))


def settlements(pool: Pool) -> list[RecordedEntry]:
    return pool.books.entries(book="actual", kind="settlement")


def test_each_host_has_a_settlement_of_its_own_lines(pool: Pool) -> None:
    of_icb, of_council = settlements(pool)
    assert {posting.scheme for posting in of_icb.entry.postings} == ICB_LINES
    assert {posting.scheme for posting in of_council.entry.postings} == {None}
    own = {
        each.number: {posting.partner for posting in each.entry.postings if posting.account == chart.HOST_TRANSFER}
        for each in (of_icb, of_council)
    }
    assert own == {of_icb.number: {"icb"}, of_council.number: {"council"}}


def test_the_settlements_come_to_the_risk_share_and_are_posted_once(pool: Pool) -> None:
    share = settlement_due(pool).position.share
    books = pool.books.balances("actual", ("account", "partner"))
    for partner in pool.agreement.partners:
        assert -books.get((chart.RISK_SHARE_INCOME, partner), 0) == share.overspend_pence[partner]
        assert books.get((chart.RISK_SHARE_RETURNED, partner), 0) == share.underspend_pence[partner]
    assert settle(pool, without_disputed=True).entries == ()


def test_what_one_partner_owes_a_host_the_host_is_owed(pool: Pool) -> None:
    numbers = [each.number for each in settlements(pool)]
    journals = {each.partner: each.rows for each in partner_journals(pool, numbers=numbers)}
    assert journals.keys() == {"council", "icb", "trust"}
    for rows in journals.values():
        assert sum(row.pence for row in rows) == 0
    between = {
        (partner, line): sum(row.pence for row in rows if row.line == line)
        for partner, rows in journals.items()
        for line in ("receivable", "payable")
    }
    # All that anybody is owed is owed by somebody else: no host books a debt of its own to itself.
    assert sum(between.values()) == 0
    assert between["council", "receivable"] == -between["icb", "payable"] > 0
    # The trust bears part of M1, which the ICB hosts; what the ICB gets back of S5 it is owed by the council.
    assert between["trust", "payable"] == -10_500_02
    assert between["icb", "receivable"] == 10_500_02 + between["council", "payable"] * -1


def test_the_memorandum_account_has_the_balances_with_each_host(pool: Pool) -> None:
    pairs = {(each.owed_by, each.owed_to) for each in memorandum_account(pool, 12).balances}
    assert {("trust", "icb"), ("icb", "council"), ("council", "icb")} <= pairs
    assert all(owed_by != owed_to and owed_to in ("council", "icb", "trust") for owed_by, owed_to in pairs)
    assert ("trust", "council") not in pairs


def test_what_one_host_settled_for_all_is_put_right(tmp_path: Path) -> None:
    """Books that settled before hosts were told apart are trued up by the next settlement."""
    pool = settled(year_of_everything(tmp_path / "books.db", tmp_path))
    of_icb = settlements(pool)[0].entry
    borne = {
        (str(leg.partner), leg.scheme): -leg.amount_pence
        for leg in of_icb.postings
        if leg.account == chart.RISK_SHARE_INCOME
    }
    whole: dict[tuple[str, str | None], int] = {}
    for (partner, _), pence in borne.items():
        whole[partner, None] = whole.get((partner, None), 0) + pence
    back = {share: -pence for share, pence in borne.items()}
    day = of_icb.effective_on
    with pool.writing(Action.SETTLE) as writing:
        for key, host, amounts in (("all with the council", "council", whole), ("none with the ICB", "icb", back)):
            writing.record(templates.settlement(Stamp(day, "manager", key, "old", key, day), host, amounts, {}))
    assert len(settle(pool, without_disputed=True).entries) == 2
    assert settle(pool, without_disputed=True).entries == ()
    assert pool.books.verify() == []


def test_a_dry_run_says_what_still_waits_for_the_board(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    year_of_everything(tmp_path / "books.db", tmp_path)
    call = ["settle", "--dry-run", "--db", str(tmp_path / "books.db")]
    assert main(call) == 0
    assert "Not resolved yet: £46,999.91 of underspend under clause '4.4'." in capsys.readouterr().out
    assert main([*call, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unresolved"] == ["£46,999.91 of underspend under clause '4.4'"]
