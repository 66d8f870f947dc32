"""What a partner has handed in for a month: files, estimates, agreement, as events. Works out no status."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Entry, RecordedEntry, reversal_of
from ledgers.writing import Writing
from pooledfund import chart, templates
from pooledfund.access import Action, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.apportioning import Apportioning
from pooledfund.pool import Pool
from pooledfund.templates import Stamp

RECEIVED = "submission received"
ESTIMATED = "submission estimated"
AGREED = "submission agreed"


class EstimateRefused(InputRefused):
    """An estimate that cannot stand for a partner's figures of a month."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a partner is thought to have spent on a line in a month whose figures are not in, in pence, and why."""

    partner: str
    month: int
    scheme: str
    amount_pence: int
    reason: str


def note_received(
    writing: Writing, months: Mapping[str, Iterable[int]], batch: int, ledger: str, control_total_pence: int | None
) -> None:
    """Write to the log that a file of a ledger brought partners' figures of some months, and the total they gave."""
    for partner, of_partner in months.items():
        writing.event(
            RECEIVED,
            {
                "partner": partner,
                "months": sorted(of_partner),
                "batch": batch,
                "ledger": ledger,
                "control_total_pence": control_total_pence,
            },
        )


def months_received(pool: Pool, partner: str, as_of: int | None = None) -> set[int]:
    """The months for which a partner's own figures came in."""
    found: set[int] = set()
    for event in pool.books.events(kind=RECEIVED, as_of=as_of):
        if event.payload["partner"] == partner and isinstance(event.payload["months"], list):
            found |= {int(str(month)) for month in event.payload["months"]}
    return found


def standing_estimates(pool: Pool, as_of: int | None = None) -> dict[tuple[str, int], list[RecordedEntry]]:
    """The estimates that no figures have replaced, by partner and month."""
    entries = pool.books.entries(book="actual", kind="estimate", as_of=as_of)
    reversed_by_now = {each.entry.reverses for each in entries}
    found: dict[tuple[str, int], list[RecordedEntry]] = defaultdict(list)
    for each in entries:
        if each.entry.reverses is None and each.number not in reversed_by_now:
            month = pool.agreement.year.month_of(each.entry.document_on)
            found[str(each.entry.postings[0].partner), month].append(each)
    return found


def estimate_reversal(pool: Pool, estimate: RecordedEntry, because: str) -> Entry:
    """The mirror of an estimate, in its own month while that is open and else on the first open day."""
    effective, note = pool.posting_day(estimate.entry.document_on)
    return reversal_of(
        estimate,
        effective_on=effective,
        who=pool.actor.name,
        why=f"{because}: {estimate.entry.why} reversed" + (f" ({note})" if note else ""),
        idempotency_key=f"{estimate.entry.idempotency_key}/reversal",
    )


def enter_estimate(pool: Pool, estimate: Estimate) -> tuple[int, str]:
    """Post an estimate of a partner's spend on a line in a month; gives its entry and what was done: one before goes.

    Raises:
        NotAllowed: the person may not bring in that partner's figures.
        EstimateRefused: the partner's own figures are in, the month is not open, or the estimate says too little.
    """
    require_partner(pool.actor, Action.IMPORT, estimate.partner)
    _check(pool, estimate)
    standing = [
        each
        for each in standing_estimates(pool).get((estimate.partner, estimate.month), [])
        if each.entry.postings[0].scheme == estimate.scheme
    ]
    for each in standing:
        if estimated_pence(each.entry) == estimate.amount_pence:
            return each.number, "already there"
    day = pool.agreement.year.month_ends(estimate.month)
    with pool.writing(Action.IMPORT) as writing:
        for each in standing:
            writing.record(estimate_reversal(pool, each, "a later estimate"))
        event = writing.event(
            ESTIMATED,
            {
                "partner": estimate.partner,
                "month": estimate.month,
                "scheme": estimate.scheme,
                "amount_pence": estimate.amount_pence,
                "reason": estimate.reason,
            },
        )
        return writing.record(_entry(pool, estimate, day, event)).number, "replaced" if standing else "posted"


def _check(pool: Pool, estimate: Estimate) -> None:
    agreement, month = pool.agreement, estimate.month
    if estimate.partner not in agreement.partners:
        raise EstimateRefused(f"'{estimate.partner}' is not a partner: use one that the agreement names")
    if estimate.scheme not in agreement.schemes:
        raise EstimateRefused(f"'{estimate.scheme}' is not a scheme line: use one that the agreement names")
    if not estimate.amount_pence or not estimate.reason.strip():
        raise EstimateRefused("an estimate has an amount other than nil and a reason: give both")
    if pool.books.month_states()[month] != "open":
        raise EstimateRefused(f"M{month} is closed and its report stands: estimate an open month")
    if month in months_received(pool, estimate.partner):
        raise EstimateRefused(
            f"the figures of {estimate.partner} for M{month} are in: an estimate stands only until they come"
        )


def _entry(pool: Pool, estimate: Estimate, day: date, event: int) -> Entry:
    stamp = Stamp(
        on=day,
        who=pool.actor.name,
        why=f"estimate of {estimate.scheme} at M{estimate.month}: {estimate.reason}",
        reference=f"estimate by {pool.actor.name}",
        key=f"estimate/{estimate.partner}/{estimate.scheme}/M{estimate.month}/{event}",
    )
    spent = Apportioning(pool).spend(estimate.scheme, estimate.partner, estimate.amount_pence, day)
    return templates.spend(stamp, "estimate", spent)


def estimated_pence(entry: Entry) -> int:
    """What an estimate says was spent, in pence."""
    return sum(each.amount_pence for each in entry.postings if each.account == chart.EXPENDITURE)
