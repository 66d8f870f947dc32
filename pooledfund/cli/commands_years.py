"""What the command line accepts for the rules of years and for what-ifs. Imports nothing heavy, runs nothing."""

from pooledfund.cli.arguments import AGREEMENT, Commands, add_command, add_period, add_report, with_books


def add(commands: Commands) -> None:
    """Declare the commands."""
    rules = add_command(commands, "year-rules", "year_rules:year_rules", "sources, conditions and minimums of a year")
    rules.add_argument("year", metavar="YEAR", nargs="?", help="a financial year such as 2016/17 (none: list them)")
    rules.add_argument("--json", action="store_true", help="print one JSON document")
    _compare(commands)
    _simulate(commands)
    _performance(commands)
    _portfolio(commands)


def _compare(commands: Commands) -> None:
    compare = add_report(commands, "compare", "whatif:compare", "who would bear what under another agreement")
    compare.add_argument(
        "agreements",
        metavar="AGREEMENT",
        nargs="+",
        help="two agreement files; or one, against the agreement in the books",
    )
    compare.add_argument("--outturn", metavar="FILE", help="a CSV file: scheme,outturn[,breach_partner,breach_amount]")
    add_period(compare)


def _simulate(commands: Commands) -> None:
    simulate = add_report(
        commands, "simulate", "whatif:exposure", "each partner's exposure when outturns are uncertain"
    )
    simulate.add_argument("agreement", metavar="AGREEMENT", nargs="?", help=f"{AGREEMENT}: works without books")
    simulate.add_argument(
        "--ranges", metavar="FILE", required=True, help="a CSV file: scheme,low,most_likely,high[,distribution]"
    )
    simulate.add_argument("--runs", metavar="N", type=int, default=10_000, help="how many outturns (default: 10000)")
    simulate.add_argument(
        "--seed", metavar="N", type=int, default=1, help="the same seed, the same figures (default: 1)"
    )
    simulate.add_argument(
        "--correlation",
        metavar="R",
        type=float,
        default=0.0,
        help="how far lines rise together, 0 to 1 (default: 0)",
    )
    add_period(simulate)


def _performance(commands: Commands) -> None:
    results = add_report(
        commands, "performance", "performance:performance", "pay for performance, incentives, gain share, capitation"
    )
    results.add_argument("agreement", metavar="AGREEMENT", nargs="?", help=f"{AGREEMENT}: works without books")
    results.add_argument("--actuals", metavar="FILE", help="a CSV file: name,period,actual")
    results.add_argument(
        "--underspend", metavar="POUNDS", help="what meets unearned money first (default: the books' underspend)"
    )
    add_period(results)


def _portfolio(commands: Commands) -> None:
    many = with_books(add_command(commands, "portfolio", "portfolio:portfolio", "many pools at once, each pound once"))
    many.add_argument(
        "agreements",
        metavar="AGREEMENT",
        nargs="*",
        help="agreement files, or folders of them, for pools without books",
    )
    many.add_argument(
        "--books", metavar="PLACE", action="append", default=[], help="books with all their pools; repeat it"
    )
    many.add_argument("--of", metavar="NAME", help="only this body and its pools")
    many.add_argument(
        "--as-of", metavar="POOL=EVENT", action="append", default=[], help="a pool as it stood at an event; repeat it"
    )
    many.add_argument("--json", action="store_true", help="print one JSON document, money as strings of pounds")
    add_period(many)
