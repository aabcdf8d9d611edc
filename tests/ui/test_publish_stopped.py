"""The Publish page while it writes: approved, paused, stopped, gone on with, undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from streamlit.testing.v1 import AppTest

from tp_geo.domain.signoff import Asks
from tp_geo.workflow.connecting import Connection, connect_demo
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import approve, require, submit

Opened = Callable[..., AppTest]


class Desk:
    """Somebody at the page, and the demo org behind it."""

    def __init__(self, at: AppTest, demo: Connection) -> None:
        self.at, self.demo = at, demo

    def press(self, label: str) -> None:
        """Press a button as soon as it is there."""
        self.until(lambda: self.offers(label))
        next(b for b in self.at.button if _is(b.label, label)).click().run()

    def offers(self, label: str) -> bool:
        """Whether a button is there to be pressed."""
        return any(_is(b.label, label) and not b.disabled for b in self.at.button)

    @property
    def told(self) -> str:
        """What the page says."""
        parts = (*self.at.markdown, *self.at.success, *self.at.warning)
        return " ".join(m.value for m in parts).replace("\\", "")

    def until(self, there: Callable[[], object]) -> None:
        """Have the page shown again until something is there."""
        for _ in range(300):
            if there():
                return
            self.at.run()
            assert not self.at.exception
        raise AssertionError(([b.label for b in self.at.button], self.told))

    def slow(self, seconds: float) -> None:
        """Have the org take its time for each call that writes; none for 0."""
        faults = f"{self.demo.address}/__faults"
        requests.delete(faults, timeout=10)
        if seconds:
            texts = [f"slow:times=0,seconds={seconds},method={m}" for m in ("POST", "PATCH")]
            requests.post(faults, json={"faults": texts}, timeout=10)

    def writes_after(self, runs: int) -> int:
        """Calls that the org was asked to write by, once the page was shown some times more."""
        for _ in range(runs):
            self.at.run()
        told: dict[str, Any] = requests.get(f"{self.demo.address}/__calls", timeout=10).json()
        return int(told["write"])

    @property
    def territories(self) -> set[str]:
        """The names in the model of the plan."""
        asked = "SELECT Name FROM Territory2 WHERE Territory2Model.Name = 'F'"
        return {str(r["Name"]) for r in self.demo.crm.query(asked)}


def _is(label: str, name: str) -> bool:
    """Whether a button has a name, and perhaps tells how many changes."""
    return label == name or re.fullmatch(rf"{name} [\d,]+ changes?", label) is not None


@pytest.fixture
def desk(opened: Opened, planner: Planner) -> Iterator[Desk]:
    """A plan of two areas that asks for approval, and the page that tries to publish it."""
    plan = planner.create("F", by="anna", areas=("North", "South"))
    require(plan, Asks.ALIGNMENT, by="anna")
    demo = connect_demo(planner.store.address, None)
    yield Desk(opened("publish", alignment="F"), demo)
    if demo.demo:
        demo.demo.stop()


def test_a_publish_waits_for_approval_is_paused_stopped_gone_on_with_and_undone(
    desk: Desk, planner: Planner
) -> None:
    desk.press("Connect demo org")
    desk.press("Dry run")
    desk.until(lambda: desk.offers("Dry run again"))
    assert "nothing is written yet" in desk.told
    assert not desk.offers("Publish"), "it is not approved"
    plan = planner.open("F")
    submit(plan, None, by="anna")
    approve(plan, None, by="ben")
    desk.at.run()
    desk.press("Dry run again")
    desk.slow(0.5)
    desk.press("Publish")
    desk.press("Pause")
    desk.until(lambda: desk.offers("Go on"))
    stood = desk.writes_after(5)
    assert desk.writes_after(5) == stood
    desk.press("Stop")
    desk.until(lambda: desk.offers("Go on publishing"))
    assert "What was written stays in the org." in desk.told
    desk.slow(0)
    desk.press("Go on publishing")
    desk.until(lambda: "Published." in desk.told)
    assert desk.territories == {"North", "South"}
    desk.slow(0.5)
    desk.press("Undo now")
    desk.press("Stop")
    desk.slow(0)
    desk.press("Go on undoing")
    desk.until(lambda: "Undone." in desk.told)
    assert desk.territories == set()
