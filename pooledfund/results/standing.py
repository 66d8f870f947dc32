"""How an agreement stands, for every output to say: status, who has signed, what is no number yet. Judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from s75_rules.agreement import Agreement
from s75_rules.open_amounts import beside_the_pool, open_amounts
from s75_rules.text_checks import unfilled_texts


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of an agreement with its signatures, its open amounts and what stands beside its totals."""

    status: str
    version: str
    ends: date | None
    signed: Mapping[str, date | None]
    placeholders: int
    not_in_totals: tuple[str, ...]
    beside_the_pool: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """One sentence: ``agreement draft, version 2, signed by 1 of 2 (icb has not)``."""
        missing = [partner for partner, day in self.signed.items() if day is None]
        signed = f"signed by {len(self.signed) - len(missing)} of {len(self.signed)}"
        left = f" (not by {', '.join(missing)})" if missing else ""
        ended = f", ends {self.ends.isoformat()}" if self.ends else ""
        unfilled = f", {self.placeholders} texts not filled in" if self.placeholders else ""
        return f"agreement {self.status}, version {self.version}, {signed}{left}{ended}{unfilled}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentence and everything that a reader of totals has to know, a line each."""
        return (
            f"{self.in_words[0].upper()}{self.in_words[1:]}.",
            *(f"Not a number yet: {each}." for each in self.not_in_totals),
            *(f"Beside the pool: {each}." for each in self.beside_the_pool),
        )

    def as_json(self) -> dict[str, object]:
        """The keys that every JSON document of a report carries."""
        return {
            "agreement_status": self.status,
            "agreement_version": self.version,
            "agreement_signed": {each: day.isoformat() if day else None for each, day in self.signed.items()},
            "agreement_ends": self.ends.isoformat() if self.ends else None,
            "texts_not_filled_in": self.placeholders,
            "not_in_totals": list(self.not_in_totals),
            "beside_the_pool": list(self.beside_the_pool),
        }


def standing_of(agreement: Agreement) -> Standing:
    """How the agreement stands by its own text."""
    header = agreement.header
    return Standing(
        status=header.status,
        version=header.version,
        ends=header.ends,
        signed={each.id: header.signed.get(each.id) for each in agreement.signatories()},
        placeholders=sum(1 for _ in unfilled_texts(agreement)),
        not_in_totals=tuple(str(each) for each in open_amounts(agreement)),
        beside_the_pool=tuple(beside_the_pool(agreement)),
    )
