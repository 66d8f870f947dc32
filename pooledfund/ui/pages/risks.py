"""The page of risks: the register scored in words, the grid, and a review by those who may. Scores nothing itself."""

from pooledfund.access import Action
from pooledfund.results.risks import RiskStanding, risk_register
from pooledfund.ui import risk_register_section
from pooledfund.ui.frame import Here, heading, nothing, page, put
from pooledfund.ui.risk_review_form import show_review


def show(here: Here) -> None:
    """The register, the grid of likelihood and impact, and the form of a review."""
    register = here.kept(f"risks M{here.month}", lambda pool: risk_register(pool, here.month))
    heading(here, "Risks", _lead(register))
    if register:
        put(risk_register_section.register_table(register, here.agreement))
        put(risk_register_section.grid(register))
    else:
        nothing("The agreement names no risk and none was raised.", "Raise one below, where your role allows it.")
    if here.may(Action.COMMENT):
        show_review(here, register)


def _lead(register: tuple[RiskStanding, ...]) -> str:
    open_ones = [each for each in register if each.open]
    if not open_ones:
        return ""
    high = sum(each.rating in ("high", "extreme") for each in open_ones)
    unscored = sum(each.score is None for each in open_ones)
    parts = [f"{len(open_ones)} open", f"{high} high or extreme", *([f"{unscored} not scored"] if unscored else [])]
    return f"Risks: {', '.join(parts)}."


page("Risks", show)
