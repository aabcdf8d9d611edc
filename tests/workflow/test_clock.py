"""Who works here."""

from __future__ import annotations

import pytest

from tp_geo.workflow.clock import NAMELESS, local_user

VARIABLES = ("TP_GEO_USER", "LOGNAME", "USER", "LNAME", "USERNAME")


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_environment_names_who_works_here(nobody: pytest.MonkeyPatch) -> None:
    nobody.setenv("USER", "ann")
    assert local_user() == "ann"
    nobody.setenv("TP_GEO_USER", "bob")
    assert local_user() == "bob"


def test_a_user_without_a_name_can_work_all_the_same(nobody: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")

    def unknown(_uid: int) -> None:
        raise KeyError("getpwuid(): uid not found: 1234")

    nobody.setattr(pwd, "getpwuid", unknown)
    assert local_user() == NAMELESS
