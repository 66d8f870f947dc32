"""What a soak stops with."""


class BooksDoNotHold(Exception):
    """What the books say, or how they answer, is not what it must be."""


class MatchingFellShort(Exception):
    """A matching found too little of the truth, or matched lines that are not one item."""
