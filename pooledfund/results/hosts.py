"""Whose account of the pool a posting stands in, where funds have several hosts. Works out no amount."""

from ledgers.journal import Entry, Posting
from pooledfund import chart
from s75_rules.agreement import Agreement

_RESERVE = chart.reserve_account("")


def settling_host(agreement: Agreement) -> str:
    """The host of the first pooled fund: what names no fund, contribution or line is settled with it."""
    return next(
        (fund.host for fund in agreement.funds.values() if fund.kind == "pooled"),
        next(iter(agreement.funds.values())).host,
    )


def told_host(agreement: Agreement, account: str, scheme: str | None, contribution: str | None) -> str | None:
    """The host whom a posting itself names, by its contribution, its reserve or its line; None where it has none."""
    if contribution is not None:
        return agreement.host_of(agreement.contributions[contribution].fund)
    if account.startswith(_RESERVE):
        return agreement.host_of(agreement.reserves[account.removeprefix(_RESERVE)].fund)
    return None if scheme is None else agreement.host_of(agreement.schemes[scheme].fund)


def host_of_posting(agreement: Agreement, entry: Entry, posting: Posting) -> str:
    """The host in whose account a posting of an entry stands: by what it names, else by what the others name."""
    for each in (posting, *entry.postings):
        if host := told_host(agreement, each.account, each.scheme, each.contribution):
            return host
    return settling_host(agreement)
