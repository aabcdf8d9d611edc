"""Boundaries of several countries as one set: one code, one key and one coverage for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.adjacency import Adjacency, bridged, rook
from tp_geo.geometry.boundaries import LEVELS, About, Boundaries, Part, Shares, Texts
from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.mending import Mending, mended

COUNTRY = "country"
JOINT = ", "
"""Between the countries, sources and vintages of parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """One country's share of a combination: a boundary set, and the positions taken from it."""

    country: str
    layer: Boundaries
    at: NDArray[np.intp]

    @property
    def codes(self) -> Texts:
        """The codes with the country's key."""
        return keyed(self.country, self.layer.codes[self.at])

    @property
    def polygons(self) -> Polygons:
        """The shapes taken."""
        return np.asarray(self.layer.polygons[self.at], dtype=object)


def keyed(country: str, codes: Texts) -> Texts:
    """Return codes with their country before them: ``US_94110``."""
    return np.array([f"{country}_{code}" for code in codes], dtype=object)


def own_codes(country: str, codes: Texts) -> Texts:
    """Return codes without the key of their country."""
    return np.array([code.removeprefix(f"{country}_") for code in codes], dtype=object)


def positions_by_country(boundaries: Boundaries) -> Mapping[str, NDArray[np.intp]]:
    """Return the positions of each country's containers, by country; empty of one country."""
    return {
        part.country: np.flatnonzero(boundaries.within[COUNTRY] == part.country)
        for part in boundaries.parts
    }


def combined(portions: Sequence[Portion], *, name: str) -> tuple[Boundaries, tuple[Mending, ...]]:
    """Return portions of different countries as one clean coverage, and what was mended.

    Codes get their country's key; names stay. What a portion knows of its
    containers' county, state, ... stays known, and all know their country.
    Where countries overlap, the ground goes to one of them.
    """
    portions = sorted(portions, key=lambda p: p.country)
    overlaps = _overlaps(portions)
    made, mendings = mended(
        np.concatenate([p.polygons for p in portions]),
        np.concatenate([p.codes for p in portions]),
        np.concatenate([p.layer.names[p.at] for p in portions]),
        **_about(portions, name),
    )
    position = {code: i for i, code in enumerate(made.codes)}
    into = [np.array([position.get(c, -1) for c in p.codes], dtype=np.intp) for p in portions]
    return (
        replace(made, within=_within(portions, into, len(made)), shares=_shares(portions, into)),
        (*overlaps, *mendings),
    )


def adjacency_of(boundaries: Boundaries) -> Adjacency:
    """Return who is next to whom, islands linked; each country is one whole by itself."""
    return bridged(rook(boundaries.polygons), boundaries.xy, boundaries.within.get(COUNTRY))


def _about(portions: Sequence[Portion], name: str) -> About:
    layers = [p.layer for p in portions]
    return About(
        kind=name,
        title=name,
        vintage=_joint(portions, [layer.vintage for layer in layers]),
        source=_joint(portions, [layer.source for layer in layers]),
        licence=_joint(portions, [layer.licence for layer in layers]),
        country=JOINT.join(p.country for p in portions),
        approximate=any(layer.approximate for layer in layers),
        parts=tuple(Part(p.country, p.layer.kind, p.layer.key) for p in portions),
    )


def _joint(portions: Sequence[Portion], said: Sequence[str]) -> str:
    """Return what all say, or who says what; "" where nobody says anything."""
    if len(set(said)) == 1:
        return said[0]
    told = [f"{p.country}: {text}" for p, text in zip(portions, said, strict=True) if text]
    return "; ".join(told)


def _within(
    portions: Sequence[Portion], into: Sequence[NDArray[np.intp]], n: int
) -> dict[str, Texts]:
    """Return what containers lie in, "" where their portion does not know; all in a country.

    Counties and states lie in themselves, for the combination is of another kind.
    """
    known = [{**p.layer.within, p.layer.kind: p.layer.codes} for p in portions]
    levels = [level for level in LEVELS if any(level in own for own in known)]
    found = {level: np.full(n, "", dtype=object) for level in [*levels, COUNTRY]}
    for portion, own, at in zip(portions, known, into, strict=True):
        there = at >= 0
        for level in levels:
            if level in own:
                found[level][at[there]] = own[level][portion.at][there]
        found[COUNTRY][at[there]] = portion.country
    return found


def _shares(portions: Sequence[Portion], into: Sequence[NDArray[np.intp]]) -> Shares | None:
    """Return the shares of all portions that have some, by their new positions."""
    found = []
    for portion, at in zip(portions, into, strict=True):
        if (shares := portion.layer.shares) is None:
            continue
        place = np.full(len(portion.layer), -1, dtype=np.int32)
        place[portion.at] = at
        container = place[shares.container]
        keep = container >= 0
        found.append(Shares(container[keep], shares.county[keep], shares.share[keep]))
    if not found:
        return None
    return Shares(
        np.concatenate([s.container for s in found]),
        np.concatenate([s.county for s in found]),
        np.concatenate([s.share for s in found]),
    )


def _overlaps(portions: Sequence[Portion]) -> list[Mending]:
    """Tell for each two countries how many shapes lie partly on the other's ground."""
    told = []
    for one, other in combinations(portions, 2):
        mine, theirs = shapely.STRtree(other.polygons).query(one.polygons, predicate="intersects")
        common = shapely.intersection(one.polygons[mine], other.polygons[theirs])
        deep = shapely.area(common) > 0
        if deep.any():
            codes = np.union1d(one.codes[mine[deep]], other.codes[theirs[deep]])
            what = f"Overlap where {one.country} meets {other.country}, given to one side"
            told.append(Mending(what, len(codes), str(codes[0])))
    return told
