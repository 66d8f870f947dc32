"""Money is exact: what is read is what was written, and what is shared adds up to what there was."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledgers.money import (
    MAX_PENCE,
    MoneyNotUnderstood,
    apportion,
    apportion_signed,
    equal_parts,
    parse_pounds,
    percent,
    pounds,
    pounds_decimal,
    pounds_for_people,
    short_number,
)

pence = st.integers(-MAX_PENCE, MAX_PENCE)
sizes = st.integers(0, 10**13)
weights = st.lists(st.integers(0, 10**12) | st.fractions(0, 1000, max_denominator=997), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9000000", 900_000_000),
        ("9_000_000", 900_000_000),
        ("9,000,000", 900_000_000),
        ("£9,000,000.00", 900_000_000),
        ("£ 9,000,000.5", 900_000_050),
        ("0", 0),
        (".5", 50),
        ("12.3400", 1234),
        ("-0.01", -1),
        ("\u22125", -500),
        ("(1,234.56)", -123_456),
        ("(£5)", -500),
        ("-£5", -500),
        ("\u00a05 ", 500),
    ],
)
def test_money_is_read_as_it_is_written(text: str, expected: int) -> None:
    assert parse_pounds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "£", ".", "-", "()", "1,00", "1,0000", "1 000", "1.2.3", "1e6", "3m", "nil"),
        *("--5", "5-", "£-5", "(-5)", "NaN", "0.001", "1__0", "_1", "1_", "٣", "0x10", "5 to 6"),
        *("10000000000000.01", "9" * 61, "9" * 100000),
    ],
)
def test_what_is_not_one_exact_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyNotUnderstood):
        parse_pounds(text)


@given(pence)
def test_every_amount_comes_back_from_its_text(amount: int) -> None:
    assert parse_pounds(pounds(amount)) == amount
    assert parse_pounds(pounds_for_people(amount)) == amount
    assert Decimal(pounds(amount)) == pounds_decimal(amount) == Decimal(amount) / 100


@given(st.text(max_size=70))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        amount = parse_pounds(text)
    except MoneyNotUnderstood:
        return
    assert abs(amount) <= MAX_PENCE


@pytest.mark.parametrize(
    ("amount", "file", "people"),
    [
        (-1, "-0.01", "-£0.01"),
        (0, "0.00", "£0.00"),
        (123_456, "1234.56", "£1,234.56"),
        (-10_000_000, "-100000.00", "-£100,000.00"),
    ],
)
def test_money_is_printed_for_files_and_for_people(amount: int, file: str, people: str) -> None:
    assert (pounds(amount), pounds_for_people(amount)) == (file, people)


@given(sizes, weights)
def test_parts_add_up_and_none_is_a_penny_from_its_exact_share(size: int, by: list[int | Fraction]) -> None:
    assume(sum(by) > 0)
    parts = apportion(size, by)
    assert sum(parts) == size
    for part, weight in zip(parts, by, strict=True):
        exact = Fraction(size) * weight / sum(by)
        assert exact - 1 < part < exact + 1
        assert weight or part == 0


@given(sizes, weights, st.integers(1, 1000))
def test_parts_do_not_depend_on_the_scale_of_the_weights(size: int, by: list[int | Fraction], scale: int) -> None:
    assume(sum(by) > 0)
    assert apportion(size, by) == apportion(size, [weight * scale for weight in by])


@given(pence, weights)
def test_a_negative_size_is_shared_like_its_opposite(size: int, by: list[int | Fraction]) -> None:
    assume(sum(by) > 0)
    assert apportion_signed(-size, by) == [-part for part in apportion_signed(size, by)]


def test_pennies_left_go_to_the_largest_remainders_and_then_in_order() -> None:
    assert apportion(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(10, [55, 25, 20]) == [6, 2, 2]
    assert apportion(3, [1, 2, 2]) == [1, 1, 1]
    assert apportion(1, [0, 0, 5]) == [0, 0, 1]


def test_nothing_is_shared_by_nothing() -> None:
    assert apportion(0, [0, 0]) == [0, 0]
    assert apportion(0, []) == []
    with pytest.raises(ValueError, match="every weight is nil"):
        apportion(1, [0, 0])


@pytest.mark.parametrize(("size", "by"), [(-1, [1]), (1, [1, -1])])
def test_what_is_negative_is_not_apportioned(size: int, by: list[int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        apportion(size, by)


@given(pence, st.integers(1, 52))
def test_equal_parts_add_up_with_what_is_left_in_the_last(size: int, count: int) -> None:
    parts = equal_parts(size, count)
    assert len(parts) == count
    assert sum(parts) == size
    assert len(set(parts[:-1])) <= 1
    assert abs(parts[-1]) >= abs(parts[0])
    assert abs(parts[-1] - parts[0]) < count


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 3, "33.3"),
        (-1, 3, "-33.3"),
        (5, 10_000, "0.1"),
        (4, 10_000, "0.0"),
        (-4, 10_000, "0.0"),
        (7, 0, None),
        (1, -4, "-25.0"),
    ],
)
def test_a_percentage_has_one_decimal_half_up_and_none_of_nil(part: int, whole: int, expected: str | None) -> None:
    assert percent(part, whole) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(50), "50"),
        (Fraction(125, 10), "12.5"),
        (Fraction(1, 3), "0.333333"),
        (Decimal("13.250"), "13.25"),
        (Decimal("0.000"), "0"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_rate_is_written_as_a_person_writes_it(value: Fraction | Decimal, said: str) -> None:
    assert short_number(value) == said
