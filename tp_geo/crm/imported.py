"""A territory model read back: its areas, the containers they hold, the rules that say more.

Pure: what an org holds and the postal codes that are known make the same
areas every time, which is how a publish tells later what has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tp_geo.crm.criteria import POSTAL, Criteria, Item
from tp_geo.crm.evaluating import Flags
from tp_geo.crm.imported_rules import Meaning, Universe, meaning
from tp_geo.crm.imported_tree import Node, Tree, free_name, tree_of
from tp_geo.crm.rows import ITEM, LINK, PARENT, RULE, TERRITORY, Key, Row, Rows

NOTHING = Meaning(None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of an org and where it applies: territories of its own, and those it is handed to."""

    key: Key
    label: str
    criteria: Criteria
    active: bool
    object: str
    handed_down: bool = False

    @property
    def runs(self) -> bool:
        """Whether accounts have to fit it."""
        return self.active and self.object == "Account"

    @property
    def text(self) -> str:
        """Its criteria, word for word."""
        items = [f"{i.field} {i.operation} {i.value}" for i in self.criteria.items]
        joined = self.criteria.boolean_filter
        return "; ".join([*items, f"filter {joined}"] if joined else items)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule that a plan can't hold as containers; it stays in the org, word for word."""

    key: Key
    territory: str
    rule: str
    text: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Takes:
    """The codes that a territory's rules take, and which rule can be changed to take others.

    ``others`` are the codes that all its other rules let in; ``alone`` says
    whether there are none.
    """

    codes: Flags
    rule: Rule | None
    others: Flags
    alone: bool


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A model as areas.

    ``holds`` is the node of each container, -1 for none; a node that is
    divided and takes containers itself has one more below it, by its place in
    ``rest``. ``takes`` is by territory, those without containers left out.
    """

    tree: Tree
    nodes: tuple[Node, ...]
    holds: NDArray[np.int32]
    rest: Mapping[int, int]
    takes: Mapping[Key, Takes]
    rules: Mapping[Key, tuple[Rule, ...]]
    kept: tuple[KeptRule, ...]
    contested: int = 0
    apart: int = 0
    loose: tuple[Rule, ...] = field(default=())


def read_back(rows: Rows, universe: Universe | None) -> Imported:
    """Return a model as areas; without a universe no rule becomes containers."""
    return _Reading(rows, universe).imported()


class _Reading:
    def __init__(self, rows: Rows, universe: Universe | None) -> None:
        self.rows, self.universe = rows, universe
        self.tree = tree_of(rows)
        self.rules, self.loose = _rules(rows)
        self.means = {rule.key: self._meaning(rule) for of in self.rules.values() for rule in of}
        self.above = {row.fields.get(PARENT) for row in rows.of_object(TERRITORY)}
        self.links = Counter(rule.key for of in self.rules.values() for rule in of)
        self.takes: dict[Key, Takes] = {}
        self.partial: set[Key] = set()

    def imported(self) -> Imported:
        for key in self.tree.order:
            self._take(key)
        winner, contested = self._winners()
        nodes, rest, holds, apart = self._holding(winner)
        return Imported(
            self.tree,
            nodes,
            holds,
            rest,
            self.takes,
            self.rules,
            tuple(self._kept()),
            contested,
            apart,
            self.loose,
        )

    def _meaning(self, rule: Rule) -> Meaning:
        if self.universe is None or not rule.runs:
            return NOTHING
        return meaning(rule.criteria, self.universe)

    def _take(self, key: Key) -> None:
        """Note what a territory takes: all of its rules and of those handed down have to fit."""
        own = [rule for rule in self.rules.get(key, ()) if rule.runs]
        rules = [*own, *self._handed(key)]
        told = [self.means[r.key] for r in rules]
        placed = any(self.means[r.key].fits is not None for r in own)
        whole = all(m.whole for m in told)
        if self.universe is None or not told or not (placed or whole):
            return
        if not whole:
            self.partial.add(key)
        alone = [r for r in own if not self._reaches_further(key, r)]
        changeable = _changeable(alone, self.means)
        others = [self.means[r.key].fits for r in rules if r is not changeable]
        self.takes[key] = Takes(
            _all([m.fits for m in told], len(self.universe.codes)),
            changeable,
            _all(others, len(self.universe.codes)),
            len(rules) == 1,
        )

    def _reaches_further(self, key: Key, rule: Rule) -> bool:
        """Whether other territories have a rule as well."""
        return self.links[rule.key] > 1 or (rule.handed_down and key in self.above)

    def _handed(self, key: Key) -> Iterator[Rule]:
        row = self.rows[key]
        seen = {key}
        while isinstance(above := row.fields.get(PARENT), Key) and above not in seen:
            seen.add(above)
            found = self.rows.get(above)
            if found is None:
                return
            yield from (r for r in self.rules.get(above, ()) if r.handed_down and r.runs)
            row = found

    def _winners(self) -> tuple[NDArray[np.int32], int]:
        """Return the territory that gets each code: the lowest on a branch, the first of several.

        Those whose rules say more than places come after those that do not.
        """
        count = 0 if self.universe is None else len(self.universe.codes)
        winner = np.full(count, -1, dtype=np.int32)
        last = np.array([self.tree.last[key] for key in self.tree.order], dtype=np.int32)
        contested = np.zeros(count, dtype=np.bool_)
        exact = [i for i, key in enumerate(self.tree.order) if key not in self.partial]
        rest = [i for i, key in enumerate(self.tree.order) if key in self.partial]
        for i in (*exact, *rest):
            takes = self.takes.get(self.tree.order[i])
            if takes is None:
                continue
            free = (winner < 0) | ((winner <= i) & (last[winner] >= i))
            below = (winner > i) & (winner <= last[i])
            contested |= takes.codes & ~free & ~below
            winner[takes.codes & free] = i
        return winner, int(contested.sum())

    def _holding(
        self, winner: NDArray[np.int32]
    ) -> tuple[tuple[Node, ...], dict[int, int], NDArray[np.int32], int]:
        """Return the nodes with those for the rest of divided ones, and who holds containers."""
        nodes = list(self.tree.nodes)
        if self.universe is None:
            return tuple(nodes), {}, np.full(0, -1, dtype=np.int32), 0
        node = np.array([self.tree.node_of[key] for key in self.tree.order] or [-1], dtype=np.int32)
        by_code = np.where(winner >= 0, node[winner], -1).astype(np.int32)
        holds = by_code[: self.universe.containers].copy()
        apart = int((by_code != holds[self.universe.container]).sum())
        rest = {}
        for i in sorted({n.parent for n in self.tree.nodes if n.parent is not None}):
            if (holds == i).any():
                rest[i] = len(nodes)
                names = {n.name for n in nodes if n.parent == i}
                name = free_name(f"{nodes[i].name}, rest", names)
                level = next(n.level for n in nodes if n.parent == i)
                holds[holds == i] = len(nodes)
                nodes.append(Node(nodes[i].key, name, level, i))
        return tuple(nodes), rest, holds, apart

    def _kept(self) -> Iterator[KeptRule]:
        for key in self.tree.order:
            for rule in self.rules.get(key, ()):
                if why := self._why(rule):
                    name = str(self.rows[key].fields.get("Name") or key.name)
                    yield KeptRule(key, name, rule.label, rule.text, why)

    def _why(self, rule: Rule) -> str:
        """Return why a rule is kept; "" when all it says became containers."""
        if not rule.active:
            return "It is not active, so it takes no accounts."
        if rule.object != "Account":
            return f"It is for records of {rule.object}, not for accounts."
        if not rule.criteria.items:
            return "It has no criteria."
        if self.universe is None:
            return "The containers here are not postal codes of one country."
        found = self.means[rule.key]
        if not found.untold:
            return "" if found.fits is None or found.fits.any() else "No known postal code fits it."
        said = "; ".join(_short(item) for item in found.untold[:3])
        return f"Places can't tell {said}."


def _rules(rows: Rows) -> tuple[dict[Key, tuple[Rule, ...]], tuple[Rule, ...]]:
    """Return the rules of each territory, and those of none."""
    items: dict[Key, list[tuple[int, Item]]] = {}
    for row in rows.of_object(ITEM):
        rule, order = row.fields.get("RuleId"), row.fields.get("SortOrder")
        if isinstance(rule, Key):
            items.setdefault(rule, []).append((int(order or 0), _item(row)))  # type: ignore[arg-type]
    found: dict[Key, list[Rule]] = {}
    linked: set[Key] = set()
    for row in rows.of_object(LINK):
        rule, territory = row.fields.get("RuleId"), row.fields.get("Territory2Id")
        if isinstance(rule, Key) and isinstance(territory, Key) and rule in rows:
            handed = bool(row.fields.get("IsInherited"))
            linked.add(rule)
            found.setdefault(territory, []).append(_rule(rows[rule], items, handed_down=handed))
    loose = (_rule(r, items) for r in rows.of_object(RULE) if r.key not in linked)
    return {key: tuple(rules) for key, rules in found.items()}, tuple(loose)


def _rule(
    row: Row, items: Mapping[Key, list[tuple[int, Item]]], *, handed_down: bool = False
) -> Rule:
    ordered = sorted(items.get(row.key, ()), key=lambda pair: pair[0])
    joined = row.fields.get("BooleanFilter")
    return Rule(
        row.key,
        str(row.fields.get("MasterLabel") or row.key.name),
        Criteria(tuple(item for _, item in ordered), str(joined) if joined else None),
        bool(row.fields.get("IsActive")),
        str(row.fields.get("ObjectType") or "Account"),
        handed_down,
    )


def _item(row: Row) -> Item:
    said = (str(row.fields.get(name) or "") for name in ("Field", "Operation", "Value"))
    return Item(*said)


def _changeable(own: Sequence[Rule], means: Mapping[Key, Meaning]) -> Rule | None:
    """Return the rule to change when a territory is to take other codes: that of the codes."""
    told = [rule for rule in own if means[rule.key].fits is not None]
    by_code = [r for r in told if any(item.field == POSTAL for item in r.criteria.items)]
    return next(iter(sorted(by_code or told, key=lambda rule: rule.key)), None)


def _all(fits: Sequence[Flags | None], count: int) -> Flags:
    found = np.ones(count, dtype=np.bool_)
    for one in fits:
        if one is not None:
            found &= one
    return found


def _short(item: Item) -> str:
    value = item.value if len(item.value) <= 60 else f"{item.value[:59]}…"
    return f"{item.field} {item.operation} {value}"
