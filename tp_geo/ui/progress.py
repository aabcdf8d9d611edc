"""Long work shown as it goes: what is being done, and how much of it is."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.delta_generator import DeltaGenerator

Told = Callable[[str, float], None]


def told(bar: DeltaGenerator, start: float = 0.0, end: float = 1.0) -> Told:
    """Return what to tell progress to; its share is a part of the bar from ``start`` to ``end``."""

    def tell(what: str, share: float) -> None:
        bar.progress(min(start + (end - start) * share, 1.0), what)

    return tell
