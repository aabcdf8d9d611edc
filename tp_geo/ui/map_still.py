"""A map that only shows: some state of a plan in some colors, on one level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Positions
from tp_geo.ui import map_ground, state
from tp_geo.ui.component import territory_map
from tp_geo.ui.wire import Picture, encode_positions, full_state


def _nothing() -> Positions:
    return np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Still:
    """What is shown under the key of a map, on the ground of the plan in ``now``.

    ``version`` tells pictures of one revision apart, and ``marked`` is outlined.
    """

    key: str
    alignment: Alignment
    colors: Mapping[AreaId, str]
    level: int
    rev: int
    version: str = ""
    marked: Positions = field(default_factory=_nothing)


def show(now: state.Now, still: Still, height: int) -> None:
    """Show it; call inside a fragment of its key."""
    territory_map(
        payload(now, still),
        key=still.key,
        height=height,
        on_edit=_ignored,
        on_need=partial(map_ground.note_needs, still.key),
        on_resync=_ignored,
        on_selection=_ignored,
        on_focus=_ignored,
        on_act=_ignored,
        on_choose=_ignored,
        on_find=_ignored,
    )
    map_ground.feeds(now)


def payload(now: state.Now, still: Still) -> dict[str, Any]:
    """Return what the map is told: all of the state, whatever it had before."""
    nothing = {"can": False, "label": ""}
    version = f":{still.version}" if still.version else ""
    return {
        **map_ground.ground(now),
        "name": still.key,
        "alignment": f"{now.plan.info.id}:{still.key}{version}",
        "rev": still.rev,
        "since": None,
        "full": full_state(Picture.of(still.alignment, now.dataset, still.colors)),
        "delta": None,
        "ack": {},
        "refused": [],
        "focus": {"areas": None, "level": still.level, "unassigned": True},
        "readonly": True,
        "bare": True,
        "mark": encode_positions(still.marked),
        "acts": [],
        "undo": nothing,
        "redo": nothing,
    }


def _ignored() -> None:
    """Nothing can be done on this map."""
