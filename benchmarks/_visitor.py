"""A browser's half of the app's protocol, without a browser: a page that is open, and its map.

It does what the page does: keeps large messages and says which it has, runs what runs
by itself, asks for nothing that it did not miss, sends each edit until it is answered.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

MAP = "tp-geo.territory_map"
AGAIN_S = (1.5, 3.0, 6.0, 10.0)
"""After so long an edit that is not answered is sent again, as the map does."""


class Visitor:
    """A planner with the Map page open. ``name`` is the client's in the log of edits."""

    def __init__(self, url: str, name: str, plan: str) -> None:
        self.name, self.plan, self.faults = name, plan, list[str]()
        self._url, self._query = url, urlencode({"alignment": plan})
        self._socket: ClientConnection
        self._kept: dict[str, ForwardMsg] = {}
        self._alone: dict[str, asyncio.Task[None]] = {}
        self._hash = ""
        self._component, self._fragment = "", ""
        self._told: dict[str, Any] = {}
        self._news = asyncio.Condition()
        self._seq = 0
        self._listening: asyncio.Task[None] | None = None
        self.runs = 0
        self.seen: list[tuple[float, int]] = []
        """When the map was told which revision."""

    async def open(self) -> None:
        """Open the page, and wait until its map has been told something."""
        await self._join()
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: bool(self._component)), 120)

    async def close(self) -> None:
        """Close the page."""
        for task in [*self._alone.values(), self._listening]:
            if task:
                task.cancel()
        await self._socket.close()

    @property
    def revision(self) -> int:
        """The revision that the map shows."""
        return int(self._told.get("rev", 0))

    async def edit(self, to: int, items: list[int]) -> float:
        """Give containers to an area; return the seconds until the map was told that it is done.

        Raises ``AssertionError`` when it was refused.
        """
        self._seq += 1
        op = {"seq": self._seq, "kind": "assign", "to": to, "items": items}
        began = time.perf_counter()
        for patience_s in (*AGAIN_S, *[AGAIN_S[-1]] * 20):
            await self._send_edit(op)
            if await self._answered(patience_s):
                refused = [r for r in self._told["refused"] if self._is(r)]
                assert not refused, refused
                return time.perf_counter() - began
        raise AssertionError(f"{self.name}: edit {self._seq} was not answered")

    def _is(self, refused: Mapping[str, Any]) -> bool:
        return bool(refused["client"] == self.name and refused["seq"] == self._seq)

    async def _answered(self, patience_s: float) -> bool:
        def done() -> bool:
            return bool(self._told.get("ack", {}).get(self.name, 0) >= self._seq)

        try:
            async with self._news:
                await asyncio.wait_for(self._news.wait_for(done), patience_s)
        except TimeoutError:
            return False
        return True

    async def _send_edit(self, op: Mapping[str, Any]) -> None:
        value = {
            "client": self.name,
            "alignment": self._told["alignment"],
            "have": self._told["rev"],
            "ops": [op],
        }
        state = self._state(self._fragment)
        widget = state.widget_states.widgets.add()
        widget.id = f"$$STREAMLIT_INTERNAL_KEY_{self._component}__events"
        widget.json_trigger_value = json.dumps([{"event": "edit", "value": value}])
        await self._send(state)

    def _state(self, fragment: str = "") -> ClientState:
        return ClientState(
            query_string=self._query,
            page_script_hash=self._hash,
            page_name="" if self._hash else "map",
            fragment_id=fragment,
            cached_message_hashes=[*self._kept],
        )

    async def _send(self, state: ClientState) -> None:
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _join(self) -> None:
        address = self._url.replace("http", "ws", 1) + "/_stcore/stream"
        protocols: Any = ["streamlit"]
        self._socket = await connect(
            address, subprotocols=protocols, max_size=None, open_timeout=60, ping_interval=None
        )
        await self._send(self._state())
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                await self._hear(frame)
        except Exception as fault:  # noqa: BLE001 - told with the other faults
            self.faults.append(repr(fault))

    async def _hear(self, frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if message.WhichOneof("type") == "ref_hash":
            kept = ForwardMsg()
            kept.CopyFrom(self._kept[message.ref_hash])
            kept.metadata.CopyFrom(message.metadata)
            message = kept
        elif message.metadata.cacheable and message.hash:
            self._kept[message.hash] = message
        await self._take(message)

    async def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                if not message.metadata.run.fragment_ids:
                    self._end_alone([*self._alone])
            case "navigation":
                self._hash = message.navigation.page_script_hash
            case "auto_rerun":
                fragment, every_s = message.auto_rerun.fragment_id, message.auto_rerun.interval
                self._end_alone([fragment])
                self._alone[fragment] = asyncio.create_task(self._rerun(fragment, every_s))
            case "stop_auto_rerun":
                self._end_alone([message.stop_auto_rerun.fragment_id])
            case "script_finished":
                self.runs += 1
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                await self._show(message)

    def _end_alone(self, fragments: list[str]) -> None:
        for fragment in fragments:
            if task := self._alone.pop(fragment, None):
                task.cancel()

    async def _rerun(self, fragment: str, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            state = self._state(fragment)
            state.is_auto_rerun = True
            await self._send(state)

    async def _show(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "exception":
                self.faults.append(element.exception.message)
            case "alert" if "wrong" in element.alert.body or "can't" in element.alert.body:
                self.faults.append(element.alert.body)
            case "bidi_component" if element.bidi_component.component_name == MAP:
                self._component = element.bidi_component.id
                self._fragment = message.delta.fragment_id
                async with self._news:
                    self._told = json.loads(element.bidi_component.json)
                    if not self.seen or self.seen[-1][1] != self.revision:
                        self.seen.append((time.perf_counter(), self.revision))
                    self._news.notify_all()
