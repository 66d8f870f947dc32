"""A sent return filled once more from the books as they stood, and held against the file that was sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pooledfund.access import Action, require
from pooledfund.pool import Pool
from pooledfund.returns.export import Exported, export_return
from pooledfund.returns.official.workbook import ExcelFile, Value
from pooledfund.returns.register import SubmissionRefused, submission
from pooledfund.returns.registry import variant
from pooledfund.returns.remarks import Remark, in_digits


@dataclass(frozen=True, slots=True)
class FilledAgain:
    """The workbook made again: its SHA-256, whether it is the very file that was sent, and the cells that differ.

    ``unlike`` is none where the sent file is not at hand: only its digest is kept in the register.
    """

    exported: Exported
    digest: str
    same: bool
    unlike: tuple[Remark, ...] | None

    def __str__(self) -> str:
        if self.same:
            return f"It is the very file that was sent, byte for byte: SHA-256 {self.digest}"
        said = f"It is not the very file that was sent: its SHA-256 is {self.digest}"
        if self.unlike is None:
            return f"{said}. Give the file that was sent, and the cells that differ are named"
        return f"{said}. {len(self.unlike):,} cells differ" if self.unlike else f"{said}. No cell differs"


def fill_again(
    pool: Pool, event: int, path: Path, template: Path | None = None, sent: Path | None = None
) -> FilledAgain:
    """Write a sent return again, by the agreement and the books of the time; the books are only read.

    With the blank official workbook it is filled, without one the return is written in our own layout.

    Raises:
        SubmissionRefused: no return is registered at that event, or ``sent`` is another file than the one sent.
        WorkbookRefused: the template is another workbook.
        NotAllowed: the person may not take copies of the pool.
    """
    require(pool.actor, Action.EXPORT)
    of = submission(pool, event)
    if sent is not None and (found := _digest(sent)) != of.digest:
        raise SubmissionRefused(
            f"{sent.name} is not the file that was registered at event {event}: its SHA-256 is {found}, and that of "
            f"{of.file} is {of.digest}: look for the file that was sent"
        )
    then, layout = pool.at(of.books_event), variant(of.return_id)
    exported = export_return(then, layout, path, template=template, month=of.month, as_of=of.books_event)
    digest = _digest(path)
    unlike = None if sent is None else tuple(_unlike(ExcelFile.open(sent), ExcelFile.open(path)))
    return FilledAgain(exported, digest, digest == of.digest, unlike)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SubmissionRefused(f"{path}: cannot be read ({error.strerror}): check the name") from None


def _unlike(sent: ExcelFile, again: ExcelFile) -> Iterator[Remark]:
    """Every cell that shows something else in the one than in the other."""
    for name in dict.fromkeys([*sent.sheet_order, *again.sheet_order]):
        if name not in sent.sheet_order or name not in again.sheet_order:
            which = "was sent" if name in sent.sheet_order else "was filled again"
            yield Remark(f"sheet '{name}'", f"is only in the workbook that {which}")
            continue
        for place in sorted({*sent.sheet(name).cells, *again.sheet(name).cells}):
            then, now = sent.shows(name, place), again.shows(name, place)
            if then != now:
                yield Remark(f"sheet '{name}', cell {place}", f"{_words(then)} was sent, {_words(now)} is filled again")


def _words(value: Value) -> str:
    if value is None:
        return "nothing"
    return in_digits(value) if isinstance(value, Decimal) else f"'{value}'"
