"""The page of all pools that a person may see: which they are and how each stands. Works out no figure."""

from pooledfund.results.standing import standing_of
from pooledfund.ui import html
from pooledfund.ui.books import kept
from pooledfund.ui.frame import Here, heading, page, put


def show(here: Here) -> None:
    """A row for each pool."""
    heading(here, "Pools")
    rows = []
    for pool in here.pools:
        actor = here.person.actor(pool.pool_id)
        agreement = kept(here.place, pool.pool_id, pool.head, actor, "agreement", lambda each: each.agreement)
        status = html.Cell(standing_of(agreement).lines[0])
        event = html.number(f"{pool.head.number:,}")
        rows.append(html.Row(html.Cell(pool.title, pool.pool_id), (html.Cell(pool.year), status, event)))
    columns = [
        html.Heading("Pool", kind="text"),
        html.Heading("Year", kind="text"),
        html.Heading("Agreement", kind="text"),
        html.Heading("Newest event"),
    ]
    put(html.table("Pools in these books", columns, rows))


page("Pools", show)
