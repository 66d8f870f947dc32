"""A small pool in real books, and files to bring into it. Holds no tests."""

import csv
import functools
import hashlib
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledgers.journal import RecordedEntry
from ledgers.refusals import LedgerRefusal
from ledgers.seal import Head
from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.errors import InputRefused
from pooledfund.intake.actuals import Imported, import_actuals
from pooledfund.intake.spend_rows import PLAIN_COLUMNS
from pooledfund.pool import Pool

TOWN = """\
pooledfund: 1
agreement:
  id: town-2023-24
  title: Town Better Care Fund
  area: Town
  year: 2023/24
  status: signed
partners:
  council: {name: Town Council, kind: local_authority}
  icb: {name: NHS Town ICB, kind: nhs}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: council}
contributions:
  nhs-min: {partner: icb, fund: bcf, source: nhs_minimum, amount: 1_200_000.07}
  nhs-own: {partner: icb, fund: bcf, source: nhs_additional, amount: 240_000, settled: net_of_own_lines,
    instalments: quarterly}
  la-add: {partner: council, fund: bcf, source: la_additional, amount: 300_000, instalments: quarterly_in_arrears}
  dfg: {partner: council, fund: bcf, source: dfg, amount: 100_000, instalments: annual}
reserves:
  risk: {fund: bcf, opening: 1_000, funded_by: {la-add: 10_000, nhs-own: 5_000}}
schemes:
  care: {name: Home care, fund: bcf, lead: council, area_of_spend: social_care,
    budget: {nhs-min: 600_000, la-add: 200_000}}
  equip: {name: Equipment, fund: bcf, lead: council, area_of_spend: social_care,
    budget: {nhs-min: 200_000.07, la-add: 90_000}}
  rehab: {name: Rehabilitation, fund: bcf, lead: icb, area_of_spend: community_health,
    budget: {nhs-min: 400_000, nhs-own: 100_000}}
  beds: {name: Intermediate beds, fund: bcf, lead: icb, area_of_spend: community_health, budget: {nhs-own: 135_000}}
  grant: {name: Disabled facilities, fund: bcf, lead: council, area_of_spend: other, capital: true,
    budget: {dfg: 100_000}}
  pilot: {name: Falls pilot, fund: bcf, lead: council, area_of_spend: social_care}
minimums: {nhs_minimum: 1_200_000.07, adult_social_care: 700_000, nhs_commissioned_out_of_hospital: 350_000}
risk_share:
  - clause: "7.2"
    covers: everything
    overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]
    underspend: [{return: contribution}]
"""

MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)
DB = "pooledfund.db"


@functools.cache
def _books_of(text: str) -> bytes:
    """The books of an agreement as a file, made once: opening them takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / DB
        Pool.create(books, read_agreement_text(text, "town.yaml"), MANAGER)
        return books.read_bytes()


def pool_of(folder: Path, text: str = TOWN, actor: Actor = MANAGER) -> Pool:
    """A pool with its books newly opened in a folder."""
    books = folder / DB
    books.write_bytes(_books_of(text))
    return Pool.open(books, None, actor)


def as_actor(pool: Pool, role: Role, partner: str | None = None, schemes: tuple[str, ...] = ()) -> Pool:
    """The same pool as another person sees it."""
    return Pool(pool._ledger, Actor(f"some {role}", role, partner, schemes), pool.clock)


@dataclass(frozen=True)
class State:
    """What the books hold: the head of the log, and a digest of every row of every table."""

    head: Head
    rows: str


def state_of(pool: Pool) -> State:
    """The state of a pool's books, to see that nothing was changed."""
    with closing(sqlite3.connect(pool._ledger.books.path)) as connection:
        dump = "\n".join(connection.iterdump())
    return State(pool._ledger.head(), hashlib.sha256(dump.encode()).hexdigest())


def csv_file(folder: Path, name: str, header: Sequence[str], *rows: Sequence[str]) -> Path:
    """A CSV file of rows under a header."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([header, *rows])
    return path


def spent(
    reference: str,
    net: str,
    scheme: str = "care",
    day: str = "2023-05-10",
    *,
    partner: str = "council",
    kind: str = "ledger",
    dated: str = "",
    vat: str = "",
    recovered: str = "",
    contribution: str = "",
    words: str = "",
) -> list[str]:
    """One row of the plain layout."""
    return [day, dated, "", scheme, partner, kind, reference, net, vat, recovered, "", contribution, words]


EXTRACT_COLUMNS = (*PLAIN_COLUMNS[:-1], "contribution", "description")


def extract(folder: Path, *rows: Sequence[str], name: str = "actuals.csv") -> Path:
    """A ledger extract in the plain layout."""
    return csv_file(folder, name, EXTRACT_COLUMNS, *rows)


def spend_of(pool: Pool, scheme: str, through_month: int = 12) -> dict[str | None, int]:
    """Spend of a line by contribution in pence."""
    found = pool.books.balances(
        "actual", ("scheme", "contribution"), accounts=("expenditure",), through_month=through_month
    )
    return {None if each is None else str(each): pence for (of, each), pence in found.items() if of == scheme and pence}


def total_of(pool: Pool, *accounts: str, through_month: int = 12) -> int:
    """The balance of accounts of the actual book in pence, debit plus."""
    return sum(pool.books.balances("actual", (), accounts=accounts, through_month=through_month).values())


def entry_of(pool: Pool, key: str) -> RecordedEntry:
    """The entry recorded under a key."""
    found = pool.books.entry_by_key(key)
    assert found is not None, key
    return found


def imported(pool: Pool, folder: Path, *rows: list[str], name: str = "actuals.csv") -> Imported:
    return import_actuals(pool, extract(folder, *rows, name=name))


def refused(pool: Pool, folder: Path, *rows: list[str], name: str = "actuals.csv") -> str:
    """The sentences of a refusal, after which the books are as they were."""
    before = state_of(pool)
    with pytest.raises((InputRefused, LedgerRefusal)) as refusal:
        imported(pool, folder, *rows, name=name)
    assert state_of(pool) == before
    return str(refusal.value)
