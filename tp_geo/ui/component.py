"""The map as Streamlit v2 components: the only module that knows their interface."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

import streamlit as st

from tp_geo.errors import Unavailable
from tp_geo.ui import bundle

Callback: TypeAlias = Callable[[], None]

DISTRIBUTION = "tp-geo"
EVENTS = ("edit", "need", "resync", "selection", "focus", "act", "choose", "find")
"""What the browser may say."""

STATES = ("selection", "focus", "act", "choose")
"""Of these, what is told stays until it is heard; the others are triggers, which may get lost."""


def territory_map(
    payload: Mapping[str, Any],
    *,
    key: str,
    height: int,
    on_edit: Callback,
    on_need: Callback,
    on_resync: Callback,
    on_selection: Callback,
    on_focus: Callback,
    on_act: Callback,
    on_choose: Callback,
    on_find: Callback,
) -> Any:
    """Show the map with its legend and tools; the result has one attribute per event.

    ``height`` is in pixels; the page's CSS variable ``--tp-map-height`` wins over it.
    In a callback the event is ``st.session_state[key][name]``. Call inside a
    fragment, always with the same key, and never inside a form.
    """
    data = {**payload, "height": height}
    json.dumps(data)  # Streamlit would silently send str(data) when this fails
    mount = _component("territory_map", "map.js", "map.css")
    return mount(
        key=key,
        data=data,
        height="content",
        default=dict.fromkeys(STATES),
        on_edit_change=on_edit,
        on_need_change=on_need,
        on_resync_change=on_resync,
        on_selection_change=on_selection,
        on_focus_change=on_focus,
        on_act_change=on_act,
        on_choose_change=on_choose,
        on_find_change=on_find,
    )


def feed(key: str, blob: bytes) -> None:
    """Bring the bytes named ``key`` to the browser; mount it while the map asks for them."""
    name = key.encode()
    mount = _component("feed", "feed.js", None)
    mount(key=f"feed-{key}", data=struct.pack("<I", len(name)) + name + blob, height=1)


@cache
def _component(name: str, script: str, style: str | None) -> Callable[..., Any]:
    """Register on first use: at import time nothing but a running app knows the manifest."""
    try:
        js = bundle.script(script)
        return st.components.v2.component(f"{DISTRIBUTION}.{name}", js=js, css=style)
    except st.errors.StreamlitAPIException as fault:
        raise Unavailable(
            f"The map component is not installed ({fault}). "
            "Install the package, for example with `pip install -e .`; a checkout alone won't do."
        ) from fault
