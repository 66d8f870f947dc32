"""The commands of the official returns: fill, check, read, compare, register, replay."""

import argparse
from datetime import date
from pathlib import Path

from pooledfund.agreement_file import AgreementFile, read_agreement
from pooledfund.cli.session import CallRefused, month_of, open_pool, print_json, print_report, print_text
from pooledfund.pool import Pool
from pooledfund.reports.postings import export_postings
from pooledfund.returns.checks import check_return
from pooledfund.returns.comparing import differences
from pooledfund.returns.draft import draft_agreement
from pooledfund.returns.due import returns_due
from pooledfund.returns.export import Exported, export_own_layout, export_return, return_figures
from pooledfund.returns.figures import figures_of_agreement
from pooledfund.returns.official.values import CellValues
from pooledfund.returns.official.workbook import ExcelFile
from pooledfund.returns.part1 import read_part1
from pooledfund.returns.reading import read_return
from pooledfund.returns.register import Submission, approve_return, replay, submissions, submit_return
from pooledfund.returns.registry import variant
from pooledfund.returns.replaying import fill_again


def export(call: argparse.Namespace) -> int:
    """Write a return into an official workbook or in our own layout; or every posting of the books."""
    if call.return_id == "postings":
        return _postings(call)
    layout, target = variant(call.return_id), Path(call.output)
    previous = read_agreement(Path(call.previous)).agreement if call.previous else None
    following = read_agreement(Path(call.following)).agreement if call.following else None
    source, month = _source(call), month_of(call)
    others = [each for each in (previous, following) if each]
    if call.template:
        template = Path(call.template)
        note = _noted(
            export_return(source, layout, target, template=template, month=month, others=others, as_of=call.as_of)
        )
    else:
        note = export_own_layout(source, layout, target, month=month, others=others, as_of=call.as_of)
    print(f"Wrote {target}\n{layout.title}, in {layout.unit}\n{note}")
    return 0


def _noted(written: Exported) -> str:
    notes = [f"- {each}" for each in written.notes]
    count = [f"{written.cells_written:,} cells written."] if written.cells_written else []
    return "\n".join([written.layout_note, *count, *(["To be seen to by hand:", *notes] if notes else [])])


def _source(call: argparse.Namespace) -> AgreementFile | Pool:
    return read_agreement(Path(call.agreement)) if call.agreement else open_pool(call)


def _postings(call: argparse.Namespace) -> int:
    pool, target = open_pool(call), Path(call.output)
    written = export_postings(pool, target, call.format, call.as_of)
    head = pool.books.head(call.as_of)
    print(f"Wrote {target}: {written:,} postings of {pool.agreement.id} as {call.format}")
    print(f"Event {head.number}, head {head.hash}")
    return 0


def check(call: argparse.Namespace) -> int:
    """Look a filled return over; status 1 where it is not complete."""
    layout, book = variant(call.return_id), ExcelFile.open(Path(call.file))
    figures = None if call.alone else return_figures(_source(call), layout, month_of(call), ())
    earlier = read_agreement(Path(call.previous)).agreement if call.previous else None
    before = figures_of_agreement(earlier, layout) if earlier else None
    checked = check_return(book, layout, figures, before)
    if call.json:
        print_json(checked.as_json())
    else:
        for each in checked.checks:
            print(f"{each.answer:<3}  {each.what}")
            for why in each.because:
                print(f"     - {why}")
            if each.because:
                print(f"     What to do: {each.remedy}")
        print(checked.state)
    return 0 if checked.state == "Complete Template" else 1


def read(call: argparse.Namespace) -> int:
    """Draft an agreement file from a filled planning return; status 1 where a cell could not be understood."""
    if call.return_id == "part1":
        return _part1(call)
    layout = variant(call.return_id)
    if not layout.years or not any(block.kind == "lines" for block in layout.blocks):
        raise CallRefused(f"{layout.id} holds no lines of a year: draft an agreement from a planning return")
    year = call.year or layout.years[0]
    if year not in layout.years:
        raise CallRefused(f"'{year}' is no year of {layout.id}: its years are {', '.join(layout.years)}")
    found = read_return(CellValues.open(Path(call.file)), layout)
    draft = draft_agreement(found, year, call.area or "Area")
    if call.output:
        _write(Path(call.output), draft.text)
        print(f"Wrote {call.output}: {len(found.lines)} lines of {year}; run 'pooledfund check' on it")
    else:
        print(draft.text, end="")
    for each in draft.not_understood:
        print(f"Not understood: {each}")
    return 1 if draft.not_understood else 0


def _part1(call: argparse.Namespace) -> int:
    found = read_part1(Path(call.file))
    print_json(found.as_json())
    return 1 if found.not_filled else 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CallRefused(f"{path}: cannot be written ({error.strerror}): name another place") from None


def compare(call: argparse.Namespace) -> int:
    """Hold a filled return against the books cell by cell; status 1 where they differ."""
    layout, pool = variant(call.return_id), open_pool(call)
    found = read_return(CellValues.open(Path(call.file)), layout)
    unlike = differences(found, return_figures(pool, layout, month_of(call), (), call.as_of))
    if call.json:
        document = {
            "differences": [each.as_json() for each in unlike],
            "not_understood": [str(each) for each in found.not_understood],
        }
        print_report(document, pool.agreement)
    else:
        said = f"{len(unlike)} cells differ from the books" if unlike else "Every figure is that of the books"
        print_text("\n".join([*map(str, unlike), said]), pool.agreement)
    return 1 if unlike else 0


def submit(call: argparse.Namespace) -> int:
    """Register a return as sent; it has to show the figures of the books."""
    pool = open_pool(call)
    signed = dict(_signature(each) for each in call.signed)
    sent_on = _day(call.sent) if call.sent else None
    sent = submit_return(pool, call.return_id, Path(call.file), month_of(call), signed, call.differs or "", sent_on)
    print(f"Registered {sent.file} as {sent.return_id}, sent on {sent.sent_on}, at event {sent.event}")
    if sent.differs:
        print(f"{len(sent.differs)} cells differ from the books and are kept with the reason: {sent.because}")
    print(f"SHA-256 {sent.digest}\nBooks at event {sent.books_event}, head {sent.head}")
    return 0


def _signature(text: str) -> tuple[str, date]:
    partner, _, day = text.partition("=")
    return partner, _day(day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallRefused(f"'{text}' is not a day: write it as 2016-05-25") from None


def approve(call: argparse.Namespace) -> int:
    """Record that a body approved a return, often after it was sent."""
    sent = approve_return(open_pool(call), call.event, call.body, _day(call.on), call.minute)
    print(f"Recorded: {call.body} approved {sent.file} of event {sent.event} on {call.on}, {call.minute}")
    return 0


def register(call: argparse.Namespace) -> int:
    """Print the register of returns, and what is due of those that the agreement dates."""
    pool = open_pool(call)
    sent, due = submissions(pool, call.as_of), returns_due(pool, as_of=call.as_of)
    if call.json:
        document = {"returns": [each.as_json() for each in sent], "due": [each.as_json() for each in due]}
        print_report(document, pool.agreement)
    else:
        registered = [*map(_in_words, sent)] or ["No return is registered."]
        print_text("\n".join([*registered, *map(str, due)]), pool.agreement)
    return 0


def _in_words(sent: Submission) -> str:
    signed = ", ".join(f"{partner} on {on}" for partner, on in sent.signed.items()) or "nobody yet"
    approved = "; ".join(f"{each.body} on {each.on}, {each.reference}" for each in sent.approvals) or "nobody yet"
    return (
        f"Event {sent.event}: {sent.return_id}, M{sent.month}, {sent.file}, sent on {sent.sent_on}, "
        f"books at event {sent.books_event}\n"
        f"  signed by {signed}; approved by {approved}\n  SHA-256 {sent.digest}"
    )


def replay_return(call: argparse.Namespace) -> int:
    """Work a sent return out again; status 1 where the same books no longer give the same figures."""
    pool = open_pool(call)
    again = replay(pool, call.event)
    sent = again.submission
    if call.json:
        changes = {"differs": again.differs, "since": again.since}
        print_json({**sent.as_json(), **{name: [each.as_json() for each in found] for name, found in changes.items()}})
    else:
        print(_in_words(sent))
        same = "the same figures, every one" if not again.differs else f"{len(again.differs)} other figures"
        print(f"From the books of event {sent.books_event}: {same}")
        for each in (*again.differs, *again.since):
            print(f"- {each.what}: {each.then} then, {each.now} now")
        print(f"Later postings change {len(again.since)} figures" if again.since else "Later postings change nothing")
    if call.output:
        _written_again(call, pool, sent)
    return 1 if again.differs else 0


def _written_again(call: argparse.Namespace, pool: Pool, sent: Submission) -> None:
    template, file = (Path(each) if each else None for each in (call.template, call.sent))
    filled = fill_again(pool, sent.event, Path(call.output), template, file)
    print(f"Wrote {call.output} as of event {sent.books_event}")
    print(filled)
    for each in filled.unlike or ():
        print(f"- {each}")
