"""Matching two ledgers: a hand-made set that an accountant can follow, pairs with known faults, and its invariants."""

import secrets
from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching_pairs import FAULTS, LATEST_DAYS, generate
from benchmarks.soak_matching import LEAST_FOUND, MOST_FALSE, score
from pooledfund.control.matching.lines import Line, Matching, Pass, Rules
from pooledfund.control.matching.match import match_lines
from pooledfund.control.matching.references import Pattern, PatternRefused, digits_swapped, near, plain, root


def line(id_: str, day: int, pounds: str, reference: str, scheme: str | None = "care") -> Line:
    """A line in May 2023."""
    return Line(id_, date(2023, 5, day), round(float(pounds) * 100), reference, scheme)


OURS = [
    line("o1", 2, "100.00", "INV-1001"),
    line("o2", 3, "250.00", "INV-1002"),
    line("o3", 4, "1000.00", "INV-1003"),
    line("o4", 5, "333.33", "INV-1004"),
    line("o5", 6, "1243.56", "INV-1005"),
    line("o6", 7, "81.20", "INV-1006"),
    line("o7", 8, "77.77", "INV-1007"),
    line("o8", 8, "-77.77", "INV-1007-R"),
    line("o9", 9, "4321.09", "JNL 77"),
    line("o10", 9, "59.03", "BACS-09 (December, late)"),
    line("o11", 10, "600.10", "A-1"),
    line("o12", 10, "411.95", "A-2"),
    line("o13", 11, "18.00", "INV-1013"),
    line("o14", 12, "5000.00", "INV-1014"),
    line("o15", 13, "12.34", "INV-1015"),
]
THEIRS = [
    line("t1", 2, "100.00", "inv 1001"),
    line("t2", 6, "250.00", "INV-1002"),
    line("t3", 4, "600.00", "INV-1003/1"),
    line("t4", 4, "400.00", "INV-1003/2"),
    line("t5", 5, "333.31", "INV-1004"),
    line("t6", 6, "1234.56", "INV-1005"),
    line("t7", 7, "81.20", "INV-1060"),
    line("t9", 10, "4321.09", "Z99"),
    line("t10", 9, "59.03", "BACS-09"),
    line("t11", 11, "1012.05", "PAYRUN 5"),
    line("t13", 11, "18.00", "INV-1013", "equip"),
    line("t14", 12, "4800.00", "INV-1014"),
    line("t16", 20, "9.99", "INV-2000"),
]
RULES = Rules(
    tolerance_pence=5, tolerance_days=5, patterns=(Pattern.parse("BACS-{ref} *"), Pattern.parse("BACS-{ref}"))
)


def test_a_hand_made_set_is_matched_as_an_accountant_would() -> None:
    found = match_lines(OURS, THEIRS, RULES)
    assert [(each.by.value, each.ours, each.theirs, each.difference_pence, each.outcome) for each in found.matches] == [
        ("exact", ("o1",), ("t1",), 0, "matched"),
        ("same reference, other day", ("o2",), ("t2",), 0, "matched within tolerance"),
        ("reference pattern", ("o10",), ("t10",), 0, "matched"),
        ("group by reference", ("o3",), ("t3", "t4"), 0, "matched"),
        ("tolerance in pence", ("o4",), ("t5",), 2, "matched within tolerance"),
        ("digits swapped", ("o5",), ("t6",), 900, "amount differs"),
        ("contra on one side", ("o7", "o8"), (), 0, "matched"),
        ("amount alone", ("o6",), ("t7",), 0, "matched"),
        ("amount alone", ("o9",), ("t9",), 0, "matched within tolerance"),
        ("one to many", ("o11", "o12"), ("t11",), 0, "matched within tolerance"),
        ("same reference, other amount", ("o14",), ("t14",), 20000, "amount differs"),
    ]
    # What one side books to another line stays open on both: the figures of the lines differ.
    assert [each.id for each in found.only_ours] == ["o13", "o15"]
    assert [each.id for each in found.only_theirs] == ["t13", "t16"]


def test_a_sum_that_could_be_made_in_two_ways_is_left_open() -> None:
    ours = [line("o", 5, "300.00", "X")]
    theirs = [line(f"t{at}", 5, pounds, f"Y{at}") for at, pounds in enumerate(("100.00", "200.00", "150.00", "150.00"))]
    assert match_lines(ours, theirs, RULES).matches == ()


def test_many_lines_match_many_without_a_reference_in_common() -> None:
    ours = [line("o1", 5, "1203.17", "A"), line("o2", 6, "871.40", "B")]
    theirs = [line("t1", 5, "1999.99", "C"), line("t2", 6, "74.58", "D")]
    (found,) = match_lines(ours, theirs, RULES).matches
    assert (found.by, found.ours, found.theirs) == (Pass.MANY_TO_MANY, ("o1", "o2"), ("t1", "t2"))


def test_days_and_pence_beyond_the_tolerance_are_no_match() -> None:
    ours = [line("o1", 5, "100.00", "INV-1"), line("o2", 5, "50.00", "INV-2")]
    theirs = [line("t1", 11, "100.00", "INV-1"), line("t2", 5, "50.06", "INV-2")]
    found = match_lines(ours, theirs, RULES)
    assert [(each.by, each.ours) for each in found.matches] == [(Pass.OTHER_AMOUNT, ("o2",))]
    assert match_lines(ours[1:], theirs[1:], Rules(tolerance_pence=6)).matches[0].by is Pass.PENCE


@pytest.mark.parametrize(
    ("reference", "known_as"),
    [("INV-12/1", "INV12"), ("INV-12", "INV12"), ("I-ACC-06-R", "IACC06"), ("po 7 / b", "PO7"), ("", "")],
)
def test_a_root_leaves_out_the_suffix_of_a_part_and_never_the_number(reference: str, known_as: str) -> None:
    assert root(reference) == known_as


def test_near_misses_of_references_and_amounts_are_known() -> None:
    assert near(plain("INV-1234"), plain("inv 1243"))
    assert near("ABCDEF", "ABXDEF")
    assert not near("INV1234", "INV1235"), "the next number is another document"
    assert digits_swapped(124356, 123456)
    assert not digits_swapped(124356, -123456)
    assert not digits_swapped(100, 1000)


def test_a_pattern_that_keeps_nothing_is_refused() -> None:
    for text, why in (("INV-*", "keeps no part"), ("{ref}****", "more than 2 stars")):
        with pytest.raises(PatternRefused, match=why):
            Pattern.parse(text)


def test_a_pair_with_known_faults_from_a_seed_drawn_now() -> None:
    seed = secrets.randbelow(2**32)
    pair = generate(Random(seed), 5_000)
    result = score(pair, match_lines(pair.ours, pair.theirs, Rules(tolerance_days=LATEST_DAYS)))
    assert set(FAULTS) <= set(result.true), f"seed {seed}"
    assert result.found_share >= LEAST_FOUND, f"seed {seed}: {result}"
    assert result.false_share < MOST_FALSE, f"seed {seed}: {result}"
    assert result.false.get(Pass.EXACT, 0) == 0, f"seed {seed}: {result}"


LINES = st.lists(
    st.builds(
        lambda day, pence, reference, scheme: (day, pence, reference, scheme),
        st.integers(1, 28),
        st.integers(-500, 500).filter(bool),
        st.sampled_from(("", "A1", "A-1", "A1/1", "A1/2", "B7", "A1-R", "7B", "C 33")),
        st.sampled_from(("care", "equip", None)),
    ),
    max_size=14,
)


def _numbered(side: str, rows: list[tuple[int, int, str, str | None]]) -> list[Line]:
    return [
        Line(f"{side}{at}", date(2023, 5, day), pence, ref, scheme) for at, (day, pence, ref, scheme) in enumerate(rows)
    ]


def _ids(found: Matching) -> Counter[str]:
    matched = [each for match in found.matches for each in (*match.ours, *match.theirs)]
    return Counter([*matched, *(each.id for each in (*found.only_ours, *found.only_theirs))])


@settings(max_examples=200)
@given(ours=LINES, theirs=LINES)
def test_every_line_ends_in_one_place_and_the_two_totals_are_bridged(
    ours: list[tuple[int, int, str, str | None]], theirs: list[tuple[int, int, str, str | None]]
) -> None:
    left, right = _numbered("o", ours), _numbered("t", theirs)
    found = match_lines(left, right, Rules(tolerance_pence=2, tolerance_days=6))
    assert _ids(found) == Counter(each.id for each in (*left, *right))
    bridge = (
        sum(each.pence for each in found.only_ours)
        - sum(each.pence for each in found.only_theirs)
        + sum(match.difference_pence for match in found.matches)
    )
    assert sum(each.pence for each in right) + bridge == sum(each.pence for each in left)
    by_id = {each.id: each for each in (*left, *right)}
    for match in found.matches:
        assert len({by_id[each].scheme for each in (*match.ours, *match.theirs)}) == 1
        assert match.outcome == "amount differs" or abs(match.difference_pence) <= 2


def test_two_ledgers_with_nothing_in_common_are_left_open_and_the_search_is_bounded() -> None:
    ours = [line(f"o{at}", at % 28 + 1, f"{at % 40 + 1}.00", f"A{at}") for at in range(5_000)]
    theirs = [line(f"t{at}", at % 28 + 1, f"{at % 40 + 1}.50", f"B{at}") for at in range(5_000)]
    found = match_lines(ours, theirs, Rules(tolerance_days=31))
    assert found.matches == ()
    assert found.not_searched > 0
