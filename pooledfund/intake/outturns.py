"""Outturns of scheme lines in a CSV file, for a risk share worked out without any books."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.intake.tables import Faults, Row, read_csv
from s75_rules.agreement import Agreement
from s75_rules.positions import Breach


@dataclass(frozen=True, slots=True)
class Outturns:
    """Outturn by scheme line in pence, and the breaches recorded beside it."""

    by_scheme: Mapping[str, int]
    breaches: tuple[Breach, ...]


def read_outturns(path: Path, agreement: Agreement) -> Outturns:
    """Read ``scheme,outturn`` with optional ``breach_partner,breach_amount``; a line that is missing spent its budget.

    A line repeats only to add breaches, with the same outturn.

    Raises:
        FileRefused: with every fault: an unknown line or partner, a blank outturn or one below nil.
    """
    table = read_csv(path, ("scheme", "outturn"), ("breach_partner", "breach_amount"))
    faults = Faults(path)
    by_scheme: dict[str, int] = {}
    breaches: list[Breach] = []
    for row in table.rows:
        scheme = row["scheme"]
        if scheme not in agreement.schemes:
            faults.add(row.number, f"'{scheme}' is not a scheme line of {agreement.id}: use one that check lists")
            continue
        outturn = _amount(row, "outturn", faults)
        if outturn is None:
            continue
        if scheme in by_scheme and (not row["breach_partner"] or by_scheme[scheme] != outturn):
            faults.add(row.number, f"{scheme} stands twice: repeat a line only to add a breach, with the same outturn")
        by_scheme.setdefault(scheme, outturn)
        breach = _breach(row, agreement, faults)
        if breach is not None:
            breaches.append(breach)
    faults.raise_if_any()
    return Outturns(by_scheme, tuple(breaches))


def _breach(row: Row, agreement: Agreement, faults: Faults) -> Breach | None:
    partner, amount = row["breach_partner"], row["breach_amount"]
    if not partner and not amount:
        return None
    if partner not in agreement.partners:
        faults.add(row.number, f"'{partner}' is not a partner of {agreement.id}: name the partner in breach")
        return None
    pence = _amount(row, "breach_amount", faults)
    if pence == 0:
        faults.add(row.number, "a breach is above nil: give its amount, or leave both cells blank")
    return Breach(row["scheme"], partner, pence) if pence else None


def _amount(row: Row, column: str, faults: Faults) -> int | None:
    try:
        pence = parse_pounds(row[column])
    except MoneyNotUnderstood as error:
        faults.add(row.number, f"{column}: {error}" if row[column] else f"{column} is blank: unknown is not nil")
        return None
    if pence < 0:
        faults.add(row.number, f"{column} {row[column]} is below nil: an amount here is nil or more")
        return None
    return pence
