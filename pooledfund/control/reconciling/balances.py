"""Agreement of balances with a partner: its four figures against the mirror of ours, and the thresholds they meet."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ledgers.money import MoneyNotUnderstood, parse_pounds, pounds, pounds_for_people
from ledgers.seal import JSON
from pooledfund import chart
from pooledfund.access import Action, require_partner
from pooledfund.control.reconciling.position import DoesNotCast, NothingReconciled
from pooledfund.control.reconciling.runs import RAN, ReconciliationRefused, known_partner
from pooledfund.intake.meanwhile import check_unchanged
from pooledfund.intake.tables import Faults, read_csv
from pooledfund.pool import Pool
from s75_rules.balance_rules import BalanceRule, balance_rule

BALANCES = "balances"
Heading = Literal["receivable", "payable", "income", "expenditure"]
HEADINGS: tuple[Heading, ...] = get_args(Heading)
COLUMNS = ("heading", "item", "amount")

MIRROR: dict[Heading, tuple[tuple[str, ...], int]] = {
    "receivable": ((chart.CREDITORS, chart.ACCRUALS), -1),
    "payable": ((chart.DEBTORS,), 1),
    "income": ((chart.EXPENDITURE, chart.SUSPENSE, chart.RISK_SHARE_RETURNED, chart.RETURNED_TO_FUNDER), 1),
    "expenditure": ((chart.INCOME, chart.LATE_INTEREST, chart.RISK_SHARE_INCOME, chart.BREACH_INCOME), -1),
}
"""What a partner's figure is in our books: the accounts, and their sign as the partner sees them."""

WORDS: dict[Heading, str] = {
    "receivable": "their receivable, our payable",
    "payable": "their payable, our receivable",
    "income": "their income, our expenditure",
    "expenditure": "their expenditure, our income",
}
Stated = Mapping[tuple[Heading, str], int]
"""A partner's figures in pence by heading and item: a scheme line, a contribution, or nothing for a sum."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One figure of the partner against ours, in pence, with the items that lead from the one to the other."""

    heading: Heading
    theirs_pence: int
    ours_pence: int
    steps: tuple[tuple[str, int], ...]
    threshold_pence: int | None
    statement_from_pence: int | None

    @property
    def difference_pence(self) -> int:
        """Ours less theirs."""
        return self.ours_pence - self.theirs_pence

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if not self.difference_pence:
            return "agrees"
        if self.threshold_pence is None:
            return "differs, threshold not known here"
        return "within the threshold" if abs(self.difference_pence) <= self.threshold_pence else "differs"

    @property
    def agrees(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state in ("agrees", "within the threshold")

    @property
    def statement(self) -> str:
        """Whether a statement of it is to be issued, in words."""
        if self.statement_from_pence is None:
            return "not known here"
        return "yes" if max(abs(self.ours_pence), abs(self.theirs_pence)) >= self.statement_from_pence else "no"

    def as_json(self) -> dict[str, object]:
        """The figure with money in pounds as text."""
        limit = self.threshold_pence
        return {
            "heading": self.heading,
            "state": self.state,
            "threshold": pounds(limit) if limit is not None else None,
            "statement_to_issue": self.statement,
            "theirs": pounds(self.theirs_pence),
            "steps": [{"item": item, "amount": pounds(pence)} for item, pence in self.steps],
            "ours": pounds(self.ours_pence),
        }


@dataclass(frozen=True, slots=True)
class AgreementOfBalances:
    """The agreement of balances with a partner at the end of a month."""

    partner: str
    month: int
    event: int
    rows: tuple[Agreed, ...]
    rule: BalanceRule | None

    @property
    def agrees(self) -> bool:
        """Whether every figure agrees, or differs by no more than its threshold."""
        return all(each.agrees for each in self.rows)

    def as_json(self) -> dict[str, object]:
        """The agreement with money in pounds as text."""
        return {
            "partner": self.partner,
            "month": f"M{self.month}",
            "event": self.event,
            "agrees": self.agrees,
            "thresholds": {"reference": self.rule.reference, "certainty": self.rule.certainty} if self.rule else None,
            "figures": [each.as_json() for each in self.rows],
        }


def stated_figures(text: str) -> dict[tuple[Heading, str], int]:
    """A partner's figures as ``receivable=1200.50,payable=0``, or as a CSV file of heading, item and amount.

    Raises:
        ReconciliationRefused, FileRefused: with everything that cannot be read.
    """
    if "=" not in text:
        return figures_of_file(Path(text))
    found: dict[tuple[Heading, str], int] = {}
    faults = []
    for part in text.split(","):
        name, _, amount = part.partition("=")
        try:
            _put(found, name.strip(), "", amount.strip())
        except (ReconciliationRefused, MoneyNotUnderstood) as error:
            faults.append(f"--theirs: {error}")
    if faults:
        raise ReconciliationRefused(*faults)
    return found


def figures_of_file(path: Path) -> dict[tuple[Heading, str], int]:
    """A partner's figures in pence from a CSV file of heading, item and amount; raises FileRefused with every fault."""
    table, faults = read_csv(path, COLUMNS, words="item"), Faults(path)
    found: dict[tuple[Heading, str], int] = {}
    for row in table.rows:
        try:
            _put(found, row["heading"], row["item"], row["amount"])
        except (ReconciliationRefused, MoneyNotUnderstood) as error:
            faults.add(row.number, str(error))
    if not table.rows:
        faults.add(None, "holds no figures: add rows under the header")
    faults.raise_if_any()
    return found


def _put(found: dict[tuple[Heading, str], int], name: str, item: str, amount: str) -> None:
    for heading in HEADINGS:
        if heading == name:
            if (heading, item) in found:
                raise ReconciliationRefused(f"{name}{f' of {item}' if item else ''} is given twice: give it once")
            found[heading, item] = parse_pounds(amount)
            return
    raise ReconciliationRefused(f"'{name[:40]}' is not a heading: use one of {', '.join(HEADINGS)}")


def agree_balances(pool: Pool, partner: str, month: int, stated: Stated, *, expected_event: int | None = None) -> int:
    """Record what a partner states of its balances with the pool; gives the event. The same again is the same event.

    ``expected_event`` is the newest event that the person had read.

    Raises:
        ChangedMeanwhile: other figures were stated since.
        NotAllowed: the person may not reconcile with this partner.
        ReconciliationRefused: no such partner.
    """
    require_partner(pool.actor, Action.RECONCILE, partner)
    known_partner(pool, partner)
    theirs: list[JSON] = [[heading, item, pence] for (heading, item), pence in stated.items()]
    with pool.writing(Action.RECONCILE) as writing:
        last = _last(pool, partner, month, None)
        if last is not None and last[1] == dict(stated):
            return last[0]
        told = [pool.books.event(last[0])] if last is not None else []
        check_unchanged(told, expected_event, f"what {partner} states of M{month}")
        return writing.event(RAN, {"kind": BALANCES, "partner": partner, "month": month, "theirs": theirs})


def _last(pool: Pool, partner: str, month: int, as_of: int | None) -> tuple[int, Stated] | None:
    place = (BALANCES, partner, month)
    for event in reversed(pool.books.events(kind=RAN, as_of=as_of)):
        payload = event.payload
        if (payload["kind"], payload["partner"], payload["month"]) == place:
            theirs = payload["theirs"]
            assert isinstance(theirs, list)
            return event.number, {(heading, item): pence for heading, item, pence in theirs}
    return None


def balances_agreement(pool: Pool, partner: str, month: int, as_of: int | None = None) -> AgreementOfBalances:
    """The figures that a partner stated last for a month, against ours as they stand or stood at an event.

    Raises:
        NotAllowed: the person may not read the books, or acts for another partner.
        ReconciliationRefused: no such partner; NothingReconciled: it has stated nothing for that month.
        DoesNotCast: our figure by its items is not the balance of the books.
    """
    require_partner(pool.actor, Action.READ, partner)
    known_partner(pool, partner)
    last = _last(pool, partner, month, as_of)
    if last is None:
        raise NothingReconciled(f"{partner} has stated no balances of M{month}: give them")
    event, stated = last
    rule = balance_rule(pool.agreement.year, month, pool.agreement.agreement_of_balances)
    headings = [each for each in HEADINGS if any(heading == each for heading, _ in stated)]
    rows = tuple(_agreed(pool, partner, month, as_of, heading, stated, rule) for heading in headings)
    return AgreementOfBalances(partner, month, event, rows, rule)


def _agreed(
    pool: Pool, partner: str, month: int, as_of: int | None, heading: Heading, stated: Stated, rule: BalanceRule | None
) -> Agreed:
    theirs = {item: pence for (of, item), pence in stated.items() if of == heading}
    by_item = _our_items(pool, partner, month, as_of, heading)
    accounts, sign = MIRROR[heading]
    whole = pool.books.balances("actual", ("partner",), accounts=accounts, through_month=month, as_of=as_of)
    ours = sign * whole.get((partner,), 0)
    if set(theirs) == {""}:
        steps = [("not broken down by the partner", ours - theirs[""])]
    else:
        names = dict.fromkeys((*theirs, *by_item))
        steps = [(name or "no line", by_item.get(name, 0) - theirs.get(name, 0)) for name in names]
    stated_pence = sum(theirs.values())
    if sum(by_item.values()) != ours or stated_pence + sum(pence for _, pence in steps) != ours:
        raise DoesNotCast(
            f"{partner} M{month} {heading}: the items come to {pounds_for_people(sum(by_item.values()))} and the books "
            f"hold {pounds_for_people(ours)}: run verify"
        )
    kind = "balances" if heading in ("receivable", "payable") else "income_and_expenditure"
    return Agreed(
        heading,
        stated_pence,
        ours,
        tuple(step for step in steps if step[1]),
        getattr(rule.agree, kind) if rule else None,
        getattr(rule.statement_from, kind) if rule else None,
    )


def _our_items(pool: Pool, partner: str, month: int, as_of: int | None, heading: Heading) -> dict[str, int]:
    """Our side of a heading by item: scheme lines of what the partner spends, contributions of what it pays."""
    accounts, sign = MIRROR[heading]
    by_line = heading in ("receivable", "income")
    balances = pool.books.balances(
        "actual", ("partner", "scheme", "contribution"), accounts=accounts, through_month=month, as_of=as_of
    )
    found: dict[str, int] = defaultdict(int)
    for (of, scheme, contribution), pence in balances.items():
        if of == partner:
            found[str((scheme if by_line else contribution) or "")] += sign * pence
    return dict(found)
