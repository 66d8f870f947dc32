"""Writes the table of roles and actions in docs/people.md from the one table in the code."""

from pathlib import Path

from pooledfund.access import ALLOWED, Action, Role

PAGE = Path(__file__).resolve().parent.parent / "docs" / "people.md"
BEGIN, END = "<!-- roles: begin -->", "<!-- roles: end -->"


def roles_table() -> str:
    """Every action with who may do it."""
    header = ["may", *(role.in_words for role in Role)]
    rows = [[str(action), *("yes" if action in ALLOWED[role] else "-" for role in Role)] for action in Action]
    lines = [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def page() -> str:
    """The page with its table written anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{roles_table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
