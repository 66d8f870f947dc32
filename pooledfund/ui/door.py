"""The door as the pages have it: who is signed in and the way out, and what there is for whoever is not."""

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st

from pooledfund.people.person import Person
from pooledfund.ui.html import Html, state
from pooledfund.ui.oidc import is_set_up
from pooledfund.ui.sign_in import SIGN_IN, SIGN_OUT
from pooledfund.ui.who import leave, why_nobody


def show_closed() -> None:
    """Why there is no page, and the way to sign in; what was written in drafts is kept for then."""
    if is_set_up() and "sign_in" in st.query_params:
        st.login()
        return
    address = urlsplit(st.context.url or "/")
    there = quote(address.path + (f"?{address.query}" if address.query else ""), safe="")
    st.title("Sign in", anchor=False)
    st.html(state(why_nobody(), "Nothing was written since, and your drafts are kept.").markup)
    st.html(f'<p><a href="{SIGN_IN}?next={there}" target="_self">Sign in</a></p>')
    if is_set_up() and st.user.get("is_logged_in") and st.button("Sign out of your organisation here"):
        st.logout()


def way_out(person: Person) -> None:
    """Who is signed in, and the button that ends the session, at their organisation too where they came from there."""
    if st.user.get("is_logged_in"):
        st.button(f"Sign out {person.login}", on_click=leave)
        return
    button = (
        f'<form method="post" action="{SIGN_OUT}" target="_self"><button type="submit" class="pf-out">'
        f"Sign out {escape(person.login)}</button></form>"
    )
    st.html(Html(button).markup)
