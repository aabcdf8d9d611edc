"""The report of a move to other boundaries as tables: codes, containers, areas, measures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.measures import totals
from tp_geo.workflow.migrating import Migration
from tp_geo.workflow.refreshing_tables import whole_of

CODES, CONTAINERS, AREAS, MEASURES = "codes", "between areas", "areas", "measures"


def tables(found: Migration) -> dict[str, pd.DataFrame]:
    """Return the tables of a report by name."""
    return {
        CODES: of_codes(found),
        CONTAINERS: of_containers(found),
        AREAS: of_areas(found),
        MEASURES: of_measures(found),
    }


def of_codes(found: Migration) -> pd.DataFrame:
    """Return a row for each old code and new one it goes to, but those that stay as they are.

    Then the old codes that are given up and the new ones that nothing goes to.
    """
    walk, old, new = found.crosswalk, found.old.codes, found.new.codes
    same = (walk.parts[walk.old] == 1) & (walk.sources[walk.new] == 1)
    same &= old[walk.old] == new[walk.new]
    rows = np.flatnonzero(~same)
    what = np.select(
        [walk.parts[walk.old] > 1, walk.sources[walk.new] > 1], ["split", "merged"], "renamed"
    )
    lost, fresh = np.flatnonzero(walk.parts == 0), np.flatnonzero(walk.sources == 0)
    return pd.DataFrame(
        {
            "old code": [*old[walk.old[rows]], *old[lost], *[""] * len(fresh)],
            "new code": [*new[walk.new[rows]], *[""] * len(lost), *new[fresh]],
            "what": [*what[rows], *["given up"] * len(lost), *["new"] * len(fresh)],
            "share": [*walk.share[rows], *[0.0] * len(lost), *[np.nan] * len(fresh)],
        }
    )


def of_containers(found: Migration) -> pd.DataFrame:
    """Return the new containers in which several areas have a part, and whose they become."""
    claims, before = found.claims, found.plan.alignment
    partly = set(found.partly_held.tolist())
    rows = []
    for j in sorted({*claims.torn.tolist(), *partly}):
        mine = claims.container == j
        areas, shares = claims.area_of[mine].tolist(), claims.share[mine].tolist()
        rows.append(
            {
                "code": found.new.codes[j],
                "area": before.name(AreaId(int(claims.area[j]))),
                "parts": ", ".join(
                    f"{before.name(AreaId(a))} {s:.0%}".replace("%", " %")
                    for a, s in zip(areas, shares, strict=True)
                ),
                "tied": bool(claims.tied[j]),
                "held in part": j in partly,
            }
        )
    return pd.DataFrame(rows, columns=["code", "area", "parts", "tied", "held in part"])


def of_areas(found: Migration) -> pd.DataFrame:
    """Return every leaf area, what is unassigned first: containers and measures before, after."""
    before, after = found.plan.alignment, found.alignment
    leaves = [UNASSIGNED, *sorted(after.leaves)]
    was = totals(found.plan.dataset, before)
    now = totals(found.dataset, after)
    table = pd.DataFrame(
        {
            "area": [after.name(k) for k in leaves],
            "containers before": _containers(before, leaves),
            "containers after": _containers(after, leaves),
        }
    )
    for measure in found.dataset.measures:
        table[f"{measure.label} before"] = [was.of(k, measure.name) for k in leaves]
        table[f"{measure.label} after"] = [now.of(k, measure.name) for k in leaves]
    return table


def of_measures(found: Migration) -> pd.DataFrame:
    """Return what all areas and the unassigned hold of each measure before and after."""
    was = whole_of(found.plan.dataset)
    now = whole_of(found.dataset)
    names = [m.name for m in found.dataset.measures]
    first, last = np.array([was[n] for n in names]), np.array([now[n] for n in names])
    return pd.DataFrame(
        {
            "measure": [m.label for m in found.dataset.measures],
            "before": first,
            "after": last,
            "difference": last - first,
        }
    )


def _containers(alignment: Alignment, leaves: list[AreaId]) -> list[int]:
    entries = alignment.area_of[: alignment.items.containers]
    counts = np.bincount(entries, minlength=max(leaves) + 1)
    return [int(counts[k]) for k in leaves]
