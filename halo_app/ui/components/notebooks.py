"""Choose, make, rename and delete notebooks, in the sidebar."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.notebook import Notebook
from halo_app.ui import faults, state
from halo_app.ui.safe import plain


@faults.guarded
def draw() -> None:
    """Draw the chooser and the menu beside it."""
    service, current = state.app().notebooks, state.notebook()
    everything = {notebook.id: notebook for notebook in service.all()}
    if current.id not in everything:
        everything[current.id] = current
    with st.container(key="notebooks", horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        widget = state.key("notebook-choice", current.id, len(everything))
        st.selectbox(
            "Notebook",
            list(everything),
            index=list(everything).index(current.id),
            key=widget,
            label_visibility="collapsed",
            format_func=lambda notebook_id: everything[notebook_id].name,
            on_change=_chosen,
            args=(widget,),
        )
        with st.popover("⋯", help="Make, rename or delete a notebook"):
            _menu(current)


@faults.caught
def _chosen(widget: str) -> None:
    if chosen := st.session_state.get(widget):        # nothing, when the person was erased meanwhile
        state.open_notebook(chosen)


def _menu(current: Notebook) -> None:
    service = state.app().notebooks
    turn = state.round_of("notebooks")
    with st.form(state.key("new-notebook", turn), border=False):
        name = st.text_input("New notebook", placeholder="Name", max_chars=120)
        if st.form_submit_button("Create") and name.strip():
            state.open_notebook(service.create(name.strip()).id)
            _again()
    with st.form(state.key("rename-notebook", current.id, turn), border=False):
        name = st.text_input("Rename this notebook", value=current.name, max_chars=120)
        if st.form_submit_button("Rename") and name.strip():
            service.rename(current.id, name.strip())
            _again()
    st.caption(f"Deleting {plain(current.name)} deletes its sources, chats, notes and outputs.")
    sure = st.checkbox("Yes, delete all of it", key=state.key("sure", current.id, turn))
    if st.button("Delete this notebook", disabled=not sure, key=state.key("delete-notebook", current.id)):
        service.delete(current.id)
        state.open_notebook("")
        _again()


def _again() -> None:
    state.next_round("notebooks")
    state.again()
