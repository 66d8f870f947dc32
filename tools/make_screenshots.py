"""Writes docs/images/quarter.png: the quarter's page over the Kent example, as a laptop of 1366 x 768 shows it."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pooledfund.cli import main as pooledfund
from tools.page_server import chromium, served, settled, signed_in

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "quarter.png"
QUARTER = "quarter=Q3%3A+Oct+to+Dec"


def main() -> int:
    """Run the Kent demo in a folder that goes away, and take the picture."""
    with TemporaryDirectory() as folder:
        pooledfund(["demo", "-o", folder])
        take_picture(Path(folder) / "kent.db", PICTURE)
    print(f"Wrote {PICTURE.relative_to(PICTURE.parents[2])}")
    return 0


def take_picture(books: Path, picture: Path) -> None:
    """The first screen of the third quarter."""
    with served(books) as address, chromium() as browser:
        page = signed_in(browser, address, viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/quarter?{QUARTER}")
        page.get_by_role("button", name="Part 2 template (Excel)").wait_for(timeout=60_000)
        page.get_by_role("combobox", name="Figures in tables").wait_for()
        page.get_by_role("heading", name="Q3: October to December 2016 (M9)").wait_for()
        settled(page)
        page.screenshot(path=picture)


if __name__ == "__main__":
    sys.exit(main())
