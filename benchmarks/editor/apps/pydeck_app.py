"""The peer: ``st.pydeck_chart``, painting what was clicked."""

import json
import os
from pathlib import Path
from typing import Any

import pydeck
import streamlit as st

st.set_page_config(layout="wide")


@st.cache_resource
def features() -> Any:
    return json.loads((Path(os.environ["TP_BENCH_PEERS"]) / "features.json").read_text())


state = st.session_state
painted = state.setdefault("painted", set())
if "map" in state:
    painted |= set(state.map.selection.indices.get("areas", ()))
areas = [
    feature | {"properties": {"color": [230, 80, 60] if n in painted else [80, 120, 160]}}
    for n, feature in enumerate(features())
]
view = {
    name: float(st.query_params.get(name, default))
    for name, default in (("longitude", -96), ("latitude", 38), ("zoom", 3.5))
}
st.pydeck_chart(
    pydeck.Deck(
        layers=[
            pydeck.Layer(
                "GeoJsonLayer",
                areas,
                id="areas",
                stroked=False,
                pickable=True,
                get_fill_color="properties.color",
            )
        ],
        initial_view_state=pydeck.ViewState(**view),
        map_provider=None,
    ),
    key="map",
    height=700,
    on_select="rerun",
)
