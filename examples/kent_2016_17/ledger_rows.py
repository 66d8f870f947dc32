"""The rows of the Kent 2016/17 example's ledgers, worked out from its made-up figures. Writes no file, reads no clock.

Amounts are whole pence; the same rows come out every time.
"""

import calendar
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger_figures import CCG_CODES, CCGS, COUNCIL_CODES, DISTRICTS, OUTTURN_PENCE, WINTER

# Lines whose supplier invoices a part of each quarter's last month late, and the part in percent.
ACCRUED = {"G4-DOM": 18, "G3-EQT": 25, "G7-CAR": 30}
ACCRUED_BY_CCGS = {"G2-WK-COM": 12, "G8-THA": 40, "G8-DGS": 35, "G8-WK": 30}
WRONG_COST_CENTRE = "CC4911"


@dataclass(frozen=True)
class Row:
    """One line of a ledger: whose, when, what it is, its codes and its pence; the VAT is above the net."""

    document: str
    line: str
    posted: date
    dated: date
    kind: str
    cost_centre: str
    account: str
    text: str
    net_pence: int
    vat_pence: int = 0
    recovered_pence: int = 0
    organisation: str = ""


def share_out(size: int, weights: Sequence[int]) -> list[int]:
    """Share pence by weights: whole pence first, the pence left to the largest remainders in order."""
    whole = sum(weights)
    parts = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: -(size * weights[place] % whole))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return parts


def by_month(scheme: str) -> list[int]:
    """A line's outturn over the months M1 to M12, in pence, with small movements that never change."""
    base = WINTER if scheme.startswith("G8") else (1000,) * 12
    return share_out(
        OUTTURN_PENCE[scheme], [each + zlib.crc32(f"{scheme}:{at}".encode()) % 61 for at, each in enumerate(base)]
    )


def day(month: int, number: int) -> date:
    """A day of month M1 to M12 of 2016/17, the last day where the month is shorter."""
    year, place = (2016, month + 3) if month <= 9 else (2017, month - 9)
    return date(year, place, min(number, calendar.monthrange(year, place)[1]))


def document(prefix: str, month: int, text: str) -> str:
    """A document number that looks like a ledger's and is the same on every run."""
    return f"{prefix}{month:02d}{zlib.crc32(text.encode()) % 10**6:06d}"


def with_vat(row: Row, recovered_percent: int | None) -> Row:
    """The row with VAT at 20% and the part of it that is recovered."""
    if recovered_percent is None:
        return row
    vat = (row.net_pence * 20 + 50) // 100 if row.net_pence >= 0 else -((-row.net_pence * 20 + 50) // 100)
    return replace(row, vat_pence=vat, recovered_pence=vat * recovered_percent // 100)


def late_part(row: Row, month: int, percent: int, kinds: tuple[str, str, str]) -> tuple[list[Row], list[Row]]:
    """Split a row whose supplier bills late: rows of this month, and rows of the next month.

    This month has what was invoiced and an accrual of an estimate; next month the accrual is
    reversed on the first day and the invoice arrives.
    """
    invoice, accrual, reversal = kinds
    late = row.net_pence * percent // 100
    estimate = late * 97 // 100 // 5000 * 5000
    number = document("A", month, row.document)
    early = with_vat(replace(row, net_pence=row.net_pence - late), 100 if row.vat_pence else None)
    accrued = replace(
        row,
        document=number,
        line="1",
        posted=day(month, 31),
        dated=day(month, 31),
        kind=accrual,
        text=f"Accrual {row.text}",
        net_pence=estimate,
        vat_pence=0,
        recovered_pence=0,
    )
    first = day(month + 1, 1)
    back = replace(accrued, line="1-R", posted=first, dated=first, kind=reversal, net_pence=-estimate)
    billed = with_vat(
        replace(
            row,
            document=document("L", month, row.document),
            posted=day(month + 1, 9),
            dated=day(month, 27),
            kind=invoice,
            net_pence=late,
        ),
        100 if row.vat_pence else None,
    )
    return [early, accrued], [back, billed]


def council_spend() -> Iterator[tuple[int, Row]]:
    """Every ordinary row of the council's ledger with its month, before what goes wrong in the story."""
    for scheme, codes in COUNCIL_CODES.items():
        for month, size in enumerate(by_month(scheme), start=1):
            number = document("51", month, scheme)
            posted = day(month, 4 + zlib.crc32(number.encode()) % 24)
            parts = share_out(size, [share for _, _, _, share, _ in codes])
            for line, ((centre, account, text, _, recovered), net) in enumerate(
                zip(codes, parts, strict=True), start=1
            ):
                kind = "PAY" if account.startswith("11") else "INV"
                row = Row(number, str(line), posted, posted, kind, centre, account, text, net)
                row = with_vat(row, recovered)
                if line == 1 and scheme in ACCRUED and month in (3, 6, 9):
                    now, then = late_part(row, month, ACCRUED[scheme], ("INV", "ACC", "ACR"))
                    yield from ((month, each) for each in now)
                    yield from ((month + 1, each) for each in then)
                else:
                    yield month, row
    for name, pounds, month in DISTRICTS:
        paid = day(month, 20)
        yield (
            month,
            Row(
                document("52", month, name),
                "1",
                paid,
                paid,
                "PMT",
                "CC4601",
                "6301",
                f"DFG passed to {name}",
                pounds * 100,
            ),
        )


def council_story() -> Iterator[tuple[int, Row]]:
    """What does not go smoothly: a credit note, an invoice for a closed quarter, a wrong code and its correction."""
    credit = Row(
        "5108990411", "1", day(8, 22), day(8, 16), "CRN", "CC4120", "4210", "Credit note, returned beds", -1248050
    )
    yield 8, with_vat(credit, 100)
    late = Row(
        "5103990377", "1", day(3, 30), day(3, 14), "INV", "CC4120", "4210", "Late invoice, community equipment", 841735
    )
    yield 4, with_vat(late, 100)
    wrong = Row(
        "5105990218", "1", day(5, 17), day(5, 11), "INV", WRONG_COST_CENTRE, "5001", "Home care packages", 2637540
    )
    yield 5, wrong
    moved = replace(wrong, document="5307990218", posted=day(7, 14), dated=day(7, 14), kind="JNL")
    yield 7, replace(moved, text="Correct cost centre: out", net_pence=-wrong.net_pence)
    yield 7, replace(moved, line="2", text="Correct cost centre: in", cost_centre="CC4111")


def instalments(pattern: str, pounds: int) -> list[tuple[int, int]]:
    """Month and pence of each instalment: equal parts, what is left over in the last."""
    months = list(range(1, 13)) if pattern == "monthly" else [1, 4, 7, 10]
    part, left = divmod(pounds * 100, len(months))
    return [(month, part + (left if month == months[-1] else 0)) for month in months]


@dataclass(frozen=True)
class Receipt:
    """Cash that the council received from a CCG for one instalment."""

    received: date
    month: int
    contribution: str
    partner: str
    organisation: str
    pence: int
    reference: str


def receipts() -> list[Receipt]:
    """The year's receipts in order of arrival; Swale's second instalment, due 1 July, arrives in October."""
    arrived = []
    for short, organisation, contribution, partner, pattern, pounds in CCGS:
        for place, (month, pence) in enumerate(instalments(pattern, pounds), start=1):
            came = 7 if (short, place) == ("SWA", 2) else month
            on = day(came, 14 if came != month else 12)
            arrived.append(Receipt(on, came, contribution, partner, organisation, pence, f"BACS-{short}-{place:02d}"))
    return sorted(arrived, key=lambda each: (each.received, each.reference))


def council_rows(quarter: int) -> list[Row]:
    """The council's extract for a quarter in the order of its ledger; Q2 holds a block of August twice."""
    months = range(quarter * 3 - 2, quarter * 3 + 1)
    rows = [row for month, row in [*council_spend(), *council_story()] if month in months]
    rows += [
        Row(
            f"RCT-{each.reference}",
            "1",
            each.received,
            each.received,
            "RCT",
            "CC4001",
            "9210",
            "Contribution received",
            -each.pence,
        )
        for each in receipts()
        if each.month in months
    ]
    rows.sort(key=lambda row: (row.posted, row.document, row.line))
    if quarter == 2:
        block = [row for row in rows if row.posted.month == 8 and row.kind in ("INV", "PAY")]
        rows.extend(block)
    return rows


def ccg_rows(quarter: int) -> list[Row]:
    """The seven CCGs' extract for a quarter, organisation by organisation in the order of their ledger."""
    months = range(quarter * 3 - 2, quarter * 3 + 1)
    rows = [row for short, organisation, *_ in CCGS for month, row in ccg_spend(short, organisation) if month in months]
    rows += [
        Row(
            f"PAY-{each.reference}",
            "1",
            each.received,
            each.received,
            "Payables",
            "836900",
            "52171010",
            "Net contribution paid to the pool's host",
            each.pence,
            organisation=each.organisation,
        )
        for each in receipts()
        if each.month in months
    ]
    return sorted(rows, key=lambda row: (row.organisation, row.posted, row.document, row.line))


def ccg_spend(short: str, organisation: str) -> Iterator[tuple[int, Row]]:
    """Every row of one CCG's own lines with its month; Thanet has a credit memo in August."""
    for pattern, codes in CCG_CODES.items():
        scheme = pattern.format(short)
        if scheme not in OUTTURN_PENCE:
            continue
        for month, size in enumerate(by_month(scheme), start=1):
            number = document(f"J{organisation}-", month, scheme)
            posted = day(month, 3 + zlib.crc32(number.encode()) % 25)
            parts = share_out(size, [share for *_, share in codes])
            for line, ((centre, account, text, _), net) in enumerate(zip(codes, parts, strict=True), start=1):
                row = Row(
                    number, str(line), posted, posted, "Payables", centre, account, text, net, organisation=organisation
                )
                if line == 1 and scheme in ACCRUED_BY_CCGS and month in (3, 6, 9):
                    kinds = ("Payables", "Accrual", "Accrual Reversal")
                    now, then = late_part(row, month, ACCRUED_BY_CCGS[scheme], kinds)
                    yield from ((month, each) for each in now)
                    yield from ((month + 1, each) for each in then)
                else:
                    yield month, row
    if short == "THA":
        yield (
            5,
            Row(
                "J10E-05990146",
                "1",
                day(5, 24),
                day(5, 19),
                "Credit Memo",
                "836202",
                "52161510",
                "Credit memo, contract variation",
                -1825000,
                organisation=organisation,
            ),
        )
