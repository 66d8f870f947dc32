"""One outturn under two agreements: side by side, cast, from files and from the books."""

import json
from pathlib import Path

import pytest

from agreement_text import read
from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli import main
from pooledfund.pool import Pool
from pooledfund.results.compare import NotComparable, compare_with
from s75_rules.compare import Comparison, Side
from s75_rules.risk_share import position_from_agreement, share_risk
from test_simulate import DISPUTE, TEXT, agreement

HALVES = TEXT.replace("share: LAST", "share: {council: 1, trust: 1}")
OTHERS = TEXT.replace("share: LAST", "share: {ccg: 1}").replace(
    "{council: 50, ccg: 30, trust: 20}", "{ccg: 1, trust: 1}"
)


def compared(first: str, second: str, **outturns: int) -> Comparison:
    return Comparison(
        *(
            Side(found, share_risk(found, position_from_agreement(found, outturns)))
            for found in (agreement(first), agreement(second))
        )
    )


def test_each_side_and_the_difference_sum_to_the_variance() -> None:
    found = compared("{ccg: 1}", "{council: 1}", A=50000, B=60100, C=49000)
    rows, total = found.rows(), found.total()
    assert total.first_pence == total.second_pence == 9100
    assert sum(row.first_pence or 0 for row in rows) == total.first_pence
    assert sum(row.second_pence or 0 for row in rows) == total.second_pence
    assert sum(row.difference_pence for row in rows) == 0
    by_name = {row.name: row for row in rows}
    # After the offset of 10.00 and the reserve of 20.00 the 71.00 left is shared 35.50, 21.30, 14.20 of which
    # the trust bears 5.00; the 9.20 beyond its cap is what the two agreements place differently.
    assert [by_name[name].first_pence for name in ("council", "ccg", "trust")] == [3550, 3050, 500]
    assert [by_name[name].difference_pence for name in ("council", "ccg", "trust")] == [920, -920, 0]
    assert by_name["risk"].first_pence == 2000


def files(folder: Path) -> list[str]:
    for name, text in (("a", HALVES), ("b", OTHERS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "o.csv").write_text("scheme,outturn\nA,500\nB,601\nC,490\n", encoding="utf-8")
    return [str(folder / "a.yaml"), str(folder / "b.yaml")]


def test_the_command_compares_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["compare", *files(tmp_path), "--outturn", str(tmp_path / "o.csv")]
    assert main([*call, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["total"] == {"what": "variance", "name": "", "first": "91.00", "second": "91.00", "difference": "0.00"}
    assert said["first"]["variance"] == "91.00"
    assert sum(float(row["second"]) for row in said["rows"]) == pytest.approx(91)
    assert main(call) == 0
    assert "Hill Council" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.yaml", "b.yaml"], "two agreement files need the outturns"),
        (["a.yaml", "--outturn", "o.csv"], "name both"),
        (["a.yaml", "b.yaml", "a.yaml", "--outturn", "o.csv"], "name both"),
    ],
)
def test_a_call_that_compares_nothing_is_refused(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files(tmp_path)
    assert main(["compare", *(str(tmp_path / each) if "." in each else each for each in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_the_books_are_compared_with_another_agreement_on_the_same_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, other = files(tmp_path)
    db = ["--db", str(tmp_path / "books.db")]
    assert main(["init", own, *db]) == 0
    head = "effective,document_date,posted_month,scheme,partner,kind,reference,net,vat,vat_recoverable,cost,description"
    spend = [("A", "council", 500), ("B", "ccg", 601), ("C", "trust", 490)]
    rows = [f"2019-06-01,2019-06-01,M3,{line},{who},ledger,{line}1,{sum_},0,0,{sum_}," for line, who, sum_ in spend]
    (tmp_path / "spend.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    assert main(["import-actuals", str(tmp_path / "spend.csv"), *db]) == 0
    capsys.readouterr()
    assert main(["compare", other, *db, "--json"]) == 0
    from_books = json.loads(capsys.readouterr().out)
    assert main(["compare", own, other, "--outturn", str(tmp_path / "o.csv"), "--json"]) == 0
    from_files = json.loads(capsys.readouterr().out)
    assert from_books["rows"] == from_files["rows"]


def test_books_of_other_lines_are_refused(tmp_path: Path) -> None:
    own, _ = files(tmp_path)
    pool = Pool.create(tmp_path / "books.db", read_agreement(Path(own)), Actor("t", Role.POOLED_FUND_MANAGER))
    other = agreement().model_copy(update={"schemes": {"A": agreement().schemes["A"]}})
    with pytest.raises(NotComparable, match=r"do not have the same lines \(B, C\)"):
        compare_with(pool, other, 12)


def test_what_is_disputed_on_one_side_has_a_row_of_its_own_and_the_columns_still_cast() -> None:
    text = TEXT.replace("LAST", "{ccg: 1}")
    plain, disputed = read(text).agreement, read(text + DISPUTE).agreement
    first, second = (
        Side(each, share_risk(each, position_from_agreement(each, {"A": 50000}))) for each in (plain, disputed)
    )
    found = Comparison(first, second)
    rows = {row.name or row.what: row for row in found.rows()}
    assert rows["council"].second_pence == 0
    assert rows["disputed overspend"].second_pence == rows["council"].first_pence
    assert sum(row.second_pence or 0 for row in found.rows()) == found.total().second_pence
