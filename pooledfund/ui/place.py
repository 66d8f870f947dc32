"""Where the books of the pages are. Loads nothing of what is read from them."""

from ledgers.place import Place, place_of
from pooledfund import settings


def books_place() -> Place:
    """The database: POOLEDFUND_DB, else pooledfund.db in the working directory."""
    return place_of(settings.DB.value)
