"""What is refused of interest on the pool's cash: a reserve that is none of the pool's, a year without a rate."""

from collections.abc import Iterator
from fractions import Fraction

from s75_rules.agreement import Agreement
from s75_rules.agreement_faults import Fault
from s75_rules.clock import day_words


def cash_interest_faults(agreement: Agreement) -> Iterator[Fault]:
    """Where interest on the pool's cash cannot be worked out or has no place to go."""
    terms = agreement.pool_interest
    if terms is None:
        return
    reserve = agreement.reserves.get(terms.into)
    if reserve is not None and reserve.held == "outside_pool":
        message = f"reserve {terms.into} is held outside the pool, and interest on the pool's cash stays in it"
        yield Fault(("pool_interest", "into"), "ReserveHeldOutside", message, "name a reserve held in the pool")
    first = agreement.year.first_day if isinstance(terms.rate, Fraction) else min(terms.rate)
    if first > agreement.year.first_day:
        message = f"no rate is named before {day_words(first)}, and {agreement.year} begins earlier"
        remedy = f"name the rate from {agreement.year.first_day.isoformat()}, 0% if there is none"
        yield Fault(("pool_interest", "rate"), "RateNotNamed", message, remedy, about=(("agreement", "year"),))
