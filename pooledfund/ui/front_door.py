"""What stands before every page: the way to sign in, security headers, and a line in the log. Draws no page."""

import logging
import time
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pooledfund.people import codes, sessions
from pooledfund.ui.oidc import is_set_up
from pooledfund.ui.sign_in import SET_UP, SIGN_IN
from pooledfund.ui.who import cookie_name, is_secure, people_here

_log = logging.getLogger("pooledfund.requests")
_OPEN = ("/_stcore/", "/static/", "/auth/", "/oauth2callback", "/media/", "/component/", "/health", "/sign-", SET_UP)
"""What needs no session to be asked for: the sign-in itself, and parts that a page without a person does not use."""
# Streamlit writes styles into its page and runs its charts by compiling them, and its own scripts and fonts are
# the only ones there are. Nothing may be fetched from elsewhere, and nobody may frame the pages.
_PAGES_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "media-src 'self' data: blob:; frame-src 'self'; form-action 'self'; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Headers:
    """Adds the security headers to each answer, and logs it without its query, which may hold a code."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the rest of the server does, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, sent)
        spent = round((time.monotonic() - began) * 1000)
        _log.info(
            "answered",
            extra={"method": scope["method"], "path": scope["path"], "status": status, "milliseconds": spent},
        )


class SignInFirst:
    """Sends whoever asks for a page without a session to sign in, and the very first to set up."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or lead to sign-in."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(_OPEN):
            request = Request(scope)
            if "text/html" in request.headers.get("accept", ""):
                way = await run_in_threadpool(_way_in, request)
                if way is not None:
                    await RedirectResponse(way, 303)(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def _way_in(request: Request) -> str | None:
    """Where a person without a session is sent; nowhere where they have one, or come from their organisation."""
    people = people_here()
    token = request.cookies.get(cookie_name())
    if token and sessions.standing(people, token).person is not None:
        return None
    if is_set_up() and ("_streamlit_user" in request.cookies or "sign_in" in request.query_params):
        return None
    if codes.nobody_yet(people):
        return SET_UP
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return SIGN_IN if asked == "/" else f"{SIGN_IN}?next={quote(asked, safe='')}"


def _add_headers(headers: MutableHeaders) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", _PAGES_POLICY)
    if is_secure():
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
            for each in cookies:
                headers.append("set-cookie", each if "; secure" in each.lower() else f"{each}; Secure")
