"""What a fault of an agreement is: where, which rule, what is wrong, what to do. Finds none."""

from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an agreement that is refused, or only warned about, at a path of the file."""

    path: Path
    rule: str
    message: str
    remedy: str
    severity: Literal["fault", "warning"] = "fault"
    about: tuple[Path, ...] = ()
    """Other paths that this depends on; where one of them could not be read, this says nothing."""


def warning(path: Path, rule: str, message: str, remedy: str, about: tuple[Path, ...] = ()) -> Fault:
    """A fault that does not stop the agreement from being used."""
    return Fault(path, rule, message, remedy, "warning", about)
