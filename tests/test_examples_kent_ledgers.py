"""The Kent ledger extracts are what their script writes, and hold each trouble that a year of extracts brings."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from ledgers.money import equal_parts, parse_pounds
from pooledfund.agreement_file import read_agreement
from s75_rules.agreement import Agreement

KENT = Path(__file__).parents[1] / "examples" / "kent_2016_17"
LEDGERS = KENT / "ledgers"
QUARTERS = (1, 2, 3, 4)
Row = dict[str, str]


@pytest.fixture(scope="module")
def kent() -> Agreement:
    return read_agreement(KENT / "agreement.yaml").agreement


def cells(path: Path) -> list[tuple[object, ...]]:
    return [tuple(row) for row in load_workbook(path)["Transactions"].iter_rows(values_only=True)]


def council(quarter: int) -> list[Row]:
    with (LEDGERS / f"council_q{quarter}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    top = next(at for at, row in enumerate(rows) if "Posting Date" in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def ccgs(quarter: int) -> list[Row]:
    rows = cells(LEDGERS / f"ccgs_q{quarter}.xlsx")
    top = next(at for at, row in enumerate(rows) if "GL Date" in row)
    header = [str(name) for name in rows[top]]
    return [
        dict(zip(header, ["" if cell is None else str(cell) for cell in row], strict=True)) for row in rows[top + 1 :]
    ]


@cache
def mapping(name: str) -> dict[str, list[dict[str, dict[str, str]]]]:
    rules = yaml.safe_load((KENT / "maps" / f"{name}.yaml").read_text(encoding="utf-8"))
    return {part: rules[part] for part in ("lines", "ignore")}


def place(row: Row, name: str) -> str | None:
    """The line that a map gives a row, ``ignored``, or None where no rule of the map knows it."""
    rules = mapping(name)
    found = _first(row, rules["ignore"])
    if found is not None:
        return "ignored"
    line = _first(row, rules["lines"])
    return None if line is None else str(line["scheme"])


def _first(row: Row, rules: list[dict[str, dict[str, str]]]) -> dict[str, dict[str, str]] | None:
    for rule in rules:
        if all(fnmatchcase(row[column], pattern) for column, pattern in rule["match"].items()):
            return rule
    return None


def cost(row: Row) -> int:
    if "Debit" in row:
        return parse_pounds(row["Debit"] or "0") - parse_pounds(row["Credit"] or "0")
    return parse_pounds(row["Net"]) + parse_pounds(row["VAT"]) - parse_pounds(row["Recoverable VAT"])


def reference(row: Row) -> tuple[str, str]:
    return (row.get("Doc No") or row["Journal"], row["Line"])


def test_the_script_writes_the_files_that_are_kept_here(tmp_path: Path) -> None:
    subprocess.run([sys.executable, KENT / "make_ledgers.py", tmp_path], check=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    kept = sorted(path.relative_to(KENT) for path in [*LEDGERS.iterdir(), *KENT.glob("*.csv")])
    assert made == kept
    for name in made:
        if name.suffix == ".xlsx":
            assert cells(tmp_path / name) == cells(KENT / name), name
        else:
            assert (tmp_path / name).read_bytes() == (KENT / name).read_bytes(), name


def test_every_row_is_on_a_line_or_ignored_but_for_one_wrong_cost_centre() -> None:
    rows = [("council", row) for quarter in QUARTERS for row in council(quarter)]
    rows += [("ccgs", row) for quarter in QUARTERS for row in ccgs(quarter)]
    unknown = [row for name, row in rows if place(row, name) is None]
    assert {row["Cost Centre"] for row in unknown} == {"CC4911"}
    # The invoice is in the block that is there twice; the journal of Q3 takes it off the wrong code again.
    assert [cost(row) for row in unknown] == [2_637_540, 2_637_540, -2_637_540]
    assert reference(unknown[0]) == reference(unknown[1])


def test_lines_are_booked_by_their_lead_near_their_budget_some_over_and_some_under(kent: Agreement) -> None:
    spent: dict[str, int] = defaultdict(int)
    for name, read in (("council", council), ("ccgs", ccgs)):
        by_reference = {reference(row): row for quarter in QUARTERS for row in read(quarter)}
        for row in by_reference.values():
            line = place(row, name)
            if line is not None and line != "ignored":
                assert (name == "council") == (kent.schemes[line].lead == "kcc")
                spent[line] += cost(row)
    budgets = {
        scheme.id: sum(kent.budget_pence(scheme.id, each) for each in scheme.budgets)
        for scheme in kent.schemes.values()
    }
    assert set(spent) == set(budgets)
    assert all(abs(spent[line] - budget) * 10 <= budget for line, budget in budgets.items())
    assert sum(spent[line] > budget for line, budget in budgets.items()) >= 10
    assert sum(spent[line] < budget for line, budget in budgets.items()) >= 10


def test_each_district_is_paid_its_part_of_the_grant(kent: Agreement) -> None:
    paid = [cost(row) for quarter in QUARTERS for row in council(quarter) if place(row, "council") == "G5-DFG"]
    assert sorted(paid) == sorted(kent.schemes["G5-DFG"].recipients.values())


def test_the_two_extracts_share_no_column_for_the_amount_and_no_code() -> None:
    one, other = council(1), ccgs(1)
    assert not {"Net", "VAT"} & set(other[0])
    assert not {row["Cost Centre"] for row in one if row["Cost Centre"]} & {row["Cost Centre"] for row in other}


def test_the_second_quarter_holds_a_block_twice_and_came_a_second_time() -> None:
    times = Counter(tuple(row.values()) for row in council(2))
    assert sum(count > 1 for count in times.values()) >= 10
    assert max(times.values()) == 2
    assert (LEDGERS / "council_q2_resent.csv").read_bytes() == (LEDGERS / "council_q2.csv").read_bytes()
    for quarter in (1, 3, 4):
        assert max(Counter(map(reference, council(quarter))).values()) == 1
        assert max(Counter(map(reference, ccgs(quarter))).values()) == 1


def test_an_invoice_of_the_first_quarter_arrives_with_the_second() -> None:
    late = [row for row in council(2) if "/06/2016" in row["Posting Date"]]
    assert [(row["Posting Date"], row["Document Date"], row["Type"]) for row in late] == [
        ("30/06/2016", "14/06/2016", "INV")
    ]


@pytest.mark.parametrize(
    ("read", "accrual", "reversal", "kind", "day"),
    [
        (council, "ACC", "ACR", "Type", "Posting Date"),
        (ccgs, "Accrual", "Accrual Reversal", "Category", "GL Date"),
    ],
)
def test_each_accrual_is_reversed_on_the_first_day_of_the_next_month(
    read: Callable[[int], list[Row]], accrual: str, reversal: str, kind: str, day: str
) -> None:
    rows = [row for quarter in QUARTERS for row in read(quarter)]
    made = {reference(row): row for row in rows if row[kind] == accrual}
    undone = {reference(row): row for row in rows if row[kind] == reversal}
    assert len(made) == len(undone) >= 9
    for (document, line), row in made.items():
        back = undone[(document, f"{line}-R")]
        assert cost(back) == -cost(row)
        assert calendar_day(back[day]) == calendar_day(row[day]) + timedelta(days=1)
        assert calendar_day(back[day]).day == 1


def calendar_day(text: str) -> date:
    if "/" in text:
        day, month, year = text.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text[:10])


def test_both_ledgers_have_a_credit_note() -> None:
    notes = [row for quarter in QUARTERS for row in council(quarter) if row["Type"] == "CRN"]
    memos = [row for quarter in QUARTERS for row in ccgs(quarter) if row["Category"] == "Credit Memo"]
    assert [cost(row) for row in notes] == [-1_248_050]
    assert [cost(row) for row in memos] == [-1_825_000]


def test_receipts_are_each_ccgs_contribution_less_its_own_lines_in_instalments(kent: Agreement) -> None:
    received: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for quarter in QUARTERS:
        with (KENT / f"receipts_q{quarter}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                received[row["contribution"]].append((row["reference"], parse_pounds(row["amount"])))
    ccg_money = [each for each in kent.contributions.values() if each.source == "nhs_minimum"]
    assert set(received) == {each.id for each in ccg_money}
    for each in ccg_money:
        own = sum(kent.budget_pence(line.id, each.id) for line in kent.schemes.values() if line.lead == each.partner)
        parts = equal_parts((each.amount.exact_pence or 0) - own, 12 if each.instalments == "monthly" else 4)
        assert [pence for _, pence in sorted(received[each.id])] == parts


def test_one_instalment_is_received_a_quarter_late() -> None:
    with (KENT / "receipts_q3.csv").open(encoding="utf-8", newline="") as file:
        swale = [row for row in csv.DictReader(file) if row["contribution"] == "swale-min"]
    assert [(row["received"], row["posted_month"], row["reference"]) for row in swale] == [
        ("2016-10-12", "M7", "BACS-SWA-03"),
        ("2016-10-14", "M7", "BACS-SWA-02"),
    ]


def test_entered_forecasts_name_lines_of_the_agreement(kent: Agreement) -> None:
    for quarter in (2, 3):
        with (KENT / f"forecasts_q{quarter}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["quarter"] for row in rows} == {f"Q{quarter}"}
        assert {row["scheme"] for row in rows} <= set(kent.schemes)
