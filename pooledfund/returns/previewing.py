"""What a return would hold once it is filled: cell by cell, where from, and what is left to a person. Writes none."""

from dataclasses import dataclass
from pathlib import Path

from pooledfund.agreement_file import AgreementFile
from pooledfund.pool import Pool
from pooledfund.returns.checks import FILLED, Check, check_return
from pooledfund.returns.export import prepare_return
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.registry import Variant
from pooledfund.returns.remarks import Remark
from pooledfund.returns.where_from import where_from


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell that would be written: where it stands, what the workbook calls it, the value, and where it is from."""

    sheet: str
    cell: str
    what: str
    value: Written
    where_from: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A return before it is filled: its cells, what stays blank for a person, and what the filled one would fail."""

    cells: tuple[PreviewCell, ...]
    by_hand: tuple[Remark, ...]
    failed: tuple[Check, ...]
    layout_note: str


def preview_return(
    source: AgreementFile | Pool, layout: Variant, template: Path, month: int = 12, as_of: int | None = None
) -> Preview:
    """Fill an official workbook in memory and look it over; neither books nor workbook change.

    What is left to a person is every figure that is not held here, and every other cell that a return asks for.

    Raises:
        WorkbookRefused: the template is another workbook or does not take the figures.
        NotThisYear: the return is for other years.
        NotAllowed: the person may not take copies of the pool.
    """
    prepared = prepare_return(source, layout, template, month=month, as_of=as_of)
    checked = check_return(ExcelFile(prepared.filled.package), layout, prepared.figures)
    noted = {each.where for each in prepared.notes if each.where}
    blank = [each for check in checked.failed if check.what == FILLED for each in check.because]
    return Preview(
        cells=tuple(
            PreviewCell(each.sheet, str(each.place), each.what, each.value, where_from(each, prepared.figures))
            for each in prepared.cells
        ),
        by_hand=(*prepared.notes, *(each for each in blank if each.where not in noted)),
        failed=tuple(check for check in checked.failed if check.what != FILLED),
        layout_note=prepared.layout_note,
    )
