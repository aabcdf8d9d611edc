"""The org over http and https: a thin layer between a server and `Org.answer`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.service import Org
from tp_geo.errors import Unavailable

_IDLE_S: Final = 0.05
_LARGEST_HEAD: Final = 65_536
_STOPS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that is bound, with a certificate and its key when it speaks https."""

    socket: socket.socket
    url: str
    certificate: tuple[Path, Path] | None = None


class Application:
    """The org as a server knows it."""

    def __init__(self, org: Org) -> None:
        self._org = org

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        call = Call(
            request.method,
            request.url.path,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
            f"{request.url.scheme}://{request.url.netloc}",
        )
        answer = await run_in_threadpool(self._org.answer, call)
        if answer.wait_s:
            await asyncio.sleep(answer.wait_s)
        if answer.dropped:
            _close(send)
        else:
            await _response(answer)(scope, receive, send)


def listen(host: str, port: int, certificate: tuple[Path, Path] | None = None) -> Listener:
    """Return a socket that is bound to a port; 0 takes any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise Unavailable(
            f"The org can't answer at {host}:{port}: {error.strerror}. Choose another port."
        ) from error
    shown = f"[{host}]" if ":" in host else host
    scheme = "https" if certificate else "http"
    return Listener(bound, f"{scheme}://{shown}:{bound.getsockname()[1]}", certificate)


def serve(org: Org, listeners: Sequence[Listener], ready: Callable[[], None]) -> None:
    """Serve an org until the process is asked to stop; `ready` is called once it answers."""
    asyncio.run(_serve(org, listeners, ready))


async def _serve(org: Org, listeners: Sequence[Listener], ready: Callable[[], None]) -> None:
    servers = [_Server(_config(Application(org), listener)) for listener in listeners]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    with _stopping(stop):
        tasks = [
            asyncio.create_task(server.serve(sockets=[listener.socket]))
            for server, listener in zip(servers, listeners, strict=True)
        ]
        background = asyncio.create_task(_work(org))
        while not all(server.started for server in servers) and not any(t.done() for t in tasks):
            await asyncio.sleep(_IDLE_S)
        ready()
        await asyncio.gather(*tasks)
        background.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await background


async def _work(org: Org) -> None:
    while True:
        if not await run_in_threadpool(org.work):
            await asyncio.sleep(_IDLE_S)


class _Server(uvicorn.Server):
    """A server beside others: signals are handled once, for all of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    def handle(number: int, frame: object) -> None:
        stop()

    before: dict[signal.Signals, Any] = {number: signal.signal(number, handle) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _config(app: Application, listener: Listener) -> uvicorn.Config:
    public, private = listener.certificate or (None, None)
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        timeout_graceful_shutdown=1,
        ssl_certfile=public,
        ssl_keyfile=private,
    )


def _response(answer: Answer) -> Response:
    kind = None if answer.status == 204 else "application/json;charset=UTF-8"
    headers = {**({"Content-Type": kind} if kind else {}), **answer.headers}
    return Response(answer.content(), answer.status, headers)


def _close(send: Send) -> None:
    """Close the connection of a request without a word."""
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
