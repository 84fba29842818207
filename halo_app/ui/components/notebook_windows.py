"""Windows over any page: rename, duplicate, delete a notebook, and bring archived ones back."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.notebook import Notebook
from halo_app.ui import faults, state, state_sources
from halo_app.ui.safe import plain
from halo_app.ui.words import many

PREFIX = "notebook-"


def draw(current: Notebook) -> None:
    """Draw the window that is open, if it is one of these."""
    asked = state_sources.asked()
    if asked is None or not asked.what.startswith(PREFIX):
        return
    what = asked.what.removeprefix(PREFIX)
    titles = {"new": "New notebook", "rename": "Rename this notebook", "duplicate": "Duplicate this notebook",
              "archived": "Archived notebooks", "delete": "Delete this notebook"}
    drawn = {"new": _new, "rename": _rename, "duplicate": _duplicate, "archived": _archived, "delete": _delete}
    st.dialog(titles[what], on_dismiss=state_sources.answered)(faults.guarded(drawn[what]))(current)


def _key(name: str) -> str:
    return state.key("window", name, state.round_of("sources-window"))


def _done(words: str = "") -> None:
    state_sources.answered()
    if words:
        st.toast(words)
    state.again()


def _new(current: Notebook) -> None:
    with st.form(_key("new-notebook"), border=False):
        name = st.text_input("Name", placeholder="What is it about?", max_chars=120)
        if st.form_submit_button("Create", type="primary"):
            state.open_notebook(state.app().notebooks.create(name).id)
            _done()


def _rename(current: Notebook) -> None:
    with st.form(_key("rename-notebook"), border=False):
        name = st.text_input("Name", value=current.name, max_chars=120)
        if st.form_submit_button("Save", type="primary"):
            state.app().notebooks.rename(current.id, name)
            _done()


def _duplicate(current: Notebook) -> None:
    app = state.app()
    st.markdown(f"{plain(current.name)} has {many(app.notebooks.counts().get(current.id, 0), 'source')}; all of them are copied.")
    with st.form(_key("duplicate-notebook"), border=False):
        name = st.text_input("Name", value=f"{current.name[:100]} (copy)", max_chars=120)
        chats = st.checkbox("With its chats")
        notes = st.checkbox("With its notes")
        st.caption("Outputs are not copied: the Studio makes them again.")
        if st.form_submit_button("Duplicate", type="primary"):
            with st.spinner("Copying…"):
                made = app.duplicating.duplicate(current.id, name, chats=chats, notes=notes)
            state.open_notebook(made.id)
            _done(f"“{made.name}” is ready.")


def _archived(current: Notebook) -> None:
    service = state.app().notebooks
    put_away = [notebook for notebook in service.all() if notebook.archived]
    counts = service.counts()
    if not put_away:
        st.caption("No notebook is archived.")
    for notebook in put_away:
        with st.container(horizontal=True, vertical_alignment="center", key=state.key("archived", notebook.id)):
            st.markdown(plain(f"{notebook.name} · {many(counts.get(notebook.id, 0), 'source')}"))
            if st.button("Bring back", key=state.key("bring-back", notebook.id)):
                service.archive(notebook.id, False)
                state.open_notebook(notebook.id)
                _done()


def _delete(current: Notebook) -> None:
    service = state.app().notebooks
    count = many(service.counts().get(current.id, 0), "source")
    st.markdown(f"This deletes {plain(current.name)} with {count}, its chats, notes and outputs. There is no way back; "
                "to have it out of the way only, archive it.")
    typed = st.text_input("Type its name to delete it", key=_key("delete-name"), max_chars=120)
    if st.button("Delete all of it", key=_key("delete-notebook"), disabled=typed.strip() != current.name):
        service.delete(current.id)
        state.open_notebook("")
        _done(f"“{current.name}” is deleted.")
