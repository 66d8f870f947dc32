"""Workbooks that are damaged, dangerous or changed: one sentence each, nothing half written."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pooledfund.returns.official import package as limits
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill

LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"
LINES = "xl/worksheets/sheet5.xml"
Parts = dict[str, bytes]


def parts() -> Parts:
    with zipfile.ZipFile(LOOKALIKE) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def packed(content: Parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    content = parts()
    content[part] = change(content[part])
    return packed(content)


def swapped(part: str, before: bytes, after: bytes) -> bytes:
    assert before in parts()[part], before
    return changed(part, lambda content: content.replace(before, after, 1))


def try_to_fill(tmp_path: Path, content: bytes, name: str = "given.xlsx") -> str:
    """What is said of a workbook that cannot be filled; empty where it was filled, and then it is whole."""
    given, out = tmp_path / name, tmp_path / "out.xlsx"
    given.write_bytes(content)
    out.unlink(missing_ok=True)
    try:
        fill(
            ExcelFile.open(given),
            {
                "6a. Expenditure": {Place(28, 2): "S1", Place(28, 19): Decimal("1.50")},
                "5. Income": {Place(10, 3): Decimal(2)},
            },
        ).save(out)
    except WorkbookRefused as refused:
        said = refused.sentences
    else:
        said = ()
    assert given.read_bytes() == content
    assert out.exists() == (not said)
    assert all(each and "\n" not in each for each in said)
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]
    return "\n".join(said)


def test_the_workbook_as_it_is_can_be_filled(tmp_path: Path) -> None:
    assert try_to_fill(tmp_path, LOOKALIKE.read_bytes()) == ""


ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
NAMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is not a whole Excel workbook"),
    "text": (b"name,amount\nA,1\n", "is not a whole Excel workbook"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is locked with a password"),
    "word document": (packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "is not an Excel"),
    "zip of something": (packed({"letter.txt": b"Dear finance lead"}), "is not an Excel workbook"),
    "entities in a sheet": (swapped(LINES, b"<worksheet", ENTITY + b"<worksheet"), "defines entities"),
    "entities in the texts": (swapped("xl/sharedStrings.xml", b"<sst", ENTITY + b"<sst"), ""),
    "utf-16": (changed(LINES, lambda xml: xml.decode().encode("utf-16")), "is not in UTF-8"),
    "no sheet data": (swapped(LINES, b"sheetData>", b"sheetDate>"), "is damaged"),
    "cells out of order": (swapped(LINES, b'r="C2"', b'r="A2"'), "out of its order in row 2"),
    "cell of another row": (swapped(LINES, b'r="C2"', b'r="C9"'), "out of its order in row 2"),
    "column beyond the edge": (swapped(LINES, b'r="H2"', b'r="XFE2"'), "out of its order in row 2"),
    "row out of order": (swapped(LINES, b'<row r="3"', b'<row r="2"'), "out of its order"),
    "row beyond the edge": (swapped(LINES, b'<row r="227"', b'<row r="1048577"'), "out of its order"),
    "remark among the cells": (swapped(LINES, b'<row r="3"', b'<!-- <c r="A1"/> --><row r="3"'), "has remarks"),
    "sheet renamed": (swapped("xl/workbook.xml", b"6a. Expenditure", b"6a. Spend"), "has no sheet '6a. Expenditure'"),
    "no sheets": (swapped("xl/workbook.xml", b"<sheets>", b"<sheets/><other>").replace(b"x", b"x"), ""),
    "limits changed": (swapped(LINES, b"<formula1>0</formula1>", b"<formula1>5</formula1>"), "outside the limits"),
    "cell locked": (swapped(LINES, b'<c r="S28" s="6"', b'<c r="S28" s="3"'), "cell S28 is locked"),
    "list as a formula": (swapped(LINES, b"<formula1>Sources</formula1>", b"<formula1>INDIRECT(A1)</formula1>"), ""),
    "text for a number": (swapped("xl/worksheets/sheet4.xml", b"<v>0</v>", b"<v>nought</v>"), "which is no value"),
    "text beyond the table": (swapped(LINES, b'<c r="B2" s="4" t="s"><v>48', b'<c r="B2" s="4" t="s"><v>4800'), ""),
    "external link": (swapped(LINES, b"N('5. Income'!C7)", b"'[1]Other'!C7"), ""),
    "macro workbook": (packed(parts() | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"}), ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMED)
def test_a_workbook_that_is_not_as_it_should_be_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    content, said = NAMED[kind]
    answer = try_to_fill(tmp_path, content)
    if said:
        assert said in answer


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    bomb = parts() | {f"xl/media/image{number}.png": bytes(2**26) for number in range(2, 11)}
    assert "unpacks to more than 512 megabytes" in try_to_fill(tmp_path, packed(bomb))


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    many = parts() | {f"xl/media/{number}.png": b"" for number in range(limits.MAX_PARTS)}
    assert "5,000 parts" in try_to_fill(tmp_path, packed(many))


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "two parts of one name" in try_to_fill(tmp_path, packed(parts() | {LINES.upper(): b"<x/>"}))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookRefused, match="there is no such file"):
        ExcelFile.open(tmp_path / "none.xlsx")


def test_a_sheet_of_every_column_is_filled(tmp_path: Path) -> None:
    wide = b"".join(
        b'<c r="%s900"/>' % str(Place(900, column)).removesuffix("900").encode() for column in range(1, 16_385)
    )
    content = changed(LINES, lambda xml: xml.replace(b"</sheetData>", b'<row r="900">' + wide + b"</row></sheetData>"))
    assert try_to_fill(tmp_path, content) == ""


def damaged() -> Iterator[tuple[str, bytes]]:
    """Over two hundred files: every part left out, emptied or cut, and bytes of the file changed or lost."""
    whole = parts()
    whole[LINES] = re.sub(rb'<row r="(?:3[1-9]|[4-9]\d|\d{3})".*?</row>', b"", whole[LINES])
    file = packed(whole)
    for name, content in whole.items():
        yield f"without {name}", packed({each: part for each, part in whole.items() if each != name})
        yield f"{name} empty", packed(whole | {name: b""})
        yield f"{name} cut", packed(whole | {name: content[: len(content) // 2]})
    draw = random.Random(75)
    for number in range(60):
        yield f"cut {number}", file[: draw.randrange(len(file))]
        place = draw.randrange(len(file))
        yield f"byte {number}", file[:place] + bytes([draw.randrange(256)]) + file[place + 1 :]
    for number in range(60):
        name = draw.choice([each for each in whole if each.endswith((".xml", ".rels"))])
        content, place = whole[name], draw.randrange(len(whole[name]))
        yield (
            f"{name} byte {number}",
            packed(whole | {name: content[:place] + b'\x00<&"9'[draw.randrange(5) :][:1] + content[place + 1 :]}),
        )


def test_damage_anywhere_is_refused_or_does_no_harm(tmp_path: Path) -> None:
    answers = {kind: try_to_fill(tmp_path, content) for kind, content in damaged()}
    assert len(answers) > 200
    assert sum(answer != "" for answer in answers.values()) > 100
