"""What a run proposes: plans to choose from, each with its figures before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tp_geo.domain.alignment import AreaId
from tp_geo.optimize.solution import Solution
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_command import Optimize
from tp_geo.workflow.optimizing_problem import Setting


@dataclass(frozen=True, slots=True)
class Figure:
    """What an area holds of a measure; ``target`` is NaN where there is none, as of locked areas.

    A deviation is a share of the target.
    """

    measure: str
    target: float
    before: float
    after: float
    deviation_before: float
    deviation_after: float


@dataclass(frozen=True, slots=True)
class Shape:
    """How an area lies: its parts, how round it is, how far its items are from its center.

    ``roundness`` is the Polsby-Popper score, ``km`` the mean distance, and
    ``minutes`` the same by road, weighted by the first measure; NaN where
    they are not known.
    """

    parts: int
    roundness: float
    km: float
    minutes: float


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area before and after."""

    id: AreaId
    name: str
    locked: bool
    figures: tuple[Figure, ...]
    containers: tuple[int, int]
    units: tuple[int, int]
    shape: tuple[Shape, Shape]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """What goes from one area (0: none) to another, with its share of each balanced measure."""

    source: AreaId
    target: AreaId
    containers: int
    units: int
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Moved:
    """How much changes its area: containers, units, and the share of each balanced measure."""

    containers: int
    units: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What an owner gets from others and gives to others."""

    owner: str
    containers_in: int
    containers_out: int
    units_in: int
    units_out: int
    amounts_in: Mapping[str, float]
    amounts_out: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that stands in the way of a better plan, in words; ``areas`` are meant by it."""

    name: str
    text: str
    areas: tuple[AreaId, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One plan to choose.

    ``moved`` is what leaves an area, ``assigned`` what had none. The largest
    and mean deviations are over the balanced measures; ``lower_bound`` is a
    largest deviation that no plan can be below. ``split`` counts, by kind of
    border, those that are parted, before and after.
    """

    label: str
    text: str
    solution: Solution
    command: Optimize
    rows: tuple[AreaRow, ...]
    moves: tuple[MoveRow, ...]
    moved: Moved
    assigned: Moved
    owners: tuple[OwnerRow, ...]
    largest_before: float
    largest: float
    mean: float
    lower_bound: float
    parts: int
    split: Mapping[str, tuple[int, int]]
    stopped: str
    binding: tuple[str, ...]
    issues: tuple[Said, ...]
    trace: tuple[tuple[float, int, float], ...]
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """The plans of a run; the first is what was asked for. ``seq`` is the revision it stands on.

    ``least_moved`` is, by measure, the share that has to leave its area in
    every plan within the tolerance; empty where something has no area yet.
    """

    setting: Setting
    alternatives: tuple[Alternative, ...]
    least_moved: Mapping[str, float] = field(default_factory=dict)

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.setting.request

    @property
    def seq(self) -> int:
        """The revision the plan was at."""
        return self.setting.frame.seq

    @property
    def issues(self) -> tuple[Said, ...]:
        """What holds for all of the plans."""
        frame = self.setting.frame
        return tuple(
            Said(i.name, i.text, tuple(frame.areas[a] for a in i.areas))
            for i in self.setting.issues
        )
