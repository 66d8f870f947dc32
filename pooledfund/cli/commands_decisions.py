"""What the commands of decisions, disputes and explanations accept. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import AGREEMENT, Commands, add_command, add_period, add_report, with_books

SIDES = ("overspend", "underspend")


def add(commands: Commands) -> None:
    """Declare the commands."""
    decide = with_books(
        add_command(commands, "decide", "deciding:decide", "record a board's decision on what a clause left open")
    )
    decide.add_argument("--clause", metavar="CLAUSE", required=True, help="the clause that left it open")
    decide.add_argument("--side", choices=SIDES, default="overspend", help="which side (default: overspend)")
    decide.add_argument(
        "--share",
        metavar="PARTNER=POUNDS",
        action="append",
        required=True,
        help="what a partner bears or gets back; once for each partner",
    )
    decide.add_argument("--minute", metavar="TEXT", required=True, help="the minute of the decision")
    decide.add_argument("--date", metavar="DATE", required=True, help="the day of the decision, as 2016-12-06")
    add_period(decide)
    contain = with_books(
        add_command(commands, "contain", "deciding:contain", "record a decision to cut what a line has not committed")
    )
    contain.add_argument("--scheme", metavar="LINE", required=True, help="the line that is cut")
    contain.add_argument("--amount", metavar="POUNDS", required=True, help="what is not to be spent")
    contain.add_argument("--minute", metavar="TEXT", required=True, help="the minute of the decision")
    contain.add_argument("--date", metavar="DATE", required=True, help="the day of the decision, as 2016-12-06")
    add_period(contain)
    dispute = with_books(
        add_command(commands, "dispute", "deciding:dispute", "record, or resolve, a dispute over what a clause gives")
    )
    dispute.add_argument("--clause", metavar="CLAUSE", required=True, help="the clause")
    dispute.add_argument("--of", metavar="PARTNER", required=True, help="the partner that disputes its part")
    dispute.add_argument("--side", choices=SIDES, default="overspend", help="which side (default: overspend)")
    dispute.add_argument("--amount", metavar="POUNDS", help="how much of it (default: all)")
    dispute.add_argument("--reason", metavar="TEXT", default="", help="what is disputed and why")
    dispute.add_argument("--date", metavar="DATE", required=True, help="the day it was raised or resolved")
    dispute.add_argument("--resolve", action="store_true", help="it is resolved, by --minute")
    dispute.add_argument("--minute", metavar="TEXT", default="", help="the minute that resolved it")
    _add_lift_limit(commands)
    explain = add_report(commands, "explain", "deciding:explain", "why a figure is what it is, down to the postings")
    explain.add_argument(
        "what",
        choices=("risk-share", "line", "contribution", "condition", "memorandum"),
        help="a partner's risk share, a scheme line, a contribution, a condition (also a minimum or an earmark), or a "
        "figure of the memorandum account",
    )
    explain.add_argument(
        "id",
        metavar="ID",
        nargs="?",
        help="which of them, such as S5, nhs-min, adult_social_care or funding/council; a partner also in --partner",
    )
    explain.add_argument("--agreement", metavar="AGREEMENT", help=f"{AGREEMENT}, with --outturn: works without books")
    explain.add_argument("--outturn", metavar="FILE", help="a CSV file: scheme,outturn[,breach_partner,breach_amount]")
    add_period(explain)


def _add_lift_limit(commands: Commands) -> None:
    lift = with_books(
        add_command(
            commands, "lift-limit", "deciding:lift", "record that finance leads lifted a limit before the spend"
        )
    )
    lift.add_argument("--clause", metavar="CLAUSE", required=True, help="the clause with the limit")
    lift.add_argument("--step", metavar="N", type=int, help="the overspend step with the cap, counted from 1")
    lift.add_argument("--of", metavar="PARTNER", required=True, help="the partner that may bear more")
    lift.add_argument("--up-to", metavar="POUNDS", help="its new limit (default: none)")
    lift.add_argument(
        "--agreed-by",
        metavar="PARTNER",
        action="append",
        required=True,
        help="whose finance lead agreed; once for each partner",
    )
    lift.add_argument("--date", metavar="DATE", required=True, help="the day they agreed, as 2016-05-01")
    lift.add_argument("--spent-from", metavar="DATE", required=True, help="the first day of the spend it is about")
    lift.add_argument(
        "--reference", metavar="TEXT", required=True, help="where they agreed, such as letters or a minute"
    )
