"""Studio's templates, what is on its way, and the outputs made so far."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.ui import faults, state, state_studio
from halo_app.ui.components import gallery, makings, prose
from halo_app.ui.words import day, many, shortened

EXCERPT_CHARS = 150


@faults.guarded
def draw_gallery() -> None:
    """Draw the templates; without a source that counts they say what is missing."""
    if state.app().studio.of(state.notebook().id):
        prose.draw([("name", "Make something new")], key="gallery-head")
    sources = state.app().sources.of(state.notebook().id)
    ticked = state.ticked(sources)
    counts = f"From {many(len(ticked), 'source')} that count{'s' if len(ticked) == 1 else ''}. Each sentence is quoted or checked."
    words = f"{counts} What you make is kept, and tells you when its sources change." if ticked else (
        "Add a document on the Sources page, or tick one there: outputs are made from it.")
    prose.draw([("quiet", words)], key="gallery-words")
    gallery.draw(state.app().studio.templates(), can_make=bool(ticked), on_make=_make, on_choose=state_studio.choose_template)


@faults.caught
def _make(name: str) -> None:
    """Make an output of the ticked sources with the wishes of the last one of its kind."""
    studio = state.app().studio
    sources = state.app().sources.of(state.notebook().id)
    scope = state.scope(sources)
    makings.make(name, studio.template(name).title, scope, studio.last_options(name, state.notebook().id))


@faults.guarded
def draw_all(notebook_id: str) -> None:
    """Draw a card per output, the pinned ones first."""
    made = state.app().studio.of(notebook_id)
    if not made:
        return
    prose.draw([("name", "Made so far")], key="outputs-head")
    shown = made[: state_studio.outputs_shown()]
    for artifact in shown:
        _card(artifact)
    if len(shown) < len(made):
        st.button(f"Show all {len(made):,}", key="all-outputs", on_click=state_studio.show_all_outputs)


def _card(artifact: Artifact) -> None:
    stale = [("remark", "The sources changed since")] if state.app().studio.is_stale(artifact) else []
    title = f"{'★ ' if artifact.pinned else ''}{artifact.title}"
    lines = [("name", title), ("quiet", facts(artifact)), *stale, ("quiet", excerpt(artifact))]
    with (
        st.container(key=state.key("card-output", artifact.id)),
        st.container(horizontal=True, vertical_alignment="center", key=state.key("intake-line-output", artifact.id)),
    ):
        prose.draw(lines, key=state.key("output", artifact.id))
        with st.container(horizontal=True, key=state.key("choices-output", artifact.id)):
            st.button("Open", key=state.key("open-output", artifact.id), on_click=state.open_card, args=("output", artifact.id))
            if st.button("Delete", key=state.key("delete-output", artifact.id), type="tertiary", on_click=delete, args=(artifact,)):
                state.again()


def facts(artifact: Artifact) -> str:
    """Return day, sources, sentences, versions and who worded it in one line."""
    count = sum(1 for section in artifact.sections for _ in section.said)
    parts = [day(artifact.present.made_at), many(len(artifact.source_hashes), "source"), many(count, "quote")]
    if artifact.versions:
        parts.append(many(len(artifact.versions) + 1, "version"))
    if artifact.writer:
        parts.append(f"worded by {artifact.writer}")
    return " · ".join(parts)


def excerpt(artifact: Artifact) -> str:
    """Return how the output begins."""
    first = next((sentence.text for section in artifact.sections for sentence in section.said), "")
    return shortened(first, EXCERPT_CHARS)


@faults.caught
def delete(artifact: Artifact) -> None:
    """Delete an output and offer the way back."""
    state.app().studio.delete(artifact.id)
    state.open_card("output", None)
    state.offer_undo(f"The output “{artifact.title}” is deleted.", lambda: state.app().studio.restore(artifact))
