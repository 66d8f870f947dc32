"""Ledger extracts spoilt in every way chance finds: each is read, or refused in sentences that name the file."""

import io
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.books import AGREEMENT
from benchmarks.extracts import HEADER, MAP, rows
from pooledfund.agreement_file import read_agreement
from pooledfund.intake.learning import learn
from pooledfund.intake.maps import read_map
from pooledfund.intake.spend_rows import read_extract
from pooledfund.intake.tables import FileRefused

ROWS = 12


class NotRefusedPlainly(AssertionError):
    """A file that ended in something else than its figures or plain sentences."""


def _text(encoding: str) -> bytes:
    return "\r\n".join(",".join(row) for row in (list(HEADER), *rows(ROWS))).encode(encoding)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (list(HEADER), *rows(ROWS)):
        book.active.append([*row[:9], *row[9:]])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {part: book.read(part) for part in book.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return held.getvalue()


_PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b'"', b"\x00", b"\n", b",", b";", b"\xef\xbb\xbf", b"\xff\xfe", b"1E+17", b"(1 000.5)", b"=1+1", b"\x9c5",
        b"\xc3",         b"<c r=\"XFD1048576\"/>", b"<row r=\"999999\"/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"</c>",
        b"<f>1</f>", b"&#0;",
        b' t="e"', b"<v>1e999</v>", b"<v>NaN</v>", b"&amp;", b"<is><t>", b"-", b"99999999999999999999",
    ]),
)  # fmt: skip
_CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), _PIECES), min_size=1, max_size=6)


def _spoilt(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The bytes with some taken out and others put in their place."""
    for place, length, piece in changes:
        at = round(place * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


def soak_extracts(count: int) -> str:
    """Read so many spoilt extracts by a map and by guessing; raises NotRefusedPlainly or what got through."""
    agreement = read_agreement(AGREEMENT).agreement
    seen: Counter[str] = Counter()
    texts = {encoding: _text(encoding) for encoding in ("utf-8", "utf-16", "cp1252")}
    whole = _workbook()
    parts = _unpacked(whole)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        ledger_map = read_map(folder / "map.yaml", agreement).map

        def read(file: str, content: bytes) -> None:
            path = folder / file
            path.write_bytes(content)
            for way in ("by its map", "by guessing"):
                try:
                    if way == "by its map":
                        extract = read_extract(path, agreement, ledger_map)
                        assert sum(row.cost_pence for row in extract.rows) <= 10**17
                    else:
                        learn(path, agreement, "council")
                    seen[f"read {way}"] += 1
                except FileRefused as refused:
                    if not all(sentence.startswith(file) and len(sentence) < 2_000 for sentence in refused.sentences):
                        raise NotRefusedPlainly(str(refused)) from refused
                    seen[f"refused {way}"] += 1

        quiet = settings(max_examples=count // 3, deadline=None, database=None, suppress_health_check=list(HealthCheck))

        @quiet
        @given(encoding=st.sampled_from(sorted(texts)), changes=_CHANGES, file=st.sampled_from(["f.csv", "f.xls"]))
        def spoil_text(encoding: str, changes: list[tuple[float, int, bytes]], file: str) -> None:
            read(file, _spoilt(texts[encoding], changes))

        @quiet
        @given(changes=_CHANGES)
        def spoil_workbook(changes: list[tuple[float, int, bytes]]) -> None:
            read("f.xlsx", _spoilt(whole, changes))

        @quiet
        @given(part=st.sampled_from(sorted(parts)), changes=_CHANGES)
        def spoil_part(part: str, changes: list[tuple[float, int, bytes]]) -> None:
            read("f.xlsx", _packed({**parts, part: _spoilt(parts[part], changes)}))

        for spoil in (spoil_text, spoil_workbook, spoil_part):
            spoil()
    told = ", ".join(f"{number:,} {what}" for what, number in sorted(seen.items()))
    return f"{sum(seen.values()) // 2:,} spoilt extracts: {told}; nothing else came of any"
