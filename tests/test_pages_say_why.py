"""Why a figure is what it is, at the pages: the tree that the command line prints, for all that it can be asked of."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from books_for_pages import exampleshire_books, run
from ledgers.place import place_of
from pooledfund.pool import Pool
from pooledfund.results.explaining import conditions_explained
from pooledfund.results.explaining_account import account_figures
from pools import MANAGER
from shown import READER, Shown

ASKED: dict[str, tuple[str, str, Callable[[Pool], Iterable[str]]]] = {
    "contributions": ("Why this figure: a contribution", "contribution", lambda pool: pool.agreement.contributions),
    "conditions": ("Condition, minimum or earmark", "condition", conditions_explained),
    "close": ("Figure of the memorandum account", "memorandum", lambda pool: account_figures(pool.agreement)),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleshire_books(tmp_path_factory.mktemp("books") / "exampleshire.db", through="Q1")


@pytest.mark.parametrize("page", ASKED)
def test_every_figure_that_can_be_chosen_has_the_tree_of_the_command_line(books: Path, page: str) -> None:
    label, what, known = ASKED[page]
    ids = list(known(Pool.open(place_of(str(books)), None, MANAGER)))
    shown = Shown(page, books, READER, quarter="Q1: Apr to Jun")
    assert len(shown.field(label).options) == len(ids) + 1 > 3
    for which in (ids[0], ids[-1]):
        tree = run(["explain", what, which, "--quarter", "Q1", "--db", str(books)]).splitlines()
        shown.put({label: which})
        assert " ".join(tree[0].split()) in " ".join(shown.text.split())


def test_every_id_that_is_offered_can_be_explained(books: Path) -> None:
    pool = Pool.open(place_of(str(books)), None, MANAGER)
    for _, what, known in ASKED.values():
        for which in known(pool):
            assert run(["explain", what, which, "--quarter", "Q1", "--db", str(books)])
