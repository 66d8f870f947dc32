"""The errors a person meets, drawn as one tree. Holds no checks: each room raises its own.

::

    Exception
    ├── InputRefused                what was given cannot be used; the command line ends with status 2
    │   ├── AgreementRefused        the agreement file, with every fault and its line (pooledfund.agreement_file)
    │   └── ...                     each room of pooledfund names its own by the rule that broke
    ├── ledgers ... LedgerRefusal   the books refuse; the command line says so in the same way
    └── s75_rules ... RuleBroken    a rule of the agreement cannot be worked out; likewise

Every message is plain: what is wrong, where, and what to do.
"""


class InputRefused(Exception):
    """What was given cannot be used; holds one plain sentence or several, in the order to read them."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences: tuple[str, ...] = sentences

    def __str__(self) -> str:
        return "\n".join(self.sentences)
