"""Mapping files: how one partner's ledger extract reads, and which codes are which scheme line. Opens no ledger."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ledgers.money import parse_pounds
from pooledfund.errors import InputRefused
from pooledfund.intake.tables import Row
from s75_rules.agreement import Agreement

RowKind = Literal["ledger", "invoice", "late_invoice", "credit_note", "accrual", "accrual_reversal", "journal"]
ROW_KINDS: tuple[str, ...] = get_args(RowKind)
DateFormat = Literal["yyyy-mm-dd", "dd/mm/yyyy", "dd-Mon-yy", "excel"]
_STRPTIME = {"yyyy-mm-dd": "%Y-%m-%d", "dd/mm/yyyy": "%d/%m/%Y", "dd-Mon-yy": "%d-%b-%y", "excel": "%Y-%m-%d"}


class MapRefused(InputRefused):
    """A mapping file that cannot be used; holds every fault found in it."""


class CellNotUnderstood(ValueError):
    """A cell that is not the date, amount or code that its map says it is."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


class DateColumn(_Part):
    """A column of dates and how they are written."""

    column: str
    format: DateFormat = "yyyy-mm-dd"

    def read(self, row: Row) -> date:
        """The date of a row; raises CellNotUnderstood."""
        text = row[self.column]
        try:
            return datetime.strptime(text[:10] if self.format == "excel" else text, _STRPTIME[self.format]).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise CellNotUnderstood(f"{self.column} '{text}' is not a date written as {self.format}") from None


class AmountColumns(_Part):
    """Where the amount stands: net with VAT, debit and credit, or one column; and whether its sign is turned."""

    net: str | None = None
    vat: str | None = None
    recoverable_vat: str | None = None
    debit: str | None = None
    credit: str | None = None
    column: str | None = None
    sign: Literal["normal", "reversed"] = "normal"

    @model_validator(mode="after")
    def _one_way(self) -> "AmountColumns":
        ways = [self.net is not None, self.debit is not None and self.credit is not None, self.column is not None]
        if sum(ways) != 1:
            raise ValueError("an amount stands in one of net (with vat), debit and credit, or column")
        return self

    def columns(self) -> list[str]:
        """The columns it reads, which the file must have."""
        named = (self.net, self.vat, self.recoverable_vat, self.debit, self.credit, self.column)
        return [column for column in named if column is not None]

    def read(self, row: Row) -> tuple[int, int, int]:
        """Net, VAT and recoverable VAT of a row in pence; raises MoneyNotUnderstood or CellNotUnderstood."""
        main = [column for column in (self.net, self.column, self.debit, self.credit) if column is not None]
        if not any(row[column] for column in main):
            raise CellNotUnderstood(f"{' and '.join(main)} blank: unknown is not nil, write 0.00 where it is")
        turn = -1 if self.sign == "reversed" else 1
        if self.net is not None:
            return turn * _pence(row, self.net), turn * _pence(row, self.vat), turn * _pence(row, self.recoverable_vat)
        if self.column is not None:
            return turn * _pence(row, self.column), 0, 0
        return turn * (_pence(row, self.debit) - _pence(row, self.credit)), 0, 0


def _pence(row: Row, column: str | None) -> int:
    return parse_pounds(row[column]) if column is not None and row[column] else 0


class CodeColumn(_Part):
    """A column of codes and what each stands for."""

    column: str
    codes: dict[str, str]
    otherwise: str | None = None

    def read(self, row: Row) -> str:
        """What the code of a row stands for; raises CellNotUnderstood."""
        meaning = self.codes.get(row[self.column], self.otherwise)
        if meaning is None:
            raise CellNotUnderstood(f"{self.column} '{row[self.column]}' is not a code of the map: add it to the map")
        return meaning


class Match(_Part):
    """A row belongs here when every named column matches its pattern; ``*`` stands for anything."""

    match: dict[str, str] = Field(min_length=1)

    def fits(self, row: Row) -> bool:
        """Whether a row matches."""
        return all(fnmatchcase(row[column], pattern) for column, pattern in self.match.items())


class LineMatch(Match):
    """The scheme line, and where it is known the contribution, that a code pattern stands for."""

    scheme: str
    contribution: str | None = None


class LedgerMap(_Part):
    """How one ledger's extract is read."""

    map: Literal["1"]
    name: str
    format: Literal["csv", "xlsx"]
    encoding: str = "utf-8-sig"
    sheet: str | None = None
    header: Annotated[tuple[str, ...], BeforeValidator(_texts)]
    partner: str | CodeColumn
    reference: Annotated[tuple[str, ...], BeforeValidator(_texts)] = Field(min_length=1)
    effective: DateColumn
    document_date: DateColumn | None = None
    amount: AmountColumns
    description: str | None = None
    kind: CodeColumn | None = None
    lines: tuple[LineMatch, ...] = Field(min_length=1)
    ignore: tuple[Match, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Every column the map reads: a file without one of them is refused."""
        named = [*self.header, *self.reference, self.effective.column, *self.amount.columns()]
        named += [each.column for each in (self.document_date, self.kind) if each is not None]
        named += [self.partner.column] if isinstance(self.partner, CodeColumn) else []
        named += [self.description] if self.description else []
        named += [column for each in (*self.lines, *self.ignore) for column in each.match]
        return tuple(dict.fromkeys(named))

    def line_of(self, row: Row) -> LineMatch | None:
        """The first line whose pattern the row matches, or None: the row goes to suspense."""
        return next((line for line in self.lines if line.fits(row)), None)

    def ignores(self, row: Row) -> bool:
        """Whether the row is no spend of the pool."""
        return any(each.fits(row) for each in self.ignore)

    def code_of(self, row: Row) -> str:
        """The codes by which the row was looked up, for a person to read."""
        columns = dict.fromkeys(column for line in self.lines for column in line.match)
        return ", ".join(f"{column} {row[column] or 'blank'}" for column in columns)


@dataclass(frozen=True, slots=True)
class FoundMap:
    """A mapping file that was read, with its place."""

    path: Path
    map: LedgerMap


def read_map(path: Path, agreement: Agreement) -> FoundMap:
    """Read a mapping file and check it against the agreement.

    Raises:
        MapRefused: with every fault: not YAML, a key that is unknown or stands twice, a line, contribution or
            partner that the agreement lacks.
    """
    raw = _raw(path)
    if not isinstance(raw, Mapping):
        raise MapRefused(f"{path.name}: is not a mapping file: it starts with 'map: 1'")
    try:
        found = LedgerMap.model_validate(raw)
    except ValidationError as error:
        raise MapRefused(*(_sentence(path, list(each["loc"]), each["msg"]) for each in error.errors())) from None
    faults = [f"{path.name}: {fault}" for fault in _dangling(found, agreement)]
    if faults:
        raise MapRefused(*faults)
    return FoundMap(path, found)


def _raw(path: Path) -> object:
    """The file as plain texts in mappings and lists."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        raw: object = yaml.load(text, Loader=yaml.BaseLoader)
    except FileNotFoundError:
        raise MapRefused(f"{path}: there is no such mapping file: check the name") from None
    except OSError as error:
        raise MapRefused(f"{path}: cannot be read ({error.strerror}): check that it is a file you may open") from None
    except (ValueError, OverflowError, RecursionError, yaml.YAMLError) as error:
        place = getattr(error, "problem_mark", None)
        at = f":{place.line + 1}" if place else ""
        raise MapRefused(f"{path.name}{at}: cannot be read as YAML: check the indentation and quotes") from None
    repeated = [f"{path.name}:{line}: '{key}' stands twice: keep one of the two" for line, key in _repeated(tree, {0})]
    if repeated:
        raise MapRefused(*repeated)
    return raw


def _repeated(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[int, str]]:
    """The keys that stand twice in one mapping, each with its line: YAML would let the last one win in silence."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if str(key.value) in keys:
                yield key.start_mark.line + 1, str(key.value)
            keys.add(str(key.value))
            yield from _repeated(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item, seen)


def _sentence(path: Path, place: list[str | int], message: str) -> str:
    where = ", ".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{path.name}: {where}: {re.sub('^Value error, ', '', message)}: correct it in the mapping file"


def _dangling(found: LedgerMap, agreement: Agreement) -> list[str]:
    """What the map names and the agreement does not have."""
    faults = []
    for line in found.lines:
        if line.scheme not in agreement.schemes:
            faults.append(f"maps a code to '{line.scheme}', which is no scheme line of {agreement.id}")
        if line.contribution is not None and line.contribution not in agreement.contributions:
            faults.append(f"maps a code to '{line.contribution}', which is no contribution of {agreement.id}")
    partners = found.partner.codes.values() if isinstance(found.partner, CodeColumn) else [found.partner]
    faults += [
        f"names '{each}', which is no partner of {agreement.id}" for each in partners if each not in agreement.partners
    ]
    kinds = found.kind.codes.values() if found.kind is not None else ()
    faults += [
        f"names the kind '{each}': the kinds are {', '.join(ROW_KINDS)}" for each in kinds if each not in ROW_KINDS
    ]
    if found.kind is not None and found.kind.otherwise is not None and found.kind.otherwise not in ROW_KINDS:
        faults.append(f"names the kind '{found.kind.otherwise}': the kinds are {', '.join(ROW_KINDS)}")
    return faults
