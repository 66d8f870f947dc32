"""Edges of the rules that agreements meet, each worked by hand: rounded shares, a body succeeded in year, both caps."""

from datetime import date
from pathlib import Path
from typing import Any

from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_contribution
from pooledfund.results.risk_position import risk_position
from pools import TOWN, imported, pool_of, spent
from s75_rules.agreement import Agreement
from s75_rules.positions import position_from_agreement
from s75_rules.risk_share import RiskShare, share_risk
from small_pool import clause, pool

Texts = dict[str, Any]
LEAD: list[Texts] = [{"return": "lead"}]


def shared(file: Texts, **outturns: int) -> RiskShare:
    agreement = Agreement.model_validate(file)
    return share_risk(agreement, position_from_agreement(agreement, outturns))


def test_printed_percentages_are_not_the_exact_ratio_that_they_were_rounded_from() -> None:
    # 99m and 96m of 195m: 50.769...% and 49.230...%, printed as 51 and 49.
    exact = pool([clause("1", "everything", [{"share": "contribution"}], LEAD)])
    exact["contributions"]["min"]["amount"] = "99_000_000"
    exact["contributions"]["add"]["amount"] = "96_000_000"
    found = shared(exact, A=1_002_000_00)  # a million over its 2,000
    assert (found.overspend_pence["icb"], found.overspend_pence["council"]) == (507_692_31, 492_307_69)
    printed = shared(
        {**exact, "risk_share": [clause("1", "everything", [{"share": {"icb": "51", "council": "49"}}], LEAD)]},
        A=1_002_000_00,
    )
    assert (printed.overspend_pence["icb"], printed.overspend_pence["council"]) == (510_000_00, 490_000_00)


def test_a_partner_that_contributes_nothing_bears_nothing_by_contribution_and_its_part_by_heads() -> None:
    file = pool([clause("1", "everything", [{"share": "contribution"}], LEAD)])
    file["partners"]["trust"] = {"name": "The Trust", "kind": "nhs"}
    assert shared(file, A=2_040_00).overspend_pence == {"council": 10_00, "icb": 30_00, "trust": 0}
    file["risk_share"] = [clause("1", "everything", [{"share": "equal"}], LEAD)]
    # 4,000 pence over three: the penny left goes to the first in the file.
    assert shared(file, A=2_040_00).overspend_pence == {"council": 13_34, "icb": 13_33, "trust": 13_33}


def test_where_the_cap_of_both_partners_binds_the_rest_is_nobodys_until_the_board_decides() -> None:
    steps: list[Texts] = [
        {"share": {"council": "50", "icb": "50"}, "caps": {"council": "10", "icb": "15"}},
        {"decide": "board"},
    ]
    found = shared(pool([clause("1", "everything", steps, LEAD)]), A=2_100_00)
    assert found.overspend_pence == {"council": 10_00, "icb": 15_00}
    assert found.unresolved_overspend_pence == 75_00


def test_a_body_that_succeeds_another_in_year_bears_what_arose_from_its_day_on() -> None:
    halves: Texts = {"council": "50", "ccg": "50"}
    file = pool(
        [
            clause("1", "everything", [{"share": halves}], [{"return": "same_as_overspend"}]),
            clause(
                "1 from July", "everything", [{"share": {"council": "50", "icb": "50"}}],
                [{"return": "same_as_overspend"}], **{"from": "2022-07-01"},
            ),
        ]
    )  # fmt: skip
    file["agreement"]["year"] = "2022/23"
    file["partners"]["ccg"] = {"name": "The CCG", "kind": "nhs"}
    quarter = {"partner": "ccg", "fund": "bcf", "source": "nhs_minimum", "amount": "1000", "ends": "2022-06-30"}
    file["contributions"]["ccg-min"] = {**quarter, "instalments": {"2022-04-01": "1000"}}
    # 1,200 over, 100 a month: three months by the CCG and nine by the ICB.
    found = shared(file, A=3_200_00)
    assert found.overspend_pence == {"council": 600_00, "icb": 450_00, "ccg": 150_00}
    back = shared(file, A=800_00)
    assert back.underspend_pence == {"council": 600_00, "icb": 450_00, "ccg": 150_00}


def test_the_ratio_of_contributions_follows_a_variation_from_its_month_on(tmp_path: Path) -> None:
    by_contribution = TOWN.replace("{share: {council: 50, icb: 50}}", "{share: contribution}")
    books = pool_of(tmp_path, by_contribution)
    july = Approval(date(2023, 7, 1), "JCB 4", "Joint board")
    vary_contribution(books, ContributionChange("la-add", 1_140_000_07, {}), july)
    imported(books, tmp_path, spent("A", "900000", "care", "2023-04-30"))

    def weights(month: int) -> str:
        return next(step.because for step in risk_position(books, month).share.trace if step.step == "share")

    assert "(Town Council £300,000.00 and NHS Town ICB £1,440,000.07)" in weights(3)
    assert "(Town Council £1,440,000.07 and NHS Town ICB £1,440,000.07)" in weights(4)
