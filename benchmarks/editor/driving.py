"""What our editor and its peers are measured by: a gauge in the page, its wire and its heap."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from playwright.sync_api import Browser, Frame, Page

Figures: TypeAlias = dict[str, float]
FRAMES, PIXELS = (Path(__file__).with_name(f"{name}.js") for name in ("frames", "pixels"))
PAN_STEPS, PAN_PX = 30, 10
FEW = 4
REST_MS = 5_000


class Wire:
    """Bytes of websocket messages both ways, as they are before compression."""

    def __init__(self, page: Page) -> None:
        self.up = self.down = 0
        cdp = self._session = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.webSocketFrameSent", lambda e: self._count(e, up=True))
        cdp.on("Network.webSocketFrameReceived", lambda e: self._count(e, up=False))

    def close(self) -> None:
        """Count no more."""
        self._session.detach()

    def _count(self, event: dict[str, Any], *, up: bool) -> None:
        frame = event["response"]
        text = frame["payloadData"]
        size = len(text) * 3 // 4 if frame["opcode"] == 2 else len(text)
        self.up += size if up else 0
        self.down += 0 if up else size


@dataclass(frozen=True)
class Panned:
    """How smooth a drag was: frames a second, and milliseconds of those that drew."""

    fps: float
    frames: list[float]

    @property
    def drawing(self) -> float | None:
        """The usual frame that drew; the slowest where maps are drawn at the end of a drag only."""
        if not self.frames:
            return None
        return statistics.median(self.frames) if len(self.frames) > FEW else max(self.frames)


def opened(browser: Browser, url: str, *, pixels: bool = False) -> Page:
    """Return a page of 1440 by 900 pixels with the gauge in it, of pixels too."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    scripts = (FRAMES, PIXELS) if pixels else (FRAMES,)
    page.add_init_script("\n".join(script.read_text() for script in scripts))
    page.goto(url)
    return page


def pan(page: Page, frame: Frame, x: float, y: float) -> Panned:
    """Drag the map to the left and back."""
    page.mouse.move(x, y)
    page.mouse.down()
    frame.evaluate("() => gauge.count()")
    for step in range(PAN_STEPS):
        away = min(step, PAN_STEPS - step)
        page.mouse.move(x - PAN_PX * away, y)
    fps = frame.evaluate("() => gauge.counted()")
    page.mouse.up()
    page.wait_for_timeout(REST_MS)
    return Panned(float(fps), frame.evaluate("() => gauge.looked()"))


def heap_mb(page: Page) -> float:
    """Return what scripts hold once garbage is gone, with the bytes of their arrays."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.collectGarbage")
    held = cdp.send("Runtime.getHeapUsage")
    return float(held["usedSize"] + held.get("backingStorageSize", 0)) / 1e6
