"""Reconciliations as HTML: how each stands, the statements that cast, what is due and received. Works out no figure."""

from collections.abc import Sequence

from ledgers.calendar import month_label
from ledgers.money import pounds_for_people
from pooledfund.control.reconciling.balances import WORDS, Agreed, AgreementOfBalances
from pooledfund.control.reconciling.contributions import DueAgainstReceived
from pooledfund.control.reconciling.position import OUTCOMES, Item, Position
from pooledfund.control.reconciling.signing import Names
from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from pooledfund.ui.paging import Turn
from s75_rules.agreement import Agreement

_COLOURS = {
    "matched": "Green", "matched within tolerance": "Green", "amount differs": "Amber", "only ours": "Amber",
    "only theirs": "Amber", "disputed": "Red",
}  # fmt: skip


def words(*names: str) -> tuple[Heading, ...]:
    """Headings of columns of text."""
    return tuple(Heading(each, kind="text") for each in names)


def stands(found: Position | None) -> Cell:
    """How the reconciliation with a ledger stands, in words."""
    if found is None:
        return Cell(html.marked("not reconciled yet", "Red"))
    if not found.open_items:
        return Cell(html.marked("agrees", "Green"), f"{found.run.file}, event {found.run.event}")
    count = len(found.open_items)
    between = pounds_for_people(abs(found.ours_pence - found.theirs_pence))
    return Cell(html.marked(f"{count:,} open", "Amber"), f"{between} between their figure and ours")


def balances_stand(found: AgreementOfBalances | None) -> Cell:
    """How the agreement of balances stands, in words."""
    if found is None:
        return Cell("no figures stated yet")
    differ = [each for each in found.rows if not each.agrees]
    if not differ:
        return Cell(html.marked("agrees", "Green"), f"stated in event {found.event}")
    return Cell(html.marked(f"{len(differ)} of {len(found.rows)} differ", "Amber"), f"stated in event {found.event}")


def due_stands(found: DueAgainstReceived) -> Cell:
    """How contributions stand, in words."""
    if not found.late_pence:
        return Cell(html.marked("nothing is late", "Green"))
    return Cell(html.marked(f"{pounds_for_people(found.late_pence)} is late", "Red"))


def signed_cells(names: Names, shown: str) -> tuple[Cell, Cell]:
    """Who prepared and who reviewed; what was signed over other figures says so."""
    changed = "" if names.figures is None or names.stand_over(shown) else "changed since: to be signed again"
    both = []
    for each in (names.prepared, names.reviewed):
        both.append(Cell(f"{each.who}, event {each.event:,}", changed) if each else Cell("nobody yet"))
    return both[0], both[1]


def overview_table(rows: Sequence[Row], month: int) -> Html:
    """Every reconciliation with how it stands and who signed it."""
    columns = words("Reconciliation", "How it stands", "Prepared by", "Reviewed by")
    return html.table(f"Reconciliations at the end of {month_label(month)}", columns, rows)


def outcomes_table(found: Position, unit: Unit) -> Html:
    """What came of every line: how many items of each outcome and what they come to; it casts."""
    rows = []
    for outcome in OUTCOMES:
        items = found.of(outcome)
        sums = [sum(getattr(each, name) for each in items) for name in ("ours_pence", "theirs_pence")]
        rows.append(
            Row(
                Cell(html.marked(outcome, _COLOURS[outcome] if items else "")),
                (html.number(f"{len(items):,}"), *_three(sums[0], sums[1], unit)),
            )
        )
    total = (html.number(f"{len(found.items):,}"), *_three(found.ours_pence, found.theirs_pence, unit))
    rows.append(Row(Cell("Total"), total, kind="total"))
    columns = (*words("Outcome"), *map(Heading, ("Items", "Ours", "Theirs", "Difference")))
    return html.table(f"What came of every line, {unit}", columns, rows)


def _three(ours: int, theirs: int, unit: Unit) -> tuple[Cell, ...]:
    return tuple(html.money(each, unit) for each in (ours, theirs, ours - theirs))


def ages_table(found: Position, unit: Unit) -> Html:
    """The open items by how old they are at the end of the month."""
    rows = [
        Row(
            Cell(age),
            (html.number(f"{len(items):,}"), html.money(sum(each.difference_pence for each in items), unit)),
        )
        for age, items in found.ages().items()
    ]
    whole = sum(each.difference_pence for each in found.open_items)
    total = (html.number(f"{len(found.open_items):,}"), html.money(whole, unit))
    columns = (*words("Age"), Heading("Items"), Heading("Difference"))
    return html.table(f"Open items by age, {unit}", columns, [*rows, Row(Cell("Total"), total, kind="total")])


def cells_table(found: Position, unit: Unit) -> Html:
    """Both sides by scheme line and month."""
    rows = [
        Row(
            Cell(each.scheme or "suspense"),
            (Cell(month_label(each.month)), *_three(each.ours_pence, each.theirs_pence, unit)),
        )
        for each in found.cells
    ]
    rows.append(Row(Cell("Total"), (Cell(""), *_three(found.ours_pence, found.theirs_pence, unit)), kind="total"))
    columns = (*words("Line", "Month"), *map(Heading, ("Ours", "Theirs", "Difference")))
    return html.table(f"By line and month, {unit}", columns, rows)


def statement_table(found: Position, where: Turn, unit: Unit) -> Html:
    """The statement from their figure to ours, one page of its steps and the others in one row: it casts on each."""
    part = found.steps[where.skip : where.skip + where.take]
    blank = tuple(Cell("") for _ in range(4))
    rows = [Row(Cell("Their ledger", found.run.file), (*blank, html.money(found.theirs_pence, unit)))]
    rows += [Row(Cell(each.id), (*_step(each), html.money(each.difference_pence, unit))) for each in part]
    others = len(found.steps) - len(part)
    if others:
        left = sum(each.difference_pence for each in found.steps) - sum(each.difference_pence for each in part)
        rows.append(Row(Cell(f"{others:,} items on other pages"), (*blank, html.money(left, unit))))
    rows.append(Row(Cell("Our books"), (*blank, html.money(found.ours_pence, unit)), kind="total"))
    columns = (*words("Item", "Outcome", "Reference", "Line", "Remarks"), Heading("Amount"))
    return html.table(f"From their figure to ours, {unit}. {where.in_words}", columns, rows)


def _step(item: Item) -> tuple[Cell, ...]:
    line = item.first.line
    return (
        Cell(html.marked(item.outcome, _COLOURS[item.outcome]), f"{item.age_days} days old"),
        Cell(line.reference, place_of(item)),
        Cell(line.scheme or "suspense"),
        Cell(remarks_of(item)),
    )


def place_of(item: Item) -> str:
    """Where an item stands: entries of the books, rows of the ledger's file."""
    said = []
    for one, many, lines in (("entry", "entries", item.ours), ("row", "rows", item.theirs)):
        if lines:
            numbers = ", ".join(f"{each.place:,}" for each in lines[:4])
            said.append(f"{one if len(lines) == 1 else many} {numbers}{' …' if len(lines) > 4 else ''}")
    return ", ".join(said)


def remarks_of(item: Item) -> str:
    """What people said of an item, in one line; nothing where nobody did."""
    remark, said = item.remark, []
    if remark.disputed:
        said.append(f"Disputed: {remark.disputed}")
    if remark.note:
        shown = f", shown by {remark.evidence}" if remark.evidence else ""
        said.append(f"Note: {remark.note} (with the {remark.owner.replace('_', ' ')}{shown})")
    return ". ".join(said)


def due_table(found: DueAgainstReceived, agreement: Agreement, unit: Unit) -> Html:
    """What is due of each contribution against what was received."""
    rows, sums = [], [0] * 5
    for each in found.rows:
        figures = (
            each.due_pence, each.invoiced_pence, each.position.received_pence, each.late_pence, each.timing_pence,
        )  # fmt: skip
        sums = [before + pence for before, pence in zip(sums, figures, strict=True)]
        contribution = agreement.contributions[each.position.contribution]
        interest = f"of which interest {pounds_for_people(each.interest_pence)}" if each.interest_pence else ""
        first, *others = figures
        cells = (html.money(first, unit, interest), *(html.money(pence, unit) for pence in others))
        partner = agreement.partners[each.position.partner].name
        rows.append(Row(Cell(contribution.name or contribution.id, partner), cells))
    rows.append(Row(Cell("Total"), tuple(html.money(pence, unit) for pence in sums), kind="total"))
    columns = (*words("Contribution"), *map(Heading, ("Due", "Invoiced", "Received", "Late", "Timing")))
    return html.table(f"Contributions due against received to the end of M{found.month}, {unit}", columns, rows)


def due_statement(found: DueAgainstReceived, unit: Unit) -> Html:
    """From what is due to what was received."""
    rows = [Row(Cell("Due"), (Cell(""), html.money(found.due_pence, unit)))]
    rows += [Row(Cell(name), (Cell(why), html.money(pence, unit))) for name, why, pence in found.steps]
    rows.append(Row(Cell("Received"), (Cell(""), html.money(found.received_pence, unit)), kind="total"))
    columns = (*words("Contribution", "Why"), Heading("Amount"))
    return html.table(f"From what is due to what was received, {unit}", columns, rows)


def balances_table(found: AgreementOfBalances, unit: Unit) -> Html:
    """Each figure of the partner against ours, with the threshold it must agree within."""
    rows = [
        Row(
            Cell(WORDS[each.heading]),
            (
                html.money(each.theirs_pence, unit),
                html.money(each.ours_pence, unit),
                html.money(each.difference_pence, unit),
                html.number("not known") if each.threshold_pence is None else html.money(each.threshold_pence, unit),
                Cell(html.marked(each.state, "Green" if each.agrees else "Amber")),
                Cell(each.statement),
            ),
        )
        for each in found.rows
    ]
    columns = (
        *words("Figure"),
        *map(Heading, ("Theirs", "Ours", "Difference", "Threshold")),
        *words("How it stands", "Statement to issue"),
    )
    return html.table(f"Agreement of balances at the end of M{found.month}, {unit}", columns, rows)


def balance_statement(row: Agreed, unit: Unit) -> Html:
    """From the partner's figure to ours, item by item."""
    rows = [Row(Cell("Theirs"), (html.money(row.theirs_pence, unit),))]
    rows += [Row(Cell(item), (html.money(pence, unit),)) for item, pence in row.steps]
    rows.append(Row(Cell("Ours"), (html.money(row.ours_pence, unit),), kind="total"))
    return html.table(f"From their {row.heading} to ours, {unit}", (*words("Item"), Heading("Amount")), rows)
