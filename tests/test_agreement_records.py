"""Dated clauses, withdrawals, disputes, agreements beforehand in a file: what is refused, where, with what remedy."""

from pathlib import Path

import pytest

from agreement_text import SOUND, changed, faults_of, line_of, read, the_fault
from pooledfund.cli import main

CLAUSE = '  - clause: "4.10"\n'
ENDING = "decisions:\n"


def dated(dates: str) -> str:
    """The sound agreement with dates on its last clause, and an undated clause behind it."""
    rest = (
        '  - clause: "4.11"\n    covers: everything\n    overspend: [decide: board]\n    underspend: [decide: board]\n'
    )
    return changed((CLAUSE, f"{CLAUSE}{dates}"), (ENDING, f"{rest}{ENDING}"))


def with_record(record: str, *changes: tuple[str, str]) -> str:
    return changed(*changes, (ENDING, f"{record}{ENDING}"))


WITHDRAWAL = """\
withdrawals:
  - partner: icb
    what: suspends
    clauses: ["4.10"]
    from: 2023-10-01
    reference: letter of 12 September 2023
"""
DISPUTE = """\
disputes:
  - clause: "4.10"
    side: overspend
    partner: icb
    amount: 1_000
    reason: the number of packages
    raised: 2023-12-01
"""
BEFOREHAND = """\
agreed_beforehand:
  - clause: "4.10"
    step: 3
    partner: council
    agreed_by: [council, icb]
    agreed: 2023-06-01
    spent_from: 2023-07-01
    reference: letters of the finance leads
"""
LIFTED = (("caps: {council: 90_000}", "caps: {council: 90_000}\n        unless_agreed: true"),)


def test_sound_records_are_read() -> None:
    text = with_record(WITHDRAWAL + BEFOREHAND + DISPUTE, *LIFTED)
    agreement = read(text).agreement
    assert agreement.withdrawals[0].then == "disputed"
    assert agreement.agreed_beforehand[0].step == 3
    assert agreement.disputes[0].amount == 1_000_00


@pytest.mark.parametrize(
    ("text", "piece", "rule"),
    [
        (dated("    from: 2023-10-02\n"), "from: 2023-10-02", "NotWholeMonths"),
        (dated("    to: 2023-10-30\n"), "to: 2023-10-30", "NotWholeMonths"),
        (dated("    from: 2023-10-01\n    to: 2023-08-31\n"), "to: 2023-08-31", "EndsBeforeItBegins"),
        (dated("    from: 2024-10-01\n"), "from: 2024-10-01", "OutsideYear"),
        (dated("    disputed: true\n"), "disputed: true", "DisputeWithoutReason"),
        (dated("    reason: none\n"), "reason: none", "ReasonOfNothing"),
        (changed(("return: contribution", "return: as_lost")), "return: as_lost", "ValueNotUnderstood"),
        (
            changed(("      - carry_forward: true", "      - return: same_as_overspend")),
            "return: same_as_overspend",
            "NoLossToFollow",
        ),
        (with_record(WITHDRAWAL.replace("partner: icb", "partner: icbb")), "partner: icbb", "PartnerNotKnown"),
        (with_record(WITHDRAWAL.replace("4.10", "4.12")), '["4.12"]', "ClauseNotKnown"),
        (with_record(WITHDRAWAL + "    then: icb\n"), "then: icb", "WithdrawnToItself"),
        (with_record(WITHDRAWAL + "    then: nobody\n"), "then: nobody", "PartnerNotKnown"),
        (
            with_record(WITHDRAWAL.replace("suspends", "withdraws") + "    to: 2023-12-31\n"),
            "to: 2023-12-31",
            "WithdrawalEnds",
        ),
        (with_record(DISPUTE.replace("1_000", "0")), "amount: 0\n", "DisputeIsNil"),
        (with_record(BEFOREHAND), "agreed_beforehand:\n", "NothingToLift"),
        (with_record(BEFOREHAND.replace("2023-06-01", "2023-07-01"), *LIFTED), "agreed: 2023-07-01", "AgreedTooLate"),
        (with_record(BEFOREHAND.replace("[council, icb]", "[council]"), *LIFTED), "[council]\n", "FinanceLeadMissing"),
        (with_record(BEFOREHAND + "    up_to: 90_000\n", *LIFTED), "up_to: 90_000\n", "LimitNotRaised"),
        (with_record(BEFOREHAND.replace("step: 3", "step: 0"), *LIFTED), "step: 0", "ValueNotUnderstood"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_record_that_cannot_be_is_refused_at_its_line_with_a_remedy(text: str, piece: str, rule: str) -> None:
    fault = the_fault(text)
    assert fault.rule == rule
    assert fault.line - line_of(text, piece) in (0, 1)  # a record is told at its first line
    assert fault.remedy


def test_a_line_that_only_dated_clauses_cover_names_the_months_without_one() -> None:
    faults = faults_of(changed((CLAUSE, f"{CLAUSE}    from: 2023-06-01\n    to: 2024-01-31\n")))
    assert [each.message for each in faults] == [
        "no clause covers the pooled line S2 in M1, M2, M11, M12",
        "no clause covers the pooled line S3 in M1, M2, M11, M12",
    ]


def test_every_fault_of_the_records_is_told_at_once() -> None:
    text = with_record(
        WITHDRAWAL.replace("2023-10-01", "2023-10-05")
        + BEFOREHAND.replace("2023-06-01", "2023-08-01")
        + DISPUTE.replace("partner: icb", "partner: nobody"),
        *LIFTED,
    )
    assert [each.rule for each in faults_of(text)] == ["NotWholeMonths", "AgreedTooLate", "PartnerNotKnown"]


def test_the_sound_agreement_is_sound() -> None:
    assert faults_of(SOUND) == ()


def test_check_says_what_happened_to_the_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(with_record(WITHDRAWAL + BEFOREHAND + DISPUTE, *LIFTED), encoding="utf-8")
    assert main(["check", str(file)]) == 0
    told = capsys.readouterr().out
    assert "icb suspends the risk share of clauses 4.10 from 1 October 2023" in told
    assert "council bears without limit in step 3 of clause 4.10" in told
    assert "icb disputes £1,000.00 of its overspend under clause 4.10" in told
