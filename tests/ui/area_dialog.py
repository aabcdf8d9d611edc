"""*Edit area* of the second area, on a page of its own."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def dialog() -> None:
    """The body of the dialog."""
    from tp_geo.domain.alignment import AreaId
    from tp_geo.ui import area_fields, state
    from tp_geo.ui.edge import handled

    now = state.now()
    assert now is not None
    handled(area_fields.body)(now, AreaId(2))


def saved(at: AppTest) -> str:
    """Save, and return what was said against it."""
    next(b for b in at.button if b.label == "Save").click().run()
    assert not at.exception
    return " ".join(e.value for e in at.error).replace("\\", "")
