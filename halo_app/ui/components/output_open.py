"""One output open with its proof."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.errors import NotFound
from halo_app.ui import faults, state
from halo_app.ui.components import outputs, prose, thread


@faults.guarded
def draw(artifact_id: str) -> None:
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
            ("quiet", outputs.facts(artifact)),
            *([("remark", "The sources changed since this was made.")] if stale else []),
        ],
        key="output-head",
    )
    with st.container(horizontal=True, key="output-actions"):
        if st.button("Refresh", type="primary" if stale else "secondary", key="refresh-output"):
            _refresh(artifact)
        for suffix in state.app().studio.formats():
            _export(artifact, suffix)
        st.button("Delete", key="delete-open-output", type="tertiary", on_click=outputs.delete, args=(artifact,))
    thread.draw_sections(artifact.sections, state.key("sections", artifact.id))


def _refresh(artifact: Artifact) -> None:
    fresh = state.app().studio.refresh(artifact.id)
    state.open_card("output", fresh.id)
    state.again()


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
