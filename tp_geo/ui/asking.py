"""How a dialog ends: one command asked for, the plan shown anew."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.commands import Command
from tp_geo.ui import state
from tp_geo.ui.text import sentence


def finish(command: Command) -> None:
    """Ask for a command and close the dialog; a refusal is raised, to be told in it."""
    plan = state.open_plan()
    revision = plan.ask(command, by=state.user())
    if revision is not None:
        state.tell(sentence(revision.text))
    st.rerun()
