"""The papers that a reader takes away from a quarter, made when asked for. Lays out none of them."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from ledgers.place import Place
from pooledfund.access import Action, Actor, NotAllowed, require
from pooledfund.pool import Pool
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf
from pooledfund.results.monitoring import period_label
from pooledfund.returns.part2 import export_part2
from pooledfund.ui.books import Quarter, open_pool

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_papers(books: Place, quarter: Quarter, actor: Actor) -> None:
    """Three buttons, or the sentence that says who may take copies."""
    try:
        require(actor, Action.EXPORT)
    except NotAllowed as refusal:
        st.info(str(refusal))
        return

    def opening() -> Pool:
        return open_pool(books, quarter.agreement.id, actor)

    name = f"{quarter.agreement.id}-Q{quarter.month // 3}"
    pack, paper, part2, _ = st.columns((1, 1, 1, 1))
    pack.download_button(
        "Quarterly pack (Excel)",
        made(opening, lambda pool, path: write_pack(pool, quarter.month, path)),
        file_name=f"{name}-pack.xlsx",
        mime=XLSX,
        on_click="ignore",
        width="stretch",
        help=f"All that this page shows and the memorandum account, at the end of {period_label(quarter.month)}",
    )
    paper.download_button(
        "Quarterly pack (PDF)",
        made(opening, lambda pool, path: write_pack_pdf(pool, quarter.month, path)),
        file_name=f"{name}-pack.pdf",
        mime="application/pdf",
        on_click="ignore",
        width="stretch",
        help="The same figures as a paper for the board: tagged for screen readers, printed on A4",
    )
    part2.download_button(
        "Part 2 template (Excel)",
        made(opening, lambda pool, path: export_part2(pool, path)),
        file_name=f"{quarter.agreement.id}-part-2.xlsx",
        mime=XLSX,
        on_click="ignore",
        width="stretch",
        help="Finance summary, schemes, outcomes and metrics, contingency plan, at current budgets",
    )


def made(
    opening: Callable[[], Pool], write: Callable[[Pool, Path], object], name: str = "paper"
) -> Callable[[], bytes]:
    """A file made on the click, from the books as they then stand; its writer sees it under a name."""

    def make() -> bytes:
        pool = opening()
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            write(pool, path)
            return path.read_bytes()

    return make
