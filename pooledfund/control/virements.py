"""Virements: budget moved between lines of one contribution, its tests re-run first, posted with its approval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ledgers.journal import Entry, Recorded
from ledgers.money import pounds, pounds_for_people
from ledgers.seal import Event
from ledgers.searching import EntrySearch, PostingSearch, search_entries
from pooledfund import templates
from pooledfund.access import Action, require, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.business_cases import without_case
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.pool import Pool
from pooledfund.results.conditions import plan_lines
from pooledfund.templates import Stamp
from s75_rules.agreement import Contribution, Scheme
from s75_rules.conditions import MinimumTest, minimum_tests
from s75_rules.earmarks import earmark_tests, no_longer_kept
from s75_rules.money_checks import REVENUE_ONLY_SOURCES
from s75_rules.positions import Position
from s75_rules.standing import LineNotCovered, pieces_of_line

_KIND = "virement"
"""How the key of every virement begins."""


class VirementRefused(InputRefused):
    """A virement that the agreement or the books do not allow, with every reason."""


@dataclass(frozen=True, slots=True)
class Virement:
    """A proposed change of budget: an amount in pence from one line to another within a contribution."""

    from_scheme: str
    to_scheme: str
    contribution: str
    amount_pence: int
    effective_on: date
    minute: str


@dataclass(frozen=True, slots=True)
class VirementEffect:
    """What a virement would do to its lines and to the minimum tests on the plan."""

    virement: Virement
    lines_before_pence: Mapping[str, int]
    lines_after_pence: Mapping[str, int]
    before: tuple[MinimumTest, ...]
    after: tuple[MinimumTest, ...]

    @property
    def breaks(self) -> tuple[MinimumTest, ...]:
        """The tests that would no longer be met."""
        met = {test.id for test in self.before if test.result == "met"}
        return tuple(test for test in self.after if test.id in met and test.result == "not met")

    def as_json(self) -> dict[str, object]:
        """The effect with money in pounds as text."""
        return {
            "from": self.virement.from_scheme,
            "to": self.virement.to_scheme,
            "contribution": self.virement.contribution,
            "amount": pounds(self.virement.amount_pence),
            "effective": self.virement.effective_on.isoformat(),
            "budgets": {
                scheme: {"before": pounds(pence), "after": pounds(self.lines_after_pence[scheme])}
                for scheme, pence in self.lines_before_pence.items()
            },
            "tests_before": [test.as_json() for test in self.before],
            "tests_after": [test.as_json() for test in self.after],
            "allowed": not self.breaks,
        }


def virement_effect(pool: Pool, virement: Virement) -> VirementEffect:
    """Work out a virement without posting it: a dry run with the minimum tests re-run on the plan.

    Raises:
        VirementRefused: with every reason why it cannot be made at all.
    """
    require(pool.actor, Action.READ)
    _check(pool, virement)
    budgets = pool.current_budgets()
    return _effect(pool, virement, budgets, _moved(budgets, virement, virement.amount_pence))


def make_virement(
    pool: Pool, virement: Virement, *, expected_event: int | None = None
) -> tuple[VirementEffect, Recorded | None]:
    """Post a virement with its minute unless a minimum test that is met would no longer be: then nothing is posted.

    One that was made before, by its lines, contribution, day and minute, is already there: the effect is what it had.
    ``expected_event`` is the newest event that the person had read: what they saw of the lines' budgets still stands.

    Raises:
        ChangedMeanwhile: a budget of one of the lines was moved since.
        VirementRefused: it cannot be made at all, or is over the limit of the person's role and not agreed.
        LedgerRefusal: the books refuse it, such as one made before with another amount.
    """
    require(pool.actor, Action.VIRE)
    entry = _entry(pool, virement)
    # Tested in the transaction that posts it, so that two made at once do not both take what a line has.
    with pool.writing(Action.VIRE) as writing:
        if pool.books.entry_by_key(entry.idempotency_key) is not None:
            budgets = pool.current_budgets()
            effect = _effect(pool, virement, _moved(budgets, virement, -virement.amount_pence), budgets)
        else:
            check_unchanged(_budget_events(pool, virement, expected_event), expected_event, "the budget of a line")
            effect = virement_effect(pool, virement)
            if effect.breaks:
                return effect, None
            _check_limit(pool, virement)
        return effect, writing.record(entry)


def _budget_events(pool: Pool, virement: Virement, since: int | None) -> list[Event]:
    """The newest event after another by which a budget of the two lines was moved; none where none was."""
    if since is None:
        return []
    found = [
        each.recorded
        for scheme in (virement.from_scheme, virement.to_scheme)
        for each in search_entries(
            pool.books, EntrySearch(book="budget", posting=PostingSearch(scheme=scheme)), take=1
        ).entries
    ]
    return [pool.books.event(each.event) for each in found if each.event > since]


def agree_virement(pool: Pool, virement: Virement, *, expected_event: int | None = None) -> int:
    """Put a partner's name to a virement that is over the limit of who makes it; gives the event's number.

    Who agrees to the same again gets the event of before. ``expected_event`` is the newest event that the person had
    read: what they saw of the lines' budgets still stands.

    Raises:
        ChangedMeanwhile: a budget of one of the lines was moved since.
        VirementRefused: it cannot be made at all.
        NotAllowed: the person does not agree figures for a partner.
    """
    partner = pool.actor.partner or ""
    require_partner(pool.actor, Action.AGREE, partner)
    with pool.writing(Action.AGREE) as writing:
        for each in pool.books.sign_offs(subject=_subject(virement)):
            if (each.part, each.body, each.who) == ("agreed", partner, pool.actor.name):
                return each.event
        check_unchanged(_budget_events(pool, virement, expected_event), expected_event, "the budget of a line")
        _check(pool, virement)
        return writing.sign_off(_subject(virement), "agreed", partner)


def virements_awaiting(pool: Pool) -> tuple[tuple[Virement, tuple[str, ...]], ...]:
    """The virements that a finance lead agreed and nobody made yet, each with the signatories who have not agreed it.

    Raises:
        NotAllowed: the person may not read the pool.
    """
    agreed: dict[str, set[str]] = {}
    for each in pool.books.sign_offs():
        if each.subject.startswith(f"{_KIND}/"):
            agreed.setdefault(each.subject, set()).add(each.body)
    signatories = [each.id for each in pool.agreement.signatories()]
    return tuple(
        (virement, tuple(each for each in signatories if each not in bodies))
        for subject, bodies in agreed.items()
        if pool.books.entry_by_key(_key(virement := _virement_of(subject))) is None
    )


def _virement_of(subject: str) -> Virement:
    """The virement that partners put their names to; its minute may hold any sign."""
    _, giver, taker, contribution, rest = subject.split("/", 4)
    day, rest = rest.split("/", 1)
    minute, pence = rest.rsplit("/", 1)
    return Virement(giver, taker, contribution, int(pence), date.fromisoformat(day), minute)


def _subject(virement: Virement) -> str:
    """What partners put their names to: another amount, day or minute is another virement."""
    return f"{_key(virement)}/{virement.amount_pence}"


def _check_limit(pool: Pool, virement: Virement) -> None:
    """By role: what is over the limit of the person's role has been agreed by every signatory."""
    limit = pool.agreement.virements.limits.get(pool.actor.role)
    if limit is None or virement.amount_pence <= limit:
        return
    agreed = {each.body for each in pool.books.sign_offs(subject=_subject(virement)) if each.part == "agreed"}
    missing = [each.id for each in pool.agreement.partners.values() if each.signs and each.id not in agreed]
    if missing:
        raise VirementRefused(
            f"{pounds_for_people(virement.amount_pence)} is over the {pounds_for_people(limit)} that {pool.actor.role} "
            f"may vire, and not agreed by {', '.join(missing)}: have their finance lead agree it"
        )


def _key(virement: Virement) -> str:
    """By what the same virement is known again."""
    parts = (virement.from_scheme, virement.to_scheme, virement.contribution, virement.effective_on.isoformat())
    return "/".join((_KIND, *parts, virement.minute))


def _entry(pool: Pool, virement: Virement) -> Entry:
    amount = pounds_for_people(virement.amount_pence)
    stamp = Stamp(
        on=virement.effective_on,
        who=pool.actor.name,
        why=f"virement of {amount} from {virement.from_scheme} to {virement.to_scheme}, {virement.minute}",
        reference=virement.minute,
        key=_key(virement),
    )
    return templates.virement(
        stamp, virement.from_scheme, virement.to_scheme, virement.contribution, virement.amount_pence
    )


Budgets = Mapping[tuple[str, str], int]
"""Current budgets in pence by line and contribution."""


def _moved(budgets: Budgets, virement: Virement, pence: int) -> Budgets:
    moved = dict(budgets)
    for scheme, change in ((virement.from_scheme, -pence), (virement.to_scheme, pence)):
        place = (scheme, virement.contribution)
        moved[place] = moved.get(place, 0) + change
    return moved


def _effect(pool: Pool, virement: Virement, before: Budgets, after: Budgets) -> VirementEffect:
    month = pool.agreement.year.month_of(virement.effective_on)
    schemes = (virement.from_scheme, virement.to_scheme)
    return VirementEffect(
        virement,
        {scheme: _line_total(before, scheme) for scheme in schemes},
        {scheme: _line_total(after, scheme) for scheme in schemes},
        _tests(pool, before, month),
        _tests(pool, after, month),
    )


def _check(pool: Pool, virement: Virement) -> None:
    """Every reason why the virement cannot be made, at once."""
    agreement, reasons = pool.agreement, list[str]()
    for scheme in (virement.from_scheme, virement.to_scheme):
        if scheme not in agreement.schemes:
            reasons.append(f"'{scheme}' is not a scheme line of {agreement.id}: name one that check lists")
    if virement.contribution not in agreement.contributions:
        reasons.append(f"'{virement.contribution}' is not a contribution of {agreement.id}: name one that check lists")
    if virement.from_scheme == virement.to_scheme:
        reasons.append("the two lines are the same: name another line to move the budget to")
    if virement.amount_pence <= 0:
        reasons.append("the amount of a virement is above nil: turn the two lines round to move budget back")
    if not virement.minute.strip():
        reasons.append("a virement needs the minute that approved it: give its reference")
    if virement.effective_on not in agreement.year:
        reasons.append(f"{virement.effective_on.isoformat()} is not in {agreement.year}: date it in the pool's year")
    if not reasons:
        reasons += _check_money(pool, virement)
    if reasons:
        raise VirementRefused(*reasons)


def _check_money(pool: Pool, virement: Virement) -> list[str]:
    agreement, reasons = pool.agreement, list[str]()
    contribution = agreement.contributions[virement.contribution]
    to = agreement.schemes[virement.to_scheme]
    month = agreement.year.month_of(virement.effective_on)
    if contribution.fund != to.fund:
        reasons.append(
            f"{to.id} is in the fund {to.fund} and {contribution.id} in {contribution.fund}: name a line of its fund"
        )
    reasons += kind_of_money(contribution, to)
    reasons += [said for scheme, said in without_case(pool).items() if scheme in (to.id, virement.from_scheme)]
    if pool.books.month_states()[month] == "closed":
        reasons.append(f"M{month} is closed and its report stands: date the virement in an open month")
    has = min(
        pool.current_budgets(through).get((virement.from_scheme, virement.contribution), 0)
        for through in range(month, 13)
    )
    if virement.amount_pence > has:
        reasons.append(
            f"{virement.from_scheme} has {pounds_for_people(has)} from {contribution.id}, "
            f"less than {pounds_for_people(virement.amount_pence)}: lower the amount"
        )
    return [*reasons, *_earmarks_broken(pool, virement), *_check_covered(pool, virement)]


def _earmarks_broken(pool: Pool, virement: Virement) -> Iterator[str]:
    """Earmarks that the plan keeps and, with the budget moved, would not: they are the agreement's own word."""
    budgets = pool.current_budgets()
    plans = (budgets, _moved(budgets, virement, virement.amount_pence))
    contributions = pool.current_contributions()
    tests = (earmark_tests(pool.agreement, plan_lines(each), "plan", contributions) for each in plans)
    for each in no_longer_kept(*tests):
        yield (
            f"earmark {each.earmark.name} would no longer be kept: {each.because} Lower the amount, "
            "or vary the agreement first"
        )


def kind_of_money(contribution: Contribution, to: Scheme) -> list[str]:
    """Why a line may not take money of this kind: capital grant pays for capital, revenue grant for revenue."""
    reasons = list[str]()
    if contribution.is_capital and contribution.id not in to.budgets and not to.capital:
        reasons.append(
            f"{contribution.id} is capital grant and {to.id} is a revenue line: capital pays for capital only"
        )
    if contribution.source in REVENUE_ONLY_SOURCES and to.capital:
        reasons.append(
            f"{contribution.id} is {contribution.source}, which pays for revenue only, and {to.id} is a capital line: "
            "name a revenue line"
        )
    return reasons


def _check_covered(pool: Pool, virement: Virement) -> list[str]:
    """A line that a clause covers by the source of its money needs some of that money, or no clause covers it."""
    budgets = _moved(pool.current_budgets(), virement, virement.amount_pence)
    position = Position(budgets=budgets, contributions={}, outturns={})
    reasons = []
    for scheme in (virement.from_scheme, virement.to_scheme):
        if pool.agreement.is_pooled(pool.agreement.schemes[scheme]):
            try:
                pieces_of_line(pool.agreement, position, scheme)
            except LineNotCovered:
                reasons.append(f"no clause of the risk share would cover {scheme} any more: leave it some budget")
    return reasons


def _line_total(budgets: Budgets, scheme: str) -> int:
    return sum(pence for (each, _), pence in budgets.items() if each == scheme)


def _tests(pool: Pool, budgets: Budgets, month: int) -> tuple[MinimumTest, ...]:
    return minimum_tests(pool.agreement, plan_lines(budgets), "plan", pool.current_contributions(month))
