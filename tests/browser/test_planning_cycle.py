"""Four people plan a year: a leader, the owners of two regions, a rep; each signs in by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pypdfium2
import pytest
from driving import MAP, area_at, choose, click_at, ready, settled
from people import provider, secrets, sign_in
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, cli, watched

from tp_geo.store.embedded import load_boundaries

pytestmark = pytest.mark.browser

LEA, ANA, BEN, RIO = (f"{name}@north.example" for name in ("lea", "ana", "ben", "rio"))
BURNS, ELKO = (-119.0, 43.3), (-115.8, 40.9)
WHOLE = "The alignment"
DESERT, COAST = 3, 4
STEP_MS = 60_000
"""How long a step may take while three others work beside it."""
FILE_MS = 90_000
"""How long a file may take to be made on a busy machine."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    """Two regions with their owners: Oregon and Nevada in West, New York and Ohio in East."""
    cli(store, "new", "FY27", "--names", "West,East")
    postal = load_boundaries("postal")
    for name, states in (("West", ("OR", "NV")), ("East", ("NY", "OH"))):
        codes = postal.codes[np.isin(postal.within["state"].astype(str), states)]
        listed = store.with_name(f"{name}.csv")
        listed.write_text("\n".join(["code", *codes]))
        cli(store, "assign", "FY27", str(listed), "--to", name)
    cli(store, "owner", "FY27", "West", ANA)
    cli(store, "owner", "FY27", "East", BEN)
    cli(store, "snapshot", "FY27", "Start")
    cli(store, "team", "set", "planner", "administrator")
    for person, roles in ((LEA, "planner,reviewer"), (ANA, "branch-owner"), (BEN, "branch-owner")):
        cli(store, "team", "set", person, roles)
    cli(store, "team", "share", "FY27", LEA, "edit")
    cli(store, "team", "share", "FY27", ANA, "edit", "--area", "West")
    cli(store, "team", "share", "FY27", BEN, "edit", "--area", "East")


@pytest.fixture(scope="module")
def link(store: Path, port: int, prepared: None) -> str:
    """Where the rep is sent, without the host: there is nothing else that is shared with them."""
    app = f"http://127.0.0.1:{port}"
    said = cli(store, "link", "FY27", "new", "--level", "comment", "--app", app)
    return said.splitlines()[0].removeprefix(app)


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    people = {
        address.partition("@")[0]: {"email": address, "email_verified": True}
        for address in (LEA, ANA, BEN, RIO)
    }
    with provider(people) as url:
        yield url


@pytest.fixture(scope="module")
def server(store: Path, port: int, link: str, provider_url: str) -> Iterator[Server]:
    named = secrets(store.parent, f"http://127.0.0.1:{port}", provider_url)
    with Server(store, port, secrets=named).running() as made:
        yield made


@pytest.fixture
def enter(
    browser: Browser, server: Server, provider_url: str
) -> Iterator[Callable[[str, str], Page]]:
    """Have somebody open an address of the plan and sign in: they arrive there."""
    with watched(browser, server, provider_url) as opened:

        def entered(name: str, address: str) -> Page:
            found = opened(address)
            found.set_default_timeout(STEP_MS)
            if "link=" in address:
                _only_reads(found)
            sign_in(found, name)
            page, _, query = address.partition("?")
            plan = query.partition("&")[0]
            expect(found).to_have_url(re.compile(re.escape(f"{page}?{plan}") + "$"))
            if page == "/map":
                ready(found)
            return found

        yield entered


def _only_reads(page: Page) -> None:
    """A link to comment is for reading as long as nobody has signed in."""
    expect(page.locator(".st-key-frame")).to_contain_text("Read only")
    expect(page.get_by_role("button", name="Sign in to comment")).to_be_visible()
    expect(page.get_by_role("link", name="Alignments", exact=True)).to_be_hidden()


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    if name == "Map":
        ready(page)


def arrange(page: Page, what: str) -> Locator:
    page.get_by_role("button", name="Arrange").click()
    page.get_by_text(what).click()
    return page.get_by_role("dialog")


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).first.click()


def branch(page: Page, name: str) -> Locator:
    """Return the row of a branch in the sign-off of the Review page."""
    return page.locator("[class*='st-key-branch_']").filter(
        has=page.locator("strong").get_by_text(name, exact=True)
    )


def pick(dialog: Locator, field: str, option: str) -> None:
    dialog.get_by_role("combobox", name=field).click()
    dialog.page.get_by_role("listbox").get_by_role("option", name=option).click()


def workbook(path: Path) -> openpyxl.Workbook:
    """Open what was downloaded: its name has no ending."""
    with path.open("rb") as file:
        return openpyxl.load_workbook(file)


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the names in its first row."""
    head, *values = book[sheet].values
    return [dict(zip(map(str, head), row, strict=True)) for row in values]


def hand_over(page: Page, form: str, *, since: str = "") -> Path:
    """Export the plan in a form by the page of all alignments."""
    go(page, "Alignments")
    page.get_by_alt_text("Map of FY27").wait_for()
    page.get_by_role("button", name="more_horiz").first.click()
    page.get_by_text("Export", exact=True).click()
    dialog = page.get_by_role("dialog")
    pick(dialog, "Form", form)
    if since:
        pick(dialog, "What changed since", since)
    press(dialog, "Make the file")
    with page.expect_download(timeout=FILE_MS) as made:
        dialog.get_by_role("button", name="Download").click(timeout=FILE_MS)
    page.keyboard.press("Escape")
    return made.value.path()


def test_a_plan_goes_from_the_leader_to_its_owners_and_reps_and_back(
    enter: Callable[[str, str], Page], link: str
) -> None:
    lea = enter("lea", "/map?alignment=FY27")
    _carries_a_target_down(lea)

    ana = enter("ana", "/map?alignment=FY27")
    _branches_and_submits(ana)
    expect(branch(ana, "West")).to_contain_text(f"by {ANA}")

    go(lea, "Review")
    press(branch(lea, "West"), "Send back…")
    lea.get_by_label("Reason").fill("Who works the coast?")
    press(lea.get_by_role("dialog"), "Send back")
    expect(branch(lea, "West")).to_contain_text(f"by {LEA}")

    expect(branch(ana, "West")).to_contain_text("Who works the coast?")
    _gives_the_coast_to(ana, RIO)

    rio = enter("rio", link)
    go(rio, "Map")
    _asks_for_elko(rio)

    go(ana, "Review")
    expect(ana.get_by_text("Our customers since 2019").locator("visible=true")).to_be_visible()
    press(ana, "Accept")
    expect(ana.get_by_text("Challenge 1 is accepted.")).to_be_visible()
    _submits(ana, "West")

    ben = enter("ben", "/review?alignment=FY27")
    _submits(ben, "East")
    _approves_all(lea)

    rio.wait_for_function(f"() => {MAP}.areaAt({ELKO[0]}, {ELKO[1]}) === {COAST}")
    _compares(lea)
    _files_hold_what_was_planned(lea)


def _carries_a_target_down(page: Page) -> None:
    dialog = arrange(page, "Targets, carried down…")
    dialog.get_by_text("Carry down", exact=True).first.click()
    dialog.get_by_role("spinbutton").first.fill("40000000")
    page.keyboard.press("Enter")
    press(dialog, "Carry down")
    expect(dialog).to_be_hidden()
    expect(page.locator(".st-key-frame")).to_contain_text("rev 6")


def _branches_and_submits(page: Page) -> None:
    choose(page, "West")
    dialog = arrange(page, "Branch or split…")
    dialog.get_by_role("textbox", name="Names, one a line (optional)").fill("Desert\nCoast")
    press(dialog, "Branch")
    expect(dialog).to_be_hidden()
    go(page, "Review")
    _submits(page, "West")


def _submits(page: Page, name: str) -> None:
    press(branch(page, name), "Submit")
    press(page.get_by_role("dialog"), "Submit for review")
    expect(page.get_by_role("dialog")).to_be_hidden()


def _gives_the_coast_to(page: Page, person: str) -> None:
    go(page, "Map")
    page.locator(".tp-map").get_by_label("Level shown").select_option(label="District")
    choose(page, "Coast")
    press(page, "Edit area")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Owner", exact=True).fill(person)
    press(dialog, "Save")
    expect(dialog).to_be_hidden()
    page.get_by_label("What tools take").select_option(label="States")
    click_at(page, *BURNS)
    page.get_by_role("button", name="Assign 427").click()
    page.wait_for_function(f"() => {MAP}.areaAt({BURNS[0]}, {BURNS[1]}) === {COAST}")
    settled(page)
    assert area_at(page, *ELKO) == DESERT


def _asks_for_elko(page: Page) -> None:
    page.locator(".tp-map").get_by_label("Level shown").select_option(label="District")
    click_at(page, *ELKO)
    expect(page.get_by_role("button", name="Edit area")).to_be_hidden()
    press(page, "Challenge")
    dialog = page.get_by_role("dialog")
    pick(dialog, "Area", "Coast")
    pick(dialog, "Should", "Take")
    dialog.get_by_role("textbox", name="Reason").fill("Our customers since 2019")
    press(dialog, "Ask")
    expect(page.get_by_text(f"{ANA} decides")).to_be_visible()


def _approves_all(page: Page) -> None:
    for name in ("West", "East"):
        press(branch(page, name), "Approve")
        expect(branch(page, name).get_by_role("button", name="Revoke…")).to_be_visible()
    expect(page.get_by_text("2 of 2 branches approved", exact=True)).to_be_visible()
    _submits(page, WHOLE)
    press(branch(page, WHOLE), "Approve")
    expect(branch(page, WHOLE)).to_contain_text(f"by {LEA}")


def _compares(page: Page) -> None:
    go(page, "Compare")
    expect(page.get_by_role("heading", name="From where to where")).to_be_visible()
    page.get_by_role("button", name="Export hand-over").click()
    with page.expect_download(timeout=FILE_MS) as made:
        page.get_by_role("button", name="Workbook (.xlsx)").click()
    page.keyboard.press("Escape")
    book = workbook(made.value.path())
    said = {str(cell) for sheet in book for row in sheet.values for cell in row}
    assert {ANA, RIO} <= said


def _files_hold_what_was_planned(page: Page) -> None:
    book = workbook(hand_over(page, "Excel workbook"))
    areas = {row["name"]: row for row in rows(book, "Areas")}
    containers = rows(book, "Containers")
    for name, level in (("West", "Region"), ("Coast", "District"), ("Desert", "District")):
        held = [row["population"] or 0 for row in containers if row[level] == name]
        assert areas[name]["containers"] == len(held)
        assert areas[name]["population"] == pytest.approx(sum(held))
    assert areas["West"]["target population"] == 20_000_000
    assert [areas[n]["owner"] for n in ("West", "East", "Coast")] == [ANA, BEN, RIO]
    assert areas["West"]["status"] == areas["East"]["status"] == "approved"
    elko = next(row for row in containers if row["code"] == "89801")
    assert elko["District"] == "Coast"
    done = {(row["by"], row["kind"]) for row in rows(book, "History")}
    assert {(LEA, "targets"), (ANA, "submit"), (BEN, "submit"), (LEA, "approve")} <= done
    pages = pypdfium2.PdfDocument(hand_over(page, "Map book", since="Start"))
    texts = [sheet.get_textpage().get_text_range() for sheet in pages]
    assert len(texts) == 4
    assert ANA in texts[2]
    assert f"{areas['West']['population']:,}" in texts[2]
