"""Copies of books in use, proved before they are relied on, and books made again from such a copy."""

from dataclasses import dataclass
from pathlib import Path

from ledgers.place import Place, Url
from ledgers.seal import Finding, Head
from ledgers.store import Books
from pooledfund.access import Action, Actor, require
from pooledfund.errors import InputRefused


class CopyRefused(InputRefused):
    """A copy that would overwrite a file, or that does not hold what it should."""


@dataclass(frozen=True, slots=True)
class ProvedCopy:
    """A copy of books with the head of each pool in it, after every row of it was proved against its log."""

    path: Path
    heads: dict[str, Head]


def back_up(books: Place, target: Path, actor: Actor) -> ProvedCopy:
    """Copy books, also while others write to them, to a new file, and prove the copy.

    Raises:
        CopyRefused: the target is there, or the copy does not prove.
        LedgerRefusal: there are no books to copy, or the disk is full.
    """
    require(actor, Action.EXPORT)
    return _copied(Books.open(books), target)


def restore(copy: Path, books: Place, actor: Actor) -> ProvedCopy:
    """Make books from a copy that proves; books that are there are never overwritten.

    Raises:
        CopyRefused: there are books at that place already, or the copy does not prove.
        LedgerRefusal: the copy is not a copy of books.
    """
    require(actor, Action.POST)
    if isinstance(books, Url):
        raise CopyRefused(f"{books} is not a file: restore it with pg_restore, which comes with PostgreSQL")
    source = Books.open(copy)
    _prove(source, copy)
    return _copied(source, books)


def _copied(source: Books, target: Path) -> ProvedCopy:
    if target.exists():
        raise CopyRefused(f"{target} is there already: name a new file, or move that one away first")
    source.copy_to(target)
    copied = Books.open(target)
    return ProvedCopy(target, _prove(copied, target))


def _prove(books: Books, path: Path) -> dict[str, Head]:
    heads, faults = dict[str, Head](), list[str]()
    for pool in books.pool_ids():
        ledger = books.pool(pool)
        faults += [_sentence(path, pool, finding) for finding in ledger.verify()]
        heads[pool] = ledger.head()
    if faults:
        raise CopyRefused(*faults)
    return heads


def _sentence(path: Path, pool: str, finding: Finding) -> str:
    return f"{path}, pool {pool}: {finding.message}: do not rely on this file, use an earlier copy"
