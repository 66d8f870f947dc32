"""A year's contributions and budgets by line, as agreed or as the books have them. Works out no return."""

from collections.abc import Mapping
from dataclasses import dataclass

from pooledfund.pool import Pool
from s75_rules.agreement import Agreement, Contribution, Scheme
from s75_rules.amounts import Amount

NIL = Amount.exact(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's contributions and budgets by line, as agreed or as they now stand in the books."""

    agreement: Agreement
    contributions: Mapping[str, Amount]
    budgets: Mapping[tuple[str, str], Amount]
    from_books: bool = False

    @classmethod
    def agreed(cls, agreement: Agreement) -> "Plan":
        """The year as the agreement file has it."""
        budgets = {
            (scheme.id, contribution): amount
            for scheme in agreement.schemes.values()
            for contribution, amount in scheme.budgets.items()
        }
        return cls(agreement, {each.id: each.amount for each in agreement.contributions.values()}, budgets)

    @classmethod
    def current(cls, pool: Pool, as_of: int | None = None) -> "Plan":
        """The year as the books have it: an amount that is not exact stays as agreed until the books hold it."""
        agreed = cls.agreed(pool.agreement)
        contributions, budgets = pool.current_contributions(as_of=as_of), pool.current_budgets(as_of=as_of)
        return cls(
            pool.agreement,
            {each: _current(amount, contributions.get(each)) for each, amount in agreed.contributions.items()},
            {
                key: _current(agreed.budgets.get(key, NIL), budgets.get(key), agreed.contributions[key[1]])
                for key in dict.fromkeys([*agreed.budgets, *budgets])
            },
            from_books=True,
        )

    def lines(self) -> list[Scheme]:
        """The pooled lines, in file order."""
        return [scheme for scheme in self.agreement.schemes.values() if self.agreement.is_pooled(scheme)]

    def pooled_contributions(self, partner: str) -> list[Contribution]:
        """What a partner puts into pooled funds."""
        return [
            each
            for each in self.agreement.contributions.values()
            if each.partner == partner and self.agreement.funds[each.fund].kind == "pooled"
        ]


def _current(agreed: Amount, in_books: int | None, of: Amount | None = None) -> Amount:
    """What the books hold; they may hold nothing where the agreed amount, or what it comes out of, is not exact."""
    exact = agreed.exact_pence is not None and (of is None or of.exact_pence is not None)
    return Amount.exact(in_books or 0) if exact or in_books else agreed
