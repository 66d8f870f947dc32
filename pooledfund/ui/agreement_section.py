"""An agreement as HTML: who signed, what each clause does, money as agreed, two versions. Works nothing out."""

from collections.abc import Sequence
from datetime import date

from pooledfund.ui import html
from pooledfund.ui.figures import Unit
from pooledfund.ui.html import Cell, Heading, Html, Row
from s75_rules.agreement import Agreement
from s75_rules.amounts import Amount, total
from s75_rules.clause_words import covered_by, sentence_of
from s75_rules.trace import SOURCE_WORDS
from s75_rules.versions import Difference


def signatures(agreement: Agreement) -> Html:
    """Each partner that signs and each body that approves, with the day or that it has not."""
    signed = agreement.header.signed
    rows = [
        Row(Cell(each.name, each.id), (Cell("signs"), *_given(signed.get(each.id)))) for each in agreement.signatories()
    ]
    rows += [
        Row(Cell(each.body, each.note or ""), (Cell("approves"), *_given(each.signed)))
        for each in agreement.header.approvals.values()
    ]
    columns = tuple(Heading(text, kind="text") for text in ("Body", "What it does", "State", "Day"))
    return html.table("Signatures and approvals", columns, rows)


def _given(day: date | None) -> tuple[Cell, Cell]:
    if day is None:
        return Cell(html.marked("not yet", "Amber")), Cell("")
    return Cell(html.marked("given", "Green")), Cell(f"{day:%d/%m/%Y}")


def clauses(agreement: Agreement) -> Html:
    """Each clause with the lines it covers and what it does with an over- and an underspend."""
    columns = tuple(Heading(text, kind="text") for text in ("Clause", "On", "What it does"))
    rows = [
        Row(Cell(each.clause, each.reference or ""), (Cell(covered_by(each)), Cell(sentence_of(each))))
        for each in agreement.risk_share
    ]
    return html.table("Risk share, clause by clause", columns, rows)


def contributions(agreement: Agreement, unit: Unit) -> Html:
    """What each partner is to put in, by source, as the text says it."""
    rows = [
        Row(
            Cell(each.name or each.id, agreement.partners[each.partner].name),
            (Cell(SOURCE_WORDS[each.source]), _amount(each.amount, unit)),
        )
        for each in agreement.contributions.values()
    ]
    columns = (Heading("Contribution", kind="text"), Heading("Source", kind="text"), Heading("Amount"))
    return html.table(f"Contributions as agreed, {unit}", columns, [*rows, _total(agreement, unit)])


def _total(agreement: Agreement, unit: Unit) -> Row:
    whole = total(each.amount for each in agreement.contributions.values())
    return Row(Cell("All contributions"), (Cell(""), _amount(whole, unit)), kind="total")


def lines(agreement: Agreement, unit: Unit) -> Html:
    """The budget of each scheme line as the text says it."""
    rows = [
        Row(
            Cell(each.name, f"{each.id}, {agreement.funds[each.fund].kind.replace('_', ' ')}"),
            (
                Cell(agreement.partners[each.lead].name),
                _amount(total(each.budgets.values()), unit) if each.budgets else html.number("none yet"),
            ),
        )
        for each in agreement.schemes.values()
    ]
    whole = total(amount for each in agreement.schemes.values() for amount in each.budgets.values())
    foot = Row(Cell("All lines"), (Cell(""), _amount(whole, unit)), kind="total")
    columns = (Heading("Scheme line", kind="text"), Heading("Lead", kind="text"), Heading("Budget"))
    return html.table(f"Budgets as agreed, {unit}", columns, [*rows, foot])


def side_by_side(found: Sequence[Difference]) -> Html:
    """Every place where two texts differ, with what each says."""
    columns = tuple(Heading(text, kind="text") for text in ("Place", "Before", "After"))
    rows = [Row(Cell(each.place), (Cell(each.before), Cell(each.after))) for each in found]
    return html.table(f"What differs: {len(found)} place{'' if len(found) == 1 else 's'}", columns, rows)


def _amount(amount: Amount, unit: Unit) -> Cell:
    """An amount in the table's unit; one that is no number yet in its own words."""
    exact = amount.exact_pence
    return html.number(str(amount)) if exact is None else html.money(exact, unit)
