"""The partner edition of the pack: the pool's own figures for one partner, for that partner alone, the same again."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from books_for_pages import run
from pooledfund.access import NotAllowed, Role
from pooledfund.cli import main
from pooledfund.intake.narrative import COMMENTARY
from pooledfund.intake.told import take_call
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.reports.partner_edition import write_partner_edition
from pooledfund.results.partner_statement import PartnerNotKnown, partner_statement
from pools import as_actor, imported, pool_of, spent
from workbooks import pence, table, values


def busy(folder: Path) -> Pool:
    """The small pool with spend over budget on a line of each lead, and commentary on both."""
    pool = pool_of(folder)
    imported(pool, folder, spent("A1", "900000.01"), spent("A2", "550000.33", "rehab", "2023-08-10"))
    for line in ("care", "rehab"):
        take_call(pool, COMMENTARY, {"period": "Q3", "scheme": line, "commentary": f"on {line}", "owner": "lead"})
    return pool


def test_each_edition_shows_the_figures_that_the_pack_shows_and_together_they_are_its_totals(tmp_path: Path) -> None:
    pool = busy(tmp_path)
    write_pack(pool, 9, tmp_path / "pack.xlsx")
    whole = load_workbook(tmp_path / "pack.xlsx", data_only=True)
    editions = []
    for partner in pool.agreement.partners:
        write_partner_edition(pool, partner, 9, tmp_path / f"{partner}.xlsx")
        editions.append(load_workbook(tmp_path / f"{partner}.xlsx", data_only=True))
    for name, first in (("Contributions", "Contribution"), ("Monitoring", "Line")):
        rows = [row for each in editions for row in table(each[name], first)[:-1]]
        expected = table(whole[name], first)
        assert sorted(rows, key=str) == sorted(expected[:-1], key=str)
    borne = {str(row["Partner"]): row for row in table(whole["Risk position"], "Partner")}
    for edition, name in zip(editions, ("Town Council", "NHS Town ICB"), strict=True):
        net = pence(borne[name]["Overspend borne (£)"]) - pence(borne[name]["Underspend returned (£)"])
        assert net != 0
        assert pence(table(edition["Share"], "Line")[-1]["Borne (£)"]) == net
        steps = [row for row in table(whole["Risk explained"], "Clause") if row["Partner"] == name]
        assert table(edition["Risk explained"], "Clause") == steps != []
        (comment,) = table(edition["Commentary"], "Line")
        assert comment["Line"] == ("care" if name == "Town Council" else "rehab")


def test_an_edition_holds_the_partner_s_own_statement_and_proves_every_total(tmp_path: Path) -> None:
    pool = busy(tmp_path)
    written = write_partner_edition(pool, "icb", 9, tmp_path / "icb.xlsx")
    book = load_workbook(tmp_path / "icb.xlsx", data_only=True)
    statement = partner_statement(pool, "icb", 9)
    assert pence(table(book["Ledger"], "Line")[-1]["Net cost (£)"]) == statement.cost_pence
    assert [pence(row["Amount (£)"]) for row in table(book["Memorandum account"], "Owed by")] == [
        each.pence for each in statement.balances
    ]
    assert [row["Sheet and cell"] for row in table(book["Casting proof"], "Sheet and cell")] == [
        f"{cast.sheet}, {cast.cell}" for cast in written.casts
    ]
    assert [check.agrees for check in written.checks] == [True] * 4
    for sheet in book.worksheets:
        last = [row[0] for row in values(sheet) if row[0]][-1]
        assert " ".join(str(row[0]) for row in values(sheet)[-3:]).endswith(f"{written.head}."), (sheet.title, last)


@pytest.mark.parametrize("edition", [None, "icb"])
def test_the_same_event_gives_the_same_bytes_whatever_is_recorded_later(tmp_path: Path, edition: str | None) -> None:
    pool = busy(tmp_path)
    event = pool.books.head().number
    call = ["pack", "--db", str(tmp_path / "pooledfund.db"), "--quarter", "Q3"]
    call += ["--edition", edition] if edition else []
    run([*call, "-o", str(tmp_path / "first.xlsx")])
    imported(pool, tmp_path, spent("late", "77.00", "rehab", "2023-09-01"), name="late.csv")
    run([*call, "-o", str(tmp_path / "again.xlsx"), "--as-of", str(event)])
    run([*call, "-o", str(tmp_path / "later.xlsx")])
    first, again, later = ((tmp_path / f"{name}.xlsx").read_bytes() for name in ("first", "again", "later"))
    assert first == again
    assert first != later


def test_partner_finance_takes_its_own_edition_and_no_other(tmp_path: Path) -> None:
    pool = busy(tmp_path)
    finance = as_actor(pool, Role.PARTNER_FINANCE, "icb")
    assert write_partner_edition(finance, "icb", 9, tmp_path / "icb.xlsx").path.exists()
    with pytest.raises(NotAllowed, match="only of their own partner"):
        write_partner_edition(finance, "council", 9, tmp_path / "council.xlsx")
    with pytest.raises(NotAllowed):
        write_partner_edition(as_actor(pool, Role.BOARD_READER), "icb", 9, tmp_path / "council.xlsx")
    with pytest.raises(PartnerNotKnown, match="name one of council, icb"):
        write_partner_edition(pool, "nobody", 9, tmp_path / "council.xlsx")
    assert not (tmp_path / "council.xlsx").exists()


def test_the_command_refuses_what_it_cannot_write_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    busy(tmp_path)
    target = tmp_path / "pack.xlsx"
    call = ["pack", "--db", str(tmp_path / "pooledfund.db"), "-o", str(target)]
    assert main([*call, "--edition", "nobody"]) == 2
    assert main([*call, "--edition", "icb", "--as-of", "9999"]) == 2
    assert "has no event 9999" in capsys.readouterr().err
    assert not target.exists()
