"""The pack as a PDF: what a screen reader finds, its figures against the reports, its pages, and hostile texts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from books_for_pages import exampleshire_books
from ledgers.money import pounds_for_people
from pdfs import A4, boxes_of, ink_beyond_margins, tags_of, told_of, words_of
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.pool import Pool
from pooledfund.reports.cells import CastingFailed, Cell, Money, Table, pounds_columns, text_columns
from pooledfund.reports.pack import PackSummary, write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf, write_partner_edition_pdf
from pooledfund.reports.paper.fitting import BOLD, LANDSCAPE_PT, PORTRAIT_PT, Printed, fitted
from pooledfund.reports.paper.paper import Paper, PaperNotWritten, money_text
from pooledfund.reports.paper.text import SHOWN, shown, width_of
from pooledfund.reports.partner_edition import write_partner_edition
from pooledfund.reports.provenance import provenance_of_pool
from pooledfund.results.bridge import bridge_to
from pooledfund.results.contributions import contribution_position
from pooledfund.results.memorandum import memorandum_account
from pooledfund.results.monitoring import monitor

MANAGER = Actor("manager", Role.POOLED_FUND_MANAGER)
SECTIONS = (
    "Summary", "Contents", "Key figures", "Charts", "Monitoring", "Commentary", "Who bears it", "Bridge",
    "Risk position", "Risk explained", "Contributions", "Memorandum account", "Conditions", "Minimum tests",
    "Measures", "Milestones", "Risks", "Decisions", "Close", "Casting proof", "About",
)  # fmt: skip
HOSTILE = (
    '#import "@preview/x:0.1.0": * #read("/etc/passwd") *bold* _it_ $x^2$ `raw` = Heading <label> @ref // gone \\u{41}',
    "#panic()" + "W" * 400,
    "\N{GRINNING FACE} \N{RIGHT-TO-LEFT OVERRIDE}evil \N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} 中 \x00\x07",
    "<script>&amp;</text></svg>",
)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """Exampleshire at the end of its third quarter."""
    return Pool.open(exampleshire_books(tmp_path_factory.mktemp("books") / "books.db", "Q3"), None, MANAGER)


@pytest.fixture(scope="module")
def pack(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> PackSummary:
    return write_pack_pdf(pool, 9, tmp_path_factory.mktemp("pack") / "pack.pdf")


@pytest.fixture(scope="module")
def words(pack: PackSummary) -> str:
    return words_of(pack.path)


def test_the_paper_has_its_sections_in_the_order_a_board_reads_them(pack: PackSummary) -> None:
    assert pack.sheets == tuple(each for each in SECTIONS if each in pack.sheets)
    outline = [str(each.title) for each in PdfReader(pack.path).outline if not isinstance(each, list)]
    assert len(outline) == len(pack.sheets)
    assert outline[0] == "Summary for the board"


def test_a_screen_reader_finds_language_title_headings_tables_and_charts(pack: PackSummary) -> None:
    told = told_of(pack.path)
    assert told.marked
    assert told.shows_title
    assert told.language == "en-GB"
    assert told.title == "Exampleshire Better Care Fund Section 75 agreement: Quarterly pack"
    assert told.claims_pdf_ua
    tags = [tag for tag, _ in tags_of(pack.path)]
    assert tags.count("H1") + tags.count("H2") > len(pack.sheets)
    assert tags.count("Table") == tags.count("THead") > len(pack.sheets) // 2
    assert tags.count("TH") > 50
    assert tags.count("TD") > 200


def test_every_chart_says_its_figures(pool: Pool, pack: PackSummary) -> None:
    texts = [alt for tag, alt in tags_of(pack.path) if tag == "Figure"]
    assert len(texts) == 3
    course, variance, bridge = (text or "" for text in texts)
    lines = monitor(pool, 9).lines
    actual = sum(row.line.actual_pence for row in lines)
    assert f"M9: budget {pounds_for_people(sum(row.line.to_date_budget_pence for row in lines))}" in course
    assert f"actual {pounds_for_people(actual)}" in course
    for row in lines:
        assert f"{row.line.scheme} {row.name}" in variance
        assert pounds_for_people(abs(row.line.forecast_variance_pence)) in variance
    found = bridge_to(pool, 9)
    assert found is not None
    assert pounds_for_people(found.opening_pence) in bridge
    assert pounds_for_people(found.closing_pence) in bridge


def test_the_bridge_casts_and_starts_where_the_last_report_ended(pool: Pool) -> None:
    found = bridge_to(pool, 9)
    assert found is not None
    assert found.difference_pence == 0
    assert found.opening_pence == sum(line.forecast_variance_pence for line in monitor(pool, 6).pooled_lines)
    assert found.closing_pence == sum(line.forecast_variance_pence for line in monitor(pool, 9).pooled_lines)
    assert bridge_to(pool, 3) is None


def test_its_totals_are_those_of_the_reports_and_of_the_workbook(
    pool: Pool, pack: PackSummary, words: str, tmp_path: Path
) -> None:
    workbook = write_pack(pool, 9, tmp_path / "pack.xlsx")
    of_workbook = {(cast.sheet, cast.what): cast.pence for cast in workbook.casts}
    of_paper = {(cast.sheet, cast.what): cast.pence for cast in pack.casts}
    assert {key: of_workbook[key] for key in of_paper} == of_paper
    total = monitor(pool, 9).as_json()["total"]
    assert isinstance(total, dict)
    contributions = contribution_position(pool, 9).positions
    wanted = [
        int(str(total[key]).replace(".", "")) for key in ("current_budget", "actual_to_date", "forecast_variance")
    ]
    wanted += [sum(each.due_pence for each in contributions), memorandum_account(pool, 9).expenditure_pence]
    wanted += list(monitor(pool, 9).risk.share.overspend_pence.values())
    for pence in wanted:
        assert pounds_for_people(pence).replace("£", "") in words


def test_words_stand_for_every_colour_and_the_unit_and_year_are_said(words: str) -> None:
    for said in ("Red", "Amber", "Green", "overspend", "underspend", "£000", "Money in pounds (£)", "2023/24"):
        assert said in words


def test_every_page_is_a4_numbered_with_event_and_head_and_nothing_is_cut(pack: PackSummary) -> None:
    assert boxes_of(pack.path) <= {A4, (A4[1], A4[0])}
    assert ink_beyond_margins(pack.path, 34) == []
    reader = PdfReader(pack.path)
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Event {pack.event}, head {pack.head}" in text
        assert f"Page {number} of {len(reader.pages)}" in text


def test_the_first_page_is_the_summary_and_nothing_else(pack: PackSummary) -> None:
    first, second = (PdfReader(pack.path).pages[place].extract_text() for place in (0, 1))
    for said in ("Summary for the board", "Who bears it", "What needs attention", "How the agreement stands"):
        assert said in first
    assert "Contents and how to read this paper" in second


def test_the_same_event_gives_the_same_bytes(pool: Pool, pack: PackSummary, tmp_path: Path) -> None:
    again = write_pack_pdf(pool, 9, tmp_path / "again.pdf", as_of=pack.event)
    assert again.path.read_bytes() == pack.path.read_bytes()
    earlier = write_pack_pdf(pool, 9, tmp_path / "earlier.pdf", as_of=pack.event - 5)
    assert f"Event {pack.event - 5}," in words_of(earlier.path)


def test_a_partner_edition_is_the_workbook_of_that_partner(pool: Pool, tmp_path: Path) -> None:
    for partner in pool.agreement.partners:
        paper = write_partner_edition_pdf(pool, partner, 9, tmp_path / f"{partner}.pdf")
        workbook = write_partner_edition(pool, partner, 9, tmp_path / f"{partner}.xlsx")
        assert {cast.what: cast.pence for cast in paper.casts} == {cast.what: cast.pence for cast in workbook.casts}
        assert paper.checks == workbook.checks
        assert pool.agreement.partners[partner].name in words_of(paper.path)
        assert ink_beyond_margins(paper.path, 34) == []
    other = Actor("finance", Role.PARTNER_FINANCE, partner="icb")
    as_other = Pool.open(_place(pool), None, other)
    with pytest.raises(NotAllowed):
        write_partner_edition_pdf(as_other, "council", 9, tmp_path / "not.pdf")


def test_a_board_reader_takes_no_copies_and_a_folder_that_is_not_there_is_said(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        write_pack_pdf(Pool.open(_place(pool), None, Actor("b", Role.BOARD_READER)), 9, tmp_path / "x.pdf")
    with pytest.raises(PaperNotWritten, match="cannot be written"):
        write_pack_pdf(pool, 9, tmp_path / "nowhere" / "x.pdf")


def _place(pool: Pool) -> Path:
    place = pool.books.books.place
    assert isinstance(place, Path)
    return place


@pytest.fixture
def paper(pool: Pool, tmp_path: Path) -> Paper:
    return Paper(tmp_path / "paper.pdf", provenance_of_pool(pool), "Trial")


def test_hostile_texts_stand_in_the_paper_as_they_were_written(paper: Paper) -> None:
    section = paper.sheet("Hostile", HOSTILE[0])
    section.prose(*HOSTILE)
    section.lead(*HOSTILE)
    section.points(HOSTILE)
    section.heading(HOSTILE[2])
    rows = [(text, text, Money(1)) for text in HOSTILE]
    section.table(Table("T", (*text_columns("A", HOSTILE[0]), *pounds_columns("B")), rows, {2: len(HOSTILE)}))
    paper.provenance = replace(paper.provenance, title=HOSTILE[0], pool=HOSTILE[3], status=HOSTILE[2])
    paper.save()
    said = words_of(paper.path)
    assert '#read("/etc/passwd") *bold* _it_ $x^2$ `raw` = Heading <label> @ref // gone' in said
    assert "#panic()" + "W" * 400 in said.replace(" ", "")
    assert "[grinning face]" in said
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in said
    assert "<script>&amp;</text></svg>" in said
    assert ink_beyond_margins(paper.path, 34) == []


def test_a_total_that_does_not_cast_stops_the_paper(paper: Paper) -> None:
    table = Table("T", (*text_columns("A"), *pounds_columns("B")), [("x", Money(1))], {1: 2})
    with pytest.raises(CastingFailed):
        paper.sheet("S", "S").table(table)


def test_the_fonts_have_every_character_that_is_set_as_it_is() -> None:
    template = b'#set document(title: "x")\n#set text(lang: "en")\n#sys.inputs.said #strong(sys.inputs.said)'
    said = " ".join(chr(code) for first, last in SHOWN for code in range(first, last + 1))
    assert typst.compile(
        template, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True, sys_inputs={"said": said}
    )
    assert shown("a\tb\nc") == "a b c"
    assert shown("0123456789abcdef" * 4) == "0123456789abcdef" * 4
    assert shown("中") == "[cjk unified ideograph-4e2d]"


def test_no_text_is_wider_than_its_column_was_made_for() -> None:
    template = b"""#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), size: 10pt,
      number-type: "lining", number-width: "tabular")
#context [#metadata(json(bytes(sys.inputs.said)).map(each => (measure(each).width / 1pt,
      measure(strong(each)).width / 1pt))) <widths>]"""
    characters = [chr(code) for first, last in SHOWN for code in range(first, last + 1)]
    words = [character * 5 for character in characters if not character.isspace()]
    words += [money_text(pence) for pence in (-123_456_789_01, 0, 98_765_43)]
    measured = json.loads(
        typst.query(
            template, "<widths>", field="value", one=True, ignore_system_fonts=True,
            sys_inputs={"said": json.dumps(words)},
        )
    )  # fmt: skip
    wider = [
        word
        for word, (upright, bold) in zip(words, measured, strict=True)
        if upright > width_of(word) / 10 or bold > width_of(word) * BOLD / 1000
    ]
    assert wider == []


@pytest.mark.parametrize("columns", [1, 5, 12, 40])
@pytest.mark.parametrize("length", [3, 90, 4000])
def test_a_table_of_any_width_fits_its_pages_and_loses_no_column(columns: int, length: int) -> None:
    headings = tuple(f"H{place}" for place in range(columns))
    rows = (tuple(shown(f"{'word ' * (length // 5)}{place}") for place in range(columns)),)
    parts = fitted(
        Printed(headings, (False, *[True] * (columns - 1)) if length == 3 else (False,) * columns, rows, None)
    )
    assert all(sum(part.widths) <= (LANDSCAPE_PT if part.lying else PORTRAIT_PT) for part in parts)
    assert {heading for part in parts for heading in part.table.headings} == set(headings)


@pytest.mark.parametrize("count", [0, 1, 60, 200])
def test_lines_of_any_number_and_length_run_over_pages_with_their_headings(paper: Paper, count: int) -> None:
    columns = (*text_columns("Line", "Name"), *pounds_columns(*(f"Figure {each}" for each in range(12))))
    rows: list[tuple[Cell, ...]] = [
        (f"S{row}", "A very long name of a line " * 6, *[Money(-row * 10**9 - 1)] * 12) for row in range(count)
    ]
    section = paper.sheet("Lines", "Lines")
    section.table(Table("T", columns, rows, {2: sum(-row * 10**9 - 1 for row in range(count))}))
    paper.save()
    assert ink_beyond_margins(paper.path, 34) == []
    reader = PdfReader(paper.path)
    if count == 200:
        assert all("Line" in page.extract_text() for page in reader.pages)
