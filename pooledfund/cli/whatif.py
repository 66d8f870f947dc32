"""The commands on what if: another agreement, and outturns that are not certain. They post nothing."""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pooledfund.agreement_file import read_agreement
from pooledfund.cli.report_texts import figures_said
from pooledfund.cli.session import CallRefused, month_of, open_pool, print_json, print_report, print_text
from pooledfund.cli.tables import money, table
from pooledfund.intake.outturns import read_outturns
from pooledfund.intake.ranges import read_ranges
from pooledfund.results.compare import compare_with
from pooledfund.results.risk_position import risk_position
from pooledfund.results.standing import standing_of
from pooledfund.results.words import figures_basis
from s75_rules.agreement import Agreement
from s75_rules.compare import Comparison, Side
from s75_rules.risk_share import Position, position_from_agreement, share_risk
from s75_rules.simulate import Exposure, Simulation, simulate


def compare(call: argparse.Namespace) -> int:
    """Print who would bear what under each of two agreements: of an outturn file, or of the books and another file."""
    files = [read_agreement(Path(name)) for name in call.agreements]
    if call.outturn:
        if len(files) != 2:
            raise CallRefused("with --outturn two agreement files are compared: name both")
        first, second = (_side(file.agreement, Path(call.outturn)) for file in files)
        found = Comparison(first, second)
    elif len(files) == 1:
        found = compare_with(open_pool(call), files[0].agreement, month_of(call), call.as_of)
    else:
        raise CallRefused("two agreement files need the outturns: give a CSV file with --outturn")
    if call.json:
        sides = {"first": found.first.agreement, "second": found.second.agreement}
        standings = {name: standing_of(agreement).as_json() for name, agreement in sides.items()}
        print_json({**found.as_json(), "standing": standings})
    else:
        print(_compared(found))
    return 0


def _side(agreement: Agreement, outturn: Path) -> Side:
    outturns = read_outturns(outturn, agreement)
    return Side(
        agreement, share_risk(agreement, position_from_agreement(agreement, outturns.by_scheme, outturns.breaches))
    )


def _stands(side: Side) -> str:
    return f"{side.agreement.id}, {standing_of(side.agreement).in_words}"


_WORDS = {"reserve": "drawn from reserve {}"}


def _compared(found: Comparison) -> str:
    names = {
        name: partner.name for side in (found.second, found.first) for name, partner in side.agreement.partners.items()
    }
    rows = [
        [
            names[row.name] if row.what == "partner" else _WORDS.get(row.what, row.what).format(row.name),
            money(row.first_pence),
            money(row.second_pence),
            money(row.difference_pence),
        ]
        for row in (*found.rows(), found.total())
        if row.what in ("partner", "variance") or row.first_pence or row.second_pence
    ]
    said = {figures_said(figures_basis(side.agreement)) for side in (found.first, found.second)}
    caption = (
        f"Who would bear what, £: plus bears, minus gets back{max(said)}\n"
        f"First: {_stands(found.first)}\nSecond: {_stands(found.second)}"
    )
    header = ["Partner", "First", "Second", "Second less first"]
    return table(caption, "lrrr", header, rows, totals=1)


def exposure(call: argparse.Namespace) -> int:
    """Print each partner's exposure under uncertain outturns, from the books or from an agreement file."""
    agreement, position = _start(call)
    ranges = read_ranges(Path(call.ranges), agreement)
    found = simulate(
        agreement,
        position,
        ranges,
        runs=call.runs,
        seed=call.seed,
        correlation=call.correlation,
        progress=_Progress().tell,
    )
    if call.json:
        print_report({"figures": figures_basis(agreement), **found.as_json()}, agreement)
    else:
        print_text(_simulated(agreement, found), agreement)
    return 0


def _start(call: argparse.Namespace) -> tuple[Agreement, Position]:
    """The agreement and where its lines without a range stand: at budget in a file, at the forecast in the books."""
    if call.agreement is None:
        pool = open_pool(call)
        return pool.agreement, risk_position(pool, month_of(call), call.as_of).position
    agreement = read_agreement(Path(call.agreement)).agreement
    return agreement, position_from_agreement(agreement, {})


@dataclass
class _Progress:
    """Says on standard error every few seconds how far a long simulation is."""

    said_at: float = 0.0

    def tell(self, done: int, of: int) -> None:
        """Told after each chunk; silent in a simulation that is over within a few seconds."""
        now = time.monotonic()
        self.said_at = self.said_at or now
        if now - self.said_at >= _SECONDS and done < of:
            self.said_at = now
            print(f"simulated {done:,} of {of:,} runs", file=sys.stderr, flush=True)


_SECONDS = 3.0


def _simulated(agreement: Agreement, found: Simulation) -> str:
    header = ["", "P50", "P80", "P95", "Worst"]
    kinds = sorted({each.distribution for each in found.ranges})
    caption = (
        f"Exposure under {agreement.id}, {agreement.year}: {found.runs:,} runs, seed {found.seed},"
        f" {' and '.join(kinds)}, correlation {found.correlation:g}{figures_said(figures_basis(agreement))}\n"
        "P80 is the amount, £, that 80 of 100 runs do not exceed. The points of partners are of different runs and do"
        " not add up."
    )
    rows = [
        *([f"{agreement.partners[name].name} bears", *_points(each)] for name, each in found.bears.items()),
        *(
            [f"{agreement.partners[name].name}, net of what it gets back", *_points(each)]
            for name, each in found.net.items()
        ),
        ["Unresolved or disputed overspend", *_points(found.unresolved)],
        ["Variance of all lines", *_points(found.variance)],
    ]
    parts = [table(caption, "lrrrr", header, rows, totals=1)]
    used_up = [
        *(
            [f"Reserve {name} is emptied", f"{runs:,}", found.chance(runs)]
            for name, runs in found.reserves_emptied.items()
        ),
        *(
            [
                f"Clause {clause}: {limit} of {agreement.partners[partner].name} is used up",
                f"{runs:,}",
                found.chance(runs),
            ]
            for (clause, limit, partner), runs in found.limits_reached.items()
        ),
    ]
    if used_up:
        parts.append(table("How often a reserve or limit is used up", "lrr", ["What", "Runs", "% of runs"], used_up))
    if found.at_budget:
        parts.append(f"Without a range, as in the position: {', '.join(found.at_budget)}")
    if found.run_by_run:
        parts.append(f"Each run was shared by itself and no cap was watched: {found.run_by_run}.")
    return "\n\n".join(parts)


def _points(each: Exposure) -> list[str]:
    return [money(pence) for pence in (each.p50_pence, each.p80_pence, each.p95_pence, each.worst_pence)]
