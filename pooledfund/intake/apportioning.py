"""How the cost of a line falls on its contributions: by current budget on its day. Posts nothing."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from ledgers.money import apportion_signed
from pooledfund.intake.business_cases import BusinessCaseMissing, without_case
from pooledfund.pool import Pool
from pooledfund.templates import Spend

Budgets = Mapping[str, list[tuple[str, int]]]
"""Of each line the contributions whose current budget is above nil, in the agreement's order, in pence."""


class Apportioning:
    """The current budgets of a pool by month, read once, and the cost of a line by contribution."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._budgets: dict[int, Budgets] = {}
        self._without_case = without_case(pool)
        self._own: dict[tuple[str, str], frozenset[str]] = {}

    def budgets(self, month: int) -> Budgets:
        """Current budgets above nil of each line at a month."""
        if month not in self._budgets:
            current = self._pool.current_budgets(month)
            lines: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for scheme in self._pool.agreement.schemes:
                for contribution in self._pool.agreement.contributions:
                    if current.get((scheme, contribution), 0) > 0:
                        lines[scheme].append((contribution, current[scheme, contribution]))
            self._budgets[month] = lines
        return self._budgets[month]

    def spend(self, scheme: str, partner: str, cost_pence: int, on: date, contribution: str | None = None) -> Spend:
        """What a partner spends on a line: on the contribution named, else apportioned by current budget on the day.

        A line without budget has no contribution.

        Raises:
            BusinessCaseMissing: the line is new or varied, and its business case is not approved.
        """
        if scheme in self._without_case:
            raise BusinessCaseMissing(self._without_case[scheme])
        parts: Mapping[str | None, int] = {contribution: cost_pence}
        if contribution is None:
            budgets = self.budgets(self._pool.agreement.year.month_of(on)).get(scheme, [])
            shares = apportion_signed(cost_pence, [pence for _, pence in budgets]) if budgets else []
            parts = {each: share for (each, _), share in zip(budgets, shares, strict=True)} or {None: cost_pence}
        return Spend(scheme, partner, parts, self._kept_for_own_lines(scheme, partner))

    def _kept_for_own_lines(self, scheme: str, partner: str) -> frozenset[str]:
        """The contributions that a partner keeps to pay for a line that it leads."""
        if (scheme, partner) not in self._own:
            agreement = self._pool.agreement
            self._own[scheme, partner] = frozenset(
                each.id
                for each in agreement.contributions.values()
                if agreement.settled_as(each) == "net_of_own_lines"
                and each.partner == partner == agreement.schemes[scheme].lead
            )
        return self._own[scheme, partner]
