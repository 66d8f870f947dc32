"""Plain text tables for a terminal: words to the left, figures to the right, a rule above the total."""

from collections.abc import Sequence
from itertools import chain

from ledgers.money import pounds

LEFT, RIGHT = "l", "r"


def money(pence: int | None) -> str:
    """Pence as pounds with thousands marked; ``n/a`` where there is none."""
    if pence is None:
        return "n/a"
    text = pounds(pence)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part}"


def money_text(text: object) -> str:
    """Pounds as text with thousands marked; ``n/a`` where there is none."""
    if text is None:
        return "n/a"
    sign, digits = ("-", str(text)[1:]) if str(text).startswith("-") else ("", str(text))
    whole, _, part = digits.partition(".")
    return f"{sign}{int(whole):,}.{part}"


def table(caption: str, columns: str, header: Sequence[str], rows: Sequence[Sequence[str]], totals: int = 0) -> str:
    """Lay out a table with its caption; ``columns`` says l or r for each; the last ``totals`` rows are under a rule."""
    widths = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    body = [_row(columns, widths, row) for row in rows]
    cut = len(body) - totals
    ruled = [*body[:cut], rule, *body[cut:]] if totals else body
    return "\n".join(chain([caption, _row(columns, widths, header), rule], ruled))


def _row(columns: str, widths: Sequence[int], cells: Sequence[str]) -> str:
    laid = [
        cell.ljust(width) if side == LEFT else cell.rjust(width)
        for side, width, cell in zip(columns, widths, cells, strict=True)
    ]
    return "  ".join(laid).rstrip()
