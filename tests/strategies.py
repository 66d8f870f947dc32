"""Hypothesis strategies: agreements as the texts of their file, with outturns and breaches. Holds no tests."""

from dataclasses import dataclass
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
    """An agreement as texts, the outturn of its lines and the breaches on them, in pence."""

    file: Texts
    outturns: dict[str, int]
    breaches: tuple[tuple[str, str, int], ...]


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
    return found


def limits() -> st.SearchStrategy[str]:
    return st.one_of(some_pence.map(pounds), st.sampled_from(["0.5%", "2%", "33.3%", "150%"]))


@st.composite
def sharing(draw: st.DrawFn, who: list[str]) -> str | Texts:
    if draw(st.integers(0, 2)) == 0:
        chosen = draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
        return {name: draw(st.sampled_from(["1", "50", "33.3", "66.7", "0.5", "100"])) for name in chosen}
    return draw(st.sampled_from(["lead", "host", "equal", "contribution", "budget"]))


@st.composite
def share_step(draw: st.DrawFn, who: list[str], key: str) -> Texts:
    step: Texts = {key: draw(sharing(who))}
    if draw(st.integers(0, 3)) == 0:
        step["including_ring_fenced"] = "true"
    return step


@st.composite
def overspend_steps(draw: st.DrawFn, who: list[str], reserves: list[str]) -> list[Texts]:
    steps: list[Texts] = []
    for kind in draw(st.lists(st.sampled_from(["offset", "reserve", "share", "share"]), max_size=4)):
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
            steps.append(step)
    steps.append({"decide": "board"} if draw(st.integers(0, 3)) == 0 else draw(share_step(who, "share")))
    return steps


@st.composite
def underspend_steps(draw: st.DrawFn, who: list[str], reserves: list[str]) -> list[Texts]:
    steps: list[Texts] = []
    for kind in draw(st.lists(st.sampled_from(["retain", "return"]), max_size=2)):
        if kind == "retain" and reserves:
            steps.append({"retain": draw(st.sampled_from(reserves)), "up_to": draw(limits())})
        elif kind == "return":
            steps.append({**draw(share_step(who, "return")), "up_to": draw(limits())})
    last = draw(st.sampled_from(["return", "return", "carry_forward", "decide", "retain"]))
    if last == "retain" and reserves:
        steps.append({"retain": draw(st.sampled_from(reserves))})
    elif last == "carry_forward":
        steps.append({"carry_forward": "true"})
    elif last == "decide":
        steps.append({"decide": "board"})
    else:
        steps.append(draw(share_step(who, "return")))
    return steps


@st.composite
def clauses(draw: st.DrawFn, who: list[str], pooled: list[str], schemes: list[str], reserves: list[str]) -> list[Texts]:
    found: list[Texts] = []
    for number in range(draw(st.integers(0, 3)) + 1):
        covers: str | Texts = "everything"
        if number:
            kind = draw(st.sampled_from(["funds", "schemes", "sources"]))
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
            if len(bound) < len(who) and draw(st.booleans()):
                clause["excess_to"] = draw(st.sampled_from([name for name in who if name not in bound]))
        found.append(clause)
    return found[::-1]  # the clause that covers everything stands last, or it would cover all


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
    for name, each in money.items():
        used = sum(parse_pounds(line["budget"].get(name, "0")) for line in schemes.values())
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
    return Case(file, *draw(spending(schemes, who)))


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
