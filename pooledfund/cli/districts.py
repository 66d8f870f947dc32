"""The commands on grant passed on to districts: their returns, and the memorandum of them."""

import argparse

from pooledfund.cli.narrative import take
from pooledfund.cli.session import month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.intake.district_returns import DISTRICT_RETURNS
from pooledfund.results.districts import FIGURES, Districts, districts_at
from pooledfund.results.monitoring import period_label


def district_return(call: argparse.Namespace) -> int:
    """Take districts' returns."""
    return take(call, DISTRICT_RETURNS)


def dfg(call: argparse.Namespace) -> int:
    """Print the memorandum of grant passed on to districts."""
    pool, month = open_pool(call), month_of(call)
    found = districts_at(pool, month, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), **found.as_json()}
        print_report(document, pool.agreement)
    else:
        title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
        print_text(f"{title}\n{_text(found)}", pool.agreement)
    return 0


def _text(found: Districts) -> str:
    if not found.returns and not found.retained:
        return "No line passes grant on to districts."
    parts = []
    if found.returns:
        rows = [
            [each.scheme, each.name, *(money(figure(each)) for figure in FIGURES.values()),
             f"M{each.month}" if each.month else "", each.note]
            for each in found.returns
        ]  # fmt: skip
        totals = [money(pence) for pence in found.totals_pence.values()]
        said = f"{len(found.missing)} not returned" if found.missing else ""
        rows.append(["Total", "", *totals, "", said])
        header = ["Line", "District", *(name.capitalize() for name in FIGURES), "Of", "Note"]
        caption = "Grant passed on, £: a memorandum, in no total of the pool; slippage stays the district's"
        parts.append(table(caption, "ll" + "r" * len(FIGURES) + "ll", header, rows, totals=1))
    if found.retained:
        rows = [[each.scheme, each.lead, money(each.pence)] for each in found.retained]
        rows.append(["Total", "", money(sum(each.pence for each in found.retained))])
        parts.append(table("Retained by agreement, £", "llr", ["Line", "By", "Amount"], rows, totals=1))
    return "\n\n".join(parts)
