from __future__ import annotations

from tp_geo.ui import frame, publish_view, state

now = frame.show()
if now is None:
    state.no_plan()
else:
    publish_view.show(now)
