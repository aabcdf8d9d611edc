"""What an edit costs on the wire: the map answers it alone, with what was touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, ready, settled, stored
from playwright.sync_api import Page, WebSocket
from serving import Server, cli
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

HUNDRED, UP, DOWN = 100, 1_000, 5_000


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "Edits", "--names", "West,East")


def test_an_edit_of_a_hundred_containers_is_a_kilobyte_up_and_less_than_five_down(
    visit: Visit, server: Server
) -> None:
    page = visit("/alignments")
    sent: list[int] = []
    runs: list[list[tuple[str, int]]] = []

    def came(frame: str | bytes) -> None:
        assert isinstance(frame, bytes)
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            runs.append([])
        elements = message.delta.new_element.WhichOneof("type") if kind == "delta" else ""
        if runs:
            runs[-1].append((elements or kind or "", len(frame)))

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(len(frame)))
        socket.on("framereceived", came)

    page.on("websocket", listen)
    page.goto(server.url + "/map?alignment=Edits")
    ready(page)
    page.wait_for_timeout(1_500)
    sent.clear()
    runs.clear()
    page.evaluate(
        f"() => {MAP}.app.editor.assign([...Array({HUNDRED}).keys()].map((i) => 7 * i), 2)"
    )
    settled(page)
    page.wait_for_timeout(500)
    assert stored(server, "Edits") == {2: HUNDRED}
    answers = [run for run in runs if any(kind == "bidi_component" for kind, _ in run)]
    assert len(answers) == 1
    assert sum(size for _, size in answers[0]) < DOWN
    assert max(sent) < UP
