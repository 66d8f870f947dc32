"""Passwords as argon2id hashes, and one-time codes and tokens. Keeps none of them."""

import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pooledfund import settings
from pooledfund.errors import InputRefused

LONGEST = 1_000
"""Characters of a password that are looked at: a longer one is refused, as it would only cost time."""
_FEWEST_DIFFERENT = 5
_CODE_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_PARTS, _CODE_PART = 5, 4
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each hash takes 64 MB: many tries at once may wait, and not take the machine's memory."""


class PasswordRefused(InputRefused):
    """A password that is too easily guessed."""


def check_password(password: str, login: str) -> None:
    """Pass if a password may be used; raises PasswordRefused with every reason."""
    reasons = []
    if len(password) < settings.PASSWORD_LENGTH.number:
        reasons.append(
            f"The password has fewer than {settings.PASSWORD_LENGTH.number} characters: three or four words will do"
        )
    if len(password) > LONGEST:
        reasons.append(f"The password has more than {LONGEST:,} characters: take a shorter one")
    if len(set(password)) < _FEWEST_DIFFERENT:
        reasons.append("The password is made of too few different characters: take another")
    if login and login.lower() in password.lower():
        reasons.append("The password holds the login name: take another")
    if reasons:
        raise PasswordRefused(*reasons)


def hashed(password: str) -> str:
    """A password as it is kept: argon2id with a salt of its own."""
    with _AT_ONCE:
        return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one that is kept; takes as long where none is kept."""
    with _AT_ONCE:
        try:
            _hasher().verify(kept or _of_nobody(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a kept hash was made with weaker settings than those of today."""
    return _hasher().check_needs_rehash(kept)


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A one-time code that a person can type: five groups of four, 98 bits."""
    return "-".join("".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_PART)) for _ in range(_CODE_PARTS))


def fingerprint(secret: str) -> str:
    """The SHA-256 by which a token or a code is kept: both are long and random, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_fingerprint(typed: str) -> str:
    """The fingerprint of a code as a person types it, in small letters or without its dashes."""
    return fingerprint("".join(sign for sign in typed.upper() if sign in _CODE_SIGNS))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))
