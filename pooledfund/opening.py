"""The entries that open a pool's books from its agreement: budgets, reserves, instalments. Posts nothing itself."""

from collections.abc import Iterator
from datetime import date

from ledgers.journal import Entry
from pooledfund import templates
from pooledfund.templates import Stamp
from s75_rules.agreement import Agreement, Contribution
from s75_rules.contributions import instalments


def opening_entries(agreement: Agreement, who: str) -> list[Entry]:
    """Every entry that the agreement itself causes, in file order: what is not an exact amount posts nothing."""
    return [
        *_contributions(agreement, who),
        *_line_budgets(agreement, who),
        *_reserves(agreement, who),
        *(entry for each in agreement.contributions.values() for entry in _instalments(agreement, each, who)),
    ]


def _stamp(agreement: Agreement, who: str, why: str, key: str, on: date | None = None) -> Stamp:
    return Stamp(on or agreement.year.first_day, who, why, f"agreement {agreement.id}", f"agreement/{key}")


def _contributions(agreement: Agreement, who: str) -> Iterator[Entry]:
    for contribution in agreement.contributions.values():
        if contribution.amount.exact_pence:
            yield templates.agreed_contribution(
                _stamp(agreement, who, f"agreed contribution {contribution.id}", f"contribution/{contribution.id}"),
                contribution.id,
                contribution.partner,
                contribution.amount.exact_pence,
            )


def _line_budgets(agreement: Agreement, who: str) -> Iterator[Entry]:
    for scheme in agreement.schemes.values():
        for contribution in scheme.budgets:
            pence = agreement.budget_pence(scheme.id, contribution)
            if pence and agreement.contributions[contribution].amount.exact_pence is not None:
                yield templates.opening_budget(
                    _stamp(
                        agreement,
                        who,
                        f"opening budget {scheme.id} from {contribution}",
                        f"budget/{scheme.id}/{contribution}",
                    ),
                    scheme.id,
                    contribution,
                    agreement.contributions[contribution].partner,
                    pence,
                )


def _reserves(agreement: Agreement, who: str) -> Iterator[Entry]:
    for reserve in agreement.reserves.values():
        if reserve.held != "in_pool":
            continue
        if reserve.opening:
            stamp = _stamp(agreement, who, f"reserve {reserve.id} brought forward", f"reserve/{reserve.id}")
            yield templates.opening_reserve(stamp, reserve.id, reserve.opening)
        for contribution, pence in reserve.funded_by.items():
            if not pence or agreement.contributions[contribution].amount.exact_pence is None:
                continue
            partner = agreement.contributions[contribution].partner
            why = f"reserve {reserve.id} funded from {contribution}"
            key = f"reserve/{reserve.id}/{contribution}"
            yield templates.reserve_budget(
                _stamp(agreement, who, why, f"{key}/budget"), reserve.id, contribution, partner, pence
            )
            yield templates.reserve_funded(_stamp(agreement, who, why, key), reserve.id, contribution, partner, pence)


def _instalments(agreement: Agreement, contribution: Contribution, who: str) -> Iterator[Entry]:
    """Each instalment falls due on its day; the host's own and what is kept for own lines are met the same day."""
    if contribution.amount.exact_pence is None:
        return
    for number, instalment in enumerate(instalments(agreement, contribution.id), start=1):
        if not instalment.due_pence:
            continue
        why = f"instalment {number} of {contribution.id}"
        key = f"instalment/{contribution.id}/{instalment.due_on.isoformat()}"
        place = (contribution.id, contribution.partner)
        due = _stamp(agreement, who, why, key, instalment.due_on)
        yield templates.contribution_due(due, *place, instalment.due_pence)
        if agreement.settled_as(contribution) == "book":
            met = _stamp(agreement, who, f"{why}, by book", f"{key}/book", instalment.due_on)
            yield templates.paid_by_book(met, *place, instalment.due_pence)
        elif instalment.own_lines_pence:
            kept = _stamp(agreement, who, f"{why}, kept for own lines", f"{key}/own-lines", instalment.due_on)
            yield templates.kept_for_own_lines(kept, *place, instalment.own_lines_pence)
