"""The terms of the field in one sentence each: the help beside a field, and the page that the guides point to."""

TERMS: dict[str, str] = {
    "accrual": "Spend that belongs to a period though no invoice has come; it reverses itself in the next period.",
    "actual": "Spend recorded in the books to date, by the day it belongs to.",
    "aligned budget": "Money a partner keeps and spends itself in line with the plan; it is never shared or totalled "
    "with the pool.",
    "additional contribution": "Money a partner adds above what it must contribute.",
    "as of": "A report as the books stood at an earlier event; later entries do not change it.",
    "balance between partners": "What one partner owes another at a date, shown gross and never netted in the books.",
    "BCF": "The Better Care Fund: NHS and council money for integrated care, pooled under a Section 75 agreement.",
    "bridge": "The steps from the last report's figure to this one's, each with its amount; it casts.",
    "budget, current": "The original budget with contribution changes and virements to date.",
    "budget, original": "The budget as the agreement set it at the start of the year.",
    "budget to date": "The part of the current budget that its profile puts in the months so far.",
    "carry forward": "Money unspent at year-end that stays with its contribution for the next year.",
    "clause": "A numbered term of the agreement; every share in this program names the clause it stands on.",
    "commissioner": "The body that buys a service: the council, the NHS, or both in stated shares.",
    "commitment": "Money promised by an order or contract and not yet spent.",
    "containment": "A decision to cut or delay spend so that an overspend gets smaller before it is shared.",
    "contribution": "Money a partner puts into the pool, by source such as NHS minimum, DFG or additional.",
    "control total": "The total a partner states for its own extract; an import that differs from it is refused.",
    "DFG": "Disabled Facilities Grant: capital for adapting homes, passed to housing districts.",
    "disputed amount": "A share a partner contests; it stays visible and out of settlement until it is resolved.",
    "earmark": "A part of the money of some sources that is for named lines: at least, or at most, so much.",
    "event": "Anything that happened to the books, numbered without a gap and sealed to the one before it.",
    "forecast": "The outturn expected at year-end: actual to date and what is expected for the months left.",
    "freeze": "Closing a period: nothing dated in it can be recorded until it is reopened with a reason.",
    "fund": "A pool or aligned budget of the agreement, with a host and a manager.",
    "head": "The number and hash of the newest event; it proves which books a paper was made from.",
    "host": "The partner that holds the pooled fund's account and employs its manager.",
    "iBCF": "Improved Better Care Fund: a grant to councils for adult social care, pooled in the BCF.",
    "journal": "An entry that a person posts by hand, line by line, under a number of its own and with its reason.",
    "late item": "A figure that came after its period closed; it is posted to the next open day and says so.",
    "late payment interest": "Interest on a contribution paid after it was due, where the agreement gives it.",
    "lead": "The partner that runs a scheme line and spends on the pool's behalf.",
    "matched": "A line of the partner's ledger and one of the pool's that are the same money.",
    "memorandum account": "The yearly account of the pool: funding by partner, spend, risk share, balances.",
    "milestone": "A step of a scheme with a date.",
    "minimum test": "A sum that must at least be spent, such as on NHS-commissioned care out of hospital.",
    "national condition": "A condition NHS England and the departments set for the BCF plan of a year.",
    "national return": "A workbook on the pool that goes to NHS England: a plan, a quarter or the year's end.",
    "NHS minimum": "The least that an NHS body must contribute to the BCF in a year.",
    "official workbook": "The blank workbook of a national return as it was issued, with its open cells and lists.",
    "opening balance": "What stands in the books at 1 April from the year before.",
    "outturn": "Spend of the whole year, once it is known.",
    "overspend": "Spend or forecast above the current budget.",
    "partner finance lead": "The person who signs the figures for their own body.",
    "pooled fund manager": "The person in the host body who keeps the pool's books and reports to its partners.",
    "posting": "An amount on one account; the postings of an entry sum to nil.",
    "prepayment": "Spend paid in one period for a service of a later one.",
    "profile": "How a budget is spread over the months.",
    "RAG": "Red, amber or green: how far the forecast is from the budget, by the agreement's own limits.",
    "recharge": "A claim by a partner for what it spent on the pool's behalf.",
    "reconcile": "To go from a partner's figure to the pool's line by line, until the difference is explained.",
    "register of returns": "What was sent, when and by whom, with the digest of the file and the books behind it.",
    "replay": "To work a sent return out again from the books as they stood, and see whether it is the same.",
    "reserve": "Money set aside by the agreement, such as a risk reserve, drawn by its rules.",
    "reversal": "The exact mirror of an entry, which takes it back without rubbing it out.",
    "ring-fenced": "Money that may be spent only on what it was given for.",
    "risk share": "Who bears an overspend and who gets back an underspend, by the clauses of the agreement.",
    "scheme line": "A line of the plan with its budget, lead and fund; the unit of monitoring.",
    "seal": "The hash that joins each event to the one before it, so that no change goes unseen.",
    "settlement": "What partners pay one another when shares are final, less what was settled before.",
    "source": "Where a contribution's money comes from, which decides what it may be spent on.",
    "sub-area": "A part of the pool's area with its own lines, such as a locality.",
    "suspense": "Spend that no line claims yet; it is empty or explained before a period closes.",
    "trial balance": "Every account with its balance; debits equal credits.",
    "true up": "To settle later the difference between a provisional outturn and the audited one.",
    "underspend": "Spend or forecast below the current budget.",
    "unresolved": "A part of a variance that no clause settles; it waits for the partners or the board.",
    "variance": "Outturn or spend less budget: above is an overspend, below an underspend.",
    "virement": "Moving budget between lines within the limits of the agreement.",
    "waterfall": "The order in which an overspend is met: step after step until nothing is left.",
}
"""Term to its sentence, in the order of the alphabet."""


def help_for(*terms: str) -> str:
    """The sentences of some terms, for the help of a field; raises KeyError for a term that is not here."""
    return "  \n".join(f"{_titled(term)}: {TERMS[term]}" for term in terms)


def page() -> str:
    """The glossary as a page of the docs."""
    rows = "\n".join(f"| {_titled(term)} | {sentence} |" for term, sentence in sorted(TERMS.items(), key=_alphabetical))
    return (
        "# Glossary\n\nThe terms of these guides and of the front end, in a sentence each. The help beside a field is "
        "the same sentence; `make docs` writes this page from it.\n\n"
        f"| term | what it means here |\n|---|---|\n{rows}\n"
    )


def _alphabetical(entry: tuple[str, str]) -> str:
    return entry[0].casefold()


def _titled(term: str) -> str:
    return term[0].upper() + term[1:]
