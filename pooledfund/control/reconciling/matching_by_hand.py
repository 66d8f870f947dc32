"""Matching by hand: open lines of both sides that a person says are one item, with the reason. Finds none itself."""

from collections.abc import Sequence

from pooledfund.access import Action, require_partner
from pooledfund.control.matching.lines import Match, Pass
from pooledfund.control.reconciling.became import what_became
from pooledfund.control.reconciling.position import Item, position
from pooledfund.control.reconciling.runs import BY_HAND, ReconciliationRefused, item_of, match_payload
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.pool import Pool
from pooledfund.said import faults_in


def match_by_hand(pool: Pool, partner: str, month: int, items: Sequence[str], reason: str) -> str:
    """Say that open items of a reconciliation are one; gives the item that they became.

    Lines that come to the same on both sides, or to nil on one, are matched. Where they do not, the item stays open as
    one whose amounts differ. The match is an event with its reason; it can be undone and is never deleted.

    Raises:
        NotAllowed: the person may not reconcile with this partner.
        ReconciliationRefused: nothing was reconciled, an item is not open, stands twice, or no reason is given.
        ChangedMeanwhile: an item was matched or undone already, with who did it and when.
    """
    require_partner(pool.actor, Action.RECONCILE, partner)
    with pool.writing(Action.RECONCILE) as writing:
        chosen = _chosen(pool, partner, month, items, reason)
        ours = [each for item in chosen for each in item.ours]
        theirs = [each for item in chosen for each in item.theirs]
        days = [each.line.on.toordinal() for each in (*ours, *theirs)]
        match = Match(
            Pass.BY_HAND,
            tuple(each.line.id for each in ours),
            tuple(each.line.id for each in theirs),
            sum(each.line.pence for each in ours) - sum(each.line.pence for each in theirs),
            max(days) - min(days),
        )
        item = item_of(match)
        writing.event(
            BY_HAND,
            {
                "item": item,
                "partner": partner,
                "month": month,
                "match": match_payload(match),
                "reason": reason.strip(),
            },
        )
    return item


def _chosen(pool: Pool, partner: str, month: int, items: Sequence[str], reason: str) -> list[Item]:
    """The items asked for, every fault at once."""
    there = {each.id: each for each in position(pool, partner, month).items}
    held = {item: [each.line.id for each in (*it.ours, *it.theirs)] for item, it in there.items() if it.by}
    faults, meanwhile = list[str](), False
    faults += faults_in(reason, "a match by hand has a reason: say why they are one item")
    if len(items) < 2:
        faults.append("a match by hand joins two items or more: name them as reconcile does")
    for item in dict.fromkeys(items):
        if items.count(item) > 1:
            faults.append(f"{item} stands twice: name it once")
        if item not in there and (became := what_became(pool, partner, item, held)):
            faults.append(f"{became}: leave it out, or undo that match first")
            meanwhile = True
        elif item not in there:
            faults.append(f"'{item}' is not an item of {partner} M{month}: take its name from reconcile")
        elif item.startswith("m-"):
            faults.append(f"{item} is matched already: undo it first, then match its lines")
    if (
        not faults
        and len({each.line.scheme for item in items for each in (*there[item].ours, *there[item].theirs)}) > 1
    ):
        faults.append("the items are of more than one scheme line: what stands on another line is put right by journal")
    if faults:
        raise ChangedMeanwhile(*faults) if meanwhile else ReconciliationRefused(*faults)
    return [there[item] for item in items]
