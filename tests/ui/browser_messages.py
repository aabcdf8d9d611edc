"""A browser of a page of a few lines: what it sends, and what comes of it, by Streamlit itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import Runtime
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.state import SafeSessionState, SessionState

LOOKS = 5
"""How often a part looks for news while a message is answered."""


class Browser:
    """A session of a script; it is run by the runner that serves sessions, part by part."""

    def __init__(self, script: Path) -> None:
        self._script = str(script)
        self._state = SessionState()
        self._fragments = MemoryFragmentStorage()
        self.runs: list[list[str] | None] = []
        """The parts that each run of the script was of; none where it was of all of it."""

        self.send()

    def __getitem__(self, key: str) -> Any:
        return SafeSessionState(self._state, lambda: None)[key]

    def part(self, key: str) -> str:
        """Return what a part of the page is known as."""
        return self._fragments.resolve_target([key])[0]

    def pressed(self, key: str) -> WidgetState:
        """Return what tells of the press of a button."""
        return WidgetState(id=self._known(key), trigger_value=True)

    def ticked(self, key: str) -> WidgetState:
        """Return what tells that a box was ticked."""
        return WidgetState(id=self._known(key), bool_value=True)

    def send(
        self, *said: WidgetState, parts: tuple[str, ...] = (), meanwhile: tuple[str, ...] = ()
    ) -> None:
        """Send a message and have the page answer.

        ``parts`` are those in which something was done; without them it was outside of any.
        ``meanwhile`` are parts that look for news by themselves whenever the script begins to run.
        """
        ids = [self.part(key) for key in parts]
        states = WidgetStates(widgets=said) if said else None
        request = RerunData(widget_states=states, fragment_id_queue=ids)
        with mock.patch.object(Runtime, "_instance", mock.MagicMock(spec=Runtime)) as runtime:
            for manager in ("media_file_mgr", "dataframe_source_mgr"):
                setattr(runtime, manager, mock.MagicMock())
            self._run(request, [self.part(key) for key in meanwhile])

    def _run(self, request: RerunData, meanwhile: list[str]) -> None:
        most = len(self.runs) + LOOKS
        loop, ended = asyncio.new_event_loop(), threading.Event()
        pages = PagesManager(self._script, ScriptCache(), setup_watcher=False)
        runner = ScriptRunner(
            session_id="session",
            main_script_path=self._script,
            session_state=self._state,
            uploaded_file_mgr=MemoryUploadedFileManager("/uploads"),
            script_cache=ScriptCache(),
            initial_rerun_data=request,
            user_info={},
            fragment_storage=self._fragments,
            pages_manager=pages,
            event_loop=loop,
        )

        def heard(sender: object, event: ScriptRunnerEvent, **told: Any) -> None:
            if event is ScriptRunnerEvent.SCRIPT_STARTED:
                self.runs.append(told["fragment_ids_this_run"])
                if meanwhile and len(self.runs) < most:
                    look = RerunData(widget_states=WidgetStates(), fragment_id_queue=meanwhile)
                    runner.request_rerun(look)
            if event is ScriptRunnerEvent.SHUTDOWN:
                ended.set()

        runner.on_event.connect(heard, weak=False)
        runner.start()
        assert ended.wait(60), "The page did not answer."
        loop.close()

    def _known(self, key: str) -> str:
        found = self._state.get_widget_id_from_key(key)
        assert found is not None, f"There is no {key} on the page."
        return found


def page(folder: Path, body: Callable[[], None]) -> Browser:
    """Return a browser that looks at a page whose script is the body of a function."""
    import inspect
    import textwrap

    lines = inspect.getsource(body).splitlines(keepends=True)
    script = folder / "page.py"
    script.write_text(textwrap.dedent("".join(lines[1:])), encoding="utf-8")
    return Browser(script)
