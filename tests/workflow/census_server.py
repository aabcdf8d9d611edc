"""A server on this machine with the Census's addresses: ranges, tags, and breaks on demand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class CensusServer:
    """What is served; ``break_after`` ends the next answer after so many bytes, once."""

    files: dict[str, bytes]
    tag: str = '"first"'
    break_after: int | None = None
    failures: list[int] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[CensusServer]:
    """Yield a server of files by path, on a free port of the loopback."""
    server = CensusServer(files)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield server
    http.shutdown()
    http.server_close()
    thread.join()


def _handler(server: CensusServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Range")))
            body = server.files.get(self.path.lstrip("/"))
            if server.failures:
                self.send_error(server.failures.pop(0))
            elif body is None:
                self.send_error(404)
            else:
                self._give(body)

        def _give(self, body: bytes) -> None:
            start = self._start(len(body))
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("ETag", server.tag)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            end = len(body) if server.break_after is None else start + server.break_after
            server.break_after = None
            self.wfile.write(body[start:end])
            self.close_connection = True

        def _start(self, size: int) -> int:
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
            same = self.headers.get("If-Range") == server.tag
            return int(asked[1]) if asked and same and int(asked[1]) < size else 0

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
