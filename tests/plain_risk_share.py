"""A second risk share, written straight from the rules in another shape to check the first. Holds no tests.

It reads the agreement as the plain texts of its file, keeps fractions throughout, and shares no
code with what it checks.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

RINGED = [
    "dfg",
    "social_care_capital",
    "ibcf",
    "winter_pressures",
    "discharge_la",
    "discharge_nhs",
    "la_better_care_grant",
]
CAPITAL = ("dfg", "social_care_capital")
Texts = dict[str, Any]
"""An agreement as its file writes it: texts, lists and mappings of any depth, which no type can say shortly."""


def pence(text: str) -> int:
    return int(Fraction(text) * 100)


def portion(size: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Whole pence first; then a penny each to the largest remainder, the first of equals."""
    if not size:
        return [0] * len(weights)
    exact = [Fraction(size) * weight / sum(weights) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    while sum(parts) < size:
        gaps = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[gaps.index(max(gaps))] += 1
    return parts


def spread(size: int, over: Mapping[str, int | Fraction]) -> dict[str, int]:
    return dict(zip(over, portion(size, list(over.values())), strict=True))


def less(amounts: dict[str, int], parts: Mapping[str, int]) -> None:
    for name, part in parts.items():
        amounts[name] -= part


class Plain:
    """One agreement, one outturn, and what becomes of the variance, worked out when it is made."""

    def __init__(self, file: Texts, outturns: Mapping[str, int], breaches: Sequence[tuple[str, str, int]]) -> None:
        self.file, self.outturns, self.breaches = file, outturns, breaches
        self.partners, self.lines, self.money = file["partners"], file["schemes"], file["contributions"]
        self.bears, self.gets = dict.fromkeys(self.partners, 0), dict.fromkeys(self.partners, 0)
        self.carried: dict[str, int] = defaultdict(int)
        self.returned: dict[str, int] = defaultdict(int)
        self.change = dict.fromkeys(file["reserves"], 0)
        self.open = {"overspend": 0, "underspend": 0}
        self.pooled = [x for x in self.lines if file["funds"][self.lines[x]["fund"]]["kind"] == "pooled"]
        self.owner = {x: self.clause_of(x) for x in self.pooled}
        self.over, self.under = dict.fromkeys(self.pooled, 0), dict.fromkeys(self.pooled, 0)
        self.joined: dict[str, list[str]] = {x: [] for x in self.lines}
        for x in self.lines:
            self.before_any_clause(x)
        for number, clause in enumerate(file["risk_share"]):
            self.overspend(clause, [x for x in self.pooled if self.owner[x] == number])
        for number, clause in enumerate(file["risk_share"]):
            self.underspend(clause, [x for x in self.pooled if self.owner[x] == number])

    # What the file says

    def budget(self, x: str) -> dict[str, int]:
        written = self.lines[x].get("budget", {})
        return {c: pence(written[c]) for c in self.money if c in written and pence(written[c]) > 0}

    def whole(self, x: str) -> int:
        return sum(self.budget(x).values())

    def ringed(self, c: str) -> bool:
        return self.money[c]["source"] in RINGED or self.money[c].get("ring_fenced") == "true"

    def signatories(self) -> list[str]:
        def signs(partner: Texts) -> bool:
            return bool(
                partner.get("signatory") == "true" or ("signatory" not in partner and partner["kind"] != "district")
            )

        return [p for p in self.partners if signs(self.partners[p])]

    def clause_of(self, x: str) -> int:
        def covers(what: Texts | str) -> bool:
            if isinstance(what, str):
                return True
            named = self.lines[x]["fund"] in what.get("funds", ()) or x in what.get("schemes", ())
            return named or any(self.money[c]["source"] in what.get("sources", ()) for c in self.budget(x))

        return next(n for n, clause in enumerate(self.file["risk_share"]) if covers(clause["covers"]))

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
        elif self.budget(x):
            for c, part in spread(abs(gap), self.budget(x)).items():
                if gap > 0:
                    self.over_part(x, c, part)
                if gap < 0:
                    self.under_part(x, c, part)
        elif gap < 0:
            self.gets[lead] -= gap
        else:
            self.over[x] += gap

    def under_part(self, x: str, c: str, part: int) -> None:
        if not self.ringed(c):
            self.under[x] += part
        elif self.money[c].get("unspent", "carry_forward") == "carry_forward":
            self.carried[c] += part
        else:
            self.returned[c] += part

    def over_part(self, x: str, c: str, part: int) -> None:
        what = self.file["risk_share"][self.owner[x]]["covers"]
        named = what if isinstance(what, dict) else {}
        if not self.ringed(c):
            self.over[x] += part
        elif x in named.get("schemes", ()) or self.money[c]["source"] in named.get("sources", ()):
            self.over[x] += part
            self.joined[x].append(c)
        else:
            self.bears[self.lines[x]["lead"]] += part

    # Section 4: how partners share

    def weigh(self, x: str, step: Texts, basis: str | Texts, also: Sequence[str]) -> dict[str, Fraction]:
        found: dict[str, Fraction] = dict.fromkeys(self.partners, Fraction(0))
        rings = step.get("including_ring_fenced") == "true"
        if isinstance(basis, dict):
            found.update({p: Fraction(w) for p, w in basis.items()})
        elif basis == "host":
            found[self.file["funds"][self.lines[x]["fund"]]["host"]] += 1
        elif basis == "equal":
            found.update(dict.fromkeys(self.signatories(), Fraction(1)))
        elif basis == "contribution":
            for c, each in self.money.items():
                if each["fund"] == self.lines[x]["fund"] and (rings or not self.ringed(c)):
                    found[each["partner"]] += pence(each["amount"]) * (each["partner"] in self.signatories())
        elif basis == "budget":
            for c, b in self.budget(x).items():
                found[self.money[c]["partner"]] += b * (c in also or not self.ringed(c))
        if not any(found.values()):
            found[self.lines[x]["lead"]] = Fraction(1)
        return {p: w for p, w in found.items() if w}

    def share(
        self, taken: Mapping[str, int], weigh: Callable[[str], dict[str, Fraction]], bear: Callable[[str, int], int]
    ) -> dict[str, int]:
        """Hand each group's parts to ``bear``, which says how much it took; give what each line was relieved of."""
        groups: dict[tuple[tuple[str, Fraction], ...], dict[str, int]] = {}
        for x, amount in taken.items():
            if amount:
                groups.setdefault(tuple(weigh(x).items()), {})[x] = amount
        relief: dict[str, int] = {}
        for weights, inside in groups.items():
            placed = sum(bear(p, part) for p, part in spread(sum(inside.values()), dict(weights)).items())
            relief |= spread(placed, inside)
        return relief

    def size(self, step: Texts, mine: Sequence[str], left: Mapping[str, int]) -> int:
        text = step.get("up_to", "")
        if text.endswith("%"):
            exact = Fraction(text[:-1]) / 100 * sum(map(self.whole, mine)) + Fraction(1, 2)
            return min(sum(left.values()), exact.numerator // exact.denominator)
        return min(sum(left.values()), pence(text) if text else sum(left.values()))

    # Section 4: the steps

    def overspend(self, clause: Texts, mine: Sequence[str]) -> None:
        liable = {p: pence(a) for p, a in clause.get("max_liability", {}).items()}
        for step in clause["overspend"]:
            left = {x: self.over[x] for x in mine if self.over[x]}
            if "offset" in step:
                self.offset(step["offset"], mine)
            elif "reserve" in step:
                size = min(self.size(step, mine, left), self.balance(step["reserve"]))
                self.change[step["reserve"]] -= size
                less(self.over, spread(size, left))
            elif "share" in step:
                self.share_step(step, spread(self.size(step, mine, left), left), liable)
            else:
                self.open["overspend"] += sum(left.values())
                less(self.over, left)
        beyond = {x: self.over[x] for x in mine}
        if "excess_to" in clause:
            self.bears[clause["excess_to"]] += sum(beyond.values())
        else:
            self.open["overspend"] += sum(beyond.values())
        less(self.over, beyond)

    def balance(self, reserve: str) -> int:
        each = self.file["reserves"][reserve]
        return (
            pence(each.get("opening", "0")) + sum(map(pence, each.get("funded_by", {}).values())) + self.change[reserve]
        )

    def offset(self, scope: str, mine: Sequence[str]) -> None:
        by_fund = [[x for x in self.pooled if self.lines[x]["fund"] == fund] for fund in self.file["funds"]]
        scopes: dict[str, Sequence[Sequence[str]]] = {"clause": [mine], "fund": by_fund, "agreement": [self.pooled]}
        for within in scopes[scope]:
            capital = {x for x in mine for c in self.joined[x] if self.money[c]["source"] in CAPITAL}
            over = {x: self.over[x] for x in mine if x in within and x not in capital}
            under = {x: self.under[x] for x in within}
            size = min(sum(over.values()), sum(under.values()))
            less(self.over, spread(size, over))
            less(self.under, spread(size, under))

    def share_step(self, step: Texts, taken: Mapping[str, int], liable: dict[str, int]) -> None:
        caps = {p: pence(a) for p, a in step.get("caps", {}).items()}
        room = {p: min(side[p] for side in (caps, liable) if p in side) for p in {*caps, *liable}}

        def bear(partner: str, part: int) -> int:
            took = min(part, room.get(partner, part))
            self.bears[partner] += took
            for kept in (room, liable):
                if partner in kept:
                    kept[partner] -= took
            return took

        less(self.over, self.share(taken, lambda x: self.weigh(x, step, step["share"], self.joined[x]), bear))

    def underspend(self, clause: Texts, mine: Sequence[str]) -> None:
        for step in clause["underspend"]:
            left = {x: self.under[x] for x in mine if self.under[x]}
            taken = spread(self.size(step, mine, left), left)
            less(self.under, taken)
            if "retain" in step:
                self.change[step["retain"]] += sum(taken.values())
            elif "return" in step:
                self.return_step(step, taken)
            elif "carry_forward" in step:
                for x, part in taken.items():
                    for c, piece in spread(
                        part, {c: b for c, b in self.budget(x).items() if not self.ringed(c)}
                    ).items():
                        self.carried[c] += piece
            else:
                self.open["underspend"] += sum(taken.values())

    def return_step(self, step: Texts, taken: Mapping[str, int]) -> None:
        def get(partner: str, part: int) -> int:
            self.gets[partner] += part
            return part

        self.share(taken, lambda x: self.weigh(x, step, step["return"], ()), get)
