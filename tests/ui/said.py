"""What a page says in its corner, read from a page run without a browser."""

from __future__ import annotations

import re
from html import unescape

from streamlit.testing.v1 import AppTest

from tp_geo.ui.notices import MARK


def notices(at: AppTest) -> list[str]:
    """Return the texts of what is said in the corner of the page."""
    bodies = [element.proto.body for element in at.get("html")]
    return [unescape(re.sub("<[^>]+>", "", b.split("</span>")[1])) for b in bodies if MARK in b]
