"""Slips of units in ledger extracts: what is a hundred times a budget is refused, a thousandth is warned of."""

import json
from pathlib import Path

import pytest

from pages import again
from pooledfund.cli import main
from pooledfund.intake.actuals import Handing, import_actuals, preview_actuals
from pooledfund.intake.unit_slips import AmountsNotAccepted
from pools import DB, extract, imported, pool_of, spent, state_of
from test_page_import import MANAGES, POST, books, pool_at, with_file

__all__ = ["books"]
LEAST = "80000000.00"
"""A hundred times the £800,000.00 of home care."""


def test_a_line_a_hundred_times_its_budget_is_refused_until_it_is_said_to_be_right(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    before = state_of(pool)
    file = extract(tmp_path, spent("A", "79999999.99"), spent("B", "0.01"))
    (said,) = preview_actuals(pool, file).unit_slips.too_large
    assert said == (
        "line care would spend £80,000,000.00 in this file alone, 100 times its budget of £800,000.00 for the whole "
        "year: are these amounts pence, or £ taken as £000?"
    )
    with pytest.raises(AmountsNotAccepted, match=r"100 times its budget[\s\S]*--accept-amounts"):
        import_actuals(pool, file)
    assert state_of(pool) == before
    done = import_actuals(pool, file, handing=Handing(accept_amounts=True))
    assert (done.posted, done.unit_slips.too_large) == (2, (said,))


def test_a_penny_less_is_taken_and_a_credit_of_that_size_is_not(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    assert imported(pool, tmp_path, spent("A", "79999999.99")).unit_slips.too_large == ()
    credit = extract(tmp_path, spent("B", f"-{LEAST}", kind="credit_note"), name="credit.csv")
    with pytest.raises(AmountsNotAccepted, match="would spend -£80,000,000"):
        import_actuals(pool, credit)


def test_the_whole_file_is_held_against_the_pool_where_no_line_with_a_budget_is_over(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    # The pilot has no budget to be held against; the lines of the pool have £1,825,000.07.
    file = extract(tmp_path, spent("A", "1825000070.00", "pilot"))
    (said,) = preview_actuals(pool, file).unit_slips.too_large
    assert (
        said == "the file comes to £1,825,000,070.00, 1,000 times the £1,825,000.07 budgeted for every line of the pool"
    )


def test_first_figures_of_a_thousandth_are_warned_of_and_posted(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    found = imported(pool, tmp_path, spent("A", "66.66"), spent("B", "24.17", "equip"))
    assert found.unit_slips.too_small == (
        "the file comes to £90.83, about a thousandth of the £90,833.33 budgeted for its lines in M2: if its amounts "
        "are in £000, have them given in £ and bring the file again",
    )
    assert (found.posted, found.total_pence) == (2, 90_83)
    late = imported(pool, tmp_path, spent("C", "66.66"), name="late.csv")
    assert late.unit_slips.too_small == ()
    assert imported(pool, tmp_path, spent("D", "700", day="2023-06-10"), name="june.csv").unit_slips.too_small == ()


def test_the_command_refuses_warns_and_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool_of(tmp_path)
    file = str(extract(tmp_path, spent("A", LEAST)))
    call = ["import-actuals", file, "--db", str(tmp_path / DB)]
    assert main([*call, "--dry-run"]) == 1
    assert "Check the unit: line care would spend £80,000,000.00" in capsys.readouterr().out
    assert main(call) == 2
    assert "actuals.csv: line care would spend" in capsys.readouterr().err
    assert main([*call, "--accept-amounts", "--dry-run"]) == 0
    capsys.readouterr()
    assert main([*call, "--accept-amounts", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["too_large"]) == 1


def test_the_page_says_so_before_anything_is_posted(books: Path) -> None:
    header = (
        "effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description\n"
    )
    row = "2023-05-10,,,S4,council,ledger,A,30000000.00,,,,Care Act\n"
    app = with_file(books, "pence.csv", (header + row).encode())
    app.radio(key="bring a file in:way:0").set_value("our own columns")
    again(app, books, MANAGES)
    assert "Check the unit: line S4 would spend £30,000,000.00" in app.warning[-1].value.replace("\\", "")
    assert app.button(key=POST).disabled
    app.checkbox(key="bring a file in:amounts:0").check()
    again(app, books, MANAGES)
    app.button(key=POST).click()
    again(app, books, MANAGES)
    assert len(pool_at(books).books.batches()) == 1
