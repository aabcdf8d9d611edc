"""The territories of a model as areas: a tree of names that a plan can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tp_geo.crm.naming import part_of
from tp_geo.crm.rows import PARENT, TERRITORY, Key, Row, Rows
from tp_geo.domain.alignment import MAX_LEVELS
from tp_geo.domain.problems import MAX_NAME, RESERVED

UNTYPED = "Territory"
"""What a level is called whose territories have no type that can be read."""


@dataclass(frozen=True, slots=True)
class Node:
    """A territory that becomes an area: its place among the nodes, its name and level there.

    ``folded`` are territories below that get no area of their own: parts of
    one that did not fit a rule, and what lies deeper than a plan goes.
    """

    key: Key
    name: str
    level: str
    parent: int | None
    folded: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """The nodes of a model, parents first; by territory, the node it is part of."""

    nodes: tuple[Node, ...]
    node_of: Mapping[Key, int]
    order: tuple[Key, ...]
    last: Mapping[Key, int]
    deep: int
    renamed: tuple[tuple[str, str], ...]


def tree_of(rows: Rows) -> Tree:
    """Return the territories of a model as nodes.

    ``order`` has all territories, parents first and each with all below it in
    a row; ``last`` is the place there of the last one below each.
    """
    return _Building(rows).tree()


class _Building:
    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.below: dict[Key | None, list[Row]] = {}
        for row in rows.of_object(TERRITORY):
            above = row.fields.get(PARENT)
            known = isinstance(above, Key) and above in rows
            self.below.setdefault(above if known else None, []).append(row)  # type: ignore[arg-type]
        self.nodes: list[Node] = []
        self.node_of: dict[Key, int] = {}
        self.order: list[Key] = []
        self.names: dict[int | None, set[str]] = {}
        self.renamed: list[tuple[str, str]] = []
        self.deep = 0

    def tree(self) -> Tree:
        self._visit()
        folded: dict[int, list[Key]] = {}
        for key, node in self.node_of.items():
            if self.nodes[node].key != key:
                folded.setdefault(node, []).append(key)
        levels = _levels(self.nodes)
        nodes = (
            Node(n.key, n.name, levels[i], n.parent, tuple(folded.get(i, ())))
            for i, n in enumerate(self.nodes)
        )
        return Tree(
            tuple(nodes),
            self.node_of,
            tuple(self.order),
            self._last(),
            self.deep,
            tuple(self.renamed),
        )

    def _visit(self) -> None:
        waiting: list[tuple[Row, int | None, int]] = [(r, None, 1) for r in self._children(None)]
        while waiting:
            row, parent, depth = waiting.pop()
            if parent is None or not (depth > MAX_LEVELS or self._is_part(row)):
                node = len(self.nodes)
                self.nodes.append(Node(row.key, self._name(row, parent), self._level(row), parent))
            else:
                node = parent
                self.deep += depth > MAX_LEVELS
            self.node_of[row.key] = node
            self.order.append(row.key)
            waiting += [(below, node, depth + 1) for below in self._children(row.key)]

    def _last(self) -> dict[Key, int]:
        last = {key: i for i, key in enumerate(self.order)}
        for key in reversed(self.order):
            above = self.rows[key].fields.get(PARENT)
            if isinstance(above, Key) and above in last:
                last[above] = max(last[above], last[key])
        return last

    def _children(self, above: Key | None) -> list[Row]:
        """Return the territories directly below one, the last by name first."""
        return sorted(
            self.below.get(above, ()),
            key=lambda row: (_text(row, "Name").casefold(), row.key),
            reverse=True,
        )

    def _is_part(self, row: Row) -> bool:
        return part_of(_text(row, "Description")) and row.key not in self.below

    def _level(self, row: Row) -> str:
        kind = row.fields.get("Territory2TypeId")
        found = self.rows.get(kind) if isinstance(kind, Key) else None
        return (_text(found, "MasterLabel").strip() if found else "") or UNTYPED

    def _name(self, row: Row, parent: int | None) -> str:
        taken = self.names.setdefault(parent, set())
        said = _text(row, "Name").strip() or row.key.name
        plain = said
        if said.casefold() in RESERVED or (said.startswith("#") and said[1:].isdecimal()):
            plain = f"Territory {said}"
        name = free_name(plain, taken)
        taken.add(name)
        if name != said:
            self.renamed.append((said, name))
        return name


def _levels(nodes: Sequence[Node]) -> list[str]:
    """Return what the level of each node is called: its type, with the depth where types mix."""
    depths: list[int] = []
    at: dict[str, set[int]] = {}
    for node in nodes:
        depths.append(1 if node.parent is None else depths[node.parent] + 1)
        at.setdefault(node.level, set()).add(depths[-1])
    apart = all(len(found) == 1 for found in at.values())
    return [n.level if apart else f"{n.level} {d}" for n, d in zip(nodes, depths, strict=True)]


def free_name(name: str, taken: set[str]) -> str:
    """Return a name as long as an area's may be, with a number when it is taken."""
    found, number = name[:MAX_NAME], 1
    while found in taken:
        number += 1
        end = f" ({number})"
        found = name[: MAX_NAME - len(end)] + end
    return found


def _text(row: Row, field: str) -> str:
    return str(row.fields.get(field) or "")
