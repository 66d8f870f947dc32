"""Two versions of an agreement in tables: contributions, lines and clauses, before and after. Lists no other words."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledgers.money import pounds
from s75_rules.agreement import Agreement, Contribution, Scheme
from s75_rules.amounts import Amount, total
from s75_rules.clause_words import whole_clause
from s75_rules.versions import NOTHING


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A contribution, or the budget of a line, in two versions.

    An amount is None where the version states none; ``is_before`` and ``is_after`` say whether it has the row at all.
    """

    id: str
    name: str
    before: Amount | None
    after: Amount | None
    is_before: bool = True
    is_after: bool = True

    @property
    def change_pence(self) -> int | None:
        """After less before, where what is not stated is in no total; None where that is no exact amount."""
        sides = [each for each in (self.before, self.after) if each is not None]
        if not sides or any(each.exact_pence is None for each in sides):
            return None
        return _pence(self.after) - _pence(self.before)

    @property
    def in_words(self) -> tuple[str, str]:
        """What each version says: an amount, ``none yet``, or that the row is not there."""
        return _said(self.before, self.is_before), _said(self.after, self.is_after)

    def as_json(self) -> dict[str, str | None]:
        """The row with money in pounds as text; null where the change is no exact amount."""
        change = self.change_pence
        return {
            "id": self.id,
            "name": self.name,
            "before": _plain(self.before, self.is_before),
            "after": _plain(self.after, self.is_after),
            "change": None if change is None else pounds(change),
        }


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """What a clause does in two versions, in plain sentences; empty where a version does not have it."""

    clause: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """``the same``, ``changed``, ``new`` or ``taken out``."""
        if self.before == self.after:
            return "the same"
        return "new" if not self.before else "changed" if self.after else "taken out"

    def as_json(self) -> dict[str, str]:
        """The clause as plain values."""
        return {
            "clause": self.clause,
            "what": self.what,
            "before": self.before or NOTHING,
            "after": self.after or NOTHING,
        }


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two versions, row by row; the last row of contributions and of lines is their total."""

    contributions: tuple[MoneyRow, ...]
    lines: tuple[MoneyRow, ...]
    clauses: tuple[ClauseRow, ...]

    def as_json(self) -> dict[str, object]:
        """The tables as plain values."""
        return {
            "contributions": [each.as_json() for each in self.contributions],
            "lines": [each.as_json() for each in self.lines],
            "clauses": [each.as_json() for each in self.clauses],
        }


def side_by_side(before: Agreement, after: Agreement) -> SideBySide:
    """Every contribution, line and clause that either version has, in file order, the earlier version's first."""
    one, two = ({each.clause: whole_clause(each) for each in version.risk_share} for version in (before, after))
    return SideBySide(
        contributions=_with_total(
            _contribution(each, before.contributions.get(each), after.contributions.get(each))
            for each in _either(before.contributions, after.contributions)
        ),
        lines=_with_total(
            _line(each, before.schemes.get(each), after.schemes.get(each))
            for each in _either(before.schemes, after.schemes)
        ),
        clauses=tuple(ClauseRow(each, one.get(each, ""), two.get(each, "")) for each in _either(one, two)),
    )


def _contribution(name: str, before: Contribution | None, after: Contribution | None) -> MoneyRow:
    newest = after or before
    one, two = (None if each is None else each.amount for each in (before, after))
    called = (newest and newest.name) or name
    return MoneyRow(name, called, one, two, is_before=before is not None, is_after=after is not None)


def _line(name: str, before: Scheme | None, after: Scheme | None) -> MoneyRow:
    newest = after or before
    one, two = (total(each.budgets.values()) if each and each.budgets else None for each in (before, after))
    called = newest.name if newest else name
    return MoneyRow(name, called, one, two, is_before=before is not None, is_after=after is not None)


def _either(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *after)))


def _with_total(rows: Iterable[MoneyRow]) -> tuple[MoneyRow, ...]:
    """The rows and their total; it is as little a number as its rows, and none yet where no row has an amount."""
    found = tuple(rows)
    sides = [[each.before for each in found if each.before], [each.after for each in found if each.after]]
    before, after = (total(side) if side else None for side in sides)
    return (*found, MoneyRow("Total", "", before, after))


def _pence(amount: Amount | None) -> int:
    return 0 if amount is None else amount.exact_pence or 0


def _said(amount: Amount | None, is_there: bool) -> str:
    return str(amount) if amount is not None else "none yet" if is_there else NOTHING


def _plain(amount: Amount | None, is_there: bool) -> str:
    """An amount for a program: pounds with two decimals where it is exact, else in words."""
    exact = None if amount is None else amount.exact_pence
    return _said(amount, is_there) if exact is None else pounds(exact)
