"""The peer: folium's HTML in a frame, painting what was clicked; Python never hears of it."""

import json
import os
import sys
from pathlib import Path

import streamlit as st
from streamlit.components.v1 import html

folder = Path(os.environ["TP_BENCH_PEERS"])
sys.path.insert(0, str(folder / "folium"))

import folium  # type: ignore[import-not-found]  # noqa: E402

PAINT = """(feature, layer) => {
  layer.on('click', () => layer.setStyle({ fillColor: 'rgb(230, 80, 60)' }));
  globalThis.peer ??= { began: performance.now() };
}"""


@st.cache_data
def page(longitude: float, latitude: float, zoom: float) -> str:
    made = folium.Map(
        (latitude, longitude), zoom_start=zoom, zoom_snap=0.5, tiles=None, prefer_canvas=True
    )
    areas = {
        "type": "FeatureCollection",
        "features": json.loads((folder / "features.json").read_text()),
    }
    folium.GeoJson(
        areas,
        style_function=lambda _: {"fillColor": "rgb(80, 120, 160)", "weight": 0, "fillOpacity": 1},
        on_each_feature=folium.JsCode(PAINT),
    ).add_to(made)
    return str(made.get_root().render())


st.set_page_config(layout="wide")
at = st.query_params
html(
    page(
        float(at.get("longitude", -96)),
        float(at.get("latitude", 38)),
        float(at.get("zoom", 3.5)) + 1,
    ),
    height=700,
)
