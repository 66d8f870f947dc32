"""The rule set that is stored with a result: what changes its digests and what does not."""

import json
from pathlib import Path

from agreement_text import changed, read
from pooledfund.control.period import period_of, sign
from pooledfund.results.risk_position import risk_position
from pools import pool_of
from s75_rules.agreement import Minimums
from s75_rules.version import rule_set

SOUND = rule_set(read(changed()).agreement)


def test_another_layout_of_the_same_agreement_is_the_same_rule_set() -> None:
    assert rule_set(read(changed(("amount: 3_000_000", "amount: '3,000,000.00'  # the same"))).agreement) == SOUND
    assert SOUND.year_digest is not None


def test_another_parameter_is_another_rule_set() -> None:
    other = rule_set(read(changed(("council: 60, icb: 40", "council: 61, icb: 39"))).agreement)
    assert other.agreement_digest != SOUND.agreement_digest
    assert (other.version, other.year_digest) == (SOUND.version, SOUND.year_digest)


def test_a_year_without_a_file_has_a_digest_of_parameters_only_for_minimums_of_its_own() -> None:
    unknown = read(changed(("year: 2023/24", "year: 2041/42"), *LATER)).agreement
    assert rule_set(unknown).year_digest is not None  # the minimums that it states are counted by another year's rules
    assert rule_set(unknown.model_copy(update={"minimums": Minimums()})).year_digest is None


LATER = (
    ("council: 2023-03-28", "council: 2041-03-28"),
    ("2023-04-30: 200_000", "2041-04-30: 200_000"),
    ("2023-10-31: 300_000", "2041-10-31: 300_000"),
    ("ends: 2024-03-31", "ends: 2042-03-31"),
)


def test_a_sign_off_keeps_the_risk_share_that_was_signed_and_its_rule_set(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    sign(pool, period_of("Q1"), "prepared")
    (event,) = pool.books.events(kind="figures signed")
    assert json.loads(str(event.payload["risk_share"])) == risk_position(pool, 3).as_json()
    assert event.payload["rule_set"] == rule_set(pool.agreement).as_json()
