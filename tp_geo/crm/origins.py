"""Origins: areas that came from a model keep its territories, rules and users when published.

What a plan did not change is asked for as the org has it, to the letter. That
is told by reading the model back once more: what it holds as areas is compared
with the areas of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tp_geo.crm.criteria import Item
from tp_geo.crm.imported_tree import Node
from tp_geo.crm.naming import described, unmarked
from tp_geo.crm.origin_rules import OriginRules, RuleChange
from tp_geo.crm.rows import (
    ITEM,
    PARENT,
    RULE,
    TERRITORY,
    TYPE,
    USER,
    Fields,
    Key,
    Row,
    Rows,
    Value,
    item,
    member,
)
from tp_geo.crm.wanted import Staffed
from tp_geo.domain.alignment import Alignment, AreaId

ID = "salesforce id"
"""The attribute with the id of the territory that an area came from."""

REST = "salesforce rest of"
"""The attribute of an area for what a divided territory takes itself: the id of that one."""

OWNER = "salesforce owner"
"""The attribute with the id of the user who was taken as the owner."""

ROLE = "role"
"""The attribute with what the owner is in the territory."""

DESCRIPTION = "description"
ACCESS: Mapping[str, str] = {
    "AccountAccessLevel": "account access",
    "OpportunityAccessLevel": "opportunity access",
    "CaseAccessLevel": "case access",
}
"""The attributes with the access levels, by field."""


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """The areas of a plan that came from a model, and what they ask of it.

    ``base`` is what the model held before anything was written; ``keys`` the
    territories by area, ``rests`` the areas that stand for what a divided
    territory takes itself, with the area of that one; ``own`` is what the
    names of the plan's own rules begin with.
    """

    alignment: Alignment
    base: Rows
    keys: Mapping[AreaId, Key]
    rests: Mapping[AreaId, AreaId]
    nodes: Mapping[AreaId, Node]
    changes: Mapping[AreaId, RuleChange]
    own: str

    @classmethod
    def of(
        cls, alignment: Alignment, areas: Sequence[AreaId], base: Rows, rules: OriginRules
    ) -> Origins:
        """Return the origins of areas in a model."""
        found = _keys(alignment, areas, base)
        nodes = {k: node for k, key in found.items() if (node := rules.node(key))}
        keys = {k: found[k] for k in nodes}
        rests = {k: above for k in areas if (above := _rest_of(alignment, k)) in keys and above}
        rest = {above: k for k, above in rests.items()}
        changes = {k: rules.change(alignment, k, key, rest.get(k)) for k, key in keys.items()}
        return cls(alignment, base, keys, rests, nodes, changes, f"TPG_{rules.plan}_")

    @property
    def called(self) -> Mapping[str, str]:
        """The developer names of areas, by their marks."""
        return {f"{k}": key.name for k, key in self.keys.items()}

    @property
    def types(self) -> Mapping[str, str]:
        """The developer names of territory types by the levels that have them here."""
        found: dict[str, str] = {}
        for k, key in self.keys.items():
            kind = self.base[key].fields.get("Territory2TypeId")
            if isinstance(kind, Key) and self.alignment.area(k).level == self.nodes[k].level:
                found.setdefault(self.alignment.area(k).level, kind.name)
        return found

    @property
    def troubles(self) -> Iterator[tuple[AreaId, str]]:
        """The areas of which the plan can't be had, and why."""
        return ((k, change.trouble) for k, change in self.changes.items() if change.trouble)

    def staffed(self, staffed: Mapping[AreaId, Staffed]) -> Mapping[AreaId, Staffed]:
        """Return what areas have, with the criteria their rules get, or none where they stay."""
        own = {
            k: replace(staffed[k], criteria=change.criteria, rule=change.rule, standing=True)
            for k, change in self.changes.items()
        }
        return {**staffed, **own}

    def rows(self, wanted: Rows, actual: Rows, staffed: Mapping[AreaId, Staffed]) -> Rows:
        """Return what is wanted, of these areas as the org has it but for what is changed."""
        found = {row.key: row for row in wanted}
        attached = _attached(actual) if self.keys else {}
        for k, key in self.keys.items():
            if key not in actual:
                continue
            found[key] = self._territory(k, actual[key], found[key].fields)
            for row in self._standing(k, actual, attached):
                found[row.key] = row if row.key not in found else _merged(row, found[row.key])
            for gone in self._left(k, staffed[k]):
                found.pop(gone, None)
        used = {ref for row in found.values() for ref in row.refers()}
        return Rows.of(
            row
            for row in found.values()
            if row.key.object != TYPE or row.key in actual or row.key in used
        )

    def goes(self, row: Row) -> bool:
        """Whether a row that is not wanted may go, though no publish made it.

        Items of rules that get others, and associations of owners that areas
        have no more.
        """
        if row.key.object == ITEM:
            return any(row.fields.get("RuleId") in c.rules for c in self.changes.values())
        return row.key.object == USER and any(
            row.key == member(str(self._owner(k)), key) for k, key in self.keys.items()
        )

    def _standing(
        self, k: AreaId, actual: Rows, attached: Mapping[Key, Sequence[Row]]
    ) -> Iterator[Row]:
        """Yield what the org has with an area's territory and is to stay, changed where it must."""
        change = self.changes[k]
        for key in (self.keys[k], *self.nodes[k].folded):
            if key in change.again or key not in actual:
                continue
            if key != self.keys[k]:
                yield actual[key]
            for row in attached.get(key, ()):
                rule = row.fields.get("RuleId")
                if self._made_anew(row, change):
                    continue
                if row.key in change.below:
                    criteria = change.below[row.key]
                    joined = {"BooleanFilter": criteria.boolean_filter}
                    yield replace(row, fields={**row.fields, **joined})
                    yield from _items(row.key, criteria.items)
                elif row.key == change.rule and change.off:
                    yield replace(row, fields={**row.fields, "IsActive": False})
                elif not (row.key.object == ITEM and rule in change.rules):
                    yield row

    def _made_anew(self, row: Row, change: RuleChange) -> bool:
        """Whether a row is of a rule that the plan itself makes: of its criteria, say."""
        rule = row.key if row.key.object == RULE else row.fields.get("RuleId")
        return isinstance(rule, Key) and rule.name.startswith(self.own) and rule != change.rule

    def _territory(self, k: AreaId, row: Row, asked: Fields) -> Row:
        """Return a territory as the org has it, with what is otherwise in the plan."""
        area, node = self.alignment.area(k), self.nodes[k]
        fields: dict[str, Value] = dict(row.fields)
        if area.name != node.name:
            fields["Name"] = asked["Name"]
        if asked[PARENT] is not None or (area.parent is None and node.parent is not None):
            fields[PARENT] = asked[PARENT]
        if area.level != node.level:
            fields["Territory2TypeId"] = asked["Territory2TypeId"]
        if asked.get("ForecastUserId"):
            fields["ForecastUserId"] = asked["ForecastUserId"]
        before = str(row.fields.get("Description") or "")
        text = str(area.attributes.get(DESCRIPTION, ""))
        if text != unmarked(before):
            fields["Description"] = described(text, before)
        for name, attribute in ACCESS.items():
            if level := area.attributes.get(attribute):
                fields[name] = str(level)
        return replace(row, fields=fields)

    def _left(self, k: AreaId, has: Staffed) -> Iterator[Key]:
        """Yield the association of the owner an area had, when it has another one or none."""
        owner, users = self._owner(k), {m.user for m in has.members}
        if owner and owner not in users and (users or self.alignment.area(k).owner is None):
            yield member(owner, self.keys[k])

    def _owner(self, k: AreaId) -> str:
        return str(self.alignment.area(k).attributes.get(OWNER, ""))


def _keys(alignment: Alignment, areas: Sequence[AreaId], base: Rows) -> Mapping[AreaId, Key]:
    """Return the territories areas came from; of two areas with one, the first has it."""
    there = {row.id: row.key for row in base.of_object(TERRITORY)}
    found: dict[Key, AreaId] = {}
    for k in sorted(areas):
        key = there.get(str(alignment.area(k).attributes.get(ID, "")))
        if key is not None:
            found.setdefault(key, k)
    return {k: key for key, k in found.items()}


def _rest_of(alignment: Alignment, k: AreaId) -> AreaId | None:
    """Return the area above one that stands for the rest of it."""
    area = alignment.area(k)
    if area.parent is None or REST not in area.attributes or k not in alignment.leaves:
        return None
    above = alignment.area(area.parent)
    return above.id if above.attributes.get(ID) == area.attributes[REST] else None


def _attached(actual: Rows) -> Mapping[Key, Sequence[Row]]:
    """Return by territory its users, accounts, links, and the rules they lead to with items."""
    items: dict[Key, list[Row]] = {}
    for row in actual.of_object(ITEM):
        if isinstance(rule := row.fields.get("RuleId"), Key):
            items.setdefault(rule, []).append(row)
    found: dict[Key, list[Row]] = {}
    for row in actual:
        territory, rule = row.fields.get("Territory2Id"), row.fields.get("RuleId")
        if isinstance(territory, Key):
            own = found.setdefault(territory, [])
            own.append(row)
            if isinstance(rule, Key) and rule in actual:
                own += [actual[rule], *items.get(rule, ())]
    return found


def _merged(there: Row, asked: Row) -> Row:
    """Return a row of the org with what a plan asks of it."""
    names = {RULE: ("BooleanFilter", "IsActive"), USER: ("RoleInTerritory2",)}
    said = {n: asked.fields[n] for n in names.get(there.key.object, ()) if n in asked.fields}
    if there.key.object == USER and said.get("RoleInTerritory2") is None:
        return there
    return replace(there, fields={**there.fields, **said})


def _items(rule: Key, items: Sequence[Item]) -> Iterator[Row]:
    for order, one in enumerate(items, start=1):
        fields: Fields = {"Field": one.field, "Operation": one.operation, "Value": one.value}
        yield Row(item(rule, order), {"RuleId": rule, "SortOrder": order, **fields})
