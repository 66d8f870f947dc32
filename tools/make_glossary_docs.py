"""Writes docs/glossary.md from the terms that the front end's help is made of."""

from pathlib import Path

from pooledfund.glossary import page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "glossary.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
