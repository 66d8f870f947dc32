"""What an agreement says, for the second risk share: lines, dates, limits, and how partners share. Holds no tests.

It reads the agreement as the plain texts of its file, keeps fractions throughout, and shares no
code with what it checks.
"""

from collections.abc import Mapping, Sequence
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


class NotKnown(Exception):
    """A contribution that would weigh is no number yet."""


class Terms:
    """One agreement as its file writes it."""

    def __init__(self, file: Texts) -> None:
        self.file = file
        self.partners, self.lines, self.money = file["partners"], file["schemes"], file["contributions"]

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

    def decided(self, clause: str, side: str) -> bool:
        return any(each["clause"] == clause and each["side"] == side for each in self.file.get("decisions", ()))

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
                mine = each["fund"] == self.lines[x]["fund"] and each["partner"] in self.signatories()
                if mine and (rings or not self.ringed(c)):
                    if each["amount"] == "to be confirmed":
                        raise NotKnown
                    found[each["partner"]] += pence(each["amount"])
        elif basis == "commissioner":
            self.commissioned(x, found, also)
        elif basis == "budget":
            for c, b in self.budget(x).items():
                found[self.money[c]["partner"]] += b * (c in also or not self.ringed(c))
        if not any(found.values()):
            found[self.lines[x]["lead"]] = Fraction(1)
        return self.after_withdrawals(place, {p: w for p, w in found.items() if w})

    def commissioned(self, x: str, found: dict[str, Fraction], also: Sequence[str]) -> None:
        lead = "nhs" if self.partners[self.lines[x]["lead"]]["kind"] == "nhs" else "la"
        written = self.lines[x].get("commissioner", lead)
        nhs = Fraction({"nhs": 100, "la": 0}[written] if isinstance(written, str) else written["nhs"])
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

    def limits(self, clause: Texts, number: int | None, written: Mapping[str, str]) -> dict[str, int]:
        found = {p: pence(a) for p, a in written.items()}
        for each in self.file.get("agreed_beforehand", ()):
            if each["clause"] == clause["clause"] and each.get("step") == (str(number) if number else None):
                if "up_to" not in each:
                    found.pop(each["partner"], None)
                elif each["partner"] in found:
                    found[each["partner"]] = max(found[each["partner"]], pence(each["up_to"]))
        return found
