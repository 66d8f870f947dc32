"""Workbooks with what official ones carry and simple tools lose: the lookalike with more parts, and others made whole.

Each is made from nothing but bytes of ours, the same on every machine, so that filling them can be compared.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from xlsxwriter import Workbook

LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"
TYPES, RELATIONS, BOOK = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Parts = dict[str, bytes]


def parts_of(content: bytes) -> Parts:
    """The parts of a workbook in the order of its file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A workbook's file of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return file.getvalue()


def with_part(parts: Parts, name: str, content: bytes, kind: str, relation: str) -> None:
    """Add a part that the workbook refers to, with its content type."""
    parts[name] = content
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
    number = parts[RELATIONS].count(b"<Relationship ") + 1
    target = name.removeprefix("xl/")
    said = f'<Relationship Id="rId{number}" Type="{relation}" Target="{target}"/></Relationships>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", said.encode())


def formula_cells(parts: Mapping[str, bytes]) -> list[tuple[int, str]]:
    """Every cell with a formula, by the number of its sheet's part."""
    found = []
    for name, content in parts.items():
        if sheet := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
            cells = re.findall(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f[ >/]', content)
            found += [(int(sheet[1]), cell.decode()) for cell in cells]
    return found


def with_calculation_chain() -> bytes:
    """The lookalike as Excel saves it: with the order in which it worked its formulas out."""
    parts = parts_of(LOOKALIKE.read_bytes())
    cells = "".join(f'<c r="{cell}" i="{sheet}"/>' for sheet, cell in formula_cells(parts))
    chain = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<calcChain xmlns="{_MAIN}">{cells}</calcChain>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    with_part(parts, "xl/calcChain.xml", chain.encode(), kind, f"{_OFFICE}/calcChain")
    return zipped(parts)


def with_external_link() -> bytes:
    """The lookalike with a link to last year's workbook, whose values are kept beside it."""
    parts = parts_of(LOOKALIKE.read_bytes())
    link = (
        f'<externalLink xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><externalBook r:id="rId1">'
        '<sheetNames><sheetName val="Income"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
        '<row r="1"><cell r="A1"><v>42</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    with_part(parts, "xl/externalLinks/externalLink1.xml", link.encode(), kind, f"{_OFFICE}/externalLink")
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/externalLinkPath" Target="last-year.xlsx" TargetMode="External"/></Relationships>'
    ).encode()
    number = parts[RELATIONS].count(b"<Relationship ")
    reference = f'</sheets><externalReferences><externalReference r:id="rId{number}"/></externalReferences>'
    parts[BOOK] = parts[BOOK].replace(b"</sheets>", reference.encode())
    return zipped(parts)


def with_macros() -> bytes:
    """The lookalike as a workbook with macros; what the macros are made of is any bytes."""
    parts = parts_of(LOOKALIKE.read_bytes())
    parts[TYPES] = parts[TYPES].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    relation = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    with_part(parts, "xl/vbaProject.bin", bytes(range(256)) * 8, "application/vnd.ms-office.vbaProject", relation)
    return zipped(parts)


def with_other_prefix() -> bytes:
    """The lookalike with every element of its income sheet under a prefix, as some tools write sheets."""
    parts = parts_of(LOOKALIKE.read_bytes())
    name = "xl/worksheets/sheet4.xml"
    text = parts[name].decode()
    text = re.sub(r"<(/?)(?!\w+:|\?|!)(\w)", r"<\1x:\2", text)
    parts[name] = text.replace(f'xmlns="{_MAIN}"', f'xmlns:x="{_MAIN}"').encode()
    return zipped(parts)


def of_another_tool() -> bytes:
    """A workbook made whole: a table, a chart, old notes, rich text, dates of 1904, array formulas, names."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy", "date_1904": True}) as book:
        opened, bold = book.add_format({"locked": False}), book.add_format({"bold": True})
        page = book.add_worksheet("Income & more")
        page.protect()
        page.write_rich_string("A1", "Better ", bold, "Care", " Fund")
        for row in range(2, 12):
            page.write_blank(row, 1, None, opened)
            page.write(row, 0, f"Line {row}")
        page.write_formula("B13", "=SUM(B3:B12)", None, 0)
        page.write_array_formula("C3:C4", "{=B3:B4*2}", None, 0)
        page.write_comment("A3", "An old note")
        page.data_validation("B3:B12", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10**9})
        page.conditional_format("B3:B12", {"type": "data_bar", "data_bar_2010": True})
        page.add_sparkline("D3", {"range": "'Income & more'!B3:B12"})
        other = book.add_worksheet("Table")
        other.add_table("A1:C4", {"data": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "total_row": False})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Table!$B$2:$B$4"})
        other.insert_chart("E2", chart)
        book.add_worksheet("Hidden").hide()
        book.define_name("Total_of_income", "='Income & more'!$B$13")
        book.set_custom_property("Return", "BCF")
    return file.getvalue()


KINDS: Mapping[str, Callable[[], bytes]] = {
    "as it is": LOOKALIKE.read_bytes,
    "with a calculation chain": with_calculation_chain,
    "with an external link": with_external_link,
    "with macros": with_macros,
    "with a prefix on every element": with_other_prefix,
    "of another tool": of_another_tool,
}
"""Workbooks by what is in them."""
CELLS: Mapping[str, tuple[str, str]] = {"of another tool": ("Income & more", "B3")}
"""A sheet and an open cell of each; the lookalike's own where none is named."""
USUAL = ("5. Income", "C10")
