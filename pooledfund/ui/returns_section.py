"""Returns as HTML: what is due, what would be written, what is found, the register, then and now. Works nothing out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pooledfund.returns.checks import COMPLETE, Check, Checked
from pooledfund.returns.comparing import Difference
from pooledfund.returns.due import DueReturn
from pooledfund.returns.previewing import PreviewCell
from pooledfund.returns.register import Change, Submission
from pooledfund.returns.registry import return_ids, variant
from pooledfund.returns.remarks import Remark, in_digits
from pooledfund.ui import html
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.clock import instant_words
from s75_rules.deadlines import when_words

_COLOURS = {"submitted": "Green", "submitted late": "Amber", "late": "Red"}


def headline(due: Sequence[DueReturn]) -> str:
    """How the returns of the year stand, in a sentence; nothing where none is dated."""
    late = [each for each in due if each.state == "late"]
    if late:
        return f"Late: {'; '.join(map(_named, late))}."
    open_ones = [each for each in due if each.state == "not begun"]
    if open_ones:
        return f"Next: {_named(open_ones[0])}, due {_when(open_ones[0])}."
    return "Every return that the agreement dates is submitted." if due else ""


def due_table(due: Sequence[DueReturn]) -> Html:
    """Each dated return with its deadline and what became of it."""
    rows = [
        Row(
            Cell(_title(each.return_id), each.period or "the year"),
            (
                Cell(_when(each)),
                Cell(html.marked(each.state, _COLOURS.get(each.state, ""))),
                Cell(_sent(each.sent)),
            ),
        )
        for each in due
    ]
    return html.table("National returns of the year", _texts("Return", "Due", "State", "Sent"), rows)


def preview_table(cells: Sequence[PreviewCell], unit: str, words: str) -> Html:
    """The cells that would be written, each with where its figure comes from."""
    columns = (
        *_texts("Cell", "What the workbook calls it"),
        Heading("Value"),
        Heading("Where it comes from", kind="text"),
    )
    rows = [
        Row(
            Cell(each.cell, each.sheet),
            (
                Cell(each.what),
                html.number(in_digits(each.value)) if isinstance(each.value, Decimal) else Cell(each.value),
                Cell(each.where_from),
            ),
        )
        for each in cells
    ]
    return html.table(f"What would be written, amounts in {unit}. {words}", columns, rows)


def by_hand_table(remarks: Sequence[Remark], words: str) -> Html:
    """What stays blank for a person: the cell, and why or what belongs there."""
    rows = [Row(Cell(each.where or "the workbook"), (Cell(each.said),)) for each in remarks]
    return html.table(f"Left to a person. {words}", _texts("Where", "What"), rows)


def state_words(checked: Checked) -> str:
    """The state of a workbook in the words of its checklist, and how many answers are No."""
    if checked.state == COMPLETE:
        return f"{checked.state}: all {len(checked.checks)} checks say Yes."
    say = "says" if len(checked.failed) == 1 else "say"
    return f"{checked.state}: {len(checked.failed)} of {len(checked.checks)} checks {say} No."


def checks_table(checked: Checked) -> Html:
    """Every check with its answer and how many places it names."""
    rows = [
        Row(
            Cell(each.what),
            (
                Cell(html.marked(each.answer, "Green" if each.answer == "Yes" else "Red")),
                html.number(str(len(each.because))),
            ),
        )
        for each in checked.checks
    ]
    columns = (*_texts("Check", "Answer"), Heading("Findings"))
    return html.table(f"What was looked at: {checked.state}", columns, rows)


def findings(failed: Sequence[Check]) -> tuple[tuple[Check, Remark], ...]:
    """Every finding with the check that it belongs to, in their order."""
    return tuple((check, remark) for check in failed for remark in check.because)


def findings_table(caption: str, found: Sequence[tuple[Check, Remark]], words: str) -> Html:
    """What was found: where, what, and what to do."""
    rows = [
        Row(Cell(remark.where or "the workbook", check.what), (Cell(remark.said), Cell(check.remedy)))
        for check, remark in found
    ]
    return html.table(f"{caption}. {words}", _texts("Where", "What", "What to do"), rows)


def differences_table(found: Sequence[Difference], unit: str, words: str) -> Html:
    """The cells of a workbook that show something else than the books."""
    columns = (*_texts("Where", "What"), Heading("The workbook shows"), Heading("The books hold"))
    rows = [
        Row(Cell(each.where), (Cell(each.what), html.number(each.theirs), html.number(each.ours))) for each in found
    ]
    return html.table(f"Cells that differ from the books, in {unit}. {words}", columns, rows)


def register_table(sent: Sequence[Submission], agreement: Agreement, words: str) -> Html:
    """The returns that were registered, newest first, with who signed and approved."""
    columns = _texts("Event", "Return", "File", "Sent", "Books", "Signed by", "Approved by")
    rows = [
        Row(
            Cell(f"{each.event:,}"),
            (
                Cell(_title(each.return_id), f"{each.return_id} to M{each.month}"),
                Cell(each.file, f"SHA-256 {each.digest[:12]}…"),
                Cell(_day(each.sent_on), f"recorded by {each.who}"),
                Cell(f"event {each.books_event:,}", _differs(each)),
                Cell(html.lines(_signatures(each, agreement))),
                Cell(html.lines(_approvals(each))),
            ),
        )
        for each in sent
    ]
    return html.table(f"Returns that were submitted. {words}", columns, rows)


def submission_table(sent: Submission) -> Html:
    """What the register keeps of one return, its digest in full."""
    facts = [
        ("File", sent.file),
        ("SHA-256", sent.digest),
        ("Sent on", f"{_day(sent.sent_on)}, recorded by {sent.who} on {instant_words(sent.recorded_at)}"),
        ("Books", f"event {sent.books_event:,}, hash {sent.head}"),
        *([("Differs from the books", f"{len(sent.differs)} cells: {sent.because}")] if sent.differs else []),
    ]
    rows = [Row(Cell(name), (Cell(said),)) for name, said in facts]
    return html.table(f"{sent.return_id} of event {sent.event:,}", _texts("Kept", "What it says"), rows)


def changes_table(caption: str, changes: Sequence[Change]) -> Html:
    """Figures that come out otherwise, then and now."""
    columns = (Heading("Figure", kind="text"), Heading("Then"), Heading("Now"))
    rows = [Row(Cell(each.what), (html.number(each.then), html.number(each.now))) for each in changes]
    return html.table(caption, columns, rows)


def cells_table(remarks: Sequence[Remark], words: str) -> Html:
    """Cells that differ between the file that was sent and the one that is filled again."""
    rows = [Row(Cell(each.where), (Cell(each.said),)) for each in remarks]
    return html.table(f"Cells that differ from the file that was sent. {words}", _texts("Where", "What"), rows)


def _texts(*headings: str) -> tuple[Heading, ...]:
    return tuple(Heading(each, kind="text") for each in headings)


def _named(due: DueReturn) -> str:
    return f"{_title(due.return_id)} for {due.period}" if due.period else _title(due.return_id)


def _title(return_id: str) -> str:
    """What a return is called; the agreement may date one that only a file of one's own describes."""
    return variant(return_id).title if return_id in return_ids() else return_id


def _when(due: DueReturn) -> str:
    return when_words(due.due_at)


def _sent(sent: Submission | None) -> str:
    return "not sent yet" if sent is None else f"{_day(sent.sent_on)}, event {sent.event:,}"


def _differs(sent: Submission) -> str:
    return f"differs in {len(sent.differs)} cells: {sent.because}" if sent.differs else ""


def _signatures(sent: Submission, agreement: Agreement) -> list[str]:
    """Each partner with the day it signed; a body that is a partner no longer keeps its signature."""
    names = {**{each: each for each in sent.signed}, **{each.id: each.name for each in agreement.partners.values()}}
    signed = {body: _day(on) for body, on in sent.signed.items()}
    return [f"{name}: {signed.get(body, 'not yet')}" for body, name in names.items()]


def _approvals(sent: Submission) -> list[str]:
    return [f"{each.body} on {_day(each.on)}, {each.reference}" for each in sent.approvals] or ["nobody yet"]


def _day(text: str) -> str:
    """A day of the register for a reader."""
    return f"{date.fromisoformat(text):%d/%m/%Y}"
