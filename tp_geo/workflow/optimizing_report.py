"""A solution as a plan to choose: before and after, what moves, who is disrupted, what binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.dataset import Floats
from tp_geo.domain.edits import replay
from tp_geo.domain.measures import Totals, totals
from tp_geo.optimize.solution import Solution
from tp_geo.workflow.optimizing_command import Optimize
from tp_geo.workflow.optimizing_frame import NOWHERE, Frame, Numbers, numbers
from tp_geo.workflow.optimizing_problem import Setting
from tp_geo.workflow.optimizing_proposal import (
    Alternative,
    AreaRow,
    Figure,
    Moved,
    MoveRow,
    OwnerRow,
    Shape,
)
from tp_geo.workflow.optimizing_shape import parted, shapes
from tp_geo.workflow.optimizing_words import binding_said, headline, issues_said, stopped_said


@dataclass(frozen=True)
class Before:
    """What a setting is before anything moves, worked out once for all alternatives."""

    setting: Setting

    @cached_property
    def totals(self) -> Totals:
        """What every area holds."""
        return totals(self.setting.frame.dataset, self.setting.frame.alignment)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """How every area lies."""
        return shapes(self.setting, self.setting.frame.number)

    @cached_property
    def parted(self) -> Mapping[str, int]:
        """How many borders are parted."""
        return parted(self.setting, self.setting.frame.number)


def alternative(before: Before, solution: Solution, label: str) -> Alternative:
    """Return a solution with all that is told of it."""
    setting, figures = before.setting, solution.figures
    frame = setting.frame
    command = Optimize(setting.request, frame, solution.area_of, label)
    after = replay(frame.alignment, command.edits(frame.alignment, iter(())))
    rows = _rows(before, after, solution.area_of)
    moves = _moves(frame, after, solution.area_of)
    known = _deviations(rows)
    was = np.array([f.deviation_before for r in rows for f in r.figures])
    largest = float(np.abs(known).max(initial=0.0))
    now = parted(setting, solution.area_of)
    bound = min(_bound(setting, figures.lower_bounds), largest)
    return Alternative(
        label=label,
        text=headline(rows, moves, largest, bound),
        solution=solution,
        command=command,
        rows=rows,
        moves=moves,
        moved=_moved(setting, tuple(m for m in moves if m.source != UNASSIGNED)),
        assigned=_moved(setting, tuple(m for m in moves if m.source == UNASSIGNED)),
        owners=_owners(frame.alignment, moves),
        largest_before=float(np.abs(was[np.isfinite(was)]).max(initial=0.0)),
        largest=largest,
        mean=float(np.abs(known).mean()) if len(known) else 0.0,
        lower_bound=bound,
        parts=max((r.shape[1].parts for r in rows), default=0),
        split={kind: (n, now[kind]) for kind, n in before.parted.items()},
        stopped=stopped_said(figures.stopped),
        binding=binding_said(setting, figures.binding),
        issues=issues_said(frame, figures.issues),
        trace=figures.trace,
        seconds=figures.seconds,
    )


def _rows(before: Before, after: Alignment, number: Numbers) -> tuple[AreaRow, ...]:
    setting = before.setting
    frame, was = setting.frame, before.totals
    now, lies = totals(frame.dataset, after), shapes(setting, number)
    return tuple(
        AreaRow(
            id=area,
            name=frame.alignment.name(area),
            locked=bool(frame.locked[at]),
            figures=_figures(setting, at, was, now),
            containers=(int(was.containers[area]), int(now.containers[area])),
            units=(int(was.units[area]), int(now.units[area])),
            shape=(before.shapes[at], lies[at]),
        )
        for at, area in enumerate(frame.areas)
    )


def _figures(setting: Setting, at: int, was: Totals, now: Totals) -> tuple[Figure, ...]:
    area, found = setting.frame.areas[at], []
    for column, (name, _) in enumerate(setting.request.measures):
        target = float(setting.goals[at, column])
        pair = was.of(area, name), now.of(area, name)
        off = [(v - target) / target if target > 0 else np.nan for v in pair]
        found.append(Figure(name, target, *pair, *off))
    return tuple(found)


def _deviations(rows: tuple[AreaRow, ...]) -> Floats:
    found = np.array([f.deviation_after for r in rows for f in r.figures])
    known: Floats = found[np.isfinite(found)]
    return known


def _bound(setting: Setting, bounds: Floats) -> float:
    """Return the bound on the largest deviation, of targets with what has to stay included."""
    balanced = len(setting.request.measures)
    goals, aims = setting.goals, setting.problem.targets[:, :balanced]
    share = np.divide(aims, goals, out=np.ones_like(goals), where=goals > 0)
    share = np.where(np.isfinite(share), share, 1.0).min(axis=0, initial=1.0)
    found = np.nan_to_num(np.asarray(bounds)[:balanced]) * share
    return float(found.max(initial=0.0))


def _moves(frame: Frame, after: Alignment, number: Numbers) -> tuple[MoveRow, ...]:
    """Return what goes from area to area, most of the first measure first."""
    of_leaf, n = numbers(frame.alignment, frame.areas), frame.alignment.items.containers
    was, now = of_leaf[frame.alignment.resolved], of_leaf[after.resolved]
    changed = np.flatnonzero((was != now) & (was >= NOWHERE) & (now >= NOWHERE))
    moving = np.flatnonzero(number != frame.number)
    size = len(frame.areas) + 1
    pair = _pairs(was[changed], now[changed], size)
    weighed = _pairs(frame.number[moving], number[moving], size)
    keys = np.union1d(pair, weighed)
    at, rows = np.searchsorted(keys, pair), len(keys)
    counts = [np.bincount(at[of], minlength=rows) for of in (changed < n, changed >= n)]
    sums = _sums(np.searchsorted(keys, weighed), frame.weights[moving], rows)
    found = [
        MoveRow(
            _area(frame, key // size - 1),
            _area(frame, key % size - 1),
            int(counts[0][i]),
            int(counts[1][i]),
            dict(zip(frame.columns, sums[i].tolist(), strict=True)),
        )
        for i, key in enumerate(keys.tolist())
    ]
    return tuple(sorted(found, key=lambda r: (-r.amounts[frame.columns[0]], r.source, r.target)))


def _pairs(source: Numbers, target: Numbers, size: int) -> NDArray[np.int64]:
    """Return one number for each pair of areas."""
    found: NDArray[np.int64] = (source + 1).astype(np.int64) * size + target + 1
    return found


def _sums(at: NDArray[np.intp], weights: Floats, rows: int) -> Floats:
    return np.column_stack([np.bincount(at, column, rows) for column in weights.T])


def _area(frame: Frame, number: int) -> AreaId:
    return UNASSIGNED if number < 0 else frame.areas[number]


def _moved(setting: Setting, moves: tuple[MoveRow, ...]) -> Moved:
    frame = setting.frame
    all_ = frame.weights.sum(axis=0) + frame.fixed.sum(axis=0)
    shares = {
        name: sum(m.amounts[name] for m in moves) / float(whole) if whole else 0.0
        for name, whole in zip(frame.columns, all_, strict=True)
    }
    containers, units = sum(m.containers for m in moves), sum(m.units for m in moves)
    return Moved(containers, units, shares)


def _owners(alignment: Alignment, moves: tuple[MoveRow, ...]) -> tuple[OwnerRow, ...]:
    """Return what each owner gets from others and gives to others, who gives most units first."""
    handed = [(_owner(alignment, m.source), _owner(alignment, m.target), m) for m in moves]
    handed = [row for row in handed if row[0] != row[1]]
    names = {name for row in handed for name in row[:2] if name}
    rows = (_owner_row(name, handed) for name in sorted(names))
    return tuple(sorted(rows, key=lambda r: (-r.units_out, -r.containers_out, r.owner)))


def _owner_row(name: str, handed: list[tuple[str, str, MoveRow]]) -> OwnerRow:
    out, in_ = ([m for *sides, m in handed if sides[side] == name] for side in (0, 1))
    return OwnerRow(
        owner=name,
        containers_in=sum(m.containers for m in in_),
        containers_out=sum(m.containers for m in out),
        units_in=sum(m.units for m in in_),
        units_out=sum(m.units for m in out),
        amounts_in=_added(in_),
        amounts_out=_added(out),
    )


def _added(moves: list[MoveRow]) -> Mapping[str, float]:
    names = moves[0].amounts if moves else ()
    return {name: sum(m.amounts[name] for m in moves) for name in names}


def _owner(alignment: Alignment, area: AreaId) -> str:
    """Return who an area is planned for: its owner, or the area itself where it has none."""
    return "" if area == UNASSIGNED else alignment.areas[area].owner or alignment.name(area)
