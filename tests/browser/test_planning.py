"""What a planner does on the map, from an empty plan to districts: painted and stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import (
    MAP,
    READY_MS,
    WEST,
    area_at,
    choose,
    click_at,
    drag,
    hook,
    painted,
    ready,
    settled,
    stored,
)
from playwright.sync_api import Browser, Page, expect
from serving import Server, cli, free_port

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PLANS = ("Lasso", "Clicks", "Fast", "Branch", "Undo", "Table", "Two", "Locked", "Names", "Killed")
HOSTILE = '<img src=x onerror="window.__hacked=1"> =1+1 \u202eabc'


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in PLANS:
        cli(store, "new", name, "--level", "Region", "--areas", "4")
    cli(store, "lock", "Locked", "Region 1")
    cli(store, "rename-area", "Names", "Region 1", HOSTILE)


def on_map(visit: Visit, plan: str) -> Page:
    page = visit(f"/map?alignment={plan}")
    ready(page)
    return page


def test_a_new_plan_with_four_regions_is_made_and_the_west_lassoed(
    visit: Visit, server: Server
) -> None:
    page = visit("/alignments")
    page.get_by_role("button", name="New alignment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the alignment").fill("FY27")
    dialog.get_by_role("button", name="Create alignment").click()
    ready(page)
    expect(page.locator(".tp-map .legend")).to_contain_text("Region 4")
    assert painted(page) == {0: 33_639}
    choose(page, "Region 1")
    page.keyboard.press("l")
    drag(page, WEST)
    page.locator(".tp-map .selection").get_by_role("button", name="Assign").click()
    settled(page)
    assert area_at(page, -118.2, 36.0) == 1
    assert area_at(page, -90.0, 40.0) == 0
    held = painted(page)[1]
    assert held > 1_000
    assert stored(server, "FY27")[1] == held


def test_single_clicks_correct_a_lasso(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Clicks")
    choose(page, "Region 2")
    page.keyboard.press("p")
    for lon, lat in ((-98.2, 38.5), (-98.2, 40.5), (-100.1, 42.0)):
        click_at(page, lon, lat)
    settled(page)
    assert area_at(page, -98.2, 38.5) == 2
    choose(page, "Region 3")
    click_at(page, -98.2, 38.5)
    settled(page)
    assert area_at(page, -98.2, 38.5) == 3
    assert stored(server, "Clicks") == {2: 2, 3: 1}


def test_forty_rapid_clicks_all_arrive(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Fast")
    choose(page, "Region 4")
    page.keyboard.press("p")
    hook(page, "lookAt(-98, 39, 3)")
    page.wait_for_timeout(300)
    places = [(-104 + 1.2 * (i % 10), 36.2 + 1.6 * (i // 10)) for i in range(40)]
    different = {hook(page, f"itemAt({lon}, {lat})") for lon, lat in places}
    points = [hook(page, f"project({lon}, {lat})") for lon, lat in places]
    for x, y in points:
        page.mouse.click(x, y)
    settled(page)
    assert painted(page)[4] == len(different)
    assert stored(server, "Fast") == {4: len(different)}


def test_a_region_is_branched_into_districts_and_its_units_go_to_the_first(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Branch")
    choose(page, "Region 1")
    page.keyboard.press("l")
    drag(page, WEST)
    page.keyboard.press("Enter")
    settled(page)
    held = painted(page)[1]
    page.get_by_role("button", name="Arrange").click()
    page.get_by_text("Branch or split").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Number of areas").fill("3")
    dialog.get_by_label("Number of areas").press("Tab")
    dialog.get_by_role("button", name="Branch", exact=True).click()
    expect(dialog).to_be_hidden()
    page.wait_for_function(f"() => {MAP}?.stats().areas === 7")
    settled(page)
    assert stored(server, "Branch") == {5: held}
    assert area_at(page, -118.2, 36.0) == 5


def test_undo_and_redo_go_back_and_forth_and_a_reload_finds_it_all_again(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Undo")
    choose(page, "Region 1")
    page.keyboard.press("p")
    click_at(page, -98.2, 38.5)
    settled(page)
    page.keyboard.press("Control+z")
    page.wait_for_function("() => Object.values(window.__tpMaps)[0].areaAt(-98.2, 38.5) === 0")
    settled(page)
    assert stored(server, "Undo") == {}
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function("() => Object.values(window.__tpMaps)[0].areaAt(-98.2, 38.5) === 1")
    settled(page)
    assert stored(server, "Undo") == {1: 1}
    page.reload()
    ready(page)
    assert painted(page)[1] == 1
    assert area_at(page, -98.2, 38.5) == 1


def test_postal_codes_are_assigned_from_the_table_alone(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Table")
    page.get_by_text("Table", exact=True).last.click()
    search = page.get_by_role("searchbox", name="Search", exact=True)
    search.fill("San Francisco")
    search.press("Enter")
    button = page.get_by_role("button", name=re.compile(r"^Assign [\d,]+$"))
    expect(button).to_be_enabled()
    expect(button).not_to_have_text("Assign 33,639")
    number = int(button.inner_text().split()[-1].replace(",", ""))
    button.click()
    page.wait_for_function("() => Object.values(window.__tpMaps)[0].areaAt(-122.41, 37.75) === 1")
    settled(page)
    assert stored(server, "Table") == {1: number}
    assert painted(page)[1] == number


def test_two_sessions_on_one_plan_lose_no_edit_and_see_each_other(
    visit: Visit, server: Server
) -> None:
    ann, bob = on_map(visit, "Two"), on_map(visit, "Two")
    for page, name in ((ann, "Region 1"), (bob, "Region 2")):
        choose(page, name)
        page.keyboard.press("p")
    for i in range(6):
        click_at(ann, -98.2 + 1.5 * i, 38.5)
        click_at(bob, -98.2 + 1.5 * i, 41.5)
    settled(ann)
    settled(bob)
    said = [p.locator(".tp-map .toasts").text_content() for p in (ann, bob)]
    assert stored(server, "Two") == {1: 6, 2: 6}, (painted(ann), painted(bob), said)
    for page in (ann, bob):
        page.wait_for_function(
            "() => { const c = Object.values(window.__tpMaps)[0].app.plan.current;"
            " return c.filter(k => k === 1).length === 6 && c.filter(k => k === 2).length === 6 }",
            timeout=READY_MS,
        )


def test_what_the_gate_refuses_is_rolled_back_with_its_reason(visit: Visit, server: Server) -> None:
    """The browser is made to forget the lock, so that it asks for what it must not."""
    page = on_map(visit, "Locked")
    hook(page, "app.plan.areas.get(1).locked = false")
    hook(page, "setActive(1)")
    page.keyboard.press("p")
    item = hook(page, "itemAt(-98.2, 38.5)")
    hook(page, f"app.editor.assign([{item}], 1)")
    expect(page.locator(".tp-map")).to_contain_text("Region 1 is locked", timeout=15_000)
    settled(page)
    assert area_at(page, -98.2, 38.5) == 0
    assert stored(server, "Locked") == {}


def test_names_are_shown_and_never_run(visit: Visit) -> None:
    page = on_map(visit, "Names")
    expect(page.locator(".tp-map .legend")).to_contain_text("<img src=x")
    for path in ("/alignments", "/history?alignment=Names", "/map?alignment=Names"):
        page.goto(page.url.split("/map")[0].split("/alignments")[0].split("/history")[0] + path)
        page.wait_for_timeout(3_000)
        assert page.evaluate("() => window.__hacked") is None


def test_a_killed_server_loses_no_confirmed_edit(browser: Browser, tmp_path: Path) -> None:
    store = tmp_path / "plans.duckdb"
    cli(store, "new", "Killed", "--areas", "2")
    with Server(store, free_port()).running() as server:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url + "/map?alignment=Killed")
        ready(page)
        choose(page, "Region 2")
        page.keyboard.press("p")
        for i in range(5):
            click_at(page, -98.2 + 1.5 * i, 38.5)
        settled(page)
        server.kill()
        page.close()
    shown = json.loads(cli(store, "show", "Killed", "--json"))
    assert {a["name"]: a["containers"] for a in shown["areas"]} == {"Region 1": 0, "Region 2": 5}
