"""Text as the bundled fonts can show it, and how much room it takes. Changes no word that the fonts can show."""

import re
import unicodedata
from itertools import pairwise

SHOWN = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x377), (0x391, 0x3A1), (0x3A3, 0x481), (0x48A, 0x4FF), (0x5D0, 0x5EA),
    (0x621, 0x63A), (0x641, 0x64A), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2030), (0x2032, 0x203A),
    (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212),
    (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265),
)  # fmt: skip
"""The characters that the fonts packed with typst have, upright and bold; a test sets every one of them."""
LONGEST_WORD = 24
"""Characters; a longer word may be broken over lines."""
_DIGEST = re.compile("[0-9a-f]{64}")
"""Stays whole, so that it can be copied out of the paper and compared."""
_BREAK_HERE = "\N{ZERO WIDTH SPACE}"
_BREAKS_ALREADY = frozenset("-\N{EN DASH}/")


def shown(text: str) -> str:
    """The text with each character that no font has as its name in brackets, and long words free to break.

    Marks that order or hide text are taken out: they would make a reader see other words than were written.
    """
    plain = "".join(_character(each) for each in unicodedata.normalize("NFC", text))
    return " ".join(_breakable(word) for word in plain.split(" "))


def _character(character: str) -> str:
    code = ord(character)
    if any(first <= code <= last for first, last in SHOWN):
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me"):
        return ""
    return f"[{unicodedata.name(character, f'U+{code:04X}').lower()}]"


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD or _DIGEST.fullmatch(word):
        return word
    return _BREAK_HERE.join(word[at : at + 8] for at in range(0, len(word), 8))


def width_of(text: str) -> int:
    """How wide a text is set, in hundredths of its size: a little more than it is, so that what fits here fits."""
    return sum(map(_width, text))


def longest_word(text: str) -> int:
    """The width of the longest part of a text that is not broken over lines."""
    parts, start = [], 0
    for place, (before, _) in enumerate(pairwise(text + " "), start=1):
        if before.isspace() or before == _BREAK_HERE or before in _BREAKS_ALREADY:
            parts.append(text[start:place])
            start = place
    parts.append(text[start:])
    return max((width_of(part.strip()) for part in parts), default=0)


def _width(character: str) -> int:
    if character == _BREAK_HERE:
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    for width, characters in _WIDTHS.items():
        if base in characters:
            return width if base == character else max(width, 48)
    if base.isascii():
        return 74 if base.isupper() else 56
    return 100 if ord(base) < 0x180 or 0x2010 <= ord(base) < 0x2190 else 150


_WIDTHS = {
    32: " .,;:'|!ijl",
    40: "rtf[]-(){}/\\",
    48: "0123456789",
    98: "mwMW@%&",
}
"""Hundredths of the size; the widest of each row. A test measures every character, upright and bold."""
