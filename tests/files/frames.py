"""A small country of four postal codes, and tables of rows in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from tp_geo.files.frame import Frame, frame_of
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.geometry.combining import Portion, combined

CODES = ("02139", "10001", "94110", "94111")
CORNERS = ((-72, 42), (-74, 40), (-123, 37), (-122, 37))
"""South-west corner of each code's square of one degree."""

CITIES = ("Cambridge", "New York", "San Francisco", "Daly City")


def layer(kind: str = "postal", country: str = "US", codes: tuple[str, ...] = CODES) -> Boundaries:
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in CORNERS]
    return build_boundaries(
        np.array(codes, dtype=object),
        np.array([f"City {c}" for c in codes], dtype=object),
        np.array(squares, dtype=object),
        kind=kind,
        country=country,
    )


FSA = ("K1A", "M5V", "V5K", "V6B")
MUNICIPALITIES = ("02004", "09001", "09002", "10001")
"""The first lost a zero as a number; 09001 is the US Army's too, 10001 is in New York."""


def america() -> Boundaries:
    """Return US postal codes, Canadian FSAs 7 degrees north and municipalities 9 degrees south."""
    canada = _moved(layer("fsa", "CA", codes=FSA), north=7)
    mexico = _moved(layer("municipality", "MX", codes=MUNICIPALITIES), north=-9)
    parts = (layer(), canada, mexico)
    return combined([Portion(p.country, p, np.arange(len(p))) for p in parts], name="America")[0]


def _moved(boundaries: Boundaries, north: float) -> Boundaries:
    return replace(
        boundaries,
        polygons=shapely.transform(boundaries.polygons, lambda xy: xy + np.array([0, north])),
    )


def lookup() -> pd.DataFrame:
    """Known places: PO boxes in 02139, a code with a point alone, one abroad, the army's."""
    rows = [
        ("02138", -71.5, 42.5, "po_box", "02139", "Cambridge"),
        ("09001", np.nan, np.nan, "military", "", "APO"),
        ("10099", -73.5, 40.5, "unique", "", "New York"),
        ("96799", -170.7, -14.3, "standard", "", "Pago Pago"),
        *(
            (code, x + 0.5, y + 0.5, "standard", "", city)
            for code, (x, y), city in zip(CODES, CORNERS, CITIES, strict=True)
        ),
    ]
    return pd.DataFrame(rows, columns=["code", "lon", "lat", "kind", "container", "city"])


def frame(kind: str = "postal", codes: tuple[str, ...] = CODES) -> Frame:
    return frame_of(layer(kind, codes=codes), lookup=lookup())


def rows(*given: dict[str, str], fill: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return a table of texts with the columns of all rows, "" where a row has none."""
    names = dict.fromkeys([*fill, *(name for row in given for name in row)])
    return pd.DataFrame([[r.get(n, "") for n in names] for r in given], columns=[*names], dtype=str)
