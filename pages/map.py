from __future__ import annotations

from tp_geo.ui import area_bar, area_dialogs, drawer, frame, map_view, state

now = frame.show()
if now is None:
    state.no_plan()
else:
    area_bar.show(now)
    map_view.show()
    drawer.show()
    area_dialogs.show()
