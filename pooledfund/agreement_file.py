"""Reads an agreement file: every fault with its line and remedy, all at once. Works nothing out from the agreement."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pooledfund import agreement_model, agreement_yaml
from pooledfund.agreement_yaml import Path as Place
from pooledfund.agreement_yaml import TextFault, Tree
from pooledfund.errors import InputRefused
from s75_rules.agreement import Agreement
from s75_rules.agreement_checks import Fault, check_agreement


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault or a warning at a line of a file; line 0 is the file as a whole."""

    file: str
    line: int
    path: Place
    rule: str
    message: str
    remedy: str
    severity: Literal["fault", "warning"] = "fault"

    def __str__(self) -> str:
        where = in_words(self.path)
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}: {where}{': ' if where else ''}{self.message}; {self.remedy}"


class AgreementRefused(InputRefused):
    """An agreement file that cannot be used; holds every fault found in it."""

    def __init__(self, faults: tuple[PlacedFault, ...]) -> None:
        super().__init__(*map(str, faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """An agreement as read: the model, the very text, its SHA-256 digest, the line of every path, and the warnings."""

    agreement: Agreement
    text: str
    digest: str
    path: Path
    warnings: tuple[PlacedFault, ...]
    lines: Mapping[Place, int]


LONGEST = 400
"""Characters of a sentence; only text from the file itself makes one longer."""

_ITEMS = {
    "risk_share": "clause",
    "overspend": "step",
    "underspend": "step",
    "rows": "row",
    "decisions": "decision",
    "withdrawals": "withdrawal",
    "agreed_beforehand": "agreement beforehand",
    "disputes": "dispute",
}


def in_words(path: Place) -> str:
    """A path for a reader: ``contributions, nhs-min, amount``; an item of a list by its place from one."""
    return ", ".join(_part_in_words(path, place) for place in range(len(path)))


def _part_in_words(path: Place, place: int) -> str:
    part = path[place]
    if isinstance(part, str):
        return _short(part)
    around = path[place - 1] if place else ""
    return f"{_ITEMS.get(str(around), 'item')} no. {part + 1}"


def read_agreement(path: Path) -> AgreementFile:
    """Read an agreement from a file; raises AgreementRefused with every fault."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, ValueError):
        # A name with a null character is no name of a file.
        raise _refused(path, 0, "FileNotFound", "there is no such file", "check the name and the folder") from None
    except IsADirectoryError:
        raise _refused(path, 0, "FileNotFound", "this is a folder", "name the agreement file inside it") from None
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise _refused(
            path, 1, "FileNotReadable", f"the file cannot be read: {reason}", "check who may open it"
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(path, line, "NotUtf8", "the file is not UTF-8 text", "save it again as UTF-8") from None
    return _read(text, path)


@lru_cache(maxsize=32)
def read_agreement_text(text: str, name: str) -> AgreementFile:
    """Read an agreement from text, such as the one kept in the books, once for each; raises AgreementRefused."""
    return _read(text.removeprefix("\ufeff"), Path(name))


def _refused(path: Path, line: int, rule: str, message: str, remedy: str) -> AgreementRefused:
    return AgreementRefused((PlacedFault(str(path), line, (), rule, message, remedy),))


def _read(text: str, path: Path) -> AgreementFile:
    tree = agreement_yaml.read_tree(text)
    faults = [_placed_text(each, path) for each in tree.faults]
    warnings: list[PlacedFault] = []
    agreement: Agreement | None = None
    if not tree.broken:
        built = agreement_model.build(tree.root, tree.unusable)
        agreement = built.agreement
        found = check_agreement(agreement) if agreement else []
        faults += [_placed(each, tree, path) for each in built.faults]
        faults += [
            _placed(each, tree, path) for each in found if each.severity == "fault" and _stands(each, built.refused)
        ]
        if not faults:
            warnings = [_placed(each, tree, path) for each in found if each.severity == "warning"]
    if faults or agreement is None:
        raise AgreementRefused(tuple(sorted(dict.fromkeys(faults), key=lambda each: each.line)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return AgreementFile(agreement, text, digest, path, tuple(warnings), tree.lines)


def _placed_text(fault: TextFault, path: Path) -> PlacedFault:
    return PlacedFault(str(path), fault.line, fault.path, fault.rule, _short(fault.message), _short(fault.remedy))


def _placed(fault: Fault, tree: Tree, path: Path) -> PlacedFault:
    line = tree.line_of(fault.path)
    message, remedy = _short(fault.message), _short(fault.remedy)
    return PlacedFault(str(path), line, fault.path, fault.rule, message, remedy, fault.severity)


def _short(text: str) -> str:
    """One line, in which a long value from the file is cut; a sentence is still read when its value is not."""
    line = re.sub(r"'([^']{80})[^']+'", r"'\1...'", " ".join(text.split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."


def _stands(fault: Fault, refused: set[Place]) -> bool:
    """Whether a fault is about values that were read, and not about the stand-ins of values that were refused."""
    within = any(path[:length] in refused for path in (fault.path, *fault.about) for length in range(len(path) + 1))
    # A section of which one item was refused is still known by its names; an item or value with a refused part is not.
    items = [path for path in fault.about if len(path) > 1]
    return not within and not any(each[: len(path)] == path for path in items for each in refused)
