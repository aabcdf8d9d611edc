"""Rules of territories that areas came from: left as they are, or changed by what moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tp_geo.crm.criteria import Criteria
from tp_geo.crm.evaluating import Flags
from tp_geo.crm.imported import Imported, Takes, read_back
from tp_geo.crm.imported_rules import Universe, changed, fresh
from tp_geo.crm.imported_tree import Node
from tp_geo.crm.naming import area_of
from tp_geo.crm.rows import Key, Rows
from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What becomes of the rules of an area's territory.

    ``criteria`` are new ones, the first for ``rule`` or a new one where that
    is ``None``; ``off`` says that it takes nothing any more. ``below`` are new
    criteria of rules of territories folded into the area; ``again`` are parts
    of it that are made anew. ``trouble`` is why the plan can't be had.
    """

    criteria: tuple[Criteria, ...] = ()
    rule: Key | None = None
    off: bool = False
    below: Mapping[Key, Criteria] = field(default_factory=dict)
    again: tuple[Key, ...] = ()
    trouble: str = ""

    @property
    def rules(self) -> frozenset[Key]:
        """The rules that get other items."""
        own = {self.rule} if self.rule and self.criteria else set()
        return frozenset(own | self.below.keys())


class OriginRules:
    """The rules of a model as it was before a publish, and what plans change of them."""

    def __init__(self, base: Rows, universe: Universe | None, plan: str) -> None:
        self.base, self.universe, self.plan = base, universe, plan
        self.model: Imported = read_back(base, universe)

    def node(self, key: Key) -> Node | None:
        """Return the node of a territory, ``None`` where it is no area by itself."""
        at = self.model.tree.node_of.get(key)
        found = None if at is None else self.model.tree.nodes[at]
        return found if found and found.key == key else None

    def change(
        self, alignment: Alignment, area: AreaId, key: Key, rest: AreaId | None
    ) -> RuleChange:
        """Return what becomes of the rules of a territory whose area is so in a plan.

        ``rest`` is the area for what the territory takes itself though it is divided.
        """
        if self.universe is None:
            return RuleChange()
        before = self._before(key)
        now = self._now(alignment, area, before, rest)
        try:
            return self._change(key, self.universe, before, now)
        except Refused as error:
            return RuleChange(trouble=f"{alignment.name(area)}: {error}")

    def _before(self, key: Key) -> Flags:
        """Return the containers that the model gives to a territory."""
        at = self.model.tree.node_of[key]
        found: Flags = self.model.holds == self.model.rest.get(at, at)
        return found

    def _now(self, alignment: Alignment, area: AreaId, before: Flags, rest: AreaId | None) -> Flags:
        """Return the containers a territory has to take: what areas below took over is theirs."""
        entries = alignment.area_of[: alignment.items.containers]
        if area in alignment.leaves:
            found: Flags = entries == area
            found[alignment.shared.inside((area,)).items] = True
            return found
        below = np.isin(entries, list(alignment.subtree(area)))
        return before & below if rest is None else (entries == rest) | (before & below)

    def _change(self, key: Key, universe: Universe, before: Flags, now: Flags) -> RuleChange:
        lost, won = universe.inside(before & ~now), universe.inside(now & ~before)
        node = self.node(key)
        folded = node.folded if node else ()
        own = tuple(k for k in folded if area_of(self._description(k), self.plan))
        had = _codes([self._takes(k) for k in (key, *own)], universe)
        wanted = (had & ~lost) | won
        if before.any() and not now.any():
            wanted = np.zeros_like(had)
        below = self._below([k for k in folded if k not in own], universe, lost)
        takes = self._takes(key)
        rule = takes.rule if takes else None
        if (wanted == had).all():
            return RuleChange(rule=rule.key if rule else None, below=below)
        _check(takes, wanted, universe)
        if not wanted.any():
            return RuleChange(rule=rule.key if rule else None, off=True, below=below, again=own)
        made = changed(rule.criteria, universe, wanted) if rule else fresh(universe, wanted)
        return RuleChange(made, rule.key if rule else None, below=below, again=own)

    def _below(
        self, folded: Iterable[Key], universe: Universe, lost: Flags
    ) -> Mapping[Key, Criteria]:
        """Return the criteria of rules further below that take codes the area has lost."""
        found = {}
        for key in folded:
            takes = self._takes(key)
            if takes is None or not (takes.codes & lost).any():
                continue
            made = changed(takes.rule.criteria, universe, takes.codes & ~lost) if takes.rule else ()
            if takes.rule is None or len(made) != 1:
                raise Refused(f"the rules of {key.name} below it have to be changed in the org.")
            found[takes.rule.key] = made[0]
        return found

    def _takes(self, key: Key) -> Takes | None:
        return self.model.takes.get(key)

    def _description(self, key: Key) -> str:
        return str(self.base[key].fields.get("Description") or "")


def _codes(takes: Iterable[Takes | None], universe: Universe) -> Flags:
    found = np.zeros(len(universe.codes), dtype=np.bool_)
    for one in takes:
        if one is not None:
            found |= one.codes
    return found


def _check(takes: Takes | None, wanted: Flags, universe: Universe) -> None:
    """Refuse what other rules of a territory do not let be."""
    if takes is None:
        return
    if (outside := wanted & ~takes.others).any():
        code = universe.codes[int(np.argmax(outside))]
        raise Refused(
            f"another rule of its territory, or one handed down to it, keeps {code} out. "
            "Change that rule in the org."
        )
    if not wanted.any() and not (takes.rule and takes.alone):
        raise Refused(
            "it holds no postal codes any more, but other rules of its territory would go on "
            "taking accounts. Switch them off in the org."
        )
