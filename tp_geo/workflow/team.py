"""Who may do what in a store: roles in the team, and what is shared with whom."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import (
    EVERYBODY,
    HIDDEN,
    NO_ROLE,
    TEAM,
    Action,
    Level,
    Rights,
    Role,
    alignment_object,
    area_object,
    dataset_object,
    measure_object,
    roles_of,
    subject_of,
)
from tp_geo.errors import BadData, Refused
from tp_geo.store import Grant, Store
from tp_geo.workflow import clock
from tp_geo.workflow.kept_links import opened_links

if TYPE_CHECKING:
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.planner import Planner

ADMINISTRATORS: Final = "TP_GEO_ADMINISTRATORS"
"""The setting that names people who may do everything, whatever the store says."""

_LOCK: Final = threading.Lock()
_KNOWN: WeakKeyDictionary[Store, tuple[object, Rights]] = WeakKeyDictionary()
_LINKED: WeakKeyDictionary[Store, tuple[object, Rights]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team; ``fixed`` when the settings make them an administrator."""

    person: str
    roles: frozenset[Role]
    fixed: bool
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Given:
    """What is shared of an alignment: the whole for no area, with whom, and how far."""

    area: AreaId | None
    name: str
    person: str
    level: Level
    by: str
    at: str


def rights_of(store: Store) -> Rights:
    """Return who may do what in a store, as it is now, links that hold today among it."""
    grants, named = store.grants(), os.environ.get(ADMINISTRATORS, "")
    rights = _known(store, (grants, named), lambda: _by_name(grants, named), _KNOWN)
    if not rights.on or not (linked := opened_links(store, rights, clock.today())):
        return rights
    stamp = (grants, named, linked)
    return _known(store, stamp, lambda: replace(rights, linked=linked), _LINKED)


def _by_name(grants: tuple[Grant, ...], administrators: str) -> Rights:
    people = (subject_of(p) for p in administrators.split(",") if p.strip())
    return Rights(grants, frozenset(people))


def _known(
    store: Store,
    stamp: object,
    make: Callable[[], Rights],
    kept: WeakKeyDictionary[Store, tuple[object, Rights]],
) -> Rights:
    """Return the rights made last, as long as the stamp is what it was."""
    with _LOCK:
        known = kept.get(store)
        if known is None or known[0] != stamp:
            known = kept[store] = stamp, make()
        return known[1]


def members(planner: Planner) -> tuple[Member, ...]:
    """Return everybody who has a role, in order of name; everybody else is ``*``."""
    rights = planner.rights
    found = {
        p: Member(p, frozenset({Role.ADMINISTRATOR}), True, "", "") for p in rights.administrators
    }
    for grant in planner.store.grants():
        if grant.object == TEAM and grant.level and grant.subject not in found:
            roles = roles_of(grant.level)
            found[grant.subject] = Member(grant.subject, roles, False, grant.by, grant.at)
    return tuple(found[p] for p in sorted(found))


def put_roles(planner: Planner, person: str, roles: Iterable[Role], *, by: str) -> None:
    """Say what somebody is in the team; nothing takes all roles away.

    With the first administrator rights are asked for from then on. There has
    to be one as long as anybody has a role.
    """
    subject, wanted = subject_of(person), frozenset(roles)
    rights = planner.rights
    planner.actor.require(Action.TEAM)
    if subject in rights.administrators and Role.ADMINISTRATOR not in wanted:
        raise Refused(
            f"{subject} is an administrator by the setting {ADMINISTRATORS}. Change that setting."
        )
    if subject == EVERYBODY and Role.ADMINISTRATOR in wanted:
        raise Refused("Not everybody can be an administrator. Name the people who are.")
    others = {m.person for m in members(planner) if Role.ADMINISTRATOR in m.roles} - {subject}
    if Role.ADMINISTRATOR not in wanted and not others:
        raise Refused("There has to be an administrator. Make somebody else one first.")
    level = ",".join(r for r in Role if r in wanted)
    _put(planner.store, [Grant(subject, TEAM, level, by, clock.now())])


def given(plan: Plan) -> tuple[Given, ...]:
    """Return with whom an alignment and its areas are shared: the whole first, then by area."""
    found: list[Given] = []
    alignment, areas = plan.info.id, plan.alignment.areas
    for grant in plan.store.grants():
        kind, _, rest = grant.object.partition(":")
        of, _, area = rest.partition(":")
        if grant.level and of == alignment and kind in ("alignment", "area"):
            k = AreaId(int(area)) if area else None
            if k is None or k in areas:
                name = plan.info.name if k is None else areas[k].name
                level = Level(grant.level)
                found.append(Given(k, name, grant.subject, level, grant.by, grant.at))
    return tuple(sorted(found, key=lambda g: (g.area is not None, g.name, g.person)))


def share(
    plan: Plan, person: str, level: Level | None, *, area: AreaId | None = None, by: str
) -> None:
    """Share an alignment, or an area of it, with somebody; no level ends that.

    A branch owner shares what is theirs to edit. Everybody can be given the
    whole, and no single area.
    """
    subject = subject_of(person)
    if area is not None:
        if area not in plan.alignment.areas:
            raise Refused(f"{plan.info.name} has no area {area} any more. Choose one it has.")
        if subject == EVERYBODY:
            raise Refused("An area is shared with people by name. Share the alignment instead.")
    reach = plan.actor.reach(Action.SHARE, plan.info)
    plan.actor.require(Action.SHARE, plan.info)
    if reach is None or not reach.covers(plan.alignment, area):
        what = plan.info.name if area is None else plan.alignment.name(area)
        raise Refused(f"{what} is outside the part you plan. Ask {plan.info.by} to share it.")
    to = alignment_object(plan.info.id) if area is None else area_object(plan.info.id, area)
    _put(plan.store, [Grant(subject, to, level or "", by, clock.now())])


def share_dataset(
    planner: Planner, name: str, person: str, level: Level | None, *, by: str
) -> None:
    """Share a dataset with somebody: to be seen, or to be changed; no level ends that."""
    if not any(i.name == name for i in planner.store.datasets()):
        planner.dataset(name)  # refuses what is not there
        raise Refused(f"{name} is built in; everybody has it.")
    if level is Level.COMMENT:
        raise BadData("A dataset is shared to view or to edit; there is nothing to comment on.")
    _put(
        planner.store,
        [Grant(subject_of(person), dataset_object(name), level or "", by, clock.now())],
    )


def dataset_given(planner: Planner, name: str) -> tuple[Given, ...]:
    """Return with whom a dataset is shared."""
    wanted = dataset_object(name)
    return tuple(
        Given(None, name, g.subject, Level(g.level), g.by, g.at)
        for g in planner.store.grants()
        if g.object == wanted and g.level
    )


def hide(planner: Planner, dataset: str, measure: str, roles: Iterable[str], *, by: str) -> None:
    """Hide a measure of a dataset from roles, and show it to all others again."""
    planner.actor.require(Action.TEAM)
    found = planner.dataset(dataset)
    found.measure(measure)
    wanted = {*roles}
    known = [r for r in (*Role, NO_ROLE) if r is not Role.ADMINISTRATOR]
    if unknown := sorted(wanted - {*known}):
        raise BadData(f"Nothing is hidden from {unknown[0]!r}. Roles: {', '.join(known)}.")
    to, now = measure_object(found.name, measure), clock.now()
    shown = planner.rights.on_object(to)
    changed = [r for r in known if (r in wanted) != (shown.get(f"role:{r}") == HIDDEN)]
    _put(
        planner.store,
        [Grant(f"role:{r}", to, HIDDEN if r in wanted else "", by, now) for r in changed],
    )


def hidden_from(planner: Planner, dataset: str, measure: str) -> tuple[str, ...]:
    """Return the roles from which a measure is hidden."""
    levels = planner.rights.on_object(measure_object(dataset, measure))
    return tuple(r for r in (*Role, NO_ROLE) if levels.get(f"role:{r}") == HIDDEN)


def hide_alike(store: Store, dataset: str, made: str, *, by: str) -> None:
    """Hide in a dataset that is made of another one what is hidden in that."""
    end, now = f":{dataset}", clock.now()
    if dataset == made:
        return
    found = (g for g in store.grants() if g.object.startswith("measure:"))
    of_it = (g for g in found if g.object.endswith(end))
    _put(
        store,
        [
            Grant(g.subject, g.object.removesuffix(end) + f":{made}", g.level, by, now)
            for g in of_it
        ],
    )


def _put(store: Store, grants: list[Grant]) -> None:
    """Keep what differs from what counts."""
    now = {(g.subject, g.object): g.level for g in store.grants()}
    store.put_grants([g for g in grants if now.get((g.subject, g.object), "") != g.level])
