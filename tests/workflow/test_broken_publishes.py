"""A publish of areas that came from the org, and every undo: broken at any call, it ends well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from breaking import Breaking
from offices import Office
from wired import Way, wired
from writing import ANA, area

from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, journal_folder, publish_plan
from tp_geo.workflow.publishing_after import undo_publish

BROKEN = [way for way in Way if way is not Way.LOCKED]
"""What is tried at every write by itself; a lock that goes away is tried at all in one run."""


@pytest.fixture(scope="module")
def scene(importer: Planner) -> Iterator[tuple[Office, Plan]]:
    """The demo org's model, imported, and then changed in every way there is."""
    org = Org()
    plant(org, demo_seed())
    office = Office(importer, org, *wired(org))
    plan = office.imported("Imported to be broken")
    edited(plan)
    yield office, plan
    org.close()


def edited(plan: Plan) -> None:
    """Move, rename and add; give owners away, and a rule of another field."""
    plan.ask(Move(plan.alignment.holds(area(plan, "Mountain")), area(plan, "Pacific")), by=ANA)
    plan.ask(Move(plan.dataset.positions(["94105"]), area(plan, "Midwest")), by=ANA)
    coast = {"name": "Coast", "owner": "gia@tp-geo.example"}
    plan.ask(Change(area(plan, "Pacific"), coast), by=ANA)
    plan.ask(Branch(area(plan, "West"), ("Islands",), "Geography 3"), by=ANA)
    plan.ask(Move(plan.dataset.positions(["96813"]), area(plan, "Islands")), by=ANA)
    northeast = plan.alignment.area(area(plan, "Northeast"))
    attributes = {**northeast.attributes, "rule": "Industry = Banking"}
    plan.ask(Change(northeast.id, {"attributes": attributes}), by=ANA)


def journals(plan: Plan, office: Office) -> Path:
    return journal_folder(plan, office.crm.org)


def publishing(office: Office, plan: Plan) -> Callable[[], object]:
    return lambda: publish_plan(plan, office.crm, Request())


@pytest.fixture(scope="module")
def published(scene: tuple[Office, Plan]) -> Breaking:
    """The publish of it."""
    office, plan = scene
    return Breaking(office, publishing(office, plan), journals(plan, office))


@pytest.fixture(scope="module")
def undone(published: Breaking, scene: tuple[Office, Plan]) -> Breaking:
    """The undo of that publish."""
    office, plan = scene
    published.put_back(published.end)
    return Breaking(office, lambda: undo_publish(plan, office.crm), journals(plan, office))


def test_a_publish_of_what_came_ends_as_one_left_alone_whenever_it_is_killed(
    published: Breaking,
) -> None:
    assert published.writes >= 9
    assert not list(published.killed())


@pytest.mark.parametrize("way", BROKEN)
def test_a_publish_of_what_came_ends_as_one_left_alone_whichever_write_breaks(
    published: Breaking, way: Way
) -> None:
    assert not list(published.broken(way))


def test_a_publish_of_what_came_waits_for_rows_that_are_locked(published: Breaking) -> None:
    assert not list(published.tried_again(Way.LOCKED, reads=False))


def test_an_undo_ends_as_one_left_alone_whenever_it_is_killed(undone: Breaking) -> None:
    assert undone.writes >= 9
    assert not list(undone.killed())


@pytest.mark.parametrize("way", BROKEN)
def test_an_undo_ends_as_one_left_alone_whichever_write_breaks(undone: Breaking, way: Way) -> None:
    assert not list(undone.broken(way))


def test_a_publish_that_was_killed_can_be_undone_instead(
    published: Breaking, scene: tuple[Office, Plan]
) -> None:
    office, plan = scene
    published.put_back(published.start)
    before = published.contents()["rows"]
    for left in published.left:
        if left.journals:
            published.put_back(left)
            undo_publish(plan, office.crm)
            assert published.contents()["rows"] == before
