"""The commands on people and on settings, as the command line takes them. Imports nothing heavy, runs nothing."""

from pooledfund.access import Role
from pooledfund.cli.arguments import Commands, add_command, with_place

ACTIONS = (
    "list", "add", "grant", "revoke", "disable", "enable", "unlock", "password", "code", "setup-code", "sign-ins",
    "changes",
)  # fmt: skip


def add(commands: Commands) -> None:
    """Add the commands."""
    people = with_place(add_command(commands, "people", "people:people", "who may sign in, and as what"))
    people.add_argument("action", metavar="ACTION", choices=ACTIONS, help=f"one of {', '.join(ACTIONS)}")
    people.add_argument("login", metavar="LOGIN", nargs="?", help="the person: a login name, never an e-mail address")
    people.add_argument("--organisation", action="store_true", help="with add: by the organisation, no password")
    people.add_argument("--role", metavar="ROLE", help=f"with grant and revoke: one of {', '.join(Role)}")
    people.add_argument("--pool", metavar="ID", help="with grant and revoke: in this pool alone (default: every pool)")
    people.add_argument("--partner", metavar="ID", help="with grant: the partner, for the roles that act for one")
    people.add_argument("--lines", metavar="IDS", help="with grant: a scheme manager's lines: S1,S2")
    people.add_argument("--deputy-for", metavar="LOGIN", help="with grant: the finance lead in whose place they sign")
    people.add_argument("--user", metavar="NAME", help="who does it (default: POOLEDFUND_USER, else the login name)")
    people.add_argument("--json", action="store_true", help="print one JSON document")
    config = add_command(commands, "config", "people:config", "every setting with its value and meaning")
    config.add_argument("--json", action="store_true", help="print one JSON document")
