"""Whatever breaks a publish, at whichever of its calls: the org ends up as without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from breaking import Breaking
from desks import Desk
from wired import Way

PLANS = ((("Reno", "Elko"), 0), (("Reno", "Tahoe", "Ely"), 1))


@pytest.fixture(params=[0, 1], ids=["first publish", "next publish"])
def breaking(request: pytest.FixtureRequest, tmp_path: Path) -> Breaking:
    """A publish into an empty org, or one that creates, changes and deletes of everything."""
    desk = Desk(tmp_path)
    for names, seed in PLANS[: request.param]:
        desk.publish(desk.plan(names=names, seed=seed))
    names, seed = PLANS[request.param]
    return Breaking(desk, lambda: desk.publish(desk.plan(names=names, seed=seed)), tmp_path)


def test_one_that_is_killed_after_any_call_ends_as_one_left_alone(breaking: Breaking) -> None:
    assert breaking.writes >= 10
    assert not list(breaking.killed())


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.LOCKED])
def test_one_of_which_any_write_breaks_ends_as_one_left_alone(breaking: Breaking, way: Way) -> None:
    assert not list(breaking.broken(way))


@pytest.mark.parametrize(
    ("way", "reads"), [(Way.LOCKED, False), (Way.BUSY, True), (Way.UNANSWERED, True)]
)
def test_one_of_which_every_call_is_tried_again_ends_as_one_left_alone(
    breaking: Breaking, way: Way, reads: bool
) -> None:
    assert not list(breaking.tried_again(way, reads=reads))
