"""The reconciliations laid out for a reader: outcomes, ages, lines and months, statements. Works nothing out."""

from pooledfund.cli.tables import money, table
from pooledfund.control.reconciling.balances import WORDS, Agreed, AgreementOfBalances
from pooledfund.control.reconciling.contributions import DueAgainstReceived
from pooledfund.control.reconciling.position import OUTCOMES, Item, Position

SHOWN = 200
"""Rows of a list that are printed; the JSON has them all."""


def position_text(found: Position) -> str:
    """The reconciliation for a reader: outcomes, ages, lines and months, the statement, and what is said of items."""
    return "\n\n".join(
        each for each in (_outcomes(found), _ages(found), _cells(found), _statement(found), _said(found)) if each
    )


def _outcomes(found: Position) -> str:
    rows = [
        [each, f"{len(items := found.of(each)):,}", money(sum(item.ours_pence for item in items)),
         money(sum(item.theirs_pence for item in items)), money(sum(item.difference_pence for item in items))]
        for each in OUTCOMES
    ]  # fmt: skip
    rows.append(["Total", f"{len(found.items):,}", money(found.ours_pence), money(found.theirs_pence),
                 money(found.ours_pence - found.theirs_pence)])  # fmt: skip
    state = f"{len(found.open_items):,} open" if found.open_items else "agrees"
    caption = f"{found.partner} to M{found.month}, £: {state} (run of event {found.run.event}, {found.run.file})"
    text = table(caption, "lrrrr", ["Outcome", "Items", "Ours", "Theirs", "Difference"], rows, totals=1)
    if found.run.not_searched:
        text += f"\n{found.run.not_searched:,} lines had too many others about them for groups to be searched"
    return text


def _ages(found: Position) -> str:
    if not found.open_items:
        return ""
    rows = [
        [words, f"{len(items):,}", money(sum(each.difference_pence for each in items))]
        for words, items in found.ages().items()
    ]
    total = sum(each.difference_pence for each in found.open_items)
    rows.append(["Total", f"{len(found.open_items):,}", money(total)])
    return table("Open items by age, £", "lrr", ["Age", "Items", "Difference"], rows, totals=1)


def _cells(found: Position) -> str:
    rows = [
        [each.scheme or "suspense", f"M{each.month}", money(each.ours_pence), money(each.theirs_pence),
         money(each.difference_pence)]
        for each in found.cells
    ]  # fmt: skip
    rows.append(["Total", "", money(found.ours_pence), money(found.theirs_pence),
                 money(found.ours_pence - found.theirs_pence)])  # fmt: skip
    return table("By line and month, £", "llrrr", ["Line", "Month", "Ours", "Theirs", "Difference"], rows, totals=1)


def _statement(found: Position) -> str:
    rows = [["Their ledger", "", "", "", "", "", money(found.theirs_pence)]]
    rows += [_step(each) for each in found.steps[:SHOWN]]
    rest = found.steps[SHOWN:]
    if rest:
        rows.append(
            [f"... and {len(rest):,} more", "", "", "", "", "", money(sum(each.difference_pence for each in rest))]
        )
    rows.append(["Our books", "", "", "", "", "", money(found.ours_pence)])
    header = ["Item", "Outcome", "Where", "Reference", "Line", "Age", "Amount"]
    return table("From their figure to ours, £", "lllllrr", header, rows, totals=1)


def _step(item: Item) -> list[str]:
    line = item.first.line
    return [
        item.id, item.outcome, where(item), line.reference, line.scheme or "suspense", str(item.age_days),
        money(item.difference_pence),
    ]  # fmt: skip


def where(item: Item) -> str:
    """Where an item stands: the entries of the books and the rows of their file, the first few of each."""
    said = []
    for word, lines in (("entry", item.ours), ("row", item.theirs)):
        if lines:
            numbers = ", ".join(str(each.place) for each in lines[:4])
            said.append(f"{word} {numbers}{' ...' if len(lines) > 4 else ''}")
    return ", ".join(said)


def _said(found: Position) -> str:
    lines = []
    for each in found.items:
        remark = each.remark
        if remark.disputed:
            lines.append(f"{each.id}: disputed, {remark.disputed}")
        if remark.note:
            shown = f" ({remark.evidence}, SHA-256 {remark.evidence_digest})" if remark.evidence else ""
            lines.append(f"{each.id}: {remark.note}, with {remark.owner}{shown}")
    return "\n".join(lines)


def due_text(found: DueAgainstReceived) -> str:
    """Contributions due against received, and the statement from the one to the other."""
    rows = [
        [each.position.contribution, each.position.partner, money(each.due_pence), money(each.invoiced_pence),
         money(each.position.received_pence), money(each.late_pence), money(each.timing_pence)]
        for each in found.rows
    ]  # fmt: skip
    sums = [found.due_pence, sum(each.invoiced_pence for each in found.rows), found.received_pence, found.late_pence,
            sum(each.timing_pence for each in found.rows)]  # fmt: skip
    rows.append(["Total", "", *map(money, sums)])
    header = ["Contribution", "Partner", "Due", "Invoiced", "Received", "Late", "Timing"]
    state = "something is late" if found.late_pence else "nothing is late"
    first = table(f"Contributions to M{found.month}, £: {state}", "llrrrrr", header, rows, totals=1)
    steps = [[name, why, money(pence)] for name, why, pence in found.steps]
    rows = [["Due", "", money(found.due_pence)], *steps, ["Received", "", money(found.received_pence)]]
    second = table("From what is due to what was received, £", "llr", ["Contribution", "Why", "Amount"], rows, totals=1)
    return f"{first}\n\n{second}"


def balances_text(found: AgreementOfBalances) -> str:
    """The agreement of balances, and for each figure the statement from theirs to ours."""
    rows = [
        [WORDS[each.heading], money(each.theirs_pence), money(each.ours_pence), money(each.difference_pence),
         money(each.threshold_pence), each.state, each.statement]
        for each in found.rows
    ]  # fmt: skip
    header = ["Figure", "Theirs", "Ours", "Difference", "Threshold", "State", "Statement to issue"]
    caption = f"Balances with {found.partner} at M{found.month}, £ (stated in event {found.event})"
    rule = found.rule
    said = (
        f"Thresholds: {rule.reference}; {rule.certainty}"
        if rule
        else f"The thresholds of M{found.month} of this year are not known here: set agreement_of_balances"
    )
    return "\n\n".join([f"{table(caption, 'lrrrrll', header, rows)}\n{said}", *map(_balance_statement, found.rows)])


def _balance_statement(row: Agreed) -> str:
    rows = [["Theirs", money(row.theirs_pence)], *([item, money(pence)] for item, pence in row.steps)]
    rows.append(["Ours", money(row.ours_pence)])
    return table(f"From their {row.heading} to ours, £", "lr", ["Item", "Amount"], rows, totals=1)
