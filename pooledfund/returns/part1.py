"""Part 1 of the 2014 plan, read from text or Word: its summary, who has signed, what was never filled."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from ledgers.money import MoneyNotUnderstood
from pooledfund.broken_archive import BROKEN_ARCHIVE
from pooledfund.returns.official.package import MAX_UNPACKED_BYTES, WorkbookRefused, check_xml
from s75_rules.amounts import Amount

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MINIMUM = re.compile(r"minimum required value of (itf|bcf) pooled budget", re.IGNORECASE)
_AGREED = re.compile(r"total agreed value of pooled budget", re.IGNORECASE)
_YEAR = re.compile(r"(20\d\d/\d\d)$")
_SIGNED = re.compile(r"signed on behalf of (?:the )?(.*)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"<[^<>]{1,60}>|\bx{3,}\b|\(?\btbc\b\)?", re.IGNORECASE)
_WORDS = {
    "local authority": "local_authority",
    "clinical commissioning groups": "clinical_commissioning_groups",
    "boundary differences": "boundary_differences",
    "date agreed at health and well-being board": "agreed_at_board",
    "date submitted": "submitted",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A body that was to sign, and the date it did; neither name nor post of a person is kept."""

    body: str
    on: str | None


@dataclass(frozen=True, slots=True)
class PartOne:
    """The summary of Part 1: words as they stand, values of the pool by kind and year, signatures, gaps.

    A value that is no amount stays in its words; ``not_filled`` names what was left to be filled.
    """

    words: dict[str, str]
    values: dict[tuple[str, str], Amount | str]
    signatures: tuple[Signature, ...]
    not_filled: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The summary as words."""
        return {
            **self.words,
            "values": {f"{kind} {year}": str(value) for (kind, year), value in self.values.items()},
            "signed": {each.body: each.on for each in self.signatures},
            "not_filled": list(self.not_filled),
        }


def read_part1(path: Path) -> PartOne:
    """Read the summary and the signatures of a Part 1; raises WorkbookRefused where the file holds none."""
    lines = [(number, label.strip(), value.strip()) for number, label, value in _lines(path)]
    words: dict[str, str] = {}
    values: dict[tuple[str, str], Amount | str] = {}
    signatures: list[Signature] = []
    gaps: list[str] = []
    kind = ""
    for number, label, value in lines:
        plain = label.rstrip(":").strip().casefold()
        if _MINIMUM.search(label) or _AGREED.search(label):
            kind = "minimum" if _MINIMUM.search(label) else "agreed"
        year = _YEAR.search(label)
        if kind and year:
            values[kind, year[1]] = _amount(value)
        else:
            kind = ""
        if plain in _WORDS and _WORDS[plain] not in words:
            words[_WORDS[plain]] = value
        if signs := _SIGNED.fullmatch(label):
            signatures.append(Signature(value if value and not _PLACEHOLDER.search(value) else signs[1], None))
        elif plain == "date" and signatures and signatures[-1].on is None and not _PLACEHOLDER.search(value) and value:
            signatures[-1] = Signature(signatures[-1].body, value)
        gaps += [f"line {number}: {label or 'text'} still says '{each[0]}'" for each in _PLACEHOLDER.finditer(value)]
    if not values:
        raise WorkbookRefused(f"{path.name}: holds no summary of a Part 1: name the narrative plan, as text or .docx")
    return PartOne(words, values, tuple(signatures), tuple(gaps))


def _amount(text: str) -> Amount | str:
    """An amount or a range, whatever dash it is written with; the words themselves where it is none."""
    try:
        return Amount.parse(text.replace("£", ""))
    except MoneyNotUnderstood:
        return text or "blank"


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """The lines of a document as label and value: parts of a line behind a tab, cells of a row of a Word table."""
    for number, line in enumerate(_text(path).splitlines(), start=1):
        label, _, value = line.partition("\t")
        if label.strip() or value.strip():
            yield number, label, value


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkbookRefused(f"{path}: cannot be read ({error.strerror}): check the name") from None
    if content.startswith(b"PK"):
        return _word_text(path.name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkbookRefused(f"{path.name}: is neither text in UTF-8 nor .docx: save it as one of these") from None


def _word_text(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > MAX_UNPACKED_BYTES:
                raise WorkbookRefused(f"{name}: unpacks to more than {MAX_UNPACKED_BYTES >> 20} megabytes")
            document = archive.read(part)
    except (*BROKEN_ARCHIVE, KeyError):
        raise WorkbookRefused(f"{name}: is not a whole Word document: have it sent again") from None
    check_xml(f"{name}: its text", document)
    body = ElementTree.fromstring(document).find(f"{_WORD}body")
    return "\n".join(_blocks(body)) if body is not None else ""


def _blocks(body: ElementTree.Element) -> Iterator[str]:
    for block in body:
        if block.tag == f"{_WORD}tbl":
            for row in block.iter(f"{_WORD}tr"):
                yield "\t".join(_words(cell) for cell in row.iter(f"{_WORD}tc"))
        else:
            yield _words(block)


def _words(element: ElementTree.Element) -> str:
    """The words of a paragraph or cell; tabs within a paragraph are kept."""
    parts = []
    for each in element.iter():
        if each.tag == f"{_WORD}t":
            parts.append(each.text or "")
        elif each.tag == f"{_WORD}tab":
            parts.append("\t")
    return "".join(parts)
