"""The texts of an agreement that were in force in these books, first to newest. Compares none of them."""

from dataclasses import dataclass

from pooledfund.agreement_file import read_agreement_text
from pooledfund.pool import VARIED, Pool
from s75_rules.agreement import Agreement


@dataclass(frozen=True, slots=True)
class AgreementText:
    """A text that came into force: by which event, from which day, on whose decision, and its exact words.

    ``effective`` and ``minute`` are empty for the text that the books were opened with.
    """

    event: int
    recorded_at: str
    who: str
    file: str
    text: str
    effective: str = ""
    minute: str = ""
    body: str = ""

    @property
    def agreement(self) -> Agreement:
        """The text read as an agreement."""
        return read_agreement_text(self.text, self.file).agreement

    @property
    def name(self) -> str:
        """The text by its event and day, for a list to choose from."""
        since = f"in force from {self.effective}" if self.effective else "as the books were opened"
        return f"Event {self.event:,}: {self.file}, {since}"


def agreement_texts(pool: Pool, as_of: int | None = None) -> tuple[AgreementText, ...]:
    """Every text that was in force, oldest first; raises NotAllowed for a person who may not read."""
    books = pool.books
    events = [*books.events(kind="pool opened", as_of=as_of), *books.events(kind=VARIED, as_of=as_of)]
    return tuple(
        AgreementText(
            event=event.number,
            recorded_at=event.recorded_at,
            who=event.who,
            file=str(event.payload["file"]),
            text=str(event.payload["agreement"]),
            **{name: str(event.payload.get(name, "")) for name in ("effective", "minute", "body")},
        )
        for event in events
        if "agreement" in event.payload
    )
