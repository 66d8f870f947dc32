"""What people say in words of their own with a command or a form: how long it may be. Keeps nothing."""

from typing import Final

LONGEST: Final = 1_500
"""Characters of a reason, an explanation or a note; an entry that carries one holds some more."""

LONGEST_NAME: Final = 200
"""Characters of the reference of a minute or letter, and of the role or team that looks after something."""


def faults_in(text: str, blank: str, name: str = "reason") -> list[str]:
    """What is wrong with words that are needed: ``blank`` says so where there are none, else they may be too long."""
    return too_long(**{name: text}) if text.strip() else [blank]


def too_long(most: int = LONGEST, /, **texts: str) -> list[str]:
    """Which of these texts are longer than that many characters, each as a sentence with what to do."""
    return [
        f"the {name.replace('_', ' ')} has {len(text):,} characters: keep it to {most:,}"
        for name, text in texts.items()
        if len(text) > most
    ]
