"""What is said of a place in a workbook: a fault, a gap, a figure left to a person. Finds none of them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Remark:
    """A place, such as ``sheet 'Income', cell C5``, and what is said of it; no place where a whole table is meant."""

    where: str
    said: str

    def __str__(self) -> str:
        return f"{self.where}: {self.said}" if self.where else self.said

    def as_json(self) -> dict[str, str]:
        """The remark in its two parts."""
        return {"where": self.where, "said": self.said}


def in_digits(value: Decimal) -> str:
    """A number of a cell for a reader: thousands apart, no superfluous noughts behind the point."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
