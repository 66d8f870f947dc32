"""One glossary for the pages and the guides."""

import re

import pytest

from pooledfund.glossary import TERMS, help_for, page
from tools.make_glossary_docs import PAGE
from year_of_exampleshire import ROOT


def test_the_page_is_written_from_the_terms() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_term_is_one_sentence_and_is_asked_for_by_its_name() -> None:
    for term, sentence in TERMS.items():
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence in help_for(term)
    with pytest.raises(KeyError):
        help_for("nonsense")


def test_every_term_that_a_page_asks_for_is_in_the_glossary() -> None:
    asked = [
        term
        for file in (ROOT / "pooledfund" / "ui").rglob("*.py")
        for call in re.findall(r"help_for\(([^)]*)\)", file.read_text(encoding="utf-8"))
        for term in re.findall(r'"([^"]+)"', call)
    ]
    assert set(asked) <= set(TERMS)
