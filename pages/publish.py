from __future__ import annotations

from tp_geo.ui import frame, publish_view

publish_view.show(frame.show())
