"""What an agreement asks of the running of its pool is read as written, and refused with its remedy."""

from datetime import date, time
from fractions import Fraction

import pytest

from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pools import TOWN
from s75_rules.agreement import Agreement
from s75_rules.payment import InterestTerms
from s75_rules.terms import Within

TERMS = """\
close: {requires: [submissions, review], commentary_over: 20_000}
reporting:
  every: six_weeks
  first: 2023-05-15
  by: "12:00"
  returns: [{return: quarterly-2023-25, period: Q1, due: 2023-08-25}]
notices: {clause: "9.3", over: 1%, notice: 5 working days, action_plan: 21 days, meeting: next meeting}
budget_cycle: {draft: 2023-11-30}
business_cases: required
payment: {within: 12 working days}
late_payment: {interest: 4.0%, days_in_year: 366}
"""


def read(terms: str) -> Agreement:
    return read_agreement_text(TOWN + terms, "town.yaml").agreement


def test_terms_are_read_as_written() -> None:
    agreement = read(TERMS)
    assert agreement.close.requires == ("submissions", "review")
    assert agreement.close.commentary_over.of(1) == 20_000_00
    assert (agreement.reporting.every, agreement.reporting.by) == ("six_weeks", time(12))
    (due,) = agreement.reporting.returns
    assert (due.name, due.due, due.by) == ("quarterly-2023-25", date(2023, 8, 25), time(12))
    assert agreement.notices is not None
    assert agreement.notices.within("notice") == Within(5, working=True)
    assert agreement.notices.within("meeting") == Within(None)
    assert agreement.budget_cycle.draft == date(2023, 11, 30)
    assert agreement.business_cases == "required"
    assert agreement.payment.within == Within(12, working=True)
    assert (agreement.late_payment.interest, agreement.late_payment.days_in_year) == (
        InterestTerms("agreed", Fraction(4)), 366,
    )  # fmt: skip


def test_a_pool_that_says_nothing_asks_for_what_the_books_prove() -> None:
    agreement = read("")
    assert agreement.close.requires == ("casting", "conditions")
    assert agreement.notices is None
    assert agreement.payment.due_on(date(2023, 4, 1)) == date(2023, 4, 1)
    assert agreement.late_payment.interest.kind == "none"
    assert read("close: {requires: []}\n").close.requires == ()


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("close: {requires: [prayer]}\n", "'prayer' is not what 'requires' may be; write one of submissions"),
        ("reporting: {every: six_weeks}\n", "write first: and the day of the first report"),
        ("reporting: {by: noon}\n", "'noon' is not a time of day; write 12:00"),
        ('notices: {clause: "9", notice: soon}\n', "'soon' is not how long a step may take; write 5 working days"),
        ("notices: {notice: 5 days}\n", "'clause' is missing"),
        ("payment: {within: next meeting}\n", "'next meeting' is no time to pay in; write 12 working days"),
        ("late_payment: {interest: 4}\n", "'4' is no interest on late money; write statutory, none or"),
        ("late_payment: {days_in_year: 300}\n", "'300' is not the days that a year of interest has; write 365"),
        ("business_cases: always\n", "'always' is not what 'business_cases' may be"),
        ("reporting: {returns: [{due: 2023-08-25}]}\n", "add return: and its value"),
    ],
)
def test_terms_that_cannot_be_read_are_refused_with_their_remedy(terms: str, said: str) -> None:
    with pytest.raises(AgreementRefused) as refusal:
        read(terms)
    assert said in str(refusal.value)


def test_an_approved_business_case_names_its_minute() -> None:
    text = TOWN.replace("lead: council, area_of_spend: social_care}", "lead: council, {}}", 1)
    case = "business_case: {reference: BC1, approved: 2023-05-01}"
    with pytest.raises(AgreementRefused, match="names the minute that approved it"):
        read_agreement_text(text.replace("{}", case), "town.yaml")
