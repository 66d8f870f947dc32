"""The casting proof of a paper: its totals beside the sum of their parts, and figures added up in two ways."""

from collections.abc import Sequence

from pooledfund.reports.cells import Cell, Column, Money, Table, pounds_columns, text_columns
from pooledfund.reports.paper.paper import Paper
from pooledfund.results.casting import Check


def proof_section(paper: Paper, checks: Sequence[Check] = ()) -> None:
    """Every total of the paper beside the sum of its parts, and figures that were added up in two ways."""
    casts = tuple(paper.casts)
    section = paper.sheet("Casting proof", "Casting proof")
    section.prose(
        f"The {len(casts)} totals of this paper were each compared with the sum of their parts before it was written; "
        "one that did not come to its parts would have stopped it."
    )
    totals: list[tuple[Cell, ...]] = [
        (paper.title_of(cast.sheet), cast.what, str(cast.parts), Money(cast.pence), "yes") for cast in casts
    ]
    columns = (*text_columns("Section", "Total", "Parts"), *pounds_columns("Sum"), Column("Agrees"))
    section.table(Table("CastingProof", columns, totals))
    if checks:
        section.heading("Figures added up in two ways")
        columns = (*text_columns("Figure", "The one", "The other"), *pounds_columns("The one", "The other"))
        both: list[tuple[Cell, ...]] = [
            (check.what, check.left, check.right, Money(check.left_pence), Money(check.right_pence)) for check in checks
        ]
        section.table(Table("TwoWays", columns, both))
