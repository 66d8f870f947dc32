"""A filled planning return as the draft of an agreement file. What is not in the return stays to be written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import yaml

from ledgers.money import pounds
from pooledfund.returns.reading import ReadLine, ReadReturn
from s75_rules.agreement import CAPITAL_SOURCES

_LA = "council"
_NHS = "icb"
_NHS_SOURCES = frozenset({"nhs_minimum", "nhs_additional", "discharge_nhs"})


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an agreement file, and every cell that could not be understood, by sheet and cell."""

    text: str
    not_understood: tuple[str, ...]


def draft_agreement(found: ReadReturn, year: str, area: str) -> Draft:
    """An agreement file with the contributions and lines of one year of a planning return.

    A return says nothing of risk: the clause leaves it to the board until the agreement's own is written.
    """
    faults = [str(each) for each in found.not_understood]
    sources = _sources(found, year)
    schemes: dict[str, object] = {}
    for name, lines in _by_scheme(found).items():
        scheme = dict(_scheme(found, lines, year, faults))
        if scheme.get("rows"):
            schemes[name] = scheme
    document = {
        "pooledfund": 1,
        "agreement": {
            "id": f"{_id(area).lower()}-{year.replace('/', '-')}",
            "title": f"{area} Better Care Fund Section 75 agreement",
            "area": area,
            "year": year,
            "status": "draft",
            "source": f"{found.layout.id}, {found.name}",
        },
        "partners": {
            _LA: {"name": f"{area} Council", "kind": "local_authority"},
            _NHS: {"name": f"NHS {area} ICB", "kind": "nhs"},
        },
        "funds": {"bcf": {"name": "Better Care Fund", "kind": "pooled", "host": _LA}},
        "contributions": {
            _contribution(source): {
                "partner": _NHS if source in _NHS_SOURCES else _LA,
                "fund": "bcf",
                "source": source,
                "amount": pounds(pence),
            }
            for source, pence in sources.items()
        },
        "schemes": schemes,
        "minimums": dict(_minimums(found, year)),
        "risk_share": [
            {
                "clause": "not in the return",
                "covers": "everything",
                "overspend": [{"decide": "board"}],
                "underspend": [{"decide": "board"}],
            }
        ],
    }
    if not document["minimums"]:
        del document["minimums"]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    return Draft(_HEAD.format(name=found.name) + text, tuple(faults))


_HEAD = """\
# Drafted from {name}. To be written: the partners' names, hosts and instalments, and who bears a variance.
"""


def _contribution(source: str) -> str:
    return source.replace("_", "-")


def _sources(found: ReadReturn, year: str) -> dict[str, int]:
    """The sources with money, with the income that the return states, else what its lines come to."""
    spend: dict[str, int] = {}
    for line in found.lines:
        source = found.layout.value_of("source", line.text("source") or "")
        pence = found.line_pence(line, f"amount:{year}")
        if source and pence:
            spend[source] = spend.get(source, 0) + pence
    stated = {row: found.pence((row, column)) for row, column in found.cells if column == f"planned_income:{year}"}
    known = [*found.layout.minimum_sources, *found.layout.additional_sources]
    found_here = {source: stated.get(source) or spend.get(source) for source in known}
    return {source: pence for source, pence in found_here.items() if pence}


def _by_scheme(found: ReadReturn) -> dict[str, list[ReadLine]]:
    """The rows of each scheme: an id may stand in several rows, and a row without one is a scheme by its name."""
    schemes: dict[str, list[ReadLine]] = {}
    for line in found.lines:
        text = line.text("scheme_id") or line.text("scheme_name") or f"row {line.row}"
        schemes.setdefault(_id(text), []).append(line)
    return schemes


def _id(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")
    return (plain if plain[:1].isalpha() else f"S{plain}")[:64]


def _scheme(found: ReadReturn, lines: list[ReadLine], year: str, faults: list[str]) -> Iterator[tuple[str, object]]:
    first, layout = lines[0], found.layout
    commissioner = layout.value_of("commissioner", first.text("commissioner") or "")
    shares = _shares(first)
    nhs_leads = commissioner == "nhs" or (shares is not None and shares["nhs"] > shares["la"])
    yield "name", first.text("scheme_name") or first.text("description") or _id(first.text("scheme_id") or "scheme")
    yield "fund", "bcf"
    yield "lead", _NHS if nhs_leads else _LA
    if commissioner == "joint" and shares is not None:
        yield "commissioner", {partner: format(share, "f") for partner, share in shares.items()}
    elif commissioner in ("la", "nhs"):
        yield "commissioner", commissioner
    area = layout.value_of("area_of_spend", first.text("area_of_spend") or "")
    for name, value in (("description", first.text("description")), ("scheme_type", first.text("scheme_type"))):
        if value:
            yield name, value
    if area:
        yield "area_of_spend", area
    rows, capital = [], True
    for line in lines:
        source, pence = layout.value_of("source", line.text("source") or ""), found.line_pence(line, f"amount:{year}")
        if source is None or pence is None:
            faults.append(f"row {line.row}: has no source of money or no amount for {year} and is left out")
        elif pence:
            capital = capital and source in CAPITAL_SOURCES
            provider = line.text("provider") or "to be confirmed"
            rows.append({"provider": provider, "contribution": _contribution(source), "amount": pounds(pence)})
    if rows and capital:
        yield "capital", True
    yield "rows", rows


def _shares(line: ReadLine) -> dict[str, Decimal] | None:
    """The shares of joint commissioners in percent, whether they are written as 0.6 or as 60."""
    nhs = line.text("nhs_share")
    if nhs is None or not re.fullmatch(r"\d+(\.\d+)?", nhs):
        return None
    share = Decimal(nhs) * 100 if Decimal(nhs) <= 1 else Decimal(nhs)
    return {"nhs": share.normalize(), "la": (100 - share).normalize()} if share <= 100 else None


def _minimums(found: ReadReturn, year: str) -> Iterator[tuple[str, str]]:
    for row, column in found.cells:
        pence = found.pence((row, column)) if column == f"required:{year}" else None
        if pence:
            yield row, pounds(pence)
