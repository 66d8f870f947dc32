"""Files that came in and the rows they were made of, by which a posting leads back to its source. Reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that came in: SHA-256 of its bytes, who sent it, what it is, its counts and its control total in pence."""

    digest: str
    file_name: str
    kind: str
    rows_read: int
    entries_made: int
    control_total_pence: int
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A file as the books hold it: its number in the pool and the event that carries it."""

    number: int
    event: int
    batch: Batch


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of a file with its cells as they came, and the number of the entry it made, if it made one."""

    batch: int
    file_row: int
    cells: Mapping[str, str | None]
    entry: int | None = None


def first_batch_difference(kept: Batch, given: Batch) -> str | None:
    """The first field in which two accounts of one file differ; its name is not one, a copy is the same file."""
    for field in ("kind", "partner", "rows_read", "entries_made", "control_total_pence"):
        if getattr(kept, field) != getattr(given, field):
            return field
    return None
