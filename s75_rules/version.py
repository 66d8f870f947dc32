"""Which rules and parameters a result was worked out by: their version and digests, to be kept with it."""

import hashlib
import json
from dataclasses import dataclass

from pydantic import BaseModel

from s75_rules.agreement import Agreement
from s75_rules.area_rules import rules_for

RULES_VERSION = "3"
"""Counts up whenever the same agreement and outturn may come to another figure, an added rule included."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The version of the rules, and SHA-256 digests of the agreement and of the year's parameters; None without a file.

    Two results of one rule set and one position are equal to the penny.
    """

    version: str
    agreement_digest: str
    year_digest: str | None

    def as_json(self) -> dict[str, str | None]:
        """The rule set as it is stored beside a result."""
        return {
            "rules_version": self.version,
            "agreement_digest": self.agreement_digest,
            "year_digest": self.year_digest,
        }


def rule_set(agreement: Agreement) -> RuleSet:
    """The rule set that works out results of an agreement: of its values as written, whatever their layout."""
    rules = rules_for(agreement)
    year_digest = _digest(rules) if rules.tests or rules.sources else None
    return RuleSet(RULES_VERSION, _digest(agreement), year_digest)


def _digest(values: BaseModel) -> str:
    # What was not written is left out, so that a key the model learns later changes no digest of today.
    said = json.dumps(_plain(values.model_dump(exclude_unset=True, by_alias=True)), separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: object) -> object:
    """Mappings and lists as they are, every other value as its text; the order of the file is kept, as it decides."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if value is None else str(value)
