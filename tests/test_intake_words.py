"""Words in a CSV file that hold a comma outside quotes. Not what the words mean."""

from pathlib import Path

import pytest

from pooledfund.intake.tables import FileRefused, read_csv

HEADER = "received,amount,reference\n"


def written(folder: Path, row: str) -> Path:
    path = folder / "receipts.csv"
    path.write_text(HEADER + row + "\n", encoding="utf-8")
    return path


def test_a_comma_outside_quotes_in_the_last_column_of_words_is_part_of_them(tmp_path: Path) -> None:
    table = read_csv(
        written(tmp_path, "2024-01-15,327500.41,BACS-09 (December, late)"),
        ("received", "amount", "reference"),
        words="reference",
    )
    assert [row["reference"] for row in table.rows] == ["BACS-09 (December, late)"]


def test_a_comma_outside_quotes_is_refused_where_no_column_of_words_is_last(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"receipts\.csv:2: has 4 cells under 3 columns"):
        read_csv(written(tmp_path, "2024-01-15,327,500.41,BACS-09"), ("received", "amount", "reference"))
