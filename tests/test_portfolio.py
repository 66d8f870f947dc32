"""Many pools at once: each pound once, transfers taken out, aligned money apart, bodies told by their codes."""

import csv
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from agreement_text import read
from ledgers.money import parse_pounds
from pooledfund.cli import main
from pooledfund.results.portfolio import figures_of_agreement
from s75_rules.amounts import Amount
from s75_rules.portfolio import NoPool, PoolTwice, Portfolio, YearsDiffer, transfer_sentence
from year_of_exampleshire import ROOT

ENGLAND = Path(__file__).parent.parent / "examples" / "england_2022_23"

RISK = """\
risk_share:
  - clause: "1"
    covers: everything
    overspend: [{share: lead}]
    underspend: [{return: lead}]
"""
COUNTY = (
    """\
pooledfund: 1
agreement: {id: county, title: County, area: County, year: 2019/20}
partners:
  county: {name: Hill County Council, kind: local_authority, ons_code: E10}
  icb: {name: NHS Hills, kind: nhs, ods_code: QHL}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: county}
  own: {name: Own money, kind: aligned, host: icb}
contributions:
  nhs-min: {partner: icb, fund: bcf, source: nhs_minimum, amount: 1000}
  la-add: {partner: county, fund: bcf, source: la_additional, amount: 500}
  side: {partner: icb, fund: own, source: nhs_additional, amount: 70}
schemes:
  A: {name: A, fund: bcf, lead: icb, area_of_spend: community_health, sub_area: north, budget: {nhs-min: 600}}
  B: {name: B, fund: bcf, lead: county, area_of_spend: social_care, sub_area: south, budget: {la-add: 500}}
  C:
    name: Paid to the town
    fund: bcf
    lead: icb
    area_of_spend: community_health
    transferred_to: town
    budget: {nhs-min: 400}
  S: {name: Side, fund: own, lead: icb, area_of_spend: acute, budget: {side: 70}}
sub_areas: {north: {name: North}, south: {name: South}}
minimums: {nhs_minimum: 1000}
"""
    + RISK
)
TOWN = (
    """\
pooledfund: 1
agreement: {id: town, title: Town, area: Town, year: 2019/20}
partners:
  town: {name: Hill Town Council, kind: local_authority}
  nhs: {name: NHS Hills ICB, kind: nhs, ods_code: QHL}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: town}
contributions:
  from-county: {partner: nhs, fund: bcf, source: nhs_additional, amount: 400, transferred_from: county}
  town-add: {partner: town, fund: bcf, source: la_additional, amount: 250}
schemes:
  X: {name: X, fund: bcf, lead: nhs, area_of_spend: community_health, sub_area: n, budget: {from-county: 400}}
  Y: {name: Y, fund: bcf, lead: town, area_of_spend: social_care, budget: {town-add: 250}}
sub_areas: {n: {name: North}}
"""
    + RISK
)


def portfolio(*texts: str) -> Portfolio:
    return Portfolio(tuple(figures_of_agreement(read(text).agreement) for text in texts))


def pounds(amount: int) -> Amount:
    return Amount.exact(amount * 100)


def test_money_that_one_pool_pays_to_another_is_counted_once() -> None:
    both = portfolio(COUNTY, TOWN)
    whole = both.whole(pooled=True)
    # 1,000 and 500 of the county, 250 of the town; the 400 that go from one to the other are in the 1,000.
    assert whole.contributed == pounds(1750)
    # A 600, B 500, X 400, Y 250; the line that pays over is not spent twice.
    assert whole.budget == pounds(1750)
    assert both.paid_over().contributed == both.paid_over().budget == pounds(400)
    gross = both.together(both.pools)
    assert gross.contributed == gross.budget == pounds(2150)
    (transfer,) = both.transfers()
    assert transfer.agrees
    assert transfer_sentence(transfer) == "county pays £400.00 over to town: counted once."


def test_a_transfer_to_a_pool_that_is_not_here_is_spend_like_any_other() -> None:
    alone = portfolio(COUNTY)
    assert alone.transfers() == []
    assert alone.whole(pooled=True).budget == pounds(1500)


def test_pools_that_do_not_say_the_same_of_a_transfer_are_told_of() -> None:
    apart = portfolio(COUNTY, TOWN.replace("amount: 400", "amount: 410"))
    (transfer,) = apart.transfers()
    assert not transfer.agrees
    assert "says £410.00, a difference of £10.00: agree on one amount" in transfer_sentence(transfer)


def test_aligned_money_stands_apart() -> None:
    both = portfolio(COUNTY, TOWN)
    assert both.whole(pooled=False).budget == pounds(70)
    assert both.whole(pooled=False).contributed == pounds(70)


def test_a_body_is_told_by_its_code_whatever_its_name_and_its_transfers_are_no_new_money() -> None:
    both = portfolio(COUNTY, TOWN)
    sums = {each.name: each for each in both.partners()}
    assert set(sums) == {"Hill County Council", "NHS Hills", "Hill Town Council"}
    assert sums["NHS Hills"].pools == ("county", "town")
    assert (sums["NHS Hills"].pooled, sums["NHS Hills"].apart) == (pounds(1000), pounds(70))
    assert sum((each.pooled.exact_pence or 0) for each in sums.values()) == 175000
    body = both.body("nhs  hills icb")
    assert body is not None
    by_pool, whole = body
    assert [each.pooled for each in by_pool] == [pounds(1000), pounds(0)]
    assert whole == sums["NHS Hills"]
    assert both.body("NHS Elsewhere") is None


def test_sub_areas_of_the_same_name_add_up_over_pools_and_to_the_whole() -> None:
    both = portfolio(COUNTY, TOWN)
    areas = both.by_sub_area()
    assert {name: each.budget for name, each in areas.items()} == {
        "North": pounds(1000),
        "South": pounds(500),
        "": pounds(250),
    }
    assert sum((each.budget.exact_pence or 0) for each in areas.values()) == both.whole(pooled=True).budget.exact_pence


def test_a_pool_given_twice_and_pools_of_two_years_are_refused() -> None:
    with pytest.raises(PoolTwice, match="county is given twice"):
        portfolio(COUNTY, COUNTY)
    with pytest.raises(YearsDiffer, match="2019/20, 2020/21"):
        portfolio(COUNTY, TOWN.replace("2019/20", "2020/21"))
    with pytest.raises(NoPool):
        Portfolio(())


def test_two_versions_of_one_agreement_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(ROOT / "examples" / "telford_wrekin_2019_20")
    main(["portfolio", folder])
    said = " ".join(capsys.readouterr().out.split())
    assert "telford-wrekin-2019-20 and telford-wrekin-alone are of the same area, bodies and lines" in said
    main(["portfolio", f"{folder}/agreement.yaml", "--json"])
    assert json.loads(capsys.readouterr().out)["alike"] == []


def test_an_amount_that_is_no_number_yet_makes_the_total_say_so() -> None:
    unsure = portfolio(
        COUNTY,
        TOWN.replace("amount: 250", "amount: to be confirmed").replace("town-add: 250", "town-add: to be confirmed"),
    )
    assert str(unsure.whole(pooled=True).contributed) == "to be confirmed"
    ranged = portfolio(COUNTY, TOWN.replace("amount: 250", "amount: 250 to 300"))
    assert str(ranged.whole(pooled=True).contributed) == "£1,750.00 to £1,800.00"


def spend(folder: Path, *rows: tuple[str, str, int]) -> str:
    head = "effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description"
    lines = [f"2019-06-01,2019-06-01,M3,{line},{who},ledger,{line}1,{net},0,0,{net}," for line, who, net in rows]
    path = folder / "spend.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return str(path)


@pytest.fixture
def books(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Books of both pools at the year's end: A overspends by 20, B underspends by 10, Y overspends by 5."""
    place = str(tmp_path / "books.db")
    for name, text in (("county", COUNTY), ("town", TOWN)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        assert main(["init", str(tmp_path / f"{name}.yaml"), "--db", place]) == 0
    county = spend(tmp_path, ("A", "icb", 620), ("B", "county", 490), ("C", "icb", 400), ("S", "icb", 70))
    assert main(["import-actuals", county, "--db", place, "--pool", "county"]) == 0
    assert (
        main(
            ["import-actuals", spend(tmp_path, ("X", "nhs", 400), ("Y", "town", 255)), "--db", place, "--pool", "town"]
        )
        == 0
    )
    capsys.readouterr()
    return place


def test_from_books_variance_and_exposure_are_added_up_and_cast(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["portfolio", "--db", books, "--json"])
    said = json.loads(capsys.readouterr().out)
    assert [pool["basis"] for pool in said["pools"]] == ["outturn", "outturn"]
    assert said["pooled"] == {"contributed": "1750.00", "budget": "1750.00", "forecast": "1765.00", "variance": "15.00"}
    assert said["apart"]["forecast"] == "70.00"
    bodies = {each["name"]: (each["bears"], each["gets_back"]) for each in said["partners"]}
    assert bodies == {
        "Hill County Council": ("0.00", "10.00"),
        "NHS Hills": ("20.00", "0.00"),
        "Hill Town Council": ("5.00", "0.00"),
    }
    assert main(["portfolio", "--db", books, "--month", "M12"]) in (0, 1)
    words = capsys.readouterr().out
    assert "Variance shared" in words
    assert "Less what pools pay one another" in words


def test_a_pool_can_be_seen_as_it_stood(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["portfolio", "--db", books, "--json", "--as-of", "town=2"])
    said = json.loads(capsys.readouterr().out)
    assert [pool["pooled"]["forecast"] for pool in said["pools"]] == ["1510.00", "0.00"]
    assert main(["portfolio", "--db", books, "--as-of", "village=2"]) == 2
    assert "village, no pool of these books" in capsys.readouterr().err
    assert main(["portfolio", "--db", books, "--as-of", "2"]) == 2


def test_status_is_one_where_a_minimum_is_not_met_or_a_transfer_does_not_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def status(county: str, town: str) -> int:
        for name, text in (("county", county), ("town", town)):
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        found = main(["portfolio", str(tmp_path / "county.yaml"), str(tmp_path / "town.yaml")])
        capsys.readouterr()
        return found

    assert status(COUNTY, TOWN) == 0
    assert status(COUNTY.replace("nhs_minimum: 1000", "nhs_minimum: 1001"), TOWN) == 1
    assert status(COUNTY, TOWN.replace("amount: 400", "amount: 410")) == 1


def test_the_areas_of_england_come_to_the_published_total(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = [sys.executable, str(ENGLAND / "make_agreements.py"), str(tmp_path / "areas")]
    subprocess.run(made, check=True, capture_output=True)
    assert main(["portfolio", str(tmp_path / "areas"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    with (ENGLAND / "planned.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    total = rows[-1]
    assert len(said["pools"]) == len(rows) - 1 == 151
    published = Decimal(total["bed_based_intermediate_care"]) + Decimal(total["reablement_in_a_persons_own_home"])
    # Each of 261 amounts was rounded to a penny.
    assert abs(Decimal(parse_pounds(said["pooled"]["budget"])) / 100 - published) < Decimal("1.31")
    assert said["pooled"]["contributed"] == said["pooled"]["budget"]
    assert said["lines_without_money"] == 41
    kent = next(each for each in said["partners"] if each["name"] == "NHS Kent and Medway")
    assert kent["pools"] == ["area-E06000035", "area-E10000016"]
