"""The parts of a workbook file, read within limits and written back. Knows no sheet and no cell."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from pooledfund.broken_archive import BROKEN_ARCHIVE
from pooledfund.errors import InputRefused
from pooledfund.returns.official.archive import Packed, pack, packed_parts, zipped

MAX_FILE_BYTES = 100 * 2**20
"""A larger file is no return: the official ones have a few megabytes."""
MAX_UNPACKED_BYTES = 512 * 2**20
"""What all the parts of a workbook may come to, before they fill the memory."""
MAX_PARTS = 5_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""How the files begin that Excel wrote before 2007, and those that it locks with a password."""
CONTENT_TYPES = "[Content_Types].xml"


class WorkbookRefused(InputRefused):
    """A workbook that cannot be opened, filled or read as it should be; holds every fault that was found."""


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook as its parts, in the order of the file, each by its name without a leading slash."""

    name: str
    parts: Mapping[str, bytes]
    packed: Mapping[str, Packed] = field(default_factory=dict)
    """Parts as the file that was read has them packed."""

    @classmethod
    def read(cls, path: Path) -> "Package":
        """Read every part of a workbook.

        Raises:
            WorkbookRefused: no file, not a workbook of Excel 2007 or later, locked, damaged, or beyond the limits.
        """
        return cls.of(path.name, read_file(path))

    @classmethod
    def of(cls, name: str, content: bytes) -> "Package":
        """The parts of a workbook from the bytes of its file; raises WorkbookRefused as ``read`` does."""
        try:
            return _unpacked(name, content)
        except BROKEN_ARCHIVE:
            raise _not_whole(name) from None

    def part(self, name: str) -> bytes:
        """One part; raises WorkbookRefused where it is missing."""
        try:
            return self.parts[name]
        except KeyError:
            raise WorkbookRefused(f"{self.name}: its part {name} is missing: have the workbook sent again") from None

    def xml(self, name: str) -> ElementTree.Element:
        """One part as XML, to look things up in; it is never written back from this.

        Raises:
            WorkbookRefused: the part is missing, no whole XML, or defines entities.
        """
        content = self.part(name)
        check_xml(f"{self.name}: its part {name}", content)
        return ElementTree.fromstring(content)

    def with_parts(self, changed: Mapping[str, bytes]) -> "Package":
        """The workbook with some parts replaced, in the same order."""
        return Package(
            self.name,
            {name: changed.get(name, content) for name, content in self.parts.items()},
            {name: packed for name, packed in self.packed.items() if name not in changed},
        )

    def write(self, path: Path) -> None:
        """Write the workbook to a file, whole or not at all; raises WorkbookRefused where that cannot be done."""
        content = zipped(self.packed.get(name) or pack(name, part) for name, part in self.parts.items())
        beside = path.with_name(f"{path.name}.part")
        try:
            beside.write_bytes(content)
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise WorkbookRefused(
                f"{path}: cannot be written ({error.strerror}): close it where it is open, or name another place"
            ) from None


def read_file(path: Path) -> bytes:
    """The bytes of a file that may be a workbook; raises WorkbookRefused for none, a large one, or a locked one."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except FileNotFoundError:
        raise WorkbookRefused(f"{path}: there is no such file: check the name") from None
    except OSError as error:
        raise WorkbookRefused(f"{path}: cannot be read ({error.strerror}): check that you may open it") from None
    if size > MAX_FILE_BYTES:
        raise WorkbookRefused(f"{path.name}: has more than {MAX_FILE_BYTES >> 20} megabytes: no return is so large")
    if content.startswith(_OLD_OFFICE):
        raise WorkbookRefused(
            f"{path.name}: is locked with a password, or was saved by Excel before 2007: "
            "take the password off, or save it as .xlsx"
        )
    return content


def checked_content(path: Path) -> bytes:
    """The bytes of a workbook that is within the limits, before any of it is unpacked; raises WorkbookRefused."""
    content = read_file(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_listing(path.name, archive)
    except BROKEN_ARCHIVE:
        raise _not_whole(path.name) from None
    return content


def _not_whole(name: str) -> WorkbookRefused:
    return WorkbookRefused(f"{name}: is not a whole Excel workbook: have it sent again, or save it as .xlsx")


def _unpacked(name: str, content: bytes) -> Package:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = _check_listing(name, archive)
        parts = {each.filename: archive.read(each) for each in listed}
    return Package(name, parts, {each.name: each for each in packed_parts(content, listed)})


def _check_listing(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What a zip file says that it holds, as far as it is a workbook within the limits; raises WorkbookRefused."""
    listed = [each for each in archive.infolist() if not each.is_dir()]
    names = [each.filename for each in listed]
    if CONTENT_TYPES not in names or not any(each.startswith("xl/") for each in names):
        raise WorkbookRefused(f"{name}: is not an Excel workbook: save it as .xlsx or .xlsm")
    if len(listed) > MAX_PARTS or sum(each.file_size for each in listed) > MAX_UNPACKED_BYTES:
        raise WorkbookRefused(
            f"{name}: unpacks to more than {MAX_UNPACKED_BYTES >> 20} megabytes or {MAX_PARTS:,} parts: "
            "no return is so large"
        )
    if len({each.lower() for each in names}) < len(names):
        raise WorkbookRefused(f"{name}: holds two parts of one name: have the workbook sent again")
    if any(each.flag_bits & 1 for each in listed):
        raise WorkbookRefused(f"{name}: is locked with a password: take the password off and save it again")
    return listed


def check_xml(what: str, content: bytes) -> None:
    """See that a part is whole XML in UTF-8 that defines nothing of its own; raises WorkbookRefused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"UTF-16" in content[:200].upper():
        raise WorkbookRefused(f"{what} is not in UTF-8: open the workbook in Excel and save it again")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_entities(what)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise WorkbookRefused(f"{what} is damaged ({error}): have the workbook sent again") from None


def _refuse_entities(what: str) -> None:
    raise WorkbookRefused(f"{what} defines entities, which no workbook of Excel does: do not open it, ask who sent it")
