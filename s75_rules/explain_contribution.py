"""The tree behind a contribution: its amount, what it pays for, how it is paid, its ring. Knows no receipt."""

from collections.abc import Iterator, Sequence

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement, Contribution
from s75_rules.clock import day_words
from s75_rules.contributions import instalments
from s75_rules.explain import Because, NothingToExplain, parameters_said
from s75_rules.trace import Wording
from s75_rules.year_rules import YearNotKnown, load_year

SETTLED_WORDS = {
    "cash": "It is invoiced in full and paid in cash",
    "net_of_own_lines": "Its payer keeps what its own lines are budgeted from it, and is invoiced for the rest",
    "book": "It is a transfer within the host's own books, made on the day it falls due",
}
PATTERN_WORDS = {
    "monthly": "in twelve parts, on the 1st of each month",
    "quarterly": "in four parts, on 1 April, July, October and January",
    "quarterly_in_arrears": "in four parts, at the end of each quarter",
    "annual": "in one sum, on 1 April",
}


def explain_contribution(agreement: Agreement, which: str, evidence: Sequence[Because] = ()) -> Because:
    """Why a contribution is what it is, by the agreement; ``evidence`` is what the books add to it.

    Raises:
        NothingToExplain: the agreement has no such contribution.
    """
    if which not in agreement.contributions:
        known = ", ".join(agreement.contributions) or "none"
        raise NothingToExplain(f"'{which}' is not a contribution of {agreement.id}: name one of {known}")
    each = agreement.contributions[which]
    wording = Wording(agreement)
    words = wording.contribution(which)
    says = (
        f"{words[:1].upper()}{words[1:]} brings {each.amount} into {wording.the_fund(each.fund)} in {agreement.year},"
        " as agreed."
    )
    parts = (*_amount(each), *_spent_on(agreement, each), _paid(agreement, each), *_ring(agreement, each))
    return Because(says, (*parts, *evidence, parameters_said(agreement)))


def _amount(each: Contribution) -> Iterator[Because]:
    at = f" at {each.reference}" if each.reference else ""
    basis = {"published": " It is a published figure.", "illustrative": " It is illustrative: no source states it."}
    if at or each.basis:
        yield Because(f"The agreement states it{at}.{basis.get(each.basis or '', '')}")
    if each.gross is not None and each.client_charges is not None:
        yield Because(
            f"It is net of what clients are charged: {pounds_for_people(each.gross)} less"
            f" {pounds_for_people(each.client_charges)}."
        )
    if each.amount.exact_pence is None:
        until = f" It is to be settled by {day_words(each.confirm_by)}." if each.confirm_by else ""
        yield Because(f"It is no number yet, and no total takes it for nil.{until}")
    if each.transferred_from:
        yield Because(f"It is what the pool {each.transferred_from} pays over, and counts there already.")
    if not each.recurrent or each.ends:
        until = f" It is agreed until {day_words(each.ends)}." if each.ends else ""
        yield Because(f"{'It recurs.' if each.recurrent else 'It is for this year only.'}{until}")


def _spent_on(agreement: Agreement, each: Contribution) -> Iterator[Because]:
    """What the agreement puts it on: lines, reserves, and what is on neither."""
    wording = Wording(agreement)
    on = [
        Because(f"{amount} on {wording.line(scheme.id)}.")
        for scheme in agreement.schemes.values()
        for contribution, amount in scheme.budgets.items()
        if contribution == each.id
    ]
    on += [
        Because(f"{pounds_for_people(reserve.funded_by[each.id])} in reserve {reserve.name or reserve.id}.")
        for reserve in agreement.reserves.values()
        if reserve.funded_by.get(each.id)
    ]
    left = agreement.unallocated(each.id)
    if left.exact_pence != 0:
        known = each.amount.exact_pence is not None and left.exact_pence is not None
        on.append(Because(f"{left} is on no line yet." if known else "What is on no line yet cannot be told."))
    yield Because("It was agreed for:" if on else "It was agreed for no line.", tuple(on))


def _paid(agreement: Agreement, each: Contribution) -> Because:
    pattern = PATTERN_WORDS.get(str(each.instalments), "on the days that the agreement names")
    says = f"{SETTLED_WORDS[agreement.settled_as(each)]}; it falls due {pattern}."
    if each.amount.exact_pence is None:
        return Because(says)
    due = tuple(
        Because(
            f"{day_words(part.due_on)}: {pounds_for_people(part.due_pence)}"
            + (
                f", of which {pounds_for_people(part.own_lines_pence)} is kept for own lines."
                if part.own_lines_pence
                else "."
            )
        )
        for part in instalments(agreement, each.id)
    )
    rest = " Equal parts are rounded down to the penny, and the last takes what is left." if len(due) > 1 else ""
    return Because(f"{says}{rest}", due)


def _ring(agreement: Agreement, each: Contribution) -> Iterator[Because]:
    if not each.is_ring_fenced:
        return
    why = "by the agreement" if each.ring_fenced else "by its source"
    unspent = "goes back to its payer" if each.unspent == "return_to_payer" else "is carried forward with it"
    kind = "capital grant, " if each.is_capital else ""
    source = ""
    try:
        rule = next((one for one in load_year(agreement.year).sources if one.id == each.source), None)
    except YearNotKnown:
        rule = None
    if rule is not None:
        sure = "" if rule.certainty == "seen" else f"; {rule.certainty}, to be checked"
        source = f" ({rule.reference}{sure})"
    yield Because(
        f"It is {kind}ring-fenced {why}{source}: what of it is not spent {unspent}, and meets no other variance."
    )
