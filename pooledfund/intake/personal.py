"""Keeps people out of the books: NHS numbers and names of persons are refused in words. Judges no other text."""

import re

_TEN_DIGITS = re.compile(r"(?<![0-9])([0-9]{3})[ -]?([0-9]{3})[ -]?([0-9]{4})(?![0-9])")
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Cllr|Sir|Dame)\b\.?\s+[A-Z]|\S+@\S+\.\S+")
_WEIGHTS = range(10, 1, -1)


def nhs_number_in(text: str) -> bool:
    """Whether a text holds ten digits that pass the check of an NHS number (modulus 11, NHS Data Dictionary)."""
    return any(_checks("".join(found.groups())) for found in _TEN_DIGITS.finditer(text))


def _checks(digits: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def personal_data_in(text: str) -> str | None:
    """What is wrong with a text of the books where it holds an NHS number; None where it holds none."""
    if nhs_number_in(text):
        return "holds ten digits that are a valid NHS number: take it out, the books hold nothing about a person"
    return None


def person_named_in(owner: str) -> str | None:
    """What is wrong with an owner that is a person; None where it is a post or a body."""
    if _PERSON.search(owner) or nhs_number_in(owner):
        return f"'{owner}' is a person: name the post, such as head of commissioning"
    return None
