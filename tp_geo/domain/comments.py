"""What a comment may be about, as it is kept: the whole, an area, or a container or unit."""

from __future__ import annotations

from tp_geo.domain.alignment import AreaId

MAX_TEXT = 4_000
"""Characters of one comment."""

AREA, ITEM = "area:", "item:"


def about(area: AreaId | None, code: str = "") -> str:
    """Return what a comment is about as it is kept; a code counts before an area."""
    if code:
        return f"{ITEM}{code}"
    return "" if area is None else f"{AREA}{area}"


def place(kept: str) -> tuple[AreaId | None, str]:
    """Return the area that a comment is about, or ``None``, and the code, or ""."""
    area = AreaId(int(kept.removeprefix(AREA))) if kept.startswith(AREA) else None
    return area, kept.removeprefix(ITEM) if kept.startswith(ITEM) else ""
