"""Ranges of outturns in a CSV file, for a simulation. Draws nothing."""

from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.intake.tables import Faults, Row, read_csv
from s75_rules.agreement import Agreement
from s75_rules.draws import DISTRIBUTIONS, Range, RangeWrong

_AMOUNTS = ("low", "most_likely", "high")


def read_ranges(path: Path, agreement: Agreement) -> tuple[Range, ...]:
    """Read ``scheme,low,most_likely,high`` with an optional ``distribution``, triangular where it is blank.

    Raises:
        FileRefused: with every fault: an unknown or repeated line, a range that does not run upwards.
    """
    table = read_csv(path, ("scheme", *_AMOUNTS), ("distribution",))
    faults = Faults(path)
    found: dict[str, Range] = {}
    for row in table.rows:
        scheme = row["scheme"]
        if scheme not in agreement.schemes:
            faults.add(row.number, f"'{scheme}' is not a scheme line of {agreement.id}: use one that check lists")
        elif scheme in found:
            faults.add(row.number, f"{scheme} stands twice: give each line one range")
        elif made := _range(row, faults):
            found[scheme] = made
    faults.raise_if_any()
    return tuple(found.values())


def _range(row: Row, faults: Faults) -> Range | None:
    amounts: list[int] = []
    for column in _AMOUNTS:
        try:
            amounts.append(parse_pounds(row[column]))
        except MoneyNotUnderstood as error:
            faults.add(row.number, f"{column}: {error}" if row[column] else f"{column} is blank: unknown is not nil")
    distribution = next((each for each in DISTRIBUTIONS if each == (row["distribution"] or "triangular")), None)
    if distribution is None:
        known = ", ".join(DISTRIBUTIONS)
        faults.add(row.number, f"'{row['distribution']}' is not a distribution known here: write one of {known}")
    if len(amounts) < len(_AMOUNTS) or distribution is None:
        return None
    low, likely, high = amounts
    try:
        return Range(row["scheme"], low, likely, high, distribution)
    except RangeWrong as error:
        faults.add(row.number, str(error))
        return None
