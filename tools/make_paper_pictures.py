"""Draws the pictures of docs/papers.md from the Kent pack that the demo wrote. Writes no paper itself.

Call: python -m tools.make_paper_pictures demo-output/kent-2016-17-Q4-pack.pdf
"""

import subprocess
import sys
from pathlib import Path

from pypdf import PdfReader

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PICTURES = {"pack-summary": "Summary for the board", "pack-charts": "Forecast variance by line, £000"}
"""Each picture by what its page says."""
_WIDE_PX = 620


def main(paper: Path) -> None:
    """Draw the first page after the contents that holds each picture's words."""
    pages = [page.extract_text() for page in PdfReader(paper).pages]
    for name, words in PICTURES.items():
        number = str(next(place for place, text in enumerate(pages, start=1) if words in text))
        size = ["-scale-to-x", str(_WIDE_PX), "-scale-to-y", "-1"]
        call = ["pdftoppm", "-png", "-singlefile", "-f", number, "-l", number, *size, str(paper), str(IMAGES / name)]
        subprocess.run(call, check=True)
        print(f"Written: docs/images/{name}.png, page {number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
