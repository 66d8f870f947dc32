"""What every output says of its agreement: status, signatures, what is no number yet, what is beside the pool."""

import json
from pathlib import Path

import pandas as pd
import pytest

from agreement_text import changed, faults_of, read, the_fault
from pooledfund.agreement_yaml import header_texts
from pooledfund.cli import main
from pooledfund.reports.postings import PostingsFormat, export_postings
from pooledfund.results.standing import standing_of
from pools import DB, TOWN, pool_of
from s75_rules.beside_checks import vat_to_confirm

BESIDE = """\
non_financial:
  nurse: {partner: icb, description: two nurses seconded, kind: staff, value: 90_000, scheme: S2}
other_costs:
  void: {name: Empty floor at the health centre, partner: icb, amount: 20_000 to 30_000, kind: void_space,
    ends: 2024-09-30}
dependencies:
  falls: {name: Falls service, funded_by: public health, amount: to be confirmed, schemes: [S2]}
split_funding:
  after: {name: Aftercare, amount: 200_000, shares: {council: 50, icb: 50}, in_pool: {icb: S3}}
risk_share:
"""


def test_what_stands_beside_the_pool_is_said_and_counted_nowhere() -> None:
    before, after = read(changed()).agreement, read(changed(("risk_share:\n", BESIDE))).agreement
    assert standing_of(after).beside_the_pool == (
        "NHS Hillshire ICB provides in kind: two nurses seconded, valued at £90,000.00; no contribution",
        "Empty floor at the health centre (void space), £20,000.00 to £30,000.00, until 30 September 2024: "
        "on no scheme line, borne by NHS Hillshire ICB",
        "Falls service, to be confirmed: funded outside the pool by public health, needed by S2",
        "Aftercare, £200,000.00, split under section 117: Hillshire Council 50% (outside), "
        "NHS Hillshire ICB 50% (in the pool already, on S3)",
    )
    for same in ("contributions", "schemes", "reserves"):
        assert getattr(after, same) == getattr(before, same)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("risk_share:\n", BESIDE.replace("icb: 50}, in", "icb: 40}, in")), "SharesDiffer"),
        (("risk_share:\n", BESIDE.replace("{icb: S3}", "{icb: S9}")), "SchemeNotKnown"),
        (("risk_share:\n", BESIDE.replace("partner: icb, desc", "partner: ccg, desc")), "PartnerNotKnown"),
        (("amount: 400_000\n    ring", "amount: 400_000\n    gross: 500_000\n    ring"), "ChargesIncomplete"),
        (
            ("amount: 400_000\n    ring", "amount: 400_000\n    gross: 500_000\n    client_charges: 90_000\n    ring"),
            "NetDiffers",
        ),
        (("kind: nhs\n", "kind: nhs\n    accounting: {petty: '1'}\n"), "LedgerLineNotKnown"),
        (("name: Home care\n", "name: Home care\n    vat: {contracts: x, receives: icb, recovery: none}\n"),
         "PartnerNotKnown"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change: tuple[str, str], rule: str) -> None:
    assert the_fault(changed(change)).rule == rule


def test_charges_that_subtract_to_the_contribution_are_read() -> None:
    text = changed(
        ("amount: 400_000\n    ring", "amount: 400_000\n    gross: 500_000\n    client_charges: 100_000\n    ring")
    )
    assert faults_of(text) == ()
    (said,) = standing_of(read(text).agreement).beside_the_pool
    assert said == "contribution ibcf is net: £500,000.00 less £100,000.00 that clients are charged"


def test_vat_is_confirmed_by_who_contracts_receives_and_funds() -> None:
    vat = "vat: {contracts: icb, receives: council, recovery: full, confirmed: {icb: 2023-05-01}}"
    file = read(changed(("name: Home care\n", f"name: Home care\n    {vat}\n")))
    assert vat_to_confirm(file.agreement, file.agreement.schemes["S2"]) == ("council",)
    rules = {each.rule for each in file.warnings}
    assert {"VatBodiesDiffer", "VatNotConfirmed"} <= rules


def test_every_report_carries_the_status_and_the_amounts_that_are_no_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = TOWN.replace("{return: contribution}", "{return: {council: 50, icb: 50}}")
    text = shared.replace("status: signed", "status: draft").replace(
        "source: la_additional, amount: 300_000,",
        "source: la_additional, amount: 300_000 to 310_000, confirm_by: 2023-05-31,",
    )
    pool_of(tmp_path, text)
    books = ("--db", str(tmp_path / DB))
    open_amount = "contribution la-add: £300,000.00 to £310,000.00, to be settled by 31 May 2023; in no total"
    for command in ("monitor", "risk-share", "conditions", "contributions", "memorandum"):
        main([command, "--quarter", "Q1", "--json", *books])
        document = json.loads(capsys.readouterr().out)
        assert document["agreement_status"] == "draft"
        assert document["agreement_signed"] == {"council": None, "icb": None}
        assert document["not_in_totals"][0] == open_amount
        assert document["not_in_totals"][-1] == (
            "what reserve risk gets from la-add (waits for the contribution): £10,000.00; in no total"
        )
        assert len(document["not_in_totals"]) == 4
        main([command, "--quarter", "Q1", *books])
        said = capsys.readouterr().out
        assert "Agreement draft, version 1, signed by 0 of 2 (not by council, icb)." in said
        assert f"Not a number yet: {open_amount}." in said


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (("trial-balance", "--book", "budget"), {"total"}),
        (("statement", "pool_cash"), {"closing"}),
        (("balances",), {"balances", "total"}),
        (("verify",), {"head"}),
    ],
)
def test_reports_of_the_bare_ledger_say_the_status_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], keys: set[str]
) -> None:
    pool = pool_of(tmp_path, TOWN.replace("agreement:\n", "agreement:\n# agreed in March\n", 1))
    status, version = pool.agreement.header.status, pool.agreement.header.version
    books = ("--db", str(tmp_path / DB))
    assert main([*command, *books]) == 0
    assert f"\n\nAgreement {status}, version {version}.\n" in capsys.readouterr().out
    assert main([*command, "--json", *books]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["agreement_status"] == status
    assert document["agreement_version"] == version
    assert keys <= document.keys()


def test_the_header_is_read_in_either_style_and_after_a_variation() -> None:
    flow = "agreement: {id: x, title: 'status: ended', status: signed, version: '2'}\npartners: {}\n"
    assert header_texts(flow)["status"] == "signed"
    block = "agreement:\n  title: 'a: b'\n\n  # note\n  status: agreed\n  signed: {icb: 2024-01-01}\nx:\n  status: no\n"
    assert header_texts(block) == {"title": "a: b", "status": "agreed"}
    assert header_texts("nothing: here\n") == {}


@pytest.mark.parametrize("form", ["csv", "ledger", "beancount", "parquet"])
def test_the_postings_file_says_the_status(tmp_path: Path, form: PostingsFormat) -> None:
    pool, path = pool_of(tmp_path), tmp_path / f"postings.{form}"
    export_postings(pool, path, form)
    said = f"{pool.agreement.header.status}, version {pool.agreement.header.version}"
    if form == "parquet":
        assert set(pd.read_parquet(path)["agreement"]) == {said}
    else:
        assert said in path.read_text(encoding="utf-8")
