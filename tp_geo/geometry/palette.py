"""The colors of areas: no two alike side by side, told apart by color-blind readers.

Maps, pictures and tables take them from here. How the colors were found and
what they are measured against: ``docs/decisions/0012-colors-of-areas.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Items
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.coloring import Beginning, Choice, borders, colored
from tp_geo.geometry.earth import Floats
from tp_geo.geometry.vision import least_difference, rgb

COLORS = (
    "#8ab3f7", "#cb6379", "#f9d578", "#9d8041", "#e49dc0", "#a5b98b",
    "#9a82b9", "#bcdcfd", "#28a795", "#ebe3bd", "#bba94b",
)  # fmt: skip
"""In a ring: those that follow one another are furthest apart, as areas made one after another
often lie side by side."""

UNASSIGNED = "#8b949c"

DARK = 0.74
"""On dark pages the map draws every color times this, so that it does not glare."""

LEAST = 10.0
"""No two colors differ less (CIEDE2000), to any eye, on light or dark pages."""

NEAR = 12.0
"""Below it two colors are better kept apart."""

ALIKE = 8.0
"""A chosen color that differs less from another is taken for it."""

KEPT = 32
_GOLDEN = 0.618034
_DARKEST = 0.5

HEX = re.compile("#[0-9a-fA-F]{6}")


def colors(alignment: Alignment, adjacency: Adjacency) -> Mapping[AreaId, str]:
    """Return a color for every area; one a person chose wins.

    The same for the same areas and borders, whatever led to them; worked out
    anew only when these change.
    """
    touching = borders(alignment.area_of[: alignment.items.containers], adjacency)
    tree = replace(Alignment.empty(Items.only_containers(0)), areas=alignment.areas)
    areas = tuple((k, a.parent, a.color) for k, a in sorted(alignment.areas.items()))
    return _painted(_Tree(areas, tree), touching.tobytes())


@dataclass(frozen=True, slots=True)
class _Tree:
    """All of an alignment that colors depend on but its borders; ``alignment`` says the same."""

    areas: tuple[tuple[AreaId, AreaId | None, str | None], ...]
    alignment: Alignment = field(compare=False)

    @property
    def own(self) -> Mapping[AreaId, str]:
        """The colors that people chose."""
        return {k: color for k, _, color in self.areas if color}

    @property
    def several(self) -> tuple[str, ...]:
        """Each of them once."""
        return tuple(sorted({*self.own.values()}))


@lru_cache(maxsize=KEPT)
def _painted(tree: _Tree, touching: bytes) -> Mapping[AreaId, str]:
    pairs = np.frombuffer(touching, dtype=np.int64).reshape(-1, 2)
    found, known = colored(_begun(tree), pairs), (*COLORS, *tree.several)
    return {k: known[c] if c < len(known) else variant(c - len(known)) for k, c in found.items()}


@lru_cache(maxsize=KEPT)
def _begun(tree: _Tree) -> Beginning:
    number = {color: len(COLORS) + i for i, color in enumerate(tree.several)}
    chosen = {k: number[color] for k, color in tree.own.items()}
    return Beginning.of(tree.alignment, _choice(tree.several), chosen)


def variant(number: int) -> str:
    """Return a color for where all others are taken: one of them, darker; all variants differ."""
    depth, hue = divmod(number, len(COLORS))
    share = 1 - _DARKEST * ((depth + 1) * _GOLDEN % 1)
    return "#" + "".join(f"{round(255 * v * share):02x}" for v in rgb([COLORS[hue]])[0])


@lru_cache(maxsize=KEPT)
def _choice(chosen: tuple[str, ...]) -> Choice:
    """Return what is alike and near among the colors and the chosen ones."""
    ours = rgb(COLORS)
    apart = np.full((len(COLORS) + len(chosen), len(COLORS)), np.inf)
    known = [i for i, color in enumerate((*COLORS, *chosen)) if HEX.fullmatch(color)]
    apart[known] = least_apart(rgb([(*COLORS, *chosen)[i] for i in known]), ours)
    bits = 1 << np.arange(len(COLORS), dtype=np.int64)
    alike, near = ((apart < limit) @ bits for limit in (ALIKE, NEAR))
    return Choice(len(COLORS), alike, near)


def least_apart(one: Floats, other: Floats) -> Floats:
    """Return how far apart colors look at the least: to any eye, on light and on dark pages."""
    return np.minimum(least_difference(one, other), least_difference(one * DARK, other * DARK))
