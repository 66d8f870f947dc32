"""A draft of next year's agreement: parties, funds, contributions. Its lines and clauses are yet to be agreed."""

from pathlib import Path

import yaml

from ledgers.calendar import FinancialYear
from ledgers.money import parse_pounds, pounds
from pooledfund.errors import InputRefused
from s75_rules.agreement import Agreement
from s75_rules.next_year import NextContribution


class DraftNotWritten(InputRefused):
    """A draft that cannot be saved, or an amount that cannot be told."""


def draft_agreement(agreement: Agreement, contributions: tuple[NextContribution, ...]) -> str:
    """The text of a draft that follows an agreement; grants that merge come in one contribution."""
    year = FinancialYear(agreement.year.starts + 1)
    label = str(year).replace("/", "-")
    bodies = {
        each.id: {"name": each.name, "kind": each.kind, **({} if each.signatory is None else _signs(each.signs))}
        for each in agreement.partners.values()
    }
    amounts: dict[str, dict[str, str]] = {}
    of_source: dict[tuple[str, str, str], str] = {}
    for each in contributions:
        before = agreement.contributions[each.contribution]
        if each.total_pence == 0:
            continue
        merged = each.next_source != each.source
        place = (each.partner, before.fund, each.next_source)
        name = of_source.setdefault(place, each.contribution) if merged else each.contribution
        total = _added(amounts.get(name, {}).get("amount"), each.total_pence)
        amounts[name] = {"partner": each.partner, "fund": before.fund, "source": each.next_source, "amount": total}
    document = {
        "pooledfund": "1",
        "agreement": {
            "id": f"{agreement.id.removesuffix(str(agreement.year).replace('/', '-')).rstrip('-')}-{label}",
            "title": agreement.header.title,
            "area": agreement.header.area,
            "year": str(year),
            "status": "draft",
            "follows": agreement.id,
        },
        "partners": bodies,
        "funds": {
            each.id: {"name": each.name, "kind": each.kind, "host": each.host} for each in agreement.funds.values()
        },
        "contributions": amounts,
    }
    return f"# Drafted from {agreement.id}: write its lines, reserves and clauses.\n" + yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True
    )


def write_draft(text: str, path: Path) -> None:
    """Save a draft; raises DraftNotWritten where a file is there already or the folder cannot be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise DraftNotWritten(f"{path} is there already: name a new file") from None
    except OSError as error:
        raise DraftNotWritten(f"{path}: cannot be written ({error.strerror}): check the folder") from None


def _signs(signs: bool) -> dict[str, str]:
    return {"signatory": "true" if signs else "false"}


def _added(before: str | None, pence: int | None) -> str:
    """The amounts of grants that merge added up; what cannot be told stays so."""
    if pence is None or before == "to be confirmed":
        return "to be confirmed"
    return pounds(pence + (0 if before is None else parse_pounds(before)))
