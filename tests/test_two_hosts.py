"""Where funds have several hosts, each settles with the partners for its own lines, in its own account of the pool."""

import json
import re
from pathlib import Path

import pytest

from everything import CLOSED_ON, MANAGER, settled, year_of_everything
from ledgers.journal import RecordedEntry
from pooledfund import chart, templates
from pooledfund.access import Action
from pooledfund.agreement_file import read_agreement_text
from pooledfund.cli import main
from pooledfund.control.close import close_period
from pooledfund.control.settlement import settle
from pooledfund.intake.actuals import import_actuals
from pooledfund.pool import Pool
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.partner_journal import partner_journals
from pooledfund.results.settlement import settlement_due
from pooledfund.templates import Stamp
from pools import extract, spent

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


TWO_POOLS = """\
pooledfund: 1
agreement: {id: two-2023-24, title: Two pools, area: Two, year: 2023/24, status: signed, version: "1",
  signed: {council: 2023-03-28, icb: 2023-03-30}, starts: 2023-04-01, ends: 2024-03-31}
partners:
  council: {name: The Council, kind: local_authority}
  icb: {name: The ICB, kind: nhs}
funds:
  one: {name: Pool one, kind: pooled, host: council}
  two: {name: Pool two, kind: pooled, host: icb}
contributions:
  add: {partner: council, fund: one, source: la_additional, amount: 100_000}
  own: {partner: icb, fund: two, source: nhs_additional, amount: 200_000}
reserves:
  risk: {fund: one, opening: 5_000}
schemes:
  A: {name: Care, fund: one, lead: council, area_of_spend: social_care, budget: {add: 100_000}}
  B: {name: Nursing, fund: two, lead: icb, area_of_spend: community_health, budget: {own: 150_000}}
  C: {name: Beds, fund: two, lead: icb, area_of_spend: community_health, budget: {own: 50_000}}
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{offset: fund}, {offset: agreement}, {reserve: risk}, {share: lead}]
    underspend: [{retain: risk, up_to: 1_000}, {return: lead}]
"""


def two_pools(folder: Path, **outturns: str) -> Pool:
    """A year of two pools with a host each, settled."""
    agreement = read_agreement_text(TWO_POOLS, "two.yaml")
    found = Pool.create(folder / "two.db", agreement, MANAGER, lambda: CLOSED_ON)
    leads = {"A": "council", "B": "icb", "C": "icb"}
    rows = [spent(line, pounds, line, "2024-03-20", partner=leads[line]) for line, pounds in outturns.items()]
    import_actuals(found, extract(folder, *rows))
    settle(found)
    return found


def owed(pool: Pool) -> dict[str, dict[str, int]]:
    """What each partner's journal of the settlement says of its balances with the other."""
    numbers = [each.number for each in pool.books.entries(book="actual", kind="between hosts")]
    journals = partner_journals(pool, numbers=numbers)
    return {
        each.partner: {line: sum(row.pence for row in each.rows if row.line == line) for line in
                       dict.fromkeys(row.line for row in each.rows)}
        for each in journals
    }  # fmt: skip


def passed(pool: Pool, month: int = 12) -> list[tuple[str, str, int]]:
    what = "relief passed between the hosts' funds"
    balances = memorandum_account(pool, month).balances
    return [(each.owed_by, each.owed_to, each.pence) for each in balances if each.what == what]


def test_relief_from_another_hosts_fund_is_passed_on_between_the_hosts(tmp_path: Path) -> None:
    """A gives 10,000.01 and the council's reserve 5,000.00 to an overspend of 20,000.02 that C has met by 2,000."""
    pool = two_pools(tmp_path, A="89999.99", B="170000.02", C="48000")
    (entry,) = pool.books.entries(book="actual", kind="between hosts")
    legs = {str(posting.scheme): posting.amount_pence for posting in entry.entry.postings}
    assert legs == {"A": 15_000_01, "B": -15_000_01}
    assert passed(pool) == [("council", "icb", 15_000_01)]
    assert owed(pool) == {
        "council": {"pool_funding": 15_000_01, "payable": -15_000_01},
        "icb": {"pool_funding": -15_000_01, "receivable": 15_000_01},
    }
    # What the ICB bears itself: 20,000.02 less 2,000 of its own fund and what came over.
    assert settlement_due(pool).position.share.overspend_pence == {"council": 0, "icb": 3_000_01}
    assert settle(pool).entries == ()
    assert pool.books.verify() == []


def test_an_underspend_kept_in_another_hosts_reserve_is_passed_to_it(tmp_path: Path) -> None:
    pool = two_pools(tmp_path, A="100000", B="149000", C="49000")
    assert passed(pool) == [("icb", "council", 1_000_00)]
    assert sum(memorandum_account(pool, 12).risk_share_pence.values()) == 0


def test_what_was_passed_is_trued_up_by_a_later_outturn(tmp_path: Path) -> None:
    pool = two_pools(tmp_path, A="95000", B="152000", C="50000")
    assert passed(pool) == [("council", "icb", 2_000_00)]
    import_actuals(pool, extract(tmp_path, spent("late", "-1500", "B", "2024-03-25", partner="icb"), name="late.csv"))
    settle(pool)
    assert passed(pool) == [("council", "icb", 500_00)]
    assert settle(pool).entries == ()


def test_before_the_years_end_only_what_a_reserve_gives_is_passed(tmp_path: Path) -> None:
    """To June B is over by 6,000 and A under by 5,000: the reserve, in a fund without lines, meets 1,000 of it."""
    text = TWO_POOLS.replace("  risk: {fund: one", "  risk: {fund: pot").replace(
        "contributions:", "  pot: {name: Risk pool, kind: pooled, host: council}\ncontributions:"
    )
    found = Pool.create(tmp_path / "two.db", read_agreement_text(text, "two.yaml"), MANAGER, lambda: CLOSED_ON)
    rows = [spent("a", "20000", "A", "2023-06-20"), spent("b", "43500", "B", "2023-06-20", partner="icb"),
            spent("c", "12500", "C", "2023-06-20", partner="icb")]  # fmt: skip
    import_actuals(found, extract(tmp_path, *rows))
    close_period(found, "Q1")
    settle(found, 3)
    assert passed(found, 4) == [("council", "icb", 1_000_03)]  # June is closed; odd pence of a profile fall in March
    rest = [spent("a4", "75000", "A", "2024-03-20"), spent("b4", "106500", "B", "2024-03-20", partner="icb"),
            spent("c4", "37500", "C", "2024-03-20", partner="icb")]  # fmt: skip
    import_actuals(found, extract(tmp_path, *rest, name="rest.csv"))
    settle(found)
    assert passed(found) == []
    assert found.books.verify() == []


def test_money_that_stays_with_one_host_passes_nothing(tmp_path: Path) -> None:
    pool = two_pools(tmp_path, A="100000", B="152000", C="48000")
    assert passed(pool) == []
    assert pool.books.entries(book="actual", kind="between hosts") == []


def test_the_settlement_says_what_passes_between_the_hosts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = two_pools(tmp_path, A="95000", B="152000", C="50000")
    import_actuals(pool, extract(tmp_path, spent("late", "700", "B", "2024-03-25", partner="icb"), name="late.csv"))
    call = ["settle", "--dry-run", "--db", str(tmp_path / "two.db")]
    assert main(call) == 0
    assert re.search(r"relief passed by host council to host icb +700\.00", capsys.readouterr().out)
    assert main([*call, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["between_hosts"] == {"A": "700.00", "B": "-700.00"}
