"""A zip file read part by part and written anew, parts that did not change as they were packed. Knows no workbook."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _UTF8, _DAY = 20, 0x800, (1 << 5) | 1
"""Of the format that holds deflated parts; names in UTF-8; 1 January 1980: the same parts make the same bytes."""
MOST_BYTES = 2**31
"""What a file of this plain kind of zip may come to."""
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it stands in a zip file: how it is packed, the sum that proves it, its sizes in bytes."""

    name: str
    method: int
    crc: int
    size: int
    content: bytes


def packed_parts(content: bytes, parts: Iterable[zipfile.ZipInfo]) -> list[Packed]:
    """The parts of a zip file as they are packed in it; raises BadZipFile where one is not where it should be."""
    found = []
    for part in parts:
        header = content[part.header_offset : part.header_offset + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile(part.filename)
        names = _LOCAL.unpack(header)[-2:]
        start = part.header_offset + _LOCAL.size + sum(names)
        raw = content[start : start + part.compress_size]
        found.append(Packed(part.filename, part.compress_type, part.CRC, part.file_size, raw))
    return found


def pack(name: str, content: bytes) -> Packed:
    """A part to be written, deflated."""
    engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = engine.compress(content) + engine.flush()
    return Packed(name, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content), deflated)


def zipped(parts: Iterable[Packed]) -> bytes:
    """A zip file of these parts, in their order."""
    file, directory = io.BytesIO(), list[bytes]()
    for part in parts:
        name = part.name.encode()
        shared = (_UTF8, part.method, 0, _DAY, part.crc, len(part.content), part.size, len(name), 0)
        directory.append(
            _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *shared, 0, 0, 0, 0, file.tell()) + name,
        )
        file.write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *shared) + name)
        file.write(part.content)
    start, listed = file.tell(), b"".join(directory)
    count = len(directory)
    assert start + len(listed) < MOST_BYTES
    assert count < 2**16
    return file.getvalue() + listed + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), start, 0)
