"""The papers that a reader takes away, made when asked for. Lays out none of them."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from ledgers.place import Place
from pooledfund.access import OWN_PARTNER, Action, Actor, NotAllowed, require
from pooledfund.pool import Pool
from pooledfund.reports.minutes_pdf import write_minutes_pdf
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf, write_partner_edition_pdf
from pooledfund.reports.partner_edition import write_partner_edition
from pooledfund.reports.year_end import write_year_end
from pooledfund.results.minutes import Meeting
from pooledfund.results.monitoring import period_label
from pooledfund.returns.part2 import export_part2
from pooledfund.ui.books import Quarter, open_pool
from pooledfund.ui.frame import Here
from s75_rules.agreement import Agreement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
_COLUMNS = 4

Write = Callable[[Pool, Path], object]
Paper = tuple[str, str, str, Write]
"""The words on its button, the file's name, what is in it, and how it is written."""


def show_papers(books: Place, quarter: Quarter, actor: Actor) -> None:
    """The pack and Part 2 as buttons, or the sentence that says who may take copies."""
    if not _may_take(actor):
        return
    part2 = (
        "Part 2 template (Excel)",
        f"{quarter.agreement.id}-part-2.xlsx",
        "Finance summary, schemes, outcomes and metrics, contingency plan, at current budgets",
        lambda pool, path: export_part2(pool, path),
    )
    _buttons(books, quarter.agreement.id, actor, [*_pack(quarter.agreement.id, quarter.month), part2])


def show_all_papers(here: Here, last: Meeting | None) -> None:
    """Every paper of a quarter's meeting, by partner too; those of the year's end at the end of the year."""
    if not _may_take(here.actor):
        return
    pool_id, month = here.pool.pool_id, here.month
    papers = _pack(pool_id, month)
    if month == 12:
        papers += [_year_end(pool_id, "xlsx"), _year_end(pool_id, "pdf")]
    if last:
        name = f"{pool_id}-minutes-{last.on.isoformat()}.pdf"
        papers.append(("Minutes of the last meeting (PDF)", name, "As they were recorded", write_minutes_pdf))
    _buttons(here.place, pool_id, here.actor, papers)
    partner = _partner(here)
    if partner:
        _buttons(here.place, pool_id, here.actor, _edition(here.agreement, partner, month))


def _may_take(actor: Actor) -> bool:
    try:
        require(actor, Action.EXPORT)
    except NotAllowed as refusal:
        st.info(str(refusal))
        return False
    return True


def _partner(here: Here) -> str | None:
    """Whose edition; a person of one partner takes that one."""
    partners = here.agreement.partners
    own = here.actor.partner if here.actor.role in OWN_PARTNER else None
    return st.selectbox(
        "Edition of the pack for",
        [each for each in partners if own in (None, each)],
        format_func=lambda each: partners[each].name,
        key="edition of",
        help="The same figures with the partner's own lines, contributions, share and statement",
    )


def _pack(pool_id: str, month: int) -> list[Paper]:
    name, period = f"{pool_id}-Q{month // 3}", period_label(month)
    return [
        (
            "Quarterly pack (Excel)",
            f"{name}-pack.xlsx",
            f"All that the quarter's page shows and the memorandum account, at the end of {period}",
            lambda pool, path: write_pack(pool, month, path),
        ),
        (
            "Quarterly pack (PDF)",
            f"{name}-pack.pdf",
            "The same figures as a paper for the board: tagged for screen readers, printed on A4",
            lambda pool, path: write_pack_pdf(pool, month, path),
        ),
    ]


def _edition(agreement: Agreement, partner: str, month: int) -> list[Paper]:
    name, of = f"{agreement.id}-Q{month // 3}-{partner}", agreement.partners[partner].name
    return [
        (
            "Partner edition (Excel)",
            f"{name}.xlsx",
            f"The edition of {of}, at the end of {period_label(month)}",
            lambda pool, path: write_partner_edition(pool, partner, month, path),
        ),
        (
            "Partner edition (PDF)",
            f"{name}.pdf",
            f"The edition of {of} as a paper, tagged for screen readers",
            lambda pool, path: write_partner_edition_pdf(pool, partner, month, path),
        ),
    ]


def _year_end(pool_id: str, kind: str) -> Paper:
    words = {"xlsx": "Excel", "pdf": "PDF"}[kind]
    return (
        f"Year-end papers ({words})",
        f"{pool_id}-year-end.{kind}",
        "Outturn, memorandum account, partner statements, what is carried forward",
        write_year_end,
    )


def _buttons(books: Place, pool_id: str, actor: Actor, papers: list[Paper]) -> None:
    for first in range(0, len(papers), _COLUMNS):
        for column, (label, name, what, write) in zip(
            st.columns(_COLUMNS), papers[first : first + _COLUMNS], strict=False
        ):
            column.download_button(
                label,
                made(lambda: open_pool(books, pool_id, actor), write, name),
                file_name=name,
                mime=PDF if name.endswith(".pdf") else XLSX,
                on_click="ignore",
                width="stretch",
                help=what,
            )


def made(opening: Callable[[], Pool], write: Write, name: str = "paper") -> Callable[[], bytes]:
    """A file made on the click, from the books as they then stand; its writer sees it under a name."""

    def make() -> bytes:
        pool = opening()
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            write(pool, path)
            return path.read_bytes()

    return make
