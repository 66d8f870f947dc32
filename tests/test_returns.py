"""Official returns: every variant filled, read back, checked and compared; what is wrong is said in a sentence."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from libreoffice import recalculated
from official_workbooks import make_official
from pooledfund.access import NotAllowed, Role
from pooledfund.agreement_file import AgreementFile, read_agreement_text
from pooledfund.pool import Pool
from pooledfund.returns.checks import check_return
from pooledfund.returns.comparing import differences
from pooledfund.returns.draft import draft_agreement
from pooledfund.returns.export import NotThisYear, export_return, return_figures
from pooledfund.returns.locate import Finder, LinesTable
from pooledfund.returns.official.fill import Written
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.places import Place, parse_place
from pooledfund.returns.official.values import CellValues
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.reading import read_return
from pooledfund.returns.register import SubmissionRefused, approve_return, replay, submission, submit_return
from pooledfund.returns.registry import ReturnNotKnown, Variant, return_ids, variant
from pools import TOWN, as_actor, imported, pool_of, spent, state_of
from s75_rules.amounts import Amount, total

OFFICIAL = [each for each in return_ids() if variant(each).blocks]
LOOKALIKE = Path(__file__).parent / "fixtures" / "lookalike_planning_2023_25.xlsx"


def town(layout: Variant, text: str = TOWN) -> AgreementFile:
    """The small pool in the first year of a return, its providers named."""
    year = layout.years[0] if layout.years else "2023/24"
    return read_agreement_text(
        text.replace("2023/24", year).replace("lead: icb,", "lead: icb, provider: NHS,"), "town.yaml"
    )


@pytest.mark.parametrize("return_id", OFFICIAL)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_filled_return_shows_our_figures_wherever_its_tables_stand(tmp_path: Path, return_id: str, seed: int) -> None:
    layout = variant(return_id)
    template = make_official(tmp_path / "official.xlsx", layout, seed)
    written = export_return(town(layout), layout, tmp_path / "out.xlsx", template=template)
    found = read_return(CellValues.open(tmp_path / "out.xlsx"), layout)
    assert differences(found, written.figures) == ()
    assert "not confirmed" not in written.layout_note
    if any(block.kind == "lines" for block in layout.blocks):
        assert len(found.lines) == len(written.figures.lines) == 8


@pytest.mark.parametrize("return_id", OFFICIAL)
def test_our_own_layout_says_that_it_is_not_confirmed_and_casts(tmp_path: Path, return_id: str) -> None:
    layout = variant(return_id)
    written = export_return(town(layout), layout, tmp_path / "own.xlsx")
    assert "Layout not confirmed" in written.layout_note
    book = CellValues.open(tmp_path / "own.xlsx")
    for name in book.sheet_order:
        texts = list(book.texts(name).values())
        assert texts[0].startswith(layout.title)
        assert "Layout not confirmed" in " ".join(texts)


def test_the_totals_of_our_own_layout_are_what_libreoffice_works_out(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    export_return(spent_town(tmp_path), variant("year-end"), path)
    kept, worked_out = CellValues.open(path), recalculated(path, tmp_path)
    compared = 0
    for sheet in worked_out.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    shown = kept.shows(sheet.title, Place(cell.row, cell.column))
                    assert shown == pytest.approx(Decimal(repr(cell.value))), cell.coordinate
                    compared += 1
    assert compared > 20


def spent_town(folder: Path) -> Pool:
    """The small pool in books, with spend in two quarters and its instalments due."""
    pool = pool_of(folder)
    care, rehab = spent("A1", "300000.01"), spent("A2", "250000", "rehab", "2023-08-10")
    imported(pool, folder, care, rehab)
    imported(pool, folder, spent("ref-grant", "99999.99", "grant", "2023-06-30"), name="grant.csv")
    return pool


def test_income_and_expenditure_by_quarter_come_to_the_year(tmp_path: Path) -> None:
    figures = return_figures(spent_town(tmp_path), variant("year-end"), 6, ())
    for flow in ("income", "expenditure"):
        for row in (f"{flow}_plan", f"{flow}_forecast"):
            quarters = [figures.cell(row, f"q{number}") for number in (1, 2, 3, 4)]
            assert total([each for each in quarters if isinstance(each, Amount)]) == figures.cell(row, "annual"), row
    assert figures.cell("expenditure_actual", "q1") == Amount.exact(400_000_00)
    assert figures.cell("expenditure_actual", "q2") == Amount.exact(250_000_00)
    assert figures.cell("expenditure_actual", "q3") == "not known yet"
    assert figures.cell("income_plan", "annual") == figures.cell("income_plan", "pooled_fund")


def test_a_source_paid_to_two_providers_is_two_rows_of_one_scheme(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    rows = "{provider: NHS, contribution: nhs-own, amount: 100_000}"
    rows += ", {provider: Private Sector, contribution: nhs-own, amount: 35_000}"
    text = TOWN.replace("budget: {nhs-own: 135_000}", f"rows: [{rows}]")
    figures = return_figures(read_agreement_text(text, "t.yaml"), layout, 12, ())
    beds = [line for line in figures.lines if line.scheme == "beds"]
    assert [(each.provider, each.fields["amount:2023/24"]) for each in beds] == [
        ("NHS", Amount.exact(100_000_00)),
        ("Private Sector", Amount.exact(35_000_00)),
    ]


def filled_lookalike(folder: Path) -> Path:
    export_return(
        town(variant("planning-2023-25")), variant("planning-2023-25"), folder / "plan.xlsx", template=LOOKALIKE
    )
    return folder / "plan.xlsx"


def test_a_return_of_another_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotThisYear, match="is for 2025/26, and town-2023-24 for 2023/24"):
        export_return(town(variant("planning-2023-25")), variant("planning-2025-26"), tmp_path / "x.xlsx")


@pytest.mark.parametrize("return_id", [each for each in OFFICIAL if each != "planning-2023-25"])
def test_another_workbook_is_refused_with_what_was_expected_and_found(tmp_path: Path, return_id: str) -> None:
    layout = variant(return_id)
    with pytest.raises(WorkbookRefused) as refused:
        export_return(town(layout), layout, tmp_path / "out.xlsx", template=LOOKALIKE)
    assert f"is not the workbook of {return_id}" in str(refused.value)
    assert "found 'Better Care Fund 2023-25 Template'" in str(refused.value)
    assert not (tmp_path / "out.xlsx").exists()


def test_a_filled_workbook_is_not_filled_again(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    with pytest.raises(WorkbookRefused, match="holds 'care' already: fill the blank workbook"):
        export_return(town(layout), layout, tmp_path / "again.xlsx", template=filled_lookalike(tmp_path))


def test_a_workbook_too_short_for_the_lines_is_refused(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    template = make_official(tmp_path / "short.xlsx", layout, 1, lines=3)
    with pytest.raises(WorkbookRefused, match="has room for 3 lines and the pool has 8"):
        export_return(town(layout), layout, tmp_path / "out.xlsx", template=template)


def test_a_negative_that_does_not_fit_is_explained_and_never_clipped(tmp_path: Path) -> None:
    layout = variant("quarterly-2015-17")
    pool = pool_of(tmp_path, TOWN.replace("2023/24", "2015/16"))
    imported(pool, tmp_path, spent("ref-care", "-500.01", "care", "2015-05-10"))
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    with pytest.raises(WorkbookRefused, match=r"-500\.01 is below nil: quarterly-2015-17 takes £0 to £100,000,000"):
        export_return(pool, layout, tmp_path / "out.xlsx", template=template, month=3)


def test_the_checkers_words_and_every_fault_with_its_cell(tmp_path: Path) -> None:
    checked = check_return(ExcelFile.open(filled_lookalike(tmp_path)), variant("planning-2023-25"))
    assert checked.state == "Incomplete Template"
    answers = {each.what: each for each in checked.checks}
    assert answers["Totals cast"].answer == "Yes"
    gaps = answers["Every required cell is filled"]
    assert gaps.answer == "No"
    assert "sheet '6a. Expenditure', cell E28 is blank: scheme type of line care" in gaps.because


def test_a_complete_return_is_complete(tmp_path: Path) -> None:
    layout = variant("planning-2016-17")
    text = TOWN.replace("fund: bcf, lead:", "fund: bcf, scheme_type: Other, provider: NHS, lead:")
    file = read_agreement_text(text.replace("2023/24", "2016/17"), "town.yaml")
    template = make_official(tmp_path / "official.xlsx", layout, 4)
    export_return(file, layout, tmp_path / "out.xlsx", template=template)
    checked = check_return(ExcelFile.open(tmp_path / "out.xlsx"), layout)
    assert [each.because for each in checked.checks if each.answer == "No"] == []
    assert checked.state == "Complete Template"


UNIT = "Amounts are in the unit of the return"
SHARES = "The shares of joint commissioners come to 100%"


def changed(folder: Path, sheet: str, cells: dict[str, Written]) -> ExcelFile:
    """The filled lookalike with some open cells written over."""
    values = {place: value for text, value in cells.items() if (place := parse_place(text))}
    fill(ExcelFile.open(filled_lookalike(folder)), {sheet: values}).save(folder / "changed.xlsx")
    return ExcelFile.open(folder / "changed.xlsx")


@pytest.mark.parametrize(
    ("cells", "what", "because"),
    [
        ({"S28": Decimal(600_000_000)}, UNIT, "£600,000,000.00 where £600,000.00 is held here"),
        ({"S28": Decimal(600)}, UNIT, "£600.00 where £600,000.00 is held here: £ or £000?"),
        ({"M28": "Joint", "N28": Decimal("0.6")}, SHARES, "N28"),
        ({"N28": Decimal("0.6")}, SHARES, "no joint commissioner"),
        ({"S28": Decimal(1)}, "Income meets expenditure for each source", "more than the income of £0.00"),
    ],
)  # fmt: skip
def test_a_slip_is_found(tmp_path: Path, cells: dict[str, Written], what: str, because: str) -> None:
    layout = variant("planning-2023-25")
    book = changed(tmp_path, "6a. Expenditure", cells)
    checked = check_return(book, layout, return_figures(town(layout), layout, 12, ()))
    found = next(each for each in checked.checks if each.what == what)
    assert found.answer == "No"
    assert any(because in each for each in found.because), found.because


@pytest.mark.parametrize("half", [True, False])
def test_exactly_a_half_is_asked_about(tmp_path: Path, half: bool) -> None:
    layout = variant("quarterly-2025-26")
    pool = pool_of(tmp_path, TOWN.replace("2023/24", "2025/26"))
    imported(pool, tmp_path, spent("ref-grant", "50000.00" if half else "50000.01", "grant", "2025-05-10"))
    template = make_official(tmp_path / "official.xlsx", layout, 2)
    export_return(pool, layout, tmp_path / "out.xlsx", template=template, month=6)
    checked = check_return(ExcelFile.open(tmp_path / "out.xlsx"), layout)
    found = next(each for each in checked.checks if each.what == "No source is spent to exactly a half")
    assert (found.answer == "No") == half


def test_a_filled_planning_return_becomes_a_draft_agreement(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    found = read_return(CellValues.open(filled_lookalike(tmp_path)), layout)
    draft = draft_agreement(found, "2023/24", "Town")
    agreement = read_agreement_text(draft.text, "draft.yaml").agreement
    ours = town(layout).agreement
    assert draft.not_understood == ()
    for scheme in ours.schemes.values():
        by_source: dict[str, int] = {}
        for contribution, amount in scheme.budgets.items():
            source = ours.contributions[contribution].source
            by_source[source] = by_source.get(source, 0) + (amount.exact_pence or 0)
        drafted = agreement.schemes[scheme.id] if by_source else None
        found_by_source = (
            {agreement.contributions[each].source: amount.exact_pence for each, amount in drafted.budgets.items()}
            if drafted
            else {}
        )
        assert found_by_source == by_source, scheme.id


def test_what_cannot_be_understood_is_listed_by_sheet_and_cell(tmp_path: Path) -> None:
    layout = variant("planning-2025-26")
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    export_return(town(layout), layout, tmp_path / "out.xlsx", template=template)
    book = ExcelFile.open(tmp_path / "out.xlsx")
    table = next(each for each in Finder(book, layout).tables() if isinstance(each, LinesTable))
    columns = {column.field: number for column, number in table.columns.items()}
    source, amount = Place(table.first, columns["source"]), Place(table.first + 1, columns["amount:2025/26"])
    fill(book, {table.sheet: {source: "Lottery", amount: "about £5"}}).save(tmp_path / "odd.xlsx")
    faults = read_return(CellValues.open(tmp_path / "odd.xlsx"), layout).not_understood
    assert faults == (
        f"sheet '{table.sheet}', cell {source}: 'Lottery' is no source that planning-2025-26 knows",
        f"sheet '{table.sheet}', cell {amount}: 'about £5' is no amount",
    )


def test_a_workbook_that_differs_from_the_books_is_told_by_cell(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    found = read_return(changed(tmp_path, "6a. Expenditure", {"S28": Decimal("600000.01")}), layout)
    unlike = [str(each) for each in differences(found, return_figures(town(layout), layout, 12, ()))]
    assert any(
        "cell S28 (amount:2023/24 of care): the workbook shows 600,000.01, here is 600,000" in each for each in unlike
    )


def sent(folder: Path) -> tuple[Pool, int]:
    pool, layout = spent_town(folder), variant("year-end")
    template = make_official(folder / "official.xlsx", layout, 1)
    export_return(pool, layout, folder / "sent.xlsx", template=template)
    return pool, submit_return(pool, "year-end", folder / "sent.xlsx", 12, {"council": date(2024, 5, 20)}).event


def test_a_sent_return_is_the_same_again_and_shows_what_later_postings_change(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    assert replay(pool, event).differs == replay(pool, event).since == ()
    imported(pool, tmp_path, spent("ref-care", "0.01", "care", "2024-03-31"), name="late.csv")
    again = replay(pool, event)
    assert again.differs == ()
    assert [each.what for each in again.since] == ["total actual_expenditure"]
    books = again.submission.books_event
    template = tmp_path / "official.xlsx"
    export_return(pool, variant("year-end"), tmp_path / "again.xlsx", template=template, as_of=books)
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "sent.xlsx").read_bytes()


def test_an_approval_may_come_later(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    before = pool.books.head().number
    approve_return(pool, event, "Health and Wellbeing Board", date(2024, 7, 1), "item 7")
    assert [each.body for each in submission(pool, event).approvals] == ["Health and Wellbeing Board"]
    assert submission(pool, event, before).approvals == ()


def test_a_workbook_with_other_figures_is_registered_only_with_a_reason(tmp_path: Path) -> None:
    pool, _ = sent(tmp_path)
    imported(pool, tmp_path, spent("ref-care", "10", "care", "2024-03-31"), name="late.csv")
    before = state_of(pool)
    with pytest.raises(SubmissionRefused, match="does not show the figures of the books"):
        submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {})
    assert state_of(pool) == before
    kept = submit_return(pool, "year-end", tmp_path / "sent.xlsx", 12, {}, "sent before the late invoice")
    assert kept.differs
    assert kept.because == "sent before the late invoice"


def test_only_the_manager_registers_a_return(tmp_path: Path) -> None:
    pool, event = sent(tmp_path)
    for role in set(Role) - {Role.POOLED_FUND_MANAGER}:
        other = as_actor(pool, role, "icb")
        with pytest.raises(NotAllowed):
            submit_return(other, "year-end", tmp_path / "sent.xlsx", 12, {})
        with pytest.raises(NotAllowed):
            approve_return(other, event, "Health and Wellbeing Board", date(2024, 7, 1), "item 7")


def test_a_return_of_ones_own_is_a_file_and_no_code(tmp_path: Path) -> None:
    own = tmp_path / "next-year.yaml"
    source = Path(__file__).parent.parent / "pooledfund" / "returns" / "variants" / "planning-2025-26.yaml"
    text = source.read_text().replace("2025/26", "2026/27").replace("2025-26", "2026-27")
    own.write_text(text)
    layout = variant(str(own))
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    written = export_return(town(layout), layout, tmp_path / "out.xlsx", template=template)
    assert differences(read_return(CellValues.open(tmp_path / "out.xlsx"), layout), written.figures) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: [", "is not YAML"),
        ("id: x", "title: Field required"),
        ("- {figure: dfg, labels: [x]}", "Input should be"),
    ],
)
def test_a_file_of_data_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(ReturnNotKnown, match=said):
        variant(str(tmp_path / "own.yaml"))
