"""What is said of an optimization: what takes part, what a proposal does, why it stopped."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tp_geo.domain.alignment import HOME, AreaId
from tp_geo.domain.hierarchy import in_view, placeholder
from tp_geo.ui import state
from tp_geo.ui.text import count, percent, plain
from tp_geo.workflow.optimizing_problem import Scope
from tp_geo.workflow.optimizing_proposal import Alternative, Moved, OwnerRow

PRESETS = {"balance": "Balance", "continuity": "Keep assignments", "compactness": "Compact"}
"""What to call the presets, in their order, by the priority that leads."""

PRIORITIES = {"balance": "Balance", "continuity": "Continuity", "compactness": "Compactness"}
WHOLE = {"state": "States", "county": "Counties"}
"""What can be kept together where possible."""

BEST = 0.0005
"""Deviations that are so near are one."""


def what(now: state.Now, scope: Scope) -> str:
    """Return what is optimized."""
    focus = now.focus.areas
    inside = f" of {plain(now.alignment.name(focus[0]), 40)}" if focus and len(focus) == 1 else ""
    parts = [
        f"**{count(len(scope.areas), 'areas')}{inside}** · {count(scope.items, now.plan.noun)}",
        f"{scope.unassigned:,} unassigned" if scope.unassigned else "",
        f"{scope.held:,} held" if scope.held else "",
        f"{count(scope.locked, 'areas')} locked" if scope.locked else "",
    ]
    return ", ".join(part for part in parts if part)


def targets(now: state.Now, measures: Sequence[str]) -> str:
    """Return what areas are to hold of some measures."""
    areas = _areas(now)
    said = []
    for name in measures:
        aimed = sum(name in now.alignment.areas[k].targets for k in areas)
        label = plain(now.dataset.measure(name).label, 40)
        if not aimed:
            said.append(f"{label}: an equal share each")
        elif aimed == len(areas):
            said.append(f"{label}: to the target of each area")
        else:
            rest = count(len(areas) - aimed, "areas")
            said.append(f"{label}: {aimed:,} to their targets, {rest} share the rest")
    return "  \n".join(said)


def undivided(now: state.Now) -> bool:
    """Whether the focus shows areas that are not divided on its level."""
    return any(placeholder(now.alignment, k, now.focus.level) for k in _areas(now))


def homes(now: state.Now) -> bool:
    """Whether an area of the focus says where its owner lives."""
    return any(now.alignment.areas[k].attributes.get(HOME) for k in _areas(now))


def choice(alternative: Alternative) -> str:
    """Return what sets an alternative apart, in figures."""
    moved, km = share_moved(alternative), distance_km(alternative)
    said = f"{percent(moved)} moves" if moved else f"{km:,.0f} km to the middle"
    return f"largest deviation {percent(alternative.largest)} · {said}"


def distance_km(alternative: Alternative) -> float:
    """Return how far it is from items to the middle of their area on average."""
    far = [row.shape[1].km for row in alternative.rows]
    known = [km for km in far if math.isfinite(km)]
    return sum(known) / len(known) if known else 0.0


def share_moved(alternative: Alternative) -> float:
    """Return the largest share of a balanced measure that changes its area."""
    return max(alternative.moved.shares.values(), default=0.0)


def summary(now: state.Now, alternative: Alternative) -> list[str]:
    """Return what an alternative does, in a few sentences."""
    before = f", now {percent(alternative.largest_before)}" if share_moved(alternative) else ""
    found = [
        f"Largest deviation **{percent(alternative.largest)}**{before}, "
        f"mean {percent(alternative.mean)}."
    ]
    for told, verb in ((alternative.moved, "move"), (alternative.assigned, "get their first area")):
        if told.containers or told.units:
            found.append(f"{_counted(now, told)} {verb}: {_shares(now, told)}.")
    if owners := owners_of(now, alternative):
        give = sum(bool(o.containers_out or o.units_out) for o in owners)
        get = sum(bool(o.containers_in or o.units_in) for o in owners)
        found.append(f"Owners who give: {give:,}, who get: {get:,}.")
    return found


def owners_of(now: state.Now, alternative: Alternative) -> list[OwnerRow]:
    """Return what owners get and give; areas that nobody owns are left out."""
    names = {area.owner for area in now.alignment.areas.values()}
    return [row for row in alternative.owners if row.owner in names]


def ended(alternative: Alternative) -> list[str]:
    """Return how good an alternative is, what keeps it from being better, and why it ended."""
    found = [
        _bound(alternative),
        f"Ended after {alternative.seconds:.1f} s: {plain(alternative.stopped, 200)}",
    ]
    found += [f"Limit reached: {plain(limit, 200)}" for limit in alternative.binding]
    found += [
        f"{WHOLE.get(kind, kind.capitalize())} that are parted: {before:,} → {after:,}"
        for kind, (before, after) in alternative.split.items()
    ]
    return found


def _bound(alternative: Alternative) -> str:
    bound, largest = alternative.lower_bound, alternative.largest
    if bound <= 0:
        return "How low it could be at best is not known"
    if largest - bound < BEST:
        return f"No plan can be below {percent(bound)}: this is the best there is"
    return f"No plan can be below {percent(bound)}; this is {percent(largest - bound)} from it"


def _counted(now: state.Now, moved: Moved) -> str:
    parts = [count(moved.containers, now.plan.noun)] if moved.containers else []
    return " and ".join(parts + ([count(moved.units, "units")] if moved.units else []))


def _shares(now: state.Now, moved: Moved) -> str:
    labels = {m.name: m.label for m in now.dataset.measures}
    said = (f"{percent(share)} of {plain(labels[name].lower(), 40)}"
            for name, share in moved.shares.items() if name in labels)  # fmt: skip
    return ", ".join(said)


def _areas(now: state.Now) -> tuple[AreaId, ...]:
    return in_view(now.alignment, now.focus)
