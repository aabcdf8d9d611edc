"""The address of tiles for the basemap: named by whoever runs the app, refused where it is none."""

from __future__ import annotations

import pytest

from tp_geo.errors import BadData
from tp_geo.ui import basemap


def test_no_server_is_asked_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(basemap.ADDRESS, raising=False)
    assert basemap.tiles() is None


def test_the_server_is_thanked_by_its_name_where_no_words_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(basemap.ADDRESS, basemap.EXAMPLE)
    monkeypatch.delenv(basemap.CREDIT, raising=False)
    assert basemap.tiles() == {"url": basemap.EXAMPLE, "credit": "Tiles: tiles.example.com"}


@pytest.mark.parametrize(
    "address",
    ["tiles.example.com/{z}/{x}/{y}.png", "https://example.com/{z}/{x}.png", "javascript:{z}{x}{y}",
     "https://[::1/{z}/{x}/{y}", "file:///{z}/{x}/{y}"],
)  # fmt: skip
def test_what_is_no_address_of_tiles_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(basemap.ADDRESS, address)
    with pytest.raises(BadData, match=r"TP_GEO_TILES is .* Write it as https://"):
        basemap.tiles()
