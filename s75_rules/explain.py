"""The tree behind a figure of a risk share: its steps, clauses, lines, amounts and parameters, in sentences."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement
from s75_rules.clause_words import covered_by, sentence_of
from s75_rules.errors import RuleBroken
from s75_rules.positions import Position
from s75_rules.risk_share import RiskShare
from s75_rules.trace import Step, Wording
from s75_rules.version import rule_set


class NothingToExplain(RuleBroken):
    """A partner or line that the agreement does not have."""


class Because(NamedTuple):
    """A sentence, and the sentences that it rests on."""

    says: str
    because: tuple["Because", ...] = ()

    def as_json(self) -> dict[str, object]:
        """The tree as one document."""
        return {"says": self.says, "because": [each.as_json() for each in self.because]}

    def in_lines(self, depth: int = 0) -> list[str]:
        """The tree as indented lines of text."""
        return ["  " * depth + self.says, *(line for each in self.because for line in each.in_lines(depth + 1))]

    def in_bullets(self, depth: int = 0) -> list[str]:
        """The tree as a list of points."""
        lines = [f"{'  ' * depth}- {self.says}"]
        for each in self.because:
            lines += each.in_bullets(depth + 1)
        return lines


Evidence = Callable[[str], Sequence[Because]]
"""What shows a line's budget and outturn, such as the entries of the books; nothing where there are no books."""


def no_books(_: str) -> Sequence[Because]:
    """The evidence of a position that rests on a file alone."""
    return ()


def explain_partner(
    agreement: Agreement, position: Position, share: RiskShare, partner: str, evidence: Evidence = no_books
) -> Because:
    """Why a partner bears and gets back what it does: each step that gave it an amount, by clause, down to the lines.

    Raises:
        NothingToExplain: the agreement has no such partner.
    """
    if partner not in agreement.partners:
        known = ", ".join(agreement.partners)
        raise NothingToExplain(f"'{partner}' is not a partner of {agreement.id}: name one of {known}")
    own = [row for row in share.trace if row.partner == partner]
    touched = {scheme for scheme, who in (*share.borne_by_line, *share.disputed_by_line) if who == partner}
    lines = [scheme for scheme in agreement.schemes if any(row.scheme == scheme for row in own) or scheme in touched]
    clauses = {row.clause for row in own if row.clause is not None}
    # What relieved its lines, and what was done with a clause as a whole, led to what was left for the partner.
    led = ("offset relief", "ring-fenced joins the clause")
    rows = [
        row
        for row in share.trace
        if row.partner == partner
        or (
            (row.clause in clauses and row.partner is None and (row.scheme is None or row.step in led))
            and (row.scheme is None or row.scheme in lines)
        )
    ]
    over, under = share.overspend_pence[partner], share.underspend_pence[partner]
    disputed = share.disputed_overspend_pence.get(partner, 0) + share.disputed_underspend_pence.get(partner, 0)
    held = f", and {pounds_for_people(disputed)} is in dispute and not settled" if disputed else ""
    none = "" if own else " No step of the risk share gives it an amount."
    says = (
        f"{agreement.partners[partner].name} bears {pounds_for_people(over)} of overspend and gets back"
        f" {pounds_for_people(under)} of underspend{held}.{none}"
    )
    return Because(
        says,
        (
            *_by_clause(agreement, rows),
            *(_line(agreement, position, share, scheme, evidence) for scheme in lines),
            parameters_said(agreement),
        ),
    )


def explain_line(
    agreement: Agreement, position: Position, share: RiskShare, scheme: str, evidence: Evidence = no_books
) -> Because:
    """Why a line's variance is what it is and who bears it: its amounts, then every step that touched it, by clause.

    Raises:
        NothingToExplain: the agreement has no such line.
    """
    if scheme not in agreement.schemes:
        raise NothingToExplain(f"'{scheme}' is not a scheme line of {agreement.id}: name one that check lists")
    of_line = {piece.clause for each in share.placements for piece in each.lines if piece.scheme == scheme}
    of_line |= {row.clause for row in share.trace if row.scheme == scheme and row.clause is not None}
    rows = [row for row in share.trace if row.scheme == scheme or (row.scheme is None and row.clause in of_line)]
    return Because(
        _variance(agreement, position, scheme),
        (
            *_amounts(agreement, position, scheme, evidence),
            *_borne(agreement, share, scheme),
            *_by_clause(agreement, rows),
            parameters_said(agreement),
        ),
    )


_STEP_OF = {"offset relief": "offset", "offset use": "offset"}
"""The step of the waterfall that a row belongs to, where the row's name says what the row does of it."""


def steps_said(rows: Sequence[Step]) -> list[Because]:
    """The steps in their order; what several rows of one step share is said once, with each line's part under it."""
    found: list[tuple[Step, str, list[str]]] = []
    alike: dict[str, list[str]] = {}
    last: tuple[str | None, str] | None = None
    for row in rows:
        # Another step of the waterfall may share by the very same words.
        step = (row.clause, _STEP_OF.get(row.step, row.step))
        if step != last:
            last, alike = step, {}
        shared, own = row.in_two_parts or ("", "")
        if shared in alike:
            alike[shared].append(own)
            continue
        found.append((row, shared, [own]))
        if shared:
            alike[shared] = found[-1][2]
    return [
        Because(row.because) if len(parts) == 1 else Because(f"{shared}:", tuple(Because(part) for part in parts))
        for row, shared, parts in found
    ]


def _by_clause(agreement: Agreement, rows: Sequence[Step]) -> list[Because]:
    """The steps under each clause, headed by what the clause says; what was settled before any clause first."""
    found = []
    said = {clause.clause: clause for clause in agreement.risk_share}
    for name in dict.fromkeys(row.clause for row in rows):
        steps = tuple(steps_said([row for row in rows if row.clause == name]))
        if name is None:
            found.append(Because("Settled before any clause:", steps))
            continue
        clause = said[name]
        reference = f" ({clause.reference})" if clause.reference else ""
        heading = f"Clause {name}{reference}, on {covered_by(clause)}. {sentence_of(clause)}"
        found.append(Because(heading, steps))
    return found


def _line(agreement: Agreement, position: Position, share: RiskShare, scheme: str, evidence: Evidence) -> Because:
    parts = (*_amounts(agreement, position, scheme, evidence), *_borne(agreement, share, scheme))
    return Because(_variance(agreement, position, scheme), parts)


def _variance(agreement: Agreement, position: Position, scheme: str) -> str:
    outturn, budget = position.outturn_pence(scheme), position.budget_pence(scheme)
    gap = outturn - budget
    word = "on budget" if not gap else f"{pounds_for_people(abs(gap))} {'over' if gap > 0 else 'under'} it"
    assumed = "" if scheme in position.outturns else " (taken to be its budget, as none was given)"
    return (
        f"L{Wording(agreement).line(scheme)[1:]}: outturn {pounds_for_people(outturn)}{assumed} against a"
        f" budget of {pounds_for_people(budget)}, {word}."
    )


def _amounts(agreement: Agreement, position: Position, scheme: str, evidence: Evidence) -> list[Because]:
    wording = Wording(agreement)
    reference = agreement.schemes[scheme].reference
    found = [
        Because(f"Budget of {pounds_for_people(pence)} from {wording.contribution(contribution)}.")
        for contribution, pence in position.line_budgets(scheme).items()
    ]
    if reference:
        found.append(Because(f"The line stands in the agreement at {reference}."))
    return [*found, *evidence(scheme)]


def _borne(agreement: Agreement, share: RiskShare, scheme: str) -> list[Because]:
    """Who bears a line's variance or gets it back, and what of it is in dispute."""
    said = []
    for (line, partner), pence in share.borne_by_line.items():
        verb = "bears" if pence > 0 else "gets back"
        if line == scheme:
            said.append(f"Of it {agreement.partners[partner].name} {verb} {pounds_for_people(abs(pence))}.")
    for (line, partner), pence in share.disputed_by_line.items():
        if line == scheme:
            held = f"{pounds_for_people(abs(pence))} of {agreement.partners[partner].name}"
            said.append(f"Of it {held} is in dispute and not settled.")
    return [Because(each) for each in said]


def parameters_said(agreement: Agreement) -> Because:
    """By which version of the rules, which text and which dated parameters a figure was worked out."""
    rules = rule_set(agreement)
    year = (
        f"parameters of {agreement.year} {rules.year_digest[:12]}" if rules.year_digest else "no parameters of the year"
    )
    return Because(
        f"Worked out by version {rules.version} of the rules from agreement {agreement.id}, version"
        f" {agreement.header.version} (digest {rules.agreement_digest[:12]}, {year})."
    )
