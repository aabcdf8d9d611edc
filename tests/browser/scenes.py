"""Every page of the app with each of its dialogs, menus and panels open, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from driving import MAP, READY_MS, click_at, hook, ready
from playwright.sync_api import Page, expect
from serving import cli

Scene = tuple[str, Callable[[Page], None]]

KANSAS = (-98.2, 38.5)
PLAN = "Regions"

ARRANGE = (
    "Branch or split",
    "Move under",
    "Split in two",
    "Swap with",
    "Combine with",
    "Group areas",
    "Targets of a level",
    "Draft",
    "Remove",
)

DATA = (
    "Add columns",
    "Get official boundaries",
    "Add your own",
    "Combine countries",
    "Add a layer",
)


def prepare(store: Path) -> None:
    """Make plans that have something to show everywhere."""
    file = store.with_name("accounts.csv")
    rows = [f"Acme {i},67{400 + i},{i * 1_000}" for i in range(1, 40)]
    file.write_text("\n".join(["name,postal code,revenue", *rows, "Nowhere,,5"]))
    cli(store, "import", str(file), "--dataset", "accounts")
    cli(store, "new", PLAN, "--dataset", "accounts", "--level", "Region", "--areas", "3")
    cli(store, "assign", PLAN, "--to", "Region 1", "67401", "67410", "10001")
    cli(store, "target", PLAN, "Region 1", "population=30000")
    cli(store, "owner", PLAN, "Region 2", "Ana Ruiz")
    cli(store, "branch", PLAN, "Region 3", "--areas", "2")
    cli(store, "lock", PLAN, "Region 2")
    cli(store, "snapshot", PLAN, "Spring")
    cli(store, "overlap", PLAN, "even")
    cli(store, "share", PLAN, "67410", "--with", "District 1")
    cli(store, "comment", PLAN, "Who takes Salina?", "--area", "Region 1")
    cli(store, "comment", PLAN, "A new warehouse", "--code", "67401")
    asked = ("challenge", PLAN, "Region 3", "take", "67401", "--why", "Nearer to us")
    cli(store, *asked, "--user", "Ben")  # somebody else than who looks decides
    cli(store, "new", "Second", "--areas", "2")


def of_map(page: Page) -> Iterator[Scene]:
    """What the map itself opens."""
    view = page.locator(".tp-map")
    key = page.keyboard.press

    def named(name: str) -> None:
        view.get_by_role("button", name=name, exact=True).click()

    yield "the map", lambda _: ready(page)
    yield "a selection", lambda _: (hook(page, "lookAt(-98, 38.5, 6)"), click_at(page, *KANSAS))
    yield "a card", lambda _: page.mouse.move(*hook(page, "project(-97.2, 38.3)"))
    yield "keys", lambda _: key("?")
    yield "a polygon", lambda _: (key("Escape"), key("Escape"), key("g"))
    yield "what is found", lambda _: (key("v"), key("/"), page.keyboard.type("san"))
    yield "commands", lambda _: (key("Escape"), key("Control+k"))
    yield "columns", lambda _: (key("Escape"), named("Columns"))
    yield (
        "the menu of a row",
        lambda _: (key("Escape"), view.locator(".row[data-area='1']").click(button="right")),
    )
    yield "what is shown", lambda _: (key("Escape"), named("What is shown"))
    yield "what is saved", lambda _: (key("Escape"), view.locator(".saving .state").click())
    yield (
        "classes",
        lambda _: (
            view.locator(".saving .state").click(),
            view.get_by_label("Color by").select_option("measure"),
            named("Classes"),
        ),
    )
    yield (
        "two plans under a bar",
        lambda _: (
            view.get_by_label("Color by").select_option("change"),
            view.focus(),
            key("w"),
            expect(view.locator(".base")).to_be_visible(),
        ),
    )
    yield "two plans side by side", lambda _: (view.focus(), key("s"))


def beside_the_map(page: Page) -> Iterator[Scene]:
    """Panels, the table, and the dialogs of the line above the map."""

    def press(name: str) -> None:
        page.get_by_role("button", name=name).first.click()

    yield (
        "the line above the map",
        lambda _: (
            ready(page),
            hook(page, "lookAt(-98, 38.5, 6)"),
            click_at(page, *KANSAS),
            page.wait_for_function(f"() => {MAP}.stats().selected === 1"),
        ),
    )
    yield (
        "Share",
        lambda _: (
            press("Assign"),
            item(page, "Share selected with"),
            expect(page.get_by_role("button", name="Share with it")).to_be_visible(),
        ),
    )
    for panel in ("Check", "Optimize", "Units"):
        yield f"the panel {panel}", lambda _, panel=panel: (closed(page), press(panel))
    yield "comments", lambda _: (press("Arrange"), item(page, "Comments beside the map"))
    yield (
        "the table",
        lambda _: (
            page.get_by_text("Table", exact=True).click(),
            expect(page.get_by_test_id("stDataFrame")).to_be_visible(),
        ),
    )
    yield "filters", lambda _: press("Filter")
    yield "the menu Arrange", lambda _: (page.keyboard.press("Escape"), press("Arrange"))
    yield "the menu Assign", lambda _: (page.keyboard.press("Escape"), press("Assign"))
    yield "Edit area", lambda _: (page.keyboard.press("Escape"), dialog(page, "Edit area"))
    for name in ("Add areas", "Focus"):
        yield name, lambda _, name=name: dialog(page, name)
    for name in ARRANGE:
        yield name, lambda _, name=name: dialog(page, "Arrange", name)
    for name in ("Fill gaps", "Assign by", "Challenge"):
        yield name, lambda _, name=name: dialog(page, "Assign", name)


def of_alignments(page: Page) -> Iterator[Scene]:
    yield "alignments", lambda _: expect(page.get_by_text(PLAN, exact=True).first).to_be_visible()
    for name in ("New alignment", "Import plan"):
        yield name, lambda _, name=name: dialog(page, name)
    menu = page.locator("[class*='st-key-card_menu_'] button").first
    yield "the menu of a plan", lambda _: (closed(page), menu.click())
    for name in ("Copy", "Name and description", "Export"):
        yield name, lambda _, name=name: (closed(page), menu.click(), item(page, name))


def of_data(page: Page) -> Iterator[Scene]:
    begin = page.get_by_role("button", name="Import", exact=True)
    yield "data", lambda _: expect(begin).to_be_visible()
    names = (
        "Add columns",
        "Get official boundaries",
        "Add your own",
        "Combine countries",
        "Add a layer",
    )
    for name in names:
        yield name, lambda _, name=name: dialog(page, name)
    yield (
        "Import",
        lambda _: (
            closed(page),
            begin.click(),
            page.locator("input[type=file]").first.wait_for(state="attached"),
        ),
    )


def of_publishing(page: Page) -> Iterator[Scene]:
    """From the way in to the result; what is published stays in the demo org."""

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    def look(name: str, *, sign: str) -> None:
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page.get_by_text(sign).first).to_be_visible()

    way = page.get_by_role("button", name="Connect demo org")
    yield "ways to connect", lambda _: expect(way).to_be_visible()
    yield (
        "choices",
        lambda _: (
            press("Connect demo org"),
            expect(page.get_by_text("People, access, accounts")).to_be_visible(),
        ),
    )
    yield (
        "the org",
        lambda _: (
            page.get_by_role("button", name="Demo org").click(),
            expect(page.get_by_text("Signed in as")).to_be_visible(),
        ),
    )
    yield (
        "a dry run",
        lambda _: (
            page.keyboard.press("Escape"),
            press("Dry run"),
            expect(page.get_by_text("nothing is written yet")).to_be_visible(),
        ),
    )
    yield "its checks", lambda _: look("Checks", sign="Limits of the org")
    yield "what is left to do", lambda _: look("Afterwards", sign="Run Assignment Rules")
    yield "past publishes", lambda _: look("Past publishes", sign="Nothing of this plan")
    yield "import", lambda _: look("Import", sign="The preview reads the model")
    yield (
        "what an import brings",
        lambda _: (press("Preview"), expect(page.get_by_text("Kept as they are")).to_be_visible()),
    )


def of_history(page: Page) -> Iterator[Scene]:
    yield "history", lambda _: expect(page.get_by_text("Take snapshot")).to_be_visible()
    row = {"x": 16, "y": 247}
    yield (
        "a revision on its map",
        lambda _: (page.get_by_test_id("stDataFrame").first.click(position=row), ready(page)),
    )


def of_reviewing(page: Page) -> Iterator[Scene]:
    """What a leader sees, links to it, and the presentation."""

    def press(name: str) -> None:
        page.get_by_role("button", name=name).first.click()

    yield "review", lambda _: _painted(page, "review_map")
    yield (
        "links",
        lambda _: (
            press("Copy link"),
            press("New link"),
            expect(page.get_by_test_id("stCode")).to_be_visible(),
        ),
    )
    yield "Submit", lambda _: (page.keyboard.press("Escape"), dialog(page, "Submit"))
    yield "Decline a challenge", lambda _: dialog(page, "Decline")
    yield "a presentation", lambda _: (closed(page), press("Present"), _painted(page, "review_map"))


def of_comparing(page: Page) -> Iterator[Scene]:
    yield "compare", lambda _: _painted(page, "compare_map")
    yield (
        "export hand-over",
        lambda _: page.get_by_role("button", name="Export hand-over").click(),
    )


def _painted(page: Page, name: str) -> None:
    page.wait_for_function(f"() => window.__tpMaps?.{name}?.stats().paints > 0", timeout=READY_MS)


def dialog(page: Page, *names: str) -> None:
    """Open a dialog by a button, or a menu and its item."""
    closed(page)
    page.get_by_role("button", name=names[0]).first.click()
    for name in names[1:]:
        item(page, name)
    expect(page.get_by_role("dialog")).to_be_visible()


def item(page: Page, name: str) -> None:
    page.get_by_test_id("stMenuButtonBody").get_by_text(name).or_(
        page.get_by_role("menuitem", name=name)
    ).first.click()


def closed(page: Page) -> None:
    """Close what dialog or menu is open."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


PAGES: dict[Callable[[Page], Iterator[Scene]], str] = {
    of_map: f"/map?alignment={PLAN}",
    beside_the_map: f"/map?alignment={PLAN}",
    of_alignments: "/alignments",
    of_data: "/data",
    of_publishing: f"/publish?alignment={PLAN}",
    of_history: f"/history?alignment={PLAN}",
    of_reviewing: f"/review?alignment={PLAN}",
    of_comparing: f"/compare?alignment={PLAN}",
}
"""Scenes with the address they begin at."""
