"""Every rule of the agreement that looks at more than one value. Reads no file; the shape of values is the model's."""

import re
from collections.abc import Iterator

from s75_rules.agreement import IDENTIFIED, Agreement
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.agreement_references import dangling_references
from s75_rules.area_rules import rules_of
from s75_rules.beside_checks import beside_faults, beside_warnings
from s75_rules.cash_interest_checks import cash_interest_faults
from s75_rules.clause_checks import clause_faults
from s75_rules.clause_warnings import clause_warnings, decision_warnings
from s75_rules.earmarks import earmark_warnings
from s75_rules.lineage import lineage_warnings
from s75_rules.money_checks import money_faults, money_warnings
from s75_rules.record_checks import record_faults
from s75_rules.text_checks import unfilled_texts
from s75_rules.year_checks import year_faults, year_warnings

__all__ = ["Fault", "Path", "check_agreement"]

_OF_REPORTS = (
    "total", "agreement_status", "agreement_version", "agreement_signed", "agreement_ends", "texts_not_filled_in",
    "not_in_totals", "beside_the_pool",
)  # fmt: skip
"""Keys that stand beside the ids of contributions in a report written as JSON."""
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_ID_REMEDY = "begin with a letter, then letters, digits, - or _, 64 at most"


def is_id(text: str) -> bool:
    """Whether a text can name something of an agreement: a letter, then up to 63 letters, digits, - and _."""
    return _ID.fullmatch(text) is not None


def check_agreement(agreement: Agreement) -> list[Fault]:
    """Every fault and warning of an agreement; the faults first.

    Sources: the agreement file's own rules, and the meaning of its risk share clauses.
    """
    rules = rules_of(agreement)
    faults = [
        *_ids(agreement),
        *_header(agreement),
        *dangling_references(agreement),
        *money_faults(agreement),
        *cash_interest_faults(agreement),
        *beside_faults(agreement),
        *clause_faults(agreement),
        *record_faults(agreement),
        *year_faults(agreement, rules),
    ]
    if any(each.rule.endswith("NotKnown") for each in faults):
        # Warnings follow references, and those that dangle are put right first.
        return faults
    return [
        *faults,
        *_signatures(agreement),
        *_unscored(agreement),
        *money_warnings(agreement),
        *beside_warnings(agreement),
        *earmark_warnings(agreement),
        *lineage_warnings(agreement),
        *clause_warnings(agreement),
        *decision_warnings(agreement),
        *year_warnings(agreement, rules),
        *unfilled_texts(agreement),
    ]


def _ids(agreement: Agreement) -> Iterator[Fault]:
    yield from _usable(agreement.id, ("agreement", "id"))
    for section in IDENTIFIED:
        seen: dict[str, str] = {}
        for name in getattr(agreement, section):
            path: Path = (section, name)
            yield from _usable(name, path)
            if name.lower() in seen:
                message = f"'{name}' and '{seen[name.lower()]}' differ only in capitals"
                yield Fault(path, "IdRepeats", message, "give one of them another id")
            seen.setdefault(name.lower(), name)
            if section == "contributions" and name in _OF_REPORTS:
                message = f"'{name}' is what reports call a figure of their own beside the contributions"
                yield Fault(path, "IdOfReports", message, "give the contribution another id")


def _usable(name: str, path: Path) -> Iterator[Fault]:
    if not _ID.fullmatch(name):
        yield Fault(path, "IdNotUsable", f"'{name}' cannot be an id", _ID_REMEDY)


def _header(agreement: Agreement) -> Iterator[Fault]:
    header, year = agreement.header, agreement.year
    about: tuple[Path, ...] = (("agreement", "year"), ("agreement", "id"))
    outside = "correct the date or the year"
    if header.follows is not None:
        yield from _usable(header.follows, ("agreement", "follows"))
        if header.follows.lower() == agreement.id.lower():
            message = "the agreement says that it follows itself"
            yield Fault(("agreement", "follows"), "FollowsItself", message, "name last year's agreement", about=about)
    if header.starts is not None and header.starts > year.last_day:
        message = f"the agreement starts after {year} has ended"
        yield Fault(("agreement", "starts"), "AgreementOutsideYear", message, outside, about=about)
    if header.ends is not None and header.ends < year.first_day:
        message = f"the agreement ends before {year} begins"
        yield Fault(("agreement", "ends"), "AgreementOutsideYear", message, outside, about=about)
    if header.starts is not None and header.ends is not None and header.starts > header.ends:
        message = "the agreement ends before it starts"
        yield Fault(("agreement", "ends"), "AgreementEndsFirst", message, "correct one of the dates")
    for section in ("partners", "funds"):
        if not getattr(agreement, section):
            message = f"the agreement has no {section}"
            yield Fault((section,), "SectionEmpty", message, f"write at least one of its {section}")


def _unscored(agreement: Agreement) -> Iterator[Fault]:
    """Risks without a score or rating: in a table that scored by colour alone nothing is left of it in the text."""
    bare = [
        risk.id for risk in agreement.risks.values() if risk.rating is None and None in (risk.likelihood, risk.impact)
    ]
    if bare:
        message = f"{len(bare)} of {len(agreement.risks)} risks have no score and no rating ({', '.join(bare)})"
        remedy = "write likelihood and impact, 1 to 5, or the rating"
        yield warning(("risks", bare[0]), "RiskNotScored", message, remedy)


def _signatures(agreement: Agreement) -> Iterator[Fault]:
    header = agreement.header
    for name in header.signed:
        if name in agreement.partners and not agreement.partners[name].signs:
            message = f"{name} has signed and is not a signatory"
            yield warning(
                ("agreement", "signed", name), "SignedByOther", message, "say signatory: true, or take it out"
            )
    if header.status in ("signed", "varied"):
        missing = [partner.id for partner in agreement.signatories() if partner.id not in header.signed]
        if missing:
            message = f"the status is {header.status} and there is no date of signature for {', '.join(missing)}"
            yield warning(("agreement", "status"), "SignatureMissing", message, "add the dates under signed")
