"""Learning how a ledger's extract reads: a map guessed from the file, with what is not clear, and codes assigned to it.

What a map would post is shown by ``preview_actuals``; what is asked and shown to a person is elsewhere.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from ledgers.money import MoneyNotUnderstood, pounds
from pooledfund.intake.guesses import SAMPLE, Columns, date_formats, guess_columns, guess_kind, guess_table, parts_of
from pooledfund.intake.map_columns import AmountColumns, CellNotUnderstood, CodeColumn, DateColumn, fits
from pooledfund.intake.maps import LedgerMap, LineMatch, MapRefused, Match
from pooledfund.intake.named_columns import Named, table_at
from pooledfund.intake.tables import FileRefused, Found, find_table, open_sheet
from s75_rules.agreement import Agreement

_TOTAL = re.compile(r"(grand |report |sub-?)?totals?\b.*|balance\b.*", re.IGNORECASE)

_BY_HAND = "write its map by hand, as docs/ledger-extracts.md shows"


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code of the ledger as the file has it: rows, cost in pence, words beside it, its line by the map or a guess."""

    code: str
    rows: int
    cost_pence: int
    words: str
    scheme: str | None
    suggested: str | None

    def as_json(self) -> dict[str, object]:
        """The code with money in pounds as text."""
        return {
            "code": self.code,
            "rows": self.rows,
            "cost": pounds(self.cost_pence),
            "words": self.words,
            "scheme": self.scheme,
            "suggested": self.suggested,
        }


@dataclass(frozen=True, slots=True)
class Learnt:
    """A map as far as the file tells it, what was concluded from what, and what a person must look at."""

    map: LedgerMap
    code_column: str
    guesses: tuple[str, ...]
    unclear: tuple[str, ...]
    codes: tuple[CodeSeen, ...]


def learn(path: Path, agreement: Agreement, partner: str, sheet: str | None = None) -> Learnt:
    """Guess a map from a file: where its header stands, columns, signs, dates, totals rows, encoding.

    Raises:
        FileRefused: the file cannot be read, or has no header row or no column of days, amounts or codes.
    """
    opened = open_sheet(path, sheet=sheet)
    found = guess_table(opened)
    if found is None:
        raise FileRefused(
            f"{path.name}: no row looks like a header: write its map by hand from docs/ledger-extracts.md"
        )
    rows = _sample(found)
    details = [row for row in rows if not _is_total(row)]
    columns = guess_columns(found.columns, details)
    guesses = [f"the header is row {found.header_row}", *opened.notes]
    unclear: list[str] = []
    needed = {"posted": "days", "number": "document numbers", "code": "codes"}
    missing = [words for part, words in needed.items() if columns.one(part) is None]
    amount = _amount(columns, details, guesses, unclear)
    if missing or amount is None:
        what = ", ".join([*missing, *(["amounts"] if amount is None else [])])
        raise FileRefused(
            f"{path.name}: no column looks like {what}: write its map by hand from docs/ledger-extracts.md"
        )
    code = str(columns.one("code"))
    effective = _days(columns, "posted", details, guesses, unclear)
    assert effective is not None
    empty = Match(
        match={effective.column: "", **{each: "" for each in amount.columns() if each not in amount.credit_when}}
    )
    control, totals = _totals(rows, amount, guesses)
    ledger_map = LedgerMap(
        map="1",
        name=f"{partner} ledger",
        sheet=sheet,
        header=tuple(dict.fromkeys([*_main(columns), effective.column])),
        partner=partner,
        reference=_reference(columns, details, unclear),
        effective=effective,
        document_date=_days(columns, "document", details, guesses, unclear),
        amount=amount,
        description=columns.one("words"),
        kind=_kinds(columns, details, guesses),
        totals=(*totals, *((empty,) if any(empty.fits(row) for row in rows) else ())),
        control=control,
        lines=(),
    )
    return _with_codes(ledger_map, code, agreement, details, guesses, unclear)


def learn_named(path: Path, agreement: Agreement, partner: str, named: Named, sheet: str | None = None) -> Learnt:
    """The map of a file whose header row, columns and signs a person named; totals rows are told as in ``learn``.

    Raises:
        FileRefused: the file cannot be read, has no such row of names, or the amounts or days cannot be read so.
    """
    opened = open_sheet(path, sheet=sheet)
    found = table_at(opened, named.header_row)
    if unknown := [each for each in named.columns() if each not in found.columns]:
        raise FileRefused(f"{path.name}: row {named.header_row} has no column {', '.join(unknown)}: choose another")
    rows = _sample(found)
    details = [row for row in rows if not _is_total(row)]
    amount = named.amounts()
    guesses = [f"the header is row {named.header_row}, as you chose", *opened.notes]
    empty = Match(match=dict.fromkeys((named.day, *amount.columns()), ""))
    control, totals = _totals(rows, amount, guesses)
    ledger_map = LedgerMap(
        map="1",
        name=f"{partner} ledger",
        sheet=sheet,
        header=tuple(dict.fromkeys(named.columns())),
        partner=partner,
        reference=named.reference,
        effective=DateColumn(column=named.day, format=named.written),
        amount=amount,
        description=named.words,
        totals=(*totals, *((empty,) if any(empty.fits(row) for row in rows) else ())),
        control=control,
    )
    if find_table(opened, ledger_map.columns()).header_row != named.header_row:
        raise FileRefused(f"{path.name}: a row above row {named.header_row} has the same names: choose that one")
    return _with_codes(ledger_map, named.code, agreement, details, guesses, [])


def relearn(path: Path, agreement: Agreement, ledger_map: LedgerMap) -> Learnt:
    """Hold a map that is there against a file: its codes with their lines, and those that no line claims yet.

    Raises:
        FileRefused: the file cannot be read, or does not have the columns of the map.
    """
    opened = open_sheet(path, encoding=ledger_map.encoding, sheet=ledger_map.sheet)
    found = find_table(opened, ledger_map.columns())
    first = next((column for line in ledger_map.lines for column in line.match), None)
    rows = _sample(found)
    code = first or guess_columns(found.columns, rows).one("code") or ledger_map.header[0]
    details = [row for row in rows if not any(each.fits(row) for each in ledger_map.outside())]
    return _with_codes(ledger_map, code, agreement, details, list(opened.notes), [])


def assigned(ledger_map: LedgerMap, code_column: str, schemes: Mapping[str, str]) -> LedgerMap:
    """The map with codes assigned to lines, before the lines that it has; a pattern of codes may stand for a code."""
    added = tuple(LineMatch(match={code_column: code}, scheme=scheme) for code, scheme in schemes.items())
    kept = tuple(line for line in ledger_map.lines if not any(line.match == each.match for each in added))
    return ledger_map.model_copy(update={"lines": (*added, *kept)})


def map_text(ledger_map: LedgerMap) -> str:
    """The map as the text of a mapping file."""
    tree = ledger_map.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=120)


def check_assigned(schemes: Mapping[str, str], agreement: Agreement) -> None:
    """See that every code is assigned to a line of the agreement; raises MapRefused."""
    faults = [
        f"{code} is assigned to '{scheme}', which is no scheme line of {agreement.id}: use one that the agreement names"
        for code, scheme in schemes.items()
        if scheme not in agreement.schemes
    ]
    if faults:
        raise MapRefused(*faults)


def _sample(found: Found) -> list[Mapping[str, str]]:
    rows = islice(found.rows(found.columns[-1]), SAMPLE)
    return [{column: cell for column, cell in zip(found.columns, row, strict=True) if column} for _, row in rows]


def _is_total(row: Mapping[str, str]) -> bool:
    return any(_TOTAL.fullmatch(text) for text in row.values())


def _main(columns: Columns) -> list[str]:
    return [column for part in ("number", "code") if (column := columns.one(part)) is not None]


def _days(
    columns: Columns, part: str, rows: Sequence[Mapping[str, str]], guesses: list[str], unclear: list[str]
) -> DateColumn | None:
    column = columns.one(part)
    if column is None:
        return None
    formats = date_formats([row[column] for row in rows if row[column]])
    guesses.append(f"{column} holds days written {formats[0]}")
    if "mm/dd/yyyy" in formats and "dd/mm/yyyy" in formats:
        unclear.append(
            f"{column}: no day is past the 12th, so that dd/mm/yyyy and mm/dd/yyyy both fit: day first is taken"
        )
    return DateColumn(column=column, format=formats[0])


def _amount(
    columns: Columns, rows: Sequence[Mapping[str, str]], guesses: list[str], unclear: list[str]
) -> AmountColumns | None:
    debit, credit = columns.one("debit"), columns.one("credit")
    if debit and credit:
        guesses.append(f"{debit} less {credit} is the amount")
        return AmountColumns(debit=debit, credit=credit)
    indicator = _credit_when(columns, rows)
    net, single = columns.one("net"), columns.one("amount")
    if net:
        found = AmountColumns(
            net=net, vat=columns.one("vat"), recoverable_vat=columns.one("recoverable"), credit_when=indicator
        )
        if found.vat and not found.recoverable_vat:
            unclear.append(f"no column says what of {found.vat} is recovered: all of it counts as a cost")
    elif single:
        found = AmountColumns(column=single, credit_when=indicator)
    else:
        return None
    total = _cost(found, rows)
    turned = " with its sign turned, as its total is a credit" if total < 0 else ""
    marked = "".join(f", a credit where {column} is {code}" for column, code in indicator.items())
    guesses.append(f"{net or single} is the amount{turned}{marked}")
    return found.model_copy(update={"sign": "reversed"}) if total < 0 else found


def _credit_when(columns: Columns, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    column = columns.one("indicator")
    seen = {row[column] for row in rows} if column is not None else set()
    credit = sorted(each for each in seen if each.upper() in ("C", "CR", "H", "K", "CREDIT"))
    return {column: " | ".join(credit)} if column is not None and credit else {}


def _cost(amount: AmountColumns, rows: Sequence[Mapping[str, str]]) -> int:
    total = 0
    for row in rows:
        try:
            net, vat, recoverable = amount.read(row)
        except (CellNotUnderstood, MoneyNotUnderstood):
            continue
        total += net + vat - recoverable
    return total


def _totals(
    rows: Sequence[Mapping[str, str]], amount: AmountColumns, guesses: list[str]
) -> tuple[Match | None, list[Match]]:
    """A totals row that agrees with the rows is the file's own control total; other totals are no spend."""
    details = _cost(amount, [row for row in rows if not _is_total(row)])
    labels: dict[tuple[str, str], int] = {}
    for row in rows:
        for column, text in row.items():
            if _TOTAL.fullmatch(text):
                labels[column, text] = _cost(amount, [row])
                break
    control = None
    if len(rows) < SAMPLE:
        agreeing = [each for each, pence in labels.items() if pence == details and pence]
        if agreeing:
            column, text = agreeing[-1]
            control = Match(match={column: text})
            guesses.append(f"the row '{text}' is the file's own total and agrees with its rows")
    shapes = {
        (column, f"{text.split()[0]}*") for column, text in labels if control is None or {column: text} != control.match
    }
    if shapes:
        guesses.append(f"rows of {', '.join(sorted(shape for _, shape in shapes))} are totals and no spend")
    return control, [Match(match={column: shape}) for column, shape in sorted(shapes)]


def _reference(columns: Columns, rows: Sequence[Mapping[str, str]], unclear: list[str]) -> tuple[str, ...]:
    """The fewest columns by which every row is known from every other."""
    named = [*columns.parts.get("number", ()), *columns.parts.get("line", ())]
    first = str(columns.one("number"))
    for tried in ([first], [first, *columns.parts.get("line", ())], named):
        seen = [tuple(row[column] for column in tried) for row in rows]
        if tried and len(set(seen)) == len(seen):
            return tuple(dict.fromkeys(tried))
    unclear.append(
        f"{', '.join(named)} do not tell every row from every other: ask the partner for a line number, "
        "or add a column to reference"
    )
    return tuple(dict.fromkeys(named))


def _kinds(columns: Columns, rows: Sequence[Mapping[str, str]], guesses: list[str]) -> CodeColumn | None:
    for column in columns.parts.get("kind", ()):
        codes = {text: kind for text in sorted({row[column] for row in rows}) if (kind := guess_kind(text))}
        if codes:
            said = ", ".join(f"{text} is {kind.replace('_', ' ')}" for text, kind in codes.items())
            guesses.append(f"by {column}: {said}")
            return CodeColumn(column=column, codes=codes, otherwise="ledger")
    return None


def _with_codes(
    ledger_map: LedgerMap,
    column: str,
    agreement: Agreement,
    rows: Sequence[Mapping[str, str]],
    guesses: list[str],
    unclear: list[str],
) -> Learnt:
    by_code: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_code.setdefault(row[column], []).append(row)
    codes = []
    for code, of_code in sorted(by_code.items()):
        words = _words(ledger_map, column, of_code[0])
        line = next((each for each in ledger_map.lines if fits(code, each.match.get(column, "*"))), None)
        scheme = line.scheme if line is not None else None
        suggested = None if scheme else _suggested(words, agreement)
        codes.append(CodeSeen(code, len(of_code), _cost(ledger_map.amount, of_code), words, scheme, suggested))
    return Learnt(ledger_map, column, tuple(guesses), tuple(unclear), tuple(codes))


def _words(ledger_map: LedgerMap, column: str, row: Mapping[str, str]) -> str:
    """What stands beside a code in words: its own name where a column gives it, else the narrative."""
    parts = set(parts_of(column))
    beside = [name for name in row if name != column and parts & set(parts_of(name))]
    named = next((row[name] for name in beside if re.search("name|desc|text|\\(t\\)", name, re.IGNORECASE)), "")
    return named or (row[ledger_map.description] if ledger_map.description else "")


def _suggested(words: str, agreement: Agreement) -> str | None:
    names = {scheme.name.lower(): scheme.id for scheme in agreement.schemes.values()}
    near = difflib.get_close_matches(words.lower(), names, 1, 0.6)
    return names[near[0]] if near else None
