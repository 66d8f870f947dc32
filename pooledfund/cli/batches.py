"""The command that lists the files that came in."""

import argparse
from datetime import datetime

from pooledfund.cli.session import open_pool, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.results.batches import batches_report
from pooledfund.results.submissions import shown


def batches(call: argparse.Namespace) -> int:
    """Print the files that came in, each with who brought it, its months and totals."""
    pool = open_pool(call)
    found = batches_report(pool, as_of=call.as_of)
    if call.json:
        print_report({"batches": [each.as_json() for each in found]}, pool.agreement)
        return 0
    rows = [
        [str(each.number), each.batch.file_name, each.who, shown(datetime.fromisoformat(each.recorded_at)), each.covers,
         each.ledger, f"{each.batch.rows_read:,}", f"{each.batch.entries_made:,}",
         money(each.batch.control_total_pence), money(each.control_total_pence), each.batch.digest[:12]]
        for each in found
    ]  # fmt: skip
    total = money(sum(each.batch.control_total_pence for each in found))
    rows.append(["Total", "", "", "", "", "", "", "", total, "", ""])
    header = ["Batch", "File", "Brought by", "At", "Months", "Ledger", "Rows", "Entries", "Spend", "Stated", "Digest"]
    caption = f"Files that came into {pool.agreement.id}, £"
    print_text(table(caption, "rlllllrrrrl", header, rows, totals=1), pool.agreement)
    return 0
