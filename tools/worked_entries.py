"""A worked entry for each kind of event, on the Exampleshire pool; the page of postings and its test rest on these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Entry
from pooledfund import templates
from pooledfund.templates import Spend, Stamp


@dataclass(frozen=True, slots=True)
class Worked:
    """One kind of event: its template, what happens, and an entry."""

    template: Callable[..., object]
    happens: str
    entry: Entry


def _stamp(day: date, why: str, reference: str) -> Stamp:
    return Stamp(day, "pooled fund manager", why, reference, f"worked/{why}")


_APRIL, _JUNE, _JULY, _MARCH = date(2023, 4, 1), date(2023, 6, 30), date(2023, 7, 1), date(2024, 3, 31)


def worked_entries() -> tuple[Worked, ...]:
    """The kinds of event in the order of a year."""
    return (*_budget(), *_contributions(), *_spend(), *_year_end())


def _budget() -> tuple[Worked, ...]:
    change = templates.contribution_change(
        _stamp(date(2024, 1, 1), "DFG top-up of January", "grant letter"),
        "dfg",
        "council",
        50_000_00,
        {"S1": 50_000_00},
    )
    return (
        Worked(
            templates.agreed_contribution,
            "The agreement says that the council contributes £600,000.00 of Disabled Facilities Grant.",
            templates.agreed_contribution(
                _stamp(_APRIL, "agreed contribution dfg", "agreement"), "dfg", "council", 600_000_00
            ),
        ),
        Worked(
            templates.opening_budget,
            "All of it is the budget of line S1. An entry that takes more than the contribution has is refused.",
            templates.opening_budget(
                _stamp(_APRIL, "opening budget S1", "agreement"), "S1", "dfg", "council", 600_000_00
            ),
        ),
        Worked(
            templates.reserve_budget,
            "£20,000.00 of the council's additional money is set aside in the risk reserve.",
            templates.reserve_budget(
                _stamp(_APRIL, "reserve budget", "agreement"), "risk", "la-add", "council", 20_000_00
            ),
        ),
        Worked(
            templates.contribution_change,
            "In January the grant rises by £50,000.00, and with it the line that it pays for.",
            change,
        ),
        Worked(
            templates.virement,
            "The board moves £63,000.00 of NHS minimum from S5 to S6 from 1 July.",
            templates.virement(_stamp(_JULY, "virement S5 to S6", "2023/07 item 6"), "S5", "S6", "nhs-min", 63_000_00),
        ),
        Worked(
            templates.forecast,
            "The forecast outturn of S3 is entered as £1,560,000.00, the first for the line. "
            "The next one posts its movement from this.",
            templates.forecast(_stamp(date(2023, 9, 30), "forecast S3 at M6", "forecasts.csv"), "S3", 1_560_000_00),
        ),
        Worked(
            templates.commitment,
            "Equipment is ordered for S4. What it costs is posted when the invoice comes; then the order is released.",
            templates.commitment(_stamp(_JUNE, "order PO-118 placed", "PO-118"), "S4", 12_000_00),
        ),
        Worked(
            templates.commitment,
            "The invoice has come and the order is released.",
            templates.commitment(_stamp(_JULY, "order PO-118 released", "PO-118"), "S4", -12_000_00),
        ),
    )


def _contributions() -> tuple[Worked, ...]:
    return (
        Worked(
            templates.contribution_due,
            "The ICB's April instalment falls due.",
            templates.contribution_due(
                _stamp(_APRIL, "instalment 1 of nhs-min", "agreement"), "nhs-min", "icb", 327_500_41
            ),
        ),
        Worked(
            templates.receipt,
            "It arrives in the host's bank on 5 April.",
            templates.receipt(_stamp(date(2023, 4, 5), "receipt BACS-01", "BACS-01"), "nhs-min", "icb", 327_500_41),
        ),
        Worked(
            templates.late_interest,
            "The ICB's December instalment came 45 days late. Where the agreement has 4.0% a year on late money, "
            "327,500.41 x 4% x 45 / 365 is charged; interest is simple and each invoice rounded half up to the penny.",
            templates.late_interest(
                _stamp(date(2024, 1, 31), "interest on INV-0010", "INV-0010"), "nhs-min", "icb", 1_615_07
            ),
        ),
        Worked(
            templates.cash_interest,
            "Where the agreement has the host pay 4.0% a year on the pool's cash, 900,000.00 held through June brings "
            "900,000.00 x 30 x 4% / 365, rounded half up once for the month, and goes into the reserve it names.",
            templates.cash_interest(
                _stamp(date(2023, 6, 30), "interest on the pool's cash of M3 by clause 9.3", "9.3"),
                "council",
                "risk",
                2_958_90,
            ),
        ),
        Worked(
            templates.paid_by_book,
            "The host's own instalment is met by transfer from its funds on the day it falls due.",
            templates.paid_by_book(_stamp(_APRIL, "instalment 1 of ibcf", "agreement"), "ibcf", "council", 100_000_00),
        ),
        Worked(
            templates.kept_for_own_lines,
            "Where a contribution is settled net of own lines, the partner keeps the part that pays for the lines it "
            "leads; that part counts as met when it falls due, and what the partner then spends is set against it.",
            templates.kept_for_own_lines(_stamp(_APRIL, "kept for S5", "agreement"), "nhs-min", "icb", 162_500_41),
        ),
        Worked(
            templates.reserve_funded,
            "A contribution puts its part into the reserve.",
            templates.reserve_funded(
                _stamp(_APRIL, "reserve funded", "agreement"), "risk", "nhs-add", "icb", 20_000_00
            ),
        ),
        Worked(
            templates.opening_reserve,
            "A reserve is brought forward from last year.",
            templates.opening_reserve(_stamp(_APRIL, "reserve brought forward", "agreement"), "risk", 10_000_00),
        ),
    )


def _spend() -> tuple[Worked, ...]:
    credit = Spend("S6", "council", {"la-add": -4_845_47, "nhs-min": -7_554_53})
    return (
        Worked(
            templates.spend,
            "The host spends on a line: cost is net plus the VAT that it does not recover. "
            "The pool owes it to the host's own ledger.",
            templates.spend(
                _stamp(_JUNE, "C-Q1-S4", "C-Q1-S4"), "spend", Spend("S4", "council", {"nhs-min": 47_500_00})
            ),
        ),
        Worked(
            templates.spend,
            "A partner that is not the host spends for the pool and recharges it.",
            templates.spend(
                _stamp(_JUNE, "I-Q1-S5", "I-Q1-S5"), "recharge", Spend("S5", "icb", {"nhs-min": 480_000_00})
            ),
        ),
        Worked(
            templates.recharge_paid,
            "The host pays the recharge.",
            templates.recharge_paid(_stamp(_JULY, "S5 Q1 recharge paid", "BACS-R1"), "icb", 507_500_00, "S5"),
        ),
        *_not_invoiced(),
        Worked(
            templates.spend,
            "A credit note of £12,400.00 net is apportioned over the line's contributions by current budget, "
            "220,000 to 343,000.",
            templates.spend(_stamp(date(2023, 11, 22), "credit note C-CN-044", "C-CN-044"), "credit note", credit),
        ),
        Worked(
            templates.suspense,
            "A code that no line claims waits in suspense, in sight. When its line is known the entry "
            "is reversed and the spend posted to the line, with a word on the item that it clears.",
            templates.suspense(_stamp(_JULY, "CC4911 unknown", "D-1"), "council", 26_375_40),
        ),
        Worked(
            templates.breach,
            "Spend outside authority is charged to the partner in breach, by the minute that found it.",
            templates.breach(_stamp(_JULY, "breach on S3", "JCB 07/23 item 2"), "S3", "council", 1_500_00),
        ),
    )


def _not_invoiced() -> tuple[Worked, ...]:
    accrued = Spend("S5", "icb", {"nhs-min": 27_500_00})
    reversed_accrual = Spend("S5", "icb", {"nhs-min": -27_500_00})
    return (
        Worked(
            templates.spend,
            "Clinics of June are not invoiced yet and are accrued.",
            templates.spend(_stamp(_JUNE, "accrual I-ACC-06", "I-ACC-06"), "accrual", accrued),
        ),
        Worked(
            templates.spend,
            "On the first day of the next month the books reverse the accrual by themselves: an exact mirror of one "
            "entry. A ledger's own reversal that no accrual of the books explains is posted the same way.",
            templates.spend(_stamp(_JULY, "reversal I-ACC-06", "I-ACC-06"), "accrual reversal", reversed_accrual),
        ),
        Worked(
            templates.spend,
            "A payment of June covers July too. The ledger takes the part of July out of June, and the books bring it "
            "back on 1 July by themselves, an exact mirror.",
            templates.spend(
                _stamp(_JUNE, "prepayment I-PP-06", "I-PP-06"), "prepayment", Spend("S5", "icb", {"nhs-min": -8_000_00})
            ),
        ),
        Worked(
            templates.spend,
            "The ICB's figures of July are late and the month is reported on an estimate, labelled as one. It is "
            "reversed, an exact mirror, by the import that brings the ICB's own figures of July: in July while that "
            "is open, else on the first open day, where the figures themselves go. "
            "It is never brought forward: August needs its own.",
            templates.spend(
                _stamp(date(2023, 7, 31), "estimate of S5 at M4", "ICB ledger closes late"),
                "estimate",
                Spend("S5", "icb", {"nhs-min": 160_000_00}),
            ),
        ),
    )


def _year_end() -> tuple[Worked, ...]:
    drawn = [("la-add", "council", 20_000_00), ("nhs-add", "icb", 20_000_00)]
    return (
        Worked(
            templates.settlement,
            "The risk share of the outturn is settled: each partner's part is shown gross.",
            templates.settlement(
                _stamp(_MARCH, "risk share settled", "Schedule 3, 4.1"),
                "council",
                {("council", None): 38_876_81, ("icb", None): 15_000_00},
                {("icb", None): 1_00},
            ),
        ),
        Worked(
            templates.reserve_moved,
            "The risk reserve is drawn, by who funded it.",
            templates.reserve_moved(_stamp(_MARCH, "reserve drawn", "Schedule 3, 4.1"), "risk", drawn),
        ),
        Worked(
            templates.between_hosts,
            "An underspend in a fund of the council met an overspend in one of the ICB: the council passes it on.",
            templates.between_hosts(
                _stamp(_MARCH, "relief of one host's lines by another's funds", "Schedule 3, 4.1"),
                {"S1": 12_000_00, "S2": -12_000_00},
            ),
        ),
        Worked(
            templates.carry_forward,
            "Grant not yet spent is carried into next year with its partner and source.",
            templates.carry_forward(
                _stamp(_MARCH, "DFG carried forward", "grant terms"), "S1", "dfg", "council", 87_360_00
            ),
        ),
        Worked(
            templates.return_to_funder,
            "Grant that may not be kept goes back to its payer.",
            templates.return_to_funder(_stamp(_MARCH, "iBCF returned", "grant terms"), "ibcf", "council", 5_000_00),
        ),
        Worked(
            templates.brought_forward,
            "Last year's closing balances open the year: grant held for this year, and what the ICB still owes.",
            templates.brought_forward(
                _stamp(_APRIL, "brought forward from 2022/23", "exampleshire-2022-23, event 400"),
                "brought forward",
                [("carried_forward", "dfg", "council", -12_500_00), ("debtors", None, "icb", 3_000_00)],
            ),
        ),
        Worked(
            templates.carried_into_year,
            "The grant that was held is there to be spent this year.",
            templates.carried_into_year(
                _stamp(_APRIL, "dfg carried into 2023/24", "exampleshire-2022-23"), "dfg", "council", 12_500_00
            ),
        ),
        Worked(
            templates.budget_carried_into_year,
            "Its budget goes with it, onto the one line that it pays for.",
            templates.budget_carried_into_year(
                _stamp(_APRIL, "dfg budget carried into 2023/24", "exampleshire-2022-23"),
                "S1",
                "dfg",
                "council",
                12_500_00,
            ),
        ),
    )
