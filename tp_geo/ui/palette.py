"""Colors of areas: told apart by color-blind readers, steady while the plan changes."""

from __future__ import annotations

from collections.abc import Mapping

from tp_geo.domain.alignment import Alignment, AreaId

COLORS = (
    "#77aadd",
    "#ee8866",
    "#c3cc5a",
    "#aa7ab5",
    "#eedd88",
    "#44bb99",
    "#ffaabb",
    "#8c9bd1",
    "#d0708f",
    "#a5dcf2",
    "#c49a6c",
    "#5fa3a8",
)
"""Light enough to write on and apart under the common color deficiencies.

Based on the light scheme of Paul Tol, Colour Schemes, SRON/EPS/TN/09-002, 2021.
"""

UNASSIGNED = "#8b949c"
_STRIDE = 5


def colors(alignment: Alignment) -> Mapping[AreaId, str]:
    """Return a color for every area; one a person chose wins.

    The first area below another takes its place in the order of colors, so
    that dividing an area repaints nothing; its siblings follow in strides.
    """
    found: dict[AreaId, str] = {}
    waiting: list[tuple[AreaId, int]] = _placed(alignment, None, 0, 1)
    while waiting:
        area, place = waiting.pop()
        found[area] = alignment.areas[area].color or COLORS[place % len(COLORS)]
        waiting += _placed(alignment, area, place, _STRIDE)
    return found


def _placed(
    alignment: Alignment, parent: AreaId | None, base: int, stride: int
) -> list[tuple[AreaId, int]]:
    return [(k, base + i * stride) for i, k in enumerate(alignment.children(parent))]
