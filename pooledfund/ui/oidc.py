"""The settings of sign-in by an organisation, as Streamlit's own sign-in takes them. Signs nobody in."""

import secrets

from streamlit.runtime.secrets import SecretsValue

from pooledfund import settings

_TOGETHER = (settings.OIDC_METADATA, settings.OIDC_CLIENT, settings.OIDC_SECRET)


def is_set_up() -> bool:
    """Whether people may sign in by their organisation; raises SettingRefused where that is only half set up."""
    missing = [each.name for each in _TOGETHER if not each.value]
    if missing and len(missing) < len(_TOGETHER):
        raise settings.SettingRefused(f"sign-in by your organisation also needs {' and '.join(missing)}")
    return not missing


def auth_secrets(here: str) -> dict[str, SecretsValue]:
    """What Streamlit signs people in with, reached at an address as http://127.0.0.1:8501; empty where not set up."""
    if not is_set_up():
        return {}
    return {
        "auth": {
            "redirect_uri": f"{(settings.URL.value or here).rstrip('/')}/oauth2callback",
            "cookie_secret": settings.COOKIE_SECRET.value or secrets.token_urlsafe(32),
            "client_id": settings.OIDC_CLIENT.value,
            "client_secret": settings.OIDC_SECRET.value,
            "server_metadata_url": settings.OIDC_METADATA.value,
        }
    }
