"""A second risk share, written straight from the rules in another shape to check the first. Holds no tests.

It keeps fractions throughout and shares no code with what it checks.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from plain_terms import CAPITAL, NotKnown, Place, Terms, Texts, Weighed, less, pence, spread


class Plain(Terms):
    """One agreement, one outturn, and what becomes of the variance, worked out when it is made."""

    def __init__(
        self,
        file: Texts,
        outturns: Mapping[str, int],
        breaches: Sequence[tuple[str, str, int]],
        months: Mapping[str, Sequence[int]],
        contained: Mapping[str, Sequence[int]],
    ) -> None:
        super().__init__(file)
        self.outturns, self.breaches, self.months = outturns, breaches, months
        self.uncounted = {x: list(cuts) for x, cuts in contained.items()}
        self.bears, self.gets = dict.fromkeys(self.partners, 0), dict.fromkeys(self.partners, 0)
        self.contested = {side: dict.fromkeys(self.partners, 0) for side in ("overspend", "underspend")}
        self.given: dict[tuple[str, str, str], int] = defaultdict(int)
        self.carried: dict[str, int] = defaultdict(int)
        self.returned: dict[str, int] = defaultdict(int)
        self.change = dict.fromkeys(file["reserves"], 0)
        self.open: dict[tuple[str, str], int] = defaultdict(int)
        self.pooled = [x for x in self.lines if file["funds"][self.lines[x]["fund"]]["kind"] == "pooled"]
        # A place is a line under one clause with the same withdrawals in force, in the order of time.
        self.when: dict[Place, list[int]] = {}
        for x in self.pooled:
            for month in range(12):
                self.when.setdefault((x, self.clause_in(x, month), self.withdrawn_in(x, month)), []).append(month)
        self.over, self.under = dict.fromkeys(self.when, 0), dict.fromkeys(self.when, 0)
        self.joined: dict[Place, list[str]] = {x: [] for x in self.when}
        for x in self.lines:
            self.before_any_clause(x)
        for number, clause in enumerate(file["risk_share"]):
            self.overspend(clause, [x for x in self.when if x[1] == number])
        for number, clause in enumerate(file["risk_share"]):
            self.underspend(clause, [x for x in self.when if x[1] == number])
        for each in file.get("decisions", ()):
            assert self.open.pop((each["clause"], each["side"])) == sum(map(pence, each["partners"].values()))
            for partner, amount in each["partners"].items():
                self.give(each["side"], each["clause"], partner, pence(amount), False)
        self.dispute()

    def left_open(self, side: str) -> int:
        return sum(amount for (_, of), amount in self.open.items() if of == side)

    # Sections 1 to 3

    def before_any_clause(self, x: str) -> None:
        breached = [(partner, amount) for where, partner, amount in self.breaches if where == x]
        for partner, amount in breached:
            self.bears[partner] += amount
        gap = self.outturns.get(x, self.whole(x)) - sum(amount for _, amount in breached) - self.whole(x)
        lead = self.lines[x]["lead"]
        if x not in self.pooled:
            mine = {
                p: sum(b for c, b in self.budget(x).items() if self.money[c]["partner"] == p) for p in self.partners
            }
            keep = mine if any(mine.values()) else {lead: 1}
            for partner, part in spread(abs(gap), keep).items():
                (self.bears if gap > 0 else self.gets)[partner] += part
            return
        ring = dict.fromkeys(self.budget(x), 0)
        for place, its in self.by_place(x, gap).items():
            if self.budget(x):
                for c, part in spread(abs(its), self.budget(x)).items():
                    self.part(place, c, part, its > 0, ring)
            elif its < 0:
                self.gets[lead] -= its
            else:
                self.over[place] += its
        for c, part in ring.items():
            if part > 0:
                self.bears[lead] += part
            elif self.money[c].get("unspent", "carry_forward") == "carry_forward":
                self.carried[c] -= part
            else:
                self.returned[c] -= part

    def by_place(self, x: str, gap: int) -> dict[Place, int]:
        """What arose in the months of each place of a line; evenly, the odd pence last, where nothing says when."""
        even = abs(gap) // 12
        sign = 1 if gap > 0 else -1
        months = self.months.get(x) or [sign * even] * 11 + [gap - 11 * sign * even]
        return {place: sum(months[m] for m in when) for place, when in self.when.items() if place[0] == x}

    def part(self, place: Place, c: str, part: int, over: bool, ring: dict[str, int]) -> None:
        what = self.file["risk_share"][place[1]]["covers"]
        named = what if isinstance(what, dict) else {}
        if not self.ringed(c):
            (self.over if over else self.under)[place] += part
        elif over and (place[0] in named.get("schemes", ()) or self.money[c]["source"] in named.get("sources", ())):
            self.over[place] += part
            self.joined[place].append(c)
        else:
            ring[c] += part if over else -part

    def share(
        self,
        taken: Mapping[Place, int],
        weigh: Callable[[Place], Weighed],
        bear: Callable[[str, int, bool], int],
    ) -> dict[Place, int]:
        """Hand each group's parts to ``bear``, which says how much it took; give what each line was relieved of."""
        groups: dict[Weighed, dict[Place, int]] = {}
        for x, amount in taken.items():
            if amount:
                groups.setdefault(weigh(x), {})[x] = amount
        relief: dict[Place, int] = {}
        for (weights, held), inside in groups.items():
            placed = sum(bear(p, part, p in held) for p, part in spread(sum(inside.values()), dict(weights)).items())
            relief |= spread(placed, inside)
        return relief

    def size(self, step: Texts, mine: Sequence[Place], left: Mapping[Place, int]) -> int:
        text = step.get("up_to", "")
        if text.endswith("%"):
            exact = Fraction(text[:-1]) / 100 * sum(map(self.whole, {x for x, _, _ in mine})) + Fraction(1, 2)
            return min(sum(left.values()), exact.numerator // exact.denominator)
        return min(sum(left.values()), pence(text) if text else sum(left.values()))

    def give(self, side: str, clause: str, partner: str, amount: int, held: bool) -> None:
        if held:
            self.contested[side][partner] += amount
        else:
            (self.bears if side == "overspend" else self.gets)[partner] += amount
            self.given[clause, side, partner] += amount

    def dispute(self) -> None:
        """What a disputed clause gave anyone, then what single disputes reach, leaves what partners bear and get."""
        found: list[tuple[str, str, str, str | None]] = [
            (clause["clause"], side, p, None)
            for clause in self.file["risk_share"]
            if clause.get("disputed") == "true"
            for side in self.contested
            for p in self.partners
        ]
        found += [
            (each["clause"], each["side"], each["partner"], each.get("amount"))
            for each in self.file.get("disputes", ())
        ]
        for clause, side, partner, amount in found:
            free = self.given[clause, side, partner]
            moved = min(free, pence(amount)) if amount else free
            self.given[clause, side, partner] -= moved
            (self.bears if side == "overspend" else self.gets)[partner] -= moved
            self.contested[side][partner] += moved

    def leave_open(self, clause: Texts, side: str, mine: Sequence[Place]) -> None:
        amounts = self.over if side == "overspend" else self.under
        left = {x: amounts[x] for x in mine}
        self.open[clause["clause"], side] += sum(left.values())
        less(amounts, left)

    def until_decided(self, clause: Texts, side: str, written: Texts, verb: str) -> Texts:
        """A step that the board decides, as the step that stands until it has."""
        if "otherwise" in written and not self.decided(clause["clause"], side):
            return {verb: written["otherwise"]}
        return written

    def overspend(self, clause: Texts, mine: Sequence[Place]) -> None:
        liable = self.limits(clause, None, clause.get("max_liability", {}))
        for number, written in enumerate(clause["overspend"], 1):
            step = self.until_decided(clause, "overspend", written, "share")
            left = {x: self.over[x] for x in mine if self.over[x]}
            if "offset" in step:
                self.offset(step["offset"], mine)
            elif "reserve" in step:
                size = min(self.size(step, mine, left), self.balance(step["reserve"]))
                self.change[step["reserve"]] -= size
                less(self.over, spread(size, left))
            elif "share" in step:
                caps = self.limits(clause, number, step.get("caps", {}))
                try:
                    self.share_step(clause, step, spread(self.size(step, mine, left), left), caps, liable)
                except NotKnown:
                    self.leave_open(clause, "overspend", mine)
            else:
                self.leave_open(clause, "overspend", mine)
        beyond = {x: self.over[x] for x in mine}
        if "excess_to" in clause:
            self.give("overspend", clause["clause"], clause["excess_to"], sum(beyond.values()), False)
            less(self.over, beyond)
        else:
            self.leave_open(clause, "overspend", mine)

    def balance(self, reserve: str) -> int:
        each = self.file["reserves"][reserve]
        return (
            pence(each.get("opening", "0")) + sum(map(pence, each.get("funded_by", {}).values())) + self.change[reserve]
        )

    def offset(self, scope: str, mine: Sequence[Place]) -> None:
        by_fund = [[x for x in self.when if self.lines[x[0]]["fund"] == fund] for fund in self.file["funds"]]
        scopes: dict[str, Sequence[Sequence[Place]]] = {
            "clause": [mine],
            "fund": by_fund,
            "agreement": [list(self.when)],
        }
        for within in scopes[scope]:
            capital = {x for x in mine for c in self.joined[x] if self.money[c]["source"] in CAPITAL}
            over = {x: self.over[x] for x in mine if x in within and x not in capital}
            under = {x: self.under[x] for x in within}
            size = min(sum(over.values()), sum(under.values()))
            less(self.over, spread(size, over))
            less(self.under, spread(size, under))

    def share_step(
        self, clause: Texts, step: Texts, taken: Mapping[Place, int], caps: Mapping[str, int], liable: dict[str, int]
    ) -> None:
        room = {p: min(side[p] for side in (caps, liable) if p in side) for p in {*caps, *liable}}

        def bear(partner: str, part: int, held: bool) -> int:
            took = min(part, room.get(partner, part))
            self.give("overspend", clause["clause"], partner, took, held)
            for kept in (room, liable):
                if partner in kept:
                    kept[partner] -= took
            return took

        less(self.over, self.share(taken, lambda x: self.weigh(x, step, step["share"], self.joined[x]), bear))

    def from_action(self, clause: Texts, mine: Sequence[Place]) -> dict[Place, int]:
        """What of each place's underspend boards decided to save before its last month, the latest decision first."""
        found = dict.fromkeys(mine, 0)
        if any("of" in step for step in clause["underspend"]):
            for x in mine:
                for month in reversed(range(self.when[x][-1])):
                    cuts = self.uncounted.get(x[0], [0] * 12)
                    counts = min(cuts[month], self.under[x] - found[x])
                    cuts[month] -= counts
                    found[x] += counts
        return found

    def underspend(self, clause: Texts, mine: Sequence[Place]) -> None:
        action = self.from_action(clause, mine)
        for written in clause["underspend"]:
            step = self.until_decided(clause, "underspend", written, "return")
            before = {x: self.under[x] for x in mine}
            within = {x: min(before[x], action[x]) for x in mine} if "of" in step else before
            left = {x: amount for x, amount in within.items() if amount}
            self.underspend_step(clause, step, mine, spread(self.size(step, mine, left), left))
            if "of" in step:
                # Where an amount is not known, the step left all of a line open, more than came from action.
                action = {x: max(0, action[x] - (before[x] - self.under[x])) for x in mine}

    def underspend_step(self, clause: Texts, step: Texts, mine: Sequence[Place], taken: Mapping[Place, int]) -> None:
        if "return" in step:
            try:
                self.return_step(clause, step, taken)
            except NotKnown:
                self.leave_open(clause, "underspend", mine)
        elif "decide" in step:
            self.leave_open(clause, "underspend", mine)
        else:
            less(self.under, taken)
        if "retain" in step:
            self.change[step["retain"]] += sum(taken.values())
        elif "carry_forward" in step:
            for x, part in taken.items():
                free = {c: b for c, b in self.budget(x[0]).items() if not self.ringed(c)}
                for c, piece in spread(part, free).items():
                    self.carried[c] += piece

    def return_step(self, clause: Texts, step: Texts, taken: Mapping[Place, int]) -> None:
        room = {p: pence(a) for p, a in step.get("caps", {}).items()}
        if step["return"] == "same_as_overspend":
            loss = [each for each in clause["overspend"] if "share" in each][-1]
            step = {"return": loss["share"], "including_ring_fenced": loss.get("including_ring_fenced")}

        def get(partner: str, part: int, held: bool) -> int:
            got = min(part, room.get(partner, part))
            self.give("underspend", clause["clause"], partner, got, held)
            if partner in room:
                room[partner] -= got
            return got

        less(self.under, self.share(taken, lambda x: self.weigh(x, step, step["return"], ()), get))
