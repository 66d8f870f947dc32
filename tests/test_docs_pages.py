"""The page of the docs on the front end: every page is told of, under its own name, with a picture that is there."""

import re
from pathlib import Path

from pooledfund.ui.navigation import PAGES

DOCS = Path(__file__).resolve().parent.parent / "docs"
PNG = b"\x89PNG\r\n\x1a\n"


def test_every_page_is_told_of_in_the_order_of_the_sidebar_with_its_picture() -> None:
    text = (DOCS / "pages.md").read_text(encoding="utf-8")
    pages = [page for group in PAGES.values() for page in group]
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == [title for _, title in pages]
    told = re.findall(r"^!\[(\w[\w ]*): .{20,}\]\((images/pages/.+\.png)\)$", text, re.MULTILINE)
    assert told == [(title, f"images/pages/{name}.png") for name, title in pages]
    for _, place in told:
        picture = (DOCS / place).read_bytes()
        assert picture.startswith(PNG)
        assert int.from_bytes(picture[16:20], "big") == 1366
