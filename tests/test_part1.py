"""Part 1 of the 2014 plan, read from text and from Word: ranges, gaps, who has signed."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.part1 import PartOne, read_part1

PLAN = """\
a) Summary of Plan
Local Authority	Kent County Council
Clinical Commissioning Groups	NHS South Kent Coast CCG
Boundary Differences
Date agreed at Health and Well-Being Board:	12 February (1st draft)
Date submitted:	3 February
Minimum required value of ITF pooled budget: 2014/15	£3,884,000
2015/16	£13,283,000
Total agreed value of pooled budget: 2014/15	£3,884,000 - £4,543,143
2015/16	£13,283,000 – 18,862,575
b) Authorisation and signoff
Signed on behalf of the Clinical Commissioning Group	NHS South Kent Coast CCG
By	A Person
Date	3 February 2014
Signed on behalf of the Council	<Name of council>
By	<Name of Signatory>
Date	<date>
"""


def in_word(path: Path) -> Path:
    """The plan as Word keeps it: a table whose rows are the lines with two parts."""
    rows = []
    for line in PLAN.splitlines():
        cells = "".join(f"<w:tc><w:p><w:r><w:t>{escape(part)}</w:t></w:r></w:p></w:tc>" for part in line.split("\t"))
        rows.append(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")
    body = f"<w:body>{''.join(rows)}</w:body>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{body}</w:document>')
    return path


def in_text(path: Path) -> Path:
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(params=["text", "word"])
def plan(tmp_path: Path, request: pytest.FixtureRequest) -> PartOne:
    made = in_text(tmp_path / "part1.txt") if request.param == "text" else in_word(tmp_path / "part1.docx")
    return read_part1(made)


def test_values_are_ranges_whatever_dash_they_are_written_with(plan: PartOne) -> None:
    assert {key: str(value) for key, value in plan.values.items()} == {
        ("minimum", "2014/15"): "£3,884,000.00",
        ("minimum", "2015/16"): "£13,283,000.00",
        ("agreed", "2014/15"): "£3,884,000.00 to £4,543,143.00",
        ("agreed", "2015/16"): "£13,283,000.00 to £18,862,575.00",
    }


def test_one_of_two_has_signed_and_no_person_is_named(plan: PartOne) -> None:
    assert [(each.body, each.on) for each in plan.signatures] == [
        ("NHS South Kent Coast CCG", "3 February 2014"),
        ("Council", None),
    ]
    assert "A Person" not in str(plan.as_json())


def test_what_was_never_filled_is_listed(plan: PartOne) -> None:
    assert [each.partition(": ")[2] for each in plan.not_filled] == [
        "Signed on behalf of the Council still says '<Name of council>'",
        "By still says '<Name of Signatory>'",
        "Date still says '<date>'",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear all", "holds no summary of a Part 1"),
        (b"PK\x03\x04", "not a whole Word document"),
        (b"\xff\xfe\x00", "neither"),
    ],
)
def test_what_is_no_part_1_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(WorkbookRefused, match=said):
        read_part1(tmp_path / "other")
