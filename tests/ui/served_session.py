"""A session of a small app as a server holds it, and what a browser makes of its messages."""

from __future__ import annotations

import asyncio
import inspect
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

WAIT_S = 30
ROOTS = 4


class Lost(Exception):
    """What the browser says when something is to go where nothing is, and shows nothing more."""


class Screen:
    """What a browser shows: as Streamlit's own does, by where each message puts something."""

    def __init__(self) -> None:
        self.page = ""
        self._main = ""
        self._nodes: dict[tuple[int, ...], tuple[str, str]] = {}

    @property
    def shown(self) -> list[str]:
        """The texts, from top to bottom."""
        return [text for _, (text, _) in sorted(self._nodes.items()) if text]

    def hear(self, message: ForwardMsg) -> None:
        """Do what a message says; raises `Lost` where the page would go blank."""
        if message.HasField("new_session"):
            self._main = message.new_session.main_script_hash
            if message.new_session.page_script_hash != self.page:
                self._nodes = {p: n for p, n in self._nodes.items() if n[1] == self._main}
            if not message.metadata.run.fragment_ids:
                self.page = message.new_session.page_script_hash
        elif message.HasField("navigation"):
            self.page = message.navigation.page_script_hash
        elif message.HasField("delta"):
            self._put(tuple(message.metadata.delta_path), message)

    def _put(self, path: tuple[int, ...], message: ForwardMsg) -> None:
        over = [path[:end] for end in range(2, len(path))]
        if any(p not in self._nodes for p in over):
            raise Lost(f"Nothing to put {path} into")
        self._nodes = {p: n for p, n in self._nodes.items() if p == path or p[: len(path)] != path}
        self._nodes[path] = (
            message.delta.new_element.markdown.body,
            message.metadata.active_script_hash,
        )


class Session:
    """A session, and the browser that looks at it; to be used within a running loop."""

    def __init__(self, script: Path) -> None:
        self.screen = Screen()
        self.session = AppSession(
            ScriptData(str(script), is_hello=False),
            MemoryUploadedFileManager("/uploads"),
            ScriptCache(),
            lambda: None,
            {},
        )

    def ask(self, *said: WidgetState, page: str = "", part: str = "", look: bool = False) -> None:
        """Ask for a run of a page, or of one part of it, as a browser that shows it does.

        ``look``: a part looks for news by itself.
        """
        message = BackMsg()
        message.rerun_script.widget_states.CopyFrom(WidgetStates(widgets=said))
        message.rerun_script.is_auto_rerun = look
        message.rerun_script.page_script_hash = page or self.screen.page
        if part:
            message.rerun_script.fragment_id = self.part(part)
        self.session.handle_backmsg(message)

    def part(self, key: str) -> str:
        """Return what a part of the page is known as."""
        return self.session._fragment_storage.resolve_target([key])[0]

    def pressed(self, key: str) -> WidgetState:
        """Return what tells of the press of a button."""
        found = self.session.session_state.get_widget_id_from_key(key)
        assert found is not None, f"There is no {key} on the page."
        return WidgetState(id=found, trigger_value=True)

    def page(self, name: str) -> str:
        """Return what a page of the app is known as."""
        pages = self.session.get_pages()
        return next(k for k, page in pages.items() if page["page_name"] == name)

    async def quiet(self) -> None:
        """Wait until nothing runs."""
        await self.until(lambda: self.session._scriptrunner is None)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds; the server answers meanwhile."""
        until = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < until, "The page did not answer."
            await asyncio.sleep(0.005)

    def listen(self) -> None:
        """Have the browser hear what was said so far."""
        for message in self.session.flush_browser_queue():
            self.screen.hear(message)

    def block(self) -> None:
        """Let the script come to its end while the server hears nothing of it."""
        runner = self.session._scriptrunner
        assert runner is not None
        until = time.monotonic() + WAIT_S
        while runner._requests._state is not ScriptRequestType.STOP:
            assert time.monotonic() < until, "The script did not end."
            time.sleep(0.001)


@contextmanager
def session(folder: Path, body: Callable[[], None]) -> Iterator[Session]:
    """Return a session of an app whose script is the body of a function."""
    lines = inspect.getsource(body).splitlines(keepends=True)
    script = folder / "app.py"
    script.write_text(textwrap.dedent("".join(lines[1:])), encoding="utf-8")
    with mock.patch.object(Runtime, "_instance", mock.MagicMock(spec=Runtime)) as runtime:
        for manager in ("media_file_mgr", "dataframe_source_mgr"):
            setattr(runtime, manager, mock.MagicMock())
        served = Session(script)
        try:
            yield served
        finally:
            served.session.shutdown()


def run(folder: Path, body: Callable[[], None], story: Callable[[Session], Any]) -> None:
    """Have a story happen between a browser and the app."""

    async def told() -> None:
        with session(folder, body) as served:
            served.ask()
            await served.quiet()
            served.listen()
            await story(served)

    asyncio.run(told())
