from __future__ import annotations

from tp_geo.ui import navigation

navigation.run()
