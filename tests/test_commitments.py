"""Commitments: placed, shown by line in monitoring, and released; they cost nothing."""

from datetime import date
from pathlib import Path

import pytest

from ledgers.accounts import PoolSpec
from ledgers.refusals import KeyConflict
from ledgers.store import Books
from pooledfund import chart
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.intake.commitments import Commitment, CommitmentRefused, raise_commitment, release_commitment
from pooledfund.pool import Pool
from pooledfund.results.monitoring import monitor
from pools import TOWN, as_actor, pool_of

JUNE, JULY = date(2023, 6, 30), date(2023, 7, 3)


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    return pool_of(tmp_path)


def order(pence: int = 12_000_00, on: date = JUNE, scheme: str = "care", reference: str = "PO-118") -> Commitment:
    return Commitment(scheme, reference, pence, on)


def committed(pool: Pool, month: int, as_of: int | None = None) -> dict[str, int]:
    rows = monitor(pool, month, as_of).lines
    return {row.line.scheme: row.committed_pence for row in rows if row.committed_pence}


def test_what_is_committed_stands_by_line_until_it_is_released_and_costs_nothing(pool: Pool) -> None:
    cost = pool.books.trial_balance("actual")
    raise_commitment(pool, order())
    raise_commitment(pool, order(500_00, reference="PO-119"))
    placed = pool.books.head().number
    release_commitment(pool, order(2_000_00, JULY))
    assert (committed(pool, 2), committed(pool, 3), committed(pool, 4)) == (
        {},
        {"care": 12_500_00},
        {"care": 10_500_00},
    )
    assert committed(pool, 4, as_of=placed) == {"care": 12_500_00}
    assert pool.books.trial_balance("actual") == cost
    assert monitor(pool, 4).as_json()["lines"][0]["committed"] == "10500.00"  # type: ignore[index]
    assert pool.books.verify() == []


def test_the_same_order_is_there_already_and_with_another_amount_it_is_refused(pool: Pool) -> None:
    assert raise_commitment(pool, order()).outcome == "recorded"
    assert raise_commitment(pool, order()).outcome == "already there"
    with pytest.raises(KeyConflict):
        raise_commitment(pool, order(1))


def test_no_more_is_released_than_stands_under_the_reference(pool: Pool) -> None:
    raise_commitment(pool, order())
    with pytest.raises(CommitmentRefused, match=r"£12,000.00 stands under PO-118 on care, less than £12,000.01"):
        release_commitment(pool, order(12_000_01, JULY))
    with pytest.raises(CommitmentRefused, match=r"£0.00 stands under PO-7"):
        release_commitment(pool, order(1, reference="PO-7"))
    release_commitment(pool, order(on=JULY))
    assert committed(pool, 12) == {}


def test_books_from_before_there_were_commitments_take_them_too(pool: Pool, tmp_path: Path) -> None:
    opened = pool.books.events(kind="pool opened")[0].payload
    known = pool.books.registers()
    old = [each for each in known.accounts.values() if each not in chart.COMMITMENT_ACCOUNTS]
    spec = PoolSpec("old", "Before", pool.books.year, tuple(old), known.partners, known.contributions, known.schemes)
    payload = {name: opened[name] for name in ("agreement", "digest", "file")}
    ledger = Books.create(tmp_path / "old.db").open_pool(spec, who="manager", at=pool.clock(), payload=payload)
    before = Pool(ledger, pool.actor, pool.clock)
    raise_commitment(before, order())
    raise_commitment(before, order(on=JULY))
    assert committed(before, 12) == {"care": 24_000_00}
    assert ledger.verify() == []


def test_every_fault_of_an_order_is_said_at_once(pool: Pool) -> None:
    with pytest.raises(CommitmentRefused) as refused:
        raise_commitment(pool, Commitment("nowhere", " ", 0, date(2022, 1, 1)))
    assert len(refused.value.sentences) == 4


def test_a_scheme_manager_commits_their_own_lines_only(pool: Pool) -> None:
    manager = as_actor(pool, Role.SCHEME_MANAGER, "council", ("care",))
    raise_commitment(manager, order())
    with pytest.raises(NotAllowed):
        raise_commitment(manager, order(scheme="equip"))
    with pytest.raises(NotAllowed):
        raise_commitment(as_actor(pool, Role.AUDITOR), order())


def test_the_command_line_commits_releases_and_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf-8")
    books = ("--db", str(tmp_path / "books.db"))
    commit = ("commit", "--line", "care", "--reference", "PO-118", "--effective", "2023-06-30", *books)
    assert main(["init", str(tmp_path / "town.yaml"), *books]) == 0
    assert main([*commit, "--amount", "12,000"]) == 0
    assert main([*commit, "--amount", "2,000", "--release"]) == 0
    assert main(["monitor", "--quarter", "Q1", *books]) == 0
    said = capsys.readouterr().out
    assert "£12,000.00 committed on care, PO-118: entry" in said
    assert "Committed and not yet spent: care £10,000.00" in said
    assert main([*commit, "--amount", "much"]) == 2
