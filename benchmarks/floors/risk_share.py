"""Floor of the risk share: the pennies of the large pool by a short plain program, without any trace."""

from typing import Any

from benchmarks.share_case import large_agreement

Pool = dict[str, Any]
"""Plain numbers of one pool, laid out before the clock starts."""


def plain(number: int) -> Pool:
    """The pool as numbers: budgets by line and partner, outturns, contributions."""
    agreement, position = large_agreement(number)
    partners = list(agreement.partners)
    money = list(agreement.contributions)
    return {
        "paid": [position.contributions[f"c-{each}"] for each in partners],
        "budgets": [[position.budgets.get((line, each), 0) for each in money] for line in agreement.schemes],
        "outturns": list(position.outturns.values()),
        "leads": [partners.index(line.lead) for line in agreement.schemes.values()],
        "reserve": 5_000_001,
    }


def split(size: int, weights: list[int]) -> list[int]:
    """Largest remainder, the first of equals."""
    whole = sum(weights)
    if not size:
        return [0] * len(weights)
    parts = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: -(size * weights[place] % whole))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return parts


def share(pool: Pool) -> tuple[list[int], list[int], int, int]:
    """What each partner bears and gets back, the change of the reserve, and what grants carry forward."""
    budgets, paid = pool["budgets"], pool["paid"]
    free = len(paid)  # contributions behind these are ring-fenced grants
    over, under, total, carried = [], [], 0, 0
    bears, change = [0] * len(paid), 0
    for outturn, budget, lead in zip(pool["outturns"], budgets, pool["leads"], strict=True):
        line = sum(budget)
        parts = split(abs(outturn - line), budget)
        fenced = sum(parts[free:])
        over.append(sum(parts[:free]) if outturn > line else 0)
        under.append(sum(parts[:free]) if outturn < line else 0)
        if outturn > line:
            bears[lead] += fenced
        else:
            carried += fenced
        total += line

    def less(amounts: list[int], parts: list[int]) -> list[int]:
        return [amount - part for amount, part in zip(amounts, parts, strict=True)]

    size = min(sum(over), sum(under))
    over, under = less(over, split(size, over)), less(under, split(size, under))
    size = min(sum(over), pool["reserve"], (total * 2 + 100) // 200)
    over, change = less(over, split(size, over)), change - size
    caps = [2_000_000, 500_001]
    taken = split(min(sum(over), (total * 8 + 1000) // 2000), over)
    borne = split(sum(taken), paid)
    borne = [min(part, cap) for part, cap in zip(borne, [*caps, *borne[len(caps) :]], strict=True)]
    over, bears = less(over, split(sum(borne), taken)), [a + b for a, b in zip(bears, borne, strict=True)]
    taken = split(min(sum(over), (total * 6 + 1000) // 2000), over)
    borne = split(sum(taken), list(range(1, len(paid) + 1)))
    over, bears = less(over, taken), [a + b for a, b in zip(bears, borne, strict=True)]
    groups: dict[tuple[int, ...], int] = {}
    for amount, budget in zip(over, budgets, strict=True):
        if amount:
            weights = tuple(budget[:free])
            groups[weights] = groups.get(weights, 0) + amount
    for budget, amount in groups.items():
        bears = [a + b for a, b in zip(bears, split(amount, list(budget)), strict=True)]
    kept = min(sum(under), 1_000_000)
    under, change = less(under, split(kept, under)), change + kept
    return bears, split(sum(under), paid), change, carried
