"""Wanted: the rows that a plan asks an org to have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tp_geo.crm.criteria import Criteria
from tp_geo.crm.naming import MAX_NAME, developer_name, marked
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
    account has to fit too.
    """

    members: tuple[Member, ...] = ()
    forecasts: str | None = None
    criteria: tuple[Criteria, ...] = ()
    more: tuple[Criteria, ...] = ()
    accounts: tuple[str, ...] = ()


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
    taken: Callable[[str], bool] = lambda _: False,
) -> Rows:
    """Return the rows that some areas of an alignment ask for.

    Parameters
    ----------
    areas
        Those that are published, parents before those below them.
    staffed
        What each has; those left out have nothing.
    taken
        Whether a developer name is somebody else's in the org.
    """
    return Rows.of(_Wanting(alignment, areas, publication, staffed, taken).rows())


class _Wanting:
    """The rows of a publication, and the names given so far."""

    def __init__(
        self,
        alignment: Alignment,
        areas: Sequence[AreaId],
        publication: Publication,
        staffed: Mapping[AreaId, Staffed],
        taken: Callable[[str], bool],
    ) -> None:
        self.alignment, self.areas, self.publication = alignment, areas, publication
        self.staffed, self.taken = staffed, taken
        self.names: set[str] = set()
        self.keys = {k: Key(TERRITORY, self._named(alignment.name(k))) for k in areas}

    def rows(self) -> Iterator[Row]:
        yield from self._model()
        for k in self.areas:
            yield from self._area(self.alignment.area(k))

    def _model(self) -> Iterator[Row]:
        levels = dict.fromkeys(self.alignment.area(k).level for k in self.areas)
        for priority, level in enumerate(levels, start=self.publication.first_priority):
            key = Key(TYPE, self.publication.types[level])
            fields = {"DeveloperName": key.name, "MasterLabel": level[:MAX_NAME]}
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
        yield from self._rules(key, area, [*has.criteria[:1], *has.more])
        for number, criteria in enumerate(has.criteria[1:], start=2):
            below = Key(TERRITORY, self._named(f"{area.name}_part_{number}"))
            yield self._territory(below, area, key, NOBODY, part=f".{number}")
            yield from self._rules(below, area, [criteria, *has.more])

    def _territory(
        self, key: Key, area: Area, above: Key | None, has: Staffed, *, part: str
    ) -> Row:
        name = f"{area.name}, part {part[1:]}" if part else area.name
        note = str(area.attributes.get("description", ""))
        fields: Fields = {
            "DeveloperName": key.name,
            "Name": _short(name),
            "Description": marked(note, self.publication.plan, f"{area.id}{part}"),
            PARENT: above,
            "Territory2ModelId": self.publication.model_key,
            "Territory2TypeId": Key(TYPE, self.publication.types[area.level]),
            "ForecastUserId": has.forecasts,
            **self.publication.access.fields,
        }
        return Row(key, fields)

    def _rules(self, territory: Key, area: Area, rules: Sequence[Criteria]) -> Iterator[Row]:
        for number, criteria in enumerate(rules, start=1):
            ending = "" if number == 1 else f"_{number}"
            place = territory.name.removeprefix(f"P_{self.publication.plan}_")
            name = self._named(f"{place}{ending}", prefix=self.publication.rule_prefix)
            key = Key(RULE, name)
            label = area.name if number == 1 else f"{area.name} {number}"
            yield Row(
                key,
                {
                    "DeveloperName": name,
                    "MasterLabel": _short(label),
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

    def _named(self, text: str, *, prefix: str | None = None) -> str:
        prefix = f"P_{self.publication.plan}" if prefix is None else prefix
        name = developer_name(text, prefix=prefix, free=self._free)
        self.names.add(name)
        return name

    def _free(self, name: str) -> bool:
        return name not in self.names and not self.taken(name)


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


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1].rstrip() + "…"
