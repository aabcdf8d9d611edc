"""Bytes that take a while: made beside the pages, once for all sessions that ask for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import streamlit as st

SOON_S = 0.5
"""Whoever asks waits so long at most."""


class _Makers:
    """What is being made, by name. Jobs must not call Streamlit."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[bytes]] = {}

    def get(self, key: str, make: Callable[[], bytes]) -> tuple[bool, bytes | None]:
        with self._lock:
            began = key not in self._under_way
            if began:
                self._under_way[key] = self._pool.submit(make)
            future = self._under_way[key]
        wait([future], SOON_S)
        if not future.done():
            return began, None
        with self._lock:
            self._under_way.pop(key, None)
        return began, future.result()


def get(key: str, make: Callable[[], bytes]) -> tuple[bool, bytes | None]:
    """Return whether making something began now, and what came of it if it is ready.

    Who gets ``None`` asks again later. What ``make`` raises is raised here.
    """
    return _makers().get(key, make)


@st.cache_resource(show_spinner=False)
def _makers() -> _Makers:
    return _Makers()
