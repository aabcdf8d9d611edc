"""The peer: deck.gl in a Streamlit component that knows how to paint."""

import os
from pathlib import Path

import streamlit as st

st.set_page_config(layout="wide")
folder = Path(os.environ["TP_BENCH_PEERS"])


def edited() -> None:
    """Keep what was painted, as a planner's tool would."""
    st.session_state.setdefault("edits", []).append(st.session_state.map.edit)


@st.cache_data
def shapes() -> str:
    return (folder / "features.json").read_text()


@st.cache_resource
def source() -> str:
    own = Path(__file__).with_name("deckgl.js").read_text()
    return (folder / "deck.js").read_text() + "\n" + own


view = {
    name: float(st.query_params.get(name, default))
    for name, default in (("longitude", -96), ("latitude", 38), ("zoom", 3.5))
}
component = st.components.v2.component(
    "deckgl_peer",
    html='<div class="map" style="position:relative;height:700px"></div>',
    js=source(),
)
component(key="map", data={"shapes": shapes(), "view": view}, on_edit_change=edited)
