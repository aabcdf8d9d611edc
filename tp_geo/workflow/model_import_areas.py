"""Areas of a model that is imported: what a plan keeps of each territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.crm.imported import Imported, KeptRule
from tp_geo.crm.imported_tree import Node
from tp_geo.crm.naming import unmarked
from tp_geo.crm.origins import ACCESS, DESCRIPTION, ID, OWNER, REST, ROLE
from tp_geo.crm.rows import Key, Rows
from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    AreaIds,
    Items,
    frozen,
)
from tp_geo.workflow.model_import_people import Team

USERS = "other users"
RULES = "kept rules"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that was read: its rows, what they are as areas, and the users of each territory."""

    rows: Rows
    imported: Imported
    teams: Mapping[Key, Team]

    @property
    def areas(self) -> Mapping[AreaId, Area]:
        """The areas, numbered in the order of the nodes."""
        kept: dict[Key, list[KeptRule]] = {}
        for rule in self.imported.kept:
            kept.setdefault(rule.key, []).append(rule)
        rest = set(self.imported.rest.values())
        return {
            _id(i): self._rest(i, node) if i in rest else self._area(i, node, kept)
            for i, node in enumerate(self.imported.nodes)
        }

    def leaf(self, territory: Key) -> AreaId:
        """Return the area that holds what a territory takes; none where it can't hold any."""
        at = self.imported.tree.node_of.get(territory)
        if at is None:
            return UNASSIGNED
        held = self.imported.rest.get(at, at)
        divided = {node.parent for node in self.imported.nodes}
        return UNASSIGNED if held in divided else _id(held)

    def _area(self, i: int, node: Node, kept: Mapping[Key, Sequence[KeptRule]]) -> Area:
        row, team = self.rows[node.key], self.teams.get(node.key, Team())
        said = {
            ID: row.id,
            DESCRIPTION: unmarked(str(row.fields.get("Description") or "")),
            OWNER: team.owner.id if team.owner else "",
            ROLE: team.owner.role if team.owner else "",
            USERS: "; ".join(user.text for user in team.others),
            RULES: "\n".join(
                f"{rule.rule}: {rule.text}"
                for k in (node.key, *node.folded)
                for rule in kept.get(k, ())
            ),
            **{name: str(row.fields.get(field) or "") for field, name in ACCESS.items()},
        }
        return Area(
            _id(i),
            node.name,
            None if node.parent is None else _id(node.parent),
            node.level,
            owner=team.owner.username if team.owner else None,
            attributes={name: text for name, text in said.items() if text},
        )

    def _rest(self, i: int, node: Node) -> Area:
        above = None if node.parent is None else _id(node.parent)
        return Area(_id(i), node.name, above, node.level, attributes={REST: self.rows[node.key].id})


def alignment_of(model: Model, items: Items) -> Alignment:
    """Return the areas with the containers that rules give them; units follow."""
    area_of: AreaIds = np.full(items.count, FOLLOW, dtype=np.int32)
    area_of[: items.containers] = UNASSIGNED
    holds = model.imported.holds
    area_of[: len(holds)] = np.where(holds >= 0, holds + 1, UNASSIGNED)
    return replace(Alignment.empty(items), areas=model.areas, area_of=frozen(area_of))


def _id(node: int) -> AreaId:
    return AreaId(node + 1)
