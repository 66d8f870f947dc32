"""Mapping files: how one partner's ledger extract reads, and which codes are which scheme line. Opens no ledger."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from pooledfund.errors import InputRefused
from pooledfund.intake.map_columns import ROW_KINDS, AmountColumns, CodeColumn, DateColumn, Part, fits
from s75_rules.agreement import Agreement


class MapRefused(InputRefused):
    """A mapping file that cannot be used; holds every fault found in it."""


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Match(Part):
    """A row belongs here when every named column fits its pattern."""

    match: dict[str, str] = Field(min_length=1)

    def fits(self, row: Mapping[str, str]) -> bool:
        """Whether a row matches."""
        return all(fits(row[column], pattern) for column, pattern in self.match.items())


def _map_day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is not a date: write it as 2016-04-01") from None
    return value


MapDay = Annotated[date, BeforeValidator(_map_day)]


class Valid(Part):
    """From which day to which a map, or a line of one, is to be used; both days count."""

    first: MapDay | None = Field(default=None, alias="from")
    last: MapDay | None = Field(default=None, alias="to")

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        return f"{self.first or 'the start'} to {self.last or 'further notice'}"


class LineMatch(Match):
    """The scheme line, and where it is known the contribution, that a code stands for, and from when to when."""

    scheme: str
    contribution: str | None = None
    valid: Valid | None = None


class LedgerMap(Part):
    """How one ledger's extract is read."""

    map: Literal["1"]
    name: str
    format: Literal["csv", "xlsx"] | None = None
    encoding: str | None = None
    sheet: str | None = None
    valid: Valid = Valid()
    header: Annotated[tuple[str, ...], BeforeValidator(_texts)]
    partner: str | CodeColumn
    reference: Annotated[tuple[str, ...], BeforeValidator(_texts)] = Field(min_length=1)
    effective: DateColumn
    document_date: DateColumn | None = None
    amount: AmountColumns
    description: str | None = None
    kind: CodeColumn | None = None
    lines: tuple[LineMatch, ...] = ()
    ignore: tuple[Match, ...] = ()
    totals: tuple[Match, ...] = ()
    control: Match | None = None

    def columns(self) -> tuple[str, ...]:
        """Every column the map reads: a file without one of them is refused."""
        named = [*self.header, *self.reference, self.effective.column, *self.amount.columns()]
        named += [each.column for each in (self.document_date, self.kind) if each is not None]
        named += [self.partner.column] if isinstance(self.partner, CodeColumn) else []
        named += [self.description] if self.description else []
        matches = (*self.lines, *self.outside())
        named += [column for each in matches for column in each.match]
        return tuple(dict.fromkeys(named))

    def line_of(self, row: Mapping[str, str], on: date) -> LineMatch | None:
        """The first line of that day whose pattern the row matches, or None: the row goes to suspense."""
        return next((line for line in self.lines if line.fits(row) and (line.valid is None or on in line.valid)), None)

    def outside(self) -> tuple[Match, ...]:
        """What is no spend of the pool: the file's own total, which must agree, other totals, and what is ignored."""
        return (*((self.control,) if self.control else ()), *self.totals, *self.ignore)

    def code_of(self, row: Mapping[str, str]) -> str:
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
    if found.valid.first and found.valid.last and found.valid.first > found.valid.last:
        faults.append(f"is valid from {found.valid.first} to {found.valid.last}, which is no time: turn the two days")
    if found.kind is not None and found.kind.otherwise is not None and found.kind.otherwise not in ROW_KINDS:
        faults.append(f"names the kind '{found.kind.otherwise}': the kinds are {', '.join(ROW_KINDS)}")
    return faults
