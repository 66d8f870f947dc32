"""The sums that books must keep, each asked of the rows themselves: casting, mirrors, floors and kept balances."""

from collections.abc import Iterator

from ledgers.balances import BALANCES_AS_POSTED
from ledgers.database import Connection
from ledgers.seal import Finding

_CASTING = """SELECT entry, coalesce(sum(amount_pence), 0) FROM posting WHERE pool_id = ? GROUP BY entry
    HAVING sum(amount_pence) <> 0 OR count(*) < 2 OR min(abs(amount_pence)) = 0 ORDER BY entry LIMIT 1"""
_ORPHANS = """SELECT entry FROM posting WHERE pool_id = ? AND NOT EXISTS (SELECT 1 FROM entry
    WHERE entry.pool_id = posting.pool_id AND entry.number = posting.entry) ORDER BY entry LIMIT 1"""
_NUMBERS = """SELECT number FROM (SELECT number, row_number() OVER (ORDER BY number) AS place FROM entry
    WHERE pool_id = ?) AS numbered WHERE number <> place ORDER BY number LIMIT 1"""
_MIRRORS = """SELECT reversal.number FROM entry AS reversal
    JOIN entry AS original ON original.pool_id = reversal.pool_id AND original.number = reversal.reverses
    WHERE reversal.pool_id = ? AND (original.reverses IS NOT NULL OR original.book <> reversal.book
        OR EXISTS (
            SELECT 1 FROM (
                SELECT account, scheme, contribution, partner, -amount_pence AS amount_pence, 1 AS legs FROM posting
                WHERE posting.pool_id = original.pool_id AND posting.entry = original.number
                UNION ALL
                SELECT account, scheme, contribution, partner, amount_pence, -1 FROM posting
                WHERE posting.pool_id = reversal.pool_id AND posting.entry = reversal.number
            ) AS both_ways GROUP BY account, scheme, contribution, partner, amount_pence HAVING sum(legs) <> 0))
    ORDER BY reversal.number LIMIT 1"""
_TWICE = """SELECT reverses FROM entry WHERE pool_id = ? AND reverses IS NOT NULL
    GROUP BY reverses HAVING count(*) > 1 ORDER BY reverses LIMIT 1"""
_CELL = "book, account, scheme, contribution, partner, month"
_BALANCES = f"""SELECT {_CELL} FROM (
        SELECT {_CELL}, amount_pence, through_entry, 1 AS side FROM balance WHERE pool_id = ?
        UNION ALL
        SELECT {_CELL}, amount_pence, through_entry, -1 FROM ({BALANCES_AS_POSTED}) AS rebuilt
    ) AS both_sides GROUP BY {_CELL}, amount_pence, through_entry HAVING sum(side) <> 0
    ORDER BY {_CELL} LIMIT 1"""
_FLOORS = """SELECT balance.account, balance.contribution FROM balance
    JOIN account ON account.pool_id = balance.pool_id AND account.code = balance.account
    WHERE balance.pool_id = ? AND account.floor = 'not_negative_by_contribution'
    GROUP BY balance.book, balance.account, balance.contribution HAVING sum(balance.amount_pence) < 0
    ORDER BY balance.account, balance.contribution LIMIT 1"""


_QUESTIONS = (
    ("balanced", "entry does not balance", _CASTING, "entry {0} does not balance, or has a leg that is missing or nil"),
    ("gapless", "posting without entry", _ORPHANS, "a posting names entry {0}, which is not recorded"),
    ("gapless", "entry numbers", _NUMBERS, "the entry numbers have a gap before entry {0}"),
    ("mirrored", "reversal", _MIRRORS, "entry {0} is no exact mirror of the entry it reverses"),
    ("mirrored", "reversed twice", _TWICE, "entry {0} is reversed more than once"),
    ("floors", "floor", _FLOORS, "{0} of contribution {1} is below nil"),
)


def sum_findings(connection: Connection, pool_id: str, wanted: str) -> Iterator[Finding]:
    """The first row of each sum of one check that does not hold."""
    for name, check, question, sentence in _QUESTIONS:
        row = connection.execute(question, (pool_id,)).fetchone() if name == wanted else None
        if row:
            yield Finding(check, " ".join(map(str, row)), sentence.format(*row))
    row = connection.execute(_BALANCES, (pool_id, pool_id)).fetchone() if wanted == "kept" else None
    if row:
        name = " ".join(str(part) for part in row if part != "")
        yield Finding("kept balance", name, f"the kept balance of {name} is not what its postings come to")
