"""A partner's finance lead agrees the partner's figures of a month. Who else must sign a close is elsewhere."""

from ledgers.money import pounds
from pooledfund.access import Action, require_partner
from pooledfund.errors import InputRefused
from pooledfund.intake.meanwhile import ChangedMeanwhile
from pooledfund.intake.submissions import AGREED, RECEIVED, months_received
from pooledfund.pool import Pool
from pooledfund.results.submissions import SubmissionStatus, submission_status


class NothingToAgree(InputRefused):
    """Figures that cannot be agreed: none are in, an estimate stands for them, or they are agreed already."""


def agree_submission(
    pool: Pool, partner: str, month: int, *, nil_return: bool = False, expected_pence: int | None = None
) -> SubmissionStatus:
    """Agree a partner's figures of a month as its finance lead; a nil return says that it spent nothing in it.

    The figure agreed is kept: where the books' figure of the month changes later, it is to be agreed again. A deputy
    agrees in the place of the finance lead, and the agreement says so. ``expected_pence`` is the figure that the
    person had read: another one is not agreed unseen.

    Raises:
        NotAllowed: the person is not the finance lead of that partner.
        NothingToAgree: no figures are in and no nil return is made, or an estimate stands for them.
        ChangedMeanwhile: the figure is no longer the one that was read.
    """
    require_partner(pool.actor, Action.AGREE, partner)
    if partner not in pool.agreement.partners:
        raise NothingToAgree(f"'{partner}' is not a partner: use one that the agreement names")
    with pool.writing(Action.AGREE) as writing:
        before = next((each for each in submission_status(pool, month) if each.partner == partner), None)
        in_books = month in months_received(pool, partner)
        _check(before, partner, month, in_books=in_books, nil_return=nil_return)
        figure = before.figure_pence if before is not None else 0
        if expected_pence is not None and expected_pence != figure:
            raise ChangedMeanwhile(
                f"M{month} of {partner} is £{pounds(figure)} now and not £{pounds(expected_pence)} as you had read: "
                "nothing was agreed. Read what came in, then agree it."
            )
        if not in_books:
            writing.event(RECEIVED, {"partner": partner, "months": [month], "batch": None})
        writing.event(AGREED, {"partner": partner, "months": [month], "figure_pence": figure, **pool.actor.in_place_of})
    return next(each for each in submission_status(pool, month) if each.partner == partner)


def _check(before: SubmissionStatus | None, partner: str, month: int, *, in_books: bool, nil_return: bool) -> None:
    """Pass where a partner's figures of a month can be agreed; raises NothingToAgree."""
    if before is not None and before.state == "estimated":
        raise NothingToAgree(f"M{month} of {partner} stands on an estimate: import its own figures, then agree them")
    if not in_books and not nil_return:
        raise NothingToAgree(f"no figures of {partner} for M{month} are in: import them first, or make a nil return")
    if nil_return and before is not None and before.figure_pence:
        raise NothingToAgree(f"{partner} has spend in M{month}: a nil return says that it has none")
    if before is not None and before.state == "agreed":
        raise NothingToAgree(f"M{month} of {partner} is agreed already by {before.agreed_by}: nothing was changed")
