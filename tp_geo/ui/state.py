"""What a session knows: five keys, who is here, and the one way to change a plan.

Every key of ``st.session_state`` that outlives a widget is declared here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NoReturn, TypeVarTuple, Unpack

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike

from tp_geo.domain.alignment import Alignment, AreaId, Positions
from tp_geo.domain.commands import Command
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.hierarchy import Focus, still_there
from tp_geo.domain.revision import Revision
from tp_geo.domain.rights import Level
from tp_geo.errors import Refused, TpGeoError
from tp_geo.store import AlignmentInfo, open_store
from tp_geo.store.opening import ADDRESS_VARIABLE
from tp_geo.ui import first_run, guest, signing_in
from tp_geo.ui.text import sentence
from tp_geo.workflow import clock, links
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_log import DRAFT as MAIN
from tp_geo.workflow.planner import Planner

About = TypeVarTuple("About")

ALIGNMENT = "alignment"
DRAFT = "draft"
SEQ = "seq"
FOCUS = "focus"
SELECTION = "selection"

NOTICES = "notices"
SEEN = "seen"
"""The alignment and the revision that this session's page shows, if it shows them."""
DIALOG = "dialog"
PAGE = "page"
BROWSER = "browser"
NEEDS = "needs"
BASES = "bases"
CHOSEN = "chosen"
REVISION = "revision"
MEASURE = "measure"
DRAWER = "drawer"
LOOK = "look"
PANEL = "panel"
FOUND = "found"
CUT = "cut"
DATASET = "dataset"
"""The dataset last imported, or of the plan last opened."""

ADDRESS = "alignment"
"""The name of the query parameter that names the plan."""

LAST = "last_alignment"


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """The plan that is open, and how this session looks at it."""

    plan: Plan
    user: str
    focus: Focus
    selection: Positions

    @property
    def alignment(self) -> Alignment:
        """The alignment as it is now."""
        return self.plan.alignment

    @property
    def dataset(self) -> Dataset:
        """The dataset it stands on."""
        return self.plan.dataset


def planner() -> Planner:
    """Return the planner of whoever is here: with what is shared with them, and their rights.

    Every page works through it: who has to sign in and has not gets no further.
    A guest's can change nothing.
    """
    address = os.environ.get(ADDRESS_VARIABLE, "")
    token = guest.token()
    if token is None:
        signing_in.require()
        return _planner(address).of(user())
    found = _linked(token)
    return _planner(address).reading(found.info.id, maker=found.link.by)


def arrive() -> None:
    """Let who signed in and came by a link have what it gives; the address lets go of it."""
    if (token := guest.brought()) is None:
        return
    try:
        whole = _planner(os.environ.get(ADDRESS_VARIABLE, ""))
        st.query_params[ADDRESS] = links.join(whole.store, token, by=user()).id
    except Refused as refused:
        tell(str(refused), bad=True)
    except TpGeoError:  # the page itself says what is wrong; it is tried again with it
        return
    del st.query_params[links.PARAMETER]


def linked_level() -> Level:
    """Return what the link that a guest came by gives to those who sign in."""
    return Level.VIEW if (token := guest.token()) is None else _linked(token).link.level


def user() -> str:
    """Return who is here."""
    if guest.token() is not None:
        return guest.NAME
    return signing_in.person() if signing_in.wanted() else clock.local_user()


def now() -> Now | None:
    """Return the open plan and this session's view of it; ``None`` when there is no plan."""
    info = _wanted()
    if info is None:
        return None
    if st.session_state.get(ALIGNMENT) != info.id:
        enter(info)
    st.query_params[ADDRESS] = info.name
    plan = planner().open(info.id)
    selection = st.session_state[SELECTION]
    return Now(
        plan,
        user(),
        still_there(plan.alignment, st.session_state[FOCUS]),
        selection[selection < plan.dataset.items.count],
    )


def open_plan() -> Plan:
    """Return the plan this session has open."""
    return planner().open(st.session_state[ALIGNMENT])


def no_plan() -> None:
    """Say that there is nothing to show, and the way to something."""
    st.info("There is no alignment to show. Start one on the **Alignments** page.")
    if st.button("Go to Alignments", type="primary"):
        st.switch_page("pages/alignments.py")


def enter(info: AlignmentInfo) -> None:
    """Make a plan the one this session works on; what was looked at in another is let go."""
    close_dialog()
    st.session_state[ALIGNMENT] = info.id
    st.session_state[DATASET] = info.dataset
    st.session_state[DRAFT] = MAIN
    st.session_state[SEQ] = None
    st.session_state[FOCUS] = Focus()
    st.session_state[CHOSEN] = None
    st.session_state[LOOK] = None
    st.session_state[FOUND] = None
    select(np.zeros(0, dtype=np.intp))
    st.query_params[ADDRESS] = info.name
    if guest.token() is not None:
        return
    if (store := planner().store).setting(f"{LAST}:{user()}") != info.id:
        store.put_setting(f"{LAST}:{user()}", info.id)


def select(items: Positions) -> None:
    """Remember which items are selected."""
    st.session_state[SELECTION] = np.unique(np.asarray(items, dtype=np.intp))


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the map is to show, under a number that tells it from any other."""

    seq: int
    items: Positions
    select: bool
    go: bool


def point(items: ArrayLike, *, selected: bool = True, go: bool = True) -> None:
    """Have the map go to containers, and select them there, as far as wanted."""
    seq = time.time_ns() // 1_000_000
    st.session_state[LOOK] = Look(seq, np.asarray(items, dtype=np.intp), selected, go)


def pointed() -> Look | None:
    """Return what the map was last told to show."""
    found: Look | None = st.session_state.get(LOOK)
    return found


def look(focus: Focus) -> None:
    """Look at other areas, or another level."""
    st.session_state[FOCUS] = focus


def ask(command: Command, *, note: str = "", origin: str = "") -> Revision | None:
    """Change the open plan: the only writer. What is refused is told, and changes nothing."""
    revision = attempt(lambda: open_plan().ask(command, by=user(), note=note, origin=origin))
    if revision is not None and not origin:
        tell_revision(revision)
    return revision


def attempt(action: Callable[[], Revision | None]) -> Revision | None:
    """Return what an action gives; tell why when it is refused."""
    try:
        return action()
    except Refused as refused:
        tell(str(refused), bad=True)
    except TpGeoError as fault:
        tell(str(fault), bad=True)
    return None


def undo() -> None:
    """Take back the last thing this person did in the open plan."""
    attempt(lambda: open_plan().undo(by=user()))


def redo() -> None:
    """Do again what was undone last."""
    attempt(lambda: open_plan().redo(by=user()))


def tell(text: str, *, bad: bool = False) -> None:
    """Say something when the page is shown next; once, however often it happened."""
    waiting = st.session_state.setdefault(NOTICES, [])
    if (notice := (text, bad, 0)) not in waiting:
        waiting.append(notice)


def tell_revision(revision: Revision) -> None:
    """Say what was done, with a way to undo it."""
    notice = sentence(revision.text), False, revision.seq
    st.session_state.setdefault(NOTICES, []).append(notice)


def show_anew() -> None:
    """Have the page shown anew as soon as it can be: a part of it could not be shown."""
    st.session_state.pop(SEEN, None)


def open_dialog(name: str, *about: object) -> None:
    """Have a dialog open, on this run of the page and all that follow, until it is closed."""
    st.session_state[DIALOG] = (name, about)


def enter_dialog(name: str, *about: object) -> NoReturn:
    """Open a dialog from within a part of the page: only all of the page can show it."""
    open_dialog(name, *about)
    st.rerun()


def wanted_dialog() -> tuple[str, tuple[object, ...]] | None:
    """Return the dialog that is open; every run of the whole page has to show it."""
    found: tuple[str, tuple[object, ...]] | None = st.session_state.get(DIALOG)
    return found


def show_dialog(
    title: str,
    body: Callable[[Unpack[About]], object],
    *about: *About,
    width: Literal["medium", "large"] = "medium",
) -> None:
    """Show the dialog that is open."""
    shown = st.session_state.get(DIALOG)
    dismiss = partial(_dismiss, shown)
    st.dialog(title, width=width, on_dismiss=dismiss)(body)(*about)


def leave_dialog() -> NoReturn:
    """Close the dialog this is called in, and show the page as it is now."""
    close_dialog()
    st.rerun()


def close_dialog() -> None:
    """Have no dialog open."""
    st.session_state.pop(DIALOG, None)


def in_dialog() -> bool:
    """Whether a dialog is open."""
    return wanted_dialog() is not None


def turn_to(page: str) -> None:
    """Note which page is shown; a dialog of another one is closed."""
    if st.session_state.get(PAGE) != page:
        close_dialog()
    st.session_state[PAGE] = page


def chosen(alignment: Alignment) -> AreaId | None:
    """Return the area that is being looked at, if it is still there."""
    area: AreaId | None = st.session_state.get(CHOSEN)
    return area if area in alignment.areas else None


def choose(area: AreaId | None) -> None:
    """Look at one area."""
    st.session_state[CHOSEN] = area


def _dismiss(dismissed: object) -> None:
    """Close a dialog, unless another one was opened meanwhile."""
    if wanted_dialog() is dismissed:
        close_dialog()


def _linked(token: str) -> links.Opened:
    return links.opened(_planner(os.environ.get(ADDRESS_VARIABLE, "")).store, token)


@st.cache_resource(show_spinner=False)
def _planner(_address: str) -> Planner:
    made = Planner(open_store())
    made.store.follow()
    first_run.prepare(made)
    return made


def _wanted() -> AlignmentInfo | None:
    """Return the plan the address names, else the one this session has open, else the last one."""
    plans = planner().plans()
    named = st.query_params.get(ADDRESS)
    current = next((i for i in plans if i.id == st.session_state.get(ALIGNMENT)), None)
    if named and (current is None or named not in (current.name, current.id)):
        found = next((i for i in plans if named in (i.name, i.id)), None)
        if found is not None:
            return found
        if ALIGNMENT not in st.session_state:
            tell(f"There is no alignment called {named!r}; here is another one.", bad=True)
    if current is not None:
        return current
    last = planner().store.setting(f"{LAST}:{user()}")
    return next((i for i in plans if i.id == last), plans[0] if plans else None)
