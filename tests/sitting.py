"""A session of the app without a browser: the map's events are told to it one by one, fast."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

import states
import streamlit as st
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    RunLocation,
    ScriptRunContext,
    ThreadState,
    add_script_run_ctx,
)
from streamlit.runtime.state import SafeSessionState, SessionState

from tp_geo.errors import TpGeoError
from tp_geo.store import open_store
from tp_geo.ui import edge, map_view, review_map, state
from tp_geo.workflow.planner import Planner

CALLBACKS: Mapping[str, Callable[[], object]] = {
    "edit": map_view._on_edit,
    "need": map_view._on_need,
    "resync": map_view._on_resync,
    "selection": map_view._on_selection,
    "focus": map_view._on_focus,
    "act": map_view._on_act,
    "choose": map_view._on_choose,
    "find": map_view._on_find,
}
ON_REVIEW: Mapping[str, Callable[[], object]] = {
    "selection": partial(review_map._on_selection, 1),
    "focus": review_map._on_focus,
}
EVENTS_A_PLAN = 300
"""After so many a new plan is open: each step of a long history takes longer."""


class Sitting:
    """A session with a plan open, on a store of its own; what nobody foresaw is raised."""

    def __init__(self, folder: Path) -> None:
        self._environment = {
            "TP_GEO_STORE": str(folder / "sitting.duckdb"),
            "TP_GEO_USER": "anna",
        }
        self._planner = Planner(open_store(self._environment["TP_GEO_STORE"]))
        states.keep(self._planner.store)
        self._numbers = count()
        self._context = ScriptRunContext(
            "sitting",
            lambda message: None,
            "",
            SafeSessionState(SessionState(), lambda: None),
            MemoryUploadedFileManager("/uploads"),
            "app.py",
            {},
            MemoryFragmentStorage(),
            PagesManager("app.py"),
        )

    def hears(self, said: Mapping[str, Any]) -> None:
        """Have the map of each page say something, then tell the map what it is told next.

        Raises the first error of ours that is told.
        """
        with self._sitting():
            if next(self._numbers) % EVENTS_A_PLAN == 0:
                for info in self._planner.plans():
                    self._planner.archive(self._planner.open(info.id))
                areas = ("West", "East")
                plan = self._planner.create("Plan", states.NAME, by="anna", areas=areas)
                state.enter(plan.info)
            for key, known in ((map_view.KEY, CALLBACKS), (review_map.KEY, ON_REVIEW)):
                st.session_state[key] = said
                for event in known.keys() & said.keys():
                    with suppress(RerunException):
                        known[event]()
            self._shown()

    def close(self) -> None:
        """Give up the store."""
        with self._sitting():
            st.cache_resource.clear()
        self._planner.store.close()

    def _shown(self) -> None:
        """Tell the map what it would be told; raise what a notice tells."""
        now = state.now()
        assert now is not None
        told = json.dumps(map_view.payload(now, map_view.screen()), allow_nan=False)
        assert len(told.encode()) < 5_000_000
        for text, bad, _ in st.session_state.pop(state.NOTICES, []):
            text.encode()
            if bad:
                raise TpGeoError(text)

    @contextmanager
    def _sitting(self) -> Iterator[None]:
        add_script_run_ctx(ctx=self._context)
        with (
            mock.patch.dict("os.environ", self._environment),
            mock.patch.object(edge, "unforeseen", _raised),
            ThreadState.scoped(run_location=RunLocation.CALLBACK),
        ):
            yield


def _raised(fault: Exception) -> NoReturn:
    raise fault
