"""The Agreement page: versions side by side, and whatever a text holds shown letter for letter, here and beside it."""

import re
from html import unescape
from pathlib import Path

import pytest

from books_for_pages import run
from shown import MANAGER, Shown
from year_of_exampleshire import EXAMPLE

HOSTILE = "<script>alert(1)</script> **bold** $x^2$ | pipe | [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
QUOTED = HOSTILE.replace('"', "'")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books whose agreement has such text for its title, the names of a line and of a partner."""
    folder = tmp_path_factory.mktemp("books")
    text = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
    for before in (_line(text, "title:"), _line(text, "name:")):
        key = before.split(":")[0]
        text = text.replace(before, f"{key}: '{QUOTED}'", 1)
    (folder / "agreement.yaml").write_text(text, encoding="utf-8")
    run(["init", str(folder / "agreement.yaml"), "--db", str(folder / "hostile.db")])
    return folder / "hostile.db"


def _line(text: str, key: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(key))


@pytest.mark.parametrize("name", ["agreement", "quarter", "conditions", "pools", "contributions", "schemes"])
def test_what_an_agreement_says_is_shown_letter_for_letter(hostile: Path, name: str) -> None:
    shown = Shown(name, hostile, MANAGER)
    markup = shown.markup
    assert "<script" not in markup
    assert "<img" not in markup
    assert not re.search(r"<a [^>]*javascript:", markup)
    assert QUOTED.lower() in unescape(markup).lower()
    boxes = [*shown.app.warning, *shown.app.error, *shown.app.info, *shown.app.success, *shown.app.markdown]
    for label in [str(getattr(each, "label", "")) for each in shown.app.get("expander")] + [
        str(each.value) for each in boxes
    ]:
        assert "**bold**" not in label
        assert "](javascript" not in label


def test_two_versions_stand_side_by_side(tmp_path: Path) -> None:
    books = tmp_path / "exampleshire.db"
    run(["init", str(EXAMPLE / "agreement.yaml"), "--db", str(books)])
    shown = Shown("agreement", books)
    assert "The two texts say the same." in shown.text
    other = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8").replace("version: 1", "version: 2", 1)
    if "version: 2" not in other:
        other = other.replace("agreement:\n", "agreement:\n  version: 2\n", 1)
    shown.put({"After": "A text from a file"})
    assert "Two texts are needed to compare." in shown.text
    shown.app.file_uploader[0].set_value(("next.yaml", other.encode(), "text/yaml"))
    rows = shown.run().rows("What differs: 1 place")
    assert [row[1:] for row in rows] == [["1", "2"]]
    shown.app.file_uploader[0].set_value(("broken.yaml", b"agreement: [", "text/yaml"))
    assert "broken.yaml" in shown.run().text
