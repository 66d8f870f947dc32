"""Sign-in, sign-out and set-up as pages of the web server: each ends in the one way in of ``pooledfund.people``."""

import secrets
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pooledfund import settings
from pooledfund.errors import InputRefused
from pooledfund.people import codes, sessions, signing_in
from pooledfund.ui import html_pages
from pooledfund.ui.html_pages import Field
from pooledfund.ui.oidc import is_set_up
from pooledfund.ui.who import cookie_name, is_secure, people_here

SIGN_IN, SIGN_OUT, SET_UP = "/sign-in", "/sign-out", "/set-up"
BY_ORGANISATION = "/?sign_in=organisation"
_FORM_COOKIE = "pooledfund_form"
_LARGEST_FORM = 16_384
_SEE_OTHER = 303


class FormRefused(InputRefused):
    """A form that is not one of ours, or is too old."""


async def sign_in(request: Request) -> Response:
    """The form of login and password; a right one begins a session and leads to where the person was going."""
    if request.method == "GET":
        return _sign_in_page(request, request.query_params.get("next", "/"))
    try:
        given = await _given(request)
    except FormRefused as refusal:
        return _sign_in_page(request, "/", str(refusal), 400)
    there = _local_address(given.get("next", "/"))
    try:
        token = await run_in_threadpool(_begin, given.get("login", ""), given.get("password", ""))
    except InputRefused as refusal:
        return _sign_in_page(request, there, str(refusal), 403, given.get("login", ""))
    return _signed_in(token, there)


async def sign_out(request: Request) -> Response:
    """End the session of a local account; its cookie comes only with a form of our own site."""
    token = request.cookies.get(cookie_name())
    if token:
        await run_in_threadpool(lambda: sessions.sign_out(people_here(), token))
    answer = RedirectResponse(f"{SIGN_IN}?out=yes", _SEE_OTHER)
    answer.delete_cookie(cookie_name(), secure=is_secure(), httponly=True, samesite="lax")
    return answer


async def set_up(request: Request) -> Response:
    """The form of a one-time code: the first administrator's, or that by which a person sets a password."""
    first = await run_in_threadpool(lambda: codes.nobody_yet(people_here()))
    if request.method == "GET":
        return _set_up_page(request, first=first)
    try:
        given = await _given(request)
        if given.get("password") != given.get("again"):
            raise FormRefused("The two passwords are not the same: type them again")
        token = await run_in_threadpool(_use_code, given)
    except InputRefused as refusal:
        return _set_up_page(request, first=first, refusal=str(refusal), login=request.state.login)
    return _signed_in(token, "/")


ROUTES = (
    Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
    Route(SIGN_OUT, sign_out, methods=["POST"]),
    Route(SET_UP, set_up, methods=["GET", "POST"]),
)


def _begin(login: str, password: str) -> str:
    people = people_here()
    if not settings.LOCAL_ACCOUNTS.yes:
        raise signing_in.SignInRefused("Passwords are not taken here: sign in with your organisation.")
    return signing_in.sign_in(people, signing_in.proved_by_password(people, login, password))


def _use_code(given: dict[str, str]) -> str:
    people = people_here()
    login = codes.use_code(
        people,
        given.get("code", ""),
        given.get("login", ""),
        given.get("password", ""),
        manages_pools=given.get("manages") == "yes",
    )
    return signing_in.sign_in(people, signing_in.Identity("local", login))


async def _given(request: Request) -> dict[str, str]:
    """The fields of a form that this site made for this browser; raises FormRefused for any other."""
    request.state.login = ""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise FormRefused("The form is too large: type less")
    try:
        given = dict(parse_qsl(body.decode(), max_num_fields=20))
    except ValueError as error:
        raise FormRefused("The form cannot be read: load this page again") from error
    request.state.login = given.get("login", "")
    cookie = request.cookies.get(_FORM_COOKIE, "")
    # The cookie is sent with forms of this site only, and no other site can read it to write it into a form.
    if not cookie or not secrets.compare_digest(cookie.encode(), given.get("form", "").encode()):
        raise FormRefused("This form is too old, or cookies are off in this browser: fill it in again")
    return given


def _sign_in_page(request: Request, there: str, refusal: str = "", status: int = 200, login: str = "") -> Response:
    parts = [html_pages.said(refusal, refused=True)]
    if request.query_params.get("out"):
        parts.append(html_pages.said("You are signed out."))
    if is_set_up():
        parts.append(html_pages.link(BY_ORGANISATION, "Sign in with your organisation", "button"))
    form = _form_secret(request)
    if settings.LOCAL_ACCOUNTS.yes:
        fields = (
            Field("login", "Login", fills="username", value=login),
            Field("password", "Password", "password", "current-password"),
        )
        parts.append(html_pages.form(SIGN_IN, fields, "Sign in", {"form": form, "next": _local_address(there)}))
        parts.append(html_pages.link(SET_UP, "Set a password with a one-time code"))
    return _with_form(html_pages.page("Sign in", *parts, status=status), form)


def _set_up_page(request: Request, *, first: bool, refusal: str = "", login: str = "") -> Response:
    form = _form_secret(request)
    fields = [
        Field("code", "One-time code"),
        Field("login", "Login", fills="username", value=login),
        Field("password", "New password", "password", "new-password"),
        Field("again", "New password again", "password", "new-password"),
    ]
    note = (
        "Nobody can sign in here yet. Type the code that the terminal showed when the front end was started, and "
        "choose a login and a password. You become the administrator, who looks after people and no money."
        if first
        else "An administrator gives you a code for your login. It sets your password once."
    )
    if first:
        fields.append(Field("manages", "I also manage the pooled funds", "checkbox"))
    length = f"A password has at least {settings.PASSWORD_LENGTH.number} characters: three or four words will do."
    parts = [
        html_pages.said(refusal, refused=True),
        html_pages.paragraph(note),
        html_pages.form(SET_UP, tuple(fields), "Set up" if first else "Set password", {"form": form}),
        html_pages.paragraph(length),
    ]
    title = "Set up" if first else "Set a password"
    return _with_form(html_pages.page(title, *parts, status=400 if refusal else 200), form)


def _signed_in(token: str, there: str) -> Response:
    answer = RedirectResponse(there, _SEE_OTHER)
    answer.set_cookie(cookie_name(), token, httponly=True, samesite="lax", secure=is_secure(), path="/")
    answer.delete_cookie(_FORM_COOKIE)
    return answer


def _form_secret(request: Request) -> str:
    return request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)


def _with_form(answer: Response, form: str) -> Response:
    answer.set_cookie(_FORM_COOKIE, form, httponly=True, samesite="strict", secure=is_secure(), path="/")
    return answer


def _local_address(address: str) -> str:
    """An address on this site, else its first page: nobody is led elsewhere after signing in."""
    parts = urlsplit(address.replace("\\", "/"))
    local = address.startswith("/") and not parts.scheme and not parts.netloc and not address.startswith("//")
    return address if local and address.isprintable() else "/"
