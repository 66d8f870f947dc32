"""Amounts as agreements state them: exact, a range, to be confirmed or not quantified; unknown is never zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.money import MoneyNotUnderstood, pounds_for_people
from s75_rules.amounts import Amount, Limit, total

exact = st.integers(0, 10**12).map(Amount.exact)
ranges = st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)).map(
    lambda ends: Amount(min(ends), max(ends), "range")
)
unknown = st.sampled_from([Amount(None, None, "to be confirmed"), Amount(None, None, "not quantified")])


@pytest.mark.parametrize(
    "text",
    [
        "3_884_000 to 4_543_143",
        "3884000-4543143",
        "£3,884,000 - £4,543,143",
        "3,884,000\u20134,543,143",
        "3884000 \u2014 4543143",
    ],
)
def test_a_range_is_read_in_every_way_it_is_written(text: str) -> None:
    assert Amount.parse(text) == Amount(388_400_000, 454_314_300, "range")


@pytest.mark.parametrize("text", ["to be confirmed", "To be  confirmed", "TBC", " tbc "])
def test_to_be_confirmed_is_not_zero(text: str) -> None:
    amount = Amount.parse(text)
    assert (amount.wording, amount.exact_pence, amount.low_pence) == ("to be confirmed", None, None)


def test_not_quantified_is_read() -> None:
    assert str(Amount.parse("not quantified")) == "not quantified"


@pytest.mark.parametrize(
    "text", ["", "5 to", "to 5", "5 to 3", "1 to 2 to 3", "about 5", "5 or 6", "2023-04-01", "1" + " " * 100_000 + "2"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyNotUnderstood):
        Amount.parse(text)


@given(exact | ranges)
def test_an_amount_comes_back_from_what_is_shown(amount: Amount) -> None:
    assert Amount.parse(str(amount)) == amount


@given(st.text(max_size=120))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        amount = Amount.parse(text)
    except MoneyNotUnderstood:
        return
    assert (amount.low_pence is None) == (amount.high_pence is None)
    assert amount.low_pence is None or amount.high_pence is None or amount.low_pence <= amount.high_pence


@given(st.lists(exact))
def test_exact_amounts_add_up_exactly(amounts: list[Amount]) -> None:
    assert total(amounts) == Amount.exact(sum(each.exact_pence or 0 for each in amounts))


@given(st.lists(exact), ranges, st.lists(ranges))
def test_a_total_over_a_range_is_a_range(amounts: list[Amount], one: Amount, more: list[Amount]) -> None:
    every = [*amounts, one, *more]
    whole = total(every)
    assert whole.wording == "range"
    assert whole.exact_pence is None
    assert (whole.low_pence, whole.high_pence) == (
        sum(each.low_pence or 0 for each in every),
        sum(each.high_pence or 0 for each in every),
    )


@given(st.lists(exact | ranges), unknown, st.lists(exact | ranges))
def test_a_total_over_what_is_not_known_says_so(before: list[Amount], one: Amount, after: list[Amount]) -> None:
    assert total([*before, one, *after]) == one


def test_amounts_are_shown_for_a_reader() -> None:
    assert str(Amount.exact(123_456)) == pounds_for_people(123_456) == "£1,234.56"
    assert str(Amount(100, 200, "range")) == "£1.00 to £2.00"


def test_a_limit_is_an_amount_or_a_share_of_the_budget() -> None:
    assert Limit.parse("1000.03").of(5) == 100_003
    assert Limit.parse("2%").of(10_000) == 200
    assert Limit.parse("2.5 %") == Limit(share=Fraction(1, 40))


@given(st.integers(0, 10**13), st.integers(0, 10**5))
def test_a_share_is_rounded_half_up_to_a_penny(budget: int, hundredths: int) -> None:
    limit = Limit.parse(f"{hundredths // 100}.{hundredths % 100:02d}%")
    exact_share = Fraction(budget * hundredths, 10_000)
    assert -Fraction(1, 2) < limit.of(budget) - exact_share <= Fraction(1, 2)


@pytest.mark.parametrize("text", ["", "%", "-2%", "-5", "two", "2 percent", "1e3%", "9" * 1000 + "%"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(MoneyNotUnderstood):
        Limit.parse(text)
