"""Mapping files: how a ledger extract is read by one, and what is refused of the map and of the rows."""

from pathlib import Path

import pytest

from pooledfund.intake.maps import LedgerMap, MapRefused, read_map
from pooledfund.intake.spend_rows import Extract, read_extract
from pooledfund.intake.tables import FileRefused
from pools import TOWN, csv_file, pool_of

MAP = """\
map: 1
name: Town ledger
format: csv
header: [Doc, Centre]
partner: council
reference: [Doc]
effective: {column: Posted, format: dd/mm/yyyy}
amount: {net: Net, vat: VAT, recoverable_vat: Recovered}
kind: {column: Type, codes: {CN: credit_note}, otherwise: ledger}
lines:
  - {match: {Centre: "10??", Type: "*"}, scheme: care}
"""
COLUMNS = ("Doc", "Posted", "Centre", "Type", "Net", "VAT", "Recovered")


def map_of(folder: Path, text: str = MAP) -> LedgerMap:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_map(path, pool_of(folder).agreement).map


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(MapRefused) as refused:
        map_of(folder, text)
    return str(refused.value)


def read(folder: Path, ledger_map: LedgerMap, *rows: list[str], columns: tuple[str, ...] = COLUMNS) -> Extract:
    return read_extract(csv_file(folder, "l.csv", columns, *rows), pool_of(folder, TOWN).agreement, ledger_map)


def test_a_row_is_read_as_its_map_says(tmp_path: Path) -> None:
    found = read(tmp_path, map_of(tmp_path), ["D1", "09/05/2023", "1001", "CN", "-100", "-20.00", "-20"])
    (row,) = found.rows
    assert (row.reference, row.partner, row.scheme, row.kind) == ("D1", "council", "care", "credit_note")
    assert (row.effective_on.isoformat(), row.cost_pence) == ("2023-05-09", -10000)


@pytest.mark.parametrize(
    ("amount", "cells", "cost"),
    [
        ("{debit: Net, credit: VAT}", ("120", ""), 12000),
        ("{debit: Net, credit: VAT}", ("", "7.50"), -750),
        ("{debit: Net, credit: VAT, sign: reversed}", ("", "7.50"), 750),
        ("{column: Net}", ("(1,234.50)", ""), -123450),
        ("{column: Net, sign: reversed}", ("-£5", ""), 500),
        ("{net: Net, vat: VAT}", ("100", ""), 10000),
    ],
)
def test_an_amount_stands_where_the_map_says(tmp_path: Path, amount: str, cells: tuple[str, str], cost: int) -> None:
    text = MAP.replace("{net: Net, vat: VAT, recoverable_vat: Recovered}", amount)
    found = read(tmp_path, map_of(tmp_path, text), ["D1", "09/05/2023", "1001", "", *cells, ""])
    assert [row.cost_pence for row in found.rows] == [cost]


@pytest.mark.parametrize(
    ("form", "written"),
    [("yyyy-mm-dd", "2023-05-09"), ("dd/mm/yyyy", "9/5/2023"), ("dd-Mon-yy", "09-May-23"), ("excel", "2023-05-09")],
)
def test_dates_are_read_in_the_form_that_the_map_names(tmp_path: Path, form: str, written: str) -> None:
    text = MAP.replace("dd/mm/yyyy", form)
    found = read(tmp_path, map_of(tmp_path, text), ["D1", written, "1001", "", "1", "", ""])
    assert found.rows[0].effective_on.isoformat() == "2023-05-09"


@pytest.mark.parametrize("written", ["05/31/2023", "2023-05-09", "", "30/02/2023", "09/05/23 00:00"])
def test_a_date_in_another_form_is_refused_and_not_guessed(tmp_path: Path, written: str) -> None:
    with pytest.raises(FileRefused, match="is not a date written as dd/mm/yyyy"):
        read(tmp_path, map_of(tmp_path), ["D1", written, "1001", "", "1", "", ""])


def test_the_first_pattern_that_fits_is_the_line(tmp_path: Path) -> None:
    text = MAP + '  - {match: {Centre: "1*"}, scheme: equip}\n'
    rows = [["D1", "09/05/2023", "1001", "", "1", "", ""], ["D2", "09/05/2023", "19", "", "1", "", ""],
            ["D3", "09/05/2023", "2", "", "1", "", ""]]  # fmt: skip
    assert [row.scheme for row in read(tmp_path, map_of(tmp_path, text), *rows).rows] == ["care", "equip", None]


def test_a_blank_reference_or_partner_code_is_refused(tmp_path: Path) -> None:
    text = MAP.replace("partner: council", "partner: {column: Type, codes: {C: council}}").replace(
        "kind: {column: Type, codes: {CN: credit_note}, otherwise: ledger}\n", ""
    )
    with pytest.raises(FileRefused) as refused:
        read(
            tmp_path,
            map_of(tmp_path, text),
            ["", "09/05/2023", "1001", "C", "1", "", ""],
            ["D2", "09/05/2023", "1001", "", "1", "", ""],
        )
    first, second = str(refused.value).splitlines()
    assert first.startswith("l.csv:2: Doc is blank")
    assert second.startswith("l.csv:3: Type '' is not a code of the map")


def test_a_file_without_a_column_of_the_map_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"missing: Recovered\)"):
        read(tmp_path, map_of(tmp_path), columns=COLUMNS[:-1])


def test_a_workbook_map_refuses_a_csv_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is not xlsx, which its map says"):
        read(tmp_path, map_of(tmp_path, MAP.replace("format: csv", "format: xlsx")))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("map: 1", "map: 2"), "map: Input should be '1'"),
        (("format: csv", "format: pdf"), "format"),
        (("name: Town ledger\n", ""), "name: Field required"),
        (("name:", "nome:"), "nome: Extra inputs are not permitted"),
        (("scheme: care", "scheme: nowhere"), "'nowhere', which is no scheme line"),
        (("scheme: care", "scheme: care, contribution: none"), "'none', which is no contribution"),
        (("partner: council", "partner: nobody"), "'nobody', which is no partner"),
        (("CN: credit_note", "CN: gift"), "the kind 'gift'"),
        (("otherwise: ledger", "otherwise: gift"), "the kind 'gift'"),
        (("{net: Net,", "{net: Net, column: VAT,"), "an amount stands in one of net (with vat), debit and credit"),
        (("{net: Net, vat: VAT, recoverable_vat: Recovered}", "{debit: Net}"), "an amount stands in one of"),
        (('Centre: "10??"', "Centre: [a, b]"), "string"),
        (("reference: [Doc]", "reference: []"), "reference"),
        (("name: Town ledger\n", "name: Town ledger\nname: Other\n"), "map.yaml:3: 'name' stands twice"),
        (("{CN: credit_note}", "{CN: credit_note, CN: ledger}"), "'CN' stands twice"),
    ],
)
def test_a_faulty_map_is_refused_in_words(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in MAP
    assert said in refusal(tmp_path, MAP.replace(*change))


@pytest.mark.parametrize(
    "text", ["", "- a list", "just words", "map: [", "\t", "{" * 3000, "map: 1\x00", 'map: "\\U99999999"']
)
def test_what_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    assert "map.yaml" in refusal(tmp_path, text)


def test_a_missing_map_or_a_folder_is_refused(tmp_path: Path) -> None:
    agreement = pool_of(tmp_path).agreement
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(MapRefused, match=path.name):
            read_map(path, agreement)


def test_a_map_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_bytes(MAP.replace("Town", "Café").encode("latin-1"))
    with pytest.raises(MapRefused, match="cannot be read as YAML"):
        read_map(tmp_path / "map.yaml", pool_of(tmp_path).agreement)


def test_every_fault_of_a_map_is_shown(tmp_path: Path) -> None:
    text = MAP.replace("scheme: care", "scheme: nowhere").replace("partner: council", "partner: nobody")
    assert len(refusal(tmp_path, text).splitlines()) == 2
