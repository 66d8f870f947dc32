"""The commands that write the quarterly pack and the papers of the year's end."""

import argparse
from pathlib import Path

from pooledfund.cli.session import month_of, open_pool, print_report
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf, write_partner_edition_pdf
from pooledfund.reports.partner_edition import write_partner_edition
from pooledfund.reports.year_end import write_year_end
from pooledfund.results.monitoring import period_label


def pack(call: argparse.Namespace) -> int:
    """Write the quarterly pack of a period, or one partner's edition of it, as a workbook or as a PDF by its name."""
    pool, month = open_pool(call), month_of(call)
    period = f"Q{month // 3}" if month % 3 == 0 else f"M{month}"
    name = f"pack-{pool.agreement.id}-{f'{call.edition}-' if call.edition else ''}{period}.xlsx"
    target = Path(call.output or name)
    as_pdf = target.suffix.lower() == ".pdf"
    if call.edition:
        write_edition = write_partner_edition_pdf if as_pdf else write_partner_edition
        written = write_edition(pool, call.edition, month, target, call.as_of)
    else:
        written = (write_pack_pdf if as_pdf else write_pack)(pool, month, target, call.as_of)
    what = f"partner edition of {call.edition}" if call.edition else "quarterly pack"
    if call.json:
        print_report({"edition": call.edition, **written.as_json()}, pool.agreement)
        return 0
    print(f"Wrote {target}: {what}, {period_label(month)} of {pool.agreement.year}")
    print(f"Event {written.event}, head {written.head}")
    return 0


def year_end_papers(call: argparse.Namespace) -> int:
    """Write the papers of the year's end, as a workbook or as a PDF by the name."""
    pool = open_pool(call)
    target = Path(call.output or f"year-end-{pool.agreement.id}.pdf")
    written = write_year_end(pool, target)
    if call.json:
        print_report(written.as_json(), pool.agreement)
        return 0
    print(f"Wrote {target}: year-end papers of {pool.agreement.year}")
    print(f"Event {written.event}, head {written.head}")
    return 0
