"""HTML for the pages, every text escaped: tables a screen reader can follow, key figures, notes. Knows no result."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from ledgers.money import pounds
from pooledfund.ui.figures import Unit, in_unit

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")
_IN_LINE = re.compile(r"([\\`*{}\[\]|~$:<>&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_ADDRESS = re.compile(r"https?(?=://)|www(?=\.)|[-.\w+](?=@)", re.IGNORECASE)
_JOINER = "\u2060"
_SHAPES = {"Green": "●", "Amber": "▲", "Red": "■"}


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is safe to show: made only here, out of escaped text."""

    markup: str


Content = str | Html


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column, or of several columns together."""

    text: str
    span: int = 1
    kind: Literal["text", "number"] = "number"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a smaller second line; numbers stand to the right."""

    content: Content
    note: str = ""
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it is about, and its cells."""

    heading: Cell
    cells: tuple[Cell, ...]
    kind: Literal["plain", "subtotal", "total"] = "plain"


def plain(text: str) -> str:
    """A text of users for a label or a message that Streamlit reads as markup: shown letter for letter, no link."""
    return _MARKS.sub(r"\\\1", _without_links(text)).replace("\n", "  \n")


def spoken(text: str) -> str:
    """A text of users for the label of a field, marked only where it would be read as markup.

    A screen reader is given the label as it is written, so that no mark stands where none is needed.
    """
    return _IN_LINE.sub(r"\\\1", _without_links(text)).replace("\n", " ")


def _without_links(text: str) -> str:
    """A text in which no address is seen: a joiner of no width stands where one would begin."""
    return _ADDRESS.sub(f"\\g<0>{_JOINER}", text)


def money(pence: int, unit: Unit, note: str = "") -> Cell:
    """An amount in the table's unit that carries its exact pounds for whatever reads the page."""
    return Cell(Html(f'<data value="{pounds(pence)}">{in_unit(pence, unit)}</data>'), note, "number")


def number(text: str, note: str = "") -> Cell:
    """A number that is no money, such as a percentage."""
    return Cell(text, note, "number")


def rated(word: str, note: str = "") -> Cell:
    """A rating by word, shape and colour; the word alone is enough."""
    return Cell(rating(word), note)


def rating(word: str, reason: str = "") -> Html:
    """A rating's shape and word, with its reason: the shape is only drawn, the word is what is read."""
    return Html(_shaped(_SHAPES.get(word, "○"), word, word).markup + escape(reason))


def marked(text: str, colour: str) -> Content:
    """A text in a rating's shape and colour, where it has one: ``met`` as green is."""
    if colour not in _SHAPES:
        return text
    return _shaped(_SHAPES[colour], colour, text)


def link(text: str, address: str) -> Html:
    """A link to a page of ours, by its address within the front end."""
    return Html(f'<a href="{escape(address)}" target="_self">{escape(text)}</a>')


def together(parts: Sequence[Content]) -> Html:
    """Several parts in one cell, one under the other."""
    return Html("<br>".join(_markup(part) for part in parts))


def lines(texts: Iterable[str]) -> Html:
    """Several short texts in one cell, one under the other."""
    return Html("<br>".join(escape(text) for text in texts))


def table(
    caption: str,
    columns: Sequence[Heading],
    rows: Sequence[Row],
    *,
    groups: Sequence[Heading] = (),
    css: str = "",
) -> Html:
    """A table with a caption, scoped headings, numbers to the right and totals in its foot."""
    body = "".join(_row(row) for row in rows if row.kind != "total")
    foot = "".join(_row(row) for row in rows if row.kind == "total")
    head = (_headings(groups, "colgroup") if groups else "") + _headings(columns, "col")
    return Html(
        f'<div class="pf-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="pf-table {escape(css)}"><caption>{escape(caption)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody>" + (f"<tfoot>{foot}</tfoot>" if foot else "") + "</table></div>"
    )


def key_figures(figures: Sequence[tuple[str, str, Content]]) -> Html:
    """The figures at the head of a paper: a name, the figure, and a word on it."""
    parts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(figure)}<small>{_markup(word)}</small></dd></div>"
        for name, figure, word in figures
    )
    return Html(f'<dl class="pf-figures">{parts}</dl>')


def paragraph(text: str, css: str = "pf-text") -> Html:
    """A paragraph of plain text."""
    return Html(f'<p class="{escape(css)}">{escape(text)}</p>')


def state(what: str, remedy: str = "") -> Html:
    """Why there is nothing to show, and what to do."""
    return Html(
        f'<div class="pf-state" role="status">{paragraph(what).markup}'
        + (paragraph(remedy).markup if remedy else "")
        + "</div>"
    )


def code(text: str) -> Html:
    """Exact text, wrapped and not read as anything but text."""
    return Html(f'<pre class="pf-code" tabindex="0">{escape(text)}</pre>')


def steps(items: Sequence[tuple[str, Content]]) -> Html:
    """Numbered sentences, each led by a label such as its clause where it has one."""
    led = [(f"<b>{escape(label)}</b> " if label else "", _markup(sentence)) for label, sentence in items]
    parts = "".join(f"<li>{label}{sentence}</li>" for label, sentence in led)
    return Html(f'<ol class="pf-steps">{parts}</ol>')


def _shaped(shape: str, colour: str, text: str) -> Html:
    css = f"pf-rag pf-rag-{colour.lower().replace(' ', '-')}"
    return Html(f'<span class="{css}"><span aria-hidden="true">{shape}</span> {escape(text)}</span>')


def _row(row: Row) -> str:
    cells = "".join(f"<td{_side(cell.kind)}>{_content(cell)}</td>" for cell in row.cells)
    css = ' class="pf-subtotal"' if row.kind == "subtotal" else ""
    return f'<tr{css}><th scope="row">{_content(row.heading)}</th>{cells}</tr>'


def _headings(headings: Sequence[Heading], scope: str) -> str:
    cells = "".join(
        f'<th scope="{scope}"{_side(each.kind)}'
        + (f' colspan="{each.span}"' if each.span > 1 else "")
        + f">{escape(each.text)}</th>"
        if each.text
        else f'<td colspan="{each.span}"></td>'
        for each in headings
    )
    return f"<tr>{cells}</tr>"


def _content(cell: Cell) -> str:
    return _markup(cell.content) + (f"<small>{escape(cell.note)}</small>" if cell.note else "")


def _side(kind: str) -> str:
    return ' class="pf-number"' if kind == "number" else ""


def _markup(content: Content) -> str:
    return content.markup if isinstance(content, Html) else escape(content)
