"""What was made and not sent yet reaches the browser, whatever part of the page runs next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from tp_geo.ui import unsent

MAP, PANEL = "fragment of the map", "fragment of the panel"


@pytest.fixture
def queue() -> Iterator[ForwardMsgQueue]:
    before = ForwardMsgQueue.clear
    unsent.keep()
    yield ForwardMsgQueue()
    ForwardMsgQueue.clear = before  # type: ignore[method-assign]


def delta(text: str, path: int, fragment: str = "") -> ForwardMsg:
    msg = ForwardMsg()
    msg.delta.new_element.markdown.body = text
    msg.delta.fragment_id = fragment
    msg.metadata.delta_path.extend([0, path])
    return msg


def finished(how: ForwardMsg.ScriptFinishedStatus.ValueType) -> ForwardMsg:
    msg = ForwardMsg()
    msg.script_finished = how
    return msg


def bodies(queue: ForwardMsgQueue) -> list[str]:
    return [
        m.delta.new_element.markdown.body if m.HasField("delta") else f"end {m.script_finished}"
        for m in queue.flush()
    ]


def test_a_part_that_runs_right_after_the_page_loses_nothing_the_page_made(
    queue: ForwardMsgQueue,
) -> None:
    queue.enqueue(delta("line", 0))
    queue.enqueue(delta("map", 1, MAP))
    queue.enqueue(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[MAP])
    queue.enqueue(delta("map again", 1, MAP))
    end = f"end {ForwardMsg.FINISHED_SUCCESSFULLY}"
    assert bodies(queue) == ["line", "map", end, "map again"]


def test_what_a_part_was_told_comes_when_it_has_only_others_run(queue: ForwardMsgQueue) -> None:
    queue.enqueue(delta("map selects 76", 1, MAP))
    queue.enqueue(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[MAP])
    queue.enqueue(delta("panel", 2, PANEL))
    assert bodies(queue)[0] == "map selects 76"
    assert not len(queue)


def test_a_run_of_the_whole_page_still_replaces_what_was_not_sent(queue: ForwardMsgQueue) -> None:
    queue.enqueue(delta("map", 1, MAP))
    queue.enqueue(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    queue.clear(retain_lifecycle_msgs=True)
    assert bodies(queue) == [f"end {ForwardMsg.FINISHED_EARLY_FOR_RERUN}"]


def test_every_page_keeps_what_is_not_sent(
    opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    opened()
    assert ForwardMsgQueue.clear is unsent._kept
