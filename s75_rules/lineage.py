"""Which grants were merged into which, and when, as dated data. Adds no money up."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from ledgers.calendar import FinancialYear
from s75_rules.agreement import Agreement, Source
from s75_rules.agreement_faults import Fault, warning
from s75_rules.fields import Certainty, Frozen, Year
from s75_rules.trace import SOURCE_WORDS, listed

_FILE = Path(__file__).parent / "years" / "lineage.yaml"


class Merger(Frozen):
    """One or more grants that are part of another from a year on."""

    into: Source
    merged: tuple[Source, ...] = Field(alias="from")
    year: Year
    reference: str
    certainty: Certainty

    def __str__(self) -> str:
        grants = listed(SOURCE_WORDS[each] for each in self.merged)
        sure = "" if self.certainty == "seen" else "; recalled, to be checked"
        return f"from {self.year} the {SOURCE_WORDS[self.into]} holds the {grants} ({self.reference}{sure})"


@cache
def mergers() -> tuple[Merger, ...]:
    """Every merger that is known, earliest first."""
    # Every value is read as the text written and typed by the model, as in an agreement file.
    read = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.BaseLoader)
    return tuple(sorted((Merger.model_validate(each) for each in read), key=lambda each: each.year.starts))


def source_in(source: Source, year: FinancialYear) -> Source:
    """The source that holds a grant's money in a year: the grant itself, or what it was merged into by then."""
    for merger in mergers():
        if source in merger.merged and merger.year.starts <= year.starts:
            source = merger.into
    return source


def merged_in(year: FinancialYear) -> tuple[Merger, ...]:
    """The mergers that begin with a year."""
    return tuple(each for each in mergers() if each.year == year)


def lineage_warnings(agreement: Agreement) -> Iterator[Fault]:
    """A grant that is named in a year in which it is part of another."""
    for each in agreement.contributions.values():
        now = source_in(each.source, agreement.year)
        if now != each.source:
            message = f"{each.source} is part of {now} in {agreement.year}"
            yield warning(("contributions", each.id, "source"), "GrantMerged", message, f"write {now}")
