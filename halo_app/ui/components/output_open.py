"""One output open with its proof, its versions and its sources."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.errors import NotFound
from halo_app.ui import faults, state
from halo_app.ui.components import blocks, output_actions, output_versions, outputs, prose
from halo_app.ui.words import day, many


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
            *([("remark", artifact.remark)] if artifact.remark else []),
            *([("quiet", asked)] if (asked := _asked(artifact)) else []),
        ],
        key="output-head",
    )
    output_actions.draw(artifact, stale)
    if not output_versions.draw_comparison(artifact):
        blocks.draw(artifact.sections, state.key("sections", artifact.id))
    output_versions.draw_list(artifact)
    _sources(artifact)


def _asked(artifact: Artifact) -> str:
    """Return the wishes it was made with, in words."""
    options = artifact.options
    parts = [f"about {options['focus']}" if options.get("focus") else "", options.get("length", "").replace("medium", ""),
             "with dates" if options.get("dates") == "yes" else "",
             {"en": "in English", "de": "in German"}.get(options.get("language", ""), "")]
    words = ", ".join(part for part in parts if part)
    return f"Asked for: {words}" if words else ""


def _sources(artifact: Artifact) -> None:
    """Tell the real sources with the version of each, and which of them changed or went."""
    with st.expander(f"Made from {many(len(artifact.source_hashes), 'source')}"):
        now = {source.id: source for source in state.app().sources.of(artifact.notebook_id)}
        for source_id, version in artifact.source_hashes.items():
            used = next((one for one in artifact.sources if one.source_id == source_id), None)
            current = now.get(source_id)
            name = current.name if current else used.name if used else "A source that is gone"
            when = f"added {day(used.added_at)}, " if used else ""
            same = bool(current and current.text_sha256 == version)
            fate = [] if same else [("remark", "It changed since." if current else "It was deleted since.")]
            prose.draw([("name", name), ("quiet", f"{when}version {version[:7]}"), *fate],
                       key=state.key("used", artifact.id, source_id))
