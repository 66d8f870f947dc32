"""Hostile and broken extracts, each with what is said of it, and some that are only odd. Holds no tests."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl

MAP = """\
map: 1
name: Town ledger
header: [Doc, Amount]
partner: council
reference: Doc
effective: {column: Posted, format: excel}
amount: {column: Amount}
description: Text
lines:
  - {match: {Centre: "10*"}, scheme: care}
"""
HEADER = ("Doc", "Posted", "Centre", "Amount", "Text")
SHEET = "xl/worksheets/sheet1.xml"


def text(*rows: str, encoding: str = "utf-8") -> bytes:
    """A CSV extract of these rows under the header."""
    return "\n".join([",".join(HEADER), *rows, ""]).encode(encoding)


GOOD = text("D1,2023-05-10,1001,5.00,x")


def workbook(*rows: list[str | float]) -> bytes:
    """A workbook of these rows under the header."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADER)
    for row in rows or (["D1", "2023-05-10", "1001", 5, "x"],):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The plain workbook with one part of it changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return held.getvalue()


def in_sheet(cells: bytes) -> bytes:
    """The plain workbook with more rows or cells in its sheet."""
    return with_part(SHEET, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"))


def bomb(stated: int) -> bytes:
    """A workbook whose sheet unpacks to a thousand times its size, with the size that its directory states."""
    once = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = once.compress(b" " * 2**20) + once.flush(zlib.Z_FULL_FLUSH)
    packed = block * 64
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != SHEET:
                new.writestr(part, old.read(part))
    kept = held.getvalue()
    _, _, _, _, count, _, place, _ = struct.unpack("<4s4H2LH", kept[-22:])
    name, sizes = SHEET.encode(), (len(packed), stated, len(SHEET), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, *sizes) + name
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, *sizes, 0, 0, 0, 0, place) + name
    directory = kept[place:-22] + entry
    start = place + len(local) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), start, 0)
    return kept[:place] + local + packed + directory + end


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def laughing(xml: bytes) -> bytes:
    """A part that declares entities of entities."""
    return LAUGHS + xml[xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0 :]


def locked_zip() -> bytes:
    """A workbook whose parts are marked as encrypted."""
    content = bytearray(workbook())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("f.xlsx", lambda: bomb(64 * 2**20), "unpacks to more than 200 times its size"),
    "zip bomb that lies": ("f.xlsx", lambda: bomb(100), "unpacks to more than 200 times its size"),
    "entities in the sheet": ("f.xlsx", lambda: with_part(SHEET, laughing), "declares entities of its own"),
    "entities in the book": ("f.xlsx", lambda: with_part("xl/workbook.xml", laughing), "declares entities of its own"),
    "a cell in column XFD": (
        "f.xlsx", lambda: in_sheet(b'<row r="9"><c r="XFD9"><v>1</v></c></row>'), "has cells past column 702 (ZZ)"),
    "a cell far out": (
        "f.xlsx", lambda: in_sheet(b'<row r="1048576"><c r="Z1048576"><v>1</v></c></row>'), "spans 1,048,576 rows"),
    "a row past the last": (
        "f.xlsx", lambda: in_sheet(b"<row r='1048577'><c r='A1048577'><v>1</v></c></row>"), "more than 1,048,576 rows"),
    "16,384 columns as text": ("f.csv", lambda: GOOD + b"," * 16_383 + b"x\n", "has more than 702 columns"),
    "rows past the last as text": ("f.csv", lambda: GOOD + b"\n" * 1_048_577 + b"x\n", "more than 1,048,576 rows"),
    "huge cell as text": ("f.csv", lambda: text(f"D1,2023-05-10,1001,5,{'x' * 140_000}"), "cannot be read as CSV"),
    "huge cell": (
        "f.xlsx",
        lambda: in_sheet(b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 140_000 + b"</t></is></c></row>"),
        "has more than 131,072 characters"),
    "text with nil bytes as a workbook": ("f.xlsx", lambda: GOOD + b"\x00", "cannot be read as an Excel workbook"),
    "a PDF named as a workbook": ("f.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\n", "is a PDF"),
    "a web page named as a workbook": ("f.xls", lambda: b"<html><table><tr><td>Doc", "is a web page"),
    "gzip": ("f.csv", lambda: b"\x1f\x8b\x08\x00" + GOOD, "is packed with gzip"),
    "a document, no workbook": ("f.csv", lambda: _zip("word/document.xml"), "is an archive but no .xlsx workbook"),
    "half a workbook": ("f.xlsx", lambda: workbook()[:3_000], "cannot be read as an Excel workbook"),
    "half an old workbook": ("f.xls", lambda: OLD + bytes(400), "cannot be read as an Excel workbook"),
    "half a row": ("f.csv", lambda: GOOD + b"D2,2023-05-1", "the file breaks off in this row"),
    "half a quote": ("f.csv", lambda: GOOD + b'D2,2023-05-10,1001,5,"x\n', "cannot be read as CSV"),
    "mixed encodings": (
        "f.csv", lambda: text("D1,2023-05-10,1001,5,café") + "D2,2023-05-10,1001,5,café\n".encode("cp1252"),
        "mixes UTF-8 with another encoding from line 3"),
    "nil bytes": ("f.csv", lambda: text("D1,2023-05-10,1001,5\x00,x"), "is not a text file, it holds nil bytes"),
    "locked": (
        "f.xlsx", lambda: OLD + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
    "locked parts": ("f.xlsx", locked_zip, "is locked with a password"),
    "a formula without its result": (
        "f.xlsx", lambda: workbook(["D1", "2023-05-10", "1001", "=2+3", "x"]), "a formula has no result saved with it"),
    "a formula as text": ("f.csv", lambda: text('D1,2023-05-10,1001,"=2+3",x'), "'=2+3' is not an amount of money"),
    "an error of Excel": (
        "f.xlsx",
        lambda: in_sheet(b'<row r="3"><c r="A3" t="inlineStr"><is><t>D2</t></is></c><c r="B3"><v>45056</v></c>'
        b'<c t="e" r="D3"><v>#REF!</v></c></row>'), "'#ERROR' is not an amount of money"),
    "part of a penny": ("f.xlsx", lambda: workbook(["D1", "2023-05-10", "1001", 5.005, "x"]), "has a part of a penny"),
    "a reference that Excel rounded": (
        "f.xlsx", lambda: workbook([1.23456789012345e17, "2023-05-10", "1001", 5, "x"]), "a spreadsheet has rounded"),
    "a day that is none": ("f.csv", lambda: text("D1,1,1001,5,x"), "Posted '1' is not a date"),
    "merged header over two columns": (
        "f.csv", lambda: text().replace(b"Amount", b"Amount,Amount"), "two columns are named"),
    "a header over two rows": ("f.csv", lambda: b"Doc,Posted,Centre,,Text\n,,,Amount,\n", "no header row"),
    "nothing": ("f.csv", lambda: b"", "no header row"),
    "a search that would never end": (
        "f.xlsx", lambda: in_sheet(b"<c " * 300_000), "cannot be read as an Excel workbook"),
}  # fmt: skip

READ: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "plain": ("f.csv", lambda: GOOD, 5_00),
    "a workbook named as text": ("f.csv", workbook, 5_00),
    "text named as a workbook": ("f.xls", lambda: GOOD.replace(b",", b"\t"), 5_00),
    "days as numbers": ("f.xlsx", lambda: workbook(["D1", 45056, "1001", 5, "x"]), 5_00),
    "brackets and blanks": (
        "f.csv", lambda: text("D1,2023-05-10,1001,( 1 205.10 ),x", "D2,2023-05-10,1001,7.00-,x",
                              "D3,2023-05-10,1001, £2\u00a0000.00 ,x", "D4,2023-05-10,1001,1.00 CR,x"), 786_90),
    "dust of binary fractions": ("f.xlsx", lambda: workbook(["D1", "2023-05-10", "1001", 0.1 + 0.2, "x"]), 30),
    "text that begins as a formula": ("f.csv", lambda: text("D1,2023-05-10,1001,5,=cmd|x"), 5_00),
    "utf-16 without a mark": ("f.csv", lambda: GOOD.decode().encode("utf-16-le"), 5_00),
}  # fmt: skip


def _zip(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "hello")
    return held.getvalue()


def write(folder: Path, name: str, content: bytes) -> Path:
    """A file in a folder."""
    path = folder / name
    path.write_bytes(content)
    return path
