"""The script of one page for Streamlit's own test frame, which cannot choose a page. Runs nothing."""

from pathlib import Path

_PAGES = Path(__file__).resolve().parent.parent / "pooledfund" / "ui" / "pages"


def page_script(name: str) -> str:
    """A script that shows one page as the front end's entry does; a test of Streamlit's own cannot choose a page."""
    file = _PAGES / f"{name}.py"
    return f"""
import runpy

from pooledfund.ui import door, frame
from pooledfund.ui.who import person_here

person = person_here()
if person is None:
    door.show_closed()
else:
    frame.choose(person)
    runpy.run_path({str(file)!r})
"""
