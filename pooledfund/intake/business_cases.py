"""Business cases of new and varied lines: which are approved, and which lines may not spend before. Approves no budget.

A line needs an approved case where it says that it is new, where it names a case, or, where the agreement requires
cases, when a variation added it to the books. Other lines are as the agreement approved them.
"""

from dataclasses import dataclass
from datetime import date

from pooledfund.access import Action, require
from pooledfund.errors import InputRefused
from pooledfund.pool import Pool
from s75_rules.agreement import Agreement, Scheme
from s75_rules.clock import day_in_england

APPROVED = "business case approved"


class BusinessCaseMissing(InputRefused):
    """Money that would move on a line whose business case is not approved, or an approval that says too little."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval of a line's business case: its reference, the day, the minute."""

    scheme: str
    reference: str
    approved_on: date
    minute: str


def approve_case(pool: Pool, approval: Approval) -> int:
    """Record that a line's business case was approved, and give the event's number.

    Raises:
        NotAllowed: the person may not make virements, for which this opens the way.
        BusinessCaseMissing: there is no such line, it is approved already, or reference or minute are missing.
    """
    require(pool.actor, Action.VIRE)
    reasons = []
    scheme = pool.agreement.schemes.get(approval.scheme)
    if scheme is None:
        reasons.append(f"'{approval.scheme}' is not a scheme line: use one that the agreement names")
    elif approval.scheme not in without_case(pool):
        reasons.append(f"{scheme.id} needs no approval any more: nothing was changed")
    elif scheme.business_case is not None and scheme.business_case.reference != approval.reference:
        reasons.append(f"the business case of {scheme.id} is {scheme.business_case.reference}: approve that one")
    if not approval.reference.strip() or not approval.minute.strip():
        reasons.append("an approval has the case's reference and the minute: give both")
    if approval.approved_on > day_in_england(pool.clock()):
        reasons.append(f"{approval.approved_on.isoformat()} is yet to come: record an approval when it is given")
    if reasons:
        raise BusinessCaseMissing(*reasons)
    with pool.writing(Action.VIRE) as writing:
        return writing.event(
            APPROVED,
            {
                "scheme": approval.scheme,
                "reference": approval.reference.strip(),
                "approved": approval.approved_on.isoformat(),
                "minute": approval.minute.strip(),
            },
        )


def without_case(pool: Pool, as_of: int | None = None) -> dict[str, str]:
    """The lines on which no money moves yet, each with the sentence that says why."""
    added = _added(pool, as_of) if pool.agreement.business_cases == "required" else frozenset[str]()
    return _waiting(pool, pool.agreement, added, as_of)


def without_case_by(pool: Pool, new: Agreement) -> dict[str, str]:
    """The same by another text of the agreement that is to come into force."""
    added = frozenset(new.schemes) - frozenset(pool.agreement.schemes) if new.business_cases == "required" else ()
    return _waiting(pool, new, frozenset(added), None)


def _waiting(pool: Pool, agreement: Agreement, added: frozenset[str], as_of: int | None) -> dict[str, str]:
    waiting = {
        scheme.id: _sentence(scheme)
        for scheme in agreement.schemes.values()
        if (scheme.new or scheme.business_case is not None or scheme.id in added)
        and (scheme.business_case is None or scheme.business_case.approved is None)
    }
    if waiting:
        for event in pool.books.events(kind=APPROVED, as_of=as_of):
            waiting.pop(str(event.payload["scheme"]), None)
    return waiting


def _added(pool: Pool, as_of: int | None) -> frozenset[str]:
    """The lines that came into the books after they were opened."""
    found = set[str]()
    for event in pool.books.events(kind="registers extended", as_of=as_of):
        schemes = event.payload.get("schemes")
        found |= set(map(str, schemes)) if isinstance(schemes, (list, dict)) else set()
    return frozenset(found)


def _sentence(scheme: Scheme) -> str:
    case = f"business case {scheme.business_case.reference} is" if scheme.business_case else "a new line's case is"
    return (
        f"{scheme.id}: {case} not approved: no money moves on it before; record the approval with pooledfund "
        "approve-case, or name it in the agreement"
    )
