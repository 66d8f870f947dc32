"""Hostile and broken files: one sentence each, the books unchanged; and what only looks broken is read."""

from pathlib import Path

import pytest

import libreoffice
from hostile_files import MAP, READ, REFUSED, workbook, write
from ledgers.refusals import LedgerRefusal
from pooledfund.errors import InputRefused
from pooledfund.intake import limits
from pooledfund.intake.actuals import Imported, import_actuals
from pooledfund.intake.maps import read_map
from pooledfund.pool import Pool
from pools import pool_of, state_of

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "ledger-extracts.md"


def taken(pool: Pool, path: Path) -> Imported:
    map_file = write(path.parent, "map.yaml", MAP.encode())
    return import_actuals(pool, path, read_map(map_file, pool.agreement).map)


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence_and_the_books_are_as_they_were(tmp_path: Path, case: str) -> None:
    name, make, said = REFUSED[case]
    pool = pool_of(tmp_path)
    before = state_of(pool)
    with pytest.raises((InputRefused, LedgerRefusal)) as refusal:
        taken(pool, write(tmp_path, name, make()))
    (sentence,) = str(refusal.value).splitlines()
    assert said in sentence
    assert sentence.startswith(name)
    assert state_of(pool) == before


@pytest.mark.parametrize("case", READ)
def test_what_only_looks_broken_is_read_to_the_penny(tmp_path: Path, case: str) -> None:
    name, make, pence = READ[case]
    assert taken(pool_of(tmp_path), write(tmp_path, name, make())).total_pence == pence


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "new.xlsx", workbook(["D1", "2023-05-10", "1001", 1234.56, "café"]))
    assert taken(pool_of(tmp_path), libreoffice.converted(path, tmp_path, "xls")).total_pence == 1234_56


def test_the_limits_are_those_of_the_document() -> None:
    told = DOCUMENT.read_text(encoding="utf-8")
    counts = ("MAX_ROWS", "MAX_CELLS", "MAX_CELL", "MAX_FAULTS", "MAX_RATIO")
    stated = {
        "MAX_FILE_BYTES": f"{limits.MAX_FILE_BYTES >> 20} MB",
        "MAX_UNPACKED": f"{limits.MAX_UNPACKED >> 30} GB",
        **{each: f"{getattr(limits, each):,}" for each in counts},
        "MAX_COLUMNS": f"{limits.MAX_COLUMNS} (A to ZZ)",
        "LARGE_PART": f"{limits.LARGE_PART >> 20} MB",
        "HEADER_WITHIN": f"{limits.HEADER_WITHIN}",
    }
    assert {name for name in vars(limits) if name.isupper()} == set(stated)
    assert [value for value in stated.values() if f"| {value} |" not in told] == []
