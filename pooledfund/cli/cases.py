"""The command that records the approval of a business case."""

import argparse

from pooledfund.cli.session import day, open_pool
from pooledfund.intake.business_cases import Approval, approve_case


def approve(call: argparse.Namespace) -> int:
    """Record that a line's business case was approved."""
    approval = Approval(call.scheme, call.reference, day(call.approved, "--approved"), call.minute)
    event = approve_case(open_pool(call), approval)
    print(f"Business case {call.reference} of {call.scheme} approved, {call.minute}: event {event}")
    return 0
