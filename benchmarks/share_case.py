"""One large pool for the races of the rules, the same every time: 200 lines, 10 partners, grants, five steps."""

from random import Random
from typing import Any

from ledgers.money import pounds
from s75_rules.agreement import Agreement
from s75_rules.positions import Position, position_from_agreement

LINES, PARTNERS = 200, 10
Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""


def large_agreement(number: int = 0) -> tuple[Agreement, Position]:
    """The agreement and where it stands; another number is another pool of the same size."""
    random = Random(number)
    who = [f"p{each}" for each in range(PARTNERS)]
    sources = {f"c-{name}": (name, "nhs_additional") for name in who} | {
        f"g-{name}": (name, "ibcf") for name in who[:5]
    }
    schemes: Texts = {}
    put_in = dict.fromkeys(sources, 0)
    outturns: dict[str, int] = {}
    for line in range(LINES):
        budget = {}
        for contribution in random.sample(list(sources), random.randint(1, 3)):
            budget[contribution] = random.randint(10_000_00, 900_000_00)
            put_in[contribution] += budget[contribution]
        lead = random.choice(who)
        name = f"L{line}"
        texts = {contribution: pounds(pence) for contribution, pence in budget.items()}
        schemes[name] = {"name": f"Line {line}", "fund": "bcf", "lead": lead, "budget": texts}
        outturns[name] = sum(budget.values()) * random.randint(96, 107) // 100
    file: Texts = {
        "pooledfund": "1",
        "agreement": {"id": f"pool-{number}", "title": "Large", "area": "Hillshire", "year": "2023/24"},
        "partners": {name: {"name": f"Partner {name}", "kind": "nhs"} for name in who},
        "funds": {"bcf": {"name": "Better Care Fund", "kind": "pooled", "host": "p0"}},
        "contributions": {
            each: {"partner": name, "fund": "bcf", "source": source, "amount": pounds(put_in[each])}
            for each, (name, source) in sources.items()
        },
        "reserves": {"risk": {"fund": "bcf", "opening": "50_000.01"}},
        "schemes": schemes,
        "risk_share": [
            {
                "clause": "4.10",
                "covers": "everything",
                "overspend": [
                    {"offset": "clause"},
                    {"reserve": "risk", "up_to": "1%"},
                    {"share": "contribution", "up_to": "0.4%", "caps": {"p0": "20_000", "p1": "5_000.01"}},
                    {"share": {name: str(place + 1) for place, name in enumerate(who)}, "up_to": "0.3%"},
                    {"share": "budget"},
                ],
                "underspend": [{"retain": "risk", "up_to": "10_000"}, {"return": "contribution"}],
            }
        ],
    }
    agreement = Agreement.model_validate(file)
    return agreement, position_from_agreement(agreement, outturns)
