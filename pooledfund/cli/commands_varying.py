"""What the command line accepts for versions of an agreement. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_command, add_report, with_books


def add(commands: Commands) -> None:
    """Declare the commands."""
    vary = with_books(
        add_command(
            commands, "vary", "varying:vary", "change a contribution, or bring a new text into force, from a day"
        )
    )
    vary.add_argument("--contribution", metavar="ID", help="the contribution that changes")
    vary.add_argument("--amount", metavar="POUNDS", help="by how much it rises, or falls below nil")
    vary.add_argument(
        "--line-changes", metavar="S1=POUNDS,..", dest="lines_change", help="what its lines get or give up of it"
    )
    vary.add_argument("--one-off", action="store_true", help="it is for this year only, not recurrent")
    vary.add_argument("--agreement", metavar="FILE", help="instead: the whole new text (YAML)")
    vary.add_argument("--effective", metavar="DATE", required=True, help="from when, as 2023-07-01")
    vary.add_argument("--minute", metavar="TEXT", required=True, help="the minute that approved it")
    vary.add_argument("--body", metavar="TEXT", required=True, help="the body that approved it")
    vary.add_argument("--dry-run", action="store_true", help="show what would change and its tests, post nothing")
    vary.add_argument("--json", action="store_true", help="print one JSON document")
    following = add_report(commands, "next-year", "following:next_year", "next year's contributions by formula")
    following.add_argument("agreement", metavar="AGREEMENT", nargs="?", help="an agreement file: works without books")
    terms = {"inflation": "2.5%% or ID=2.5%%", "efficiency": "1%% or ID=1%%", "planned": "ID=50000"}
    for option, example in terms.items():
        text = f"{option} such as {example}; may be given again"
        following.add_argument(f"--{option}", metavar="VALUE", action="append", default=[], help=text)
    following.add_argument(
        "--on-spend",
        metavar="ID",
        action="append",
        default=[],
        help="base a contribution on what the year spends of it, outturn or forecast; all for every one; with books",
    )
    following.add_argument("-o", "--output", metavar="FILE", help="also write a draft of next year's agreement there")
    side = add_command(
        commands, "versions", "varying:versions", "two versions of an agreement side by side: words, money, clauses"
    )
    side.add_argument("before", metavar="BEFORE", help="the earlier agreement file (YAML)")
    side.add_argument("after", metavar="AFTER", help="the later agreement file (YAML)")
    side.add_argument("--json", action="store_true", help="print one JSON document")
