"""Variations from a day: a contribution changes, or another text of the agreement comes into force. Tests first.

Posted budgets and instalments stand; what changes is posted as balanced entries with the minute that approved it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Entry
from ledgers.money import pounds, pounds_for_people
from ledgers.registers import Registers, registers_of
from ledgers.seal import JSON
from pooledfund import chart
from pooledfund.access import Action, require
from pooledfund.agreement_file import AgreementFile
from pooledfund.control.variation_entries import Approval, VariationEntries, due_by_day
from pooledfund.control.version_checks import version_faults
from pooledfund.control.virements import kind_of_money
from pooledfund.errors import InputRefused
from pooledfund.intake.business_cases import without_case, without_case_by
from pooledfund.pool import VARIED, Pool
from pooledfund.results.conditions import plan_lines
from pooledfund.results.next_year import CONTRIBUTION_VARIED
from s75_rules.agreement import Agreement
from s75_rules.conditions import MinimumTest, minimum_tests
from s75_rules.contributions import own_lines_pence
from s75_rules.earmarks import EarmarkTest, earmark_tests, no_longer_kept
from s75_rules.versions import Difference, differences


class VariationRefused(InputRefused):
    """A variation that the agreement or the books do not allow, with every reason."""


@dataclass(frozen=True, slots=True)
class ContributionChange:
    """A contribution rises or falls by pence, and with it the lines it pays for; what no line takes is unallocated."""

    contribution: str
    amount_pence: int
    lines_pence: Mapping[str, int]
    recurrent: bool = True


Cells = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class VariationEffect:
    """What a variation changes, in pence, with the minimum tests and earmarks on the plan before and after."""

    contributions: Mapping[str, tuple[int, int]]
    lines: Mapping[tuple[str, str], tuple[int, int]]
    instalments: Mapping[str, Mapping[date, int]]
    before: tuple[MinimumTest, ...]
    after: tuple[MinimumTest, ...]
    earmarks_before: tuple[EarmarkTest, ...]
    earmarks_after: tuple[EarmarkTest, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def breaks(self) -> tuple[MinimumTest, ...]:
        """The tests that are met and would no longer be."""
        met = {test.id for test in self.before if test.result == "met"}
        return tuple(test for test in self.after if test.id in met and test.result == "not met")

    @property
    def earmarks_broken(self) -> tuple[EarmarkTest, ...]:
        """The earmarks that are kept and, in the text that is then in force, would no longer be."""
        return no_longer_kept(self.earmarks_before, self.earmarks_after)

    @property
    def is_allowed(self) -> bool:
        """Whether nothing that the plan keeps stands against it."""
        return not self.breaks and not self.earmarks_broken

    def as_json(self) -> dict[str, object]:
        """The effect with money in pounds as text."""
        return {
            "contributions": {each: _both(*amounts) for each, amounts in self.contributions.items()},
            "budgets": [
                {"scheme": scheme, "contribution": contribution, **_both(*amounts)}
                for (scheme, contribution), amounts in self.lines.items()
            ],
            "instalments": {
                each: {day.isoformat(): pounds(pence) for day, pence in days.items()}
                for each, days in self.instalments.items()
            },
            "tests_before": [test.as_json() for test in self.before],
            "tests_after": [test.as_json() for test in self.after],
            "earmarks_before": [test.as_json() for test in self.earmarks_before],
            "earmarks_after": [test.as_json() for test in self.earmarks_after],
            "differences": [each.as_json() for each in self.differences],
            "allowed": self.is_allowed,
        }


def _both(before: int, after: int) -> dict[str, str]:
    return {"before": pounds(before), "after": pounds(after), "change": pounds(after - before)}


@dataclass(frozen=True, slots=True)
class Variation:
    """A variation worked out and not yet posted: its effect and its entries, budget first."""

    effect: VariationEffect
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Varied:
    """What a variation did: its effect, and the entries it posted; none where a minimum or earmark stood against it."""

    effect: VariationEffect
    event: int | None
    entries: tuple[int, ...]


def contribution_variation(pool: Pool, change: ContributionChange, approval: Approval) -> Variation:
    """Work out the change of one contribution without posting it.

    Raises:
        VariationRefused: with every reason why it cannot be made at all.
    """
    require(pool.actor, Action.READ)
    _check(pool, change, approval)
    contribution = pool.agreement.contributions[change.contribution]
    now = pool.current_contributions().get(contribution.id, 0)
    lines = {(scheme, contribution.id): pence for scheme, pence in change.lines_pence.items() if pence}
    own = sum(pence for (scheme, _), pence in lines.items() if _leads(pool.agreement, scheme, contribution.partner))
    kept = due_by_day(pool, chart.OWN_LINES, contribution.id)
    wanted = {contribution.id: (now + change.amount_pence, sum(kept.values()) + own)}
    return _variation(pool, pool.agreement, {contribution.id: change.amount_pence}, lines, wanted, approval, "")


def vary_contribution(pool: Pool, change: ContributionChange, approval: Approval) -> Varied:
    """Post the change of one contribution with its approval, unless a minimum or earmark that is met would be broken.

    Raises:
        VariationRefused: it cannot be made at all.
        LedgerRefusal: the books refuse it, such as one that takes more than is left unallocated.
    """
    require(pool.actor, Action.VARY)
    payload: dict[str, JSON] = {
        "contribution": change.contribution,
        "amount": pounds(change.amount_pence),
        "recurrent": change.recurrent,
        **_approval(approval),
    }
    return _post(pool, lambda: contribution_variation(pool, change, approval), CONTRIBUTION_VARIED, payload)


def agreement_variation(pool: Pool, file: AgreementFile, approval: Approval) -> Variation:
    """Work out what another text of the agreement changes from a day, without posting it.

    The text states contributions and original budgets as they are from then; virements stay on top of them.

    Raises:
        VariationRefused: with every reason why it cannot come into force.
    """
    require(pool.actor, Action.READ)
    new, old = file.agreement, pool.agreement
    reasons = [*_check_approval(pool, approval), *version_faults(old, new)]
    if file.digest == pool.agreement_event().payload["digest"]:
        reasons.append("this text is in force already: nothing was changed")
    if reasons:
        raise VariationRefused(*reasons)
    plan = pool.current_contributions()
    amounts = {each.id: each.amount.exact_pence or 0 for each in new.contributions.values()}
    changes = {each: pence - plan.get(each, 0) for each, pence in amounts.items()}
    agreed = pool.books.balances("budget", ("scheme", "contribution"), accounts=(chart.ORIGINAL, chart.CHANGE))
    lines: dict[tuple[str, str], int] = {}
    for scheme in new.schemes.values():
        for contribution in new.contributions:
            exact = new.contributions[contribution].amount.exact_pence is not None
            wanted = new.budget_pence(scheme.id, contribution) if exact else 0
            if pence := wanted - agreed.get((scheme.id, contribution), 0):
                lines[scheme.id, contribution] = pence
    waiting = without_case_by(pool, new)
    if moved := [waiting[scheme] for scheme in dict.fromkeys(scheme for scheme, _ in lines) if scheme in waiting]:
        raise VariationRefused(*moved)
    totals = {
        each.id: (amounts[each.id], own_lines_pence(new, each) if new.settled_as(each) == "net_of_own_lines" else 0)
        for each in new.contributions.values()
    }
    return _variation(pool, new, changes, lines, totals, approval, file.digest[:12])


def vary_agreement(pool: Pool, file: AgreementFile, approval: Approval) -> Varied:
    """Bring another text of the agreement into force: its entries, then every report is by it.

    As with one contribution, nothing is posted where a minimum or an earmark of the new text stands against it.

    Raises:
        VariationRefused: it cannot come into force.
        LedgerRefusal: the books refuse an entry.
    """
    require(pool.actor, Action.VARY)
    payload: dict[str, JSON] = {
        "agreement": file.text,
        "digest": file.digest,
        "file": file.path.name,
        **_approval(approval),
    }
    varied = _post(pool, lambda: agreement_variation(pool, file, approval), VARIED, payload, file.agreement)
    pool.read_agreement_again()
    return varied


def _approval(approval: Approval) -> dict[str, JSON]:
    return {"effective": approval.effective_on.isoformat(), "minute": approval.minute, "body": approval.body}


def _post(
    pool: Pool, worked_out: Callable[[], Variation], kind: str, payload: dict[str, JSON], new: Agreement | None = None
) -> Varied:
    # Worked out in the transaction that posts it, so that two made at once do not rest on the same budgets.
    with pool.writing(Action.VARY) as writing:
        variation = worked_out()
        keys = [entry.idempotency_key for entry in variation.entries]
        if keys and len(pool.books.entries_by_key(keys)) == len(keys):
            raise VariationRefused("this variation was made before, by its minute and day: nothing was changed")
        if not variation.effect.is_allowed:
            return Varied(variation.effect, None, ())
        if new is not None and (more := _new_registers(pool, new)):
            writing.extend_registers(more)
        event = writing.event(kind, payload)
        recorded = writing.record_all(variation.entries)
    return Varied(variation.effect, event, tuple(each.number for each in recorded))


def _new_registers(pool: Pool, new: Agreement) -> Registers | None:
    """What postings may name from now on; None where nothing is new."""
    known = pool.books.registers()
    more = registers_of(
        [each for each in chart.chart_of(new) if each.code not in known.accounts],
        {each.id: each.name for each in new.partners.values() if each.id not in known.partners},
        {
            each.id: each.name or each.source
            for each in new.contributions.values()
            if each.id not in known.contributions
        },
        {each.id: each.name for each in new.schemes.values() if each.id not in known.schemes},
    )
    return more if more.accounts or more.partners or more.contributions or more.schemes else None


def _leads(agreement: Agreement, scheme: str, partner: str) -> bool:
    return agreement.schemes[scheme].lead == partner


def _variation(
    pool: Pool,
    agreement: Agreement,
    changes: Mapping[str, int],
    lines: Cells,
    totals: Mapping[str, tuple[int, int]],
    approval: Approval,
    mark: str,
) -> Variation:
    entries = VariationEntries(pool, agreement, approval, mark)
    made: list[Entry] = []
    instalments: dict[str, Mapping[date, int]] = {}
    for contribution, pence in changes.items():
        of_lines = {scheme: part for (scheme, of), part in lines.items() if of == contribution}
        if pence or of_lines:
            made.append(entries.budget(contribution, pence, of_lines))
    made += entries.reserves()
    for contribution, (total, own) in totals.items():
        days, more = entries.instalments(contribution, total, own)
        made += more
        if days:
            instalments[contribution] = days
    plan, budgets = pool.current_contributions(), pool.current_budgets()
    after = {place: budgets.get(place, 0) + lines.get(place, 0) for place in dict.fromkeys((*budgets, *lines))}
    plan_after = {each: plan.get(each, 0) + changes.get(each, 0) for each in dict.fromkeys((*plan, *changes))}
    effect = VariationEffect(
        contributions={each: (plan.get(each, 0), plan_after[each]) for each, pence in changes.items() if pence},
        lines={place: (budgets.get(place, 0), after[place]) for place in lines},
        instalments=instalments,
        before=minimum_tests(pool.agreement, plan_lines(budgets), "plan", plan),
        after=minimum_tests(agreement, plan_lines(after), "plan", plan_after),
        earmarks_before=earmark_tests(pool.agreement, plan_lines(budgets), "plan", plan),
        earmarks_after=earmark_tests(agreement, plan_lines(after), "plan", plan_after),
        differences=differences(pool.agreement, agreement) if mark else (),
    )
    return Variation(effect, tuple(made))


def _check(pool: Pool, change: ContributionChange, approval: Approval) -> None:
    """Every reason why a contribution cannot change so, at once."""
    agreement, reasons = pool.agreement, _check_approval(pool, approval)
    contribution = agreement.contributions.get(change.contribution)
    if contribution is None:
        reasons.append(f"'{change.contribution}' is not a contribution of {agreement.id}: name one that check lists")
    elif contribution.amount.exact_pence is None:
        reasons.append(f"{contribution.id} is {contribution.amount}: bring an agreement with its exact amount first")
    if not change.amount_pence:
        reasons.append("the change is nil: give the pounds by which the contribution rises or falls")
    for scheme, pence in change.lines_pence.items():
        if scheme not in agreement.schemes:
            reasons.append(f"'{scheme}' is not a scheme line of {agreement.id}: name one that check lists")
        elif contribution and agreement.schemes[scheme].fund != contribution.fund:
            reasons.append(f"{scheme} is in another fund than {contribution.id}: name a line of {contribution.fund}")
        elif contribution and pence > 0 and (kind := kind_of_money(contribution, agreement.schemes[scheme])):
            reasons += kind
        elif contribution and pool.current_budgets().get((scheme, contribution.id), 0) + pence < 0:
            reasons.append(
                f"{scheme} has less than {pounds_for_people(-pence)} from {contribution.id}: take less off it"
            )
    reasons += [said for scheme, said in without_case(pool).items() if scheme in change.lines_pence]
    if reasons:
        raise VariationRefused(*reasons)
    assert contribution is not None
    free = -sum(change.lines_pence.values()) + change.amount_pence
    left = pool.books.balances("budget", ("contribution",), accounts=(chart.UNALLOCATED,)).get((contribution.id,), 0)
    if left + free < 0:
        raise VariationRefused(
            f"{contribution.id} has {pounds_for_people(left)} on no line, and the change takes "
            f"{pounds_for_people(-free)} of it: say with --line-changes which lines give it up"
        )


def _check_approval(pool: Pool, approval: Approval) -> list[str]:
    reasons, year = [], pool.agreement.year
    if not approval.minute.strip():
        reasons.append("a variation needs the minute that approved it: give its reference")
    if not approval.body.strip():
        reasons.append("a variation needs the body that approved it: name it")
    if approval.effective_on not in year:
        reasons.append(f"{approval.effective_on.isoformat()} is not in {year}: date it in the pool's year")
    elif pool.books.month_states()[year.month_of(approval.effective_on)] != "open":
        month = year.month_of(approval.effective_on)
        reasons.append(f"M{month} is not open and its report stands: date the variation in an open month")
    return reasons
