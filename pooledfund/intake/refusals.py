"""Why a file is not taken in, with every fault of it and where it is. Reads no file."""

from dataclasses import dataclass, field
from pathlib import Path

from pooledfund.errors import InputRefused
from pooledfund.intake.limits import MAX_FAULTS


class FileRefused(InputRefused):
    """A file that cannot be read as a table; holds every fault that was found in it."""


@dataclass(slots=True)
class Faults:
    """The faults of one file, collected so that all are shown at once; of a form's lines where they have a name.

    What was given with a command or a form, in no file, has no place: ``has_place`` says so.
    """

    path: Path
    found: list[str] = field(default_factory=list)
    more: int = 0
    line: str = ""
    has_place: bool = True

    def add(self, row: int | None, fault: str) -> None:
        """Keep a fault with its place: the row of the file where there is one."""
        if len(self.found) == MAX_FAULTS:
            self.more += 1
            return
        if not self.has_place:
            self.found.append(fault)
            return
        place = f"{self.path.name}:{row}" if row is not None else self.path.name
        if self.line and row is not None:
            place = f"{self.line} {row}"
        self.found.append(f"{place}: {fault}")

    def raise_if_any(self) -> None:
        """Raise FileRefused with every fault; pass if there is none."""
        if self.more:
            place = f"{self.path.name}: " if self.has_place else ""
            self.found.append(f"{place}and {self.more:,} more faults: mend these first")
        if self.found:
            raise FileRefused(*self.found)
