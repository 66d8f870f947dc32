"""A second risk share, written straight from the rules in another shape to check the first. Holds no tests.

It reads the agreement as the plain texts of its file, keeps fractions throughout, and shares no
code with what it checks.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

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
Place = tuple[str, int, tuple[int, ...]]
"""A line, the number of its clause, and the numbers of the withdrawals in force."""
Weighed = tuple[tuple[tuple[str, Fraction], ...], frozenset[str]]
"""The weights of partners, and those whose part is out of settlement."""
Thing = TypeVar("Thing", str, Place)


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


def spread(size: int, over: Mapping[Thing, int] | Mapping[Thing, Fraction]) -> dict[Thing, int]:
    return dict(zip(over, portion(size, list(over.values())), strict=True))


def less(amounts: dict[Place, int], parts: Mapping[Place, int]) -> None:
    for name, part in parts.items():
        amounts[name] -= part


class Plain:
    """One agreement, one outturn, and what becomes of the variance, worked out when it is made."""

    def __init__(
        self,
        file: Texts,
        outturns: Mapping[str, int],
        breaches: Sequence[tuple[str, str, int]],
        months: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.file, self.outturns, self.breaches, self.months = file, outturns, breaches, months or {}
        self.partners, self.lines, self.money = file["partners"], file["schemes"], file["contributions"]
        self.bears, self.gets = dict.fromkeys(self.partners, 0), dict.fromkeys(self.partners, 0)
        self.contested = {side: dict.fromkeys(self.partners, 0) for side in ("overspend", "underspend")}
        self.given: dict[tuple[str, str, str], int] = defaultdict(int)
        self.carried: dict[str, int] = defaultdict(int)
        self.returned: dict[str, int] = defaultdict(int)
        self.change = dict.fromkeys(file["reserves"], 0)
        self.open = {"overspend": 0, "underspend": 0}
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
        self.dispute()

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

    def stands(self, dates: Texts, month: int) -> bool:
        first = f"{2016 + (month + 3) // 12}-{(month + 3) % 12 + 1:02d}-01"
        return bool(dates.get("from", "") <= first <= dates.get("to", "9999"))

    def withdrawn_in(self, x: str, month: int) -> tuple[int, ...]:
        clause = self.file["risk_share"][self.clause_in(x, month)]["clause"]
        return tuple(
            n
            for n, each in enumerate(self.file.get("withdrawals", ()))
            if clause in each.get("clauses", [clause]) and self.stands(each, month)
        )

    def clause_in(self, x: str, month: int) -> int:
        def covers(what: Texts | str) -> bool:
            if isinstance(what, str):
                return True
            named = self.lines[x]["fund"] in what.get("funds", ()) or x in what.get("schemes", ())
            return named or any(self.money[c]["source"] in what.get("sources", ()) for c in self.budget(x))

        mine = [(n, clause) for n, clause in enumerate(self.file["risk_share"]) if covers(clause["covers"])]
        dated = [n for n, c in mine if ("from" in c or "to" in c) and self.stands(c, month)]
        return (dated + [n for n, c in mine if "from" not in c and "to" not in c])[0]

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

    # Section 4: how partners share

    def weigh(self, place: Place, step: Texts, basis: str | Texts, also: Sequence[str]) -> Weighed:
        x = place[0]
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
        elif basis == "commissioner":
            self.commissioned(x, found, also)
        elif basis == "budget":
            for c, b in self.budget(x).items():
                found[self.money[c]["partner"]] += b * (c in also or not self.ringed(c))
        if not any(found.values()):
            found[self.lines[x]["lead"]] = Fraction(1)
        return self.after_withdrawals(place, {p: w for p, w in found.items() if w})

    def commissioned(self, x: str, found: dict[str, Fraction], also: Sequence[str]) -> None:
        nhs = Fraction(self.lines[x]["commissioner"]["nhs"])
        for kind, share in (("nhs", nhs), ("local_authority", 100 - nhs)):
            own = [p for p in self.signatories() if self.partners[p]["kind"] == kind]
            funds = {
                p: sum(
                    b
                    for c, b in self.budget(x).items()
                    if self.money[c]["partner"] == p and (c in also or not self.ringed(c))
                )
                for p in own
            }
            for p in own:
                whole = sum(funds.values())
                found[p] = share * Fraction(funds[p], whole) if whole else share / len(own)

    def after_withdrawals(self, place: Place, found: dict[str, Fraction]) -> Weighed:
        held: set[str] = set()
        for n in place[2]:
            each = self.file["withdrawals"][n]
            who, then = each["partner"], each.get("then", "disputed")
            if who not in found:
                continue
            if then == "disputed" or (then == "others" and set(found) == {who}):
                held.add(who)
                continue
            weight = found.pop(who)
            held -= {who}
            if then != "others":
                found[then] = found.get(then, Fraction(0)) + weight
        return tuple((p, found[p]) for p in self.partners if p in found), frozenset(held)

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

    # Section 4: the steps

    def limits(self, clause: Texts, number: int | None, written: Mapping[str, str]) -> dict[str, int]:
        found = {p: pence(a) for p, a in written.items()}
        for each in self.file.get("agreed_beforehand", ()):
            if each["clause"] == clause["clause"] and each.get("step") == (str(number) if number else None):
                if "up_to" not in each:
                    found.pop(each["partner"], None)
                elif each["partner"] in found:
                    found[each["partner"]] = max(found[each["partner"]], pence(each["up_to"]))
        return found

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

    def overspend(self, clause: Texts, mine: Sequence[Place]) -> None:
        liable = self.limits(clause, None, clause.get("max_liability", {}))
        for number, written in enumerate(clause["overspend"], 1):
            step = {"share": written["otherwise"]} if "otherwise" in written else written
            left = {x: self.over[x] for x in mine if self.over[x]}
            if "offset" in step:
                self.offset(step["offset"], mine)
            elif "reserve" in step:
                size = min(self.size(step, mine, left), self.balance(step["reserve"]))
                self.change[step["reserve"]] -= size
                less(self.over, spread(size, left))
            elif "share" in step:
                caps = self.limits(clause, number, step.get("caps", {}))
                self.share_step(clause, step, spread(self.size(step, mine, left), left), caps, liable)
            else:
                self.open["overspend"] += sum(left.values())
                less(self.over, left)
        beyond = {x: self.over[x] for x in mine}
        if "excess_to" in clause:
            self.give("overspend", clause["clause"], clause["excess_to"], sum(beyond.values()), False)
        else:
            self.open["overspend"] += sum(beyond.values())
        less(self.over, beyond)

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

    def underspend(self, clause: Texts, mine: Sequence[Place]) -> None:
        for written in clause["underspend"]:
            step = {"return": written["otherwise"]} if "otherwise" in written else written
            left = {x: self.under[x] for x in mine if self.under[x]}
            taken = spread(self.size(step, mine, left), left)
            if "return" in step:
                self.return_step(clause, step, taken)
                continue
            less(self.under, taken)
            if "retain" in step:
                self.change[step["retain"]] += sum(taken.values())
            elif "carry_forward" in step:
                for x, part in taken.items():
                    for c, piece in spread(
                        part, {c: b for c, b in self.budget(x[0]).items() if not self.ringed(c)}
                    ).items():
                        self.carried[c] += piece
            else:
                self.open["underspend"] += sum(taken.values())

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
