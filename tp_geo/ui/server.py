"""What the server adds to the pages: headers that protect them, health, readiness, figures."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from tp_geo import logs, metrics, settings
from tp_geo.errors import BadData, TpGeoError
from tp_geo.store import open_store
from tp_geo.store.underway import COMMITS
from tp_geo.ui import basemap, edge, navigation
from tp_geo.ui.wanted_page import Returning

TOKEN: Final = "TP_GEO_METRICS_TOKEN"  # noqa: S105 - the name of the variable
STOP_S: Final = 30.0
"""So long a commit that is under way may take when the app is told to stop."""
READY_S: Final = 5.0
"""So long the store may take to answer."""
_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
PAGES: Final = frozenset(at for _, at in navigation.PAGES.values())
"""Addresses of pages, without the first: after signing in people may arrive at any."""
_began: Final = time.time()
_open_pages = [0]
_looking: Final = threading.Lock()


def parts() -> dict[str, Any]:
    """Return what ``st.App`` is to serve beside the pages."""
    settings.load()
    PagesManager.uses_pages_directory = False  # app.py has the navigation, also for the first visit
    metrics.Gauge("tp_geo_pages_open", "Pages that are open.", lambda: _open_pages[0])
    metrics.Gauge("process_start_time_seconds", "When the process began.", lambda: _began)
    metrics.Gauge("process_resident_memory_bytes", "Memory the process has.", _resident_bytes)
    return {
        "routes": [
            Route("/healthz", _health),
            Route("/readyz", _readiness),
            Route("/metrics", _figures),
        ],
        "middleware": [Middleware(Protected), Middleware(Returning, pages=PAGES)],
        "lifespan": _life,
        "on_script_error": _unforeseen,
    }


@cache
def headers() -> Mapping[str, str]:
    """Return the headers of every answer."""
    return {**_HEADERS, "content-security-policy": policy()}


def policy() -> str:
    """Return what pages may load, and from where: nothing but their own, and tiles if named."""
    tiles = _tiles_host()
    inline = " ".join(f"'sha256-{_digest(script)}'" for script in _inline_scripts())
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' 'wasm-unsafe-eval' {inline}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' data: blob: {tiles}",
        "font-src": "'self' data:",
        "connect-src": f"'self' {tiles}",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value.strip()}" for name, value in rules.items())


class Protected:
    """Puts the headers on every answer, and counts the pages that are open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(k.encode(), v.encode()) for k, v in headers().items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            _open_pages[0] += 1
            try:
                await self._app(scope, receive, send)
            finally:
                _open_pages[0] -= 1
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._headers}
                theirs = [h for h in message.get("headers", []) if h[0].lower() not in ours]
                message = {**message, "headers": [*theirs, *self._headers]}
            await send(message)

        await self._app(scope, receive, protected)


async def _health(_: Request) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok")


async def _readiness(_: Request) -> Response:
    """Say whether the store answers, so that pages can be shown."""
    try:
        said = await asyncio.wait_for(run_in_threadpool(_look), READY_S)
    except TimeoutError:
        said = "the store does not answer in time"
    ready = not said
    body = {"status": "ready" if ready else "unavailable", **({"why": said} if said else {})}
    return JSONResponse(body, status_code=200 if ready else 503)


def _look() -> str:
    """Return what is wrong with the store, "" when it answers."""
    if not _looking.acquire(blocking=False):
        return "the store is still being asked"
    try:
        store = open_store()
        try:
            store.blob("readiness")
        finally:
            store.close()
    except TpGeoError as error:
        logs.event("not_ready", why=str(error))
        return "the store can't be read just now; the log says why"
    finally:
        _looking.release()
    return ""


async def _figures(request: Request) -> Response:
    """Tell the figures to who has the token, or where there is none to this machine alone."""
    if not _may_see(request):
        return PlainTextResponse("Not Found", status_code=404)
    return Response(metrics.text(), media_type=_FORMAT)


def _may_see(request: Request) -> bool:
    token = os.environ.get(TOKEN, "")
    if token:
        said = request.headers.get("authorization", "")
        return secrets.compare_digest(said.encode(), f"Bearer {token}".encode())
    forwarded = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers)
    return not forwarded and request.client is not None and _loopback(request.client.host)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def _life(_: st.App) -> AsyncIterator[None]:
    logs.serve()
    logs.event("started", version=version("tp-geo"), pid=os.getpid())
    yield
    ended = await run_in_threadpool(COMMITS.ended, STOP_S)
    logs.event("stopping", pid=os.getpid(), commits_ended=ended)


def _unforeseen(fault: Exception) -> bool:
    """Tell what no edge of a page caught in the same words."""
    st.error(edge.unforeseen(fault), icon=":material/error:")
    return True


def _tiles_host() -> str:
    try:
        tiles = basemap.tiles()
    except BadData:
        return ""
    if tiles is None:
        return ""
    parts_ = urlsplit(tiles["url"])
    host = re.sub(r"\{[^}]*\}", "*", parts_.netloc.rpartition("@")[2])
    return f"{parts_.scheme}://{host}"


def _inline_scripts() -> list[bytes]:
    """Return what Streamlit's page has of scripts in itself."""
    page = Path(st.__file__).parent / "static" / "index.html"
    return _INLINE.findall(page.read_bytes())


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def _resident_bytes() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * float(os.sysconf("SC_PAGE_SIZE"))
