"""The registers of a pool in the database: accounts, partners, contributions and schemes, each carried by an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ledgers.accounts import Account
from ledgers.database import Connection
from ledgers.seal import JSON

Register = Literal["partner", "contribution", "scheme"]


@dataclass(frozen=True, slots=True)
class Registers:
    """What the postings of a pool may name, ids with their names."""

    accounts: Mapping[str, Account]
    partners: Mapping[str, str]
    contributions: Mapping[str, str]
    schemes: Mapping[str, str]

    def as_json(self) -> dict[str, JSON]:
        """The registers as the event that carries them says them."""
        return {
            "accounts": [
                {
                    "code": each.code,
                    "floor": each.floor,
                    "name": each.name,
                    "normal_side": each.normal_side,
                    "parent": each.parent,
                    "type": each.type,
                }
                for each in self.accounts.values()
            ],
            "contributions": dict(self.contributions),
            "partners": dict(self.partners),
            "schemes": dict(self.schemes),
        }


def registers_of(
    accounts: Sequence[Account],
    partners: Mapping[str, str],
    contributions: Mapping[str, str],
    schemes: Mapping[str, str],
) -> Registers:
    """Registers from their parts; the accounts keep their order, so that a parent can stand before its children."""
    return Registers({each.code: each for each in accounts}, partners, contributions, schemes)


def read(connection: Connection, pool_id: str) -> Registers:
    """The registers of a pool, each in the order of its ids."""
    return Registers(
        accounts(connection, pool_id),
        names(connection, pool_id, "partner"),
        names(connection, pool_id, "contribution"),
        names(connection, pool_id, "scheme"),
    )


def accounts(connection: Connection, pool_id: str) -> dict[str, Account]:
    """The chart of accounts by code, in the order of the codes."""
    rows = connection.execute(
        "SELECT code, name, type, normal_side, parent, floor FROM account WHERE pool_id = ? ORDER BY code", (pool_id,)
    )
    return {row[0]: Account(*row) for row in rows}


def names(connection: Connection, pool_id: str, table: Register) -> dict[str, str]:
    """The ids, with names, of a pool's partners, contributions or schemes."""
    rows = connection.execute(f"SELECT id, name FROM {table} WHERE pool_id = ? ORDER BY id", (pool_id,))
    return dict(rows.fetchall())


def add(connection: Connection, pool_id: str, event: int, given: Registers) -> None:
    """Write rows of the registers; the database refuses an id that is there already."""
    for account in given.accounts.values():
        connection.execute(
            """INSERT INTO account (pool_id, code, name, type, normal_side, parent, floor, event)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                pool_id, account.code, account.name, account.type, account.normal_side, account.parent,
                account.floor, event,
            ),
        )  # fmt: skip
    tables: tuple[tuple[Register, Mapping[str, str]], ...] = (
        ("partner", given.partners),
        ("contribution", given.contributions),
        ("scheme", given.schemes),
    )
    for table, rows in tables:
        for id_, name in rows.items():
            connection.execute(
                f"INSERT INTO {table} (pool_id, id, name, event) VALUES (?, ?, ?, ?)", (pool_id, id_, name, event)
            )
