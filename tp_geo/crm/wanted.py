"""Wanted: the rows that a plan asks an org to have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tp_geo.crm.criteria import Criteria
from tp_geo.crm.naming import developer_name, marked, shortened
from tp_geo.crm.rows import (
    MODEL,
    PARENT,
    RULE,
    TERRITORY,
    TYPE,
    Fields,
    Key,
    Row,
    Rows,
    direct,
    item,
    link,
    member,
)
from tp_geo.domain.alignment import Alignment, Area, AreaId


@dataclass(frozen=True, slots=True)
class Access:
    """What those assigned to a territory may do; ``None``: the org's sharing decides."""

    account: str = "Read"
    opportunity: str | None = "None"
    case: str | None = "None"

    @property
    def fields(self) -> Fields:
        """The fields of a territory; what is left to the org is not named."""
        levels = {
            "AccountAccessLevel": self.account,
            "OpportunityAccessLevel": self.opportunity,
            "CaseAccessLevel": self.case,
        }
        return {name: level for name, level in levels.items() if level is not None}


@dataclass(frozen=True, slots=True)
class Member:
    """A user of a territory by id, and the role there."""

    user: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Staffed:
    """What a territory has beside its place: users, who forecasts, rules, accounts by hand.

    ``criteria`` are those of its boundaries: the first goes into a rule of
    its own, the rest into territories below it. ``more`` are rules that an
    account has to fit too. ``rule`` is the one of the org that the first
    criteria go into, ``None`` for one of ours; ``standing``: its rule for the
    boundaries is in the org, though there are no ``criteria`` for it.
    """

    members: tuple[Member, ...] = ()
    forecasts: str | None = None
    criteria: tuple[Criteria, ...] = ()
    more: tuple[Criteria, ...] = ()
    accounts: tuple[str, ...] = ()
    rule: Key | None = None
    standing: bool = False


NOBODY = Staffed()


@dataclass(frozen=True, slots=True)
class Publication:
    """How a plan is published.

    ``plan`` is the short code that names are made with. ``parent`` is the
    territory of the org everything is put below, ``None`` for the top of the
    model. ``types`` gives, by level, the developer name of the territory type;
    those the org lacks get priorities from ``first_priority`` on.
    """

    plan: str
    model: str
    model_name: str
    types: Mapping[str, str]
    parent: Key | None = None
    access: Access = field(default_factory=Access)
    new_model: bool = True
    first_priority: int = 1

    @property
    def model_key(self) -> Key:
        """The key of the model."""
        return Key(MODEL, self.model)

    @property
    def rule_prefix(self) -> str:
        """Return what the developer names of our rules begin with."""
        return f"TPG_{self.plan}"


def wanted(
    alignment: Alignment,
    areas: Sequence[AreaId],
    publication: Publication,
    staffed: Mapping[AreaId, Staffed],
    *,
    called: Mapping[str, str] = MappingProxyType({}),
    taken: Collection[str] = (),
) -> Rows:
    """Return the rows that some areas of an alignment ask for.

    Parameters
    ----------
    areas
        Those that are published, parents before those below them.
    staffed
        What each has; those left out have nothing.
    called
        The developer names of areas that the org has already, by their marks:
        "3", and "3.2" for the second part of one.
    taken
        The developer names there are in the org.
    """
    return Rows.of(
        _Wanting(alignment, areas, publication, staffed, _Names(called, {*taken})).rows()
    )


class _Wanting:
    """The rows of a publication, and the names given so far."""

    def __init__(
        self,
        alignment: Alignment,
        areas: Sequence[AreaId],
        publication: Publication,
        staffed: Mapping[AreaId, Staffed],
        names: _Names,
    ) -> None:
        self.alignment, self.areas, self.publication = alignment, areas, publication
        self.staffed, self.names = staffed, names
        self.keys = {k: self._territory_key(alignment.name(k), f"{k}") for k in areas}

    def rows(self) -> Iterator[Row]:
        yield from self._model()
        for k in self.areas:
            yield from self._area(self.alignment.area(k))

    def _model(self) -> Iterator[Row]:
        levels = dict.fromkeys(self.alignment.area(k).level for k in self.areas)
        types = {self.publication.types[level]: level for level in reversed(levels)}
        named = enumerate(reversed(types.items()), start=self.publication.first_priority)
        for priority, (kind, level) in named:
            key = Key(TYPE, kind)
            fields = {"DeveloperName": kind, "MasterLabel": shortened(level)}
            yield Row(key, {**fields, "Priority": priority})
        if self.publication.new_model:
            name = {"DeveloperName": self.publication.model, "Name": self.publication.model_name}
            yield Row(self.publication.model_key, name)

    def _area(self, area: Area) -> Iterator[Row]:
        key, has = self.keys[area.id], self.staffed.get(area.id, NOBODY)
        above = self._above(area)
        yield self._territory(key, area, above, has, part="")
        yield from (_member(m, key) for m in has.members)
        yield from (_account(a, key) for a in has.accounts)
        rules, own = [*has.criteria[:1], *has.more], has.rule if has.criteria else None
        first = 2 if has.standing and not has.criteria else 1
        yield from self._rules(key, area, f"{area.id}", rules, own=own, first=first)
        for number, criteria in enumerate(has.criteria[1:], start=2):
            part = f".{number}"
            below = self._territory_key(f"{area.name}_part_{number}", f"{area.id}{part}")
            yield self._territory(below, area, key, NOBODY, part=part)
            yield from self._rules(below, area, f"{area.id}{part}", [criteria, *has.more])

    def _territory(
        self, key: Key, area: Area, above: Key | None, has: Staffed, *, part: str
    ) -> Row:
        note = str(area.attributes.get("description", ""))
        fields: Fields = {
            "DeveloperName": key.name,
            "Name": shortened(area.name, f", part {part[1:]}" if part else ""),
            "Description": marked(note, self.publication.plan, f"{area.id}{part}"),
            PARENT: above,
            "Territory2ModelId": self.publication.model_key,
            "Territory2TypeId": Key(TYPE, self.publication.types[area.level]),
            **({"ForecastUserId": has.forecasts} if has.forecasts else {}),
            **self.publication.access.fields,
        }
        return Row(key, fields)

    def _rules(
        self,
        territory: Key,
        area: Area,
        mark: str,
        rules: Sequence[Criteria],
        *,
        own: Key | None = None,
        first: int = 1,
    ) -> Iterator[Row]:
        """Yield rules under names that stay, whatever the area is called."""
        for number, criteria in enumerate(rules, start=first):
            name = f"{self.publication.rule_prefix}_A{mark.replace('.', '_P')}"
            name += "" if number == 1 else f"_R{number}"
            key = own if own and number == 1 else Key(RULE, name)
            yield Row(
                key,
                {
                    "DeveloperName": key.name,
                    "MasterLabel": shortened(area.name, "" if number == 1 else f" {number}"),
                    "ObjectType": "Account",
                    "Territory2ModelId": self.publication.model_key,
                    "BooleanFilter": criteria.boolean_filter,
                    "IsActive": True,
                },
            )
            yield from _items(key, criteria)
            yield Row(
                link(key, territory),
                {"RuleId": key, "Territory2Id": territory, "IsInherited": False},
            )

    def _above(self, area: Area) -> Key | None:
        """Return the nearest area above that is published too, else what all is put below."""
        above = (self.keys.get(a.id) for a in self.alignment.ancestry(area.id) if a is not area)
        return next((key for key in above if key is not None), self.publication.parent)

    def _territory_key(self, text: str, mark: str) -> Key:
        return Key(TERRITORY, self.names.of(mark, text, prefix=f"P_{self.publication.plan}"))


class _Names:
    """The developer names that areas have, and those that are taken."""

    def __init__(self, called: Mapping[str, str], taken: set[str]) -> None:
        self.called, self.taken = called, taken | {*called.values()}

    def of(self, mark: str, text: str, *, prefix: str) -> str:
        """Return the name an area has in the org, else one for its text."""
        if mark in self.called:
            return self.called[mark]
        name = developer_name(text, prefix=prefix, free=lambda name: name not in self.taken)
        self.taken.add(name)
        return name


def _items(rule: Key, criteria: Criteria) -> Iterator[Row]:
    for order, one in enumerate(criteria.items, start=1):
        fields = {"Field": one.field, "Operation": one.operation, "Value": one.value}
        yield Row(item(rule, order), {"RuleId": rule, "SortOrder": order, **fields})


def _member(user: Member, territory: Key) -> Row:
    fields: Fields = {
        "UserId": user.user,
        "Territory2Id": territory,
        "RoleInTerritory2": user.role,
    }
    return Row(member(user.user, territory), fields)


def _account(account: str, territory: Key) -> Row:
    fields: Fields = {
        "ObjectId": account,
        "Territory2Id": territory,
        "AssociationCause": "Territory2Manual",
    }
    return Row(direct(account, territory), fields)
