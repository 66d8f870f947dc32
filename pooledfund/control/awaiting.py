"""What waits for somebody's approval: figures for their finance lead, virements, recharges. Approves nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ledgers.money import pounds_for_people
from pooledfund.control.virements import virements_awaiting
from pooledfund.intake.recharges import recharges
from pooledfund.pool import Pool
from pooledfund.results.submissions import SubmissionStatus
from s75_rules.trace import listed

AwaitedKind = Literal["figures", "virement", "recharge"]


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that waits: what it is in a sentence, and whose approval is missing."""

    kind: AwaitedKind
    said: str
    whose: str


def awaited(pool: Pool, states: Iterable[SubmissionStatus]) -> tuple[Awaited, ...]:
    """What waits for an approval in a pool; of figures those of open months whose ``states`` are given.

    Raises:
        NotAllowed: the person may not read the pool.
    """
    return (*_figures(pool, states), *_virements(pool), *_recharges(pool))


def _figures(pool: Pool, states: Iterable[SubmissionStatus]) -> Iterator[Awaited]:
    closed = {month for month, state in pool.books.month_states().items() if state == "closed"}
    came = sorted(
        (each for each in states if each.state == "received" and each.month not in closed),
        key=lambda each: (each.partner, each.month),
    )
    for partner, of_partner in groupby(came, key=lambda each: each.partner):
        months = list(of_partner)
        name = pool.agreement.partners[partner].name
        total = pounds_for_people(sum(each.figure_pence for each in months))
        said = f"{name}'s figures of {listed(f'M{each.month}' for each in months)}, {total}, came and are not agreed."
        yield Awaited("figures", said, f"the finance lead of {name}")


def _virements(pool: Pool) -> Iterator[Awaited]:
    for virement, missing in virements_awaiting(pool):
        names = listed(pool.agreement.partners[each].name for each in missing)
        amount = pounds_for_people(virement.amount_pence)
        yield Awaited(
            "virement",
            f"Virement of {amount} from {virement.from_scheme} to {virement.to_scheme}, {virement.minute}, is not "
            f"{'agreed by all' if missing else 'made'} yet.",
            f"the finance lead of {names}" if missing else "the pooled fund manager, who makes it now",
        )


def _recharges(pool: Pool) -> Iterator[Awaited]:
    for each in recharges(pool):
        if each.state == "claimed":
            name = pool.agreement.partners[each.partner].name
            yield Awaited(
                "recharge",
                f"{name} claims {pounds_for_people(each.amount_pence)} on {each.scheme}, {each.reference}.",
                f"the fund manager, or a finance lead who is not of {name}",
            )
