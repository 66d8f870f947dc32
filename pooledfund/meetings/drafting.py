"""A draft of the minutes of the next meeting, from what is open in the books. Decides and records nothing."""

import json
from collections.abc import Iterator

from ledgers.money import pounds
from pooledfund.intake.business_cases import without_case
from pooledfund.pool import Pool
from pooledfund.results.decided import disputes_of
from pooledfund.results.minutes import actions_of
from pooledfund.results.risk_position import risk_position
from pooledfund.results.settlement import unsettled
from pooledfund.returns.register import submissions

_HEAD = """\
# Minutes of a meeting, for: pooledfund minutes FILE
# What is open in the books stands below, each line behind a #. Take the # away from what was decided, write the
# figures, and take out the rest. Name bodies and posts, never persons.
minutes: 1
meeting: {day}
body: {body}
period: {period}
present: [{present}]
items:
"""
_NOTHING = "# Nothing in the books waits for the board.\n"
_KINDS = """\
# - {ref: 9.1, kind: containment, scheme: LINE, amount: "0.00"}
# - {ref: 9.2, kind: virement, from: LINE, to: LINE, contribution: ID, amount: "0.00", effective: DATE}
# - {ref: 9.3, kind: action, action: What is to be done, owner: The post that does it, due: DATE}
# - {ref: 9.4, kind: note, note: What was noted}
"""


def draft_minutes(pool: Pool, month: int) -> str:
    """The text of a draft: undecided money, disputes, business cases, returns and actions that wait for the board.

    Raises:
        NotAllowed: the person may not read the pool.
    """
    agreement = pool.agreement
    present = [each.id for each in agreement.signatories()] or list(agreement.partners)
    head = _HEAD.format(
        day=pool.clock().date().isoformat(),
        body=f"Board of {_plain(agreement.header.area)}",
        period=f"Q{month // 3}" if month % 3 == 0 else f"M{month}",
        present=", ".join(present),
    )
    waiting = "".join(
        f"# {place}. {_plain(said)}\n# - {{ref: {place}, {keys}}}\n"
        for place, (said, keys) in enumerate(_open(pool, month), start=1)
    )
    return f"{head}{waiting or _NOTHING}# Other kinds of item\n{_KINDS}"


def _open(pool: Pool, month: int) -> Iterator[tuple[str, str]]:
    """Each thing that waits, in words, and the keys of the item that would decide it."""
    for each in unsettled(risk_position(pool, month).share):
        partners = ", ".join(f'{name}: "0.00"' for name in pool.agreement.partners)
        keys = f"kind: share, clause: {_quoted(each.clause)}, side: {each.side}, partners: {{{partners}}}"
        yield f"Who takes {pounds(each.pence)} of {each.side} that clause '{each.clause}' leaves open", keys
    for dispute in disputes_of(pool):
        what = f"clause: {_quoted(dispute.clause)}, side: {dispute.side}, partner: {dispute.partner}"
        keys = f"kind: dispute resolved, {what}"
        yield f"{dispute.partner} disputes its {dispute.side} under clause '{dispute.clause}': {dispute.reason}", keys
    for scheme, said in without_case(pool).items():
        case = pool.agreement.schemes[scheme].business_case
        yield said, f"kind: business case, scheme: {scheme}, reference: {_quoted(case.reference if case else '')}"
    for sent in submissions(pool):
        if not sent.approvals:
            said = f"Return {sent.return_id}, {sent.file}, was submitted and no body has approved it"
            yield said, f"kind: return, submission: {sent.event}"
    for action in actions_of(pool):
        if action.done_on is None:
            said = f"{action.action} ({action.owner}, by {action.due.isoformat()})"
            yield said, f'kind: action done, action: {_quoted(action.id)}, how: ""'


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """A text on one line, so that it stays behind its mark of a comment."""
    return " ".join(text.split())
