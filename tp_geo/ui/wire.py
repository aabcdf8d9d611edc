"""What the map and Python say to each other, as plain data; docs/map-protocol.md is the text.

Nothing here knows Streamlit. A browser holds an alignment at some revision; it
gets the whole state once, then what was touched since.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, Flags, Positions, Profile
from tp_geo.domain.dataset import Dataset, Floats
from tp_geo.domain.measures import shared_sums
from tp_geo.domain.signoff import Status
from tp_geo.errors import BadData
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency

Json: TypeAlias = dict[str, Any]
Colors: TypeAlias = Mapping[AreaId, str]
Corrections: TypeAlias = Mapping[int, Mapping[str, tuple[float, float]]]

KEPT = 64
"""Revisions whose changes are remembered for browsers that lag behind."""

PACK_ABOVE = 1_000
"""Parts of a message longer than this many letters travel compressed."""

FEW = 1_000
"""Touched containers that always travel as a change; more only when they are below a quarter."""


def encode_positions(positions: Positions) -> list[int]:
    """Return ascending positions as the first one and the steps between them."""
    ordered = np.unique(np.asarray(positions, dtype=np.int64))
    steps: list[int] = np.diff(ordered, prepend=0).tolist()
    return steps


def decode_positions(steps: Sequence[object], count: int) -> Positions:
    """Return the positions behind steps; raise ``BadData`` when they are not ascending in 0..count.

    They come from a browser, so anything may be in them.
    """
    if not isinstance(steps, list | tuple) or len(steps) > count:
        raise BadData(f"Expected a list of at most {count} steps between positions.")
    if not all(isinstance(s, int) and not isinstance(s, bool) and 0 <= s < count for s in steps):
        raise BadData(f"Steps between positions must be whole numbers from 0 to {count - 1}.")
    found = np.cumsum(np.asarray(steps, dtype=np.int64))
    if len(found) and (found[-1] >= count or (np.diff(found) <= 0).any()):
        raise BadData(f"Positions must ascend and stay below {count}.")
    return found.astype(np.intp)


def area_state(area: Area, color: str, status: Status) -> Json:
    """Return an area as the map needs it."""
    return {
        "id": int(area.id),
        "name": area.name,
        "parent": None if area.parent is None else int(area.parent),
        "level": area.level,
        "color": color,
        "locked": area.locked,
        "owner": area.owner,
        "targets": dict(area.targets),
        "status": str(status),
        "scattered": area.profile is Profile.NON_CONTIGUOUS,
    }


@dataclass(frozen=True, eq=False)
class Picture:
    """What the map shows of an alignment at one revision."""

    alignment: Alignment
    mixed: Flags
    corrections: Corrections
    colors: Colors

    @classmethod
    def of(cls, alignment: Alignment, dataset: Dataset, colors: Colors) -> Picture:
        """Return the picture of a state."""
        return cls(alignment, mixed(alignment), corrections(alignment, dataset), colors)

    @property
    def entries(self) -> Positions:
        """The leaf area of each container."""
        return self.alignment.area_of[: self.alignment.items.containers].astype(np.intp)

    @property
    def held(self) -> Flags:
        """Whether each container is held."""
        return self.alignment.held[: self.alignment.items.containers]

    def status(self, area: AreaId) -> Status:
        """Return where an area stands in review."""
        return self.alignment.signoff(area).status

    def area(self, area: AreaId) -> Json:
        """Return an area as the map needs it."""
        return area_state(self.alignment.areas[area], self.colors[area], self.status(area))


@dataclass(frozen=True, eq=False)
class Changes:
    """What was touched between two revisions, whatever it was in between."""

    areas: frozenset[AreaId] = frozenset()
    recolored: frozenset[AreaId] = frozenset()
    items: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    corrected: frozenset[int] = frozenset()

    @classmethod
    def between(cls, before: Picture, after: Picture) -> Changes:
        """Return what differs between two pictures of one frame of items."""
        was, now = before.alignment.areas, after.alignment.areas
        items = (
            (before.entries != after.entries)
            | (before.held != after.held)
            | (before.mixed != after.mixed)
        )
        return cls(
            frozenset(
                k
                for k in was.keys() | now.keys()
                if was.get(k) != now.get(k) or before.status(k) != after.status(k)
            ),
            frozenset(k for k, c in after.colors.items() if before.colors.get(k) != c),
            np.flatnonzero(items),
            frozenset(
                k
                for k in before.corrections.keys() | after.corrections.keys()
                if before.corrections.get(k) != after.corrections.get(k)
            ),
        )

    def __or__(self, later: Changes) -> Changes:
        return Changes(
            self.areas | later.areas,
            self.recolored | later.recolored,
            np.union1d(self.items, later.items),
            self.corrected | later.corrected,
        )


def full_state(picture: Picture) -> Json:
    """Return everything about an alignment that the map shows."""
    entries = np.ascontiguousarray(picture.entries, dtype="<u2").tobytes()
    areas = sorted(picture.alignment.areas)
    return {
        "assign": base64.b64encode(zlib.compress(entries, 9)).decode(),
        **packed(
            {
                "areas": [picture.area(k) for k in areas],
                "held": encode_positions(np.flatnonzero(picture.held)),
                "mixed": encode_positions(np.flatnonzero(picture.mixed)),
                "corrections": {str(k): v for k, v in sorted(picture.corrections.items())},
            }
        ),
    }


def delta_state(changes: Changes, after: Picture) -> Json:
    """Return what was touched as it is now; right on top of any state in between."""
    areas, at = after.alignment.areas, changes.items
    recolored = changes.recolored & areas.keys() - changes.areas
    to = after.entries[at]
    return packed(
        {
            "areas": [after.area(k) for k in sorted(changes.areas & areas.keys())],
            "colors": {str(k): after.colors[k] for k in sorted(recolored)},
            "dropped": sorted(int(k) for k in changes.areas - areas.keys()),
            "moves": [[int(k), encode_positions(at[to == k])] for k in np.unique(to).tolist()],
            "held": encode_positions(at[after.held[at]]),
            "mixed": encode_positions(at[after.mixed[at]]),
            "corrections": {str(k): after.corrections.get(k) for k in sorted(changes.corrected)},
        }
    )


def packed(part: Json) -> Json:
    """Return a part of a message, compressed as ``{"z": ...}`` when that is worth it."""
    text = json.dumps(part, separators=(",", ":"))
    if len(text) <= PACK_ABOVE:
        return part
    return {"z": base64.b64encode(zlib.compress(text.encode(), 9)).decode()}


def mixed(alignment: Alignment) -> Flags:
    """Return whether each container is hatched: a unit in it differs from it, or it is shared."""
    n = alignment.items.containers
    found = np.zeros(n, dtype=np.bool_)
    home = alignment.items.container_of[alignment.exceptions - n]
    found[home[home >= 0]] = True
    found[alignment.shared.items] = True
    return found


def corrections(alignment: Alignment, dataset: Dataset) -> Corrections:
    """Return, by leaf area and measure, what to add to the sums over containers.

    A pair each: for the sum (of a mean: the weighted sum), and for the weight.
    Units that differ from their container are taken out where it is and put
    in where they are; units in no container are put in. So is what areas
    share: an area that is divided has a correction of its own where areas
    below it would count something twice.
    """
    n, inside = alignment.items.containers, dataset.items.container_of
    resolved, odd = alignment.resolved, alignment.exceptions
    odd = odd[inside[odd - n] >= 0]
    added = np.concatenate([odd, n + np.flatnonzero(inside < 0)])
    into, out_of = resolved[added], alignment.area_of[inside[odd - n]]
    size = max(alignment.areas, default=UNASSIGNED) + 1
    found: dict[int, dict[str, tuple[float, float]]] = {}
    shared = shared_by_area(dataset, alignment)
    for i, (measure, figures) in enumerate(zip(dataset.measures, dataset.amounts, strict=True)):
        amounts, weights = (
            np.bincount(into, column[added], size) - np.bincount(out_of, column[odd], size) + more
            for column, more in zip(figures, (shared[0][:, i], shared[1][:, i]), strict=True)
        )
        for k in np.flatnonzero(amounts.astype(bool) | weights.astype(bool)).tolist():
            found.setdefault(k, {})[measure.name] = (float(amounts[k]), float(weights[k]))
    return found


def shared_by_area(dataset: Dataset, alignment: Alignment) -> tuple[Floats, Floats]:
    """Return what shares add to sums and weights by area, beside what they add below it."""
    if not len(alignment.shared):
        none = np.zeros((max(alignment.areas, default=UNASSIGNED) + 1, len(dataset.measures)))
        return none, none
    whole = shared_sums(dataset, alignment)
    own = whole.sums.copy(), whole.weights.copy()
    for k, area in alignment.areas.items():
        if area.parent is not None:
            own[0][area.parent] -= whole.sums[k]
            own[1][area.parent] -= whole.weights[k]
    return own


@dataclass(frozen=True, eq=False)
class Mirror:
    """What a session knows of its browser's picture of one alignment.

    ``advance`` it whenever the alignment may have changed, then ask for the
    ``message`` that brings a browser from its revision to the newest.
    """

    name: str
    dataset: Dataset
    picture: Picture
    rev: int
    steps: tuple[tuple[int, Changes], ...] = ()

    @classmethod
    def of(
        cls, name: str, dataset: Dataset, alignment: Alignment, rev: int, adjacency: Adjacency
    ) -> Mirror:
        """Return a mirror that knows one revision."""
        colors = palette.colors(alignment, adjacency)
        return cls(name, dataset, Picture.of(alignment, dataset, colors), rev)

    def advance(
        self, name: str, dataset: Dataset, alignment: Alignment, rev: int, adjacency: Adjacency
    ) -> Mirror:
        """Return the mirror at a newer revision; a new one for another plan or dataset."""
        if name != self.name or dataset.key != self.dataset.key or rev < self.rev:
            return Mirror.of(name, dataset, alignment, rev, adjacency)
        if rev == self.rev:
            return self
        now = Picture.of(alignment, dataset, palette.colors(alignment, adjacency))
        step = (self.rev, Changes.between(self.picture, now))
        return replace(self, picture=now, rev=rev, steps=(*self.steps, step)[-KEPT:])

    def message(self, have: int | None) -> Json:
        """Return ``rev``, ``since`` and the full state or the delta for a browser at ``have``."""
        if have == self.rev:
            return {"rev": self.rev, "since": have, "full": None, "delta": None}
        since = [changes for rev, changes in self.steps if have is not None and rev >= have]
        known = any(rev == have for rev, _ in self.steps)
        touched = sum(len(changes.items) for changes in since)
        if not known or touched > max(FEW, self.picture.alignment.items.containers // 4):
            full = full_state(self.picture)
            return {"rev": self.rev, "since": None, "full": full, "delta": None}
        changes = _union(since)
        delta = delta_state(changes, self.picture)
        return {"rev": self.rev, "since": have, "full": None, "delta": delta}


def _union(steps: Iterable[Changes]) -> Changes:
    found = Changes()
    for step in steps:
        found |= step
    return found
