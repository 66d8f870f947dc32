"""One sound agreement with every section, for tests that change a line of it. Holds no tests."""

from pathlib import Path

from pooledfund.agreement_file import AgreementFile, AgreementRefused, PlacedFault, read_agreement_text

SOUND = """\
pooledfund: 1
agreement:
  id: hillshire-2023-24
  title: Hillshire Better Care Fund
  area: Hillshire
  year: 2023/24
  status: agreed
  signed:
    council: 2023-03-28
  follows: hillshire-2022-23
partners:
  council:
    name: Hillshire Council
    kind: local_authority
  icb:
    name: NHS Hillshire ICB
    kind: nhs
  hill-dc:
    name: Hill District Council
    kind: district
    sub_area: north
funds:
  bcf:
    name: Better Care Fund
    kind: pooled
    host: council
  view:
    name: Budgets in view
    kind: in_view
    host: icb
contributions:
  nhs-min:
    partner: icb
    fund: bcf
    source: nhs_minimum
    amount: 3_000_000
    instalments: monthly
  la-add:
    partner: council
    fund: bcf
    source: la_additional
    amount: £500,000.00
    instalments:
      2023-04-30: 200_000
      2023-10-31: 300_000
  dfg:
    partner: council
    fund: bcf
    source: dfg
    amount: 600000
    ends: 2024-03-31
  ibcf:
    partner: council
    fund: bcf
    source: ibcf
    amount: 400_000
    ring_fenced: true
    unspent: carry_forward
  own:
    partner: icb
    fund: view
    source: nhs_additional
    amount: 1_000_000
reserves:
  risk:
    fund: bcf
    opening: 10_000
    funded_by:
      la-add: 100_000
  provision:
    fund: bcf
    held: outside_pool
    opening: 50_000
minimums:
  nhs_minimum: 3_000_000
  adult_social_care: 1_000_000
sub_areas:
  north:
    name: North Hillshire
measures:
  admissions:
    name: Emergency admissions
    direction: lower_is_better
milestones:
  staff:
    name: Team in post
    due: Q2
risks:
  demand:
    description: Demand rises faster than planned
    likelihood: 3
    impact: 4
    clause: "4.10"
schemes:
  S1:
    name: Adaptations
    fund: bcf
    lead: council
    capital: true
    budget:
      dfg: 600_000
    recipients:
      hill-dc: 450_000
    retained: 150_000
  S2:
    name: Home care
    fund: bcf
    lead: council
    commissioner: {nhs: 40, la: 60}
    sub_area: north
    measures: [admissions]
    milestones: [staff]
    risks: [demand]
    budget:
      ibcf: 400_000
      la-add: 400_000
  S3:
    name: Community teams
    fund: bcf
    lead: icb
    profile: {Q1: 10, Q2: 20, Q3: 30, Q4: 40}
    rows:
      - {provider: Hillshire Community Trust, contribution: nhs-min, amount: 2_000_000}
      - {provider: Voluntary sector, contribution: nhs-min, amount: 1_000_000}
  S4:
    name: Budget of the ICB in view
    fund: view
    lead: icb
    budget:
      own: 1_000_000
risk_share:
  - clause: "4.9"
    covers:
      schemes: [S1]
    overspend:
      - decide: board
    underspend:
      - carry_forward: true
  - clause: "4.10"
    covers:
      funds: [bcf]
    max_liability: {icb: 120_000}
    excess_to: council
    overspend:
      - offset: fund
      - reserve: risk
      - share: {council: 60, icb: 40}
        up_to: 2%
        caps: {council: 90_000}
      - share: {icb: 100}
    underspend:
      - retain: risk
        up_to: 20_000
      - return: contribution
decisions:
  - clause: "4.9"
    side: overspend
    partners: {council: 100_000.01}
    minute: Board 12/23 item 4
    decided: 2023-12-06
"""

NAME = "hillshire.yaml"


def changed(*changes: tuple[str, str]) -> str:
    """The sound agreement with each first piece replaced by the second, at the one place where it stands."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def read(text: str) -> AgreementFile:
    return read_agreement_text(text, NAME)


def faults_of(text: str) -> tuple[PlacedFault, ...]:
    """What is refused in a text; empty where it is read."""
    try:
        read(text)
    except AgreementRefused as refused:
        return refused.faults
    return ()


def the_fault(text: str) -> PlacedFault:
    """The one thing that is refused in a text."""
    faults = faults_of(text)
    assert len(faults) == 1, "\n".join(map(str, faults)) or "nothing was refused"
    return faults[0]


def line_of(text: str, piece: str) -> int:
    """The line of the one place where a piece stands."""
    assert text.count(piece) == 1, f"{piece!r} stands {text.count(piece)} times"
    return text[: text.index(piece)].count("\n") + 1


ROOT = Path(__file__).parent.parent
