"""What the command of meetings accepts. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_period, add_report


def add(commands: Commands) -> None:
    """Declare the command."""
    minutes = add_report(
        commands, "minutes", "meetings:minutes", "record a meeting's minutes, draft them, or print what was decided"
    )
    minutes.add_argument("file", metavar="FILE", nargs="?", help="a file of minutes (YAML) to record, all or nothing")
    minutes.add_argument("--dry-run", action="store_true", help="show what each item would do, record nothing")
    minutes.add_argument("--template", action="store_true", help="draft minutes from what is open in the books")
    minutes.add_argument("--meeting", metavar="DATE", help="the day of a recorded meeting (default: the last)")
    minutes.add_argument(
        "-o", "--output", metavar="FILE", help="where to write the draft, or the recorded minutes as a PDF"
    )
    add_period(minutes)
