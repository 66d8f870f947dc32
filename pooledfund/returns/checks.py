"""A filled return checked before it is sent, in the words of the official checkers. Sends nothing."""

from collections.abc import Iterator, Mapping
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
from pooledfund.returns.remarks import Remark
from s75_rules.amounts import Amount

COMPLETE, INCOMPLETE = "Complete Template", "Incomplete Template"
UNIT_SLIP = (Decimal(700), Decimal(1400))
"""A ratio to the plan or another year between these, or its inverse, is taken for a slip of unit."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what, what to do where it fails, and for ``No`` where and why."""

    what: str
    remedy: str
    because: tuple[Remark, ...] = ()

    @property
    def answer(self) -> Literal["Yes", "No"]:
        """The checker's answer."""
        return "No" if self.because else "Yes"


@dataclass(frozen=True, slots=True)
class Checked:
    """Every check of a return, and the state of the workbook in the words of its checklist."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> str:
        """``Complete Template`` where every answer is Yes, else ``Incomplete Template``."""
        return COMPLETE if all(each.answer == "Yes" for each in self.checks) else INCOMPLETE

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks whose answer is No."""
        return tuple(each for each in self.checks if each.because)

    def as_json(self) -> dict[str, object]:
        """The checks with their answers."""
        return {
            "state": self.state,
            "checks": [
                {
                    "what": each.what,
                    "answer": each.answer,
                    "because": [str(one) for one in each.because],
                    "findings": [one.as_json() for one in each.because],
                    "to_do": each.remedy if each.because else None,
                }
                for each in self.checks
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
        Check(UNDERSTOOD, "Write an amount, or a word of the cell's drop-down list.", found.not_understood),
        Check(
            FILLED, "Fill each cell, or fill the blank workbook again from the books.", (*gaps(book, found, figures),)
        ),
        Check(LIMITS, "Look for a slip of unit; else agree with the national team how to show it.", (*_beyond(found),)),
        Check(RULES, "Choose a word of the list, or write a number that fits.", (*_against_rules(book, found),)),
        Check(SHARES, "Write shares that come to 100%, and only for a joint commissioner.", (*_shares(found),)),
        Check(CAST, "Find the part that is missing or was typed over.", (*_casting(found),)),
        Check(MEETS, "Put the lines or the income right, so that they meet.", (*_balances(found),)),
        Check(
            OVERSPENT,
            "See that spend stands under its own source, and that income is up to date.",
            (*_overspent(found),),
        ),
        Check(POOLED, "Put the total right, or say in the box for it why it differs.", (*_pooled_fund(found),)),
        Check(COMMENTS, "Say in the box for it why the figure differs.", (*_actuals(found),)),
    ]
    if layout.half_year_question:
        looked.append(Check(HALF, "Ask whoever gave the figure whether it was counted.", (*_halves(found),)))
    if figures is not None:
        slips = [*_unit_slips(found, figures), *(_slips_to_last_year(found, figures, before) if before else [])]
        looked.append(Check(UNIT, f"Write each amount in {layout.unit}.", tuple(slips)))
        looked.append(
            Check(MINIMUMS, "Plan more spend that counts towards the minimum.", (*_minimums(layout, figures),))
        )
    return Checked(tuple(looked))


UNDERSTOOD = "Every cell can be understood"
FILLED = "Every required cell is filled"
LIMITS = "Every amount is within the limits of the return"
RULES = "Every cell holds what its rule lets in"
SHARES = "The shares of joint commissioners come to 100%"
CAST = "Totals cast"
MEETS = "Income meets expenditure for each source"
OVERSPENT = "No source is spent beyond its income"
POOLED = "Each year's total is the pooled fund, or a comment says why not"
COMMENTS = "What differs from plan or forecast has its comment"
HALF = "No source is spent to exactly a half"
UNIT = "Amounts are in the unit of the return"
MINIMUMS = "Minimums are met"


def _every_cell(found: ReadReturn) -> Iterator[ReadCell]:
    yield from found.cells.values()
    for line in _every_row(found):
        yield from line.cells.values()


def _every_row(found: ReadReturn) -> Iterator[ReadLine]:
    yield from found.lines
    for rows in found.parts.values():
        yield from rows


def _beyond(found: ReadReturn) -> Iterator[Remark]:
    amounts = [*found.cells.values()]
    amounts += [cell for line in _every_row(found) for field, cell in line.cells.items() if _is_money(field)]
    for cell in amounts:
        if isinstance(cell.value, Decimal) and (refused := beyond_limits(cell.value, found.layout)):
            yield Remark(str(cell), refused)


def _is_money(field: str) -> bool:
    return field.partition(":")[0] in MONEY


def _against_rules(book: ExcelFile, found: ReadReturn) -> Iterator[Remark]:
    rules: dict[str, Rules] = {}
    for cell in _every_cell(found):
        if cell.sheet not in rules:
            rules[cell.sheet] = Rules(book, book.sheet(cell.sheet))
        if refused := rules[cell.sheet].refusal(cell.place, cell.value):
            yield Remark(str(cell), refused)


def _shares(found: ReadReturn) -> Iterator[Remark]:
    for line in found.lines:
        nhs, la = line.cells.get("nhs_share"), line.cells.get("la_share")
        if nhs is None or la is None:
            continue
        joint = found.layout.value_of("commissioner", line.text("commissioner") or "") == "joint"
        given = [each.value for each in (nhs, la) if isinstance(each.value, Decimal)]
        if joint and (len(given) != 2 or sum(given) not in (1, 100)):
            yield Remark(f"{nhs} and {la.place}", "the shares of a joint commissioner do not come to 100%")
        if not joint and any(given):
            yield Remark(str(nhs), "a share stands where there is no joint commissioner")


def _casting(found: ReadReturn) -> Iterator[Remark]:
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
                said = f"shows {pounds_for_people(total)}, and its parts come to {pounds_for_people(known)}"
                yield Remark(str(found.cells["total", column.figure]), said)


def _balances(found: ReadReturn) -> Iterator[Remark]:
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
            yield Remark(
                str(found.cells[source, column]),
                f"{year} lines from {source.replace('_', ' ')} come to {pounds_for_people(spend)}, "
                f"{over} the income of {pounds_for_people(income)}",
            )


def _overspent(found: ReadReturn) -> Iterator[Remark]:
    for source, column in found.cells:
        if column == "expenditure_to_date" and source != "total":
            spent, income = found.pence((source, column)), found.pence((source, "updated_income"))
            if spent is not None and income is not None and spent > income:
                yield Remark(
                    str(found.cells[source, column]),
                    f"{pounds_for_people(spent)} is spent of {source.replace('_', ' ')}, "
                    f"more than its income of {pounds_for_people(income)}",
                )


def _halves(found: ReadReturn) -> Iterator[Remark]:
    for source, column in found.cells:
        if column == "expenditure_to_date" and source != "total":
            spent, income = found.pence((source, column)), found.pence((source, "planned_income"))
            if spent and income and spent * 2 == income:
                yield Remark(
                    str(found.cells[source, column]),
                    f"exactly half of the income of {source.replace('_', ' ')} is spent: "
                    "say whether it is an actual figure or a straight line",
                )
    for line in found.lines:
        planned, spent = found.line_pence(line, "amount"), found.line_pence(line, "to_date")
        if planned and spent and spent * 2 == planned:
            said = "exactly half of the planned amount is spent: is it an actual figure?"
            yield Remark(str(line.cells["to_date"]), said)


def _pooled_fund(found: ReadReturn) -> Iterator[Remark]:
    for row, column in found.cells:
        if column == "annual":
            annual, pooled = found.pence((row, column)), found.pence((row, "pooled_fund"))
            if annual is not None and pooled is not None and annual != pooled:
                said = _commented(found, row)
                if said is not None:
                    yield Remark(
                        str(found.cells[row, column]),
                        f"{row.replace('_', ' ')} comes to {pounds_for_people(annual)} "
                        f"and the pooled fund is {pounds_for_people(pooled)}: {said}",
                    )


def _actuals(found: ReadReturn) -> Iterator[Remark]:
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
                    yield Remark(
                        str(found.cells[f"{flow}_actual", quarter]),
                        f"actual {flow} of {quarter.upper()} is {pounds_for_people(actual)} "
                        f"and the {what} {pounds_for_people(expected)}: {said}",
                    )


def _income_changed(found: ReadReturn) -> Iterator[Remark]:
    """The income of the year that is not what was planned has to be commented on."""
    planned, actual = found.pence(("total", "planned_income")), found.pence(("total", "actual_income"))
    if planned is None or actual is None or planned == actual:
        return
    said = _commented(found, "total")
    if said is not None:
        yield Remark(
            str(found.cells["total", "actual_income"]),
            f"actual income is {pounds_for_people(actual)} and the plan {pounds_for_people(planned)}: {said}",
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


def _unit_slips(found: ReadReturn, figures: Figures) -> Iterator[Remark]:
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


def _slips_to_last_year(found: ReadReturn, figures: Figures, before: Figures) -> Iterator[Remark]:
    """The income of each source held against the year before."""
    for (row, column), cell in found.cells.items():
        if column in ("planned_income", f"planned_income:{figures.agreement.year}"):
            yield from _slip(cell, found.pence((row, column)), before.cell(row, "planned_income"))


def _slip(cell: ReadCell, pence: int | None, figure: Figure | None) -> Iterator[Remark]:
    known = figure.exact_pence if isinstance(figure, Amount) else None
    if pence and known:
        ratio = abs(Decimal(pence) / Decimal(known))
        if UNIT_SLIP[0] < ratio < UNIT_SLIP[1] or UNIT_SLIP[0] < 1 / ratio < UNIT_SLIP[1]:
            said = f"shows {pounds_for_people(pence)} where {pounds_for_people(known)} is held here: £ or £000?"
            yield Remark(str(cell), said)


def _minimums(layout: Variant, figures: Figures) -> Iterator[Remark]:
    for test in layout.minimum_tests:
        for (row, column), figure in figures.cells.items():
            if row == test and column.startswith("under_spend:") and isinstance(figure, Amount) and figure.exact_pence:
                name, year = test.replace("_", " "), column.partition(":")[2]
                yield Remark("", f"{name} {year}: {figure} less is planned than is required")
