"""YAML as plain text values with the line of every path, and what no agreement may contain. Knows no agreement keys.

Read from PyYAML's events, because composing would resolve what is refused here: repeated keys, anchors, aliases,
merge keys, tags, several documents. Every scalar stays the text that was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

import yaml

Path = tuple[str | int, ...]
Raw = str | list["Raw"] | dict[str, "Raw"]

DEEPEST = 20
"""No agreement nests deeper than about eight levels; a file that does is not one."""

LARGEST = 1_000_000
"""Characters; an agreement of a thousand lines has about a tenth of that."""

STAND_IN = "?"
"""Stands where a value was refused, so that what is around it can still be checked."""

_NO_VALUE = frozenset({"", "~", "null", "Null", "NULL"})
_BARE_NUMBER = re.compile(r"[£\d][\d_.]*")


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault of the text itself, at a line, with the path it makes unusable if any."""

    line: int
    path: Path
    rule: str
    message: str
    remedy: str


@dataclass(slots=True)
class Tree:
    """What was read: texts in mappings and lists, the line of every path, the faults, the paths without a value."""

    root: Raw | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[TextFault] = field(default_factory=list)
    unusable: set[Path] = field(default_factory=set)
    broken: bool = False

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _TooDeep(Exception):
    """Nesting that no agreement has; reading stops here."""

    def __init__(self, line: int) -> None:
        self.line = line


def read_tree(text: str) -> Tree:
    """Read YAML text into a tree; every fault is collected and none is raised. `broken` says that reading stopped."""
    tree = Tree()
    if len(text) > LARGEST:
        _stop(
            tree,
            1,
            "FileTooLarge",
            f"the file holds over {LARGEST:,} characters, more than is read of such a file",
            "check that this is the right file",
        )
        return tree
    loader = _loader(text, tree)
    if loader is None:
        return tree
    try:
        _Builder(tree).document(iter(loader.get_event, None))
    except yaml.MarkedYAMLError as error:
        _stop(tree, *_in_plain_words(error))
    except _TooDeep as error:
        _stop(
            tree,
            error.line,
            "NestedTooDeep",
            "brackets or indents are nested too deep",
            "check the brackets and the indents",
        )
    except (ValueError, OverflowError):
        # PyYAML lets an escape such as "\U99999999" or an endless version number through to chr() and int().
        line = loader.line + 1
        _stop(tree, line, "NotReadable", "an escape or a number that stands for nothing", "write the character itself")
    return tree


def header_texts(text: str) -> dict[str, str]:
    """The scalar texts of the section ``agreement`` alone, of a text that was read and found good before.

    A report of the bare ledger says by them how the agreement stands; the whole text takes longer to read than it.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((place for place, line in enumerate(lines) if line.startswith("agreement:")), len(lines))
    inside = takewhile(lambda line: line[:1] in ("", " ", "#"), lines[first + 1 :])
    block = [*lines[first : first + 1], *inside]
    root = read_tree("\n".join(block)).root
    header = root.get("agreement") if isinstance(root, dict) else None
    return {name: value for name, value in header.items() if isinstance(value, str)} if isinstance(header, dict) else {}


def _loader(text: str, tree: Tree) -> yaml.SafeLoader | None:
    try:
        return yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        _stop(
            tree,
            line,
            "NotPrintable",
            "a character that cannot be printed",
            "take it out, and save the file as UTF-8 text",
        )
        return None


def _stop(tree: Tree, line: int, rule: str, message: str, remedy: str) -> None:
    tree.faults.append(TextFault(line, (), rule, message, remedy))
    tree.broken = True


class _Builder:
    """Turns the events of one document into a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def document(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self.fault(
                        _line(event),
                        (),
                        "SeveralDocuments",
                        "a second document begins",
                        "keep one agreement a file: take out the ---",
                    )
                    self.tree.broken = True
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.tree.lines[()] = _line(event)
                self.tree.root = self.node(event, events, (), 0)

    def fault(self, line: int, path: Path, rule: str, message: str, remedy: str) -> None:
        self.tree.faults.append(TextFault(line, path, rule, message, remedy))

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, depth: int) -> Raw | None:
        """The value of a node, or None where it has none; every fault inside is noted."""
        if depth > DEEPEST:
            raise _TooDeep(_line(event))
        if isinstance(event, yaml.AliasEvent):
            self.fault(
                _line(event),
                path,
                "AliasUsed",
                f"*{event.anchor} repeats a value from elsewhere",
                "write the value out here",
            )
            self.tree.unusable.add(path)
            return STAND_IN
        self._decorations(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, events, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return self.scalar(event, path)

    def _decorations(self, event: yaml.Event, path: Path) -> None:
        if anchor := getattr(event, "anchor", None):
            self.fault(
                _line(event),
                path,
                "AnchorUsed",
                f"&{anchor} names a value to repeat elsewhere",
                "take the & and its name out",
            )
        if tag := getattr(event, "tag", None):
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            self.fault(
                _line(event), path, "TagUsed", f"{shown} is a type tag", "take it out: every value is read as its text"
            )

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> str | None:
        text = str(event.value)
        if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in text):
            self.fault(
                _line(event), path, "NotPrintable", "the text holds a character that cannot be printed", "take it out"
            )
            self.tree.unusable.add(path)
            return STAND_IN
        plain = event.style is None
        return None if (plain and text in _NO_VALUE) or not text.strip() else text

    def sequence(self, events: Iterator[yaml.Event], path: Path, depth: int) -> Raw:
        items: list[Raw] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            place = (*path, len(items))
            self.tree.lines[place] = _line(event)
            value = self.node(event, events, place, depth + 1)
            if value is None:
                self.fault(
                    _line(event), place, "NoValue", "an item of the list is empty", "write it, or take its dash out"
                )
                self.tree.unusable.add(place)
            items.append(STAND_IN if value is None else value)
        return items

    def mapping(self, start: yaml.MappingStartEvent, events: Iterator[yaml.Event], path: Path, depth: int) -> Raw:
        values: dict[str, Raw] = {}
        cut_off: str | None = None
        before: str | None = None
        seen: set[str] = set()
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, events, path, depth)
            place = path if key is None else (*path, key)
            if key is not None:
                self.tree.lines.setdefault(place, _line(event))
            value = self.node(next(events), events, place, depth + 1)
            if key is None:
                continue
            repeated = key in seen
            seen.add(key)
            if value is None and start.flow_style and _BARE_NUMBER.fullmatch(key):
                cut_off = self.bare_number(_line(event), path, before, key, cut_off)
                values.pop(cut_off or key, None)
            elif repeated:
                first = self.tree.lines[place]
                message = f"'{key}' is written twice, first on line {first}"
                self.fault(_line(event), place, "KeyRepeats", message, "keep one of the two")
            elif value is None:
                message = f"'{key}' has no value"
                self.fault(_line(event), place, "NoValue", message, "write its value, or take the key out")
                self.tree.unusable.add(place)
            else:
                values[key] = value
            before = before if value is None else key
        return values

    def bare_number(self, line: int, path: Path, before: str | None, key: str, cut_off: str | None) -> str | None:
        """A number alone in braces is the rest of an amount whose comma ended it; told once an amount."""
        if before is not None and before != cut_off:
            self.fault(
                line,
                (*path, before),
                "AmountCutByComma",
                f"the comma before '{key}' ends the value, because it stands inside braces",
                "put the amount in quotes, such as '3,000,000', or use underscores: 3_000_000",
            )
            self.tree.unusable.add((*path, before))
        elif before is None:
            self.fault(
                line,
                path,
                "KeyWithoutValue",
                f"'{key}' stands alone inside braces",
                "write a key and a value, such as {key: 100}",
            )
        return before

    def key(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, depth: int) -> str | None:
        """The text of a key, or None where it may not stand."""
        if not isinstance(event, yaml.ScalarEvent):
            self.fault(
                _line(event),
                path,
                "KeyIsNoText",
                "a key is not a plain text",
                "write the key as one word before the colon",
            )
            self.node(event, events, path, depth + 1)
            return None
        self._decorations(event, path)
        text = str(event.value)
        if text == "<<" and event.style is None:
            self.fault(
                _line(event), path, "MergeKeyUsed", "<< merges values from elsewhere", "write the values out here"
            )
            return None
        if not text.strip():
            self.fault(_line(event), path, "KeyIsEmpty", "a value has no key before its colon", "write the key")
            return None
        return self.scalar(event, path) or text


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark is not None else 1


_PROBLEMS: tuple[tuple[str, str, str, str], ...] = (
    (r"'\\t'", "TabUsed", "a tab stands where spaces are due", "indent with spaces only"),
    (
        "mapping values are not allowed",
        "ColonMisplaced",
        "a colon stands where no key can be",
        "check the indent of this line and the one before, or put a text that holds a colon in quotes",
    ),
    (
        "could not find expected ':'",
        "ColonMissing",
        "a key has no colon after it",
        "write a colon and a space after the key",
    ),
    (
        "expected <block end>",
        "IndentDiffers",
        "this line does not line up with those before it",
        "give the keys of one item the same indent",
    ),
    (
        "expected ',' or",
        "BracketOpen",
        "a bracket or brace opened before is not closed",
        "close it, or put a text that holds brackets in quotes",
    ),
    ("unexpected end of stream", "QuoteOpen", "a quotation mark opened before is not closed", "close it"),
    (
        "cannot start any token",
        "NeedsQuotes",
        "a text begins with a character that has a meaning in YAML",
        "put the text in quotes",
    ),
    (
        "expected the node content",
        "ValueMissing",
        "a value is missing, or a bracket is not closed",
        "write the value or close the bracket",
    ),
)


def _in_plain_words(error: yaml.MarkedYAMLError) -> tuple[int, str, str, str]:
    problem = str(error.problem or error.context or "the text breaks off")
    mark = error.problem_mark or error.context_mark
    line = int(mark.line) + 1 if mark is not None else 1
    for pattern, rule, message, remedy in _PROBLEMS:
        if re.search(re.escape(pattern) if "\\" not in pattern else pattern, problem):
            return line, rule, message, remedy
    return (
        line,
        "NotReadable",
        f"the text cannot be read as YAML from here ({problem})",
        "check this line and the one before",
    )
