"""An agreement that asks for every rule at once, and a year of it in books. Holds no tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from ledgers.place import Place
from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.control.cash_interest import post_cash_interest
from pooledfund.control.close import close_period
from pooledfund.control.decisions import record_decision, record_dispute
from pooledfund.control.invoicing import issue_invoices
from pooledfund.control.late_interest import post_late_interest
from pooledfund.control.settlement import settle
from pooledfund.control.variation_entries import Approval
from pooledfund.control.variations import ContributionChange, vary_contribution
from pooledfund.control.virements import Virement, make_virement
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import COLUMNS as FORECASTS
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.receipts import COLUMNS as RECEIPTS
from pooledfund.intake.receipts import receive
from pooledfund.pool import Pool
from pooledfund.results.risk_position import risk_position
from pooledfund.results.settlement import unsettled
from pools import csv_file, extract, spent
from s75_rules.clause_records import Dispute
from s75_rules.clauses import Decision

EVERYTHING = """\
pooledfund: 1
agreement:
  id: everything-2023-24
  title: Everything Better Care Fund
  area: Everything
  year: 2023/24
  version: "3"
  status: signed
  signed: {council: 2023-03-28, icb: 2023-03-30, trust: 2023-03-31}
  starts: 2023-04-01
  ends: 2024-03-31
  follows: everything-2022-23
partners:
  council: {name: The Council, kind: local_authority}
  icb: {name: The ICB, kind: nhs}
  trust: {name: The Trust, kind: nhs}
  hill: {name: Hill District Council, kind: district, sub_area: north}
funds:
  bcf: {name: Better Care Fund, kind: pooled, host: council}
  mh: {name: Mental Health Pool, kind: pooled, host: icb, revenue_only: true}
  al: {name: Aligned, kind: aligned, host: icb}
  view: {name: In view, kind: in_view, host: council}
contributions:
  min: {partner: icb, fund: bcf, source: nhs_minimum, amount: 6_000_000.05}
  own: {partner: icb, fund: bcf, source: nhs_additional, amount: 900_000, settled: net_of_own_lines,
    instalments: quarterly}
  add: {partner: council, fund: bcf, source: la_additional, amount: 1_200_000, gross: 1_300_000,
    client_charges: 100_000, instalments: quarterly_in_arrears}
  dfg: {partner: council, fund: bcf, source: dfg, amount: 700_000, instalments: annual,
    unspent_grant: grants_unapplied}
  ibcf: {partner: council, fund: bcf, source: ibcf, amount: 800_000, unspent: carry_forward}
  disch: {partner: council, fund: bcf, source: discharge_la, amount: 300_000, unspent: return_to_payer}
  mhi: {partner: icb, fund: mh, source: nhs_additional, amount: 500_000}
  mht: {partner: trust, fund: mh, source: nhs_additional, amount: 250_000,
    instalments: {2023-05-15: 100_000, 2023-11-15: 150_000}}
  once: {partner: council, fund: mh, source: la_additional, amount: 50_000, recurrent: false, ring_fenced: true}
  alm: {partner: icb, fund: al, source: nhs_additional, amount: 400_000}
  later: {partner: council, fund: view, source: la_additional, amount: 1_000_000 to 1_500_000, confirm_by: 2023-09-30}
reserves:
  risk: {fund: bcf, opening: 20_000, funded_by: {add: 60_000, own: 40_000}}
  mhr: {fund: mh, opening: 5_000}
  prov: {fund: bcf, held: outside_pool, opening: 99_000, held_by: icb}
sub_areas:
  north: {name: North}
measures:
  beds: {name: Days in hospital beds, direction: lower_is_better}
milestones:
  team: {name: Team in post, due: Q2}
risks:
  winter: {description: A hard winter, likelihood: 3, impact: 4, clause: "4.1"}
schemes:
  S1: {name: Home care, fund: bcf, lead: council, area_of_spend: social_care, conditions: [people-at-home],
    commissioner: {nhs: 30, la: 70}, budget: {min: 2_000_000, add: 1_000_000, ibcf: 800_000},
    vat: {contracts: council, receives: council, recovery: full, confirmed: {council: 2023-04-30}},
    accounting: joint_operation, measures: [beds], risks: [winter], milestones: [team]}
  S2: {name: Rehabilitation, fund: bcf, lead: icb, area_of_spend: community_health, sub_area: north,
    conditions: [right-place], profile: {Q1: 1, Q2: 2, Q3: 3, Q4: 4}, accounting: lead_as_principal,
    rows: [{provider: The Trust, contribution: min, amount: 3_000_000.05}, {provider: Charity, contribution: own,
    amount: 860_000}]}
  S3: {name: Carers, fund: bcf, lead: council, area_of_spend: social_care, budget: {min: 900_000, add: 140_000},
    accounting: agent}
  S4: {name: Adaptations, fund: bcf, lead: council, area_of_spend: other, capital: true, budget: {dfg: 700_000},
    recipients: {hill: 500_000}, retained: 200_000}
  S5: {name: Discharge, fund: bcf, lead: council, area_of_spend: social_care, budget: {disch: 300_000, min: 100_000}}
  S6: {name: New pilot, fund: bcf, lead: council, area_of_spend: social_care, new: true,
    business_case: {reference: BC1, approved: 2023-03-01, minute: JCB 2}}
  M1: {name: Crisis team, fund: mh, lead: trust, area_of_spend: mental_health, budget: {mhi: 300_000, mht: 200_000}}
  M2: {name: Talking therapies, fund: mh, lead: icb, area_of_spend: mental_health,
    budget: {mhi: 200_000, mht: 50_000, once: 50_000}}
  A1: {name: Surgery beside the pool, fund: al, lead: icb, excluded_function: surgery, budget: {alm: 400_000}}
minimums: {nhs_minimum: 6_000_000.05, adult_social_care: 2_500_000, nhs_commissioned_out_of_hospital: 2_000_000}
conditions: {joint-plan: {met: true, statement: Agreed by the board}}
earmarks:
  carers: {name: Carers' breaks, sources: nhs_minimum, schemes: [S3], at_least: 850_000}
  admin: {name: Administration, sources: discharge_la, schemes: [S5], at_most: 100%}
risk_share:
  - clause: "4.1"
    reference: Schedule 3
    covers: {schemes: [S1, S3]}
    overspend:
      - offset: clause
      - {reserve: risk, up_to: 30_000}
      - {share: lead, up_to: 1%}
      - {share: {council: 60, icb: 40}, caps: {council: 25_000}, unless_agreed: true}
      - {decide: board, otherwise: {council: 1, icb: 1}}
    underspend: [{retain: risk, up_to: 10_000, non_recurrent: true}, {return: same_as_overspend}]
  - clause: "4.1 winter"
    covers: {schemes: [S1]}
    from: 2023-12-01
    to: 2024-02-29
    overspend: [{share: {council: 25, icb: 75}}]
    underspend: [{return: {council: 25, icb: 75}}]
  - clause: "4.2"
    covers: {sources: [discharge_la]}
    overspend: [{share: commissioner}]
    underspend: [{return: contribution}]
  - clause: "4.3"
    covers: {funds: [bcf]}
    max_liability: {icb: 80_000}
    excess_to: council
    overspend: [{offset: fund}, {offset: agreement}, {share: contribution}]
    underspend: [{carry_forward: true}]
  - clause: "4.4"
    covers: {funds: [mh]}
    overspend: [{reserve: mhr}, {share: budget}]
    underspend: [{retain: mhr, up_to: 3_000}, {decide: board}]
withdrawals:
  - {partner: trust, what: suspends, clauses: ["4.4"], from: 2024-01-01, then: others, reference: letter of 1 December}
agreed_beforehand:
  - {clause: "4.1", step: 4, partner: council, up_to: 40_000, agreed_by: [council, icb], agreed: 2023-06-01,
    spent_from: 2023-07-01, reference: letters of the finance leads}
non_financial:
  desks: {partner: trust, description: Twelve desks in the hospital}
other_costs:
  void: {name: Empty ward, kind: void_space, partner: icb, amount: 75_000}
dependencies:
  winter: {name: Winter beds, funded_by: the national fund, amount: not quantified}
split_funding:
  s117: {name: Aftercare, amount: 300_000, shares: {council: 50, icb: 50}, in_pool: {icb: S2}}
assets:
  van: {name: Equipment van, purchaser: council, value: 30_000, reverts: funding_share}
performance:
  incentives:
    falls: {name: Fewer falls, amount: 50_000, baseline: 400, target: 300, release: in_proportion, payer: icb}
close: {requires: [casting, conditions], commentary_over: 3%}
virements: {limits: {pooled_fund_manager: 150_000}}
reporting: {every: quarter, annual_return: 2024-06-30, returns: [{return: year-end, due: 2024-06-01, period: Q4}]}
notices: {clause: "9.3", over: 10_000, notice: 5 working days, action_plan: 21 days, meeting: next meeting,
  progress: 42 days}
escalation:
  - {clause: "6.4", over: 1%, and_over: 20_000, to: [Joint board]}
  - {clause: "6.5", reports: 2, of: variance, over: 5%, to: [Chief finance officers]}
submissions: {icb: {due: working day 8, time: midday}}
payment: {within: 30 days}
late_payment: {interest: 4.0%}
pool_interest: {clause: "9.9", rate: {2023-04-01: 4.25%, 2023-08-03: 5.25%}, into: risk}
"""
MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)
CLOSED_ON = datetime(2024, 5, 1, 9, tzinfo=UTC)


def year_of_everything(place: Place, folder: Path, clock: Callable[[], datetime] = lambda: CLOSED_ON) -> Pool:
    """A whole year: late cash, a variation, a virement, spend over and under, forecasts, closes, decisions, settled."""
    pool = Pool.create(place, read_agreement_text(EVERYTHING, "everything.yaml"), MANAGER, clock)
    issue_invoices(pool, 6, date(2023, 4, 1))
    cash = [
        [f"2023-{month:02d}-{day:02d}", "min", "icb", "500000", f"BACS-{month}"]
        for month, day in ((4, 5), (5, 20), (6, 1), (7, 3), (8, 30), (9, 4))
    ]
    receive(pool, csv_file(folder, "receipts.csv", RECEIPTS, *cash))
    april = Approval(date(2023, 5, 1), "JCB 5", "Joint board")
    vary_contribution(pool, ContributionChange("own", 30_000_00, {"S2": 30_000_00}), april)
    make_virement(pool, Virement("S1", "S6", "add", 50_000_00, date(2023, 6, 1), "JCB 6"))
    rows = {"S1": "335000.11", "S2": "318000.07", "S3": "81000", "S5": "32000.33", "M1": "45000", "M2": "20000.01"}
    leads = {"S2": "icb", "M1": "trust", "M2": "icb"}
    for quarter in range(1, 5):
        months = [(quarter - 1) * 3 + place for place in (1, 2, 3)]
        days = [date(2023 + (month > 9), (month + 2) % 12 + 1, 20) for month in months]
        lines = [
            spent(f"{scheme}-{day:%m}", pounds, scheme, day.isoformat(), partner=leads.get(scheme, "council"))
            for scheme, pounds in rows.items()
            for day in days
        ]
        if quarter == 1:
            lines.append(spent("DFG", "690000", "S4", "2023-06-30"))
            lines.append(spent("ALIGNED", "410000.5", "A1", "2023-06-30", partner="icb"))
        import_actuals(pool, extract(folder, *lines, name=f"q{quarter}.csv"))
        if quarter < 4:
            told = [[f"Q{quarter}", "S1", f"{3_900_000 + 60_000 * quarter}"], [f"Q{quarter}", "M1", "560000"]]
            enter_forecasts(pool, csv_file(folder, f"f{quarter}.csv", FORECASTS, *told))
        post_cash_interest(pool, quarter * 3)
        if quarter < 4:
            close_period(pool, f"Q{quarter}")
    post_late_interest(pool, 12)
    return pool


def settled(pool: Pool) -> Pool:
    """The board decides on the underspend that clause 4.4 leaves to it, and the year is settled."""
    record_dispute(pool, Dispute(clause="4.1", side="overspend", partner="icb", amount=1_000_00,
                                 reason="packages of December", raised=date(2024, 4, 10)))  # fmt: skip
    for each in unsettled(risk_position(pool, 12).share):
        record_decision(pool, Decision.model_validate(
            {"clause": each.clause, "side": each.side, "partners": {"icb": each.pence}, "minute": "JCB 12",
             "decided": date(2024, 4, 20)}), 12)  # fmt: skip
    settle(pool, without_disputed=True)
    return pool
