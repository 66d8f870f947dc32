"""Hypothesis strategies: agreements as the texts of their file, with outturns and breaches. Holds no tests."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from ledgers.money import parse_pounds, pounds

PARTNERS = ("council", "icb", "trust", "district")
SOURCES = [
    "nhs_minimum",
    "nhs_additional",
    "la_additional",
    "dfg",
    "social_care_capital",
    "ibcf",
    "discharge_la",
    "discharge_nhs",
    "la_better_care_grant",
    "winter_pressures",
]
Texts = dict[str, Any]
"""An agreement as its file writes it: texts, lists and mappings of any depth."""


@dataclass(frozen=True)
class Case:
    """An agreement as texts, with what happened to its lines, in pence.

    The outturn of each, the breaches, in which months some variances arose, and containment decisions by month.
    """

    file: Texts
    outturns: dict[str, int]
    breaches: tuple[tuple[str, str, int], ...]
    months: dict[str, tuple[int, ...]] = field(default_factory=dict)
    contained: dict[str, tuple[int, ...]] = field(default_factory=dict)


amounts_pence = st.one_of(st.integers(1, 30), st.integers(1, 2_000), st.integers(1, 900_000_000))
"""Small sums meet every tie of odd pence; large ones are the size of real lines."""
some_pence = st.one_of(st.just(0), st.integers(0, 40), st.integers(0, 2_000_000))


@st.composite
def partners(draw: st.DrawFn) -> Texts:
    names = PARTNERS[: draw(st.integers(2, 4))]
    kinds = {"council": "local_authority", "icb": "nhs", "trust": "nhs", "district": "district"}
    found: Texts = {name: {"name": name.title(), "kind": kinds[name]} for name in draw(st.permutations(names))}
    for name in names:
        if (signatory := draw(st.sampled_from([None, None, "true", "false"]))) is not None:
            found[name]["signatory"] = signatory
    return found


@st.composite
def contributions(draw: st.DrawFn, who: list[str], funds: list[str]) -> Texts:
    found: Texts = {}
    for number in range(draw(st.integers(1, 5))):
        each = {
            "partner": draw(st.sampled_from(who)),
            "fund": draw(st.sampled_from(funds)),
            "source": draw(st.sampled_from(SOURCES)),
        }
        if draw(st.booleans()):
            each["unspent"] = draw(st.sampled_from(["carry_forward", "return_to_payer"]))
        if draw(st.integers(0, 5)) == 0:
            each["ring_fenced"] = "true"
        found[f"c{number}"] = each
    return found


@st.composite
def lines(draw: st.DrawFn, who: list[str], funds: list[str], money: Texts) -> Texts:
    found: Texts = {}
    for number in range(draw(st.integers(1, 5))):
        fund = draw(st.sampled_from(funds))
        payers = [name for name, each in money.items() if each["fund"] == fund]
        chosen = draw(st.lists(st.sampled_from(payers), unique=True, max_size=3)) if payers else []
        budget = {name: pounds(draw(st.one_of(st.just(0), amounts_pence, amounts_pence))) for name in chosen}
        found[f"L{number}"] = {
            "name": f"Line {number}",
            "fund": fund,
            "lead": draw(st.sampled_from(who)),
            "budget": budget,
        }
        shares = [{"nhs": "60", "la": "40"}, {"nhs": "100", "la": "0"}, {"nhs": "33.3", "la": "66.7"}, "la", None]
        if (commissioner := draw(st.sampled_from(shares))) is not None:
            found[f"L{number}"]["commissioner"] = commissioner
    return found


def limits() -> st.SearchStrategy[str]:
    return st.one_of(some_pence.map(pounds), st.sampled_from(["0.5%", "2%", "33.3%", "150%"]))


@st.composite
def sharing(draw: st.DrawFn, who: list[str]) -> str | Texts:
    if draw(st.integers(0, 2)) == 0:
        chosen = draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
        return {name: draw(st.sampled_from(["1", "50", "33.3", "66.7", "0.5", "100"])) for name in chosen}
    return draw(st.sampled_from(["lead", "host", "equal", "contribution", "budget", "commissioner"]))


@st.composite
def share_step(draw: st.DrawFn, who: list[str], key: str) -> Texts:
    step: Texts = {key: draw(sharing(who))}
    if draw(st.integers(0, 3)) == 0:
        step["including_ring_fenced"] = "true"
    return step


@st.composite
def overspend_steps(draw: st.DrawFn, who: list[str], reserves: list[str]) -> list[Texts]:
    steps: list[Texts] = []
    for kind in draw(st.lists(st.sampled_from(["offset", "reserve", "share", "share", "decide"]), max_size=4)):
        if kind == "offset":
            steps.append({"offset": draw(st.sampled_from(["clause", "fund", "agreement"]))})
        elif kind == "reserve" and reserves:
            steps.append({"reserve": draw(st.sampled_from(reserves))})
            if draw(st.booleans()):
                steps[-1]["up_to"] = draw(limits())
        elif kind == "share":
            step = draw(share_step(who, "share"))
            if draw(st.booleans()):
                step["up_to"] = draw(limits())
            if draw(st.booleans()):
                capped = draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
                step["caps"] = {name: pounds(draw(some_pence)) for name in capped}
                if draw(st.booleans()):
                    step["unless_agreed"] = "true"
            steps.append(step)
        elif kind == "decide":
            steps.append({"decide": "board", "otherwise": draw(sharing(who))})
    steps.append(draw(decide_step(who)) if draw(st.integers(0, 3)) == 0 else draw(share_step(who, "share")))
    return steps


@st.composite
def decide_step(draw: st.DrawFn, who: list[str]) -> Texts:
    step: Texts = {"decide": "board"}
    if draw(st.booleans()):
        step["otherwise"] = draw(sharing(who))
    return step


@st.composite
def limited_step(draw: st.DrawFn, who: list[str], reserves: list[str]) -> list[Texts]:
    """A step for an underspend that need not be the last; none where it would have no reserve or no limit."""
    kind = draw(st.sampled_from(["retain", "return", "carry_forward"]))
    limited = draw(st.sampled_from([("up_to",), ("caps",), ("up_to", "caps"), ("of",), ("of", "up_to")]))
    step: Texts = {"carry_forward": "true"}
    if kind == "return":
        step = draw(share_step(who, "return"))
        if "caps" in limited:
            capped = draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
            step["caps"] = {name: pounds(draw(some_pence)) for name in capped}
    elif kind == "retain" and reserves:
        step = {"retain": draw(st.sampled_from(reserves))} | draw(st.sampled_from([{}, {"non_recurrent": "true"}]))
    elif "of" not in limited:
        return []
    if "up_to" in limited and "carry_forward" not in step:
        step["up_to"] = draw(limits())
    if "of" in limited:
        step["of"] = "management_action"
    return [step]


@st.composite
def underspend_steps(draw: st.DrawFn, who: list[str], reserves: list[str]) -> list[Texts]:
    steps = [step for few in draw(st.lists(limited_step(who, reserves), max_size=3)) for step in few]
    last = draw(st.sampled_from(["return", "return", "carry_forward", "decide", "retain"]))
    if last == "retain" and reserves:
        steps.append({"retain": draw(st.sampled_from(reserves))})
    elif last == "carry_forward":
        steps.append({"carry_forward": "true"})
    elif last == "decide":
        steps.append(draw(decide_step(who)))
    else:
        steps.append(draw(share_step(who, "return")))
    return steps


@st.composite
def clauses(draw: st.DrawFn, who: list[str], pooled: list[str], schemes: list[str], reserves: list[str]) -> list[Texts]:
    found: list[Texts] = []
    for number in range(draw(st.integers(0, 3)) + 1):
        covers: str | Texts = "everything"
        if number:
            kind = draw(st.sampled_from(["funds", "schemes", "sources", "everything"]))
            if kind != "everything":
                names = {"funds": pooled, "schemes": schemes, "sources": list(SOURCES)}[kind]
                covers = {kind: draw(st.lists(st.sampled_from(names), unique=True, min_size=1))}
        clause: Texts = {
            "clause": f"{number}.1",
            "covers": covers,
            "overspend": draw(overspend_steps(who, reserves)),
            "underspend": draw(underspend_steps(who, reserves)),
        }
        if draw(st.integers(0, 2)) == 0:
            bound = draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
            clause["max_liability"] = {name: pounds(draw(some_pence)) for name in bound}
            if draw(st.booleans()):
                clause["unless_agreed"] = "true"
            if len(bound) < len(who) and draw(st.booleans()):
                clause["excess_to"] = draw(st.sampled_from([name for name in who if name not in bound]))
        if any("share" in step for step in clause["overspend"]) and draw(st.integers(0, 4)) == 0:
            clause["underspend"][-1] = {"return": "same_as_overspend"}
        if draw(st.integers(0, 8)) == 0:
            clause |= {"disputed": "true", "reason": "drawn"}
        if number and (covers == "everything" or draw(st.booleans())):
            clause |= draw(dates())
        found.append(clause)
    return found[::-1]  # the clause that covers everything stands last, or it would cover all


STARTS = ("2016-04-01", "2016-07-01", "2016-10-01", "2017-03-01")
ENDS = ("2016-09-30", "2016-12-31", "2017-03-31")


@st.composite
def dates(draw: st.DrawFn) -> Texts:
    """From a month, to a month, or both in this order."""
    start, end = draw(st.sampled_from(STARTS)), draw(st.sampled_from(ENDS))
    if start > end:
        return {"from": start}
    return draw(st.sampled_from([{"from": start}, {"to": end}, {"from": start, "to": end}]))


@st.composite
def withdrawals(draw: st.DrawFn, who: list[str], clauses: list[str]) -> list[Texts]:
    found: list[Texts] = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        partner = draw(st.sampled_from(who))
        others = [name for name in who if name != partner]
        each: Texts = {"partner": partner, "what": "suspends", "from": draw(st.sampled_from(STARTS)), "reference": "x"}
        ends = [end for end in ENDS if end > each["from"]]
        if (end := draw(st.sampled_from([None, "never", *ends]))) == "never":
            each["what"] = "withdraws"
        elif end is not None:
            each["to"] = end
        each["then"] = draw(st.sampled_from(["disputed", "others", *others]))
        if draw(st.booleans()):
            each["clauses"] = draw(st.lists(st.sampled_from(clauses), unique=True, min_size=1))
        found.append(each)
    return found


@st.composite
def disputes(draw: st.DrawFn, who: list[str], clauses: list[str]) -> list[Texts]:
    found: list[Texts] = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        each = {"clause": draw(st.sampled_from(clauses)), "partner": draw(st.sampled_from(who)), "reason": "drawn"}
        each |= {"side": draw(st.sampled_from(["overspend", "underspend"])), "raised": "2016-12-01"}
        if draw(st.booleans()):
            each["amount"] = pounds(draw(some_pence) + 1)
        found.append(each)
    return found


@st.composite
def lifted(draw: st.DrawFn, clauses: list[Texts], who: list[str]) -> list[Texts]:
    """What finance leads agreed before the spend on some of the limits that may be lifted."""
    found: list[Texts] = []
    for clause in clauses:
        places: list[tuple[Texts, dict[str, str]]] = [
            ({"step": str(number)}, step["caps"])
            for number, step in enumerate(clause["overspend"], 1)
            if "unless_agreed" in step
        ]
        if "unless_agreed" in clause:
            places.append(({}, clause["max_liability"]))
        for where, limits_there in places:
            if draw(st.booleans()):
                partner = draw(st.sampled_from(list(limits_there)))
                each = {"clause": clause["clause"], **where, "partner": partner, "agreed_by": who, "reference": "x"}
                each |= {"agreed": "2016-05-01", "spent_from": "2016-06-01"}
                if draw(st.booleans()):
                    each["up_to"] = pounds(parse_pounds(limits_there[partner]) + draw(amounts_pence))
                found.append(each)
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """An agreement that the rules accept, with an outturn for some of its lines and a few breaches."""
    parties = draw(partners())
    who = list(parties)
    pooled = ["pool", "second"][: draw(st.integers(1, 2))]
    funds: Texts = {
        name: {"name": f"{name} fund", "kind": "pooled", "host": draw(st.sampled_from(who))} for name in pooled
    }
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["aligned", "in_view"]))
        funds["apart"] = {"name": "apart fund", "kind": kind, "host": draw(st.sampled_from(who))}
    money = draw(contributions(who, list(funds)))
    schemes = draw(lines(who, list(funds), money))
    reserves: Texts = {
        name: {"fund": "pool", "opening": pounds(draw(some_pence))}
        for name in ["risk", "spare"][: draw(st.integers(0, 2))]
    }
    for each in reserves.values():
        of_fund = [name for name, contribution in money.items() if contribution["fund"] == each["fund"]]
        if of_fund and draw(st.integers(0, 3)) == 0:
            each["funded_by"] = {draw(st.sampled_from(of_fund)): pounds(draw(some_pence))}
    for name, each in money.items():
        used = sum(parse_pounds(line["budget"].get(name, "0")) for line in schemes.values())
        used += sum(parse_pounds(reserve.get("funded_by", {}).get(name, "0")) for reserve in reserves.values())
        each["amount"] = pounds(used + draw(some_pence))
    file: Texts = {
        "pooledfund": "1",
        "agreement": {"id": "drawn", "title": "Drawn", "area": "Nowhere", "year": "2016/17"},
        "partners": parties,
        "funds": funds,
        "contributions": money,
        "reserves": reserves,
        "schemes": schemes,
        "risk_share": draw(clauses(who, pooled, list(schemes), list(reserves))),
    }
    names = [clause["clause"] for clause in file["risk_share"]]
    file["withdrawals"] = draw(withdrawals(who, names))
    file["agreed_beforehand"] = draw(lifted(file["risk_share"], who))
    file["disputes"] = draw(disputes(who, names))
    outturns, breaches = draw(spending(schemes, who))
    months = {}
    for name, outturn in outturns.items():
        if draw(st.booleans()):
            budget = sum(parse_pounds(text) for text in schemes[name]["budget"].values())
            breached = sum(amount for where, _, amount in breaches if where == name)
            months[name] = draw(movements(outturn - breached - budget))
    return Case(file, outturns, breaches, months, draw(containments(outturns, schemes)))


@st.composite
def containments(draw: st.DrawFn, outturns: dict[str, int], schemes: Texts) -> dict[str, tuple[int, ...]]:
    """What boards decided not to spend on some lines: in a month or two, of the size of the variance."""
    found: dict[str, tuple[int, ...]] = {}
    for name, outturn in outturns.items():
        if draw(st.booleans()):
            size = abs(outturn - sum(parse_pounds(text) for text in schemes[name]["budget"].values()))
            months = [0] * 12
            for _ in range(draw(st.integers(1, 3))):
                months[draw(st.integers(0, 11))] += draw(st.integers(0, size + 20))
            found[name] = tuple(months)
    return found


@st.composite
def movements(draw: st.DrawFn, variance: int) -> tuple[int, ...]:
    """Twelve months of a variance, over and under by turns."""
    first = draw(st.lists(st.integers(-abs(variance) - 50, abs(variance) + 50), min_size=11, max_size=11))
    return (*first, variance - sum(first))


@st.composite
def spending(
    draw: st.DrawFn, schemes: Texts, who: list[str]
) -> tuple[dict[str, int], tuple[tuple[str, str, int], ...]]:
    """Outturns near the budget, far from it, below nil or missing; breaches within the outturn."""
    outturns: dict[str, int] = {}
    breaches: list[tuple[str, str, int]] = []
    for name, line in schemes.items():
        budget = sum(parse_pounds(text) for text in line["budget"].values())
        if draw(st.integers(0, 5)):
            gap = draw(st.one_of(st.integers(-5, 5), st.integers(-3_000, 3_000), st.integers(-budget, budget + 1_000)))
            outturns[name] = budget + gap
            for partner in draw(st.lists(st.sampled_from(who), max_size=2)):
                room = outturns[name] - sum(amount for where, _, amount in breaches if where == name)
                if room > 0 and draw(st.integers(0, 3)) == 0:
                    breaches.append((name, partner, draw(st.integers(1, room))))
    return outturns, tuple(breaches)
