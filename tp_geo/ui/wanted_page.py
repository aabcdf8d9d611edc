"""The page somebody wanted before signing in: kept in the browser for ten minutes, gone to after.

Streamlit's sign-in always ends at the first page. The way to the provider
begins with a request of ours, whose ``Referer`` is the page that was open
(docs/decisions/0028-links-with-a-level.md).
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "tp_geo_wanted"
KEPT_S: Final = 600
"""So long signing in may take."""
LONGEST: Final = 1_500
"""Characters of an address that is kept."""
MOST_FIELDS: Final = 20
LOGIN: Final = "auth/login"
CALLBACK: Final = "oauth2callback"


def local(address: str, pages: Container[str]) -> str:
    """Return ``page?query`` of one of the app's own pages, put together anew; "" for all else."""
    page, _, query = address.partition("?")
    if page not in pages or len(address) > LONGEST:
        return ""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return ""
    found = f"{page}?{urlencode(fields)}" if fields else page
    return found if len(found) <= LONGEST else ""


def left(referer: str, host: str, pages: Container[str]) -> str:
    """Return the page of ours, at this host, that somebody came from; "" for all else."""
    try:
        at = urlsplit(referer)
    except ValueError:
        return ""
    if at.scheme not in ("http", "https") or at.netloc.casefold() != host.casefold():
        return ""
    page = at.path.rpartition("/")[2]
    return local(f"{page}?{at.query}" if at.query else page, pages)


class Returning:
    """Has who signs in arrive at the page they wanted, one of ``pages``."""

    def __init__(self, app: ASGIApp, pages: Container[str]) -> None:
        self._app, self._pages = app, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope.get("path", "")
        step = next((k for k in (LOGIN, CALLBACK) if path.endswith(f"/{k}")), "")
        if scope["type"] != "http" or not step:
            await self._app(scope, receive, send)
            return
        asked, root = Headers(scope=scope), path.removesuffix(step)
        wanted = self._wanted(asked) if step == CALLBACK else self._left(asked)

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                if step == CALLBACK and wanted and said.get("location") == root:
                    said["location"] = root + wanted
                kept = wanted if step == LOGIN else ""
                said.append("set-cookie", _cookie(kept, root, secure=_secure(scope, asked)))
            await send(message)

        await self._app(scope, receive, answered)

    def _left(self, asked: Headers) -> str:
        return left(asked.get("referer", ""), asked.get("host", ""), self._pages)

    def _wanted(self, asked: Headers) -> str:
        kept = cookie_parser(asked.get("cookie", "")).get(COOKIE, "")
        return local(unquote(kept), self._pages)


def _cookie(wanted: str, path: str, *, secure: bool) -> str:
    """Return the header that keeps a page, or lets go of the one that is kept for none."""
    seconds = KEPT_S if wanted else 0
    rest = "HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
    return f"{COOKIE}={quote(wanted, safe='')}; Path={path}; Max-Age={seconds}; {rest}"


def _secure(scope: Scope, asked: Headers) -> bool:
    return "https" in (scope.get("scheme"), asked.get("x-forwarded-proto", ""))
