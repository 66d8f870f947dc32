"""The pages of sign-in: plain HTML forms that need no script, every text escaped. Signs nobody in."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

_STYLE = (
    "body{background:#fff;color:#1b2226;font:1rem/1.5 system-ui,sans-serif;margin:0}"
    "main{max-width:30rem;margin:8vh auto;padding:0 1.5rem}"
    "h1{font-size:1.7rem;letter-spacing:-.01em;margin:0 0 .5rem}"
    "label{display:block;font-weight:600;margin:1rem 0 .25rem}"
    "label.tick{font-weight:400}"
    "input:not([type=checkbox]){box-sizing:border-box;border:1px solid #51606a;border-radius:4px;font:inherit;"
    "padding:.5rem .6rem;width:100%}"
    "button,a.button{background:#0b3c5d;border:0;border-radius:4px;color:#fff;cursor:pointer;display:inline-block;"
    "font:inherit;font-weight:600;margin-top:1.25rem;padding:.55rem 1.4rem;text-decoration:none}"
    "a{color:#0b3c5d}"
    ":focus-visible{outline:3px solid #b35c00;outline-offset:2px}"
    ".said{background:#f5f6f4;border-left:4px solid #0b3c5d;margin:1rem 0;padding:.7rem 1rem;white-space:pre-line}"
    ".said.no{border-left-color:#b3261e}"
    ".note{color:#3d4a52;font-size:.9rem}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""These pages run no script at all."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; ``kind`` is that of the HTML, ``fills`` what a browser's password keeper may fill in."""

    name: str
    label: str
    kind: str = "text"
    fills: str = "off"
    value: str = ""

    @property
    def markup(self) -> str:
        """The field with its label."""
        name = escape(self.name)
        if self.kind == "checkbox":
            return f'<label class="tick"><input type="checkbox" name="{name}" value="yes"> {escape(self.label)}</label>'
        return (
            f'<label for="{name}">{escape(self.label)}</label><input id="{name}" name="{name}" type="{self.kind}" '
            f'autocomplete="{self.fills}" value="{escape(self.value)}" required maxlength="1000" '
            'autocapitalize="none" spellcheck="false">'
        )


def form(action: str, fields: tuple[Field, ...], button: str, hidden: dict[str, str]) -> str:
    """A form that posts to an address of ours."""
    parts = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    ) + "".join(each.markup for each in fields)
    return (
        f'<form method="post" action="{escape(action)}">{parts}<button type="submit">{escape(button)}</button></form>'
    )


def said(text: str, *, refused: bool = False) -> str:
    """What became of the last try; nothing where there is nothing to say."""
    if not text:
        return ""
    return f'<p class="said{" no" if refused else ""}" role="{"alert" if refused else "status"}">{escape(text)}</p>'


def paragraph(text: str) -> str:
    """A note under a form."""
    return f'<p class="note">{escape(text)}</p>'


def link(address: str, text: str, css: str = "") -> str:
    """A link to an address of ours."""
    return f'<p><a href="{escape(address)}" class="{css}">{escape(text)}</a></p>'


def page(title: str, *parts: str, status: int = 200) -> HTMLResponse:
    """A whole page, not kept by any cache."""
    body = (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - Pooled fund</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    return HTMLResponse(body, status_code=status, headers=headers)
