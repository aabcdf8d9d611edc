"""Who comes, with what role and what shared with them: for tests of every way to an alignment."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import states

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.rights import Level, Role
from tp_geo.store import Store
from tp_geo.workflow import links, team
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ANA = "ana"
WEST, EAST = AreaId(1), AreaId(2)
EVA = "eva@x.org"
ROLES = ("administrator", "planner", "branch-owner", "reviewer", "publisher", "")
SHARES = ("nothing", "view", "comment", "edit", "area view", "area comment", "area edit")


@dataclass(frozen=True)
class Case:
    """Who comes, with what shared: by name, or by a link that they have opened."""

    role: str
    share: str
    by_link: bool = False

    def __str__(self) -> str:
        return f"{self.role or 'no role'}-{'link ' if self.by_link else ''}{self.share}"

    @property
    def admin(self) -> bool:
        return self.role == "administrator"

    @property
    def sees(self) -> bool:
        return self.admin or self.share != "nothing"

    @property
    def talks(self) -> bool:
        return self.admin or self.share.removeprefix("area ") in ("comment", "edit")

    @property
    def everywhere(self) -> bool:
        """Whether they change the whole."""
        return self.admin or (self.role == "planner" and self.share == "edit")

    @property
    def west(self) -> bool:
        """Whether they change what lies in West."""
        part = self.role in ("planner", "branch-owner") and self.share == "area edit"
        return self.everywhere or part

    @property
    def hands_on(self) -> bool:
        """Whether they share the whole, and manage it: not what they have by a link."""
        return self.everywhere and not self.by_link

    @property
    def hands_on_west(self) -> bool:
        return self.west and not self.by_link

    def reviews(self, whole: bool) -> bool:
        shared = ("comment", "edit") if whole else ("comment", "edit", "area comment", "area edit")
        return self.admin or (self.role == "reviewer" and self.share in shared)

    @property
    def plans(self) -> bool:
        return self.role in ("administrator", "planner")


@dataclass(frozen=True)
class Desk:
    """An alignment of its own as somebody has it open; ``mine`` is what Ana made, ``raw`` hers."""

    planner: Planner
    plan: Plan
    raw: Plan


def desk(store: Store, case: Case, name: str = "P") -> Desk:
    """An alignment of Ana's with CA in West and NY in East, shared as the case says."""
    whole = Planner(store)
    made = whole.create(name, states.NAME, by=ANA, areas=["West", "East"])
    made.ask(Move(made.dataset.positions(["CA"]), WEST), by=ANA)
    made.ask(Move(made.dataset.positions(["NY"]), EAST), by=ANA)
    team.put_roles(whole, ANA, {Role.ADMINISTRATOR}, by=ANA)
    if case.role:
        team.put_roles(whole, EVA, {Role(case.role)}, by=ANA)
    if case.share != "nothing":
        area = WEST if case.share.startswith("area") else None
        level = Level(case.share.removeprefix("area "))
        if case.by_link:
            token = links.new_link(made, by=ANA, level=level, area=area).token
            links.join(store, token, by=EVA)
        else:
            team.share(made, EVA, level, area=area, by=ANA)
    planner = whole.of(EVA)
    return Desk(planner, planner._seen(made), made)


def everything(store: Store, raw: Plan) -> tuple[object, ...]:
    """Return all that a store keeps."""
    infos = store.alignments()
    return (
        infos,
        store.heads(),
        store.grants(),
        store.datasets(),
        store.boundary_sets(),
        store.layers(),
        (store.snapshots(raw.info.id), store.comments(raw.info.id), store.challenges(raw.info.id)),
        links.links(raw),
    )


CASES = [Case("administrator", "nothing")] + [
    Case(*pair) for pair in itertools.product(ROLES[1:], SHARES)
]
LINKED = [
    Case(role, share, by_link=True)
    for role, share in itertools.product(ROLES[1:], ("view", "comment", "edit", "area edit"))
]
"""What links give: no more than the same by name, and not to be handed on."""
