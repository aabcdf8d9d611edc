from __future__ import annotations

if __name__ != "__mp_main__":  # a process that works for the app shows no pages
    from tp_geo.ui import navigation

    navigation.run()
