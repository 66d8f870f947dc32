"""A return before it is filled: the very cells that are then written, where each comes from, what stays open."""

from pathlib import Path

import pytest

from official_workbooks import LOOKALIKE, make_official, spent_town, town
from pooledfund.access import NotAllowed, Role
from pooledfund.pool import Pool
from pooledfund.returns.export import export_return
from pooledfund.returns.official.places import parse_place
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.previewing import preview_return
from pooledfund.returns.registry import return_ids, variant
from pools import TOWN, as_actor, pool_of, state_of


@pytest.mark.parametrize("return_id", return_ids())
def test_the_preview_shows_just_what_is_then_written_and_says_where_all_of_it_is_from(
    tmp_path: Path, return_id: str
) -> None:
    layout = variant(return_id)
    year = layout.years[0] if layout.years else "2023/24"
    template = make_official(tmp_path / "blank.xlsx", layout, 2)
    for source in (pool_of(tmp_path, TOWN.replace("2023/24", year)), town(layout)):
        found = preview_return(source, layout, template, 6)
        written = export_return(source, layout, tmp_path / "out.xlsx", template=template, month=6)
        book = ExcelFile.open(tmp_path / "out.xlsx")
        assert len(found.cells) == written.cells_written
        # An agreement file alone knows nothing of what flows in a quarter.
        assert found.cells or (return_id == "quarterly-2015-17" and not isinstance(source, Pool))
        for each in found.cells:
            place = parse_place(each.cell)
            assert place is not None
            assert book.shows(each.sheet, place) == each.value, each
            assert each.where_from[:1].isupper(), each
            assert "_" not in each.where_from, each


def origins(tmp_path: Path, return_id: str, month: int, text: str = TOWN) -> dict[str, str]:
    layout, folder = variant(return_id), tmp_path / return_id
    folder.mkdir()
    pool = pool_of(folder, text)
    template = make_official(folder / "blank.xlsx", layout, 2)
    return {each.what: each.where_from for each in preview_return(pool, layout, template, month).cells}


def test_a_figure_says_which_contribution_line_or_rule_it_rests_on(tmp_path: Path) -> None:
    year_end = origins(tmp_path, "year-end", 12)
    assert {name: year_end[name] for name in list(year_end)[:2]} == {
        "Disabled Facilities Grant, Planned": "Contribution as agreed: dfg",
        "Disabled Facilities Grant, Actual": "Receipts of dfg, to the end of M12 (March)",
    }
    assert year_end["iBCF Contribution, Planned"] == "The agreement has no contribution from this source"
    assert year_end["Total BCF Expenditure, Actual Expenditure"] == "All spend of the pool, to the end of M12 (March)"
    quarter = origins(tmp_path, "quarterly-2025-26", 6, TOWN.replace("2023/24", "2025/26"))
    assert quarter["NHS Minimum Contribution, Updated Total Plan Income"] == (
        "Contribution as the books have it now: nhs-min"
    )
    lines = origins(tmp_path, "quarterly-2023-25", 6)
    assert lines["Planned Expenditure of care"] == "Budget of care from la additional as the books have it now"
    assert (
        lines["Actual Expenditure to date of grant"] == "Spend posted on grant from dfg, to the end of M6 (September)"
    )
    flows = origins(tmp_path, "quarterly-2015-17", 6, TOWN.replace("2023/24", "2015/16"))
    assert flows["Expenditure Actual*, Q1"] == "Spend posted on the lines, Q1"
    assert flows["Income Plan, Q3"] == "Instalments as agreed, Q3"


def test_what_is_not_stated_stays_blank_with_a_note(tmp_path: Path) -> None:
    layout = variant("quarterly-2023-25")
    template = make_official(tmp_path / "blank.xlsx", layout, 2)
    found = preview_return(spent_town(tmp_path), layout, template, 6)
    assert not [each for each in found.cells if each.value == "not stated"]
    assert "Scheme Type of care is left blank: not stated" in [each.said for each in found.by_hand]


def test_the_planned_amounts_of_a_quarterly_return_are_those_of_its_year(tmp_path: Path) -> None:
    layout = variant("quarterly-2023-25")
    template = make_official(tmp_path / "blank.xlsx", layout, 2)
    found = preview_return(spent_town(tmp_path), layout, template, 6)
    planned = [each.value for each in found.cells if each.what.startswith("Planned Expenditure of ")]
    assert [str(each) for each in planned] == [
        "600000.00", "200000.00", "200000.07", "90000.00", "400000.00", "100000.00", "135000.00", "100000.00",
    ]  # fmt: skip


def test_each_open_cell_is_told_once_and_what_the_checkers_would_say_beside_it(tmp_path: Path) -> None:
    layout = variant("planning-2023-25")
    found = preview_return(town(layout), layout, LOOKALIKE)
    places = [each.where for each in found.by_hand if each.where]
    assert len(places) == len(set(places))
    assert {check.what for check in found.failed} == {"Income meets expenditure for each source"}


def test_a_preview_changes_nothing_and_is_for_those_who_may_take_copies(tmp_path: Path) -> None:
    pool, layout = spent_town(tmp_path), variant("year-end")
    template = make_official(tmp_path / "blank.xlsx", layout, 2)
    before = state_of(pool), template.read_bytes()
    preview_return(as_actor(pool, Role.AUDITOR), layout, template, 6)
    for role in (Role.BOARD_READER, Role.SCHEME_MANAGER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            preview_return(as_actor(pool, role), layout, template, 6)
    assert (state_of(pool), template.read_bytes()) == before
