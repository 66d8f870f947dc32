"""The risk register: the agreement's risks as last reviewed, and those that came up in the year. Scores none itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledgers.seal import JSON
from pooledfund.intake.risk_reviews import RISK_REVIEWS
from pooledfund.pool import Pool
from s75_rules.plan import Risk

LIKELIHOODS = ("rare", "unlikely", "possible", "likely", "almost certain")
IMPACTS = ("negligible", "minor", "moderate", "major", "severe")
_RATINGS = ((15, "extreme"), (8, "high"), (4, "moderate"), (1, "low"))
"""From which score, likelihood times impact, a risk has which word: the five by five matrix of NHS registers."""


@dataclass(frozen=True, slots=True)
class RiskStanding:
    """A risk as it stood at the end of a month: scores of 1 to 5, None where nobody gave one.

    ``month`` is the month of the newest review, None where the agreement's own figures stand.
    """

    id: str
    description: str
    likelihood: int | None
    impact: int | None
    stated_rating: str | None
    mitigation: str
    owner: str
    review: date | None
    clause: str | None
    lines: tuple[str, ...]
    open: bool = True
    month: int | None = None
    note: str = ""
    previous_score: int | None = None
    event: int | None = None

    @property
    def score(self) -> int | None:
        """Likelihood times impact, 1 to 25; None where one is missing: unknown is not nil."""
        return None if self.likelihood is None or self.impact is None else self.likelihood * self.impact

    @property
    def rating(self) -> str:
        """The word of the score, else the agreement's own word, else that it is not scored."""
        if self.score is None:
            return self.stated_rating or "not scored"
        return rating_of(self.score)

    @property
    def movement(self) -> str:
        """How the score moved since the review before, in a word; empty where nothing is known."""
        if self.score is None or self.previous_score is None:
            return ""
        if self.score == self.previous_score:
            return "unchanged"
        return f"{'up' if self.score > self.previous_score else 'down'} from {self.previous_score}"

    def overdue(self, on: date) -> bool:
        """Whether its review was due before a day."""
        return self.open and self.review is not None and self.review < on

    def as_json(self) -> dict[str, object]:
        """The risk with its scores and words."""
        return {
            "risk": self.id,
            "description": self.description,
            "likelihood": self.likelihood,
            "likelihood_in_words": in_words(self.likelihood, LIKELIHOODS),
            "impact": self.impact,
            "impact_in_words": in_words(self.impact, IMPACTS),
            "score": self.score,
            "rating": self.rating,
            "movement": self.movement,
            "mitigation": self.mitigation,
            "owner": self.owner,
            "review": self.review.isoformat() if self.review else None,
            "clause": self.clause,
            "lines": list(self.lines),
            "status": "open" if self.open else "closed",
            "reviewed": f"M{self.month}" if self.month else None,
            "note": self.note,
            "event": self.event,
        }


def rating_of(score: int) -> str:
    """The word of a score of 1 to 25: low to 3, moderate to 6, high to 12, extreme from 15."""
    return next(word for least, word in _RATINGS if score >= least)


def in_words(score: int | None, words: tuple[str, ...]) -> str:
    """A score of 1 to 5 with its word, such as ``4 likely``; ``not scored`` where nobody gave one."""
    return "not scored" if score is None else f"{score} {words[score - 1]}"


def risk_register(pool: Pool, month: int, as_of: int | None = None) -> tuple[RiskStanding, ...]:
    """Every risk as last reviewed up to a month, open ones first, by score.

    Raises:
        NotAllowed: the person may not read the pool.
    """
    agreement = pool.agreement
    lines = {
        risk: tuple(scheme.id for scheme in agreement.schemes.values() if risk in scheme.risks)
        for risk in agreement.risks
    }
    found = {risk.id: _agreed(risk, lines[risk.id]) for risk in agreement.risks.values()}
    reviews = pool.books.events(kind=RISK_REVIEWS.kind, as_of=as_of)
    for event in sorted(reviews, key=lambda each: (int(str(each.payload["month"])), each.number)):
        if int(str(event.payload["month"])) <= month:
            risk = str(event.payload["risk"])
            found[risk] = _reviewed(found.get(risk), event.payload, event.number)
    return tuple(
        sorted(found.values(), key=lambda each: (not each.open, -(each.score if each.score is not None else 7)))
    )


def _agreed(risk: Risk, lines: tuple[str, ...]) -> RiskStanding:
    return RiskStanding(
        id=risk.id,
        description=risk.description,
        likelihood=risk.likelihood,
        impact=risk.impact,
        stated_rating=risk.rating,
        mitigation=risk.mitigation or "",
        owner=risk.owner or "",
        review=risk.review,
        clause=risk.clause,
        lines=lines,
    )


def _reviewed(before: RiskStanding | None, payload: Mapping[str, JSON], event: int) -> RiskStanding:
    """A risk after a review: what the review leaves out stays as it was."""
    told = {name: str(payload[name]) for name in ("description", "mitigation", "owner", "review", "clause", "note")}
    month = int(str(payload["month"]))
    old = before or RiskStanding(str(payload["risk"]), "", None, None, None, "", "", None, None, ())
    previous = old.previous_score if old.month == month else old.score
    return replace(
        old,
        description=told["description"] or old.description,
        likelihood=int(str(payload["likelihood"])),
        impact=int(str(payload["impact"])),
        mitigation=told["mitigation"] or old.mitigation,
        owner=told["owner"] or old.owner,
        review=date.fromisoformat(told["review"]) if told["review"] else old.review,
        clause=told["clause"] or old.clause,
        open=payload["status"] != "closed",
        month=month,
        note=told["note"],
        previous_score=previous,
        event=event,
    )
