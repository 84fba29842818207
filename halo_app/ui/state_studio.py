"""Where the reader is in Studio; its session keys are spelled here and nowhere else."""

from __future__ import annotations

import streamlit as st

_TEMPLATE, _AWAITED, _COMPARED, _SHOWN = "studio-template", "studio-awaited", "studio-compared", "studio-outputs-shown"
_MOVING = "studio-moving"
SHOWN_FIRST = 4


def template() -> str:
    """Return the name of the template whose options are open, "" for the gallery."""
    return str(st.session_state.get(_TEMPLATE, ""))


def choose_template(name: str) -> None:
    """Open the options of a template; "" goes back to the gallery."""
    st.session_state[_TEMPLATE] = name


def awaited() -> str:
    """Return the making that opens by itself when it is done, "" when there is none."""
    return str(st.session_state.get(_AWAITED, ""))


def await_making(making_id: str) -> None:
    """Let a making open when it is done; "" for none."""
    st.session_state[_AWAITED] = making_id


def has_come_to_rest(moving: bool) -> bool:
    """Note whether outputs are on their way; True when they were and no longer are."""
    was = bool(st.session_state.get(_MOVING))
    st.session_state[_MOVING] = moving
    return was and not moving


def compared() -> tuple[str, int]:
    """Return the output and how many versions back it is compared with; 0 for none."""
    chosen: tuple[str, int] = st.session_state.get(_COMPARED, ("", 0))
    return chosen


def compare(artifact_id: str, number: int) -> None:
    """Compare an output with the version so many places back; 0 ends it."""
    st.session_state[_COMPARED] = (artifact_id, number)


def outputs_shown() -> int:
    return int(st.session_state.get(_SHOWN, SHOWN_FIRST))


def show_all_outputs() -> None:
    st.session_state[_SHOWN] = 1_000_000
