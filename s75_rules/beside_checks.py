"""Checks of what stands beside the pooled money: kind, costs outside, split funding, VAT, charges, ledger codes."""

from collections.abc import Iterator

from ledgers.money import pounds_for_people
from s75_rules.agreement import Agreement, Contribution, Scheme
from s75_rules.agreement_faults import Fault, Path, warning
from s75_rules.ledger_lines import LEDGER_LINES


def beside_faults(agreement: Agreement) -> Iterator[Fault]:
    """What is refused: shares that do not sum, charges that do not subtract, ledger lines that do not exist."""
    for split in agreement.split_funding.values():
        path: Path = ("split_funding", split.id, "shares")
        if sum(split.shares.values()) != 100:
            yield Fault(path, "SharesDiffer", "the shares do not sum to 100", "write {council: 50, icb: 50}")
        for partner in split.in_pool:
            if partner not in split.shares:
                message = f"{partner} has no share, and a line in the pool is named for its part"
                at = ("split_funding", split.id, "in_pool", partner)
                yield Fault(at, "SplitPartMissing", message, f"add {partner} to shares, or take it out")
    for each in agreement.contributions.values():
        yield from _net_of_charges(each)
    for body in agreement.partners.values():
        for name in body.accounting:
            if name not in LEDGER_LINES:
                message = f"'{name}' is not a line that a partner's journal has"
                remedy = f"write one of {', '.join(LEDGER_LINES)}"
                yield Fault(("partners", body.id, "accounting", name), "LedgerLineNotKnown", message, remedy)


def _net_of_charges(each: Contribution) -> Iterator[Fault]:
    """A council's contribution is stated net of what its clients are charged: gross, charges and net must agree."""
    path: Path = ("contributions", each.id, "gross")
    if (each.gross is None) != (each.client_charges is None):
        message = "gross and client_charges belong together: one of them is missing"
        yield Fault(path[:2], "ChargesIncomplete", message, "write both, or neither")
    elif each.gross is not None and each.client_charges is not None:
        net = each.gross - each.client_charges
        if each.amount.exact_pence != net:
            message = (
                f"gross {pounds_for_people(each.gross)} less client charges {pounds_for_people(each.client_charges)} "
                f"is {pounds_for_people(net)}, and the contribution is {each.amount}"
            )
            yield Fault(path, "NetDiffers", message, "correct one of the three", about=((*path[:2], "amount"),))


def beside_warnings(agreement: Agreement) -> Iterator[Fault]:
    """What is pointed out: VAT not confirmed, grant treatment of what is no grant, assets without funders."""
    for scheme in agreement.schemes.values():
        if scheme.vat is not None:
            yield from _vat(agreement, scheme)
    for each in agreement.contributions.values():
        if each.unspent_grant and not each.is_ring_fenced:
            path: Path = ("contributions", each.id, "unspent_grant")
            message = f"{each.source} is no grant with conditions, so unspent_grant has no effect"
            yield warning(path, "GrantTreatmentUnused", message, "take it out")
    for asset in agreement.assets.values():
        if asset.reverts == "funding_share" and not sum(asset.funded_by.values()):
            message = f"nothing says who funded it, so all of it goes to {asset.purchaser}"
            remedy = "write the contributions under funded_by, such as {min: 20_000, add: 10_000}"
            yield warning(("assets", asset.id, "reverts"), "AssetWithoutFunders", message, remedy)


def vat_to_confirm(agreement: Agreement, scheme: Scheme) -> tuple[str, ...]:
    """The bodies whose tax lead has not confirmed a line's VAT: who contracts, who receives, and who funds it."""
    if scheme.vat is None:
        return ()
    funding = (agreement.contributions[each].partner for each in scheme.budgets)
    asked = dict.fromkeys((scheme.vat.contracts, scheme.vat.receives, *funding))
    return tuple(each for each in asked if each not in scheme.vat.confirmed)


def _vat(agreement: Agreement, scheme: Scheme) -> Iterator[Fault]:
    assert scheme.vat is not None
    path: Path = ("schemes", scheme.id, "vat")
    if scheme.vat.contracts != scheme.vat.receives:
        message = f"{scheme.vat.contracts} contracts for the supply and {scheme.vat.receives} receives it"
        yield warning(path, "VatBodiesDiffer", message, "have both tax leads say which body may recover VAT")
    if missing := vat_to_confirm(agreement, scheme):
        message = f"VAT on the line is not confirmed by the tax lead of {', '.join(missing)}"
        yield warning(path, "VatNotConfirmed", message, "add the dates under confirmed")
