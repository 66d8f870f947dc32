"""What a soak stops with."""


class BooksDoNotHold(Exception):
    """What the books say, or how they answer, is not what it must be."""
