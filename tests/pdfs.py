"""Reading a PDF as a screen reader does: its tags in order with their texts for charts, its pages, its words."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

A4 = (595, 842)


def words_of(path: Path) -> str:
    """Every word of a PDF in reading order, without the marks that let a long word break and a word divided at a line.

    A true minus is given as the plain one that reports are written with.
    """
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    text = text.replace("\N{ZERO WIDTH SPACE}", "").replace("\N{SOFT HYPHEN}", "").replace("\N{MINUS SIGN}", "-")
    return re.sub(r"\s+", " ", text)


def tags_of(path: Path) -> list[tuple[str, str | None]]:
    """The structure of a PDF in its order: each tag with its alternative text."""
    return list(_walk(PdfReader(path).root_object["/StructTreeRoot"]))


@dataclass(frozen=True, slots=True)
class Told:
    """What a PDF says of itself as a whole."""

    marked: bool
    shows_title: bool
    language: str
    title: str | None
    claims_pdf_ua: bool


def told_of(path: Path) -> Told:
    """What a PDF says of itself as a whole."""
    reader = PdfReader(path)
    root = reader.root_object
    marks, viewing = root["/MarkInfo"], root["/ViewerPreferences"]
    assert isinstance(marks, DictionaryObject)
    assert isinstance(viewing, DictionaryObject)
    metadata = root["/Metadata"]
    assert isinstance(metadata, StreamObject)
    return Told(
        bool(marks["/Marked"]),
        bool(viewing["/DisplayDocTitle"]),
        str(root["/Lang"]),
        reader.metadata.title if reader.metadata else None,
        b"<pdfuaid:part>1<" in metadata.get_data(),
    )


def _walk(element: object) -> Iterator[tuple[str, str | None]]:
    if isinstance(element, ArrayObject):
        for each in element:
            yield from _walk(each.get_object())
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            yield str(element["/S"]).removeprefix("/"), str(element["/Alt"]) if "/Alt" in element else None
        if "/K" in element:
            yield from _walk(element["/K"])


def boxes_of(path: Path) -> set[tuple[int, int]]:
    """The sizes of the pages in points."""
    return {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in PdfReader(path).pages}


def ink_beyond_margins(path: Path, margin_pt: int) -> list[int]:
    """The pages, counted from 1, with a mark nearer to the left or right edge than a margin: something is cut there."""
    found = []
    for number, (width, _, rows) in enumerate(_grey_pages(path), start=1):
        side = margin_pt * _DPI // 72
        if any(min(row[:side] + row[width - side :]) < 250 for row in rows):
            found.append(number)
    return found


_DPI = 36


def _grey_pages(path: Path) -> Iterator[tuple[int, int, list[bytes]]]:
    """Each page as poppler draws it: its width, its height, and a row of greys for each line of it."""
    drawn = subprocess.run(["pdftoppm", "-gray", "-r", str(_DPI), str(path)], capture_output=True, check=True).stdout
    at = 0
    while at < len(drawn):
        header = re.compile(rb"P5\s+(\d+)\s+(\d+)\s+255\s").match(drawn, at)
        assert header, "a page that is no grey map"
        width, height = int(header[1]), int(header[2])
        start = header.end()
        at = start + width * height
        yield width, height, [drawn[start + row * width : start + (row + 1) * width] for row in range(height)]
