"""How the bytes of a text file are read: by its mark, as UTF-8, as Windows text, and not at all where in doubt."""

import codecs
import re
from dataclasses import dataclass

from pooledfund.errors import InputRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 stands before UTF-16, whose mark it begins with."""

_LOOK = 65_536
"""Bytes from the start that show whether every second one is nil, as in UTF-16 without a mark."""

_DOS_POUND = re.compile(rb"\x9c ?\d")
"""A pound sign as old DOS programs write it; in Windows text it would be an oe before a figure."""

_UTF8_LETTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")


class EncodingNotClear(InputRefused):
    """Bytes that could be read as more than one text, or as none."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file, and whether the file itself shows it or it was concluded."""

    name: str
    certain: bool


def encoding_of(content: bytes) -> Encoding:
    """The encoding of a file's bytes: by its mark, by its pattern of nil bytes, UTF-8, or else Windows-1252.

    Where no byte tells Windows-1252 from Latin-1 the two give the same text.

    Raises:
        EncodingNotClear: UTF-8 and other bytes are mixed, or the text may be of an old DOS program.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Encoding(name, certain=True)
    head = content[: min(_LOOK, len(content) // 2 * 2)]
    for name, odd in (("utf-16-le", 1), ("utf-16-be", 0)):
        nil = head[odd::2].count(0)
        if nil > len(head) // 2 * 0.6 and not head[1 - odd :: 2].count(0):
            return Encoding(name, certain=True)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _single_byte(content, error)
    return Encoding("utf-8", certain=True)


def _single_byte(content: bytes, error: UnicodeDecodeError) -> Encoding:
    line = content.count(b"\n", 0, error.start) + 1
    if _UTF8_LETTER.search(content) and _mixes(content):
        raise EncodingNotClear(
            f"mixes UTF-8 with another encoding from line {line} on: save it as CSV UTF-8 from one program"
        )
    if _DOS_POUND.search(content):
        raise EncodingNotClear(
            f"may be text of an old DOS program (line {line}): write encoding: cp850 or cp1252 in its map"
        )
    try:
        content.decode("cp1252")
    except UnicodeDecodeError as other:
        line = content.count(b"\n", 0, other.start) + 1
        raise EncodingNotClear(
            f"is neither UTF-8 nor Windows text (line {line}): save it as CSV UTF-8, or name its encoding in its map"
        ) from None
    return Encoding("cp1252", certain=False)


def _mixes(content: bytes) -> bool:
    """Whether some letters past ASCII are whole in UTF-8 while others are not."""
    text = content.decode("utf-8", "surrogateescape")
    return any("\x80" <= letter < "\ud800" for letter in text)
