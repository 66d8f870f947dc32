"""The files that came in are listed with who, whose months and totals, as of any event."""

from pathlib import Path

from pooledfund.intake.actuals import Handing, import_actuals
from pooledfund.results.batches import batches_report
from pools import MANAGER, extract, imported, pool_of, spent


def test_each_file_has_who_months_counts_and_totals(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    file = extract(tmp_path, spent("A", "100"), spent("B", "5.50", "rehab", partner="icb", day="2023-06-02"))
    import_actuals(pool, file, handing=Handing(control_total_pence=105_50))
    before = pool.books.head().number
    imported(pool, tmp_path, spent("C", "1"), name="more.csv")
    first, second = batches_report(pool)
    assert (first.who, first.batch.rows_read, first.batch.entries_made) == (MANAGER.name, 2, 2)
    assert (first.batch.control_total_pence, first.control_total_pence) == (105_50, 105_50)
    assert set(first.months) == {("council", (2,)), ("icb", (3,))}
    assert (second.covers, second.control_total_pence, second.batch.file_name) == ("council M2", None, "more.csv")
    assert len(first.batch.digest) == 64
    assert [each.number for each in batches_report(pool, as_of=before)] == [1]
