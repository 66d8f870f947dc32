"""Whether another text of an agreement can follow the one in force within its year: what stands may not go away."""

from collections.abc import Iterator

from s75_rules.agreement import Agreement

_KEPT = ("partners", "funds", "contributions", "reserves", "schemes")
_FIXED = {
    "contributions": ("partner", "fund", "source", "settled"),
    "schemes": ("fund", "profile"),
    "reserves": ("fund", "held", "opening"),
    "funds": ("kind", "host"),
    "partners": ("kind",),
}
"""What postings and reports of closed months rest on: another line or contribution takes a new value."""


def version_faults(old: Agreement, new: Agreement) -> Iterator[str]:
    """Every reason why a text cannot come into force in the books of another, each with its remedy."""
    if new.id != old.id:
        yield f"the text is of '{new.id}' and these books are of '{old.id}': keep the id"
    if new.year != old.year:
        yield f"the text is for {new.year} and these books are for {old.year}: open books of its own with init"
    if old.header.status != "draft" and new.header.status == "draft":
        yield f"the agreement is {old.header.status} and the text is a draft: have it agreed first"
    for section in _KEPT:
        before, after = getattr(old, section), getattr(new, section)
        for name, item in before.items():
            if name not in after:
                yield f"{section}, {name} is in the books and not in the text: keep it, with nil where it has no money"
                continue
            for field in _FIXED[section]:
                if getattr(item, field) != getattr(after[name], field):
                    what = f"{section}, {name}, {field} changes within the year"
                    yield f"{what}: keep it, and add another for what is new"
