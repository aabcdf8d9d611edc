"""What moved, as a picture: an area of its own for each flow, the rest pale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, Area, AreaId, AreaIds, Positions
from tp_geo.domain.hierarchy import shown_at
from tp_geo.files.exports_compare import Compared
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency

MOST = 1_000
"""So many flows are areas of their own, those of most items; others are told by target alone."""

PALE = "38"
"""Ends the color of what stays: the map draws it thin, on light and dark pages and on paper."""

TAKEN_AWAY = "#5d6670"
"""What is unassigned afterwards."""


@dataclass(frozen=True, eq=False)
class Moves:
    """An alignment to look at: its areas are what stays in one place, and each flow."""

    alignment: Alignment
    colors: Mapping[AreaId, str]


def moves(contents: Compared, adjacency: Adjacency) -> Moves:
    """Return what moved from where to where, in the color of the area it goes to."""
    return picture(contents, after_colors(contents, adjacency))


def picture(contents: Compared, colors: Sequence[str]) -> Moves:
    """Return what moved, each flow in the color of the place it goes to."""
    pairs, flows = contents.found.pairs, contents.found.areas.flows
    places = _places(contents)
    names = [contents.name(p) for p in pairs]
    areas, painted = dict[AreaId, Area](), dict[AreaId, str]()
    numbers = _numbered(contents, len(pairs))
    for at, pair in enumerate(pairs[1:], start=1):
        if pair.after is not None:
            areas[AreaId(at)] = Area(AreaId(at), names[at], level="Area")
            painted[AreaId(at)] = colors[at] + PALE
    for flow, number in enumerate(numbers.tolist()):
        source, target = int(flows.source[flow]), int(flows.target[flow])
        alone = number >= 2 * len(pairs)
        name = f"{names[source] if alone else 'Several'} → {names[target]}"
        areas[AreaId(number)] = Area(AreaId(number), name, level="Area")
        painted[AreaId(number)] = colors[target]
    entries = places.astype(np.int32)
    of = flows.of
    moved = of >= 0
    entries[contents.found.items[moved]] = numbers[of[moved]]
    return Moves(_alignment(contents.after.alignment, areas, entries), painted)


def after_colors(contents: Compared, adjacency: Adjacency) -> tuple[str, ...]:
    """Return the color of each place: that of the area after; of one that is gone, grey."""
    found = palette.colors(contents.after.alignment, adjacency)
    pairs = contents.found.pairs[1:]
    return (
        TAKEN_AWAY,
        *(palette.UNASSIGNED if p.after is None else found[p.after] for p in pairs),
    )


def before_colors(contents: Compared, adjacency: Adjacency) -> Mapping[AreaId, str]:
    """Return the colors of all areas before: an area found again has its color after."""
    own = palette.colors(contents.before.alignment, adjacency)
    later = after_colors(contents, adjacency)
    kept = {
        p.before: color
        for p, color in zip(contents.found.pairs, later, strict=True)
        if p.before and p.after
    }
    return {**own, **kept}


def containers_of(contents: Compared, flow: int) -> Positions:
    """Return the containers of the second side that a flow takes, or takes units from."""
    items = contents.found.items[contents.found.areas.flows.of == flow]
    frame = contents.after.dataset.items
    units = items[items >= frame.containers] - frame.containers
    inside = frame.container_of[units]
    return np.union1d(items[items < frame.containers], inside[inside >= 0]).astype(np.intp)


def _places(contents: Compared) -> Positions:
    """Return the place each item of the second side has after."""
    alignment = contents.after.alignment
    shown = shown_at(alignment, contents.found.level)
    place = np.zeros(len(shown), dtype=np.intp)
    for at, pair in enumerate(contents.found.pairs):
        if pair.after is not None:
            place[pair.after] = at
    found: Positions = place[shown[alignment.resolved]]
    return found


def _numbered(contents: Compared, places: int) -> AreaIds:
    """Return the area each flow is shown as: of its own for large ones, else one by target."""
    flows = contents.found.areas.flows
    found = (places + flows.target).astype(np.int32)
    size = flows.amounts[:, 0] + flows.amounts[:, 1]
    large = np.argsort(-size, kind="stable")[:MOST]
    found[large] = 2 * places + np.arange(len(large), dtype=np.int32)
    return found


def _alignment(after: Alignment, areas: Mapping[AreaId, Area], entries: AreaIds) -> Alignment:
    n, inside = after.items.containers, after.items.container_of
    units = entries[n:]
    around = np.where(inside >= 0, entries[inside], UNASSIGNED)
    follows = (inside >= 0) & (units == around)
    area_of = np.concatenate([entries[:n], np.where(follows, FOLLOW, units)]).astype(np.int32)
    return Alignment(after.items, areas, area_of, np.zeros(after.items.count, dtype=np.bool_))
