"""The commands on agreement files: check one, and open its books."""

import argparse
import sys
from pathlib import Path

from pooledfund.agreement_file import AgreementFile, read_agreement
from pooledfund.cli.session import actor_of, books_place, print_json
from pooledfund.cli.tables import money, table
from pooledfund.pool import Pool
from pooledfund.results.standing import standing_of
from s75_rules.agreement import Agreement, Scheme
from s75_rules.amounts import Amount, total
from s75_rules.clause_words import clauses_in_words, records_beside
from s75_rules.escalated import rule_in_words
from s75_rules.open_amounts import beside_the_pool, open_amounts


def check(call: argparse.Namespace) -> int:
    """Print what an agreement says: parties, money, lines, clauses, totals; warnings go to standard error."""
    file = read_agreement(Path(call.agreement))
    if call.json:
        print_json(_document(file))
        return 0
    agreement = file.agreement
    print(f"{agreement.header.title}\n{agreement.header.area}, {agreement.year}, version {agreement.header.version}")
    print(f"Status: {_status(agreement)}\n")
    for section in (_partners, _funds, _contributions, _charges, _reserves, _lines, _clauses, _running, _beside):
        if text := section(agreement):
            print(text, end="\n\n")
    if any(each.basis == "illustrative" for each in agreement.schemes.values()):
        print("Figures marked illustrative are not published: they stand where the source is silent.")
    for warning in file.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{agreement.id}: no faults, {len(file.warnings)} warning{'' if len(file.warnings) == 1 else 's'}")
    return 0


def init(call: argparse.Namespace) -> int:
    """Create the books of an agreement, or add a pool to books that are there."""
    file = read_agreement(Path(call.agreement))
    pool = Pool.create(books_place(call), file, actor_of(call))
    head = pool.books.head()
    print(
        f"Opened {pool.agreement.id} ({pool.agreement.year}) in {books_place(call)}: "
        f"{len(pool.books.entries())} entries, event {head.number}, head {head.hash}"
    )
    return 0


def _status(agreement: Agreement) -> str:
    bodies = [(partner.name, agreement.header.signed.get(partner.id)) for partner in agreement.signatories()]
    bodies += [(approval.body, approval.signed) for approval in agreement.header.approvals.values()]
    signed = [f"{name} on {day.isoformat()}" for name, day in bodies if day]
    return f"{agreement.header.status}; signed by {len(signed)} of {len(bodies)}" + (
        f" ({', '.join(signed)})" if signed else ""
    )


def _partners(agreement: Agreement) -> str:
    rows = [
        [each.id, each.name, each.kind.replace("_", " "), "signs" if each.signs else "does not sign"]
        for each in agreement.partners.values()
    ]
    return table("Partners", "llll", ["Id", "Name", "Kind", "Signatory"], rows)


def _funds(agreement: Agreement) -> str:
    rows = [
        [fund.id, fund.name, fund.kind.replace("_", " "), fund.host, str(fund_total(agreement, fund.id))]
        for fund in agreement.funds.values()
    ]
    return table("Funds, £", "llllr", ["Id", "Name", "Kind", "Host", "Contributions"], rows)


def fund_total(agreement: Agreement, fund: str) -> Amount:
    """The agreed contributions to a fund added up; not a number where one of them is not."""
    return total(each.amount for each in agreement.contributions.values() if each.fund == fund)


def _contributions(agreement: Agreement) -> str:
    rows = [
        [
            each.id,
            each.partner,
            each.source,
            "ring-fenced" if each.is_ring_fenced else "",
            agreement.settled_as(each).replace("_", " "),
            each.basis or "as agreed",
            str(each.amount),
            str(agreement.unallocated(each.id)),
        ]
        for each in agreement.contributions.values()
    ]
    whole = total(each.amount for each in agreement.contributions.values())
    left = total(agreement.unallocated(each) for each in agreement.contributions)
    rows.append(["Total", "", "", "", "", "", str(whole), str(left)])
    header = ["Id", "Partner", "Source", "Ring", "Settled", "Basis", "Amount", "Unallocated"]
    return table("Contributions, £", "llllllrr", header, rows, totals=1)


def _charges(agreement: Agreement) -> str:
    rows = [
        [each.id, money(each.gross), money(each.client_charges), str(each.amount)]
        for each in agreement.contributions.values()
        if each.gross is not None
    ]
    caption = "Contributions net of what clients are charged, £; the net enters the pool"
    return table(caption, "lrrr", ["Id", "Gross", "Client charges", "Net"], rows) if rows else ""


def _reserves(agreement: Agreement) -> str:
    if not agreement.reserves:
        return ""
    rows = [
        [each.id, each.held.replace("_", " "), each.basis or "as agreed", str(Amount.exact(each.opening_balance_pence))]
        for each in agreement.reserves.values()
    ]
    caption = "Reserves, £; what is held outside the pool enters none of its totals"
    return table(caption, "lllr", ["Id", "Held", "Basis", "Opening balance"], rows)


def _lines(agreement: Agreement) -> str:
    rows = [
        [
            each.id,
            each.name,
            each.lead,
            ", ".join(each.budgets) or "no money yet",
            each.basis or "as agreed",
            _budget(each),
        ]
        for each in agreement.schemes.values()
    ]
    amounts = [amount for each in agreement.schemes.values() for amount in each.budgets.values()]
    rows.append(["Total", "", "", "", "", str(total(amounts)) if amounts else "none yet"])
    header = ["Id", "Scheme line", "Lead", "Paid by", "Basis", "Budget"]
    return table("Scheme lines, £", "lllllr", header, rows, totals=1)


def _budget(scheme: Scheme) -> str:
    return str(total(scheme.budgets.values())) if scheme.budgets else "none yet"


def _clauses(agreement: Agreement) -> str:
    if not agreement.risk_share:
        return ""
    said = [
        f"- {clause}{f' ({reference})' if reference else ''}. {words}"
        for clause, reference, words in clauses_in_words(agreement)
    ]
    records = [f"- {each}" for each in records_beside(agreement)]
    beside = ["", "What happened to the clauses", *records] if records else []
    return "\n".join(["Risk share, clause by clause", *said, *beside])


def _running(agreement: Agreement) -> str:
    """What the agreement asks of the running of the pool beyond what every pool does."""
    said = [f"- By clause {rule.clause} {rule_in_words(rule)}." for rule in agreement.escalation]
    if (terms := agreement.pool_interest) is not None:
        said.append(f"- By clause {terms.clause} {terms.in_words}.")
    return "\n".join(["Escalation and interest", *said]) if said else ""


def _beside(agreement: Agreement) -> str:
    said = [f"- {each}" for each in (*open_amounts(agreement), *beside_the_pool(agreement))]
    return "\n".join(["Not a number yet, or beside the pool: in none of the totals", *said]) if said else ""


def _document(file: AgreementFile) -> dict[str, object]:
    agreement = file.agreement
    return {
        "id": agreement.id,
        "title": agreement.header.title,
        "year": str(agreement.year),
        "status": agreement.header.status,
        "digest": file.digest,
        "partners": {each.id: each.name for each in agreement.partners.values()},
        "funds": {each: _plain(fund_total(agreement, each)) for each in agreement.funds},
        "contributions": {
            each.id: {"amount": _plain(each.amount), "unallocated": _plain(agreement.unallocated(each.id))}
            for each in agreement.contributions.values()
        },
        "schemes": {
            each.id: _plain(total(each.budgets.values())) if each.budgets else None
            for each in agreement.schemes.values()
        },
        "total": _plain(total(each.amount for each in agreement.contributions.values())),
        "clauses": [
            {"clause": clause, "reference": reference or None, "says": words}
            for clause, reference, words in clauses_in_words(agreement)
        ],
        "beside_the_clauses": list(records_beside(agreement)),
        "warnings": [str(warning) for warning in file.warnings],
        **standing_of(agreement).as_json(),
    }


def _plain(amount: Amount) -> str:
    """An amount for a program: pounds with two decimals, two of them in a range, else the words that stand for it."""
    return str(amount).replace("£", "").replace(",", "")
