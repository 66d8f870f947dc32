"""Hostile CSV and XLSX files as tables: what is read, what is refused, and in which words."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.money import parse_pounds
from pooledfund.intake.limits import HEADER_WITHIN
from pooledfund.intake.tables import FileRefused, Table, open_sheet, read_csv, read_table
from pooledfund.intake.workbooks import cell_text

HEADER = ("received", "amount", "reference")


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def workbook(folder: Path, *rows: list[object], name: str = "file.xlsx", sheet: str = "Data") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def cells(table: Table, column: str) -> list[str]:
    return [row[column] for row in table.rows]


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(FileRefused) as refused:
        read()
    return str(refused.value)


def test_a_missing_file_is_refused_by_its_name(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(lambda: read_csv(tmp_path / "none.csv", HEADER))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(lambda: read_csv(tmp_path, HEADER))


@pytest.mark.parametrize("content", ["", "\n\n\n", " , ,\n", "\ufeff"])
def test_an_empty_file_has_no_header(tmp_path: Path, content: str) -> None:
    said = refusal(lambda: read_csv(written(tmp_path, content), HEADER))
    assert "file.csv: no header row" in said
    assert "missing: received, amount, reference" in said


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert read_csv(written(tmp_path, "received,amount,reference\n"), HEADER).rows == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_common_encoding_is_concluded_from_the_bytes(tmp_path: Path, encoding: str) -> None:
    text = "received,amount,reference\n2023-04-01,£5,café\n"
    path = written(tmp_path, text.encode(encoding))
    assert cells(read_csv(path, HEADER), "reference") == ["café"]
    assert cells(read_table(path, HEADER, encoding=encoding), "amount") == ["£5"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,café\n".encode() + "b,café\n".encode("cp1252"), "mixes UTF-8 with another encoding from line 2 on"),
        ("a,£5\n".encode("cp850"), "may be text of an old DOS program"),
        (b"a,\x81\n", "is neither UTF-8 nor Windows text (line 1)"),
    ],
)
def test_an_encoding_that_is_not_clear_is_never_guessed(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(lambda: read_table(written(tmp_path, content), ("a",)))


def test_what_was_concluded_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference\n2023-04-01,5,café\n".encode("cp1252"))
    assert open_sheet(path).notes == ["read as cp1252, which the file itself does not say"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_cells_may_be_parted_by_other_signs(tmp_path: Path, separator: str) -> None:
    lines = [["received", "amount", '"reference"'], ["d", "5", '"A, B"']]
    path = written(tmp_path, "\n".join(separator.join(each) for each in lines))
    assert cells(read_csv(path, HEADER), "reference") == ["A, B"]


@pytest.mark.parametrize("encoding", ["no-such", "rot13", "hex", "idna", "a\x00b"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "received,amount,reference\n2023-04-01,1,\xe9.\n".encode("latin-1"))
    assert "is not text" in refusal(lambda: read_table(path, HEADER, encoding=encoding))


def test_a_byte_order_mark_and_old_line_ends_are_no_part_of_the_text(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfreceived,amount,reference\r\n2023-04-01, 5.00 ,A\r\n")
    assert [(row.number, row.cells) for row in read_csv(path, HEADER).rows] == [
        (2, {"received": "2023-04-01", "amount": "5.00", "reference": "A"})
    ]


def test_nul_bytes_are_no_text(tmp_path: Path) -> None:
    path = written(tmp_path, b"received,amount,reference\n2023-04-01,1\x0000,A\n")
    assert "is not a text file" in refusal(lambda: read_csv(path, HEADER))


@pytest.mark.parametrize("above", [0, 1, HEADER_WITHIN - 1])
def test_the_header_may_stand_in_the_first_fifty_rows(tmp_path: Path, above: int) -> None:
    path = written(tmp_path, "Extract of May\n" * above + "received,amount,reference\n2023-04-01,5,A\n")
    table = read_table(path, HEADER)
    assert [row.number for row in table.rows] == [above + 2]


def test_a_header_below_the_fiftieth_row_is_not_found(tmp_path: Path) -> None:
    path = written(tmp_path, "Extract\n" * HEADER_WITHIN + "received,amount,reference\n2023-04-01,5,A\n")
    assert "no header row within the first 50 rows" in refusal(lambda: read_table(path, HEADER))


def test_the_columns_that_a_header_lacks_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "received,reference\n2023-04-01,A\n")
    assert "(missing: amount)" in refusal(lambda: read_csv(path, HEADER))


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference,amount\n2023-04-01,5,A,6\n")
    assert "two columns are named 'amount'" in refusal(lambda: read_table(path, HEADER))


def test_a_column_that_is_not_known_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference,colour\n2023-04-01,5,A,red\n")
    said = refusal(lambda: read_csv(path, HEADER, ("note",)))
    assert "unknown column 'colour': the columns of this file are received, amount, reference, note" in said


def test_columns_may_stand_in_any_order_and_unnamed_ones_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "reference,,amount,received\nA,x,5,2023-04-01\n")
    assert read_csv(path, HEADER).rows[0].cells == {"reference": "A", "amount": "5", "received": "2023-04-01"}


def test_every_ragged_row_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "received,reference,amount\nd,A,5,x\nd,B,6\nd,C,7,y,z\n")
    said = refusal(lambda: read_csv(path, HEADER))
    assert "file.csv:2: has 4 cells under 3 columns" in said
    assert "file.csv:4: has 5 cells under 3 columns" in said


def test_blank_cells_past_the_last_column_are_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference\n2023-04-01,5,A,,\n\n,,\n2023-04-02,6,B\n")
    assert [row.number for row in read_csv(path, HEADER).rows] == [2, 5]


def test_a_file_that_breaks_off_in_a_row_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference\n2023-04-01,5,A\n2023-04-02,6")
    assert "file.csv:3: the file breaks off in this row" in refusal(lambda: read_csv(path, HEADER))


def test_a_last_row_without_its_line_end_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "received,amount,reference\n2023-04-01,5,A")
    assert cells(read_csv(path, HEADER), "reference") == ["A"]


def test_a_quote_left_open_is_refused_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, 'received,amount,reference\n2023-04-01,5,"A\n')
    assert "cannot be read as CSV" in refusal(lambda: read_csv(path, HEADER))


def test_a_quoted_line_break_stays_in_its_cell(tmp_path: Path) -> None:
    path = written(tmp_path, 'received,amount,reference\n2023-04-01,5,"A\nB"\n2023-04-02,6,C\n')
    assert cells(read_csv(path, HEADER), "reference") == ["A\nB", "C"]


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"received,amount,reference\n2023-04-01,5,{'x' * 200_000}\n")
    assert "cannot be read as CSV" in refusal(lambda: read_csv(path, HEADER))


@pytest.mark.parametrize(
    "row",
    [
        "2024-01-15,327,500.41,BACS-09",
        "2024-01-15,327,500.41,BACS-09, late",
        "2024-01-15,1,327,500.41,BACS-09",
        "2024-01-15,£327,500,BACS-09",
        '2024-01-15,"(327",500.41),BACS-09',
        "2024-01-15,-1,000,BACS-09",
    ],
)
def test_an_amount_cut_at_its_thousands_is_never_read_as_another_amount(tmp_path: Path, row: str) -> None:
    path = written(tmp_path, f"received,amount,reference\n{row}\n")
    said = refusal(lambda: read_csv(path, HEADER, words="reference"))
    assert "file.csv:2: an amount is cut at the comma of its thousands" in said


def test_an_amount_with_its_thousands_in_quotes_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path, 'received,amount,reference\n2024-01-15,"327,500.41",BACS-09, December, late\n')
    table = read_csv(path, HEADER, words="reference")
    assert cells(table, "amount") == ["327,500.41"]
    assert cells(table, "reference") == ["BACS-09, December, late"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1234.56, "1234.56"),
        (-4108.200000000001, "-4108.2"),
        (100000.0, "100000"),
        (0.105, "0.105"),
        ("12345678901234567", "12345678901234567"),
        (True, "true"),
        (date(2023, 4, 30), "2023-04-30"),
        (datetime(2023, 4, 30, 9, 5), "2023-04-30 09:05:00"),  # noqa: DTZ001 - a cell has no zone
        (None, ""),
        ("  05012  ", "05012"),
    ],
)
def test_a_cell_of_a_workbook_is_the_text_a_person_would_write(tmp_path: Path, value: object, text: str) -> None:
    path = workbook(tmp_path, ["key", "value"], ["k", value])
    assert cells(read_table(path, ("key", "value")), "value") == [text]


@given(pence=st.integers(-(10**13), 10**13), dust=st.floats(-1e-9, 1e-9))
def test_a_workbook_gives_every_amount_to_the_penny(pence: int, dust: float) -> None:
    assert parse_pounds(cell_text(pence / 100 + dust)) == pence


def test_a_long_number_that_a_spreadsheet_rounded_is_refused_where_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, [*HEADER, "account"], ["d", 5, 12345678901234567, 12345678901234567])
    said = refusal(lambda: read_table(path, HEADER))
    assert said.startswith("file.xlsx:2: reference '1.234567890123457e+16' is a long number that a spreadsheet")
    assert cells(read_table(path, HEADER[:2]), "amount") == ["5"]
    saved_by_excel = written(tmp_path, "received,amount,reference\nd,5,1.23457E+11\n")
    assert "file.csv:2: reference '1.23457E+11' is a long number" in refusal(lambda: read_csv(saved_by_excel, HEADER))


def test_an_empty_workbook_has_no_header(tmp_path: Path) -> None:
    assert "no header row" in refusal(lambda: read_table(workbook(tmp_path), HEADER))


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path, list(HEADER), sheet="Ledger")
    assert "has no sheet 'Data': its sheets are Ledger" in refusal(lambda: read_table(path, HEADER, sheet="Data"))


def test_the_header_of_a_workbook_is_found_below_a_title(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["Extract", None, None], [], list(HEADER), ["d", 5, "A"])
    assert [(row.number, row["amount"]) for row in read_table(path, HEADER).rows] == [(4, "5")]


def test_a_formula_without_a_saved_result_is_refused_and_not_read_as_blank(tmp_path: Path) -> None:
    path = workbook(tmp_path, list(HEADER), ["2023-04-01", "=100+11", "A"])
    assert "file.xlsx:2: a formula has no result saved with it" in refusal(lambda: read_table(path, HEADER))


def test_a_formula_counts_as_the_result_that_was_saved(tmp_path: Path) -> None:
    path = workbook(tmp_path, list(HEADER), ["2023-04-01", "=100+11", "A"])
    with_result(path, b"<f>100+11</f><v></v>", b"<f>100+11</f><v>111</v>")
    assert cells(read_table(path, HEADER), "amount") == ["111"]


def with_result(path: Path, old: bytes, new: bytes) -> None:
    """Save a formula's result, as Excel does, where openpyxl leaves it out."""
    with zipfile.ZipFile(path) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v/>", b"<v></v>").replace(b"<v />", b"<v></v>")
    assert old in parts[sheet], parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content, "file.xlsx")
    assert "cannot be read as an Excel workbook" in refusal(lambda: read_table(path, HEADER))


def test_an_archive_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("letter.txt", "hello")
    path = written(tmp_path, packed.getvalue(), "file.xlsx")
    assert "is an archive but no .xlsx workbook" in refusal(lambda: read_table(path, HEADER))


@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), kept=st.floats(0.2, 1))
def test_a_damaged_workbook_is_read_or_refused_in_plain_words(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int, kept: float
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = bytearray(workbook(folder, list(HEADER), ["2023-04-01", 5, "A"], ["2023-04-02", 6.5, "B"]).read_bytes())
    whole[place % len(whole)] = byte
    path = written(folder, bytes(whole[: round(len(whole) * kept)]), "file.xlsx")
    try:
        read_table(path, HEADER)
    except FileRefused as refused:
        assert str(refused).startswith("file.xlsx")  # noqa: PT017 - it may also be read


@given(content=st.binary(max_size=200))
def test_any_bytes_as_csv_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("bytes"), b"received,amount,reference\n" + content)
    try:
        read_csv(path, HEADER, words="reference")
    except FileRefused as refused:
        assert "file.csv" in str(refused)  # noqa: PT017 - it may also be read
