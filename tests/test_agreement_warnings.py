"""What of an agreement is doubtful but not wrong: it is read, and each doubt stands apart with its line."""

import pytest

from agreement_text import SOUND, changed, faults_of, read
from ledgers.calendar import FinancialYear
from s75_rules.year_checks import year_warnings
from s75_rules.year_rules import UnspentRule, load_year

# A change that is read with a warning: the piece that marks the line, the rule, a part of the message.
WARNED = {
    "placeholder in brackets": (
        ("name: Home care", "name: <Name of scheme>"),
        "<Name",
        "PlaceholderText",
        "'<Name of scheme>'",
    ),
    "placeholder of crosses": (("name: Home care", "name: Home xxx care"), "xxx", "PlaceholderText", "'xxx'"),
    "placeholder of capitals": (
        ("title: Hillshire Better Care Fund", "title: XXXX (TBC)"),
        "XXXX",
        "PlaceholderText",
        "'XXXX'",
    ),
    "weights": (
        ("share: {council: 60, icb: 40}", "share: {council: 60, icb: 30.5}"),
        "30.5",
        "WeightsNotHundred",
        "90.5",
    ),
    "cap undone": (("caps: {council: 90_000}", "caps: {icb: 90_000}"), "caps: {icb", "CapUndoneLater", "icb is capped"),
    "cap without weight": (
        ("share: {council: 60, icb: 40}", "share: {icb: 100}"),
        "caps: {council",
        "CapWithoutWeight",
        "council has a cap and no weight",
    ),
    "excess of nothing": (("    max_liability: {icb: 120_000}\n", ""), "excess_to", "ExcessOfNothing", "max_liability"),
    "excess to the limited": (("excess_to: council", "excess_to: icb"), "excess_to", "ExcessToLimited", "icb"),
    "bearer that does not sign": (
        ("    kind: local_authority", "    kind: local_authority\n    signatory: false"),
        "share: {council",
        "BearerDoesNotSign",
        "council bears a share",
    ),
    "asset without funders": (
        (
            "risk_share:",
            "assets: {van: {name: Van, purchaser: council, value: 9_000, reverts: funding_share}}\nrisk_share:",
        ),
        "funding_share",
        "AssetWithoutFunders",
        "all of it goes to council",
    ),
    "decided bearer that does not sign": (
        ("partners: {council: 100_000.01}", "partners: {hill-dc: 100_000.01}"),
        "{hill-dc: 100",
        "BearerDoesNotSign",
        "hill-dc bears a share",
    ),
    "instalment after the end": (
        ("    amount: £500,000.00", "    amount: £500,000.00\n    ends: 2023-09-30"),
        "      2023-10-31",
        "InstalmentAfterEnd",
        "after the contribution ends on 2023-09-30",
    ),
    "step never reached": (
        ("      - offset: fund\n", "      - share: lead\n      - offset: fund\n"),
        "- offset",
        "StepNeverReached",
        "takes all",
    ),
    "clause without lines": (
        ("      schemes: [S1]", "      sources: [discharge_la]"),
        None,
        "ClauseCoversNothing",
        "4.9",
    ),
    "line of a clause before": (
        ("      funds: [bcf]", "      schemes: [S1, S2, S3]"),
        "[S1, S2",
        "CoveredBefore",
        "line S1",
    ),
    "line not pooled": (
        ("      schemes: [S1]", "      schemes: [S1, S4]"),
        "[S1, S4]",
        "CoversNotPooled",
        "line S4 is not pooled",
    ),
    "unallocated": (
        ("      ibcf: 400_000", "      ibcf: 399_999.99"),
        "amount: 400_000",
        "Unallocated",
        "£0.01 is on no line",
    ),
    "total not known": (
        ("    amount: 400_000", "    amount: to be confirmed"),
        "  bcf:\n",
        "TotalNotExact",
        "to be confirmed",
    ),
    "total of a range": (
        ("    amount: 400_000", "    amount: 400_000 to 500_000"),
        "  bcf:\n",
        "TotalNotExact",
        "£4,500,000.00 to £4,600,000.00",
    ),
    "instalments of a range": (
        ("amount: £500,000.00", "amount: £500,000 to £600,000"),
        "instalments:\n",
        "InstalmentsOfUnknown",
        "not exact",
    ),
    "payer of another kind": (
        ("    partner: council\n    fund: bcf\n    source: ibcf", "    partner: icb\n    fund: bcf\n    source: ibcf"),
        "source: ibcf",
        "SourceOfAnotherKind",
        "ibcf is paid by icb",
    ),
    "reserve outside funded": (
        (
            "      la-add: 100_000\n  provision:\n    fund: bcf\n",
            "      la-add: 90_000\n  provision:\n    fund: bcf\n    funded_by: {la-add: 10_000}\n",
        ),
        "funded_by: {la",
        "ReserveOutsideFunded",
        "outside the pool",
    ),
    "unspent without a ring": (
        ("    source: la_additional", "    source: la_additional\n    unspent: carry_forward"),
        "unspent: carry_forward\n    amount",
        "UnspentWithoutRing",
        "no effect",
    ),
    "capital denied": (("capital: true", "capital: false"), "capital: false", "CapitalDenied", "capital all the same"),
    "grant not passed on": (("    retained: 150_000\n", ""), "    recipients:", "GrantNotPassedOn", "£150,000.00"),
    "recipient no district": (
        ("      hill-dc: 450_000", "      icb: 450_000"),
        "      icb: 450",
        "RecipientNoDistrict",
        "icb receives grant",
    ),
    "signed by another": (
        ("    council: 2023-03-28", "    hill-dc: 2023-03-28"),
        "    hill-dc: 2023",
        "SignedByOther",
        "hill-dc has signed",
    ),
    "signature missing": (("status: agreed", "status: signed"), "status:", "SignatureMissing", "for icb"),
}


@pytest.mark.parametrize(("change", "piece", "rule", "message"), WARNED.values(), ids=WARNED)
def test_what_is_only_doubtful_is_read_with_a_warning_at_its_line(
    change: tuple[str, str], piece: str | None, rule: str, message: str
) -> None:
    text = changed(change)
    warnings = [warning for warning in read(text).warnings if warning.rule == rule]
    assert any(message in warning.message for warning in warnings)
    if piece is not None:
        assert text[: text.index(piece)].count("\n") + 1 in [warning.line for warning in warnings]
    assert all(warning.severity == "warning" for warning in warnings)
    assert not [warning for warning in read(SOUND).warnings if message in warning.message]


CAPITAL = """\
pooledfund: 1
agreement: {id: cap, title: Capital, area: Hillshire, year: 2023/24, status: draft}
partners:
  council: {name: Council, kind: local_authority}
  icb: {name: NHS ICB, kind: nhs}
funds:
  bcf: {name: BCF, kind: pooled, host: council}
contributions:
  la: {partner: council, fund: bcf, source: la_additional, amount: 500}
  own: {partner: council, fund: bcf, source: la_additional, amount: 500}
  nhs: {partner: icb, fund: bcf, source: nhs_minimum, amount: 1000}
schemes:
  C1: {name: Hub, fund: bcf, lead: council, capital: true, budget: {own: 500}}
  S1: {name: Home care, fund: bcf, lead: council, budget: {la: 500}}
  S2: {name: Nursing, fund: bcf, lead: icb, budget: {nhs: 1000}}
risk_share:
  - {clause: "1", covers: {schemes: [C1]}, overspend: [{share: lead}], underspend: [{return: lead}]}
  - {clause: "2", covers: everything, overspend: [{offset: fund}, {share: lead}], underspend: [{return: lead}]}
"""


@pytest.mark.parametrize(
    ("change", "warned"),
    [
        (("", ""), True),
        (("offset: fund", "offset: clause"), False),
        (("amount: 500}\n  nhs", "amount: 500, ring_fenced: true}\n  nhs"), False),
        ((", capital: true", ""), False),
    ],
)
def test_capital_underspends_that_an_offset_would_set_against_revenue_are_warned_of(
    change: tuple[str, str], warned: bool
) -> None:
    assert change[0] in CAPITAL
    warnings = read(CAPITAL.replace(*change)).warnings
    found = [each.message for each in warnings if each.rule == "CapitalMeetsRevenue"]
    assert bool(found) == warned
    assert all("what C1 underspends is capital" in each for each in found)


def test_a_year_without_rules_is_warned_of() -> None:
    text = SOUND.replace("2023", "2044").replace("2044/24", "2044/45").replace("2024-", "2045-")
    (warning,) = [warning for warning in read(text).warnings if warning.rule == "YearHasNoRules"]
    assert "2044/45 are not known here" in warning.message


def test_unspent_money_that_goes_another_way_than_the_grant_says_is_warned_of() -> None:
    rules = load_year(FinancialYear(2023))
    ibcf = next(source for source in rules.sources if source.id == "ibcf")
    goes_back = UnspentRule(rule="return_to_payer", reference="Determination 31/1", certainty="recalled")
    others = tuple(source for source in rules.sources if source.id != "ibcf")
    stricter = rules.model_copy(update={"sources": (ibcf.model_copy(update={"unspent": goes_back}), *others)})
    (warning,) = year_warnings(read(SOUND).agreement, stricter)
    assert (warning.rule, warning.path) == ("UnspentUnlikeGrant", ("contributions", "ibcf", "unspent"))
    assert "(Determination 31/1; recalled)" in warning.message
    returned = read(changed(("unspent: carry_forward", "unspent: return_to_payer"))).agreement
    assert not list(year_warnings(returned, stricter))


def test_a_source_that_the_year_does_not_have_is_warned_of() -> None:
    text = changed(("source: ibcf", "source: la_better_care_grant"))
    (warning,) = [warning for warning in read(text).warnings if warning.rule == "SourceNotOfYear"]
    assert "la_better_care_grant is no source of 2023/24" in warning.message


def test_the_sound_agreement_is_read_with_one_warning_only() -> None:
    # The excess over another's liability may go to a partner that has a cap.
    assert [warning.rule for warning in read(SOUND).warnings] == ["CapUndoneLater"]


@pytest.mark.parametrize("basis", ["equal", "contribution", "budget"])
def test_a_basis_that_gives_nobody_a_weight_is_warned_of(basis: str) -> None:
    text = """\
pooledfund: 1
agreement: {id: a, title: A, area: A, year: 2023/24}
partners:
  council: {name: C, kind: local_authority, signatory: false}
funds:
  bcf: {name: B, kind: pooled, host: council}
schemes:
  S1: {name: S, fund: bcf, lead: council}
risk_share:
  - clause: "1"
    covers: everything
    overspend:
      - share: BASIS
    underspend:
      - return: lead
""".replace("BASIS", basis)
    (warning,) = read(text).warnings
    assert (warning.rule, warning.line) == ("WeightsAllNil", 13)
    assert "S1" in warning.message


def test_a_grant_line_that_joins_a_clause_without_weights_for_its_ring_is_warned_of() -> None:
    joined = changed(
        ("      - decide: board", "      - share: contribution"),
        ("    source: la_additional", "    source: discharge_la"),
    )
    text = joined[: joined.index("decisions:")].replace(
        "    partner: icb\n    fund: bcf", "    partner: icb\n    fund: view"
    )
    text = text.replace("    fund: bcf\n    lead: icb", "    fund: view\n    lead: icb")
    assert "WeightsAllNil" in [warning.rule for warning in read(text).warnings]
    included = text.replace(
        "      - share: contribution", "      - share: contribution\n        including_ring_fenced: true"
    )
    assert "WeightsAllNil" not in [warning.rule for warning in read(included).warnings]


def test_a_refused_agreement_tells_its_faults_and_no_warnings() -> None:
    faults = faults_of(changed(("status: agreed", "status: signed"), ("ring_fenced: true", "ring_fenced: false")))
    assert [fault.severity for fault in faults] == ["fault"]
