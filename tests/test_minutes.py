"""Minutes: every item becomes the event of its own command, all or nothing, and flows into the next pack."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger_homes import PostgresHome
from ledgers.money import parse_pounds
from pdfs import ink_beyond_margins, tags_of, words_of
from pooledfund.access import Actor, NotAllowed, Role
from pooledfund.agreement_file import read_agreement_text
from pooledfund.cli import main
from pooledfund.control.decisions import record_dispute
from pooledfund.intake.actuals import import_actuals
from pooledfund.intake.forecasts import enter_forecasts
from pooledfund.intake.minutes_file import Minutes, MinutesRefused, read_minutes
from pooledfund.meetings.drafting import draft_minutes
from pooledfund.meetings.recording import record_minutes
from pooledfund.pool import Pool
from pooledfund.reports.minutes_pdf import MeetingNotKnown, write_minutes_pdf
from pooledfund.reports.pack import write_pack
from pooledfund.reports.pack_pdf import write_pack_pdf
from pooledfund.results.lines import lines_at
from pooledfund.results.minutes import meetings_of, since_last_meeting
from pooledfund.results.risk_position import risk_position
from pools import DB, TOWN, as_actor, extract, pool_of, spent, state_of
from s75_rules.clause_records import Dispute
from workbooks import table

OPEN = TOWN.replace(
    "overspend: [{reserve: risk}, {share: {council: 50, icb: 50}}]", "overspend: [decide: board]"
).replace("lead: council, area_of_spend: social_care}", "lead: council, area_of_spend: social_care, new: true}")
HEAD = """\
minutes: 1
meeting: 2024-01-18
body: Town Section 75 Board
period: Q3
present: [council, icb]
items:
"""
ALL = (
    HEAD
    + """\
  - {ref: "4.1", kind: share, clause: "7.2", partners: {council: 12_000.01, icb: 8_000}}
  - {ref: "4.2", kind: containment, scheme: rehab, amount: 10_000}
  - {ref: "4.3", kind: business case, scheme: pilot, reference: BC-7}
  - {ref: "4.4", kind: virement, from: care, to: pilot, contribution: la-add, amount: 5_000, effective: 2024-02-01}
  - {ref: "4.5", kind: dispute resolved, clause: "7.2", partner: icb}
  - {ref: "5", kind: action, action: Review the care packages, owner: Head of commissioning, due: 2024-03-01}
  - {ref: "6", kind: note, note: The board thanked the teams.}
"""
)


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Nine months in which care spends its whole budget and 20,000.01 more: clause 7.2 leaves it to the board."""
    found = pool_of(tmp_path, OPEN)
    found.clock = lambda: datetime(2024, 1, 20, 9, tzinfo=UTC)
    import_actuals(found, extract(tmp_path, spent("care", "820000.01", "care", "2023-12-31")))
    given = tmp_path / "forecasts.csv"
    given.write_text("quarter,scheme,forecast_outturn\nQ3,care,820000.01\n", encoding="utf-8")
    enter_forecasts(found, given)
    return found


def minutes(folder: Path, text: str) -> Minutes:
    path = folder / "minutes.yaml"
    path.write_text(text, encoding="utf-8")
    return read_minutes(path)


def disputed(pool: Pool) -> None:
    said = Dispute(clause="7.2", side="overspend", partner="icb", reason="packages", raised=date(2024, 1, 15))
    record_dispute(pool, said)


def test_every_item_becomes_the_event_of_its_own_command(pool: Pool, tmp_path: Path) -> None:
    disputed(pool)
    forecast = lines_at(pool, 9)["rehab"].forecast_pence
    meeting = record_minutes(pool, minutes(tmp_path, ALL))
    kinds = {event.number: event.kind for event in pool.books.events()}
    assert [kinds[item.event] for item in meeting.items if item.event] == [
        "decision recorded",
        "containment decided",
        "business case approved",
        "entry recorded",
        "dispute resolved",
        "action agreed",
    ]
    assert kinds[meeting.event] == "minutes recorded"
    share = risk_position(pool, 9).share
    assert share.overspend_pence == {"council": 12_000_01, "icb": 8_000_00}
    assert lines_at(pool, 9)["rehab"].forecast_pence == forecast - parse_pounds("10000")
    assert lines_at(pool, 12)["pilot"].virements_pence == parse_pounds("5000")
    decision = pool.books.events(kind="decision recorded")[0]
    assert decision.payload["minute"] == "Town Section 75 Board, 2024-01-18, 4.1"
    assert pool.books.verify() == []
    assert meetings_of(pool) == (meeting,)
    assert meetings_of(pool, as_of=meeting.event - 1) == ()


def test_one_item_refused_keeps_every_other_out_and_all_refusals_are_said(pool: Pool, tmp_path: Path) -> None:
    before = state_of(pool)
    text = ALL.replace("12_000.01", "12_000").replace("from: care", "from: nowhere")
    with pytest.raises(MinutesRefused) as refused:
        record_minutes(pool, minutes(tmp_path, text))
    said = str(refused.value)
    assert "item 4.1, share" in said
    assert "item 4.4, virement: 'nowhere' is not a scheme line" in said
    assert "item 4.5, dispute resolved: icb disputes no overspend" in said
    assert state_of(pool) == before


def test_a_dry_run_does_all_and_keeps_nothing(pool: Pool, tmp_path: Path) -> None:
    disputed(pool)
    before = state_of(pool)
    tried = record_minutes(pool, minutes(tmp_path, ALL), dry_run=True)
    assert state_of(pool) == before
    assert record_minutes(pool, minutes(tmp_path, ALL)) == tried


def test_the_same_meeting_is_not_recorded_twice_nor_before_it_was_held(pool: Pool, tmp_path: Path) -> None:
    note = HEAD + "  - {ref: '1', kind: note, note: Noted.}\n"
    record_minutes(pool, minutes(tmp_path, note))
    with pytest.raises(MinutesRefused, match="are event"):
        record_minutes(pool, minutes(tmp_path, note))
    with pytest.raises(MinutesRefused, match="yet to come"):
        record_minutes(pool, minutes(tmp_path, note.replace("2024-01-18", "2024-01-21")))
    with pytest.raises(MinutesRefused, match="'Jane' is not a partner"):
        record_minutes(pool, minutes(tmp_path, note.replace("[council, icb]", "[Jane]").replace("01-18", "01-17")))


def test_actions_are_open_then_overdue_then_done_with_their_age(pool: Pool, tmp_path: Path) -> None:
    action = HEAD + "  - {ref: '5', kind: action, action: Review, owner: Head of care, due: 2024-01-19}\n"
    record_minutes(pool, minutes(tmp_path, action))
    found = since_last_meeting(pool)
    assert [each.state(found.on) for each in found.actions] == ["overdue"]
    assert found.actions[0].age_days(found.on) == 2
    later = action.replace("2024-01-18", "2024-01-20").replace(
        "{ref: '5', kind: action, action: Review, owner: Head of care, due: 2024-01-19}",
        "{ref: '2', kind: action done, action: 2024-01-18/5, how: It was reviewed.}",
    )
    record_minutes(pool, minutes(tmp_path, later))
    found = since_last_meeting(pool)
    assert [each.state(found.on) for each in found.actions] == ["done"]
    assert found.open_actions == ()
    again = later.replace("2024-01-20", "2024-01-19").replace("'2'", "'3'")
    with pytest.raises(MinutesRefused, match="is no open action"):
        record_minutes(pool, minutes(tmp_path, again))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("kind: note", "kind: gossip"), "is no kind of item"),
        (lambda text: text.replace(", kind: note", ""), "has no kind"),
        (lambda text: text.replace("2024-03-01", "1 March"), ":12: items 6 due: '1 March' is not a date"),
        (lambda text: text.replace("Head of commissioning", "Dr Jones"), "is a person: name the post"),
        (lambda text: text.replace("thanked the teams", "heard of 943 476 5919"), "valid NHS number"),
        (lambda text: text.replace("12_000.01", "lots"), "items 1 partners council"),
        (lambda text: text.replace('ref: "4.2"', 'ref: "4.1"'), "'4.1' stands twice"),
        (lambda text: text.replace("present: [council, icb]", "present: []"), "present: holds nothing"),
        (lambda text: text.replace("scheme: rehab, ", ""), "items 2 scheme: is missing"),
        (lambda text: text.replace("scheme: rehab", "scheme: rehab, colour: red"), "colour: is not a key"),
        (lambda text: text.replace("body:", "body: &x"), "minutes.yaml:3"),
        (lambda text: "- a list", "minutes.yaml"),
        (lambda text: "", "minutes.yaml"),
    ],
)
def test_a_broken_file_is_refused_in_words(change: Callable[[str], str], said: str, tmp_path: Path) -> None:
    with pytest.raises(MinutesRefused) as refused:
        minutes(tmp_path, change(ALL))
    assert said in str(refused.value)
    assert "pydantic" not in str(refused.value)


def test_all_faults_of_a_file_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(MinutesRefused) as refused:
        minutes(
            tmp_path, ALL.replace("12_000.01", "lots").replace("2024-03-01", "soon").replace("period: Q3", "period: Q9")
        )
    assert len(refused.value.sentences) == 3
    with pytest.raises(MinutesRefused, match="cannot be read"):
        read_minutes(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.POOLED_FUND_MANAGER])
def test_who_may_not_record_decisions_records_no_minutes(pool: Pool, tmp_path: Path, role: Role) -> None:
    before = state_of(pool)
    with pytest.raises(NotAllowed):
        record_minutes(as_actor(pool, role, "council"), minutes(tmp_path, ALL))
    assert state_of(pool) == before


def test_the_next_pack_tells_what_was_decided_and_what_is_to_be_done(pool: Pool, tmp_path: Path) -> None:
    disputed(pool)
    before = pool.books.head().number
    record_minutes(pool, minutes(tmp_path, ALL))
    disputed(pool)
    pdf = write_pack_pdf(pool, 9, tmp_path / "pack.pdf")
    words = words_of(pdf.path)
    assert "The last meeting: Town Section 75 Board" in words
    assert "Town Council £12,000.01, NHS Town ICB £8,000.00" in words
    assert "Review the care packages" in words
    assert "Recorded since, outside the minutes" in words
    book = write_pack(pool, 9, tmp_path / "pack.xlsx")
    sheet = load_workbook(book.path)["Decisions"]
    rows = table(sheet, "Action")
    assert [(row["Action"], row["State"], row["Owner"]) for row in rows] == [
        ("2024-01-18/5", "open", "Head of commissioning")
    ]
    earlier = words_of(write_pack_pdf(pool, 9, tmp_path / "earlier.pdf", as_of=before).path)
    assert "No minutes of a meeting are recorded yet." in earlier


def test_minutes_are_a_paper_that_stays_what_it_was(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(MeetingNotKnown):
        write_minutes_pdf(pool, tmp_path / "x.pdf")
    disputed(pool)
    record_minutes(pool, minutes(tmp_path, ALL))
    path = tmp_path / "minutes.pdf"
    write_minutes_pdf(pool, path)
    words = words_of(path)
    for said in ("Present: Town Council; NHS Town ICB", "Apologies: none", "4.4", "BC-7", "Head of commissioning"):
        assert said in words
    assert [tag for tag, _ in tags_of(path)].count("Table") == 2
    assert ink_beyond_margins(path, 34) == []
    first = path.read_bytes()
    disputed(pool)
    write_minutes_pdf(pool, path)
    assert path.read_bytes() == first
    with pytest.raises(NotAllowed):
        write_minutes_pdf(as_actor(pool, Role.BOARD_READER), path)


def test_a_draft_holds_what_is_open_and_is_recorded_once_it_is_filled_in(pool: Pool, tmp_path: Path) -> None:
    disputed(pool)
    draft = draft_minutes(pool, 9)
    assert "Who takes 20000.01 of overspend that clause '7.2' leaves open" in draft
    assert "icb disputes its overspend" in draft
    assert "pilot: a new line's case is not approved" in draft
    with pytest.raises(MinutesRefused, match="items"):
        minutes(tmp_path, draft)
    filled = "\n".join(
        line.removeprefix("# ") if line.startswith(("# - {ref: 1,", "# - {ref: 3,")) else line
        for line in draft.splitlines()
    )
    filled = filled.replace('council: "0.00", icb: "0.00"', 'council: "20000.01", icb: "0.00"')
    filled = filled.replace('reference: ""', "reference: BC-7")
    meeting = record_minutes(pool, minutes(tmp_path, filled))
    assert [item.kind for item in meeting.items] == ["share", "business case"]


def test_texts_of_an_agreement_do_not_leave_the_remarks_of_a_draft(tmp_path: Path) -> None:
    hostile = OPEN.replace("area: Town", r'area: "Town\nitems: [x]"')
    Pool.create(tmp_path / DB, read_agreement_text(hostile, "town.yaml"), Actor("m", Role.POOLED_FUND_MANAGER))
    draft = draft_minutes(Pool.open(tmp_path / DB, None, Actor("m", Role.POOLED_FUND_MANAGER)), 3)
    assert draft.count("\nitems:") == 1


def test_a_database_keeps_all_of_a_meeting_or_nothing(
    postgres_home: PostgresHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, file = postgres_home.server.database().secret, tmp_path / "minutes.yaml"
    (tmp_path / "town.yaml").write_text(OPEN, encoding="utf-8")
    assert main(["init", str(tmp_path / "town.yaml"), "--db", place]) == 0
    text = f"""{HEAD}
  - {{ref: "1", kind: business case, scheme: pilot, reference: BC-7}}
  - {{ref: "2", kind: virement, from: care, to: equip, contribution: la-add, amount: 5_000, effective: 2024-02-01}}
"""
    file.write_text(f"{text}  - {{ref: '3', kind: action done, action: none, how: x}}\n", encoding="utf-8")
    assert main(["minutes", str(file), "--db", place]) == 2
    file.write_text(text, encoding="utf-8")
    assert main(["minutes", str(file), "--dry-run", "--db", place]) == 0
    assert main(["minutes", "--db", place]) == 0
    assert "No minutes of a meeting are recorded yet." in capsys.readouterr().out
    assert main(["minutes", str(file), "--db", place]) == 0
    assert main(["verify", "--db", place]) == 0


def test_the_command_records_drafts_and_reports(pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disputed(pool)
    file, books = tmp_path / "minutes.yaml", ["--db", str(tmp_path / DB)]
    file.write_text(ALL, encoding="utf-8")
    before = state_of(pool)
    assert main(["minutes", str(file), "--dry-run", *books]) == 0
    assert "Tried, nothing was recorded" in capsys.readouterr().out
    assert state_of(pool) == before
    assert main(["minutes", str(file), *books]) == 0
    assert "with 7 items are recorded" in capsys.readouterr().out
    assert main(["minutes", *books]) == 0
    assert "Review the care packages" in capsys.readouterr().out
    assert main(["minutes", "--template", "-o", str(tmp_path / "draft.yaml"), *books]) == 0
    assert main(["minutes", "--template", "-o", str(tmp_path / "draft.yaml"), *books]) == 2
    assert main(["minutes", "-o", str(tmp_path / "m.pdf"), "--meeting", "2024-01-18", *books]) == 0
    assert (tmp_path / "m.pdf").read_bytes().startswith(b"%PDF")
    assert main(["minutes", "--meeting", "2024-01-17", *books]) == 2
    assert main(["minutes", "--dry-run", *books]) == 2
