"""Several pools seen as one: budgets, variance, exposure and conditions, nothing counted twice. Posts nothing.

Money that one pool pays over to another is taken out of the totals once; money that is aligned or
in view stands apart from pooled money.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ledgers.money import pounds, pounds_for_people
from s75_rules.agreement import Agreement, Partner, Scheme
from s75_rules.amounts import Amount, total
from s75_rules.conditions import MinimumTest
from s75_rules.errors import RuleBroken
from s75_rules.risk_share import RiskShare


class PoolTwice(RuleBroken):
    """A pool that is given twice, so that its money would count twice."""


class NoPool(RuleBroken):
    """Nothing to add up."""


class YearsDiffer(RuleBroken):
    """Pools of more than one year, whose money does not add up to anything."""


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """One pool: its plan, and where books are kept its forecast or outturn and its risk share. Pence by line.

    ``basis`` is ``plan`` for an agreement without books, else ``projected`` or ``outturn``.
    """

    agreement: Agreement
    basis: str
    contributions: Mapping[str, Amount]
    budgets: Mapping[str, Amount]
    forecasts_pence: Mapping[str, int] = field(default_factory=dict)
    share: RiskShare | None = None
    tests: tuple[MinimumTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of one kind: contributed, budgeted, forecast and the variance; None where it is not said."""

    contributed: Amount | None
    budget: Amount
    forecast_pence: int | None
    variance_pence: int | None

    def as_json(self) -> dict[str, str | None]:
        """The sum as text of pounds; words where an amount is no number yet."""
        return {
            "contributed": None if self.contributed is None else _text(self.contributed),
            "budget": _text(self.budget),
            "forecast": None if self.forecast_pence is None else pounds(self.forecast_pence),
            "variance": None if self.variance_pence is None else pounds(self.variance_pence),
        }


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one pool pays over to another by the word of each; they agree when both say the same exact amount."""

    giver: str
    taker: str
    given: Amount
    taken: Amount

    @property
    def agrees(self) -> bool:
        """Whether both pools state the same exact amount."""
        return self.given.exact_pence is not None and self.given == self.taken

    def as_json(self) -> dict[str, object]:
        """The transfer as plain values."""
        return {
            "from": self.giver,
            "to": self.taker,
            "given": _text(self.given),
            "taken": _text(self.taken),
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class PartnerSum:
    """One body over all its pools: what it contributes to pooled funds and apart, and what it bears and gets back."""

    name: str
    pools: tuple[str, ...]
    pooled: Amount
    apart: Amount
    bears_pence: int | None
    gets_back_pence: int | None

    def as_json(self) -> dict[str, object]:
        """The sums as text of pounds."""
        return {
            "name": self.name,
            "pools": list(self.pools),
            "pooled": _text(self.pooled),
            "apart": _text(self.apart),
            "bears": None if self.bears_pence is None else pounds(self.bears_pence),
            "gets_back": None if self.gets_back_pence is None else pounds(self.gets_back_pence),
        }


@dataclass(frozen=True)
class Portfolio:
    """Pools of one year beside one another and added up."""

    pools: tuple[PoolFigures, ...]

    def __post_init__(self) -> None:
        if not self.pools:
            raise NoPool("there is no pool to add up: name agreement files, or books that hold a pool")
        if len(years := {str(pool.agreement.year) for pool in self.pools}) > 1:
            raise YearsDiffer(f"the pools are of {', '.join(sorted(years))}: add up pools of one year")
        ids = [pool.agreement.id for pool in self.pools]
        if twice := next((each for each in ids if ids.count(each) > 1), None):
            raise PoolTwice(f"{twice} is given twice: give each pool once, from its books or from its file")

    @property
    def alike(self) -> list[tuple[str, str]]:
        """Pairs of agreements of one area, the same bodies and the same lines: one may be a version of the other."""
        marks = [
            (
                each.agreement.header.area,
                frozenset(partner.name for partner in each.agreement.partners.values()),
                frozenset(each.agreement.schemes),
            )
            for each in self.pools
        ]
        return [
            (self.pools[one].agreement.id, self.pools[two].agreement.id)
            for two, mark in enumerate(marks)
            for one in range(two)
            if marks[one] == mark and mark[2]
        ]

    def of_pool(self, pool: PoolFigures, *, pooled: bool) -> Sum:
        """The pooled money of one pool, or what is aligned and in view; transfers are still in it."""
        return _sum(pool, _lines(pool, pooled), pooled)

    @property
    def _here(self) -> frozenset[str]:
        """The pools that are added up, between which money is transferred."""
        return frozenset(pool.agreement.id for pool in self.pools)

    def transfers(self) -> list[Transfer]:
        """What pools here pay over to one another, by the line that pays and the contribution that takes."""
        given: dict[tuple[str, str], list[Amount]] = {}
        taken: dict[tuple[str, str], list[Amount]] = {}
        for pool in self.pools:
            own = pool.agreement.id
            for line in pool.agreement.schemes.values():
                if line.transferred_to is not None:
                    given.setdefault((own, line.transferred_to), []).append(pool.budgets[line.id])
            for each in pool.agreement.contributions.values():
                if each.transferred_from is not None:
                    taken.setdefault((each.transferred_from, own), []).append(pool.contributions[each.id])
        return [
            Transfer(*pair, total(given.get(pair, [])), total(taken.get(pair, [])))
            for pair in dict.fromkeys([*given, *taken])
            if self._here.issuperset(pair)
        ]

    def whole(self, *, pooled: bool) -> Sum:
        """All pools together without what they pay over to one another: neither the line that pays nor the receipt."""
        return _added([_sum(pool, _lines(pool, pooled, self._here), pooled, self._here) for pool in self.pools])

    def together(self, pools: Sequence[PoolFigures]) -> Sum:
        """Some pools added up as each states its pooled money, transfers still in it."""
        return _added([self.of_pool(pool, pooled=True) for pool in pools])

    def paid_over(self) -> Sum:
        """The pooled money that pools here pay over to one another, as those that take and those that give state it.

        The pools as each states them, less this, are the whole.
        """
        taken, given = [], []
        for pool in self.pools:
            here = self._here
            contributions = pool.agreement.contributions.values()
            taken += [
                pool.contributions[each.id]
                for each in contributions
                if each.transferred_from in here and pool.agreement.funds[each.fund].kind == "pooled"
            ]
            given.append(_of_lines(pool, [line for line in _lines(pool, True) if line.transferred_to in here]))
        return replace(_added(given), contributed=total(taken))

    def by_sub_area(self) -> dict[str, Sum]:
        """The pooled lines by the name of their sub-area over all pools, transfers left out; the rest under no name."""
        sums: dict[str, list[Sum]] = {}
        for pool in self.pools:
            areas: dict[str, list[Scheme]] = {}
            for line in _lines(pool, True, self._here):
                name = pool.agreement.sub_areas[line.sub_area].name if line.sub_area else ""
                areas.setdefault(name, []).append(line)
            for name, lines in areas.items():
                sums.setdefault(name, []).append(_of_lines(pool, lines))
        return {name: _added(sums[name]) for name in sorted(sums, key=lambda name: (not name, name))}

    def partners(self) -> list[PartnerSum]:
        """Every body over its pools, told by its ODS or ONS code, else by its name; transfers are no new money."""
        return [_partner_sum(seats, self._here) for seats in self._seats().values()]

    def body(self, name: str) -> tuple[list[PartnerSum], PartnerSum] | None:
        """One body by its name: in each of its pools, and over them; None where no pool has it."""
        wanted = _plain(name)
        for seats in self._seats().values():
            if any(_plain(partner.name) == wanted for _, partner in seats):
                return [_partner_sum([seat], self._here) for seat in seats], _partner_sum(seats, self._here)
        return None

    def _seats(self) -> dict[str, list[tuple[PoolFigures, Partner]]]:
        """Each body with its pools and what it is in each."""
        seats: dict[str, list[tuple[PoolFigures, Partner]]] = {}
        for pool in self.pools:
            for partner in pool.agreement.partners.values():
                seats.setdefault(_body(partner), []).append((pool, partner))
        return seats

    def placed(self) -> dict[str, int]:
        """What of the variance goes to no partner, over the pools that share risk, in pence, below nil what is kept."""
        shares = [pool.share for pool in self.pools if pool.share]
        return {
            "drawn from reserves": -sum(sum(each.reserves_pence.values()) for each in shares),
            "carried forward": -sum(sum(each.carried_forward_pence.values()) for each in shares),
            "returned to funders": -sum(sum(each.returned_to_funder_pence.values()) for each in shares),
            "disputed": sum(
                sum(each.disputed_overspend_pence.values()) - sum(each.disputed_underspend_pence.values())
                for each in shares
            ),
            "unresolved": sum(each.unresolved_overspend_pence - each.unresolved_underspend_pence for each in shares),
        }

    def lines_without_money(self) -> int:
        """How many lines have no amount yet, so that they are in no total."""
        return sum(not line.budgets for pool in self.pools for line in pool.agreement.schemes.values())

    def shared_variance_pence(self) -> int:
        """The variance of all pools with a risk share, every line of theirs included."""
        return sum(pool.share.variance_pence for pool in self.pools if pool.share)

    @property
    def failed(self) -> list[tuple[str, MinimumTest]]:
        """The minimum tests that are not met, with their pool."""
        return [(pool.agreement.id, test) for pool in self.pools for test in pool.tests if test.result == "not met"]


def _lines(pool: PoolFigures, pooled: bool, without: Collection[str] = ()) -> list[Scheme]:
    """A pool's lines of pooled money, or those apart, without lines that pay over to the pools named."""
    agreement = pool.agreement
    return [
        line
        for line in agreement.schemes.values()
        if agreement.is_pooled(line) == pooled and line.transferred_to not in without
    ]


def _body(partner: Partner) -> str:
    """What tells a body from others over several agreements: its code, else its name."""
    return partner.ods_code or partner.ons_code or _plain(partner.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _sum(pool: PoolFigures, lines: Sequence[Scheme], pooled: bool, without: Collection[str] = ()) -> Sum:
    """The contributions to a pool's funds of a kind, without receipts from the pools named, and some of its lines."""
    agreement = pool.agreement
    contributed = total(
        pool.contributions[each.id]
        for each in agreement.contributions.values()
        if (agreement.funds[each.fund].kind == "pooled") == pooled and each.transferred_from not in without
    )
    return replace(_of_lines(pool, lines), contributed=contributed)


def _of_lines(pool: PoolFigures, lines: Sequence[Scheme]) -> Sum:
    """Budget, forecast and variance of some lines."""
    budget = total(pool.budgets[line.id] for line in lines)
    if not pool.forecasts_pence:
        return Sum(None, budget, None, None)
    forecast = sum(pool.forecasts_pence[line.id] for line in lines)
    return Sum(None, budget, forecast, None if budget.exact_pence is None else forecast - budget.exact_pence)


def _added(sums: Sequence[Sum]) -> Sum:
    """Sums added up; forecast and variance only where every one of them has it."""

    def whole(parts: Iterator[int | None]) -> int | None:
        known = list(parts)
        return None if None in known else sum(each for each in known if each is not None)

    return Sum(
        total(each.contributed for each in sums if each.contributed),
        total(each.budget for each in sums),
        whole(each.forecast_pence for each in sums),
        whole(each.variance_pence for each in sums),
    )


def _partner_sum(seats: Sequence[tuple[PoolFigures, Partner]], here: Collection[str]) -> PartnerSum:
    paid: dict[bool, list[Amount]] = {True: [], False: []}
    bears = gets = None
    for pool, partner in seats:
        for each in pool.agreement.contributions.values():
            if each.partner == partner.id and each.transferred_from not in here:
                paid[pool.agreement.funds[each.fund].kind == "pooled"].append(pool.contributions[each.id])
        if pool.share:
            bears = (bears or 0) + pool.share.overspend_pence[partner.id]
            gets = (gets or 0) + pool.share.underspend_pence[partner.id]
    pools = tuple(pool.agreement.id for pool, _ in seats)
    return PartnerSum(seats[0][1].name, pools, total(paid[True]), total(paid[False]), bears, gets)


def _text(amount: Amount) -> str:
    return str(amount) if amount.exact_pence is None else pounds(amount.exact_pence)


def transfer_sentence(transfer: Transfer) -> str:
    """A transfer in words, with the difference where the two pools do not say the same."""
    if transfer.agrees:
        return f"{transfer.giver} pays {transfer.given} over to {transfer.taker}: counted once."
    gap = ""
    if transfer.given.exact_pence is not None and transfer.taken.exact_pence is not None:
        gap = f", a difference of {pounds_for_people(abs(transfer.given.exact_pence - transfer.taken.exact_pence))}"
    return (
        f"{transfer.giver} says that it pays {transfer.given} over to {transfer.taker},"
        f" which says {transfer.taken}{gap}: agree on one amount."
    )
