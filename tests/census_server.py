"""Files in the layout of the Census, and a server of them: ranges, tags, breaks on demand."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from tp_geo.geometry.boundaries import Boundaries


def census_table(postal: Boundaries, here: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Return some postal areas with the columns and the coordinates of the Census's file."""
    codes = postal.codes[here]
    return gpd.GeoDataFrame(
        {
            "ZCTA5CE20": codes,
            "AFFGEOID20": [f"860Z200US{c}" for c in codes],
            "GEOID20": codes,
            "NAME20": codes,
            "LSAD20": "Z5",
            "ALAND20": 1,
            "AWATER20": 0,
        },
        geometry=postal.polygons[here],
        crs=4326,
    ).to_crs(4269)


def zipped(table: gpd.GeoDataFrame) -> bytes:
    """Return a zipped shapefile as the Census makes it."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as made:
        table.to_file(Path(made) / "cb_2020_us_zcta520_500k.shp")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(made).iterdir()):
                archive.write(part, part.name)
    return out.getvalue()


@dataclass
class CensusServer:
    """What is served.

    ``break_after`` ends the next answer after so many bytes, once;
    ``hold_after`` keeps the rest of every answer back until ``go``.
    """

    files: dict[str, bytes]
    tag: str = '"first"'
    break_after: int | None = None
    hold_after: int | None = None
    go: Event = field(default_factory=Event)
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
    server.go.set()
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
            first = end if server.hold_after is None else min(end, start + server.hold_after)
            with suppress(ConnectionError):
                self.wfile.write(body[start:first])
                if first < end:
                    server.go.wait()
                    self.wfile.write(body[first:end])
            self.close_connection = True

        def _start(self, size: int) -> int:
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
            same = self.headers.get("If-Range") == server.tag
            return int(asked[1]) if asked and same and int(asked[1]) < size else 0

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
