"""Whose account of the pool a posting stands in where funds have several hosts, and what passes between these."""

from collections.abc import Iterable, Mapping

from ledgers.journal import Entry, Posting
from ledgers.money import apportion
from pooledfund import chart
from pooledfund.pool import Pool
from s75_rules.agreement import Agreement
from s75_rules.risk_share import RiskShare

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


def between_hosts(agreement: Agreement, share: RiskShare, *, at_year_end: bool) -> dict[str, int]:
    """What the host of each line passes on for it, in pence above nil, or is passed, below nil; it sums to nil.

    An underspend or reserve of one host's fund that meets the overspend of another's leaves the money with the first
    host and the cost with the second. What stays with one host moves nothing. Before the year's end only what
    reserves give passes: money not spent to date may only be late.
    """
    passed: dict[str, int] = {}
    for offset in share.offsets if at_year_end else ():
        _add(passed, _across(agreement, offset.used, offset.relief))
    for move in share.reserve_moves:
        own = _stands_for(agreement, agreement.host_of(agreement.reserves[move.reserve].fund))
        relief = {line: pence for line, pence in move.lines.items() if pence > 0}
        kept = {line: -pence for line, pence in move.lines.items() if pence < 0 and at_year_end}
        if own is not None:
            _add(passed, _across(agreement, {own: sum(relief.values())}, relief))
            _add(passed, _across(agreement, kept, {own: sum(kept.values())}))
    return {line: pence for line in agreement.schemes if (pence := passed.get(line, 0))}


def _stands_for(agreement: Agreement, host: str) -> str | None:
    """The line that stands for what a host holds in a reserve, whatever line it is for; None where it keeps none."""
    return next((line.id for line in agreement.schemes.values() if agreement.host_of(line.fund) == host), None)


def passed_before(pool: Pool) -> dict[str, int]:
    """What earlier settlements posted of it, by line: reserves themselves move on no line."""
    posted = pool.books.balances("actual", ("scheme",), accounts=(chart.RESERVE_APPLIED,))
    return {str(line): pence for (line,), pence in posted.items() if line is not None and pence}


def _across(agreement: Agreement, gives: Mapping[str, int], gets: Mapping[str, int]) -> dict[str, int]:
    """By line, what goes from one host to another where these lines give as much as those get."""
    hosts = {line: agreement.host_of(agreement.schemes[line].fund) for line in (*gives, *gets)}
    net: dict[str, int] = {}
    for lines, sign in ((gives, 1), (gets, -1)):
        for line, pence in lines.items():
            net[hosts[line]] = net.get(hosts[line], 0) + sign * pence
    found: dict[str, int] = {}
    for host, pence in net.items():
        side = {line: amount for line, amount in (gives if pence > 0 else gets).items() if hosts[line] == host}
        sign = 1 if pence > 0 else -1
        if pence:
            for line, part in zip(side, apportion(abs(pence), list(side.values())), strict=True):
                found[line] = sign * part
    return found


def _add(into: dict[str, int], more: Mapping[str, int]) -> None:
    for line, pence in more.items():
        into[line] = into.get(line, 0) + pence


def passed_by_pair(agreement: Agreement, passed: Mapping[str, int]) -> Iterable[tuple[str, str, int]]:
    """Which host passes how much to which, in pence: givers and receivers in the order of the file."""
    net = dict.fromkeys(agreement.partners, 0)
    for line, pence in passed.items():
        net[agreement.host_of(agreement.schemes[line].fund)] += pence
    for giver in net:
        for receiver in net:
            pence = min(net[giver], -net[receiver])
            if pence > 0:
                net[giver], net[receiver] = net[giver] - pence, net[receiver] + pence
                yield giver, receiver, pence
