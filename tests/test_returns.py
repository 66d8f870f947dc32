"""Official returns: every variant filled, read back, checked and compared; what is wrong is said in a sentence."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from libreoffice import recalculated
from official_workbooks import LOOKALIKE, changed, filled_lookalike, make_official, spent_town, town
from pooledfund.agreement_file import read_agreement_text
from pooledfund.returns.comparing import differences
from pooledfund.returns.draft import draft_agreement
from pooledfund.returns.export import NotThisYear, export_return, return_figures
from pooledfund.returns.locate import Finder, LinesTable
from pooledfund.returns.official.package import WorkbookRefused
from pooledfund.returns.official.places import Place
from pooledfund.returns.official.values import CellValues
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.official.write import fill
from pooledfund.returns.reading import read_return
from pooledfund.returns.registry import ReturnNotKnown, return_ids, variant
from pools import TOWN, imported, pool_of, spent
from s75_rules.amounts import Amount, total

OFFICIAL = [each for each in return_ids() if variant(each).blocks]


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
    assert [str(each) for each in faults] == [
        f"sheet '{table.sheet}', cell {source}: 'Lottery' is no source that planning-2025-26 knows",
        f"sheet '{table.sheet}', cell {amount}: 'about £5' is no amount",
    ]


def test_a_workbook_that_differs_from_the_books_is_told_by_cell(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    found = read_return(changed(tmp_path, "6a. Expenditure", {"S28": Decimal("600000.01")}), layout)
    unlike = [str(each) for each in differences(found, return_figures(town(layout), layout, 12, ()))]
    assert any(
        "cell S28 (amount 2023/24 of care): the workbook shows 600,000.01, here is 600,000" in each for each in unlike
    )


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


NAMED = """\
id: own
title: Return with names
unit: £000
layout_note: Layout not confirmed
certainty: recalled
reference: made up
fingerprint: {titles: [A return with names]}
blocks:
  - kind: named
    id: cells
    title: Cells by name
    cells:
      - {name: Grant_Income, row: dfg, column: planned_income}
      - {name: All_Income, row: total, column: planned_income}
"""


def test_cells_are_found_by_the_names_that_a_workbook_defines(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(NAMED)
    layout = variant(str(tmp_path / "own.yaml"))
    template = make_official(tmp_path / "official.xlsx", layout, 1)
    export_return(town(layout), layout, tmp_path / "out.xlsx", template=template)
    book = CellValues.open(tmp_path / "out.xlsx")
    assert [book.shows("Named", Place(row, 6)) for row in (1, 2)] == [Decimal(100), Decimal("1840.00007")]
    assert differences(read_return(book, layout), return_figures(town(layout), layout, 12, ())) == ()
    export_return(town(layout), layout, tmp_path / "own.xlsx")
    (tmp_path / "other.yaml").write_text(NAMED.replace("Grant_Income", "No_Such_Name"))
    with pytest.raises(WorkbookRefused, match="has no cell by the name 'No_Such_Name'"):
        export_return(town(layout), variant(str(tmp_path / "other.yaml")), tmp_path / "x.xlsx", template=template)


HEADINGS = ["Planned Income", "Updated Total Plan Income", "Year-to-Date Actual Expenditure"]


def official(folder: Path, change: Callable[[Worksheet], None]) -> Path:
    """A small workbook of the quarterly return of 2025/26 that a test has changed."""
    path = folder / "odd.xlsx"
    with Workbook(str(path)) as book:
        for name in ("Cover", "National Conditions"):
            book.add_worksheet(name)
        page = book.add_worksheet("Expenditure")
        page.write(0, 0, "Better Care Fund 2025-26 Quarterly Return")
        page.write_row(4, 1, HEADINGS)
        labels = ["DFG", "NHS Minimum Contribution", "Local Authority Better Care Grant", "Additional LA Contribution"]
        page.write_column(5, 0, [*labels, "Additional NHS Contribution", "Total"])
        change(page)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda page: page.write(4, 1, "Planned Money"), "row 5 is the nearest and lacks 'Planned Income'"),
        (lambda page: page.write(4, 5, "Planned Income"), "row 5 has the heading 'Planned Income' more than once"),
        (lambda page: page.write_row(20, 1, HEADINGS), "has the table 'Expenditure' 2 times"),
        (lambda page: page.write(5, 0, "Grant"), "has no row 'Disabled Facilities Grant (DFG)'"),
        (lambda page: page.write(12, 0, "DFG"), "has 2 rows 'Disabled Facilities Grant (DFG)'"),
        (lambda page: page.write(5, 1, "about five"), "holds 'about five' already"),
        (lambda page: page.merge_range("B6:C6", ""), ""),
        (lambda page: page.set_row(5, None, None, {"hidden": True}), ""),
        (lambda page: page.set_column(1, 1, None, None, {"hidden": True}), ""),
    ],
)  # fmt: skip
def test_a_changed_workbook_is_refused_with_what_was_looked_for(
    tmp_path: Path, change: Callable[[Worksheet], None], said: str
) -> None:
    layout = variant("quarterly-2025-26")
    try:
        export_return(town(layout), layout, tmp_path / "out.xlsx", template=official(tmp_path, change))
    except WorkbookRefused as refused:
        answer = str(refused)
    else:
        answer = ""
    assert said in answer
    assert (tmp_path / "out.xlsx").exists() == (said == "")
