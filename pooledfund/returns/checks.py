"""A filled return checked before it is sent, in the words of the official checkers. Sends nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ledgers.money import pounds_for_people
from pooledfund.returns.blocks import MONEY, FiguresBlock
from pooledfund.returns.figures import Figures
from pooledfund.returns.filling import beyond_limits
from pooledfund.returns.gaps import gaps
from pooledfund.returns.line_rows import Figure
from pooledfund.returns.official.validations import Rules
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.reading import ReadCell, ReadLine, ReadReturn, read_return
from pooledfund.returns.registry import Variant
from s75_rules.amounts import Amount

COMPLETE, INCOMPLETE = "Complete Template", "Incomplete Template"
UNIT_SLIP = (Decimal(700), Decimal(1400))
"""A ratio to the plan or another year between these, or its inverse, is taken for a slip of unit."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what, the checker's answer, and for ``No`` where and why."""

    what: str
    answer: Literal["Yes", "No"]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Every check of a return, and the state of the workbook in the words of its checklist."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> str:
        """``Complete Template`` where every answer is Yes, else ``Incomplete Template``."""
        return COMPLETE if all(each.answer == "Yes" for each in self.checks) else INCOMPLETE

    def as_json(self) -> dict[str, object]:
        """The checks with their answers."""
        return {
            "state": self.state,
            "checks": [
                {"what": each.what, "answer": each.answer, "because": list(each.because)} for each in self.checks
            ],
        }


def check_return(
    book: ExcelFile, layout: Variant, figures: Figures | None = None, before: Figures | None = None
) -> Checked:
    """Look a filled workbook over before it is sent; with figures also against the books or the agreement.

    ``before`` is the year before, which finds a slip of unit that both the plan and the return have.

    Raises:
        WorkbookRefused: it is another workbook, or its tables are not where headings say.
    """
    found = read_return(book, layout)
    looked = [
        ("Every cell can be understood", found.not_understood),
        ("Every required cell is filled", gaps(book, found, figures)),
        ("Every amount is within the limits of the return", _beyond(found)),
        ("Every cell holds what its rule lets in", _against_rules(book, found)),
        ("The shares of joint commissioners come to 100%", _shares(found)),
        ("Totals cast", _casting(found)),
        ("Income meets expenditure for each source", _balances(found)),
        ("No source is spent beyond its income", _overspent(found)),
        ("Each year's total is the pooled fund, or a comment says why not", _pooled_fund(found)),
        ("What differs from plan or forecast has its comment", _actuals(found)),
    ]
    if layout.half_year_question:
        looked.append(("No source is spent to exactly a half", _halves(found)))
    if figures is not None:
        slips = [*_unit_slips(found, figures), *(_slips_to_last_year(found, figures, before) if before else [])]
        looked.append(("Amounts are in the unit of the return", slips))
        looked.append(("Minimums are met", _minimums(layout, figures)))
    return Checked(tuple(Check(what, "No" if faults else "Yes", tuple(faults)) for what, faults in _listed(looked)))


def _listed(looked: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, list[str]]]:
    return ((what, list(faults)) for what, faults in looked)


def _every_cell(found: ReadReturn) -> Iterator[ReadCell]:
    yield from found.cells.values()
    for line in _every_row(found):
        yield from line.cells.values()


def _every_row(found: ReadReturn) -> Iterator[ReadLine]:
    yield from found.lines
    for rows in found.parts.values():
        yield from rows


def _beyond(found: ReadReturn) -> Iterator[str]:
    amounts = [*found.cells.values()]
    amounts += [cell for line in _every_row(found) for field, cell in line.cells.items() if _is_money(field)]
    for cell in amounts:
        if isinstance(cell.value, Decimal) and (refused := beyond_limits(cell.value, found.layout)):
            yield f"{cell}: {refused}"


def _is_money(field: str) -> bool:
    return field.partition(":")[0] in MONEY


def _against_rules(book: ExcelFile, found: ReadReturn) -> Iterator[str]:
    rules: dict[str, Rules] = {}
    for cell in _every_cell(found):
        if cell.sheet not in rules:
            rules[cell.sheet] = Rules(book, book.sheet(cell.sheet))
        if refused := rules[cell.sheet].refusal(cell.place, cell.value):
            yield f"{cell}: {refused}"


def _shares(found: ReadReturn) -> Iterator[str]:
    for line in found.lines:
        nhs, la = line.cells.get("nhs_share"), line.cells.get("la_share")
        if nhs is None or la is None:
            continue
        joint = found.layout.value_of("commissioner", line.text("commissioner") or "") == "joint"
        given = [each.value for each in (nhs, la) if isinstance(each.value, Decimal)]
        if joint and (len(given) != 2 or sum(given) not in (1, 100)):
            yield f"{nhs} and {la.place}: the shares of a joint commissioner do not come to 100%"
        if not joint and any(given):
            yield f"{nhs}: a share stands where there is no joint commissioner"


def _casting(found: ReadReturn) -> Iterator[str]:
    """Each total of a table of figures against the sources above it."""
    for block in found.layout.blocks:
        if not isinstance(block, FiguresBlock) or not any(row.figure == "total" for row in block.rows):
            continue
        sources = [row.figure for row in block.rows if "total" not in row.figure]
        for column in block.columns:
            total = found.pence(("total", column.figure))
            parts = [found.pence((source, column.figure)) for source in sources]
            known = sum(each or 0 for each in parts)
            if sources and total is not None and total != known:
                cell = found.cells["total", column.figure]
                yield f"{cell} shows {pounds_for_people(total)}, and its parts come to {pounds_for_people(known)}"


def _balances(found: ReadReturn) -> Iterator[str]:
    """The income of each source against the lines that it pays for, year by year."""
    incomes = [key for key in found.cells if key[1].startswith("planned_income:")]
    for source, column in incomes:
        year = column.partition(":")[2]
        income = found.pence((source, column))
        if not found.lines or "total" in source or income is None:
            continue
        spend = sum(
            found.line_pence(line, f"amount:{year}") or 0
            for line in found.lines
            if found.layout.value_of("source", line.text("source") or "") == source
        )
        if spend != income:
            over = "more than" if spend > income else "less than"
            yield (
                f"{found.cells[source, column]}: {year} lines from {source} come to {pounds_for_people(spend)}, "
                f"{over} the income of {pounds_for_people(income)}"
            )


def _overspent(found: ReadReturn) -> Iterator[str]:
    for source, column in found.cells:
        if column == "expenditure_to_date" and source != "total":
            spent, income = found.pence((source, column)), found.pence((source, "updated_income"))
            if spent is not None and income is not None and spent > income:
                yield (
                    f"{found.cells[source, column]}: {pounds_for_people(spent)} is spent of {source}, "
                    f"more than its income of {pounds_for_people(income)}"
                )


def _halves(found: ReadReturn) -> Iterator[str]:
    for source, column in found.cells:
        if column == "expenditure_to_date" and source != "total":
            spent, income = found.pence((source, column)), found.pence((source, "planned_income"))
            if spent and income and spent * 2 == income:
                yield (
                    f"{found.cells[source, column]}: exactly half of the income of {source} is spent: "
                    "say whether it is an actual figure or a straight line"
                )
    for line in found.lines:
        planned, spent = found.line_pence(line, "amount"), found.line_pence(line, "to_date")
        if planned and spent and spent * 2 == planned:
            yield f"{line.cells['to_date']}: exactly half of the planned amount is spent: is it an actual figure?"


def _pooled_fund(found: ReadReturn) -> Iterator[str]:
    for row, column in found.cells:
        if column == "annual":
            annual, pooled = found.pence((row, column)), found.pence((row, "pooled_fund"))
            if annual is not None and pooled is not None and annual != pooled:
                said = _commented(found, row)
                if said is not None:
                    yield (
                        f"{found.cells[row, column]}: {row.replace('_', ' ')} comes to {pounds_for_people(annual)} "
                        f"and the pooled fund is {pounds_for_people(pooled)}: {said}"
                    )


def _actuals(found: ReadReturn) -> Iterator[str]:
    """The actual figure of a quarter that is not what was planned or forecast has to be commented on."""
    yield from _income_changed(found)
    for flow in ("income", "expenditure"):
        for quarter in ("q1", "q2", "q3", "q4"):
            actual = found.pence((f"{flow}_actual", quarter))
            for what in ("plan", "forecast"):
                expected = found.pence((f"{flow}_{what}", quarter))
                if None in (actual, expected) or actual == expected:
                    continue
                said = _commented(found, f"{flow}_actual")
                if said is not None and actual is not None and expected is not None:
                    yield (
                        f"{found.cells[f'{flow}_actual', quarter]}: actual {flow} of {quarter.upper()} is "
                        f"{pounds_for_people(actual)} and the {what} {pounds_for_people(expected)}: {said}"
                    )


def _income_changed(found: ReadReturn) -> Iterator[str]:
    """The income of the year that is not what was planned has to be commented on."""
    planned, actual = found.pence(("total", "planned_income")), found.pence(("total", "actual_income"))
    if planned is None or actual is None or planned == actual:
        return
    said = _commented(found, "total")
    if said is not None:
        yield (
            f"{found.cells['total', 'actual_income']}: actual income is {pounds_for_people(actual)} and the plan "
            f"{pounds_for_people(planned)}: {said}"
        )


def _commented(found: ReadReturn, row: str) -> str | None:
    """What is still to do where a return asks for a comment on the table of a row; None where one is written."""
    block = next(
        each
        for each in found.layout.blocks
        if isinstance(each, FiguresBlock) and row in {one.figure for one in each.rows}
    )
    if not block.comment or found.comments.get(block.id):
        return None
    if block.id in found.comments:
        return f"a comment is required, and the box '{block.comment[0]}' is blank"
    return "a comment is required, and no box for one was found: write it in the narrative"


def _unit_slips(found: ReadReturn, figures: Figures) -> Iterator[str]:
    """Amounts near a thousand times ours, or a thousandth of them."""
    for key, cell in found.cells.items():
        yield from _slip(cell, found.pence(key), figures.cell(*key))
    ours: Mapping[tuple[str, str], Mapping[str, Figure]] = {
        (line.scheme, line.source): line.fields for line in figures.lines
    }
    for line in found.lines:
        source = found.layout.value_of("source", line.text("source") or "") or ""
        for field, cell in line.cells.items():
            if _is_money(field):
                known = ours.get((line.text("scheme_id") or "", source), {}).get(field)
                yield from _slip(cell, found.line_pence(line, field), known)


def _slips_to_last_year(found: ReadReturn, figures: Figures, before: Figures) -> Iterator[str]:
    """The income of each source held against the year before."""
    for (row, column), cell in found.cells.items():
        if column in ("planned_income", f"planned_income:{figures.agreement.year}"):
            yield from _slip(cell, found.pence((row, column)), before.cell(row, "planned_income"))


def _slip(cell: ReadCell, pence: int | None, figure: Figure | None) -> Iterator[str]:
    known = figure.exact_pence if isinstance(figure, Amount) else None
    if pence and known:
        ratio = abs(Decimal(pence) / Decimal(known))
        if UNIT_SLIP[0] < ratio < UNIT_SLIP[1] or UNIT_SLIP[0] < 1 / ratio < UNIT_SLIP[1]:
            yield f"{cell} shows {pounds_for_people(pence)} where {pounds_for_people(known)} is held here: £ or £000?"


def _minimums(layout: Variant, figures: Figures) -> Iterator[str]:
    for test in layout.minimum_tests:
        for (row, column), figure in figures.cells.items():
            if row == test and column.startswith("under_spend:") and isinstance(figure, Amount) and figure.exact_pence:
                name, year = test.replace("_", " "), column.partition(":")[2]
                yield f"{name} {year}: {figure} less is planned than is required"
