"""The basemap: tiles of a map server that whoever runs the app may name; else none is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from tp_geo.errors import BadData

ADDRESS = "TP_GEO_TILES"
CREDIT = "TP_GEO_TILES_CREDIT"
PLACES = ("{z}", "{x}", "{y}")
EXAMPLE = "https://tiles.example.com/{z}/{x}/{y}.png"


def tiles() -> Mapping[str, str] | None:
    """Return the address of tiles and whom to thank for them, as ``TP_GEO_TILES`` says.

    Tiles are squares of Web Mercator, numbered as usual. Raises ``BadData`` for what
    is no address of tiles.
    """
    url = os.environ.get(ADDRESS, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        known = None
    if not known or not all(place in url for place in PLACES):
        raise BadData(f"{ADDRESS} is {url!r}, which is no address of tiles. Write it as {EXAMPLE}.")
    return {"url": url, "credit": os.environ.get(CREDIT, "").strip() or f"Tiles: {parts.hostname}"}
