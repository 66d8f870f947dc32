"""Random agreements shared by the rules and by a second, plainly written implementation: every penny the same."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.racing import ROOT

# The second implementation and the drawing of agreements stand with the tests that use them too.
sys.path.insert(0, str(Path(ROOT) / "tests"))


def soak_rules(agreements: int, start: int) -> str:
    """So many drawn agreements, each with an outturn; raises AssertionError at the first penny that differs."""
    from shared_twice import assert_same_pennies
    from strategies import Case, cases

    seen = 0
    features: dict[str, int] = {}

    @seed(start)
    @settings(
        max_examples=agreements,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def drawn(case: Case) -> None:
        nonlocal seen
        tried = assert_same_pennies(case)
        seen += 1
        clauses = case.file["risk_share"]
        for name, there in (
            ("dated", any("from" in each or "to" in each for each in clauses)),
            ("withdrawals", bool(case.file["withdrawals"])),
            ("disputes", bool(case.file["disputes"]) or any("disputed" in each for each in clauses)),
            ("limits lifted", bool(case.file["agreed_beforehand"])),
            ("breaches", bool(case.breaches)),
            ("management action", any("of" in step for each in clauses for step in each["underspend"])),
            ("decisions", "decisions" in tried),
            ("an amount not known", "an amount not known" in tried),
        ):
            features[name] = features.get(name, 0) + there

    drawn()
    said = ", ".join(f"{count:,} with {name}" for name, count in features.items())
    return f"{seen:,} random agreements shared by two implementations ({said}): no penny differs"
