"""The books beside a plain in-memory model, a few steps at a time; ``make soak`` takes many."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.ledger_model import machine_on
from ledger_homes import Home
from ledgers.store import Books


def test_the_books_and_a_plain_model_take_and_refuse_the_same(home: Home) -> None:
    books = Books.create(home.new())
    few = settings(max_examples=4, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine_on(books), settings=few)
    books.close()
