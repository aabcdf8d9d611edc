"""Parts of a page that run, by name, because of what a callback did."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.state.session_state import _CallbackRerunVotes


def run(*keys: str) -> None:
    """Have parts of the page run, and with them those that the browser asked for.

    To be called in a callback, as its last step. Streamlit would run the named
    parts alone. What came from the browser together with the event, such as the
    press of a button in another part, would then be forgotten: its part does
    not run. Where all of the page is about to run anyway, it does.
    """
    context = get_script_run_ctx()
    coming = context.fragment_ids_this_run if context else None
    if not coming:
        return
    try:
        st.rerun(keys)
    except RerunException as asked:
        named = asked.rerun_data
        both = [*dict.fromkeys((*named.fragment_id_queue, *coming))]
        raise RerunException(replace(named, fragment_id_queue=both)) from None


def keep_presses(votes: _CallbackRerunVotes) -> None:
    """Have what was pressed with an event heard, also where its callback shows the page anew.

    To be told what the callbacks of a message have asked for. Where one asks for parts by
    name, Streamlit hands the presses of the message on to the run that follows, and runs no
    callback twice. Where one asks for all of the page, it would forget them; said to ask
    for parts too, it hands them on, and all of the page runs.
    """
    context = get_script_run_ctx()
    if context and any(
        asked.page_script_hash == context.page_script_hash for asked in votes.pending_reruns
    ):
        votes.requested_targeted = True
