"""One small pool as the texts of its file, for tests that give it clauses. Holds no tests."""

from typing import Any

Texts = dict[str, Any]
"""A part of an agreement as its file writes it: texts, lists and mappings of any depth."""


def pool(clauses: list[Texts], **parts: Texts) -> Texts:
    """A council and an ICB with three lines: A of the ICB, B of the council, D on Disabled Facilities Grant."""
    return {
        "pooledfund": "1",
        "agreement": {"id": "small", "title": "Small", "area": "Hillshire", "year": "2016/17"},
        "partners": {
            "council": {"name": "The Council", "kind": "local_authority"},
            "icb": {"name": "The ICB", "kind": "nhs"},
        },
        "funds": {"bcf": {"name": "Better Care Fund", "kind": "pooled", "host": "council"}},
        "contributions": {
            "min": {"partner": "icb", "fund": "bcf", "source": "nhs_minimum", "amount": "3000"},
            "add": {"partner": "council", "fund": "bcf", "source": "la_additional", "amount": "1000"},
            "dfg": {"partner": "council", "fund": "bcf", "source": "dfg", "amount": "500"},
        },
        "reserves": {"risk": {"fund": "bcf", "opening": "100"}},
        "schemes": {
            "A": {"name": "Teams", "fund": "bcf", "lead": "icb", "budget": {"min": "2000"}},
            "B": {"name": "Home care", "fund": "bcf", "lead": "council", "budget": {"min": "500", "add": "1000"}},
            "D": {"name": "Adaptations", "fund": "bcf", "lead": "council", "budget": {"dfg": "500"}},
        },
        "risk_share": clauses,
        **parts,
    }


def clause(name: str, covers: object, over: list[Texts], under: list[Texts], **more: object) -> Texts:
    return {"clause": name, "covers": covers, "overspend": over, "underspend": under, **more}
