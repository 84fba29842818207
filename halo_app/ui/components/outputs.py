"""Studio's gallery, the outputs made so far, and one output open with its proof."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.errors import NotFound
from halo_app.ports import Template
from halo_app.ui import faults, state
from halo_app.ui.components import prose, thread
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
    st.rerun()


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
            prose.draw([("name", artifact.title), ("quiet", _facts(artifact)), *stale], key=state.key("output", artifact.id))
            with st.container(horizontal=True, key=state.key("output-choices", artifact.id)):
                st.button("Open", key=state.key("open-output", artifact.id), on_click=state.open_card, args=("output", artifact.id))
                if st.button(
                    "Delete", key=state.key("delete-output", artifact.id), type="tertiary", on_click=_delete, args=(artifact,)
                ):
                    st.rerun()


@faults.guarded
def draw_open(artifact_id: str) -> None:
    """Draw one output with its citations, and what can be done with it."""
    st.button("‹ All outputs", key="close-output", type="tertiary", on_click=state.open_card, args=("output", None))
    try:
        artifact = state.app().studio.get(artifact_id)
    except NotFound:
        state.open_card("output", None)
        prose.draw([("name", "This output is gone"), ("quiet", "It was deleted. The others are still here.")], key="output-gone")
        return
    stale = state.app().studio.is_stale(artifact)
    prose.draw(
        [
            ("title", artifact.title),
            ("quiet", _facts(artifact)),
            *([("remark", "The sources changed since this was made.")] if stale else []),
        ],
        key="output-head",
    )
    with st.container(horizontal=True, key="output-actions"):
        if st.button("Refresh", type="primary" if stale else "secondary", key="refresh-output"):
            _refresh(artifact)
        for suffix in state.app().studio.formats():
            _export(artifact, suffix)
        st.button("Delete", key="delete-open-output", type="tertiary", on_click=_delete, args=(artifact,))
    thread.draw_sections(artifact.sections, state.key("sections", artifact.id))


def _refresh(artifact: Artifact) -> None:
    fresh = state.app().studio.refresh(artifact.id)
    state.open_card("output", fresh.id)
    st.rerun()


def _export(artifact: Artifact, suffix: str) -> None:
    studio = state.app().studio
    name = f"{artifact.title}.{suffix}"
    st.download_button(
        f"Download .{suffix}",
        lambda: studio.export(artifact.id, suffix)[0],
        file_name=name,
        key=state.key("export", suffix, artifact.id),
        on_click="ignore",
    )


def _facts(artifact: Artifact) -> str:
    count = sum(len(section.sentences) for section in artifact.sections)
    return " · ".join((day(artifact.created_at), many(len(artifact.source_hashes), "source"), many(count, "sentence")))


@faults.caught
def _delete(artifact: Artifact) -> None:
    state.app().studio.delete(artifact.id)
    state.open_card("output", None)
    state.offer_undo(f"The output “{artifact.title}” is deleted.", lambda: state.app().studio.restore(artifact))
