"""The rows of the first planning templates: organisations that pay in, and schemes with spend and benefits."""

from collections.abc import Mapping

from pooledfund.returns.line_rows import Figure, LineRow
from pooledfund.returns.part2_figures import SchemeYear, part2_figures
from pooledfund.returns.plan import Plan
from pooledfund.returns.registry import Variant
from s75_rules.agreement import Agreement


def part_rows(plan: Plan, before: Agreement | None, layout: Variant) -> Mapping[str, tuple[LineRow, ...]]:
    """A row for each organisation and each scheme of a year, with the year before where its agreement is given.

    Raises:
        NotThePreviousYear: the other agreement is not the one that this one follows.
    """
    found = part2_figures(plan, before, layout)
    organisations = tuple(
        LineRow(
            each.partner,
            "",
            "",
            {
                "organisation": each.name,
                "holds_the_pool": "yes" if each.holds_the_pool else "no",
                f"spending:{found.year_before}": each.spending_before,
                f"minimum:{found.year}": each.minimum,
                f"contribution:{found.year}": each.actual,
            },
        )
        for each in found.organisations
    )
    schemes = tuple(
        LineRow(
            each.scheme,
            "",
            "",
            {
                "scheme_name": each.name,
                "provider": each.lead_provider,
                **_of_year(found.year_before, each.before),
                **_of_year(found.year, each.this),
            },
        )
        for each in found.investments
    )
    return {"organisations": organisations, "schemes": schemes}


def _of_year(year: str, scheme: SchemeYear) -> dict[str, Figure]:
    names = ("spend_recurrent", "spend_non_recurrent", "benefits_recurrent", "benefits_non_recurrent")
    return {f"{name}:{year}": part for name, part in zip(names, scheme.parts(), strict=True)}
