"""What the command line accepts for years and what-ifs: rules of a year. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_command


def add(commands: Commands) -> None:
    """Declare the commands."""
    rules = add_command(commands, "year-rules", "year_rules:year_rules", "sources, conditions and minimums of a year")
    rules.add_argument("year", metavar="YEAR", nargs="?", help="a financial year such as 2016/17 (none: list them)")
    rules.add_argument("--json", action="store_true", help="print one JSON document")
