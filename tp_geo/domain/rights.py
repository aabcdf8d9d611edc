"""Who may do what: roles in the team, and what is shared with whom at which level.

One table says which role may do what (`ALLOWED`), one list of grants where.
As long as nobody is an administrator there are no rights to ask for: the app
is one person's, or a team's in which everybody may do everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.dataset import ASSUMED
from tp_geo.domain.granted import About, Granted
from tp_geo.domain.rules import EVERYTHING, Remit
from tp_geo.errors import BadData, Refused

EVERYBODY: Final = "*"
"""Everybody who signs in, as a subject."""

TEAM: Final = "team"
"""The object of a grant that says which roles somebody has."""

MAX_SUBJECT: Final = 254


class Role(StrEnum):
    """What somebody is in the team; one person can be several."""

    ADMINISTRATOR = "administrator"
    PLANNER = "planner"
    BRANCH_OWNER = "branch-owner"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"


NO_ROLE: Final = "guest"
"""What somebody without a role is called: may see and say what is shared, and no more."""


class Level(StrEnum):
    """How far something is shared: each holds what the ones before it hold."""

    VIEW = "view"
    COMMENT = "comment"
    EDIT = "edit"

    @property
    def rank(self) -> int:
        """How far it goes."""
        return list(Level).index(self)


class Action(StrEnum):
    """What somebody wants to do."""

    SEE = "see"
    COMMENT = "comment"
    SNAPSHOT = "snapshot"
    EDIT = "edit"
    REVIEW = "review"
    PUBLISH = "publish"
    DRAFT = "draft"
    CREATE = "create"
    MANAGE = "manage"
    SHARE = "share"
    DATA = "data"
    TEAM = "team"
    STORE = "store"


_ANYBODY: Final = frozenset([*Role, NO_ROLE])
_PLANS: Final = frozenset({Role.PLANNER})

ALLOWED: Final[Mapping[Action, frozenset[str]]] = {
    Action.SEE: _ANYBODY,
    Action.COMMENT: _ANYBODY,
    Action.SNAPSHOT: frozenset({*Role}),
    Action.EDIT: frozenset({Role.PLANNER, Role.BRANCH_OWNER}),
    Action.REVIEW: frozenset({Role.REVIEWER}),
    Action.PUBLISH: frozenset({Role.PUBLISHER}),
    Action.DRAFT: frozenset({Role.PLANNER, Role.BRANCH_OWNER}),
    Action.CREATE: _PLANS,
    Action.MANAGE: _PLANS,
    Action.SHARE: frozenset({Role.PLANNER, Role.BRANCH_OWNER}),
    Action.DATA: _PLANS,
    Action.TEAM: frozenset(),
    Action.STORE: frozenset(),
}
"""Which roles may do what at all; administrators may do everything, everywhere."""

NEEDED: Final[Mapping[Action, Level]] = {
    Action.SEE: Level.VIEW,
    Action.COMMENT: Level.COMMENT,
    Action.SNAPSHOT: Level.VIEW,
    Action.EDIT: Level.EDIT,
    Action.REVIEW: Level.COMMENT,
    Action.PUBLISH: Level.VIEW,
    Action.DRAFT: Level.EDIT,
    Action.MANAGE: Level.EDIT,
    Action.SHARE: Level.EDIT,
}
"""How far an alignment has to be shared for what is done with it."""

WHOLE: Final = frozenset({Action.MANAGE})
"""What takes the whole alignment; for the others a part of it will do."""

BY_NAME: Final = frozenset({Action.MANAGE, Action.SHARE})
"""What takes being given it by name: nobody hands on, or manages, what they have by a link."""

_WORDS: Final[Mapping[Action, str]] = {
    Action.SEE: "see {}",
    Action.COMMENT: "comment on {} or challenge it",
    Action.SNAPSHOT: "take snapshots of {}",
    Action.EDIT: "change {}",
    Action.REVIEW: "approve {}, send it back or revoke an approval",
    Action.PUBLISH: "publish {}",
    Action.DRAFT: "start drafts of {}",
    Action.CREATE: "start alignments",
    Action.MANAGE: "rename, archive or describe {}, or say what it stands on",
    Action.SHARE: "share {}",
    Action.DATA: "bring in or change datasets, boundaries and layers",
    Action.TEAM: "say who may do what",
    Action.STORE: "copy the store",
}


def alignment_object(alignment: str) -> str:
    """Return the object that is an alignment."""
    return f"alignment:{alignment}"


def area_object(alignment: str, area: AreaId) -> str:
    """Return the object that is an area and all below it."""
    return f"area:{alignment}:{area}"


def link_object(alignment: str, number: int, digest: str) -> str:
    """Return the object that is a link to an alignment; a grant of it says who opened it."""
    return f"link:{alignment}:{number}:{digest}"


def dataset_object(name: str) -> str:
    """Return the object that is a dataset."""
    return f"dataset:{name}"


def measure_object(dataset: str, measure: str) -> str:
    """Return the object that is a measure of a dataset; its level is ``hidden``."""
    return f"measure:{measure}:{dataset}"


HIDDEN: Final = "hidden"


def roles_of(text: str) -> frozenset[Role]:
    """Read roles from a text with commas; raise ``BadData`` for one there is not."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if unknown := [part for part in found if part not in [*Role]]:
        raise BadData(f"There is no role {unknown[0]!r}. Roles: {', '.join(Role)}.")
    return frozenset(Role(part) for part in found)


def subject_of(text: str) -> str:
    """Return a person, or everybody, as a subject; raise ``BadData`` when it is neither."""
    name = text.strip().casefold()
    if not name or len(name) > MAX_SUBJECT or not name.isprintable() or name.startswith("role:"):
        raise BadData(
            f"{text[:80]!r} is nobody. Give the address somebody signs in with, "
            f"or {EVERYBODY} for everybody who signs in."
        )
    return name


@dataclass(frozen=True, slots=True)
class Shared:
    """What of an alignment is shared with somebody: the whole of it, and areas."""

    whole: Level | None
    areas: Mapping[AreaId, Level] = field(default_factory=dict)
    only_areas: bool = False
    """Whether the whole is never theirs to edit, whatever is shared."""

    def reach(self, needed: Level) -> Remit | None:
        """Return where they may do what a level is needed for."""
        rank = needed.rank
        if rank == Level.VIEW.rank:
            return EVERYTHING if self.whole or self.areas else None
        whole = self.whole is not None and self.whole.rank >= rank
        if whole and not (self.only_areas and needed is Level.EDIT):
            return EVERYTHING
        found = frozenset(k for k, level in self.areas.items() if level.rank >= rank)
        return Remit(found) if found else None


@dataclass(frozen=True, slots=True)
class Linked:
    """What somebody has by a link that holds; the whole alignment for no area."""

    person: str
    alignment: str
    area: AreaId | None
    level: Level
    number: int
    maker: str


@dataclass(frozen=True)
class Rights:
    """All grants of a store, who administers it whatever these say, and what links give now."""

    grants: tuple[Granted, ...] = ()
    administrators: frozenset[str] = frozenset()
    linked: tuple[Linked, ...] = ()

    @cached_property
    def _by_object(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for grant in self.grants:
            if grant.level:
                found.setdefault(grant.object, {})[grant.subject] = grant.level
        return found

    @cached_property
    def on(self) -> bool:
        """Whether rights are asked for: somebody is there to give them."""
        return bool(self.administrators) or any(
            Role.ADMINISTRATOR in roles_of(level) for level in self.on_object(TEAM).values()
        )

    def on_object(self, name: str) -> Mapping[str, str]:
        """Return the levels of an object, by subject."""
        return self._by_object.get(name, {})

    def actor(self, person: str) -> Actor:
        """Return somebody with what they may do."""
        return Actor(person, self)

    def roles(self, person: str) -> frozenset[Role]:
        """Return what somebody is in the team: their own roles, else those of everybody."""
        person = person.casefold()
        if person in self.administrators:
            return frozenset(Role)
        team = self.on_object(TEAM)
        return roles_of(team.get(person, team.get(EVERYBODY, "")))

    def helper(self) -> str:
        """Return who can give rights."""
        named = (p for p, level in self.on_object(TEAM).items() if "administrator" in level)
        return min([*self.administrators, *named], default="an administrator")

    def shared(self, person: str, about: About, *, by_link: bool = True) -> Shared:
        """Return what of an alignment is somebody's: what they made, what is shared with them.

        Of a draft that is also what of its base is theirs, whose areas it has.
        What they have by a link alone is left out unless it counts.
        """
        person = person.casefold()
        mine = about.by.casefold() == person
        whole = [Level.EDIT] if mine else []
        areas: dict[AreaId, Level] = {}
        for alignment in (about.id, *([about.base.partition("@")[0]] if about.draft else ())):
            levels = self.on_object(alignment_object(alignment))
            whole += [Level(levels[s]) for s in (person, EVERYBODY) if s in levels]
            for area, level in self._areas.get(alignment, {}).get(person, {}).items():
                areas[area] = max(areas.get(area, level), level, key=lambda k: k.rank)
            for link in self.links(person, alignment) if by_link else ():
                if link.area is None:
                    whole.append(link.level)
                else:
                    had = areas.get(link.area, link.level)
                    areas[link.area] = max(had, link.level, key=lambda k: k.rank)
        owns = Role.BRANCH_OWNER in self.roles(person)
        only = owns and Role.PLANNER not in self.roles(person) and not (mine and about.draft)
        return Shared(max(whole, key=lambda k: k.rank, default=None), areas, only)

    def links(self, person: str, alignment: str) -> tuple[Linked, ...]:
        """Return the links to an alignment that somebody has opened and that hold."""
        return self._links.get((person, alignment), ())

    @cached_property
    def _links(self) -> Mapping[tuple[str, str], tuple[Linked, ...]]:
        found: dict[tuple[str, str], tuple[Linked, ...]] = {}
        for link in self.linked:
            key = link.person, link.alignment
            found[key] = (*found.get(key, ()), link)
        return found

    def dataset_level(self, person: str, name: str) -> Level | None:
        """Return how far a dataset is shared with somebody."""
        person = person.casefold()
        levels = self.on_object(dataset_object(name))
        found = [Level(levels[s]) for s in (person, EVERYBODY) if s in levels]
        return max(found, key=lambda k: k.rank, default=None)

    def hidden(self, roles: Iterable[Role], dataset: str) -> frozenset[str]:
        """Return the measures of a dataset that are hidden from each of some roles.

        Figures that are assumed are hidden like those they were assumed of.
        """
        names = [str(r) for r in roles] or [NO_ROLE]
        end = f":{dataset.removesuffix(ASSUMED)}"
        return frozenset(
            name[len("measure:") : -len(end)]
            for name, levels in self._by_object.items()
            if name.startswith("measure:") and name.endswith(end)
            if all(levels.get(f"role:{role}") == HIDDEN for role in names)
        )

    @cached_property
    def _areas(self) -> Mapping[str, Mapping[str, Mapping[AreaId, Level]]]:
        """Levels by alignment, person and area."""
        found: dict[str, dict[str, dict[AreaId, Level]]] = {}
        for name, levels in self._by_object.items():
            kind, _, rest = name.partition(":")
            alignment, _, area = rest.partition(":")
            if kind == "area" and area.isdecimal():
                for person, level in levels.items():
                    by = found.setdefault(alignment, {}).setdefault(person, {})
                    by[AreaId(int(area))] = Level(level)
        return found


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wants to do something."""

    person: str
    rights: Rights

    @property
    def free(self) -> bool:
        """Whether nothing is refused: to an administrator, and where there are no rights."""
        return not self.rights.on or Role.ADMINISTRATOR in self.roles

    @property
    def roles(self) -> frozenset[Role]:
        """What they are in the team."""
        return self.rights.roles(self.person)

    def may(self, action: Action, about: About | None = None) -> bool:
        """Whether they may do it: at all, or of an alignment, or of a part of it."""
        if self.free:
            return True
        if about is None or action not in NEEDED:
            return self._of_a_role_for(action)
        remit = self.reach(action, about)
        return remit is not None and (action not in WHOLE or remit.areas is None)

    def reach(self, action: Action, about: About) -> Remit | None:
        """Return where in an alignment they may do it: ``None`` is nowhere."""
        if self.free:
            return EVERYTHING
        if not self._of_a_role_for(action):
            return None
        by_link = action not in BY_NAME
        return self.rights.shared(self.person, about, by_link=by_link).reach(NEEDED[action])

    def require(self, action: Action, about: About | None = None) -> None:
        """Raise ``Refused`` unless they may do it; it says what is missing and who can help."""
        if self.may(action, about):
            return
        if about is not None and not self.may(Action.SEE, about):
            raise Refused(f"There is no alignment called {about.name!r}.")
        name = about.name if about else "alignments"
        what = _WORDS[action].format(name)
        if not self._of_a_role_for(action):
            takes = " or ".join(r.replace("-", " ") for r in sorted(ALLOWED[action]))
            raise Refused(
                f"You may not {what}: that takes the role {takes or 'administrator'}. "
                f"Ask {self.rights.helper()}."
            )
        part = "the whole of it" if action in WHOLE else "it"
        raise Refused(
            f"You may not {what}: {part} is not shared with you to {NEEDED[action]}. "
            f"Ask {about.by if about else self.rights.helper()}."
        )

    def sees_dataset(self, name: str) -> bool:
        """Whether a dataset of a name is shared with them."""
        return self.free or self.rights.dataset_level(self.person, name) is not None

    def hidden(self, dataset: str) -> frozenset[str]:
        """Return the measures of a dataset that they don't see."""
        return frozenset() if self.free else self.rights.hidden(self.roles, dataset)

    def _of_a_role_for(self, action: Action) -> bool:
        return bool(ALLOWED[action] & (self.roles or {NO_ROLE}))


FREE: Final = Actor("", Rights())
"""Somebody who may do everything: where there are no rights."""
