"""What rows are matched against: the codes and shapes of a boundary set, and known places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.dataset import Floats, Texts
from tp_geo.files.columns import texts_of
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.locate import containers_of

Containers: TypeAlias = NDArray[np.int32]
Locate: TypeAlias = Callable[[Floats, Floats], Containers]

NOWHERE = -1
_MILITARY = "military"


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Postal codes beyond those with an area, ascending; positions are -1 where unknown.

    ``attached`` is the container a PO box or unique code belongs to, ``placed``
    the one its point lies in.
    """

    codes: Texts
    attached: Containers
    placed: Containers
    military: NDArray[np.bool_]

    @classmethod
    def empty(cls) -> Lookup:
        """Return a lookup that knows no code."""
        none = np.zeros(0, dtype=np.int32)
        return cls(np.zeros(0, dtype=object), none, none, np.zeros(0, dtype=np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The containers rows are put into, in the order of the boundary set.

    ``layer`` is "" for the boundary set that is built in, else its key;
    ``locate`` takes lon and lat and returns positions, ``NOWHERE`` outside.
    ``reach_km`` is how far a container extends from its ``xy``, about.
    """

    kind: str
    country: str
    layer: str
    codes: Texts
    names: Texts
    xy: Floats
    reach_km: Floats
    locate: Locate
    lookup: Lookup


def frame_of(
    boundaries: Boundaries, *, layer: str = "", lookup: pd.DataFrame | None = None
) -> Frame:
    """Return the frame of a boundary set.

    ``lookup`` has a row a postal code: code, lon, lat, kind, and container,
    the code of the area around it or "".
    """
    locate: Locate = partial(containers_of, boundaries=boundaries)
    return Frame(
        kind=boundaries.kind,
        country=boundaries.country,
        layer=layer,
        codes=boundaries.codes,
        names=boundaries.names,
        xy=boundaries.xy,
        reach_km=np.sqrt(boundaries.area_km2),
        locate=locate,
        lookup=Lookup.empty() if lookup is None else _lookup_of(lookup, boundaries, locate),
    )


def positions_in(known: Texts, codes: Texts) -> Containers:
    """Return the position of each code among those known, which all differ; -1 where unknown."""
    return np.asarray(pd.Index(list(known), dtype=object).get_indexer(codes), dtype=np.int32)


def _lookup_of(table: pd.DataFrame, boundaries: Boundaries, locate: Locate) -> Lookup:
    table = table.sort_values("code")
    attached = positions_in(boundaries.codes, texts_of(table["container"]))
    placed = locate(table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64))
    military = table["kind"].eq(_MILITARY).to_numpy(np.bool_)
    return Lookup(
        codes=texts_of(table["code"]),
        attached=np.where(military, NOWHERE, attached).astype(np.int32),
        placed=np.where(military, NOWHERE, placed).astype(np.int32),
        military=military,
    )
