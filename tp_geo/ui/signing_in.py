"""Who is here, where people have to sign in: by any OpenID Connect provider, through Streamlit.

A provider is set up in Streamlit's secrets, section ``[auth]`` (docs/sign-in.md).
Without one the app is for the one person whose machine it runs on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError

from tp_geo.errors import Refused
from tp_geo.ui.text import plain

SIGNED_IN = "is_logged_in"
"""What Streamlit adds to the claims where a provider is set up."""

LOOK_S = 1.0
"""So long it holds that no provider is set up."""
_without = [0.0]
"""Until when."""

LONGEST = 254
"""Characters of the longest address of a person (RFC 5321, section 4.5.3.1.3, less brackets)."""


def wanted() -> bool:
    """Whether people have to sign in here."""
    return SIGNED_IN in claims()


def done() -> bool:
    """Whether the person who looks at this page has signed in."""
    return bool(claims().get(SIGNED_IN))


def claims() -> dict[str, Any]:
    """Return what the provider says of a person, and whether they have signed in.

    Where no provider is set up there is nothing to say. Streamlit then looks for a file
    of secrets each time it is asked, one page after the other: it is asked once a second.
    """
    if time.monotonic() < _without[0]:
        return {}
    said = dict(st.user.to_dict())
    if SIGNED_IN not in said:
        _without[0] = time.monotonic() + LOOK_S
    return said


def person() -> str:
    """Return who signed in: the verified address, or what the provider calls them without one.

    Raises ``Refused`` when the provider says nothing that tells this person
    from others: an address it has not verified could be anyone's.
    """
    said = claims()
    if said.get("email"):
        if str(said.get("email_verified", True)).lower() == "false":
            raise Refused(
                f"Your address {shown(said['email'])} is not verified by your sign-in provider. "
                "Verify it there, then sign in again."
            )
        name = said["email"]
    else:
        name = said.get("preferred_username") or said.get("sub") or ""
    name = str(name).strip().casefold()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refused(
            f"Your sign-in provider calls you {shown(name)}, which is no usable name: it has to "
            f"send the claim email, of at most {LONGEST} printable characters."
        )
    return name


def shown(value: object) -> str:
    """Return a claim as a message shows it."""
    return repr(str(value)[:80])


def require() -> None:
    """Ask a person who has not signed in to do so, and show nothing else."""
    if not wanted():
        return
    fault = ""
    if done():
        try:
            person()
        except Refused as refused:
            fault = str(refused)
        else:
            return
    with st.container(key="sign_in", horizontal_alignment="center", gap="small"):
        st.title("TP Geo", anchor=False, width="content")
        if fault:
            st.error(plain(fault, 600), icon=":material/error:")
            st.button("Sign out", on_click=st.logout)
        else:
            st.markdown("Sign in to see your territory plans.", width="content")
            for provider in providers():
                _button(provider)
    st.stop()


def providers() -> tuple[str, ...]:
    """Return the names of the providers that are set up; one without a name is the empty one."""
    section: Mapping[str, object] = st.secrets["auth"]
    named = tuple(name for name, value in section.items() if isinstance(value, Mapping))
    return named or ("",)


def _button(provider: str) -> None:
    label = f"Sign in with {plain(provider, 40)}" if provider else "Sign in"
    if st.button(label, key=f"sign_in_{provider}", type="primary", icon=":material/login:"):
        try:
            st.login(provider or None)
        except StreamlitAuthError as fault:
            st.error(f"Sign-in is not set up rightly: {plain(fault, 600)}", icon=":material/error:")
