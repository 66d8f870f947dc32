"""The ten worked clauses of docs/agreements.md: each table row worked out from the clause above it."""

import re
from dataclasses import dataclass

import pytest
import yaml

from agreement_text import ROOT
from ledgers.money import parse_pounds, pounds
from s75_rules.agreement import Agreement
from s75_rules.agreement_checks import check_agreement
from s75_rules.positions import position_from_agreement
from s75_rules.risk_share import share_risk
from small_pool import Texts, pool

TEXT = (ROOT / "docs" / "agreements.md").read_text(encoding="utf-8")
BEFOREHAND = {
    "clause": "6", "step": "1", "partner": "council", "agreed_by": ["council", "icb"],
    "agreed": "2016-05-01", "spent_from": "2016-06-01", "reference": "letters of the two finance leads",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A clause as written, an outturn, and what the page says comes of it."""

    clauses: str
    outturn: str
    cells: tuple[str, ...]


def rows() -> list[Row]:
    section = TEXT[TEXT.index("### Ten clauses") : TEXT.index("### What the rules say")]
    found = []
    for block, table in re.findall(r"```yaml\n(.*?)```\n((?:\|[^\n]*\n)+)", section, re.DOTALL):
        for line in table.splitlines()[2:]:
            outturn, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            found.append(Row(block, outturn, tuple(cells)))
    return found


def test_there_are_ten_clauses_and_more_rows() -> None:
    assert len({row.clauses for row in rows()}) == 10
    assert len(rows()) >= 10


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.clauses[10:14].strip()} {row.outturn}")
def test_a_clause_of_the_page_gives_the_figures_of_its_table(row: Row) -> None:
    clauses: list[Texts] = yaml.load(row.clauses, yaml.BaseLoader)
    file = pool(clauses)
    outturns = {}
    for part in row.outturn.split(", "):
        if part.startswith("agreed beforehand "):
            file["agreed_beforehand"] = [{**BEFOREHAND, "up_to": part.rpartition(" ")[2]}]
        else:
            line, _, amount = part.partition(" ")
            outturns[line] = parse_pounds(amount)
    agreement = Agreement.model_validate(file)
    assert [fault for fault in check_agreement(agreement) if fault.severity == "fault"] == []
    found = share_risk(agreement, position_from_agreement(agreement, outturns))
    partners = ("council", "icb")
    amounts = [found.overspend_pence[each] for each in partners] + [found.underspend_pence[each] for each in partners]
    assert amounts == [parse_pounds(cell) for cell in row.cells[:4]]
    besides = [f"reserve {pounds(pence)}" for pence in found.reserves_pence.values() if pence]
    unresolved = found.unresolved_overspend_pence + found.unresolved_underspend_pence
    besides += [f"unresolved {pounds(unresolved)}"] if unresolved else []
    assert ", ".join(besides) == row.cells[4]
