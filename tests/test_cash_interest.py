"""Interest on the pool's cash: off unless asked, from dated balances by the agreement's method, to the penny."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement_text import the_fault
from ledgers.money import parse_pounds
from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pooledfund.cli import main
from pooledfund.control.cash_interest import CashInterestRefused, post_cash_interest
from pooledfund.control.settlement import settle
from pooledfund.intake.receipts import COLUMNS, receive
from pooledfund.pool import Pool
from pooledfund.results.between_partners import statements
from pooledfund.results.cash_interest import cash_interest
from pooledfund.results.explaining_account import account_explained
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.risk_position import reserves_before_settlement
from pools import DB, TOWN, csv_file, imported, pool_of, spent, state_of, total_of
from s75_rules.cash_interest import CashInterestTerms, month_interest

TERMS = 'pool_interest: {clause: "9.3", rate: 4.0%, into: risk}\n'
CHANGING = 'pool_interest: {clause: "9.3", rate: {2023-04-01: 4.25%, 2023-05-11: 4.5%}, into: risk}\n'


def received(pool: Pool, folder: Path, day: str, amount: str, reference: str) -> None:
    receive(pool, csv_file(folder, f"{reference}.csv", COLUMNS, [day, "nhs-min", "icb", amount, reference]))


def test_an_agreement_that_says_nothing_bears_none_and_posts_none(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    received(pool, tmp_path, "2023-04-05", "100000", "A")
    before = state_of(pool)
    assert cash_interest(pool, 12) == ()
    with pytest.raises(CashInterestRefused, match="the agreement has no interest on the pool's cash"):
        post_cash_interest(pool, 1)
    assert state_of(pool) == before


def test_each_day_bears_on_its_closing_balance_at_its_rate(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + CHANGING)
    received(pool, tmp_path, "2023-04-05", "100000", "A")
    received(pool, tmp_path, "2023-05-21", "50000.01", "B")
    april, may = (each.of_month for each in cash_interest(pool, 2))
    # £100,000 from 5 to 30 April, 26 days at 4.25%: 302.7397 pounds.
    assert april.interest_pence == 302_74
    assert [str(each) for each in april.stretches] == [
        "5 April 2023 to 30 April 2023: £100,000.00 for 26 days at 4.25% a year."
    ]
    # 10 days at 4.25%, 10 at 4.5%, then £150,000.01 for 11 days at 4.5%: 116.4384 + 123.2877 + 203.4247.
    assert may.interest_pence == 443_15
    assert [each.days for each in may.stretches] == [10, 10, 11]


def test_a_month_s_last_balance_may_stand_for_the_month_and_a_year_have_360_days(tmp_path: Path) -> None:
    terms = TERMS.replace("into: risk", "into: risk, method: month_end, days_in_year: 360")
    pool = pool_of(tmp_path, TOWN + terms)
    received(pool, tmp_path, "2023-04-29", "100000", "A")
    assert cash_interest(pool, 1)[0].of_month.interest_pence == 333_33  # 100,000 x 30 x 4% / 360


@pytest.mark.parametrize(("overdrawn", "interest"), [("left_out", 0), ("charged", -33)])
def test_what_the_host_paid_out_beyond_what_it_held_counts_as_agreed(overdrawn: str, interest: int) -> None:
    terms = CashInterestTerms.model_validate({"clause": "9", "rate": "4%", "into": "risk", "overdrawn": overdrawn})
    days = [date(2023, 4, 1) + timedelta(days=place) for place in range(30)]
    assert month_interest(terms, 1, days, {days[0]: -100_00}, 0).interest_pence == interest  # 32.88 pence


def test_what_is_posted_goes_into_the_reserve_casts_and_is_explained(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + TERMS)
    received(pool, tmp_path, "2023-04-01", "100000", "A")
    before = memorandum_account(pool, 2)
    first = post_cash_interest(pool, 2)
    assert len(first) == 2
    entry = pool.books.entry(first[0]).entry
    assert (entry.effective_on, entry.why) == (date(2023, 4, 30), "interest on the pool's cash of M1 by clause 9.3")
    assert total_of(pool, "cash_interest") == -(328_77 + 339_73)
    assert post_cash_interest(pool, 2) == ()  # none on interest, and nothing twice
    account = memorandum_account(pool, 2)
    assert account.cash_interest_pence == {"council": 668_50}
    assert account.reserves_pence["risk"] - before.reserves_pence["risk"] == 668_50
    assert account.not_yet_settled_pence == before.not_yet_settled_pence
    assert account.cost_by_partner_pence["council"] - before.cost_by_partner_pence["council"] == 668_50
    assert not [what for each in statements(pool, 2) for what in each.differences]
    told = "\n".join(account_explained(pool, "funding/council", 2).in_lines())
    assert "Interest on the pool's cash: £668.50." in told
    # A receipt that came to light is posted as what it adds.
    received(pool, tmp_path, "2023-04-16", "1000", "LATE")
    (third, fourth) = post_cash_interest(pool, 2)
    assert pool.books.entry(third).entry.why.endswith("£328.77 of it posted before")
    assert total_of(pool, "cash_interest") == -sum(each.of_month.interest_pence for each in cash_interest(pool, 2))
    assert fourth == third + 1
    assert pool.books.verify() == []


def test_interest_is_there_for_the_reserve_to_meet_an_overspend(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, TOWN + TERMS)
    received(pool, tmp_path, "2023-04-01", "100000", "A")
    post_cash_interest(pool, 12)
    interest = memorandum_account(pool, 12).cash_interest_pence["council"]
    assert interest == sum(each.of_month.interest_pence for each in cash_interest(pool, 12)) > 4_000_00
    assert reserves_before_settlement(pool, 12) == {"risk": 16_000_00 + interest}
    rows = [
        spent("care", "850000", "care", "2024-03-31"),
        *(spent(scheme, pounds, scheme, "2024-03-31", partner=lead) for scheme, pounds, lead in (
            ("equip", "290000.07", "council"), ("rehab", "500000", "icb"), ("beds", "135000", "icb"),
            ("grant", "100000", "council"),
        )),
    ]  # fmt: skip
    imported(pool, tmp_path, *rows)
    due = settle(pool).due
    assert due.reserves_drawn_pence == {"risk": 16_000_00 + interest}
    assert sum(due.borne_pence.values()) == 50_000_00 - 16_000_00 - interest
    assert memorandum_account(pool, 12).reserves_pence == {"risk": 0}
    assert pool.books.verify() == []


def test_where_funds_have_two_hosts_each_pays_on_what_it_holds(tmp_path: Path) -> None:
    second = (
        TOWN.replace("contributions:\n", "  mh: {name: Second pool, kind: pooled, host: icb}\ncontributions:\n"
                     "  mhc: {partner: council, fund: mh, source: la_additional, amount: 60_000}\n")
        .replace("schemes:\n", "schemes:\n  M: {name: Crisis team, fund: mh, lead: icb, budget: {mhc: 60_000}}\n")
        .replace("risk_share:\n", "risk_share:\n  - {clause: '8', covers: {funds: [mh]}, overspend: [{share: lead}], "
                 "underspend: [{return: lead}]}\n")
    )  # fmt: skip
    pool = pool_of(tmp_path, second + TERMS)
    received(pool, tmp_path, "2023-04-01", "100000", "A")
    alone = cash_interest(pool, 1)[0].of_month.interest_pence
    receive(pool, csv_file(tmp_path, "mh.csv", COLUMNS, ["2023-04-01", "mhc", "council", "5000", "B"]))
    assert cash_interest(pool, 1)[0].of_month.interest_pence == alone == 328_77


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ('pool_interest: {clause: "9", rate: 4.0%, into: rsk}', "'rsk' is not a reserve of this agreement"),
        ('pool_interest: {clause: "9", rate: {2023-05-01: 4%}, into: risk}', "no rate is named before 1 May 2023"),
        ('pool_interest: {clause: "9", rate: {}, into: risk}', "no rate is named"),
        ('pool_interest: {clause: "9", rate: lots, into: risk}', "'lots' is not a share in percent"),
        ('pool_interest: {clause: "9", rate: 4%, into: risk, method: hourly}', "method"),
    ],
)
def test_terms_that_cannot_be_worked_out_are_refused(terms: str, said: str) -> None:
    with pytest.raises(AgreementRefused, match=said):
        read_agreement_text(TOWN + terms + "\n", "town.yaml")


def test_of_a_year_that_cannot_be_read_no_rate_is_missed() -> None:
    terms = 'pool_interest: {clause: "9", rate: {2023-04-01: 4%}, into: risk}\n'
    fault = the_fault(TOWN.replace("year: 2023/24", "year: 2023/25") + terms)
    assert "2023/25" in fault.message


def test_the_command_shows_the_working_and_posts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = pool_of(tmp_path, TOWN + TERMS)
    received(pool, tmp_path, "2023-04-05", "100000", "A")
    call = ["cash", "--month", "M1", "--db", str(tmp_path / DB)]
    assert main([*call, "--interest"]) == 0
    told = capsys.readouterr().out
    assert "M1: £284.93, the sum of balance x days x rate / 365 over its days, rounded half up once" in told
    assert "5 April 2023 to 30 April 2023: £100,000.00 for 26 days at 4% a year." in told
    assert main([*call, "--post-interest", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["interest"][0]["posted"], document["months"][0]["closing"]) == ("284.93", "100284.93")
    assert main([*call, "--post-interest"]) == 0
    assert "Posted now: nothing is new." in capsys.readouterr().out
    assert main(["memorandum", "--month", "M1", "--db", str(tmp_path / DB)]) == 0
    assert "Interest on the pool's cash council" in capsys.readouterr().out


DAYS = [date(2023, 4, 1) + timedelta(days=place) for place in range(30)]


@given(
    moved=st.dictionaries(st.sampled_from(DAYS), st.integers(-(10**11), 10**11), max_size=8),
    opening=st.integers(-(10**11), 10**11),
    rates=st.lists(st.tuples(st.sampled_from(DAYS), st.fractions(0, 20, max_denominator=400)), max_size=3),
)
def test_interest_is_the_nearest_penny_of_every_day_added_up(
    moved: Mapping[date, int], opening: int, rates: list[tuple[date, Fraction]]
) -> None:
    dated = {DAYS[0]: Fraction(3), **dict(rates)}
    terms = CashInterestTerms(clause="9", rate=dated, into="risk", overdrawn="charged")
    found = month_interest(terms, 1, DAYS, moved, opening)
    exact, held, percent = Fraction(0), opening, Fraction(3)
    for day in DAYS:
        held, percent = moved.get(day, held), dated.get(day, percent)
        exact += held * percent / 36500
    assert Fraction(-1, 2) < found.interest_pence - exact <= Fraction(1, 2)
    assert parse_pounds(str(found.as_json()["interest"])) == found.interest_pence
