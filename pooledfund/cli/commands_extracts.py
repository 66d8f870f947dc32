"""What the commands around a partner's figures accept. Imports nothing heavy and runs nothing."""

from pooledfund.cli.arguments import Commands, add_command, add_report, with_books

PARTNER = "the partner whose figures they are"
MONTH = "a month M1 to M12"


def add(commands: Commands) -> None:
    """Add the commands."""
    submissions = add_report(commands, "submissions", "submissions:submissions", "whose figures of a month are in")
    submissions.add_argument("--month", metavar="M", required=True, help=MONTH)
    estimate = with_books(
        add_command(commands, "estimate", "submissions:estimate", "post an estimate for figures that are not in yet")
    )
    options = (
        ("--of", "PARTNER", PARTNER),
        ("--month", "M", MONTH),
        ("--scheme", "SCHEME", "the line"),
        ("--amount", "POUNDS", "what was spent on it in the month"),
        ("--reason", "TEXT", "why it is an estimate, and what it rests on"),
    )
    for option, metavar, help_text in options:
        estimate.add_argument(option, metavar=metavar, required=True, help=help_text)
    agree = with_books(
        add_command(commands, "agree", "submissions:agree", "agree a partner's figures of a month, as its finance lead")
    )
    agree.add_argument("--of", metavar="PARTNER", required=True, help=PARTNER)
    agree.add_argument("--month", metavar="M", required=True, help=MONTH)
    agree.add_argument("--nil", action="store_true", help="the partner spent nothing in the month and sends no file")
