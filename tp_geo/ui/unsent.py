"""What a page has not sent to the browser yet is sent, whatever part of it runs next."""

from __future__ import annotations

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep() -> None:
    """Have Streamlit keep what waits to be sent when a part of the page begins to run.

    Otherwise it throws away what that part, also within a run of the whole page, made and had not
    sent: on a busy server the map went from the page for a moment, and its tool with it. Nothing
    is put together with what comes later, so the browser gets what it would have got from a quick
    server. docs/decisions/0017-unsent-messages.md has the whole story.
    """
    ForwardMsgQueue.clear = _kept  # type: ignore[method-assign]


def _kept(
    self: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    if retain_lifecycle_msgs and fragment_ids_this_run is not None:
        self._delta_index_map = {}
    else:
        _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
