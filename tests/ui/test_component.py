import json
import struct

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.ui.component import EVENTS, territory_map


def page():
    import streamlit as st

    from tp_geo.ui.component import EVENTS, feed, territory_map

    def heard():
        st.session_state.heard = True

    found = territory_map(
        {"name": "main", "rev": 1},
        key="map",
        height=500,
        **{f"on_{event}": heard for event in EVENTS},
    )
    st.session_state.names = sorted(found)
    feed("0123abcd", b"shapes")


@pytest.fixture(scope="module")
def shown():
    return AppTest.from_function(page, default_timeout=30).run()


def test_the_map_is_mounted_with_its_data(shown):
    assert not shown.exception
    proto = shown.get("bidi_component")[0].proto
    assert proto.component_name == "tp-geo.territory_map"
    assert json.loads(proto.json) == {"name": "main", "rev": 1, "height": 500}
    assert proto.js_source_path.startswith("built/map-")
    assert proto.css_source_path.endswith("map.css")


def test_every_event_has_a_place_in_the_result(shown):
    assert shown.session_state.names == sorted(EVENTS)


def test_the_feed_brings_the_key_before_the_bytes(shown):
    sent = shown.get("bidi_component")[1].proto.bytes
    (length,) = struct.unpack_from("<I", sent)
    assert sent[4 : 4 + length] == b"0123abcd"
    assert sent[4 + length :] == b"shapes"


def test_data_that_is_no_json_fails_at_once():
    callbacks = {f"on_{event}": print for event in EVENTS}
    with pytest.raises(TypeError, match="not JSON serializable"):
        territory_map({"name": {1, 2}}, key="map", height=5, **callbacks)
