"""Partners' figures of a month: due, late, received, estimated, agreed; an estimate goes when the figures come."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pooledfund.access import NotAllowed, Role
from pooledfund.agreement_file import AgreementRefused, read_agreement_text
from pooledfund.control.close import close_period
from pooledfund.control.submissions import NothingToAgree, agree_submission
from pooledfund.intake.actuals import Handing, import_actuals
from pooledfund.intake.submissions import Estimate, EstimateRefused, enter_estimate
from pooledfund.pool import Pool
from pooledfund.results.submissions import SubmissionStatus, submission_status
from pools import TOWN, as_actor, extract, imported, pool_of, refused, spend_of, spent, total_of

TERMS = TOWN + "submissions:\n  council: {due: working day 5, time: midday}\n  icb: {due: day 10, time: '17:30'}\n"
LEDGER_LATE = Estimate("icb", 2, "rehab", 500_00, "the ICB's ledger closes late")


def dated(folder: Path) -> Pool:
    return pool_of(folder, TERMS)


def of(pool: Pool, partner: str, at: datetime | None = None, as_of: int | None = None) -> SubmissionStatus:
    return next(each for each in submission_status(pool, 2, at=at, as_of=as_of) if each.partner == partner)


def summer(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    """An instant by UTC, an hour behind the clocks of England."""
    return datetime(2023, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "council", "icb"),
    [
        (summer(31, 22, 59, month=5), "not due", "not due"),
        (summer(31, 23, 30, month=5), "due", "due"),
        (summer(7, 11), "due", "due"),
        (summer(7, 11, 1), "late", "due"),
        (summer(10, 16, 31), "late", "late"),
    ],
)
def test_figures_fall_due_and_are_late_by_the_clocks_of_england(
    tmp_path: Path, at: datetime, council: str, icb: str
) -> None:
    pool = dated(tmp_path)
    assert (of(pool, "council", at).state, of(pool, "icb", at).state) == (council, icb)


def test_without_a_date_in_the_agreement_figures_are_due_and_never_late(tmp_path: Path) -> None:
    found = of(pool_of(tmp_path), "icb", summer(1, 9, month=12))
    assert (found.state, found.due_at) == ("due", None)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("{due: working day 21, time: '12:00'}", "'working day 21' is not a day of the month after"),
        ("{due: day 31, time: '12:00'}", "'day 31' is not a day"),
        ("{due: day 3, time: '25:00'}", "'25:00' is not a time of day"),
        ("{due: day 3}", "'time' is missing"),
    ],
)
def test_a_date_that_is_none_is_refused_with_its_line(terms: str, said: str) -> None:
    with pytest.raises(AgreementRefused, match=f"submissions, icb.*{said}|{said}"):
        read_agreement_text(f"{TOWN}submissions:\n  icb: {terms}\n", "town.yaml")


def test_a_date_for_a_body_that_is_no_partner_is_refused() -> None:
    with pytest.raises(AgreementRefused, match="'icbb' is not a partner of this agreement; write icb"):
        read_agreement_text(f"{TOWN}submissions:\n  icbb: {{due: day 3, time: midday}}\n", "town.yaml")


def test_a_file_is_the_submission_of_the_months_of_its_rows(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    imported(pool, tmp_path, spent("A", "100"), spent("B", "5", "rehab", partner="icb", day="2023-06-02"))
    assert (of(pool, "council").state, of(pool, "icb").state) == ("received", "late")
    assert of(pool, "council").figure_pence == 100_00
    assert of(pool, "council").batches == (1,)


def test_the_months_may_be_named(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    rows = [spent("LATE", "7"), spent("A", "100", day="2023-06-01")]
    import_actuals(pool, extract(tmp_path, *rows), handing=Handing(months=(3,)))
    assert of(pool, "council").state == "late"
    assert submission_status(pool, 3)[0].state == "received"


def test_an_estimate_is_labelled_and_goes_when_the_figures_come(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    number, done = enter_estimate(pool, LEDGER_LATE)
    assert done == "posted"
    assert pool.books.entry(number).entry.kind == "estimate"
    assert sum(spend_of(pool, "rehab").values()) == 500_00
    found = of(pool, "icb")
    assert (found.state, found.figure_pence, found.estimate_pence, found.is_in) == ("estimated", 50000, 50000, False)
    came = imported(pool, tmp_path, spent("I1", "480.55", "rehab", partner="icb"))
    assert "reversed, the figures of icb for M2 are in" in came.notes[-1]
    assert sum(spend_of(pool, "rehab").values()) == 480_55
    assert total_of(pool, "accruals") == 0
    found = of(pool, "icb")
    assert (found.state, found.figure_pence, found.estimate_pence) == ("received", 480_55, 0)
    assert pool.books.verify() == []


def test_an_estimate_of_a_closed_month_goes_with_the_late_figures_to_the_first_open_day(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    enter_estimate(pool, LEDGER_LATE)
    close_period(pool, "M2")
    imported(pool, tmp_path, spent("I1", "480.55", "rehab", partner="icb"))
    assert sum(spend_of(pool, "rehab", 2).values()) == 500_00
    assert sum(spend_of(pool, "rehab", 3).values()) == 480_55
    assert of(pool, "icb").state == "received"


def test_an_estimate_stands_for_its_own_partner_and_month_only(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    enter_estimate(pool, LEDGER_LATE)
    imported(pool, tmp_path, spent("A", "1"), spent("B", "5", "rehab", partner="icb", day="2023-06-02"))
    assert of(pool, "icb").state == "estimated"
    assert submission_status(pool, 3)[1].estimate_pence == 0


def test_a_later_estimate_takes_the_place_of_the_first(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    first, _ = enter_estimate(pool, LEDGER_LATE)
    assert enter_estimate(pool, LEDGER_LATE) == (first, "already there")
    _, done = enter_estimate(pool, Estimate("icb", 2, "rehab", 450_01, "a call on 4 June"))
    assert (done, of(pool, "icb").estimate_pence) == ("replaced", 450_01)
    enter_estimate(pool, LEDGER_LATE)
    assert (of(pool, "icb").estimate_pence, of(pool, "icb").figure_pence) == (500_00, 500_00)


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate("nobody", 2, "rehab", 1, "x"), "'nobody' is not a partner"),
        (Estimate("icb", 2, "nowhere", 1, "x"), "'nowhere' is not a scheme line"),
        (Estimate("icb", 2, "rehab", 0, "x"), "an amount other than nil"),
        (Estimate("icb", 2, "rehab", 1, " "), "a reason"),
        (Estimate("icb", 1, "rehab", 1, "x"), "M1 is closed"),
        (Estimate("council", 2, "care", 1, "x"), "the figures of council for M2 are in"),
    ],
)
def test_an_estimate_that_cannot_stand_is_refused(tmp_path: Path, estimate: Estimate, said: str) -> None:
    pool = dated(tmp_path)
    imported(pool, tmp_path, spent("A", "1"))
    close_period(pool, "M1")
    with pytest.raises(EstimateRefused, match=said):
        enter_estimate(pool, estimate)


def test_the_finance_lead_agrees_and_a_later_change_is_to_be_agreed_again(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    imported(pool, tmp_path, spent("A", "100"))
    lead = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council")
    assert agree_submission(lead, "council", 2).state == "agreed"
    then = pool.books.head().number
    assert of(pool, "council").agreed_by == lead.actor.name
    imported(pool, tmp_path, spent("B", "5"), name="more.csv")
    changed = of(pool, "council")
    assert (changed.state, changed.agreed_by) == ("received", None)
    assert "agreed £100.00, and the figure has changed since" in changed.note
    assert of(pool, "council", as_of=then).state == "agreed"


def test_what_stands_on_an_estimate_or_on_nothing_is_not_agreed(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    lead = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb")
    with pytest.raises(NothingToAgree, match="no figures of icb for M2 are in"):
        agree_submission(lead, "icb", 2)
    enter_estimate(pool, LEDGER_LATE)
    with pytest.raises(NothingToAgree, match="stands on an estimate"):
        agree_submission(lead, "icb", 2, nil_return=True)


def test_a_partner_without_spend_makes_a_nil_return(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    lead = as_actor(pool, Role.PARTNER_FINANCE_LEAD, "icb")
    found = agree_submission(lead, "icb", 2, nil_return=True)
    assert (found.state, found.figure_pence, found.batches) == ("agreed", 0, ())
    with pytest.raises(NothingToAgree, match="agreed already"):
        agree_submission(lead, "icb", 2, nil_return=True)
    imported(pool, tmp_path, spent("A", "1"))
    with pytest.raises(NothingToAgree, match="has spend in M2"):
        agree_submission(as_actor(pool, Role.PARTNER_FINANCE_LEAD, "council"), "council", 2, nil_return=True)


@pytest.mark.parametrize(
    ("role", "partner"),
    [(Role.POOLED_FUND_MANAGER, None), (Role.PARTNER_FINANCE, "icb"), (Role.PARTNER_FINANCE_LEAD, "council")],
)
def test_only_a_partners_own_finance_lead_agrees_its_figures(tmp_path: Path, role: Role, partner: str | None) -> None:
    pool = dated(tmp_path)
    with pytest.raises(NotAllowed):
        agree_submission(as_actor(pool, role, partner), "icb", 2, nil_return=True)


def test_as_of_an_event_only_what_had_come_by_then_counts(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    before = pool.books.head().number
    imported(pool, tmp_path, spent("A", "1"))
    assert (of(pool, "council").state, of(pool, "council", summer(8, 12), before).state) == ("received", "late")


def test_the_file_of_a_refused_import_is_no_submission(tmp_path: Path) -> None:
    pool = dated(tmp_path)
    refused(pool, tmp_path, spent("A", "x"))
    assert of(pool, "council").state == "late"
