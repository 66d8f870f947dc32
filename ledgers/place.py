"""Where books are: a file, or a PostgreSQL database by its URL. Opens neither."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ledgers.refusals import BooksNotFound

_SCHEMES = ("postgresql", "postgres")
_SECRETS = frozenset(("password", "sslpassword", "passfile", "sslkey"))


@dataclass(frozen=True, slots=True, repr=False)
class Url:
    """The address of a PostgreSQL database. Its text for people leaves every secret out; ``secret`` is the whole."""

    secret: str

    def __str__(self) -> str:
        try:
            parts = urlsplit(self.secret)
        except ValueError:
            return f"{_SCHEMES[0]}://"
        credentials, at, hosts = parts.netloc.rpartition("@")
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _SECRETS]
        netloc = f"{credentials.partition(':')[0]}{at}{hosts}"
        return urlunsplit((parts.scheme, netloc, parts.path, urlencode(kept, safe="/"), ""))

    def __repr__(self) -> str:
        return f"Url({self})"

    @property
    def name(self) -> str:
        """The name that people know the books by: the database's."""
        return str(self).rpartition("/")[2].partition("?")[0] or str(self)


Place: TypeAlias = Path | Url


def place_of(text: str) -> Place:
    """The place that a text names: a PostgreSQL URL, else a file.

    Raises:
        BooksNotFound: a URL of something that books are not kept in.
    """
    scheme, colon, _ = text.partition("://")
    if not colon:
        return Path(text)
    if scheme.lower() in _SCHEMES:
        return Url(text)
    raise BooksNotFound(f"books are not kept at {scheme}://: name a file, or a database by postgresql://HOST/DATABASE")
