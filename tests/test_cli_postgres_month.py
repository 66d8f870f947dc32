"""A month's work on a PostgreSQL database: every command says what it says of a file, and the books prove."""

import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest

from ledger_homes import PostgresHome
from pooledfund.cli import main
from year_of_exampleshire import EXAMPLE

STORIES = {
    "ledgers in": """
        import-actuals ledgers/council_m7.csv --map council.yaml --control-total 91,568.04 --control-rows 6
        import-actuals ledgers/council_m8.csv --map council.yaml
        import-actuals ledgers/council_m8.csv --map council.yaml --accept-changes
        batches
        suspense-assign 68 --owner "council ledger team" --note "asked on 3 November"
        suspense
        suspense-clear 68 --scheme S4 --reason "hospital team moved to Care Act duties"
        estimate --of icb --month M7 --scheme S5 --amount 162,500 --reason "the ICB's ledger closes late"
        agree --of council --month M7 --role partner_finance_lead --partner council
        submissions --month M7
        """,
    "cash between partners": """
        import-actuals actuals_q1.csv
        invoices --issue --quarter Q3 --on 2023-04-01
        receive receipts_q1.csv
        remind --quarter Q3 --on 2024-01-02
        invoices --month M10 --interest
        claim-recharge --claimed-for icb --reference S5-Q1 --scheme S5 --amount 480000 --claimed-on 2023-07-07
        agree-recharge icb S5-Q1 --user deputy
        pay-recharge icb S5-Q1 --paid 2023-07-20 --payment BACS-R1
        recharges --month M4
        cash --month M5
        statements --quarter Q3
        """,
    "reconciled and closed": """
        receive receipts_q1.csv
        import-actuals actuals_q1.csv
        reconcile icb --month M3 --their ledgers/icb_m3.csv
        reconcile-item t-44400d18f1bd --note "Late invoice, asked for" --owner partner_finance
        reconcile icb --month M3 --sign prepared --user ann
        reconcile icb --month M3 --sign reviewed --user bob
        reconcile --contributions --month M3
        reconcile icb --balances --month M9 --theirs receivable=481000,payable=1965002.46
        comment --period Q1 --scheme S1 --commentary "Adaptations start in summer"
        review-risk --period Q1 --risk winter --likelihood 3 --impact 4 --description "A hard winter"
        risks --quarter Q1
        checklist Q1
        sign-off Q1 --part prepared --user ann
        sign-off Q1 --part reviewed --user bob
        close Q1
        forecast forecasts_q2.csv
        notices --at 2023-10-20T12:00
        state-outturn estimate estimates.csv
        pressure --scheme S5 --pressure demography --amount 40000 --reason "more people over 85"
        budget-cycle
        settle --quarter Q1
        partner-statement icb --quarter Q1
        exit --on 2023-06-30
        """,
}
REFUSED = "import-actuals ledgers/council_m8.csv --map council.yaml"
"""Lines of before have changed in it: it is refused until they are accepted."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?")


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_the_same_on_a_database_as_on_a_file(
    story: str,
    capsys: pytest.CaptureFixture[str],
    postgres_home: PostgresHome,
    tmp_path: Path,
) -> None:
    for each in (*EXAMPLE.glob("*.csv"), *EXAMPLE.glob("*.yaml"), *EXAMPLE.glob("ledgers/*.csv")):
        target = tmp_path / each.relative_to(EXAMPLE)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(each.read_bytes())
    (tmp_path / "estimates.csv").write_text("scheme,outturn\nS1,600000\n", encoding="utf-8")
    with chdir(tmp_path):
        _compare(story, capsys, (str(tmp_path / "books.db"), postgres_home.server.database().secret))


def _compare(story: str, capsys: pytest.CaptureFixture[str], places: tuple[str, str]) -> None:
    learn = ["learn-map", "ledgers/council_m7.csv", "--of", "council", "--assign", "EQ10=S6", "--assign", "RE*=S3"]
    for place in places:
        assert main(["init", "agreement.yaml", "--db", place]) == 0
    assert main([*learn, "-o", "council.yaml", "--db", places[0]]) == 0
    capsys.readouterr()
    for line in STORIES[story].strip().splitlines():
        said = []
        for place in places:
            status = main([*shlex.split(line), "--db", place])
            printed = capsys.readouterr()
            said.append((status, _INSTANT.sub("then", printed.out).partition("head ")[0], printed.err))
        assert said[0] == said[1], line
        assert said[0][0] == (2 if line.strip() == REFUSED else min(said[0][0], 1)), said[0]
    for place in places:
        assert main(["verify", "--db", place]) == 0
