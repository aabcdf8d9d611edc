"""Account fields that are written, and given back, by jobs: broken at any call, they end well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from breaking import Breaking
from offices import MODEL, Office
from wired import Way, wired
from writing import ANA

from tp_geo.crm import bulk
from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org
from tp_geo.workflow.account_fields import Fields, undo_fields, write_fields
from tp_geo.workflow.model_import import ImportRequest, import_model
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import journal_folder

FIELDS = Fields(code="Territory_Code__c", owner=True)


@pytest.fixture(scope="module")
def scene(importer: Planner) -> Iterator[tuple[Office, Plan]]:
    """The demo org's accounts, imported; jobs of a hundred, worked off while somebody waits."""
    org = Org()
    plant(org, demo_seed())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "FROM", 3)
        patch.setattr(bulk, "PER_JOB", 100)
        patch.setattr("tp_geo.crm.bulk.time.sleep", lambda seconds: org.work())
        office = Office(importer, org, *wired(org))
        asked = ImportRequest(MODEL, "Fields to be broken", fields=("Territory_Code__c",))
        yield office, import_model(importer, office.crm, asked, by=ANA).plan
    org.close()


@pytest.fixture(scope="module")
def written(scene: tuple[Office, Plan]) -> Breaking:
    office, plan = scene
    folder = journal_folder(plan, office.crm.org)
    return Breaking(office, lambda: write_fields(plan, office.crm, FIELDS), folder)


@pytest.fixture(scope="module")
def given_back(written: Breaking, scene: tuple[Office, Plan]) -> Breaking:
    office, plan = scene
    written.put_back(written.end)
    folder = journal_folder(plan, office.crm.org)
    return Breaking(office, lambda: undo_fields(plan, office.crm), folder)


def test_fields_that_are_written_are_gone_on_with_after_any_kill(written: Breaking) -> None:
    assert written.writes >= 3
    assert written.calm["accounts"] != _accounts_at_first(written)
    assert not list(written.killed())


@pytest.mark.parametrize("way", Way)
def test_fields_of_which_any_write_breaks_end_as_those_left_alone(
    written: Breaking, way: Way
) -> None:
    assert not list(written.broken(way))


def test_fields_that_are_given_back_are_gone_on_with_after_any_kill(given_back: Breaking) -> None:
    assert given_back.writes >= 3
    assert not list(given_back.killed())


@pytest.mark.parametrize("way", Way)
def test_giving_back_of_which_any_write_breaks_ends_as_one_left_alone(
    given_back: Breaking, way: Way
) -> None:
    assert not list(given_back.broken(way))


def _accounts_at_first(breaking: Breaking) -> object:
    breaking.put_back(breaking.start)
    return breaking.contents()["accounts"]
