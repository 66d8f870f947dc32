"""Writing a return: into a supplied official workbook, or in pooledfund's own layout. Works no figure out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledgers.calendar import month_label
from pooledfund.access import Action, require
from pooledfund.agreement_file import AgreementFile
from pooledfund.errors import InputRefused
from pooledfund.pool import Clock, Pool, now
from pooledfund.reports.provenance import provenance_of_file, provenance_of_pool
from pooledfund.returns.figures import Figures, figures_of_agreement, figures_of_pool
from pooledfund.returns.filling import PlannedCell, plan_filling
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import Filled, fill
from pooledfund.returns.own_layout import write_own_layout
from pooledfund.returns.part2 import export_part2
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import Remark
from s75_rules.agreement import Agreement


class NotThisYear(InputRefused):
    """A return for other years than the agreement's."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A return that was written: its figures, what a person has still to see to, and how sure its layout is."""

    figures: Figures
    notes: tuple[Remark, ...]
    layout_note: str
    cells_written: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """An official workbook as it would be filled: its cells, what is left to a person, and the workbook itself."""

    figures: Figures
    cells: tuple[PlannedCell, ...]
    notes: tuple[Remark, ...]
    layout_note: str
    filled: Filled


def return_figures(
    source: AgreementFile | Pool, layout: Variant, month: int, others: Sequence[Agreement], as_of: int | None = None
) -> Figures:
    """What a return shows of a pool's books at a month, or of an agreement file.

    Raises:
        NotThisYear: the return is for other years.
        NotAllowed: the person may not take copies of the pool.
    """
    if layout.years and str(source.agreement.year) not in layout.years:
        raise NotThisYear(
            f"{layout.id} is for {' and '.join(layout.years)}, and {source.agreement.id} for {source.agreement.year}: "
            "choose the return of its year"
        )
    if isinstance(source, Pool):
        require(source.actor, Action.EXPORT)
        return figures_of_pool(source, month, layout, others, as_of)
    return figures_of_agreement(source.agreement, layout, others)


def export_return(
    source: AgreementFile | Pool,
    layout: Variant,
    path: Path,
    *,
    template: Path | None = None,
    month: int = 12,
    others: Sequence[Agreement] = (),
    as_of: int | None = None,
    clock: Clock = now,
) -> Exported:
    """Write a return from the books at a month, or from an agreement file; the books are only read.

    With a template its open cells are filled and nothing else of it changes; without one the return is
    written in our own layout.

    Raises:
        WorkbookRefused: the template is another workbook or does not take the figures; nothing is written.
        CastingFailed: a total is not the sum of its parts; nothing is written.
    """
    if template is not None:
        prepared = prepare_return(source, layout, template, month=month, others=others, as_of=as_of)
        prepared.filled.save(path)
        return Exported(prepared.figures, prepared.notes, prepared.layout_note, len(prepared.cells))
    figures = return_figures(source, layout, month, others, as_of)
    if isinstance(source, Pool):
        provenance = provenance_of_pool(source, month_label(month), as_of)
    else:
        provenance = provenance_of_file(source, clock())
    write_own_layout(path, layout, figures, provenance)
    return Exported(figures, (), layout.layout_note, 0)


def export_own_layout(
    source: AgreementFile | Pool,
    layout: Variant,
    path: Path,
    *,
    month: int = 12,
    others: Sequence[Agreement] = (),
    as_of: int | None = None,
) -> str:
    """Write a return in pooledfund's own layout and say how sure that layout is; Part 2 of 2013 has one by hand.

    Raises:
        CastingFailed: a total is not the sum of its parts; nothing is written.
        NotThisYear: the return is for other years.
        NotAllowed: the person may not take copies of the pool.
    """
    if layout.id == "part2":
        before = next((each for each in others if each.year.starts < source.agreement.year.starts), None)
        export_part2(source, path, before)
        return layout.layout_note
    return export_return(source, layout, path, month=month, others=others, as_of=as_of).layout_note


def prepare_return(
    source: AgreementFile | Pool,
    layout: Variant,
    template: Path,
    *,
    month: int = 12,
    others: Sequence[Agreement] = (),
    as_of: int | None = None,
) -> Prepared:
    """Fill an official workbook without writing it to a file, cell by cell; the books are only read.

    Raises:
        WorkbookRefused: the template is another workbook or does not take the figures.
        NotThisYear: the return is for other years.
        NotAllowed: the person may not take copies of the pool.
    """
    figures = return_figures(source, layout, month, others, as_of)
    book = ExcelFile.open(template)
    plan = plan_filling(book, layout, figures)
    filled = fill(book, plan.values)
    unknown = sum(value is None for cells in filled.recalculated.values() for value in cells.values())
    notes = [*plan.notes, *([_recalculate(unknown)] if unknown else [])]
    note = f"Tables found by their headings in {template.name}; every other part of it is as it was."
    return Prepared(figures, tuple(plan.cells), tuple(notes), note, filled)


def _recalculate(unknown: int) -> Remark:
    return Remark(
        "",
        f"{unknown} formulas can only be worked out by a spreadsheet and show nothing until then: "
        "open the workbook in Excel and save it before it is sent",
    )
