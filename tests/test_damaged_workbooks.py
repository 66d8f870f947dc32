"""Workbooks that are damaged in each way that an archive's reader has an error of its own for: one clear refusal."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pooledfund.intake.refusals import FileRefused
from pooledfund.intake.workbook_scan import scan
from pooledfund.intake.workbooks import open_page
from pooledfund.returns.official.package import Package, WorkbookRefused

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def workbook() -> bytearray:
    """A small workbook, its sheet the last part of the archive that is looked for."""
    book = openpyxl.Workbook()
    for row in range(50):
        book.worksheets[0].append([f"line {row}", row * 1.25])
    into = io.BytesIO()
    book.save(into)
    return bytearray(into.getvalue())


def headers(content: bytearray, mark: bytes) -> list[int]:
    """Where each header of a kind begins."""
    found, at = list[int](), content.find(mark)
    while at >= 0:
        found.append(at)
        at = content.find(mark, at + 4)
    return found


def unknown_method(content: bytearray) -> None:
    for at in headers(content, CENTRAL):
        content[at + 10 : at + 12] = struct.pack("<H", 97)


def broken_stream(content: bytearray) -> None:
    for at in headers(content, LOCAL):
        name, more = struct.unpack_from("<HH", content, at + 26)
        content[at + 30 + name + more] = 0x07  # a block of a kind that deflate has not


def packed_by(method: int) -> Callable[[bytearray], None]:
    """The parts packed in another way, and then damaged."""

    def damage(content: bytearray) -> None:
        again = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(again, "w", method) as packed:
            for part in parts.namelist():
                packed.writestr(part, parts.read(part))
        content[:] = again.getvalue()
        for at in headers(content, LOCAL):
            name, more = struct.unpack_from("<HH", content, at + 26)
            for place in range(12, 24):
                content[at + 30 + name + more + place] ^= 0xA5

    return damage


def moved_directory(content: bytearray) -> None:
    at = content.rfind(END)
    content[at + 18] = 0xFF


def cut_short(content: bytearray) -> None:
    for at in headers(content, CENTRAL):
        content[at + 10 : at + 12] = struct.pack("<H", 0)
        content[at + 20 : at + 28] = struct.pack("<II", 1 << 20, 1 << 20)


WAYS: tuple[tuple[Callable[[bytearray], None], type[Exception]], ...] = (
    (unknown_method, NotImplementedError),
    (broken_stream, zlib.error),
    (moved_directory, ValueError),
    (cut_short, EOFError),
    (packed_by(zipfile.ZIP_BZIP2), OSError),
    (packed_by(zipfile.ZIP_LZMA), lzma.LZMAError),
)


@pytest.mark.parametrize(("damage", "error"), WAYS)
def test_a_damaged_workbook_is_refused_whatever_its_reader_says_of_it(
    damage: Callable[[bytearray], None], error: type[Exception], tmp_path: Path
) -> None:
    content = workbook()
    damage(content)
    with pytest.raises(error), zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.read("xl/worksheets/sheet1.xml")
    with pytest.raises(error):
        scan(tmp_path / "ledger.xlsx", bytes(content), None)
    with pytest.raises(FileRefused, match=r"^ledger\.xlsx: cannot be read as an Excel workbook: open it in Excel"):
        open_page(tmp_path / "ledger.xlsx", bytes(content), None)
    with pytest.raises(WorkbookRefused, match=r"^return\.xlsx: "):
        Package.of("return.xlsx", bytes(content))


def test_a_workbook_whose_parts_are_locked_is_refused(tmp_path: Path) -> None:
    content = workbook()
    for mark, place in ((LOCAL, 6), (CENTRAL, 8)):
        for at in headers(content, mark):
            content[at + place] |= 1
    with pytest.raises(RuntimeError), zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.read("xl/worksheets/sheet1.xml")
    with pytest.raises(FileRefused, match="is locked with a password"):
        open_page(tmp_path / "ledger.xlsx", bytes(content), None)
    with pytest.raises(WorkbookRefused, match=r"^return\.xlsx: "):
        Package.of("return.xlsx", bytes(content))
