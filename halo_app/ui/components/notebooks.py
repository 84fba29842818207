"""Choose a notebook in the sidebar, with the number of its sources, and open what can be done with it."""

from __future__ import annotations

from collections.abc import Collection
from zlib import crc32

import streamlit as st

from halo_app.domain.notebook import Notebook
from halo_app.ui import faults, state, state_sources
from halo_app.ui.components import notebook_windows

AWAY = "away"


@faults.guarded
def draw() -> None:
    """Draw the chooser and the menu beside it, and the window over the page when one is open."""
    service, current = state.app().notebooks, state.notebook()
    shown = {notebook.id: notebook for notebook in service.in_use()}
    shown.setdefault(current.id, current)
    counts = service.counts()
    with st.container(key="notebooks", horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        names = {notebook.id: _named(notebook, counts.get(notebook.id, 0)) for notebook in shown.values()}
        # The browser answers with the name: when a name changes, with its count, an older answer would be taken for a choice.
        widget = state.key("notebook-choice", current.id, crc32("\n".join(names.values()).encode()))
        st.selectbox(
            "Notebook",
            list(shown),
            index=list(shown).index(current.id),
            key=widget,
            label_visibility="collapsed",
            format_func=lambda notebook_id: names.get(notebook_id, notebook_id),
            on_change=_chosen,
            args=(widget, frozenset(names)),
        )
        _menu(current, any(notebook.archived for notebook in service.all()))
    notebook_windows.draw(current)


def _named(notebook: Notebook, count: int) -> str:
    return " · ".join(part for part in (notebook.name, f"{count:,}" if count else "", "archived" if notebook.archived else "") if part)


@faults.caught
def _chosen(widget: str, known: Collection[str]) -> None:
    chosen = st.session_state.get(widget)             # nothing, when the person was erased meanwhile
    if chosen and chosen in known:
        state.open_notebook(chosen)


def _menu(current: Notebook, some_archived: bool) -> None:
    """Draw the menu; a choice opens its window over the page, and archiving is done at once, with a way back."""
    items = {"notebook-new": "New notebook…", "notebook-rename": "Rename…", "notebook-duplicate": "Duplicate…",
             AWAY: "Bring back" if current.archived else "Archive",
             **({"notebook-archived": "Archived notebooks…"} if some_archived else {}), "notebook-delete": "Delete…"}
    widget = state.key("notebook-menu", current.id)

    def chosen() -> None:
        what = st.session_state.get(widget)
        if what == AWAY:
            _put_away(current, not current.archived)
        elif what:
            state_sources.ask(what)

    st.menu_button("⋯", list(items), format_func=lambda what: items[what], key=widget, on_click=chosen,
                   help="Make, rename, duplicate, archive or delete a notebook")


@faults.caught
def _put_away(notebook: Notebook, away: bool) -> None:
    service = state.app().notebooks
    service.archive(notebook.id, away)
    if not away:
        return
    state.open_notebook("")
    state.offer_undo(f"“{notebook.name}” is archived: nothing of it is lost, and it is out of the way.",
                     lambda: service.archive(notebook.id, False))
