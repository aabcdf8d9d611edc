"""Hands and eyes of the browser tests: places on Earth, the map's test hook, the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page
from serving import Server

MAP = "Object.values(window.__tpMaps ?? {})[0]"
READY_MS = 90_000

WEST = ((-124.0, 48.5), (-112.0, 48.5), (-112.0, 32.0), (-118.5, 33.2), (-124.0, 40.0))
"""A ring round the west of the country, inside the land."""


def ready(page: Page) -> None:
    """Wait until the map is painted."""
    page.wait_for_function(f"() => {MAP}?.stats().paints > 0", timeout=READY_MS)
    page.wait_for_timeout(300)


def hook(page: Page, call: str) -> Any:
    """Call the map's test hook."""
    return page.evaluate(f"() => {MAP}.{call}")


def area_at(page: Page, lon: float, lat: float) -> int | None:
    found: int | None = hook(page, f"areaAt({lon}, {lat})")
    return found


def settled(page: Page) -> None:
    """Wait until nothing waits for an answer."""
    page.wait_for_function(f"() => {MAP}.stats().pending === 0", timeout=READY_MS)


def painted(page: Page) -> dict[int, int]:
    """Return how many containers are painted in each area; 0 is unassigned."""
    return dict(Counter(page.evaluate(f"() => Array.from({MAP}.app.plan.current)")))


def stored(server: Server, plan: str) -> dict[int, int]:
    """Return how many containers each area has by the journal: what is truly on the disk."""
    journal = server.store.with_name(server.store.name + ".journal.jsonl")
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    ids = {x["row"]["name"]: x["row"]["id"] for x in lines if x["kind"] == "alignment"}
    area_of: dict[str, int] = {}
    for line in lines:
        if line["kind"] == "revision" and line["row"]["alignment"] == ids[plan]:
            for kind, *what in json.loads(line["row"]["payload"])["e"]:
                if kind == "assign":
                    area_of |= dict.fromkeys(what[1].get("c", ()), what[0])
    return {k: n for k, n in Counter(area_of.values()).items() if k}


def choose(page: Page, name: str) -> None:
    """Choose an area in the legend."""
    page.locator(".tp-map .legend .rows").get_by_text(name, exact=True).first.click()


def click_at(page: Page, lon: float, lat: float) -> None:
    page.mouse.click(*hook(page, f"project({lon}, {lat})"))


def drag(page: Page, ring: Sequence[tuple[float, float]]) -> None:
    """Draw round places with the mouse."""
    points = [hook(page, f"project({lon}, {lat})") for lon, lat in ring]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
