"""Studio's gallery, and the outputs made so far."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.plugins import Template
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.safe import plain
from halo_app.ui.words import day, many


@faults.guarded
def draw_gallery() -> None:
    """Draw a card per template."""
    sources = state.app().sources.of(state.notebook().id)
    ticked = state.ticked(sources)
    for template in state.app().studio.templates():
        with st.container(key=state.key("card-template", template.name)):
            prose.draw([("name", template.title), ("quiet", template.purpose)], key=state.key("template", template.name))
            with st.container(horizontal=True, vertical_alignment="center", key=state.key("make-line", template.name)):
                asked = st.button("Make", type="primary", key=state.key("make", template.name), disabled=not ticked)
                st.caption(f"from {many(len(ticked), 'source')}" if ticked else "Add or tick a source first")
            if asked:
                _make(template)


def _make(template: Template) -> None:
    sources = state.app().sources.of(state.notebook().id)
    status = st.empty()
    for event in state.app().studio.make(template.name, state.scope(sources)):
        if isinstance(event, Artifact):
            state.open_card("output", event.id)
        else:
            status.caption(plain(event.text))
    state.again()


@faults.guarded
def draw_all(notebook_id: str) -> None:
    """Draw a card per output, newest first."""
    made = state.app().studio.of(notebook_id)
    if not made:
        prose.draw(
            [
                ("name", "Nothing made yet"),
                ("quiet", "What you make here is kept, cites its sources, and tells you when they change."),
            ],
            key="no-outputs",
        )
    for artifact in made:
        with st.container(key=state.key("card-output", artifact.id)):
            stale = [("remark", "The sources changed since")] if state.app().studio.is_stale(artifact) else []
            prose.draw([("name", artifact.title), ("quiet", facts(artifact)), *stale], key=state.key("output", artifact.id))
            with st.container(horizontal=True, key=state.key("output-choices", artifact.id)):
                st.button("Open", key=state.key("open-output", artifact.id), on_click=state.open_card, args=("output", artifact.id))
                if st.button(
                    "Delete", key=state.key("delete-output", artifact.id), type="tertiary", on_click=delete, args=(artifact,)
                ):
                    state.again()


def facts(artifact: Artifact) -> str:
    """Return day, sources and sentences in one line."""
    count = sum(len(section.sentences) for section in artifact.sections)
    return " · ".join((day(artifact.created_at), many(len(artifact.source_hashes), "source"), many(count, "sentence")))


@faults.caught
def delete(artifact: Artifact) -> None:
    """Delete an output and offer the way back."""
    state.app().studio.delete(artifact.id)
    state.open_card("output", None)
    state.offer_undo(f"The output “{artifact.title}” is deleted.", lambda: state.app().studio.restore(artifact))
