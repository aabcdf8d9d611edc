"""Commands that bring back what was: a revision taken back, everything, or one branch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import FOLLOW, Alignment, Area, AreaId, Flags, frozen
from tp_geo.domain.edits import Edit, diff
from tp_geo.domain.merge import revert
from tp_geo.domain.shares import Overlap, Shares
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class Revert:
    """Take a past revision back, worked out on the alignment it meets."""

    before: Alignment
    after: Alignment
    kind: str
    text: str

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """See ``Command``."""
        made = revert(alignment, self.after, self.before)
        if made.problems:
            raise Refused(f"Can't be taken back: {made.problems[0]}.")
        return made.edits

    def says(self, alignment: Alignment, noun: str) -> str:
        """See ``Command``."""
        return self.text


@dataclass(frozen=True, slots=True)
class GoTo:
    """Become another alignment, whatever the alignment is that this meets; sign-offs stay."""

    goal: Alignment
    text: str
    kind: ClassVar[str] = "restore"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """See ``Command``."""
        kept = {k: s for k, s in alignment.signoffs.items() if k is None or k in self.goal.areas}
        goal = replace(self.goal, signoffs=kept, asks=alignment.asks)
        return diff(alignment, goal)

    def says(self, alignment: Alignment, noun: str) -> str:
        """See ``Command``."""
        return self.text


@dataclass(frozen=True, slots=True)
class GoBack:
    """Become what a branch was, while all around it stays as it is."""

    branch: AreaId
    past: Alignment
    name: str
    kind: ClassVar[str] = "restore"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """See ``Command``."""
        return diff(alignment, branch_as_it_was(alignment, self.past, self.branch))

    def says(self, alignment: Alignment, noun: str) -> str:
        """See ``Command``."""
        return f"restored {alignment.name(self.branch)} as in the snapshot {self.name}"


def branch_as_it_was(now: Alignment, past: Alignment, branch: AreaId) -> Alignment:
    """Return ``now`` with the areas below a branch as they were, and what it holds given to them.

    The branch itself keeps its name, owner and targets: whoever is above it
    gave it those. What has left it since stays away. What has come since stays
    where it is, or goes to the branch's first area where that is gone.
    Raise ``Refused`` when the branch was not there, or one of its areas has
    moved to another branch.
    """
    areas = _areas(now, past, branch)
    signoffs = {k: s for k, s in now.signoffs.items() if k is None or k in areas}
    goal = replace(now, areas=areas, signoffs=signoffs)
    leaves = [k for k in goal.subtree(branch) if k in goal.leaves]
    here = np.isin(now.resolved, list(now.subtree(branch)))
    stayed = here & np.isin(past.resolved, list(past.subtree(branch)))
    entries = np.where(stayed, past.area_of, now.area_of)
    n, inside = now.items.containers, now.items.container_of
    lost = stayed[n:] & (entries[n:] == FOLLOW) & (inside >= 0) & ~here[inside]
    entries[n:] = np.where(lost, now.area_of[n:], entries[n:])
    homeless = here & (entries != FOLLOW) & ~np.isin(entries, leaves)
    entries[homeless] = goal.leaf(branch)
    held = np.where(stayed, past.held, now.held)
    shares = _shares(goal, past, branch, stayed)
    return replace(goal, area_of=frozen(entries.astype(np.int32)), held=frozen(held), shares=shares)


def _shares(goal: Alignment, past: Alignment, branch: AreaId, stayed: Flags) -> Shares:
    """Return what is shared: within the branch as it was, all else as it is.

    What areas of the branch that are gone share with those around it goes to its first one.
    """
    if goal.overlap is Overlap.NONE:
        return goal.shares
    below = [*goal.subtree(branch)]
    inner = goal.shares.where(stayed[goal.shares.items]) - goal.shares.inside(
        [k for k in goal.areas if k not in below]
    )
    was = past.shares.inside(below)
    kept = goal.shares - inner
    gone = kept.where(~np.isin(kept.areas, list(goal.leaves)))
    moved = Shares.of(gone.items, goal.leaf(branch))
    return (kept - gone) | moved | was.where(stayed[was.items])


def _areas(now: Alignment, past: Alignment, branch: AreaId) -> dict[AreaId, Area]:
    """Return the areas there will be."""
    if branch not in past.areas:
        name = now.area(branch).name
        raise Refused(f"{name} was not there then. Restore everything, or another area.")
    inner, before = set(now.subtree(branch)), set(past.subtree(branch))
    for k in sorted(before - inner):
        if k in now.areas:
            raise Refused(
                f"{now.areas[k].name} has left {now.area(branch).name} since then. "
                "Move it back first."
            )
    outside = {k: a for k, a in now.areas.items() if k not in inner}
    within = {k: past.areas[k] for k in before if k != branch}
    return {**outside, branch: now.area(branch), **within}
