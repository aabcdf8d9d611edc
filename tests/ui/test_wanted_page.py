"""Where people arrive after signing in: at the page of ours they wanted, never anywhere else."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from tp_geo.ui import server
from tp_geo.ui.wanted_page import COOKIE, LONGEST, Returning, left, local

HOST = "plans.example.com"
PAGES = server.PAGES
SIGNED_IN = [(b"set-cookie", b"_streamlit_user=1")]


def answer(
    path: str, headers: dict[str, str], *, to: str = "/", host: str = HOST
) -> dict[str, list[str]]:
    """Return the headers of the answer to a request, of an app that leads to ``to``."""
    said: dict[str, list[str]] = {}

    async def app(_: Scope, __: Receive, send: Send) -> None:
        head = [*SIGNED_IN, (b"location", to.encode())]
        await send({"type": "http.response.start", "status": 302, "headers": head})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        for name, value in message.get("headers", []):
            said.setdefault(name.decode(), []).append(value.decode())

    async def receive() -> Any:
        return {"type": "http.request"}

    given = {"host": host, **headers}
    scope = {
        "type": "http", "path": path, "scheme": "http",
        "headers": [(k.encode(), v.encode("latin-1", "replace")) for k, v in given.items()],
    }  # fmt: skip
    asyncio.run(Returning(app, PAGES)(scope, receive, send))
    return said


def after(kept: str, *, base: str = "/") -> str:
    """Return where who signed in is led when their browser kept something."""
    said = answer(f"{base}oauth2callback", {"cookie": f"a=b; {COOKIE}={kept}"}, to=base)
    assert len(said["location"]) == 1
    return said["location"][0]


@pytest.mark.parametrize("base", ["/", "/tp-geo/"])
def test_who_signs_in_arrives_at_the_page_they_wanted(base: str) -> None:
    page = f"https://{HOST}{base}map?alignment=North+%26+East&link=a.1.b#x"
    said = answer(f"{base}auth/login", {"referer": page}, to="https://login.example.com/")
    assert said["location"] == ["https://login.example.com/"]
    cookie = next(c for c in said["set-cookie"] if c.startswith(COOKIE))
    value, *attributes = cookie.split("; ")
    assert {f"Path={base}", "HttpOnly", "SameSite=Lax", "Max-Age=600"} <= {*attributes}
    back = answer(f"{base}oauth2callback", {"cookie": value}, to=base)
    assert back["location"] == [f"{base}map?alignment=North+%26+East&link=a.1.b"]
    assert any(c.startswith(f"{COOKIE}=;") and "Max-Age=0" in c for c in back["set-cookie"])
    assert "_streamlit_user=1" in back["set-cookie"]


def test_over_https_the_cookie_stays_there() -> None:
    said = answer("/auth/login", {"referer": f"https://{HOST}/map", "x-forwarded-proto": "https"})
    assert "Secure" in said["set-cookie"][-1]


FORGED = [
    "https://evil.example/map", "//evil.example/map", "//evil.example", "/\\evil.example/map",
    "\\\\evil.example\\map", "javascript:alert(1)", "data:text/html,x", "map@evil.example",
    "map\r\nset-cookie: a=b", "map\r\nlocation: https://evil.example", "../map", "/map",
    "map/../../evil", "%2F%2Fevil.example", "map%0d%0aLocation:%20https://evil.example", "home",
    "auth/logout", "oauth2callback", "_stcore/health", "", "?", "map" * LONGEST,
    f"map?alignment={'x' * LONGEST}", "map?" + "&".join(f"a{k}=1" for k in range(99)),
    "Map", "map ", " map", "map\0", "https://plans.example.com/map", "máp", '"', "=;=",
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_what_a_browser_keeps_is_not_believed(forged: str) -> None:
    assert after(quote(forged, safe="")) == "/"
    if forged.isprintable() and forged.isascii():
        assert after(forged) in ("/", "/map"), "blanks around a value are none of it"


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/map", f"https://evil.example@{HOST}/map", f"//{HOST}/map",
        f"https://{HOST}.evil.example/map", f"https://{HOST}:81/map", f"javascript://{HOST}/map",
        f"https://{HOST}/auth/logout", f"https://{HOST}/", "https://[", "map", "",
        f"https://{HOST}/map?alignment={'x' * LONGEST}",
    ],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_not_kept(referer: str) -> None:
    assert left(referer, HOST, PAGES) == ""
    said = answer("/auth/login", {"referer": referer})
    assert f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" in said["set-cookie"]


def test_an_answer_that_leads_elsewhere_is_left_as_it_is() -> None:
    said = answer("/oauth2callback", {"cookie": f"{COOKIE}=map"}, to="https://login.example.com/")
    assert said["location"] == ["https://login.example.com/"]
    assert answer("/map", {"cookie": f"{COOKIE}=map"})["set-cookie"] == ["_streamlit_user=1"]


@settings(deadline=None)
@given(st.text() | st.text().map(lambda t: f"map?{t}") | st.text().map(lambda t: f"//{t}/map"))
def test_whatever_is_kept_leads_to_a_page_of_ours(kept: str) -> None:
    found = local(kept, PAGES)
    if found:
        at = urlsplit(f"/{found}")
        assert (at.scheme, at.netloc, at.fragment) == ("", "", "")
        assert at.path[1:] in PAGES
        assert found.isascii()
        assert found.isprintable()
        assert local(found, PAGES) == found
