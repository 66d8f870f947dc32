"""The commands on the risk register: review a risk, print the register."""

import argparse

from pooledfund.cli.narrative import take
from pooledfund.cli.session import month_of, open_pool, print_report, print_text
from pooledfund.cli.tables import table
from pooledfund.intake.risk_reviews import RISK_REVIEWS
from pooledfund.results.monitoring import period_label
from pooledfund.results.risks import IMPACTS, LIKELIHOODS, RiskStanding, in_words, risk_register

_HEADER = ["Risk", "What may happen", "Likelihood", "Impact", "Score", "Rating", "Owner", "Review", "Clause", "Since"]


def review_risk(call: argparse.Namespace) -> int:
    """Review risks of the plan, or raise new ones."""
    return take(call, RISK_REVIEWS)


def risks(call: argparse.Namespace) -> int:
    """Print the risk register at the end of a period."""
    pool, month = open_pool(call), month_of(call)
    register = risk_register(pool, month, call.as_of)
    if call.json:
        document = {"pool": pool.agreement.id, "year": str(pool.agreement.year), "period": period_label(month)}
        print_report({**document, "risks": [each.as_json() for each in register]}, pool.agreement)
        return 0
    title = f"{pool.agreement.header.title}, {period_label(month)} of {pool.agreement.year}"
    if not register:
        print_text(f"{title}\n\nThe agreement names no risk and none was raised.", pool.agreement)
        return 0
    header = [
        "Risk",
        "What may happen",
        "Likelihood",
        "Impact",
        "Score",
        "Rating",
        "Owner",
        "Review",
        "Clause",
        "Since",
    ]
    rows = [_row(each) for each in register]
    print_text(f"{title}\n\n{table('Risks', 'llllrlllll', header, rows)}", pool.agreement)
    return 0


def _row(each: RiskStanding) -> list[str]:
    return [
        each.id,
        each.description if each.open else f"closed: {each.description}",
        in_words(each.likelihood, LIKELIHOODS),
        in_words(each.impact, IMPACTS),
        "not known" if each.score is None else str(each.score),
        each.rating,
        each.owner or "none named",
        each.review.isoformat() if each.review else "none set",
        each.clause or "none",
        each.movement,
    ]
