"""Two alignments compared in figures: what goes from whom to whom, on a level of areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Flags, Positions
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.flows import Flows, flows
from tp_geo.domain.hierarchy import shown_at
from tp_geo.domain.pairing import Pair, pair_areas
from tp_geo.domain.worth import owner_of, worth
from tp_geo.errors import BadData

CONTAINERS, UNITS = "containers", "units"
"""The figures there always are: how many."""

NOBODY = ""
"""The owner of what nobody owns; the first of all owners."""


@dataclass(frozen=True, eq=False)
class Ground:
    """An alignment with the dataset it stands on."""

    alignment: Alignment
    dataset: Dataset


@dataclass(frozen=True, eq=False)
class Places:
    """Areas or owners before and after; arrays are (places, figures), place 0 is none.

    ``before + gained - lost = after``, and ``gained`` and ``lost`` add up to the same.
    """

    before: Floats
    after: Floats
    gained: Floats
    lost: Floats
    flows: Flows

    @property
    def count(self) -> int:
        """How many places there are, the one for none included."""
        return len(self.before)

    def moved(self, figure: int) -> float:
        """Return how much of a figure goes to another place."""
        return float(self.flows.amounts[:, figure].sum())

    def share(self, figure: int) -> float:
        """Return the share of all of a figure that goes to another place; 0 of nothing."""
        whole = float(self.before[:, figure].sum())
        return self.moved(figure) / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Relations:
    """Accounts and who they belong to: whether each keeps its owner.

    They are units; where a dataset has none, its containers. ``had`` had an
    owner before: of them ``kept`` keep it, ``other`` get another one,
    ``dropped`` have none after. ``begun`` had none and get one.
    """

    had: int
    kept: int
    other: int
    dropped: int
    begun: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changes from one alignment to another, valued by the dataset of the second.

    ``pairs`` are the areas on the level, ``names`` the owners, in the order of
    the places of ``areas`` and ``owners``. ``items`` are positions in the
    second dataset of what both have, in the order of ``flows.of``; ``was`` the
    same in the first.
    """

    level: int
    figures: tuple[str, ...]
    pairs: tuple[Pair, ...]
    areas: Places
    names: tuple[str, ...]
    owners: Places
    relations: Relations
    items: Positions
    was: Positions
    only_before: int
    only_after: int

    def figure(self, name: str) -> int:
        """Return the column of a figure; refuse a name that is none."""
        if name not in self.figures:
            known = ", ".join(self.figures)
            raise BadData(f"There is no figure {name!r} to compare by. Figures: {known}.")
        return self.figures.index(name)


def compared(before: Ground, after: Ground, *, level: int, shared: int) -> Comparison:
    """Return what changes on a level; areas up to id ``shared`` are the same by id.

    An area's owner is its own or that of the nearest area above.
    """
    was, now = common(before.dataset, after.dataset)
    if not len(now):
        raise BadData(
            f"{before.dataset.name} and {after.dataset.name} have no item in common. "
            "Compare alignments of the same boundaries."
        )
    names, figures = _figures(after.dataset)
    figures = tuple(column[now] for column in figures)
    left, right = before.alignment.resolved[was], after.alignment.resolved[now]
    shown = shown_at(before.alignment, level)[left], shown_at(after.alignment, level)[right]
    pairs = pair_areas(
        before.alignment,
        after.alignment,
        level=level,
        shared=shared,
        left=shown[0],
        right=shown[1],
    )
    sides = (p.before for p in pairs), (p.after for p in pairs)
    old, new = (_numbers(tuple(side))[ids] for side, ids in zip(sides, shown, strict=True))
    owners, (theirs, ours) = _owners(before.alignment, after.alignment)
    had, has = theirs[left], ours[right]
    return Comparison(
        level=level,
        figures=names,
        pairs=pairs,
        areas=_places(old, new, figures, len(pairs)),
        names=owners,
        owners=_places(had, has, figures, len(owners)),
        relations=_relations(had, has, _related(after.dataset, now)),
        items=now,
        was=was,
        only_before=before.dataset.items.count - len(was),
        only_after=after.dataset.items.count - len(now),
    )


def figure_of(measure: str) -> str:
    """Return what the figure of a measure is called; "" stands for how many containers."""
    if not measure:
        return CONTAINERS
    return f"measure {measure}" if measure in (CONTAINERS, UNITS) else measure


def common(before: Dataset, after: Dataset) -> tuple[Positions, Positions]:
    """Return the positions, in either dataset, of the items that both have."""
    if before.key == after.key:
        every = np.arange(after.items.count, dtype=np.intp)
        return every, every
    n = after.items.containers
    found = [before.containers.get(c, -1) for c in after.codes[:n]]
    found += [before.units.get(c, -1) for c in after.codes[n:]]
    was = np.array(found, dtype=np.intp)
    now = np.flatnonzero(was >= 0)
    return was[now], now


def _figures(dataset: Dataset) -> tuple[tuple[str, ...], tuple[Floats, ...]]:
    """Return names and values by item of all that adds up: counts, and measures that are sums."""
    containers = worth(dataset, "")
    sums = [m.name for m in dataset.measures if m.aggregate is Aggregate.SUM]
    names = (CONTAINERS, UNITS, *(figure_of(m) for m in sums))
    return names, (containers, 1.0 - containers, *(worth(dataset, m) for m in sums))


def _numbers(areas: tuple[AreaId | None, ...]) -> Positions:
    """Return, by area id, the place it has in a list."""
    found = np.zeros(max((k for k in areas if k is not None), default=0) + 1, dtype=np.intp)
    for at, k in enumerate(areas):
        if k is not None:
            found[k] = at
    return found


def _owners(
    before: Alignment, after: Alignment
) -> tuple[tuple[str, ...], tuple[Positions, Positions]]:
    """Return all owners by name, ``NOBODY`` first, and on either side the one of each area id."""
    sides = [_named(before), _named(after)]
    names = (NOBODY, *sorted({n for side in sides for n in side} - {NOBODY}))
    at = {name: i for i, name in enumerate(names)}
    old, new = (np.array([at[n] for n in side], dtype=np.intp) for side in sides)
    return names, (old, new)


def _named(alignment: Alignment) -> list[str]:
    return [
        (alignment.areas[AreaId(k)].owner or NOBODY).strip() if k else NOBODY
        for k in owner_of(alignment).tolist()
    ]


def _places(left: Positions, right: Positions, figures: tuple[Floats, ...], places: int) -> Places:
    found = flows(left, right, figures)
    before, after = (
        np.stack([np.bincount(side, column, places).astype(np.float64) for column in figures], 1)
        for side in (left, right)
    )
    return Places(before, after, found.gained(places), found.lost(places), found)


def _related(dataset: Dataset, items: Positions) -> Flags:
    n = dataset.items.containers
    units: Flags = items >= n
    return units if units.any() else ~units


def _relations(left: Positions, right: Positions, related: Flags) -> Relations:
    left, right = left[related], right[related]
    had, same, has = left > 0, left == right, right > 0
    return Relations(
        had=int(had.sum()),
        kept=int((had & same).sum()),
        other=int((had & has & ~same).sum()),
        dropped=int((had & ~has).sum()),
        begun=int((~had & has).sum()),
    )
