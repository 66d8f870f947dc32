"""The books beside a plain in-memory model, a few steps at a time; ``make soak`` takes many."""

from hypothesis import HealthCheck, settings

from benchmarks.ledger_model import LedgerMachine

TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=4, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
