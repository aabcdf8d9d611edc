"""A network between the app and its database that can be slow, silent, cut in the middle."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
CHUNK = 4096


class Network:
    """Passes bytes on from a port of its own to a server's, as badly as it is told.

    ``delay_s`` is how late each chunk arrives. ``cut_at`` is after how many
    bytes a connection is cut, from now on: those to the server counted when
    ``upward``, else those from it. ``silent``: takes all and passes nothing on.
    ``down``: nobody gets in.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self.delay_s = 0.0
        self.cut_at: int | None = None
        self.upward = True
        self.silent = False
        self.down = False
        self.passed = {True: 0, False: 0}
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._meet, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def through(self, address: str) -> str:
        """Return an address of the server as it is reached by this network."""
        return address.replace(f":{self._to}/", f":{self.port}/") + "&connect_timeout=2"

    def cut(self) -> None:
        """Cut all that is connected, and let nobody in as long as the network is ``down``."""
        self.down = True
        self._do(self._cut())

    def cut_after(self, count: int, *, upward: bool) -> None:
        """Cut what is connected, once, when so many more bytes have gone one way."""
        self.upward, self.passed = upward, {True: 0, False: 0}
        self.cut_at = count

    def close(self) -> None:
        """Give up the port."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)

    async def _end(self) -> None:
        self._server.close()
        await self._cut()
        await asyncio.sleep(0.05)  # those who pass on see that they are cut

    async def _cut(self) -> None:
        for writer in [*self._writers]:
            writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, up_writer}
        await asyncio.gather(
            self._pass_on(reader, up_writer, upward=True),
            self._pass_on(up_reader, writer, upward=False),
        )
        self._writers -= {writer, up_writer}

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, upward: bool
    ) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._pause(lambda: self.silent)
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                self.passed[upward] += len(data)
                if self.cut_at is not None and upward is self.upward:
                    over = self.passed[upward] - self.cut_at
                    if over >= 0:
                        self.cut_at = None
                        writer.write(data[: len(data) - over])
                        await writer.drain()
                        await self._cut()
                        return
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort() if self.silent else writer.close()

    async def _pause(self, wanted: Callable[[], bool]) -> None:
        while wanted():
            await asyncio.sleep(0.02)
