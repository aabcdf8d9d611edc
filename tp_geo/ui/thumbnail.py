"""A small map of an alignment as a picture: every pixel knows its container."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.hierarchy import shown_at
from tp_geo.geometry import palette
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.flatten import on_plane
from tp_geo.geometry.projection import projection_for

WIDTH, HEIGHT = 480, 288
MARGIN = 0.02
FAINT = 110
"""How much of what is unassigned is seen; pictures lie on light and dark pages."""

DENSE = "#2f7fc4"
LEAST, MOST = 28, 255
BORDER = 0.55
"""How dark the line between two areas is, as a share of its color."""

Pixels = NDArray[np.int32]
Picture = NDArray[np.uint8]


def pixels(boundaries: Boundaries) -> Pixels:
    """Return the container under every pixel, -1 for none; (HEIGHT, WIDTH).

    Shapes are put on the plane first, so that the picture looks like the map.
    """
    projection = projection_for(boundaries.country, boundaries.xy)
    shapes = on_plane(boundaries.polygons, projection)
    shown = np.flatnonzero(~shapely.is_empty(shapes))
    if not len(shown):
        return np.full((HEIGHT, WIDTH), -1, dtype=np.int32)
    flat = shapes[shown]
    points = _grid(shapely.bounds(flat))
    tree = shapely.STRtree(flat)
    point, shape = tree.query(points, predicate="intersects")
    found = np.full(len(points), -1, dtype=np.int32)
    found[point] = shown[shape]
    return found.reshape(HEIGHT, WIDTH)


def picture(
    under: Pixels, alignment: Alignment, colors: Mapping[AreaId, str], level: int = 1
) -> bytes:
    """Return the areas of a level as a PNG; nothing behind them."""
    shown = shown_at(alignment, level)[alignment.area_of[: alignment.items.containers]]
    area = np.where(under >= 0, shown[under], -1)
    table = np.zeros((int(max(alignment.areas, default=0)) + 2, 4), dtype=np.uint8)
    table[UNASSIGNED] = (*_rgb(palette.UNASSIGNED), FAINT)
    for k, color in colors.items():
        table[k] = (*_rgb(color), 255)
    image: Picture = table[area]
    edge = _borders(area)
    image[edge, :3] = (image[edge, :3] * BORDER).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(image).save(out, format="PNG", optimize=True)
    return out.getvalue()


def density(under: Pixels, values: NDArray[np.float64]) -> bytes:
    """Return how much there is of something as a PNG, the denser the deeper, on a log scale."""
    there = values > 0
    share = np.zeros(len(values))
    if there.any():
        low, high = np.quantile(np.log10(values[there]), [0.05, 0.99])
        logs = np.log10(np.maximum(values, 1e-12))
        share = np.clip((logs - low) / max(high - low, 1e-9), 0.0, 1.0)
    alpha = np.where(there, LEAST + share * (MOST - LEAST), LEAST / 2).astype(np.uint8)
    image: Picture = np.zeros((*under.shape, 4), dtype=np.uint8)
    shown = under >= 0
    image[shown, :3] = _rgb(DENSE)
    image[shown, 3] = alpha[under[shown]]
    out = io.BytesIO()
    Image.fromarray(image).save(out, format="PNG", optimize=True)
    return out.getvalue()


def _grid(bounds: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return the middle of every pixel as a point, rows from the north."""
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    size = max((east - west) / WIDTH, (north - south) / HEIGHT) * (1 + 2 * MARGIN)
    x = (west + east) / 2 + (np.arange(WIDTH) - WIDTH / 2 + 0.5) * size
    y = (south + north) / 2 - (np.arange(HEIGHT) - HEIGHT / 2 + 0.5) * size
    at_x, at_y = np.meshgrid(x, y)
    points: NDArray[np.object_] = shapely.points(at_x.ravel(), at_y.ravel())
    return points


def _borders(area: Pixels) -> NDArray[np.bool_]:
    edge = np.zeros(area.shape, dtype=np.bool_)
    there = area >= 0
    for axis in (0, 1):
        other = np.roll(area, -1, axis)
        edge |= there & (other >= 0) & (other != area)
    return edge


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
