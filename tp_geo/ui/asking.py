"""How a dialog ends: one command asked for, the plan shown anew."""

from __future__ import annotations

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Command
from tp_geo.domain.hierarchy import Focus
from tp_geo.ui import state


def finish(command: Command) -> None:
    """Ask for a command and close the dialog; a refusal is raised, to be told in it."""
    done(command)
    state.leave_dialog()


def finish_below(command: Command, area: AreaId | None) -> None:
    """Ask for a command that divides an area, and look at what lies below it then."""
    if done(command) and area is not None:
        depth = state.open_plan().alignment.depth(area)
        state.look(Focus((area,), depth + 1, unassigned=False))
    state.leave_dialog()


def done(command: Command) -> bool:
    """Ask for a command and tell what was done; return whether anything was."""
    revision = state.open_plan().ask(command, by=state.user())
    if revision is not None:
        state.tell_revision(revision)
    return revision is not None
