"""What was counted, measured and spent, in a CSV file, for payment by results. Works out no payment."""

from fractions import Fraction
from pathlib import Path

from ledgers.money import MoneyNotUnderstood, parse_pounds
from pooledfund.intake.tables import Faults, read_csv
from s75_rules.agreement import Agreement
from s75_rules.performance import Actuals
from s75_rules.performance_terms import read_count, read_number


def read_actuals(path: Path, agreement: Agreement) -> Actuals:
    """Read ``name,period,actual``: admissions by quarter, the measure of an incentive, the cost of a gain share.

    Raises:
        FileRefused: with every fault: a name or period that the agreement does not have, a repeat, a value not read.
    """
    terms = agreement.performance
    table = read_csv(path, ("name", "period", "actual"), ())
    faults = Faults(path)
    counts: dict[tuple[str, str], int] = {}
    values: dict[str, Fraction] = {}
    costs: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        name, period = row["name"], row["period"]
        if fault := _misplaced(agreement, name, period) or ((name, period) in seen and f"{name} {period} stands twice"):
            faults.add(row.number, f"{fault}: correct the row or take it out")
            continue
        seen.add((name, period))
        try:
            if name in terms.gain_shares:
                costs[name] = parse_pounds(row["actual"])
            elif name in terms.incentives:
                values[name] = read_number(row["actual"])
            else:
                counts[name, period] = read_count(row["actual"])
        except (MoneyNotUnderstood, ValueError) as error:
            faults.add(row.number, f"actual: {error}" if row["actual"] else "actual is blank: unknown is not nil")
    faults.raise_if_any()
    return Actuals(counts, values, costs)


def _misplaced(agreement: Agreement, name: str, period: str) -> str | None:
    """What is wrong with the name or period of a row."""
    terms = agreement.performance
    if (periods := terms.periods().get(name)) is not None:
        return None if period in periods else f"'{period}' is no period of {name}, which has {', '.join(periods)}"
    if name in terms.incentives or name in terms.gain_shares:
        return f"{name} has no periods, and the row says {period}" if period else None
    return f"'{name}' is nothing that {agreement.id} pays by results"
