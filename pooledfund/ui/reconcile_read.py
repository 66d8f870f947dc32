"""What the page of reconciling reads, kept until the next event, for those who may look into it. Draws nothing."""

from pooledfund.access import Action, require_partner
from pooledfund.control.reconciling.balances import AgreementOfBalances, balances_agreement
from pooledfund.control.reconciling.contributions import DueAgainstReceived, due_against_received
from pooledfund.control.reconciling.position import NothingReconciled, Position, position
from pooledfund.control.reconciling.signing import Names, digest_of, names_put
from pooledfund.pool import Pool
from pooledfund.ui.books import REFUSALS
from pooledfund.ui.frame import Here

Reconciled = Position | AgreementOfBalances | DueAgainstReceived


def ledger_of(here: Here, partner: str, month: int) -> Position | None:
    """The reconciliation with a partner's ledger; None where its ledger was not given yet. Raises NotAllowed."""
    require_partner(here.actor, Action.READ, partner)

    def read(pool: Pool) -> Position | None:
        try:
            return position(pool, partner, month)
        except NothingReconciled:
            return None

    return here.kept(f"ledger of {partner} M{month}", read)


def balances_of(here: Here, partner: str, month: int) -> AgreementOfBalances | None:
    """The agreement of balances with a partner; None where it stated nothing yet. Raises NotAllowed."""
    require_partner(here.actor, Action.READ, partner)

    def read(pool: Pool) -> AgreementOfBalances | None:
        try:
            return balances_agreement(pool, partner, month)
        except NothingReconciled:
            return None

    return here.kept(f"balances of {partner} M{month}", read)


def due_of(here: Here, month: int) -> DueAgainstReceived:
    """Contributions due against received."""
    return here.kept(f"due against received M{month}", lambda pool: due_against_received(pool, month))


def digest_shown(here: Here, subject: str, found: Reconciled) -> str:
    """The digest of a reconciliation as it is shown, which a sign-off keeps."""
    return here.kept(f"digest of {subject}", lambda _: digest_of(found.as_json()))


def names_of(here: Here, subject: str) -> Names:
    """Who signed a reconciliation."""
    return here.kept(f"names {subject}", lambda pool: names_put(pool, subject))


def covers(here: Here, action: Action, partner: str) -> bool:
    """Whether the person may do this with a partner's figures, to draw a form or not; the rooms below check again."""
    try:
        require_partner(here.actor, action, partner)
    except REFUSALS:
        return False
    return True
