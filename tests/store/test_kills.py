"""The app, a client of the store and a publisher are killed at random moments of commits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.killing import kill_a_client, kill_the_app, kill_the_publisher, served_org
from store.postgres_server import Server

KILLS = 20
PUBLISHERS = 8


def test_an_app_that_is_killed_loses_no_edit_and_doubles_none(address: str) -> None:
    outcome = kill_the_app(address, KILLS, random.Random(1))
    assert outcome.wrong == ()
    assert outcome.kills == KILLS <= outcome.confirmed


def test_a_client_of_the_database_that_is_killed_loses_nothing_that_was_confirmed(
    server: Server,
) -> None:
    """A file's is killed a hundred times in test_crash.py."""
    outcome = kill_a_client(server.fresh(), KILLS, random.Random(2))
    assert outcome.wrong == ()
    assert outcome.kills == KILLS <= outcome.confirmed


@pytest.fixture
def org(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a simulated org that is served by a process of its own, and a token."""
    with served_org(tmp_path) as found:
        yield found


def test_a_publisher_that_is_killed_is_gone_on_from_and_nothing_is_doubled(
    org: tuple[str, str], tmp_path: Path
) -> None:
    outcome = kill_the_publisher(*org, tmp_path, PUBLISHERS, random.Random(3))
    assert outcome.wrong == ()
    assert outcome.kills == PUBLISHERS
    assert outcome.confirmed > 0
