"""Contiguity: in how many parts each area is, what is cut off, what is surrounded.

All functions take the area of each container (``area_of``; zero or less is no
area) and an adjacency. Links count as neighbors, so with a bridged adjacency
an island belongs to the coast it is linked to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, AreaId, AreaIds, Positions
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.adjacency import components as connected
from tp_geo.geometry.earth import Floats

Labels: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Enclave:
    """A part of an area whose neighbors are all of one other area."""

    area: AreaId
    inside: AreaId
    items: Positions


def components(area_of: AreaIds, adjacency: Adjacency) -> Labels:
    """Return the number, from 0, of the part each container is in.

    Containers are in one part when they are of one area (or of none) and a
    chain of neighbors of that area joins them.
    """
    i, j = adjacency.pairs.T
    return connected(adjacency.pairs[area_of[i] == area_of[j]], len(area_of))


def parts(area_of: AreaIds, adjacency: Adjacency) -> Mapping[AreaId, int]:
    """Return in how many connected parts each area is; areas without containers are left out."""
    labels = components(area_of, adjacency)
    areas, counts = np.unique(_area_of_part(area_of, labels), return_counts=True)
    of = zip(areas.tolist(), counts.tolist(), strict=True)
    return {AreaId(area): count for area, count in of if area > UNASSIGNED}


def cut_off(area_of: AreaIds, adjacency: Adjacency, weight: Floats | None = None) -> Positions:
    """Return the containers that are not in the main part of their area, ascending.

    The main part has the most weight, by default the most containers; of
    equal ones, the one with the first container.
    """
    labels = components(area_of, adjacency)
    size = np.bincount(labels, weight)
    area = _area_of_part(area_of, labels)
    first = np.unique(labels, return_index=True)[1]
    order = np.lexsort((first, -size, area))
    main = order[np.flatnonzero(np.diff(area[order], prepend=-np.inf))]
    astray = np.ones(len(size), np.bool_)
    astray[main] = False
    return np.flatnonzero(astray[labels] & (area_of > UNASSIGNED))


def enclaves(area_of: AreaIds, adjacency: Adjacency) -> tuple[Enclave, ...]:
    """Return the parts whose neighbors are all of one other, larger area; by area.

    The whole of an area counts too. Where land ends, nothing surrounds: a
    part at the coast with one neighboring area is an enclave as well. Larger
    is the one with more containers.
    """
    labels = components(area_of, adjacency)
    area = _area_of_part(area_of, labels)
    pairs = labels[adjacency.pairs]
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    outside = np.unique(both[:, 0].astype(np.int64) << 32 | area[both[:, 1]] - FOLLOW)
    part, first, count = np.unique(outside >> 32, return_index=True, return_counts=True)
    around = (outside[first] & 0xFFFFFFFF) + FOLLOW
    size, held = (
        np.bincount(labels),
        dict(zip(*np.unique(area_of, return_counts=True), strict=True)),
    )
    larger = np.array([held[a] for a in around], dtype=np.intp) > size[part]
    alone = (count == 1) & larger & (around > UNASSIGNED) & (area[part] > UNASSIGNED)
    found = sorted(zip(area[part[alone]], part[alone], around[alone], strict=True))
    return tuple(
        Enclave(AreaId(int(a)), AreaId(int(o)), np.flatnonzero(labels == p)) for a, p, o in found
    )


def _area_of_part(area_of: AreaIds, labels: Labels) -> AreaIds:
    found = np.zeros(int(labels.max(initial=-1)) + 1, dtype=area_of.dtype)
    found[labels] = area_of
    return found
