"""Every setting that is read from the environment: its name, default and meaning. Decides nothing by any of them."""

import os
from dataclasses import dataclass

from pooledfund.errors import InputRefused


class SettingRefused(InputRefused):
    """A setting in the environment that cannot be used."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the environment, its default, and what it means; a secret is never printed."""

    name: str
    default: str
    meaning: str
    secret: bool = False

    @property
    def value(self) -> str:
        """What the environment says, else the default; an empty setting is one that is not there."""
        return os.environ.get(self.name) or self.default

    @property
    def number(self) -> int:
        """The setting as a whole number from 1; raises SettingRefused where it is none."""
        text = self.value
        if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST or int(text) < 1:
            raise SettingRefused(
                f"{self.name} is '{text}', which is no whole number from 1: the default is {self.default}"
            )
        return int(text)

    @property
    def yes(self) -> bool:
        """The setting as yes or no; raises SettingRefused where it is neither."""
        if self.value not in ("yes", "no"):
            raise SettingRefused(f"{self.name} is '{self.value}': set it to yes or no")
        return self.value == "yes"


_LONGEST = 9
"""Digits of a number: more is a mistake."""

DB = Setting("POOLEDFUND_DB", "pooledfund.db", "the books: a file, or postgresql://HOST/DATABASE")
USER = Setting("POOLEDFUND_USER", "", "command line: who is at work; else the login name of the machine")
ROLE = Setting("POOLEDFUND_ROLE", "", "command line: their role; else pooled_fund_manager, for people administrator")
PARTNER = Setting("POOLEDFUND_PARTNER", "", "command line: their partner, for the roles that act for one")
LINES = Setting("POOLEDFUND_LINES", "", "command line: a scheme manager's own lines, as S1,S2")
PEOPLE = Setting(
    "POOLEDFUND_PEOPLE", "", "the people: a file, or postgresql://HOST/DATABASE; else people.db beside the books"
)
ADDRESS = Setting("POOLEDFUND_ADDRESS", "127.0.0.1", "front end: the address it listens on; 0.0.0.0 for every one")
PORT = Setting("POOLEDFUND_PORT", "", "front end: the port it listens on; else 8501 or a free one")
URL = Setting(
    "POOLEDFUND_URL", "", "front end: the address people type, as https://pool.example.org; https marks cookies"
)
UPLOAD_MB = Setting("POOLEDFUND_UPLOAD_MB", "50", "front end: the largest file taken, in megabytes")
LOG_LEVEL = Setting("POOLEDFUND_LOG_LEVEL", "INFO", "front end: what is logged, from DEBUG to ERROR")
LOCAL_ACCOUNTS = Setting(
    "POOLEDFUND_LOCAL_ACCOUNTS", "yes", "sign-in: whether a login and password are taken, yes or no"
)
IDLE_MINUTES = Setting("POOLEDFUND_IDLE_MINUTES", "60", "sign-in: minutes without a click after which a session ends")
SESSION_HOURS = Setting("POOLEDFUND_SESSION_HOURS", "12", "sign-in: hours after which a session ends in any case")
TRIES = Setting("POOLEDFUND_SIGN_IN_TRIES", "5", "sign-in: wrong passwords in a row that lock an account")
LOCK_MINUTES = Setting("POOLEDFUND_LOCK_MINUTES", "15", "sign-in: minutes that an account stays locked")
PASSWORD_LENGTH = Setting("POOLEDFUND_PASSWORD_LENGTH", "12", "sign-in: the fewest characters of a password")
OIDC_METADATA = Setting(
    "POOLEDFUND_OIDC_METADATA_URL", "", "sign-in by your organisation: its .well-known/openid-configuration address"
)
OIDC_CLIENT = Setting(
    "POOLEDFUND_OIDC_CLIENT_ID", "", "sign-in by your organisation: the name it knows this program by"
)
OIDC_SECRET = Setting("POOLEDFUND_OIDC_CLIENT_SECRET", "", "sign-in by your organisation: its secret", secret=True)
OIDC_CLAIM = Setting(
    "POOLEDFUND_OIDC_LOGIN_CLAIM", "preferred_username", "sign-in by your organisation: the claim that holds the login"
)
COOKIE_SECRET = Setting(
    "POOLEDFUND_COOKIE_SECRET", "",
    "sign-in by your organisation: what its cookie is signed with; else a new one each start",
    secret=True,
)  # fmt: skip

SETTINGS = (
    DB, USER, ROLE, PARTNER, LINES, PEOPLE, ADDRESS, PORT, URL, UPLOAD_MB, LOG_LEVEL, LOCAL_ACCOUNTS, IDLE_MINUTES,
    SESSION_HOURS, TRIES, LOCK_MINUTES, PASSWORD_LENGTH, OIDC_METADATA, OIDC_CLIENT, OIDC_SECRET, OIDC_CLAIM,
    COOKIE_SECRET,
)  # fmt: skip
"""In the order in which ``pooledfund config`` lists them."""
