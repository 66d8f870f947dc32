"""The demo: a year of the Kent example through the same functions that the other commands call, with progress."""

import argparse
import textwrap
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from pooledfund.access import Actor, Role
from pooledfund.agreement_file import read_agreement
from pooledfund.cli.intake import imported_text
from pooledfund.cli.report_texts import minimum_tests_text, risk_share_tables
from pooledfund.cli.session import CallRefused
from pooledfund.cli.tables import money
from pooledfund.control.close import close_period
from pooledfund.control.settlement import settle
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.maps import read_map
from pooledfund.intake.receipts import receive
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf
from pooledfund.results.conditions import conditions_report
from pooledfund.results.monitoring import Monitoring, monitor
from pooledfund.results.words import variance_word
from pooledfund.returns.part2 import export_part2

KENT = Path(__file__).resolve().parents[2] / "examples" / "kent_2016_17"


def demo(call: argparse.Namespace) -> int:
    """Build the Kent pool in a folder of its own, run its four quarters, settle it, and write its papers."""
    if not KENT.is_dir():
        raise CallRefused(f"the Kent example is not at {KENT}: run the demo from the project's folder")
    folder = Path(call.output)
    started = time.monotonic()
    _clear(folder)
    names = ("kent.db", "kent-2016-17-Q4-pack.xlsx", "kent-2016-17-Q4-pack.pdf", "kent-2016-17-part2.xlsx")
    books, pack, paper, part2 = (folder / name for name in names)
    manager = Actor("demo", Role.POOLED_FUND_MANAGER)
    file = _step("Reading the agreement", lambda: read_agreement(KENT / "agreement.yaml"))
    pool = _step("Opening the books of Kent 2016/17", lambda: Pool.create(books, file, manager))
    for quarter in range(1, 5):
        _run_quarter(pool, quarter)
    settled = _step("Settling the risk share", lambda: settle(pool))
    _step("Closing Q4", lambda: close_period(pool, "Q4"))
    _step("Writing the quarterly pack", lambda: write_pack(pool, 12, pack))
    _step("Writing the pack as a paper", lambda: write_pack_pdf(pool, 12, paper))
    _step("Writing Part 2", lambda: export_part2(pool, part2))
    findings = _step("Proving the books", pool.books.verify)
    share = settled.due.position.share
    for text in (
        risk_share_tables("Risk share of Kent 2016/17 on the outturn; illustrative in part", share),
        minimum_tests_text(conditions_report(pool, 12)),
        *(str(finding) for finding in findings),
    ):
        print(f"\n{text}")
    print()
    _say_where(pool, (books, pack, paper, part2), time.monotonic() - started)
    return 1 if findings else 0


T = TypeVar("T")


def _step(what: str, work: Callable[[], T]) -> T:
    """Do one step of the demo, saying what it is and how long it took."""
    print(f"{what} ...", end=" ", flush=True)
    started = time.monotonic()
    result = work()
    print(f"{time.monotonic() - started:.1f} s")
    return result


def _run_quarter(pool: Pool, quarter: int) -> None:
    """Bring in a quarter's receipts, ledgers and forecasts, print where the pool stands, and close it."""
    ledgers = KENT / "ledgers"
    council = read_map(KENT / "maps" / "council.yaml", pool.agreement).map
    ccgs = read_map(KENT / "maps" / "ccgs.yaml", pool.agreement).map
    files = [(ledgers / f"council_q{quarter}.csv", council), (ledgers / f"ccgs_q{quarter}.xlsx", ccgs)]
    resent = ledgers / f"council_q{quarter}_resent.csv"
    files += [(resent, council)] if resent.exists() else []
    print(f"\nQuarter {quarter}")
    _step("Recording receipts", lambda: receive(pool, KENT / f"receipts_q{quarter}.csv"))
    for path, ledger_map in files:
        imported = _step(f"Importing {path.name}", partial(import_actuals, pool, path, ledger_map))
        print(textwrap.indent(imported_text(imported), "  "))
    forecasts = KENT / f"forecasts_q{quarter}.csv"
    if forecasts.exists():
        _step("Entering forecasts", lambda: enter_forecasts(pool, forecasts))
    print(_standing(_step(f"Monitoring Q{quarter}", lambda: monitor(pool, quarter * 3))))
    if quarter < 4:
        _step(f"Closing Q{quarter}", lambda: close_period(pool, f"Q{quarter}"))


def _standing(found: Monitoring) -> str:
    """The pool's total in one line of words and figures."""
    lines = found.pooled_lines
    variance = sum(line.forecast_variance_pence for line in lines)
    return (
        f"  current budget £{money(sum(line.current_pence for line in lines))}, "
        f"actual to date £{money(sum(line.actual_pence for line in lines))}, "
        f"forecast outturn £{money(sum(line.forecast_pence for line in lines))}: "
        f"{variance_word(variance)} £{money(abs(variance))}"
    )


def _clear(folder: Path) -> None:
    """Make the folder and take away what an earlier demo left; anything else in it stays."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("kent*"):
            if left.is_file():
                left.unlink()
    except OSError as error:
        raise CallRefused(f"{folder} cannot be used ({error.strerror}): name a folder you may write to") from None


def _say_where(pool: Pool, papers: Sequence[Path], seconds: float) -> None:
    head = pool.books.head()
    books = papers[0]
    print(f"The Kent example ran in {seconds:.1f} s; its figures are illustrative where the source is silent.")
    for what, path in zip(("Books", "Quarterly pack", "The pack as a PDF", "Part 2"), papers, strict=True):
        print(f"{what}: {path}")
    print(f"Event {head.number}, head {head.hash}")
    print(f"Why each partner bears what it does: pooledfund risk-share --quarter Q4 --db {books}")
    print(f"Every line: pooledfund monitor --quarter Q4 --db {books}")
    print(f"In a browser: pooledfund serve --db {books}")
