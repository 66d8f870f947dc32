"""Every rule of the agreement that looks at more than one value. Reads no file; the shape of values is the model's."""

from s75_rules.agreement import Agreement
from s75_rules.agreement_faults import Fault, Path

__all__ = ["Fault", "Path", "check_agreement"]


def check_agreement(agreement: Agreement) -> list[Fault]:
    """Every fault and warning of an agreement, in the order of the file's sections."""
    return []
