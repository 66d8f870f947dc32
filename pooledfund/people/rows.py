"""Rows of the people's database, read and written as objects within one transaction. Knows no rule of people."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar, cast

from pooledfund.people.tables import Row

R = TypeVar("R", bound=Row)
Value = str | int | None
Run = Callable[[str, Sequence[Value]], Iterable[Sequence[Any]]]
"""Runs a statement, each value marked by ``?``, and gives its rows."""


class Session:
    """The tables in one transaction: a row asked for twice is one object, and what was changed of it is written."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[tuple[Value, ...], tuple[Row, tuple[Value, ...]]] = {}
        """Rows by table and key, each with its values as the database holds them."""

    def get(self, kind: type[R], *key: Value) -> R | None:
        """The row of a table by its key."""
        found = self._known.get((kind.TABLE, *key))
        if found is not None:
            return cast(R, found[0])
        return next(iter(self.all(kind, " AND ".join(f"{each} = ?" for each in kind.KEY), *key)), None)

    def get_one(self, kind: type[R], *key: Value) -> R:
        """The row of a table by its key, which is there."""
        found = self.get(kind, *key)
        if found is None:
            raise LookupError(f"{kind.TABLE} has no row {key}")
        return found

    def all(self, kind: type[R], where: str = "", *values: Value, order: str = "", last: int | None = None) -> list[R]:
        """The rows of a table that meet a condition, in an order, so many of them."""
        self.flush()
        said = f"SELECT {', '.join(_columns(kind))} FROM {kind.TABLE}"
        said += f" WHERE {where}" if where else ""
        said += f" ORDER BY {order}" if order else ""
        said += f" LIMIT {last:d}" if last is not None else ""
        return [self._row(kind, tuple(each)) for each in self._run(said, values)]

    def add(self, row: Row) -> None:
        """Write a new row; one that was read here is written with whatever else was changed."""
        if self._place(row) in self._known:
            return
        values = {name: getattr(row, name) for name in _columns(type(row))}
        if values.get("number", 0) is None:
            del values["number"]  # the database gives it
        self._run(
            f"INSERT INTO {row.TABLE} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            tuple(values.values()),
        )
        if "number" not in row.KEY:
            self._known[self._place(row)] = (row, _values(row))

    def remove(self, kind: type[Row], where: str, *values: Value) -> None:
        """Take away the rows of a table that meet a condition."""
        self.flush()
        self._run(f"DELETE FROM {kind.TABLE} WHERE {where}", values)
        self._known = {place: each for place, each in self._known.items() if place[0] != kind.TABLE}

    def flush(self) -> None:
        """Write what was changed of the rows that were read here."""
        for place, (row, before) in self._known.items():
            if (now := _values(row)) != before:
                kind = type(row)
                changed = ", ".join(f"{each} = ?" for each in _columns(kind))
                found = " AND ".join(f"{each} = ?" for each in kind.KEY)
                self._run(f"UPDATE {kind.TABLE} SET {changed} WHERE {found}", (*now, *place[1:]))
                self._known[place] = (row, now)

    def _row(self, kind: type[R], values: tuple[Value, ...]) -> R:
        row = kind(**{each.name: _as(each.type, value) for each, value in zip(_fields(kind), values, strict=True)})
        return cast(R, self._known.setdefault(self._place(row), (row, _values(row)))[0])

    def _place(self, row: Row) -> tuple[Value, ...]:
        return (row.TABLE, *(getattr(row, each) for each in row.KEY))


def _fields(kind: type[Row]) -> tuple[Any, ...]:
    return fields(kind)  # type: ignore[arg-type]  # every row is a dataclass


def _columns(kind: type[Row]) -> tuple[str, ...]:
    return tuple(each.name for each in _fields(kind))


def _values(row: Row) -> tuple[Value, ...]:
    return tuple(getattr(row, each) for each in _columns(type(row)))


def _as(kind: object, value: Value) -> Value:
    """A value as its column has it: SQLite keeps a truth as a number."""
    return bool(value) if kind is bool else value
