"""The page of all pools that a person may see: how each stands, what asks for attention, totals where they cast."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pooledfund.pool import now
from pooledfund.ui import html
from pooledfund.ui import pools_section as section
from pooledfund.ui.books import REFUSALS, Standing, kept
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.paging import turn
from s75_rules.portfolio import Portfolio

# Pools of one page: each is worked out whole. Streamlit would show a sentence in quotes here to the reader.
_PAGE = 25


def show(here: Here) -> None:
    """A row for each pool, its alerts under the table, and the totals of pools that can be added up."""
    count = len(here.pools)
    heading(here, "Pools", f"{count} pool{'' if count == 1 else 's'} that you may see.")
    where = turn("the pools", count, "pools page", _PAGE)
    rows, seen = [], dict[Standing, section.PoolSeen]()
    for pool in here.pools[where.skip : where.skip + where.take]:
        try:
            seen[pool] = _seen(here, pool)
            rows.append(section.seen_row(pool, seen[pool], here.unit))
        except REFUSALS as refusal:
            rows.append(section.refused_row(pool, str(refusal)))
    put(section.pools_table(rows, where.in_words, here.unit))
    _alerts(seen)
    _approvals(seen)
    _totals(list(seen.values()), here)


def _seen(here: Here, pool: Standing) -> section.PoolSeen:
    # What is late or soon due depends on the clock: worked out anew each hour, and after each event.
    hour = f"{now():%Y-%m-%d %H}"
    actor = here.person.actor(pool.pool_id)
    return kept(here.place, pool.pool_id, pool.head, actor, f"pool seen {hour}", section.see)


def _alerts(seen: Mapping[Standing, section.PoolSeen]) -> None:
    st.header("What asks for attention", anchor=False)
    asking = {pool: each for pool, each in seen.items() if each.alerts}
    if not asking:
        nothing("Nothing asks for attention in the pools shown.")
    for pool, each in asking.items():
        put(section.alerts_table(pool, each))


def _approvals(seen: Mapping[Standing, section.PoolSeen]) -> None:
    st.header("Approvals required", anchor=False)
    waiting = {pool: each for pool, each in seen.items() if each.awaited}
    if not waiting:
        nothing("Nothing waits for an approval in the pools shown.")
    for pool, each in waiting.items():
        put(section.awaited_table(pool, each.quarter, each.awaited))


def _totals(seen: Sequence[section.PoolSeen], here: Here) -> None:
    years: dict[str, list[section.PoolSeen]] = {}
    for each in seen:
        years.setdefault(str(each.figures.agreement.year), []).append(each)
    several = {year: pools for year, pools in years.items() if len(pools) > 1}
    if not several:
        return
    st.header("Pools added up", anchor=False)
    for year, pools in several.items():
        found = Portfolio(tuple(each.figures for each in pools))
        if found.alike:
            pairs = "; ".join(" and ".join(pair) for pair in found.alike)
            nothing(f"{year}: no total. One of {pairs} may be a version of the other, and no pound is counted twice.")
            continue
        if len({each.quarter for each in pools}) > 1:
            put(html.paragraph("Each pool stands at its own latest quarter with spend.", "pf-small"))
        put(section.totals_table(found, here.unit))
        if without := [each.figures.agreement.id for each in pools if not each.has_spend]:
            said = f"Nothing is spent yet in {', '.join(without)}: its forecast is only what profiles leave."
            put(html.paragraph(said, "pf-small"))


page("Pools", show)
