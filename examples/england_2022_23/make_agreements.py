"""Writes an agreement for each of the 151 areas of planned.csv into a folder: what was published, and no more.

The amounts are published. That they come from the NHS minimum, and the names of the partners, are
ours, and each file says so. An amount that is not there (NA) is a line without money, not nil.
The last row of the file is the total of the others and no area.
"""

import csv
import sys
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).parent
SAME_BODY = {"Kent": "QKS", "Medway": "QKS"}
"""Areas whose NHS partner is one body, NHS Kent and Medway, by its code."""
LINES = {
    "bed_based_intermediate_care": ("beds", "Bed based intermediate care services", "nhs", "community_health"),
    "reablement_in_a_persons_own_home": ("reablement", "Reablement in a person's own home", "council", "social_care"),
}


def main() -> None:
    """Write the files and say how many."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("agreements")
    folder.mkdir(parents=True, exist_ok=True)
    with (HERE / "planned.csv").open(encoding="utf-8", newline="") as file:
        areas = [row for row in csv.DictReader(file) if row["code"] != "Total"]
    for area in areas:
        (folder / f"{area['code']}.yaml").write_text(agreement(area), encoding="utf-8")
    print(f"Wrote {len(areas)} agreements to {folder}")


def agreement(row: Mapping[str, str]) -> str:
    """The agreement of one area."""
    amounts = {column: to_the_penny(row[column]) for column in LINES if row[column] != "NA"}
    area, code = row["health_and_wellbeing_board"], row["code"]
    nhs = "NHS Kent and Medway" if area in SAME_BODY else f"NHS partner of {area}"
    ods = f", ods_code: {SAME_BODY[area]}" if area in SAME_BODY else ""
    text = f"""\
pooledfund: 1
agreement:
  id: area-{code}
  title: "Planned intermediate care, {area}"
  area: "{area}"
  year: 2022/23
  source: NHS England, planned expenditure of the Better Care Fund 2022-23, through HFAnalyticsLab (MIT licence)
  notes: ["The source of the money and the names of the partners are illustrative."]
partners:
  council: {{name: "{area} council", kind: local_authority, ons_code: {code}}}
  nhs: {{name: "{nhs}", kind: nhs{ods}}}
funds:
  bcf: {{name: Better Care Fund, kind: pooled, host: council}}
"""
    if amounts:
        whole = sum(amounts.values())
        text += f"""\
contributions:
  nhs-min: {{partner: nhs, fund: bcf, source: nhs_minimum, amount: "{whole}", basis: illustrative}}
"""
    text += "schemes:\n"
    for column, (name, title, lead, spent_on) in LINES.items():
        text += f'  {name}: {{name: "{title}", fund: bcf, lead: {lead}, area_of_spend: {spent_on}'
        text += f', budget: {{nhs-min: "{amounts[column]}"}}, basis: published}}\n' if column in amounts else "}\n"
    return f"""{text}\
risk_share:
  - clause: No risk share published
    covers: everything
    overspend: [{{decide: board}}]
    underspend: [{{decide: board}}]
"""


def to_the_penny(pounds: str) -> Decimal:
    """A published amount, which may have many decimals, as pounds and pence."""
    return Decimal(pounds).quantize(Decimal("0.01"), ROUND_HALF_UP)


if __name__ == "__main__":
    main()
