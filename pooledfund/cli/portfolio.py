"""The command on many pools at once: a county, an ICB, a region. Posts nothing."""

import argparse
from pathlib import Path

from ledgers.place import place_of
from pooledfund.agreement_file import read_agreement
from pooledfund.cli.session import CallRefused, actor_of, books_place, month_of, print_json
from pooledfund.cli.tables import money, table
from pooledfund.pool import Pool
from pooledfund.results.portfolio import figures_of_agreement, figures_of_pool
from pooledfund.results.standing import standing_of
from s75_rules.amounts import Amount
from s75_rules.portfolio import PartnerSum, PoolFigures, Portfolio, Sum, transfer_sentence

_SHOWN = 20
"""Pools and bodies shown one by one; more are in the totals and in the JSON document."""


def portfolio(call: argparse.Namespace) -> int:
    """Print many pools beside one another and added up; status 1 where a test fails or a transfer does not agree."""
    found = Portfolio(tuple(_pools(call)))
    if call.of is not None:
        return _one_body(found, call)
    if call.json:
        print_json(_document(found))
    else:
        print(_text(found))
    return 1 if found.failed or not all(each.agrees for each in found.transfers()) else 0


def _one_body(found: Portfolio, call: argparse.Namespace) -> int:
    """Print one body in each of its pools."""
    body = found.body(call.of)
    if body is None:
        raise CallRefused(f"no pool here has a partner '{call.of}': give its whole name, as check shows it")
    by_pool, whole = body
    year = found.pools[0].agreement.year
    if call.json:
        print_json({"year": str(year), "pools": [each.as_json() for each in by_pool], "total": whole.as_json()})
        return 0
    rows = [[each.pools[0], *_own(each)] for each in by_pool]
    rows.append([_counted(len(by_pool)), *_own(whole)])
    header = ["Pool", "Pooled", "Aligned or in view", "Bears", "Gets back", "Net"]
    print(table(f"{whole.name}, {year}, £", "lrrrrr", header, rows, totals=1))
    return 0


def _own(each: PartnerSum) -> list[str]:
    net = None if each.bears_pence is None else each.bears_pence - (each.gets_back_pence or 0)
    return [_money(each.pooled), _money(each.apart), money(each.bears_pence), money(each.gets_back_pence), money(net)]


def _pools(call: argparse.Namespace) -> list[PoolFigures]:
    """The pools of every file and folder named, and of every book; of the usual books where neither is named."""
    found = []
    for name in call.agreements:
        path = Path(name)
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise CallRefused(f"{path} holds no agreement file (.yaml): name a folder that does, or the files")
        found += [figures_of_agreement(read_agreement(each).agreement) for each in files]
    places = [place_of(each) for each in call.books]
    if call.db or not (call.agreements or places):
        places.append(books_place(call))
    as_of = _as_of(call.as_of)
    for place in places:
        for pool in Pool.open_all(place, actor_of(call), call.pool):
            found.append(figures_of_pool(pool, month_of(call), as_of.pop(pool.agreement.id, None)))
    if as_of:
        raise CallRefused(f"--as-of names {', '.join(as_of)}, no pool of these books: write POOL=EVENT")
    return found


def _as_of(given: list[str]) -> dict[str, int]:
    found = {}
    for each in given:
        pool, _, event = each.rpartition("=")
        if not pool or not event.isascii() or not event.isdecimal() or len(event) > 15:
            raise CallRefused(f"'{each}' is not POOL=EVENT, such as kent-2016-17=12")
        found[pool] = int(event)
    return found


def _document(found: Portfolio) -> dict[str, object]:
    return {
        "year": str(found.pools[0].agreement.year),
        "pools": [
            {
                "pool": pool.agreement.id,
                "area": pool.agreement.header.area,
                "basis": pool.basis,
                "pooled": found.of_pool(pool, pooled=True).as_json(),
                "apart": found.of_pool(pool, pooled=False).as_json(),
                "tests": [test.as_json() for test in pool.tests],
                **standing_of(pool.agreement).as_json(),
            }
            for pool in found.pools
        ],
        "lines_without_money": found.lines_without_money(),
        "transfers": [each.as_json() for each in found.transfers()],
        "alike": [list(each) for each in found.alike],
        "pooled": found.whole(pooled=True).as_json(),
        "apart": found.whole(pooled=False).as_json(),
        "sub_areas": {name or "none": each.as_json() for name, each in found.by_sub_area().items()},
        "partners": [each.as_json() for each in found.partners()],
    }


def _text(found: Portfolio) -> str:
    year = found.pools[0].agreement.year
    rows = [
        [
            pool.agreement.id,
            pool.agreement.header.status,
            pool.basis,
            *_cells(found.of_pool(pool, pooled=True)),
            _tests(pool),
        ]
        for pool in found.pools[:_SHOWN]
    ]
    if rest := found.pools[_SHOWN:]:
        rows.append([f"{len(rest)} more pools", "", "", *_cells(found.together(rest)), "see --json"])
    transfers = found.transfers()
    if transfers:
        rows.append(["Less what pools pay one another", "", "", *_cells(found.paid_over(), less=True), ""])
    rows.append([f"{_counted(len(found.pools))}, each pound once", "", "", *_cells(found.whole(pooled=True)), ""])
    header = ["Pool", "Agreement", "On", "Contributed", "Budget", "Forecast", "Variance", "Minimum tests"]
    parts = [table(f"Pooled money of {year}, £, plus is overspend", "lllrrrrl", header, rows, totals=1)]
    if without := found.lines_without_money():
        parts.append(f"{without} line{'' if without == 1 else 's'} without an amount yet, in no total.")
    parts += [transfer_sentence(each) for each in transfers]
    parts += [_alike(*each) for each in found.alike]
    apart = found.whole(pooled=False)
    if str(apart.budget) != str(Amount.exact(0)) or str(apart.contributed) != str(Amount.exact(0)):
        parts.append(
            f"Aligned or in view, in no total above: contributed {_money(apart.contributed)},"
            f" budget {_money(apart.budget)}, forecast {money(apart.forecast_pence)},"
            f" variance {money(apart.variance_pence)}."
        )
    if set(areas := found.by_sub_area()) != {""}:
        lines = [[name or "no sub-area", *_cells(each)[1:]] for name, each in areas.items()]
        lines.append(["All lines", *_cells(found.whole(pooled=True))[1:]])
        parts.append(table("By sub-area, £", "lrrr", ["Sub-area", *header[4:7]], lines, totals=1))
    parts.append(_partners(found))
    parts += [f"Not met: {pool}: {test.title} on the {test.basis}: {test.because}" for pool, test in found.failed]
    unsure = [pool.agreement.id for pool in found.pools if pool.agreement.header.status not in ("signed", "varied")]
    if unsure:
        parts.append(f"{len(unsure)} of {len(found.pools)} agreements are not signed.")
    return "\n\n".join(parts)


def _alike(one: str, other: str) -> str:
    return (
        f"{one} and {other} are of the same area, bodies and lines: if one is another version of the other, leave it "
        "out, or its money counts twice."
    )


def _counted(pools: int) -> str:
    return f"{pools} pool{'' if pools == 1 else 's'}"


def _cells(each: Sum, less: bool = False) -> list[str]:
    """The four columns of a sum, or of what is taken off a sum."""
    forecast, variance = each.forecast_pence, each.variance_pence
    if not less:
        return [_money(each.contributed), _money(each.budget), money(forecast), money(variance)]
    exact = [amount.exact_pence if amount else None for amount in (each.contributed, each.budget)]
    return [money(None if pence is None else -pence) for pence in (*exact, forecast, variance)]


def _money(amount: Amount | None) -> str:
    if amount is None:
        return "n/a"
    return str(amount) if amount.exact_pence is None else money(amount.exact_pence)


def _tests(pool: PoolFigures) -> str:
    """How the pool's tests come out, the worst first: ``1 not met, 2 met``."""
    results = [test.result for test in pool.tests]
    counts = [(word, results.count(word)) for word in ("not met", "cannot tell", "not known here", "met")]
    return ", ".join(f"{count} {word}" for word, count in counts if count) or "no test"


def _partners(found: Portfolio) -> str:
    """Bodies over their pools; with what no partner bears their net sums cast to the variance that was shared."""
    partners = found.partners()
    rows = [[each.name, str(len(each.pools)), *_own(each)] for each in partners[:_SHOWN]]
    cast = len(partners) <= _SHOWN and any(pool.share for pool in found.pools)
    if cast:
        rows += [[what, "", "", "", "", "", money(pence)] for what, pence in found.placed().items() if pence]
        rows.append(["Variance shared", "", "", "", "", "", money(found.shared_variance_pence())])
    header = ["Body", "Pools", "Pooled", "Aligned or in view", "Bears", "Gets back", "Net"]
    text = table("Bodies over their pools, £", "lrrrrrr", header, rows, totals=int(cast))
    more = len(partners) - _SHOWN
    return text if more <= 0 else f"{text}\n{more} more bodies are in --json."
