"""Why an item moved, or did not: which area was over, which under, what going back would cost."""

from __future__ import annotations

import numpy as np

from tp_geo.domain.commands import counted
from tp_geo.workflow.optimizing_frame import NOWHERE, Frame, Numbers
from tp_geo.workflow.optimizing_problem import Setting
from tp_geo.workflow.optimizing_proposal import Alternative, AreaRow, Proposal
from tp_geo.workflow.optimizing_shape import pieces
from tp_geo.workflow.optimizing_words import item_name, listed, percent

SLIGHT = 0.0005
"""A deviation up to this counts as none."""


def explain(proposal: Proposal, index: int, item: int) -> tuple[str, ...]:
    """Return why an item of the dataset is where a plan of a proposal puts it, in sentences."""
    setting, chosen = proposal.setting, proposal.alternatives[index]
    frame = setting.frame
    at = int(frame.position[_standing_for(frame, item)])
    name = item_name(frame, item)
    if at < 0:
        return (f"{name} is not among what was optimized: it stays where it is.",)
    was, now = int(frame.number[at]), int(chosen.solution.area_of[at])
    if was == now:
        return (_stays(setting, at, name),)
    return (
        f"{name} {'goes' if was == NOWHERE else f'moves from {frame.name(was)}'} "
        f"to {frame.name(now)}.",
        *_sides(chosen, was, now),
        *_going_back(setting, chosen, at, was, now),
    )


def _standing_for(frame: Frame, item: int) -> int:
    """Return the container an item goes with, itself where it is one or goes by itself."""
    n = frame.alignment.items.containers
    if item < n or frame.position[item] >= 0:
        return item
    with_it = np.flatnonzero(frame.along == item)
    if len(with_it):
        return int(frame.items[frame.along_with[with_it[0]]])
    inside = int(frame.alignment.items.container_of[item - n])
    follows = inside >= 0 and item not in frame.alignment.exceptions
    return inside if follows else item


def _stays(setting: Setting, at: int, name: str) -> str:
    frame = setting.frame
    where = frame.name(int(frame.number[at]))
    if frame.number[at] >= 0 and frame.locked[frame.number[at]]:
        why = frame.alignment.shut(frame.areas[int(frame.number[at])]) or "locked"
        return f"{name} stays in {where}, which is {why}."
    if frame.held[at]:
        return f"{name} stays in {where}: it is held, or lies in a locked area."
    return f"{name} stays in {where}: no move that was tried makes the plan better."


def _sides(chosen: Alternative, was: int, now: int) -> tuple[str, ...]:
    """Return how far both areas were from their targets, and how far they are."""
    return tuple(
        f"{row.name} was {_off(f.deviation_before)} of {f.measure} "
        f"and is {_off(f.deviation_after)}."
        for row in (chosen.rows[number] for number in (was, now) if number != NOWHERE)
        for f in row.figures
        if np.isfinite(f.deviation_before)
    )


def _going_back(
    setting: Setting, chosen: Alternative, at: int, was: int, now: int
) -> tuple[str, ...]:
    """Return what it would cost to put the item back."""
    number = chosen.solution.area_of.copy()
    number[at] = was
    if was == NOWHERE:
        return ("Left out, it would be in no area.", *_limits(chosen))
    said = [_balance_back(setting, chosen.rows, at, was, now)]
    if not setting.frame.table:
        said += [*_border_back(setting, chosen.solution.area_of, at, was, now)]
        said += _parts_back(setting, chosen.rows, number)
    return (f"Put back, {'; '.join(filter(None, said))}.", *_limits(chosen))


def _balance_back(setting: Setting, rows: tuple[AreaRow, ...], at: int, was: int, now: int) -> str:
    said = []
    for column, (measure, _) in enumerate(setting.request.measures):
        amount = setting.frame.weights[at, column]
        for number, sign in ((was, 1.0), (now, -1.0)):
            f = rows[number].figures[column]
            if f.target > 0:
                off = (f.after + sign * amount - f.target) / f.target
                said.append(f"{rows[number].name} would be {_off(off)} of {measure}")
    return ", ".join(said)


def _border_back(setting: Setting, number: Numbers, at: int, was: int, now: int) -> list[str]:
    """Return how much longer or shorter the border between areas would be."""
    edges, length = setting.ground.edges, setting.ground.length
    mine = (edges == at).any(axis=1)
    others = edges[mine].sum(axis=1) - at
    with_old = length[mine][number[others] == was].sum()
    with_new = length[mine][number[others] == now].sum()
    km = float(with_new - with_old) / 1000
    if abs(km) < 0.05:
        return []
    return [
        f"the border between areas would be {abs(km):,.1f} km {'longer' if km > 0 else 'shorter'}"
    ]


def _parts_back(setting: Setting, rows: tuple[AreaRow, ...], number: Numbers) -> list[str]:
    then = pieces(setting, number)
    return [
        f"{row.name} would be in {counted(n, 'parts')}"
        for row, n in zip(rows, then.tolist(), strict=True)
        if n > max(row.shape[1].parts, 1)
    ]


def _limits(chosen: Alternative) -> tuple[str, ...]:
    if not chosen.binding:
        return ()
    return (f"What keeps the plan from going further: {listed(chosen.binding)}.",)


def _off(deviation: float) -> str:
    if abs(deviation) <= SLIGHT:
        return "on its target"
    side = "over" if deviation > 0 else "under"
    return f"{percent(abs(deviation))} {side} its target"
